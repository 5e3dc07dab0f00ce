//! `resolve`: the package of each household.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::common::{Format, PolicyArgs, ScopeArgs, ShowArgs};
use super::households::{Input, Reader, stream};
use super::{Exit, Io, show};
use crate::app::packages::{Resolved, Scope, package};
use crate::app::policies::Policies;
use crate::documents::package::{canonical, document};
use crate::domain::text::Lang;

/// The arguments of `resolve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Household documents: `.toml`, `.json`, `.ndjson` (one household a line), folders of `.toml` and
    /// `.json`; or `-` alone for NDJSON on standard input, answered line by line
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    policies: PolicyArgs,
}

/// Prints packages.
struct Printer<'a> {
    policies: &'a Policies,
    scope: Scope<'a>,
    format: Format,
    lang: Lang,
    printed: usize,
    exit: Exit,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(policies) = args.policies.load(io)? else { return Ok(Exit::Failed) };
    let scope = args.scope.scope(io);
    if let Some(problem) = args.scope.problem(&policies) {
        writeln!(io.err, "{problem}")?;
        return Ok(Exit::BadInput);
    }
    let (format, lang) = (args.show.format, args.show.lang(io));
    let mut printer = Printer { policies: &policies, scope, format, lang, printed: 0, exit: Exit::Done };
    let standard_input = |file: &PathBuf| file == Path::new("-");
    if let [only] = args.files.as_slice()
        && standard_input(only)
    {
        return printer.stream(io);
    }
    if args.files.iter().any(standard_input) {
        writeln!(io.err, "error: `-` stands alone: standard input is answered line by line")?;
        return Ok(Exit::BadInput);
    }
    let mut reader = Reader::new(policies.catalogue(), scope);
    args.files.iter().for_each(|file| reader.path(file));
    if !reader.problems.is_empty() {
        for problem in &reader.problems {
            writeln!(io.err, "{problem}")?;
        }
        return Ok(Exit::BadInput);
    }
    for input in reader.inputs {
        printer.print(input, io.out, io.err)?;
    }
    Ok(printer.exit)
}

impl Printer<'_> {
    fn stream(&mut self, io: &mut Io<'_>) -> io::Result<Exit> {
        let mut bad = false;
        let Io { input, out, err, .. } = io;
        stream(self.policies.catalogue(), self.scope, *input, |read| match read {
            Ok(input) => self.print(input, *out, *err),
            Err(problems) => {
                bad = true;
                problems.iter().try_for_each(|problem| writeln!(err, "{problem}"))
            }
        })?;
        Ok(if bad { Exit::BadInput } else { self.exit })
    }

    /// Prints one package; one that cannot be computed does not keep the others back.
    fn print(&mut self, input: Input, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
        let Input { name, household } = input;
        let resolved = match package(self.policies, household, self.scope) {
            Ok(resolved) => resolved,
            Err(error) => {
                self.exit = Exit::Failed;
                return writeln!(err, "{name}: error: {error}");
            }
        };
        if self.format == Format::Table && self.printed > 0 {
            writeln!(out)?;
        }
        print(&resolved, self.format, self.lang, out)?;
        self.printed += 1;
        // Whoever reads a stream waits for each answer.
        out.flush()
    }
}

/// Prints a package.
pub(super) fn print(resolved: &Resolved, format: Format, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if format == Format::Table {
        return show::package(resolved, lang, out);
    }
    let document = document(&resolved.rulebook, &resolved.household, &resolved.package);
    out.write_all(&canonical(&document).map_err(io::Error::other)?)?;
    writeln!(out)
}
