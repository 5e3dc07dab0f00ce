//! `income`: one household's income by each arithmetic in use.

use std::io;
use std::path::{Path, PathBuf};

use super::common::{Format as Output, PolicyArgs, ScopeArgs, ShowArgs};
use super::households::{bytes_of, lines_of, place_told, text_of};
use super::{Exit, Io, show};
use crate::app::income::{Compared, compare_incomes};
use crate::app::packages::Scope;
use crate::app::policies::Policies;
use crate::documents::household::Format;
use crate::documents::income::{document, parse};
use crate::documents::package::canonical;
use crate::domain::income::Statement;

/// The arguments of `income`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The income statement: `.toml` or `.json`
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    policies: PolicyArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(policies) = args.policies.load(io)? else { return Ok(Exit::Failed) };
    let scope = args.scope.scope(io);
    let mut problems: Vec<String> = args.scope.problem(&policies).into_iter().collect();
    let statement = match read(&args.file, &policies, scope) {
        Ok(statement) if problems.is_empty() => statement,
        Ok(_) => return refuse(&problems, io),
        Err(found) => {
            problems.extend(found);
            return refuse(&problems, io);
        }
    };
    match compare_incomes(&policies, statement, scope) {
        Ok(compared) => print(&compared, args, io),
        Err(error) => {
            writeln!(io.err, "{}: error: {error}", args.file.display())?;
            Ok(Exit::Failed)
        }
    }
}

fn refuse(problems: &[String], io: &mut Io<'_>) -> io::Result<Exit> {
    problems.iter().try_for_each(|problem| writeln!(io.err, "{problem}"))?;
    Ok(Exit::BadInput)
}

fn print(compared: &Compared, args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    if args.show.format == Output::Table {
        show::income(compared, args.show.lang(io), io.out)?;
    } else {
        let Compared { catalogue, place, on, statement, comparison } = compared;
        let document = document(catalogue, place, *on, statement, comparison);
        io.out.write_all(&canonical(&document).map_err(io::Error::other)?)?;
        writeln!(io.out)?;
    }
    Ok(Exit::Done)
}

/// Reads a statement, or tells everything that is wrong with it, one problem a line.
fn read(path: &Path, policies: &Policies, scope: Scope<'_>) -> Result<Statement, Vec<String>> {
    let file = path.display().to_string();
    let one = |message: &str| vec![format!("{file}: {message}")];
    let format = match path.extension().and_then(|ending| ending.to_str()) {
        Some("toml") => Format::Toml,
        Some("json") => Format::Json,
        _ => return Err(one("an income statement stands in a `.toml` or `.json` file")),
    };
    let bytes = bytes_of(path).map_err(|message| one(&message))?;
    let text = text_of(&bytes).map_err(|message| one(&message))?;
    let statement = parse(text, format).map_err(|error| lines_of(&error, &file, None))?;
    match place_told(policies.catalogue(), statement.place.as_deref(), true) {
        Some(problem) if scope.place.is_none() => Err(one(&problem)),
        _ => Ok(statement),
    }
}
