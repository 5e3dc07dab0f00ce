//! The roots of the mutations, one topic a file.
//!
//! What the rules refuse is data of the payload; an error is broken input, a caller who may not, or a failure.

pub mod deliveries;
pub mod households;
pub mod packages;
pub mod proposals;
pub mod registries;

use async_graphql::MergedObject;

/// What can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    households::HouseholdMutation,
    deliveries::DeliveryMutation,
    packages::PackageMutation,
    proposals::ProposalMutation,
    registries::RegistryMutation,
);
