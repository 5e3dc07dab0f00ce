//! `audit`: the log of who did what to stored data.

mod list;

use std::io;

use super::database::DatabaseArgs;
use super::{Exit, Io};
use crate::app::audit;

/// The arguments of `audit`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Follow the chain of the audit log to its end, and name the first entry that is not what was written
    Verify(VerifyArgs),
    /// List the entries of the audit log, the newest first
    List(list::ListArgs),
}

#[derive(Debug, clap::Args)]
struct VerifyArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let args = match &args.command {
        Command::Verify(args) => args,
        Command::List(args) => return list::run(args, io),
    };
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    match audit::verify(&store) {
        Ok(head) => {
            let (entries, hash) = (head.entries, head.hash);
            io.tell(
                format!("审计记录 {entries} 条，完整，末条哈希 {hash}"),
                format!("{entries} entries, whole, up to {hash}"),
            )?;
            Ok(Exit::Done)
        }
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            Ok(Exit::Failed)
        }
    }
}
