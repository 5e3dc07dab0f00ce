//! `ledger`: record what is delivered, take it back, see what is owed, and verify the chains.

mod due;
mod needs;
mod record;
mod show;

use std::io;

use super::{Exit, Io};
use crate::domain::catalogue::Catalogue;
use crate::domain::text::Lang;

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
    /// How the needs of a household stand: met by a delivery, covered, open or unmet
    Needs(needs::NeedsArgs),
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
        Command::Needs(args) => needs::needs(args, io),
        Command::Show(args) => show::show(args, io),
        Command::Verify(args) => show::verify(args, io),
    }
}

/// A measure or cascade by its id and name; what the catalogue no longer has by its id.
fn offer_name(catalogue: &Catalogue, offer: &str, lang: Lang) -> String {
    let measure = catalogue.measures.iter().find(|measure| measure.id == offer).map(|measure| &measure.name);
    let cascade =
        || catalogue.cascades.iter().find(|cascade| cascade.id == offer).map(|cascade| &cascade.name);
    measure.or_else(cascade).map_or_else(|| offer.to_owned(), |name| format!("{offer} {}", name.get(lang)))
}
