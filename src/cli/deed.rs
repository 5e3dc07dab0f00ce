//! What a command does to stored data, in the audit log: the one place from which the command line writes it.

use std::io;

use super::{Exit, Io};
use crate::app::access::Purpose;
use crate::app::audit::{self, Outcome};
use crate::store::Store;

/// Something that a command does. There is no token, so the name is the one that is given, and there are no roles.
pub(super) struct Deed<'a> {
    /// What, as `Command.` and the command: `Command.registry.merge`.
    pub(super) what: &'static str,
    /// Who, by the name that is given.
    pub(super) by: &'a str,
    /// To what: a registry, a key of a household, the number of a proposal. Never anything personal.
    pub(super) object: Option<String>,
    /// Why, if it was said.
    pub(super) why: Option<&'a str>,
}

/// Who exports, and why.
#[derive(Debug, clap::Args)]
pub(super) struct ExportBy {
    /// Who exports, for the audit log
    #[arg(long, value_name = "NAME", default_value = "command line")]
    pub(super) by: String,
    /// What for, for the audit log
    #[arg(long, value_name = "TEXT")]
    pub(super) purpose: Option<Purpose>,
}

impl Deed<'_> {
    /// Does it, and records what came of it; if that cannot be recorded, the command has failed, and says so.
    pub(super) fn record(
        &self,
        store: &Store,
        io: &mut Io<'_>,
        work: impl FnOnce(&mut Io<'_>) -> io::Result<Exit>,
    ) -> io::Result<Exit> {
        let exit = work(io)?;
        let outcome = match exit {
            Exit::Done => Outcome::Done,
            Exit::BadInput => Outcome::Declined("refused"),
            Exit::Failed => Outcome::Declined("failed"),
        };
        Ok(if self.noted(store, io, outcome)? { exit } else { Exit::Failed })
    }

    /// Records that something is about to be shown; if that cannot be recorded, says so: nothing may be shown then.
    pub(super) fn shown(&self, store: &Store, io: &mut Io<'_>) -> io::Result<bool> {
        self.noted(store, io, Outcome::Shown)
    }

    fn noted(&self, store: &Store, io: &mut Io<'_>, outcome: Outcome) -> io::Result<bool> {
        let act = (self.what, self.object.as_deref(), outcome);
        match audit::record_command(store, (self.by, self.why), act, io.clock.now()).wait() {
            Ok(_head) => Ok(true),
            Err(error) => {
                writeln!(io.err, "error: the audit log cannot be written: {error}")?;
                Ok(false)
            }
        }
    }
}
