//! `explain`: one measure for one household, condition by condition.

use std::io;
use std::path::PathBuf;

use super::common::{Format, PolicyArgs, ScopeArgs, ShowArgs};
use super::households::{Input, Reader};
use super::{Exit, Io, show};
use crate::app::packages::explain_measure;
use crate::documents::explanation::document;
use crate::documents::package::canonical;
use crate::documents::reader::expected_one_of;

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The measure, by id or code: `D1` or `MEDICAL_ASSISTANCE`
    #[arg(value_name = "MEASURE")]
    measure: String,
    /// The household document: `.toml` or `.json`
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
    let mut reader = Reader::new(policies.catalogue(), scope);
    reader.problems.extend(args.scope.problem(&policies));
    if policies.catalogue().measure(&args.measure).is_none() {
        let ids: Vec<&str> =
            policies.catalogue().measures.iter().map(|measure| measure.id.as_str()).collect();
        let codes = policies.catalogue().measures.iter().map(|measure| measure.code.as_str());
        let known: Vec<&str> = if args.measure.chars().count() > 3 { codes.collect() } else { ids };
        let hint = expected_one_of(&args.measure, known);
        reader.problems.push(format!("error: `MEASURE`: no measure of this id or code ({hint})"));
    }
    reader.path(&args.file);
    if reader.problems.is_empty() && reader.inputs.len() != 1 {
        let count = reader.inputs.len();
        reader.problems.push(format!("{}: one household is explained, not {count}", args.file.display()));
    }
    let (problems, mut inputs) = (reader.problems, reader.inputs);
    let (true, Some(Input { name, household })) = (problems.is_empty(), inputs.pop()) else {
        problems.iter().try_for_each(|problem| writeln!(io.err, "{problem}"))?;
        return Ok(Exit::BadInput);
    };
    match explain_measure(&policies, &household, scope, &args.measure) {
        Ok((rulebook, explanation)) => {
            if args.show.format == Format::Json {
                let document = document(&rulebook, &household, &explanation);
                io.out.write_all(&canonical(&document).map_err(io::Error::other)?)?;
                writeln!(io.out)?;
            } else {
                show::explanation(&rulebook, &household, &explanation, args.show.lang(io), io.out)?;
            }
            Ok(Exit::Done)
        }
        Err(error) => {
            writeln!(io.err, "{name}: error: {error}")?;
            Ok(Exit::Failed)
        }
    }
}
