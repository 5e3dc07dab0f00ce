//! What changed between two packages of a household.

use async_graphql::{Enum, Object, SimpleObject};

use super::enums::{IdentityCode, NeedState, Period};
use crate::documents::change as told;
use crate::domain::identity::Identity;
use crate::domain::money::Fen;
use crate::domain::package;
use crate::domain::period;
use crate::graphql::input::Lang;
use crate::graphql::scalars::Decimal;
use crate::graphql::weight::list;

/// What changed between two packages of a household.
#[derive(Clone)]
pub struct Change(pub told::Change);

/// What changed between two packages of a household: told by keys, because the packages may be of different days,
/// places and catalogues.
#[Object(name = "PackageChange")]
impl Change {
    /// What only the second package holds, and why the first did not.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn gained(&self) -> Vec<Moved> {
        self.0.gained.iter().cloned().map(Moved).collect()
    }

    /// What only the first package holds, and why the second does not.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn lost(&self) -> Vec<Moved> {
        self.0.lost.iter().cloned().map(Moved).collect()
    }

    /// What both hold, with another amount, identity or standard.
    #[graphql(complexity = "list(20, child_complexity)")]
    async fn changed(&self) -> Vec<Altered> {
        self.0.changed.iter().cloned().map(Altered).collect()
    }

    /// Needs whose state changed.
    #[graphql(complexity = "list(10, child_complexity)")]
    async fn needs(&self) -> Vec<NeedChange> {
        let state = |code: &Option<String>| code.as_deref().and_then(need_state).map(Into::into);
        let need = |moved: &told::NeedMoved| NeedChange {
            need: moved.need.clone(),
            beneficiary: moved.beneficiary.clone(),
            before: state(&moved.before),
            after: state(&moved.after),
        };
        self.0.needs.iter().map(need).collect()
    }

    /// Deliveries that stand, of which more or less is to be reclaimed than before; empty between two days.
    #[graphql(complexity = "list(10, child_complexity)")]
    async fn reclaim(&self) -> Vec<Reclaimable> {
        self.0.reclaim.iter().cloned().map(Reclaimable).collect()
    }

    /// Why a package could not be told exactly: then the lists do not tell everything. Null if all is told.
    async fn unresolved(&self) -> Option<&str> {
        self.0.unresolved.as_deref()
    }
}

/// An entitlement that one of two packages holds.
pub struct Moved(told::Moved);

/// An entitlement that one of two packages holds, and why the other does not.
#[Object(name = "MovedEntitlement")]
impl Moved {
    /// The entitlement.
    async fn entitlement(&self) -> Entitled {
        Entitled(self.0.entitlement.clone())
    }

    /// Why the other package does not hold it.
    async fn reason(&self) -> Reason {
        Reason(self.0.why.clone())
    }
}

/// An entitlement that both packages hold, not alike.
pub struct Altered(told::Altered);

/// An entitlement that both packages hold, not alike.
#[Object(name = "AlteredEntitlement")]
impl Altered {
    /// As it was.
    async fn before(&self) -> Entitled {
        Entitled(self.0.before.clone())
    }

    /// As it is.
    async fn after(&self) -> Entitled {
        Entitled(self.0.after.clone())
    }

    /// Whether the beneficiary no longer holds the identity under which it was taken.
    async fn identity_ended(&self) -> bool {
        self.0.identity_ended
    }
}

/// An entitlement as a change tells it.
pub struct Entitled(told::Entitlement);

/// An entitlement as a change tells it.
#[Object(name = "ToldEntitlement")]
impl Entitled {
    /// The key of the measure or cascade.
    async fn offer(&self) -> &str {
        &self.0.offer
    }

    /// The key of the member; null is the household.
    async fn beneficiary(&self) -> Option<&str> {
        self.0.beneficiary.as_deref()
    }

    /// Under which identity type.
    async fn identity(&self) -> Option<IdentityCode> {
        identity(&self.0.identity)
    }

    /// One line for each measure.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn lines(&self) -> Vec<EntitledLine> {
        self.0.lines.iter().cloned().map(EntitledLine).collect()
    }
}

/// What one measure gives.
pub struct EntitledLine(told::Line);

/// What one measure gives, as a change tells it.
#[Object(name = "ToldLine")]
impl EntitledLine {
    /// The key of the measure.
    async fn measure(&self) -> &str {
        &self.0.measure
    }

    /// The key of the standard.
    async fn standard(&self) -> &str {
        &self.0.standard
    }

    /// What one payment covers.
    async fn period(&self) -> Period {
        match self.0.period.as_str() {
            "month" => period::Period::Month,
            "year" => period::Period::Year,
            _ => period::Period::Once,
        }
        .into()
    }

    /// What kind of amount it is.
    async fn kind(&self) -> ToldAmount {
        match &self.0.amount {
            told::Amount::Priced { .. } => ToldAmount::Priced,
            told::Amount::PricedInPart { .. } => ToldAmount::PricedInPart,
            told::Amount::Open { .. } => ToldAmount::Open,
            told::Amount::ByHeads { .. } => ToldAmount::ByHeads,
            told::Amount::Loan { .. } => ToldAmount::Loan,
            told::Amount::Unpriced => ToldAmount::Unpriced,
        }
    }

    /// The payment of one period in yuan, or the most that is lent; null where none can be told.
    async fn payment(&self) -> Option<Decimal> {
        match &self.0.amount {
            told::Amount::Priced { payment }
            | told::Amount::PricedInPart { payment }
            | told::Amount::Loan { ceiling: payment } => Some(Fen::new(*payment).into()),
            _ => None,
        }
    }
}

/// The kinds of amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ToldAmount {
    /// An exact payment.
    Priced,
    /// An exact payment beside parts without a price.
    PricedInPart,
    /// It depends on facts that are not known.
    Open,
    /// It depends on how many persons count as heads.
    ByHeads,
    /// A loan.
    Loan,
    /// It has no price.
    Unpriced,
}

/// Why a package does not hold something.
pub struct Reason(told::Why);

/// Why a package does not hold something that the other one holds.
#[Object(name = "AbsenceReason")]
impl Reason {
    /// The stable code, such as `no_identity` or `not_taken`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The reason in words.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        told::reason(&self.0.code, lang.into())
    }

    /// The identity type that is not held; null for other reasons.
    async fn identity(&self) -> Option<IdentityCode> {
        self.0.identity.as_deref().and_then(identity)
    }

    /// What is taken instead.
    async fn instead(&self) -> Vec<Instead> {
        let named = |named: &told::Named| Instead {
            offer: named.offer.clone(),
            beneficiary: named.beneficiary.clone(),
        };
        self.0.instead.iter().map(named).collect()
    }

    /// The keys of facts and parameters that are not known and would decide.
    async fn missing(&self) -> Vec<&str> {
        let asked =
            self.0.missing.iter().filter_map(|asked| asked.fact.as_ref().or(asked.parameter.as_ref()));
        asked.map(String::as_str).collect()
    }
}

/// What is taken instead of something.
#[derive(SimpleObject)]
#[graphql(name = "TakenInstead")]
pub struct Instead {
    /// The key of the measure or cascade.
    offer: String,
    /// The key of the member; null is the household.
    beneficiary: Option<String>,
}

/// A need whose state changed.
#[derive(SimpleObject)]
pub struct NeedChange {
    /// The key of the need.
    need: String,
    /// The key of the member who has it; null is the household.
    beneficiary: Option<String>,
    /// Its state before; null if the need was not there.
    before: Option<NeedState>,
    /// Its state after; null if the need is not there.
    after: Option<NeedState>,
}

/// A delivery that stands and that the facts do not support, or support again.
pub struct Reclaimable(told::ToReclaim);

/// A delivery that stands and that the facts do not support, or support again.
#[Object(name = "ReclaimableDelivery")]
impl Reclaimable {
    /// Its number in the household's chain.
    async fn entry(&self) -> i64 {
        self.0.entry
    }

    /// The key of the measure or cascade.
    async fn offer(&self) -> &str {
        &self.0.offer
    }

    /// The key of the member; null is the household.
    async fn beneficiary(&self) -> Option<&str> {
        self.0.beneficiary.as_deref()
    }

    /// What it covers: a month `2024-06`, a year `2024` or a day `2024-06-15`.
    async fn period(&self) -> &str {
        &self.0.period
    }

    /// The key of the department that delivered it.
    async fn department(&self) -> &str {
        &self.0.department
    }

    /// What it paid, in yuan; null if nothing is counted in money.
    async fn paid(&self) -> Option<Decimal> {
        self.0.paid.map(|paid| Fen::new(paid).into())
    }

    /// How much of it is to be reclaimed, in yuan: 0 if all of it is supported again; null if nothing is counted in
    /// money.
    async fn amount(&self) -> Option<Decimal> {
        self.0.amount.map(|amount| Fen::new(amount).into())
    }

    /// The stable code of the reason, such as `not_eligible`, `less_due` or `supported_again`.
    async fn code(&self) -> &str {
        &self.0.why
    }

    /// The reason in words.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'static str {
        told::reason(&self.0.why, lang.into())
    }

    /// Whether the facts deny it; if they only leave it open, what is not known is asked about first.
    async fn certain(&self) -> bool {
        self.0.certain
    }
}

fn identity(code: &str) -> Option<IdentityCode> {
    code.parse::<Identity>().ok().map(Into::into)
}

fn need_state(code: &str) -> Option<package::NeedState> {
    match code {
        "covered" => Some(package::NeedState::Covered),
        "unknown" => Some(package::NeedState::Unknown),
        "open" => Some(package::NeedState::Open),
        "unmet" => Some(package::NeedState::Unmet),
        _ => None,
    }
}
