//! The roots of the queries, one topic a file.

pub mod audit;
pub mod deliveries;
pub mod history;
pub mod households;
pub mod income;
pub mod measures;
pub mod node;
pub mod packages;
pub mod places;
pub mod proposals;
pub mod reach;
pub mod registers;
pub mod registries;

use async_graphql::MergedObject;

/// What can be asked.
#[derive(Default, MergedObject)]
pub struct Query(
    measures::MeasureQuery,
    registers::RegisterQuery,
    places::PlaceQuery,
    reach::ReachQuery,
    packages::PackageQuery,
    households::HouseholdQuery,
    deliveries::DeliveryQuery,
    income::IncomeQuery,
    history::HistoryQuery,
    node::NodeQuery,
    proposals::ProposalQuery,
    audit::AuditLogQuery,
    registries::RegistryQuery,
);
