//! `ledger`: record what is delivered, take it back, see what is owed, and verify the chains.

mod due;
mod record;
mod show;

use std::io;

use super::{Exit, Io};

pub(super) use due::period;

/// The arguments of `ledger`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Record the deliveries of a roll, all of them or none; a line recorded before stays as it is
    Record(record::RecordArgs),
    /// Take a delivery back by a second entry: what it took is free again
    Reverse(record::ReverseArgs),
    /// What is due, delivered, outstanding and overdue; or the outstanding part as a roll to record
    Due(due::DueArgs),
    /// Print the chain of a household: every entry in its order
    Show(show::EntriesArgs),
    /// Follow the chains of one household or of all; a changed, missing or cut-off entry is named
    Verify(show::VerifyArgs),
}

/// Runs `ledger`.
pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Command::Record(args) => record::record(args, io),
        Command::Reverse(args) => record::reverse(args, io),
        Command::Due(args) => due::due(args, io),
        Command::Show(args) => show::show(args, io),
        Command::Verify(args) => show::verify(args, io),
    }
}
