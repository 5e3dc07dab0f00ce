//! `check`: everything that is wrong in a folder of policies, and where it differs from the database.

use std::io;
use std::path::PathBuf;

use super::database::DatabaseArgs;
use super::{Exit, Io};
use crate::app::catalogues::{Drift, DriftKind, drift};
use crate::policy_files::{self, Severity};
use crate::store::Which;

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of the policies
    #[arg(value_name = "DIR", default_value = "policies")]
    dir: PathBuf,
    /// Print where the folder differs from the catalogue in use of the database, a file a line
    #[arg(long)]
    against_database: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let (catalogue, diagnostics) = match policy_files::check(&args.dir) {
        Ok((catalogue, warnings)) => (Some(catalogue), warnings),
        Err(diagnostics) => (None, diagnostics),
    };
    for diagnostic in &diagnostics {
        writeln!(io.out, "{diagnostic}")?;
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    let found = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    let Some(catalogue) = catalogue else {
        writeln!(io.out, "{found}")?;
        return Ok(Exit::Failed);
    };
    let measures = counted(catalogue.measures.len(), "measure");
    let places = counted(catalogue.places.len(), "place");
    writeln!(io.out, "{found}: {measures}, {places}, catalogue {}", catalogue.hash)?;
    if args.against_database { against_database(args, io) } else { Ok(Exit::Done) }
}

/// Compares with the database; a difference fails, so that a script can tell.
fn against_database(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let kept = match store.catalogue(Which::Latest).wait() {
        Ok(kept) => kept,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    let Some((version, kept)) = kept else {
        writeln!(
            io.out,
            "the database has no catalogue yet: `serve`, or a command that decides by one, fills it from the folder"
        )?;
        return Ok(Exit::Failed);
    };
    // The folder was checked, so it can be read.
    let folder = policy_files::texts(&args.dir).unwrap_or_default();
    let found = drift(&folder, &kept);
    for one in &found {
        writeln!(io.out, "{}", told(one))?;
    }
    let catalogue = version.catalogue;
    let differ =
        if found.len() == 1 { "1 file differs".to_owned() } else { format!("{} files differ", found.len()) };
    writeln!(io.out, "{differ} from catalogue {} of the database, {catalogue}", version.seq)?;
    Ok(if found.is_empty() { Exit::Done } else { Exit::Failed })
}

fn told(drift: &Drift) -> String {
    let about = drift.about.as_ref().map_or(String::new(), |(id, zh, en)| format!(" ({id} {zh} {en})"));
    let why = match &drift.kind {
        DriftKind::Added => "only the folder has it".to_owned(),
        DriftKind::Missing => "only the database has it".to_owned(),
        DriftKind::Changed(keys) if keys.is_empty() => "the text differs".to_owned(),
        DriftKind::Changed(keys) => keys.join(", "),
        DriftKind::Rewritten => "remarks or layout only".to_owned(),
    };
    format!("{}: {}{about}: {why}", drift.kind.code(), drift.path)
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
