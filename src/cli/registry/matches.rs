//! `registry match`, `registry proposals` and `registry decide`.

use std::io;

use serde_json::json;

use super::failed;
use crate::app::access::Purpose;
use crate::app::registries::{MatchDecided, MatchDecision, ProposalView, Registers, propose_matches};
use crate::cli::common::{Format, ShowArgs};
use crate::cli::database::{DatabaseArgs, Stored, StoredArgs};
use crate::cli::deed::Deed;
use crate::cli::show::Grid;
use crate::cli::{Exit, Io};
use crate::domain::region::Region;
use crate::domain::registries::listing::Listing;
use crate::domain::text::Lang;
use crate::store::StoreError;

/// Arguments of `registry match`.
#[derive(Debug, clap::Args)]
pub(super) struct MatchArgs {
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

/// Arguments of `registry proposals`.
#[derive(Debug, clap::Args)]
pub(super) struct ProposalsArgs {
    /// Those that were decided as well
    #[arg(long)]
    all: bool,
    /// Only those of this town, by code; a county, or anything wider, does as well
    #[arg(long, value_name = "CODE")]
    town: Option<Region>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Arguments of `registry decide`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["accept", "reject"]))]
pub(super) struct DecideArgs {
    /// The number of the proposal
    proposal: i64,
    /// The two are one person
    #[arg(long)]
    accept: bool,
    /// They are not
    #[arg(long)]
    reject: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Purpose,
    /// Who decides
    #[arg(long, value_name = "NAME", default_value = "command-line")]
    actor: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn propose(args: &MatchArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let rules = policies.catalogue().matching.clone();
    let proposed = propose_matches(&store, &rules, io.clock.now());
    let counted = proposed.and_then(|new| Ok((new, Registers::load(&store, None)?)));
    let (new, registers) = match counted {
        Ok(counted) => counted,
        Err(error) => return failed(&error, io),
    };
    let pending = registers.proposal_views().iter().filter(|view| view.is_pending()).count();
    match (args.show.format, args.show.lang(io)) {
        (Format::Json, _) => writeln!(io.out, "{}", json!({ "new": new, "pending": pending }))?,
        (_, Lang::Zh) => writeln!(io.out, "新增待判断匹配 {new} 条，共 {pending} 条待判断")?,
        (_, Lang::En) => writeln!(io.out, "{new} new proposals, {pending} wait for a decision")?,
    }
    Ok(Exit::Done)
}

pub(super) fn proposals(args: &ProposalsArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let registers = match Registers::load(&store, None) {
        Ok(registers) => registers,
        Err(error) => return failed(&error, io),
    };
    let inside = |region: &Region| args.town.as_ref().is_none_or(|town| town.contains(region));
    let wanted = |view: &ProposalView<'_>| (args.all || view.is_pending()) && view.regions().all(inside);
    let views: Vec<ProposalView<'_>> = registers.proposal_views().into_iter().filter(wanted).collect();
    if args.show.format == Format::Json {
        for view in &views {
            writeln!(io.out, "{}", document(view))?;
        }
        return Ok(Exit::Done);
    }
    let lang = args.show.lang(io);
    let mut grid = Grid::new(&[
        (6, lang.pick("编号", "no.")),
        (18, lang.pick("规则", "rule")),
        (24, lang.pick("低收入人口", "low-income list")),
        (24, lang.pick("监测对象", "monitoring list")),
        (13, lang.pick("判断", "decision")),
    ]);
    for view in &views {
        let decision = match &view.proposal.decision {
            None => lang.pick("待判断", "waits").to_owned(),
            Some(decision) => {
                let word = if decision.accepted {
                    lang.pick("同一人", "one person")
                } else {
                    lang.pick("不是同一人", "two people")
                };
                format!("{word}\n{}\n{}", decision.by, decision.reason)
            }
        };
        grid.row([
            view.proposal.seq.to_string(),
            view.proposal.rule.clone(),
            person(view.social_assistance, lang),
            person(view.monitoring, lang),
            decision,
        ]);
    }
    let title = match lang {
        Lang::Zh => format!("匹配 {} 条", views.len()),
        Lang::En => format!("Proposals: {}", views.len()),
    };
    grid.print(&title, io.out)?;
    if grid.is_empty() {
        writeln!(io.out, "{title}")?;
    }
    Ok(Exit::Done)
}

/// What a list says of a person. No number: beside the date of birth a masked one would be nearly whole.
fn person(listing: Option<&Listing>, lang: Lang) -> String {
    let Some(listing) = listing else { return lang.pick("已不在名单", "no longer listed").to_owned() };
    let birth = listing.birth_date.map(|day| day.to_string()).unwrap_or_default();
    let number = if listing.numbered {
        lang.pick("有身份证号", "with a number")
    } else {
        lang.pick("无身份证号", "no number")
    };
    format!("{} {birth}\n{} {}\n{number}", listing.name, listing.household.no, listing.region)
}

fn document(view: &ProposalView<'_>) -> serde_json::Value {
    let person = |listing: Option<&Listing>| {
        listing.map(|listing| {
            json!({
                "householdNo": listing.household.no,
                "town": listing.region.as_str(),
                "name": listing.name,
                "birthDate": listing.birth_date.map(|day| day.to_string()),
                "hasNumber": listing.numbered,
            })
        })
    };
    let proposal = view.proposal;
    let decision = proposal.decision.as_ref().map(|decision| {
        json!({
            "accepted": decision.accepted,
            "by": decision.by,
            "at": decision.at.to_rfc3339(),
            "reason": decision.reason,
        })
    });
    json!({
        "proposal": proposal.seq,
        "rule": proposal.rule,
        "proposedAt": proposal.proposed_at.to_rfc3339(),
        "socialAssistance": person(view.social_assistance),
        "monitoring": person(view.monitoring),
        "decision": decision,
    })
}

pub(super) fn decide(args: &DecideArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let decision = MatchDecision {
        accepted: args.accept,
        by: args.actor.clone(),
        at: io.clock.now(),
        reason: args.reason.as_str().to_owned(),
    };
    let deed = Deed {
        what: "Command.registry.decide",
        by: &args.actor,
        object: Some(format!("proposal/{}", args.proposal)),
        why: Some(args.reason.as_str()),
    };
    deed.record(&store, io, |io| {
        let decided = store.decide_match(args.proposal, decision, None).wait();
        told_decided(args.proposal, decided, io)
    })
}

fn told_decided(
    proposal: i64,
    decided: Result<MatchDecided, StoreError>,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    match decided {
        Ok(MatchDecided::Recorded) => {
            io.tell(format!("第 {proposal} 条匹配：已记录"), format!("proposal {proposal}: recorded"))?;
        }
        Ok(MatchDecided::Repeated) => io.tell(
            format!("第 {proposal} 条匹配：此前已如此判断"),
            format!("proposal {proposal}: decided so before"),
        )?,
        Ok(MatchDecided::AlreadyMatched(other)) => {
            writeln!(io.err, "error: already_matched: proposal {other} makes one of the two somebody else")?;
            return Ok(Exit::Failed);
        }
        Ok(MatchDecided::NotFound | MatchDecided::OutOfScope) => {
            writeln!(io.err, "error: no proposal has the number {proposal}")?;
            return Ok(Exit::Failed);
        }
        Err(error) => return failed(&error, io),
    }
    Ok(Exit::Done)
}
