//! `registry`: the two registries together, from matching over merging to the report.

mod matches;
mod merging;
mod report;

use std::io;

use super::{Exit, Io};
use crate::store::StoreError;

/// The arguments of `registry`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// How the two lists overlap: who stands in one, in the other, in both; shares with their denominators, by town
    Report(report::ReportArgs),
    /// Propose by the declared rules (`matching.toml`) who may be one person where an ID number is missing; nobody is
    /// joined before a person has decided so
    Match(matches::MatchArgs),
    /// List the proposals, with what both lists say; ID numbers are not shown
    Proposals(matches::ProposalsArgs),
    /// Decide about a proposal; a later decision takes the place of an earlier one, which is kept
    Decide(matches::DecideArgs),
    /// Merge both lists into stored households, each known once; what was merged before and is said again is left alone
    Merge(merging::MergeArgs),
    /// List what the lists do not agree on, or cannot both be right about
    Contradictions(merging::ContradictionsArgs),
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Command::Report(args) => report::report(args, io),
        Command::Match(args) => matches::propose(args, io),
        Command::Proposals(args) => matches::proposals(args, io),
        Command::Decide(args) => matches::decide(args, io),
        Command::Merge(args) => merging::merge(args, io),
        Command::Contradictions(args) => merging::contradictions(args, io),
    }
}

fn failed(error: &StoreError, io: &mut Io<'_>) -> io::Result<Exit> {
    writeln!(io.err, "error: {error}")?;
    Ok(Exit::Failed)
}
