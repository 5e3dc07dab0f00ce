//! `check`: everything that is wrong in a folder of policies.

use std::io;
use std::path::PathBuf;

use super::{Exit, Io};
use crate::policy_files::{self, Severity};

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of the policies
    #[arg(value_name = "DIR", default_value = "policies")]
    dir: PathBuf,
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
    Ok(Exit::Done)
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
