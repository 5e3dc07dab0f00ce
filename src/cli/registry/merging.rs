//! `registry merge` and `registry contradictions`.

use std::io;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::failed;
use crate::app::registries::{
    FamilyFindings, MergeOrder, MergeOutcome, NotMerged, Places, Registers, merge as merge_lists,
};
use crate::cli::common::{Format, ShowArgs, day, place_problem};
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::deed::Deed;
use crate::cli::show::{Grid, fact_words, identity_name};
use crate::cli::{Exit, Io};
use crate::documents::household::fact_value;
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::{Fact, FactSet};
use crate::domain::region::Region;
use crate::domain::registries::merging::{Contradiction, Finding, Said, Told};
use crate::domain::text::Lang;

/// Arguments of `registry merge`.
#[derive(Debug, clap::Args)]
pub(super) struct MergeArgs {
    /// The place whose rules apply to the households, by id; `REGION=ID` for those of a region; may be given again
    #[arg(long, value_name = "ID|REGION=ID")]
    place: Vec<String>,
    /// The first day on which the households are as merged [default: the day of the newest list]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<NaiveDate>,
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Who merges
    #[arg(long, value_name = "NAME", default_value = "command-line")]
    actor: String,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

/// Arguments of `registry contradictions`.
#[derive(Debug, clap::Args)]
pub(super) struct ContradictionsArgs {
    /// Only those of this town, by code; a county, or anything wider, does as well
    #[arg(long, value_name = "CODE")]
    town: Option<Region>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn merge(args: &MergeArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let places = match Places::parse(args.place.iter().map(String::as_str)) {
        Ok(places) => places,
        Err(error) => {
            writeln!(io.err, "error: `--place`: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    if let Some(problem) = places.ids().find_map(|place| place_problem(place, &policies)) {
        writeln!(io.err, "{problem}")?;
        return Ok(Exit::BadInput);
    }
    let order = MergeOrder { places, from: args.from, dry_run: args.dry_run, by: args.actor.clone() };
    let what = if args.dry_run { "Command.registry.merge.dryRun" } else { "Command.registry.merge" };
    let deed = Deed { what, by: &args.actor, object: None, why: None };
    deed.record(&store, io, |io| {
        let outcome = match merge_lists(&policies, &store, &order, io.clock) {
            Ok(outcome) => outcome,
            Err(error) => {
                writeln!(io.err, "error: {error}")?;
                return Ok(Exit::Failed);
            }
        };
        if args.show.format == Format::Json {
            writeln!(io.out, "{}", outcome_document(&outcome))?;
        } else {
            told(&outcome, args.show.lang(io), io)?;
        }
        Ok(Exit::Done)
    })
}

fn told(outcome: &MergeOutcome, lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let MergeOutcome { families, persons, created, changed, unchanged, ended, contradictions, .. } = outcome;
    let blocked = outcome.not_merged.len();
    match lang {
        Lang::Zh => {
            writeln!(
                io.out,
                "家庭 {families} 户、{persons} 人：新增 {created}，变更 {changed}，不变 {unchanged}，终止 {ended}，未合并 {blocked}；矛盾 {contradictions} 处"
            )?;
        }
        Lang::En => {
            writeln!(
                io.out,
                "{families} families, {persons} people: {created} created, {changed} changed, {unchanged} unchanged, {ended} ended, {blocked} not merged; {contradictions} contradictions"
            )?;
        }
    }
    for (household, reason) in &outcome.not_merged {
        let why = match reason {
            NotMerged::Contradiction => {
                lang.pick("身份矛盾或人数过多", "contradiction, see `registry contradictions`")
            }
            NotMerged::Invalid => lang.pick(
                "与已入库内容不符合户的规则",
                "breaks a rule of households together with what is stored",
            ),
            NotMerged::DeliveredApart => {
                lang.pick("两户均已有发放记录", "two households with deliveries would become one")
            }
        };
        writeln!(io.out, "{} {}: {why}", household.registry.name(lang), household.no)?;
    }
    Ok(())
}

fn outcome_document(outcome: &MergeOutcome) -> Value {
    let blocked = outcome.not_merged.iter().map(|(household, reason)| {
        json!({ "registry": household.registry.code(), "householdNo": household.no, "reason": reason.code() })
    });
    json!({
        "merge": outcome.seq,
        "validFrom": outcome.valid_from.map(|day| day.to_string()),
        "families": outcome.families,
        "persons": outcome.persons,
        "created": outcome.created,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "ended": outcome.ended,
        "contradictions": outcome.contradictions,
        "notMerged": blocked.collect::<Value>(),
    })
}

pub(super) fn contradictions(args: &ContradictionsArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let registers = match Registers::load(&store, None) {
        Ok(registers) => registers,
        Err(error) => return failed(&error, io),
    };
    let catalogue = policies.catalogue();
    let inside = |region: &Region| args.town.as_ref().is_none_or(|town| town.contains(region));
    let mut found = registers.contradictions(catalogue);
    found.retain(|family| family.regions().all(inside));
    if args.show.format == Format::Json {
        for family in &found {
            for finding in &family.findings {
                writeln!(io.out, "{}", document(family, finding))?;
            }
        }
        return Ok(Exit::Done);
    }
    let lang = args.show.lang(io);
    let mut grid = Grid::new(&[
        (18, lang.pick("家庭", "family")),
        (24, lang.pick("矛盾", "what")),
        (42, lang.pick("名单所载", "what the lists say")),
        (7, lang.pick("合并", "merged")),
    ]);
    let mut count = 0;
    for family in &found {
        let households: Vec<&str> = family.households.iter().map(|household| household.no.as_str()).collect();
        for finding in &family.findings {
            count += 1;
            let name = finding.name.as_deref().map(|name| format!("\n{name}")).unwrap_or_default();
            let said: Vec<String> =
                finding.said.iter().map(|said| said_text(said, catalogue, lang)).collect();
            grid.row([
                households.join(" "),
                format!("{}{name}", what(finding.what, catalogue, lang)),
                said.join("\n"),
                if family.blocked() { lang.pick("否", "no") } else { lang.pick("是", "yes") }.to_owned(),
            ]);
        }
    }
    let title = match lang {
        Lang::Zh => format!("矛盾 {count} 处"),
        Lang::En => format!("Contradictions: {count}"),
    };
    grid.print(&title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{title}")?;
    }
    Ok(Exit::Done)
}

fn what(what: Contradiction, catalogue: &Catalogue, lang: Lang) -> String {
    match what {
        Contradiction::Name => lang.pick("姓名不一致", "two names").to_owned(),
        Contradiction::Town => lang.pick("地区不一致", "two towns").to_owned(),
        Contradiction::Fact(fact) => {
            let def = fact.def();
            format!("{}{}", lang.pick(def.zh, def.en), lang.pick("不一致", ": two values"))
        }
        Contradiction::TwoHouseholds => {
            lang.pick("一人在同一名单的两户", "in two households of one list").to_owned()
        }
        Contradiction::Spread => {
            lang.pick("一户在另一名单分为多户", "spread over several households of the other list").to_owned()
        }
        Contradiction::NotForAll(identity) => {
            let name = identity_name(catalogue, identity, lang);
            format!("{name}{}", lang.pick("未载明全部成员", ": not stated for all people of the family"))
        }
        Contradiction::Identities => {
            lang.pick("身份不能并存", "identities that cannot be held together").to_owned()
        }
        Contradiction::TooLarge => lang.pick("人数过多", "too many people").to_owned(),
    }
}

fn said_text(said: &Said, catalogue: &Catalogue, lang: Lang) -> String {
    let value = match &said.value {
        Told::Listed => lang.pick("在册", "listed").to_owned(),
        Told::Name(name) => name.clone(),
        Told::Town => said.region.to_string(),
        Told::Fact(fact, value) => fact_words(*fact, *value, lang).unwrap_or_default(),
        Told::Identity(identity) => identity_name(catalogue, *identity, lang).to_owned(),
    };
    let colon = lang.pick("：", ": ");
    format!("{} {}{colon}{value}", said.household.registry.name(lang), said.household.no)
}

fn stated(fact: Fact, value: i64) -> Value {
    let mut facts = FactSet::default();
    facts.set(fact, value);
    fact_value(&facts, fact).unwrap_or_default()
}

fn document(family: &FamilyFindings, finding: &Finding) -> Value {
    let said = finding.said.iter().map(|said| {
        let value = match &said.value {
            Told::Listed => Value::Null,
            Told::Name(name) => json!(name),
            Told::Town => json!(said.region.as_str()),
            Told::Fact(fact, value) => stated(*fact, *value),
            Told::Identity(identity) => json!(identity.code()),
        };
        json!({
            "registry": said.household.registry.code(),
            "householdNo": said.household.no,
            "town": said.region.as_str(),
            "value": value,
        })
    });
    let fact = match finding.what {
        Contradiction::Fact(fact) => Some(fact.def().id),
        _ => None,
    };
    json!({
        "what": finding.what.code(),
        "fact": fact,
        "household": family.key,
        "merged": !family.blocked(),
        "name": finding.name,
        "said": said.collect::<Value>(),
    })
}
