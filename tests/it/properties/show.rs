//! A case as a few lines, for a failing property.

use std::fmt::{Debug, Formatter, Result};

use super::tape::Tape;
use super::world::World;

impl Debug for Tape {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("Tape")
    }
}

impl Debug for World {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let catalogue = &self.catalogue;
        for measure in &catalogue.measures {
            writeln!(f, "\n{} {:?} category {}", measure.id, measure.unit, measure.category)?;
            for known in &measure.standards {
                let identities: Vec<_> = known
                    .identities
                    .iter()
                    .map(assistance_toolbox::domain::identity::Identity::code)
                    .collect();
                let on = known.identity_on.as_deref().unwrap_or("today");
                let (from, until) = (known.validity.from, known.validity.until);
                writeln!(f, "  {} {identities:?} on {on}, from {from} until {until:?}", known.id)?;
                known.conditions.iter().try_for_each(|rule| writeln!(f, "    if {}", rule.when.source()))?;
                for part in &known.parts {
                    writeln!(f, "    {:?} {:?} {:?}", known.period, known.rounding, part.gives)?;
                }
            }
        }
        for rule in &catalogue.exclusions {
            writeln!(f, "{} {:?} {:?} {:?}", rule.id, rule.mode, rule.scope, rule.members)?;
            writeln!(f, "  from {} until {:?}", rule.validity.from, rule.validity.until)?;
        }
        catalogue.cascades.iter().try_for_each(|cascade| writeln!(f, "cascade {:?}", cascade.links))?;
        for place in &catalogue.places {
            for row in &place.parameters {
                let (from, until) = (row.validity.from, row.validity.until);
                writeln!(f, "{}: {} = {:?} from {from} until {until:?}", place.id, row.name, row.value)?;
            }
            for rule in &place.extensions {
                let to: Vec<_> =
                    rule.to.iter().map(assistance_toolbox::domain::identity::Identity::code).collect();
                let (from, until) = (rule.validity.from, rule.validity.until);
                writeln!(f, "{}: {:?} like {} to {to:?}", place.id, rule.measures, rule.like)?;
                writeln!(f, "  from {from} until {until:?}")?;
            }
        }
        let mut list = |records: &[assistance_toolbox::domain::facts::IdentityRecord]| {
            for record in records {
                write!(f, " {} {}..{:?}", record.identity, record.held.from, record.held.until)?;
            }
            writeln!(f)
        };
        list(&self.identities)?;
        self.members.iter().try_for_each(|member| list(&member.identities))?;
        let keys: Vec<_> = self.members.iter().map(|member| member.key).collect();
        writeln!(f, "members {keys:?}; facts:")?;
        for stated in &self.facts {
            let value = if stated.known { stated.value.to_string() } else { "?".to_owned() };
            write!(f, " {}.{}={value}", stated.who.map_or("h", |who| keys[who]), stated.fact.def().id)?;
        }
        writeln!(f)
    }
}
