//! `leads`: households whose facts support an identity that they do not hold, or contradict one that they do.

use std::io;

use chrono::NaiveDate;
use serde_json::json;

use super::common::{Format, ShowArgs, day, wait};
use super::database::{Stored, StoredArgs};
use super::show::{Grid, identity_name, sources};
use super::{Exit, Io};
use crate::app::leads::{Found, Sight, advice_words, all, kind_words};
use crate::documents::source_text;
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::Fact;
use crate::domain::identity::Identity;
use crate::domain::leads::{LeadKind, LeadRule};
use crate::domain::region::Region;
use crate::domain::text::Lang;

/// The arguments of `leads`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The day [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    /// Only the households of this town, by code; a village, or anything wider, does as well
    #[arg(long, value_name = "CODE")]
    town: Option<Region>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let on = args.on.unwrap_or_else(|| io.clock.today());
    let sight = Sight { on, within: args.town.clone() };
    let found = match wait(all(&policies, &store, sight))? {
        Ok(found) => found,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    if args.show.format == Format::Json {
        for one in &found {
            writeln!(io.out, "{}", document(one))?;
        }
        return Ok(Exit::Done);
    }
    let lang = args.show.lang(io);
    let titles = match lang {
        Lang::Zh => ["户号", "成员", "线索", "身份", "依据", "事实"],
        Lang::En => ["Key", "Member", "Lead", "Identities", "Rule", "Facts"],
    };
    let columns: Vec<(usize, &str)> = [10, 8, 10, 14, 24, 17].into_iter().zip(titles).collect();
    let mut grid = Grid::new(&columns);
    for one in &found {
        grid.row(row(policies.catalogue(), one, lang));
    }
    let title = match lang {
        Lang::Zh => format!("疑点线索 {} 条（{}）", found.len(), advice_words(lang)),
        Lang::En => format!("Leads: {} ({})", found.len(), advice_words(lang)),
    };
    grid.print(&title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{title}")?;
    }
    Ok(Exit::Done)
}

fn row(catalogue: &Catalogue, one: &Found, lang: Lang) -> [String; 6] {
    let lead = &one.lead;
    let names: Vec<&str> =
        lead.identities.iter().map(|identity| identity_name(catalogue, identity, lang)).collect();
    let mut rule = vec![one.rule.get(lang).to_owned()];
    rule.push(sources(&one.sources, lang));
    let label = |fact: &Fact| lang.pick(fact.def().zh, fact.def().en);
    let mut facts: Vec<String> = lead.facts.iter().map(|fact| label(fact).to_owned()).collect();
    let asked = lang.pick("待核实：", "to ask: ");
    facts.extend(lead.missing.iter().map(|fact| format!("{asked}{}", label(fact))));
    [
        one.household.clone(),
        lead.subject.clone().unwrap_or_else(|| lang.pick("全户", "household").to_owned()),
        kind_words(lead.kind, lang).to_owned(),
        names.join("\n"),
        rule.join("\n"),
        facts.join("\n"),
    ]
}

fn document(one: &Found) -> serde_json::Value {
    let lead = &one.lead;
    let (line, per_head) = match lead.rule {
        LeadRule::Line { line, per_head } => (Some(line.year.to_string()), Some(per_head.to_string())),
        LeadRule::Test(_) => (None, None),
    };
    json!({
        "household": one.household,
        "town": one.town,
        "place": one.place,
        "kind": if lead.kind == LeadKind::Supported { "supported" } else { "review" },
        "subject": lead.subject,
        "identities": lead.identities.iter().map(Identity::code).collect::<Vec<_>>(),
        "rule": { "zh": one.rule.zh, "en": one.rule.en },
        "lineYear": line,
        "perHeadYear": per_head,
        "sources": one.sources.iter().map(source_text).collect::<Vec<_>>(),
        "facts": lead.facts.iter().map(|fact| fact.def().id).collect::<Vec<_>>(),
        "missing": lead.missing.iter().map(|fact| fact.def().id).collect::<Vec<_>>(),
        "grantedBy": lead.granted_by,
        "advises": true,
    })
}
