//! Everything that could be read, with where it stands, for the checks that look at several things.

use super::diagnostic::Site;
use super::names::Topic;
use crate::domain::catalogue::{
    Cascade, Catalogue, CatalogueHash, Department, Exclusion, IdentityPair, IdentityType, Need, ParameterDef,
    Place,
};
use crate::domain::income::rules::{Row, RuleSet};
use crate::domain::measure::{Measure, Standard};
use crate::domain::registries::matching::MatchRule;
use crate::domain::source::Document;
use crate::domain::text::Text;

/// Something with where it stands.
#[derive(Clone, Debug)]
pub(super) struct Located<'f, T> {
    pub(super) item: T,
    pub(super) site: Site<'f>,
}

/// A measure with where it and its standards stand.
#[derive(Clone, Debug)]
pub(super) struct ReadMeasure<'f> {
    pub(super) measure: Measure,
    pub(super) site: Site<'f>,
    /// Where each of its standards stands.
    pub(super) standards: Vec<StandardSite<'f>>,
    /// Whether every standard could be read.
    pub(super) complete: bool,
}

/// Where a standard and its parts stand.
#[derive(Clone, Debug)]
pub(super) struct StandardSite<'f> {
    pub(super) site: Site<'f>,
    pub(super) parts: Vec<Site<'f>>,
}

/// A place with where it, its rows and its extensions stand.
#[derive(Clone, Debug)]
pub(super) struct ReadPlace<'f> {
    pub(super) place: Place,
    pub(super) site: Site<'f>,
    /// As many as the place has rows.
    pub(super) rows: Vec<Site<'f>>,
    /// As many as the place has extensions.
    pub(super) extensions: Vec<Site<'f>>,
}

/// A rule set as it is written, with where it, its rows and its lines stand.
#[derive(Clone, Debug)]
pub(super) struct ReadRuleSet<'f> {
    pub(super) set: RuleSet,
    pub(super) site: Site<'f>,
    /// As many as it has rows of its own.
    pub(super) rows: Vec<Site<'f>>,
    /// As many as it has lines of its own.
    pub(super) lines: Vec<Site<'f>>,
    /// Whether every row and line could be read.
    pub(super) complete: bool,
}

impl ReadRuleSet<'_> {
    /// The rule set with what its lender has and it does not say. What the lender has as long as it is in
    /// use is lent as long as this one is.
    fn with(&self, lender: Option<&RuleSet>) -> RuleSet {
        let own = self.set.clone();
        let Some(lender) = lender else { return own };
        let always = |row: &&Row| row.validity == own.validity;
        let replaced = |item| own.rows.iter().filter(always).any(|row| row.items.contains(&item));
        let lent = lender.rows.iter().map(|row| Row {
            items: row.items.iter().copied().filter(|item| !replaced(*item)).collect(),
            validity: if row.validity == lender.validity { own.validity } else { row.validity },
            ..row.clone()
        });
        let lent = lent.filter(|row| !row.items.is_empty());
        RuleSet {
            rows: lent.chain(own.rows.iter().cloned()).collect(),
            lines: if own.lines.is_empty() { lender.lines.clone() } else { own.lines },
            period: own.period.or_else(|| lender.period.clone()),
            heads: own.heads.or_else(|| lender.heads.clone()),
            floor: own.floor.or_else(|| lender.floor.clone()),
            ..own
        }
    }
}

/// A folder as far as it could be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft<'f> {
    pub(super) identities: Vec<Located<'f, IdentityType>>,
    pub(super) pairs: Vec<Located<'f, IdentityPair>>,
    pub(super) departments: Vec<Located<'f, Department>>,
    pub(super) documents: Vec<Located<'f, Document>>,
    pub(super) parameters: Vec<Located<'f, ParameterDef>>,
    pub(super) needs: Vec<Located<'f, Need>>,
    pub(super) exclusions: Vec<Located<'f, Exclusion>>,
    pub(super) cascades: Vec<Located<'f, Cascade>>,
    pub(super) matching: Vec<Located<'f, MatchRule>>,
    /// English and Chinese of what sources say.
    pub(super) wordings: Vec<Located<'f, Text>>,
    pub(super) measures: Vec<ReadMeasure<'f>>,
    pub(super) places: Vec<ReadPlace<'f>>,
    pub(super) income: Vec<ReadRuleSet<'f>>,
    /// What could not be read in full.
    pub(super) troubled: Vec<Topic<'f>>,
}

impl<'f> Draft<'f> {
    /// Whether this file could be read in full, so that what is missing in it is missing.
    pub(super) fn is_whole(&self, file: &'static str) -> bool {
        !self.troubled.contains(&Topic::Small(file))
    }

    /// Whether all places could be read in full, so that an amount that is not set is not set.
    pub(super) fn places_are_whole(&self) -> bool {
        !self.troubled.iter().any(|topic| matches!(topic, Topic::Place(_)))
    }

    /// Brings everything into its order; each place stands after the one it extends.
    pub(super) fn sort(&mut self) {
        self.identities.sort_by_key(|read| read.item.identity);
        self.pairs.sort_by_key(|read| (read.item.a, read.item.b));
        self.departments.sort_by(|one, other| one.item.id.cmp(&other.item.id));
        self.documents.sort_by(|one, other| one.item.id.cmp(&other.item.id));
        self.parameters.sort_by(|one, other| one.item.name.cmp(&other.item.name));
        self.exclusions.sort_by(|one, other| one.item.id.cmp(&other.item.id));
        self.cascades.sort_by(|one, other| one.item.id.cmp(&other.item.id));
        self.measures.sort_by_key(|read| matrix_order(&read.measure.id));
        self.income.sort_by(|one, other| {
            let order = |set: &RuleSet| (set.role, set.track);
            order(&one.set).cmp(&order(&other.set)).then_with(|| one.set.id.cmp(&other.set.id))
        });
        self.places.sort_by(|one, other| one.place.id.cmp(&other.place.id));
        let mut waiting = std::mem::take(&mut self.places);
        while !waiting.is_empty() {
            let known = |id: &str| self.places.iter().any(|read| read.place.id == id);
            let next = waiting.iter().position(|read| read.place.extends.as_deref().is_none_or(known));
            // Without a next one the rest extends itself or nothing; the checks report that.
            self.places.push(waiting.remove(next.unwrap_or(0)));
        }
    }

    /// The catalogue, its hash still open.
    pub(super) fn catalogue(&self) -> Catalogue {
        Catalogue {
            hash: CatalogueHash([0; 32]),
            identities: items(&self.identities),
            pairs: items(&self.pairs),
            departments: items(&self.departments),
            measures: self.measures.iter().map(|read| read.measure.clone()).collect(),
            exclusions: items(&self.exclusions),
            cascades: items(&self.cascades),
            matching: items(&self.matching),
            needs: items(&self.needs),
            parameters: items(&self.parameters),
            places: self.places.iter().map(|read| read.place.clone()).collect(),
            income: self.income.iter().map(|read| read.with(self.lender(&read.set))).collect(),
            documents: items(&self.documents),
        }
    }

    /// The rule set that lends another one what it does not say.
    fn lender(&self, set: &RuleSet) -> Option<&RuleSet> {
        let lender = set.same_as.as_deref()?;
        self.income.iter().map(|read| &read.set).find(|known| known.id == lender)
    }

    /// Every standard with its measure and where it stands.
    pub(super) fn standards(&self) -> impl Iterator<Item = (&ReadMeasure<'f>, &Standard, &StandardSite<'f>)> {
        self.measures.iter().flat_map(|read| {
            let standards = read.measure.standards.iter().zip(&read.standards);
            standards.map(move |(standard, site)| (read, standard, site))
        })
    }

    /// The standards that a member of an exclusion stands for: one by its id, or all of a measure.
    pub(super) fn members<'d>(
        &'d self,
        id: &'d str,
    ) -> impl Iterator<Item = (&'d Standard, &'d StandardSite<'f>)> {
        let named =
            move |read: &ReadMeasure<'_>, standard: &Standard| read.measure.id == id || standard.id == id;
        let all = self.standards();
        all.filter(move |(read, standard, _)| named(read, standard))
            .map(|(_, standard, site)| (standard, site))
    }

    /// The measure of this id.
    pub(super) fn measure(&self, id: &str) -> Option<&ReadMeasure<'f>> {
        self.measures.iter().find(|read| read.measure.id == id)
    }

    /// The measure that this is the id of, or the one that has a standard of this id.
    pub(super) fn measure_of_member(&self, id: &str) -> Option<&ReadMeasure<'f>> {
        let holds = |read: &&ReadMeasure<'_>| read.measure.standards.iter().any(|standard| standard.id == id);
        self.measure(id).or_else(|| self.measures.iter().find(holds))
    }
}

/// `D10` as its letter's place in D, M, C, S and its number.
pub(super) fn matrix_order(id: &str) -> Option<(usize, u32)> {
    let letter = id.chars().next()?;
    let number = id.strip_prefix(letter)?;
    let well_formed =
        number.len() <= 4 && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    Some(("DMCS".find(letter)?, number.parse().ok().filter(|_| well_formed)?))
}

fn items<T: Clone>(located: &[Located<'_, T>]) -> Vec<T> {
    located.iter().map(|read| read.item.clone()).collect()
}
