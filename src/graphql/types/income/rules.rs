//! What the rule sets say.

use async_graphql::{Object, SimpleObject};

use super::IncomeItemInfo;
use super::codes::{IncomeCircumstance, IncomeRole, IncomeTrack};
use crate::domain::income::items::{WORKPLACE, Workplace};
use crate::domain::income::rules::{self, Requirement};
use crate::domain::measure::Term;
use crate::domain::vocabulary::{Choice, MODE, STAGE};
use crate::graphql::context::Scope;
use crate::graphql::input::Lang;
use crate::graphql::scalars::{Decimal, Fraction};
use crate::graphql::types::enums::{IdentityCode, Period};
use crate::graphql::types::fact::Fact;
use crate::graphql::types::measure::Measure;
use crate::graphql::types::place::{Parameter, Place};
use crate::graphql::types::provenance::{Note, Source, Validity, sources};
use crate::graphql::types::registers::Department;
use crate::graphql::weight::list;

/// An income arithmetic.
#[derive(Clone, Copy)]
pub struct IncomeRuleSet<'c>(pub Scope<'c>, pub &'c rules::RuleSet);

impl<'c> IncomeRuleSet<'c> {
    fn note(&self, note: Option<&'c crate::domain::measure::Note>) -> Option<Note<'c>> {
        note.map(|note| Note(self.0, note))
    }
}

/// An income arithmetic: how receipts and costs are treated, and the lines it is held against. It
/// advises; identities are granted by departments.
#[Object]
impl<'c> IncomeRuleSet<'c> {
    /// Its key, `social_assistance`.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// A short name, for the head of a column.
    async fn short_name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.short.get(lang.into())
    }

    /// What it is for.
    async fn role(&self) -> IncomeRole {
        self.1.role.into()
    }

    /// The policy that uses it.
    async fn track(&self) -> IncomeTrack {
        self.1.track.into()
    }

    /// The rule set that holds wherever this one says nothing; its rows and lines stand here as well.
    async fn same_as(&self) -> Option<IncomeRuleSet<'c>> {
        let lender = self.1.same_as.as_ref()?;
        self.0.catalogue.income.iter().find(|set| set.id == *lender).map(|set| IncomeRuleSet(self.0, set))
    }

    /// The places where it is in use, with those that extend them; everywhere if empty.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn places(&self) -> Vec<Place<'c>> {
        let places = self.1.places.iter().filter_map(|id| self.0.catalogue.place(id));
        places.map(|place| Place(self.0, place)).collect()
    }

    /// When it is in use.
    async fn validity(&self) -> Validity {
        self.1.validity.into()
    }

    /// The time over which receipts and costs are taken.
    async fn period(&self) -> Option<Note<'c>> {
        self.note(self.1.period.as_ref())
    }

    /// Who the heads are.
    async fn heads(&self) -> Option<Note<'c>> {
        self.note(self.1.heads.as_ref())
    }

    /// That a total below zero counts as zero; null if it may be below zero.
    async fn floor(&self) -> Option<Note<'c>> {
        self.note(self.1.floor.as_ref())
    }

    /// How each item is treated.
    #[graphql(complexity = "list(30, child_complexity)")]
    async fn rules(&self) -> Vec<IncomeRule<'c>> {
        self.1.rows.iter().map(|row| IncomeRule(self.0, row)).collect()
    }

    /// The lines that it is held against.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn lines(&self) -> Vec<IncomeLine<'c>> {
        self.1.lines.iter().map(|line| IncomeLine(self.0, line)).collect()
    }

    /// What is looked at beside income.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn indicators(&self) -> Vec<IncomeIndicator<'c>> {
        self.1.indicators.iter().map(|one| IncomeIndicator(self.0, one)).collect()
    }

    /// What a reader should know.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn notes(&self) -> Vec<Note<'c>> {
        self.1.notes.iter().map(|note| Note(self.0, note)).collect()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// How some items are treated.
pub struct IncomeRule<'c>(pub Scope<'c>, pub &'c rules::Row);

/// How some items are treated.
#[Object]
impl<'c> IncomeRule<'c> {
    /// The items.
    #[graphql(complexity = "list(4, child_complexity)")]
    async fn items(&self) -> Vec<IncomeItemInfo> {
        self.1.items.iter().copied().map(IncomeItemInfo).collect()
    }

    /// Receipts: whether they count. Costs: whether they are taken off.
    async fn counts(&self) -> bool {
        self.1.counts
    }

    /// What must be met for that; otherwise they do not.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn only_if(&self) -> Vec<IncomeRequirement> {
        self.1.only_if.iter().map(requirement).collect()
    }

    /// The rule in words.
    async fn text(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.text.get(lang.into())
    }

    /// When it holds. A rule with dates of its own stands over one that holds as long as the rule set.
    async fn validity(&self) -> Validity {
        self.1.validity.into()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// What a rule asks of an entry.
pub struct IncomeRequirement {
    circumstance: IncomeCircumstance,
    values: Vec<&'static Choice>,
}

/// What a rule asks of an entry.
#[Object]
impl IncomeRequirement {
    /// What is asked.
    async fn circumstance(&self) -> IncomeCircumstance {
        self.circumstance
    }

    /// The codes of which one must be met; empty where evidence is asked for.
    #[graphql(complexity = "list(7, child_complexity)")]
    async fn values(&self) -> Vec<&'static str> {
        self.values.iter().map(|value| value.code).collect()
    }

    /// The labels of the values.
    #[graphql(complexity = "list(7, child_complexity)")]
    async fn labels(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> Vec<&'static str> {
        let lang = crate::domain::text::Lang::from(lang);
        self.values.iter().map(|value| lang.pick(value.zh, value.en)).collect()
    }
}

fn requirement(requirement: &Requirement) -> IncomeRequirement {
    let values = match requirement {
        Requirement::Workplace(place) => {
            let at = Workplace::ALL.iter().position(|known| known == place);
            at.and_then(|at| WORKPLACE.values.get(at)).into_iter().collect()
        }
        Requirement::Stages(stages) => stages.iter().filter_map(|at| STAGE.values.get(*at)).collect(),
        Requirement::Mode(mode) => MODE.values.get(*mode).into_iter().collect(),
        Requirement::Evidence => Vec::new(),
    };
    IncomeRequirement { circumstance: requirement.circumstance().into(), values }
}

/// A line that income per head is held against.
#[derive(Clone, Copy)]
pub struct IncomeLine<'c>(pub Scope<'c>, pub &'c rules::Line);

/// A line that income per head is held against.
#[Object]
impl<'c> IncomeLine<'c> {
    /// Its key, `dibao`.
    async fn key(&self) -> &'c str {
        &self.1.id
    }

    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// The amount in yuan, where it is stated.
    async fn amount(&self) -> Option<Decimal> {
        match &self.1.amount {
            Term::Fixed(amount) => Some((*amount).into()),
            Term::Parameter(_) => None,
        }
    }

    /// The parameter that sets the amount in a place; null where it is stated.
    async fn parameter(&self) -> Option<Parameter<'c>> {
        match &self.1.amount {
            Term::Fixed(_) => None,
            Term::Parameter(name) => Parameter::find(self.0, name),
        }
    }

    /// What the amount covers.
    async fn period(&self) -> Period {
        self.1.per.into()
    }

    /// How many times the amount makes the line.
    async fn times(&self) -> Fraction {
        Fraction(self.1.times)
    }

    /// The key of another line: who is below that one is not supported by this one.
    async fn unless_below(&self) -> Option<&'c str> {
        self.1.unless_below.as_deref()
    }

    /// What income below the line supports.
    #[graphql(complexity = "list(2, child_complexity)")]
    async fn supports(&self) -> Vec<IncomeSupport<'c>> {
        self.1.supports.iter().filter_map(|one| support(self.0, one)).collect()
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}

/// Identity types that income below a line supports. The department grants one, the toolbox does not.
#[derive(SimpleObject)]
pub struct IncomeSupport<'c> {
    /// The identity types; of several the department finds which one fits.
    identities: Vec<IdentityCode>,
    /// The department that grants them.
    granted_by: Department<'c>,
    /// The measure whose top-up the identity opens.
    top_up: Option<Measure<'c>>,
}

/// A support with what it names; a checked catalogue has every name.
pub(super) fn support<'c>(scope: Scope<'c>, support: &rules::Support) -> Option<IncomeSupport<'c>> {
    let departments = &scope.catalogue.departments;
    let granted_by = departments.iter().find(|known| known.id == support.granted_by)?;
    let top_up = support.top_up.as_deref().and_then(|id| scope.catalogue.measure(id));
    Some(IncomeSupport {
        identities: support.identities.iter().map(Into::into).collect(),
        granted_by: Department(scope, granted_by),
        top_up: top_up.map(|measure| Measure(scope, measure)),
    })
}

/// Something that is looked at beside income.
pub struct IncomeIndicator<'c>(Scope<'c>, &'c rules::Indicator);

/// Something that is looked at beside income.
#[Object]
impl<'c> IncomeIndicator<'c> {
    /// Its name.
    async fn name(&self, #[graphql(default, desc = "The language.")] lang: Lang) -> &'c str {
        self.1.name.get(lang.into())
    }

    /// The fact of a household that tells it.
    async fn fact(&self) -> Fact {
        Fact(self.1.fact)
    }

    /// Where it is known from.
    #[graphql(complexity = "list(3, child_complexity)")]
    async fn sources(&self) -> Vec<Source<'c>> {
        sources(self.0, &self.1.sources)
    }
}
