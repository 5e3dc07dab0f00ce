//! The table of rules. `docs/access.md` is written from it; a test holds it against the schema.

use super::Role;

/// Who may do one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What: `Query.`, `Mutation.` or `Subscription.` and a root field, or `Node.` and a type that has an id.
    pub what: &'static str,
    /// Who.
    pub access: Access,
}

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a token too. Nothing stored about people is touched.
    Anybody,
    /// Each of these roles, for these rows. It is about stored data.
    Roles(&'static [(Role, Rows)]),
}

/// For which stored rows. The claims `region` and `department` narrow them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Those of the caller's region, which the token must name.
    OwnRegion,
    /// Those of the caller's department, which the token must name.
    OwnDepartment,
    /// All, or those of the region that the token names.
    All,
}

/// Households as they are stored: case work, coordination and audit.
const HOUSEHOLDS: Access = Access::Roles(&[
    (Role::Caseworker, Rows::OwnRegion),
    (Role::Coordinator, Rows::All),
    (Role::Auditor, Rows::All),
]);

/// What is stated about households: case work and coordination.
const CASE_WORK: Access =
    Access::Roles(&[(Role::Caseworker, Rows::OwnRegion), (Role::Coordinator, Rows::All)]);

/// Deliveries, and what is due: case work, the delivering department, coordination and audit.
const DELIVERIES: Access = Access::Roles(&[
    (Role::Caseworker, Rows::OwnRegion),
    (Role::Officer, Rows::OwnDepartment),
    (Role::Coordinator, Rows::All),
    (Role::Auditor, Rows::All),
]);

/// Proposals as they stand: those of the department, coordination and audit.
const PROPOSALS: Access = Access::Roles(&[
    (Role::Officer, Rows::OwnDepartment),
    (Role::Coordinator, Rows::All),
    (Role::Auditor, Rows::All),
]);

/// To deliver, and to take back: as [`DELIVERIES`], but an audit changes nothing.
const DELIVERING: Access = Access::Roles(&[
    (Role::Caseworker, Rows::OwnRegion),
    (Role::Officer, Rows::OwnDepartment),
    (Role::Coordinator, Rows::All),
]);

/// Whether what was recorded still is what it was.
const VERIFYING: Access = Access::Roles(&[(Role::Coordinator, Rows::All), (Role::Auditor, Rows::All)]);

/// Making and trying out proposals: departments for their own measures, and coordination.
const PROPOSE: Access =
    Access::Roles(&[(Role::Officer, Rows::OwnDepartment), (Role::Coordinator, Rows::All)]);

/// Deciding on what others propose.
const DECIDE: Access = Access::Roles(&[(Role::Coordinator, Rows::All)]);

/// The audit log.
const AUDIT: Access = Access::Roles(&[(Role::Auditor, Rows::All)]);

/// Who is told the schema when it is told by role. It holds no data; a public portal has no need of it.
pub const INTROSPECTION: &[Role] = &[Role::Officer, Role::Coordinator, Role::Auditor, Role::Operator];

const fn open(what: &'static str) -> Rule {
    Rule { what, access: Access::Anybody }
}

/// Every root field, and every type that `node` answers with.
pub const RULES: &[Rule] = &[
    Rule { what: "Query.auditLog", access: AUDIT },
    open("Query.cascades"),
    open("Query.catalogueSummary"),
    Rule { what: "Query.checkProposal", access: PROPOSE },
    open("Query.compareIncomes"),
    Rule { what: "Query.deliveries", access: DELIVERIES },
    open("Query.departments"),
    open("Query.documents"),
    Rule { what: "Query.dryRun", access: PROPOSALS },
    Rule { what: "Query.dues", access: DELIVERIES },
    open("Query.eligibilityMatrix"),
    open("Query.exclusions"),
    open("Query.explainMeasure"),
    Rule { what: "Query.household", access: HOUSEHOLDS },
    Rule { what: "Query.householdNeeds", access: HOUSEHOLDS },
    Rule { what: "Query.householdPackage", access: HOUSEHOLDS },
    Rule { what: "Query.households", access: HOUSEHOLDS },
    open("Query.identityPairs"),
    open("Query.identityTypes"),
    open("Query.incomeRuleSets"),
    Rule { what: "Query.loopSummary", access: DELIVERIES },
    open("Query.measure"),
    open("Query.measures"),
    open("Query.needs"),
    open("Query.node"),
    open("Query.parameters"),
    open("Query.place"),
    open("Query.places"),
    Rule { what: "Query.proposal", access: PROPOSALS },
    Rule { what: "Query.proposals", access: PROPOSALS },
    open("Query.reach"),
    Rule { what: "Query.matchProposals", access: HOUSEHOLDS },
    Rule { what: "Query.registryContradictions", access: HOUSEHOLDS },
    Rule { what: "Query.registryReport", access: HOUSEHOLDS },
    open("Query.resolvePackage"),
    open("Query.trackGap"),
    Rule { what: "Query.verifyLedger", access: VERIFYING },
    open("Query.vocabulary"),
    Rule { what: "Query.householdChain", access: HOUSEHOLDS },
    Rule { what: "Query.householdEvents", access: HOUSEHOLDS },
    Rule { what: "Query.leads", access: HOUSEHOLDS },
    Rule { what: "Query.packageChanges", access: HOUSEHOLDS },
    Rule { what: "Query.savedPackages", access: HOUSEHOLDS },
    Rule { what: "Mutation.approveProposal", access: DECIDE },
    Rule { what: "Mutation.cancelDryRun", access: PROPOSE },
    Rule { what: "Mutation.decideMatch", access: CASE_WORK },
    Rule { what: "Mutation.proposeMeasure", access: PROPOSE },
    Rule { what: "Mutation.rejectProposal", access: DECIDE },
    Rule { what: "Mutation.recordDeliveries", access: DELIVERING },
    Rule { what: "Mutation.recordDelivery", access: DELIVERING },
    Rule { what: "Mutation.revealIdNumber", access: CASE_WORK },
    Rule { what: "Mutation.reverseDelivery", access: DELIVERING },
    Rule { what: "Mutation.saveHousehold", access: CASE_WORK },
    Rule { what: "Mutation.savePackage", access: CASE_WORK },
    Rule { what: "Mutation.startDryRun", access: PROPOSE },
    Rule { what: "Mutation.withdrawProposal", access: PROPOSE },
    Rule { what: "Subscription.dryRunProgress", access: PROPOSALS },
    Rule { what: "Subscription.householdEvents", access: HOUSEHOLDS },
    open("Node.Cascade"),
    Rule { what: "Node.Delivery", access: DELIVERIES },
    open("Node.Department"),
    open("Node.Document"),
    open("Node.Exclusion"),
    Rule { what: "Node.Household", access: HOUSEHOLDS },
    open("Node.Identity"),
    open("Node.Measure"),
    open("Node.Need"),
    open("Node.Place"),
];
