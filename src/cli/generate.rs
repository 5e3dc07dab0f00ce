//! `generate`: two invented registries in the plain layout, with the published counts.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, BufWriter};
use std::path::PathBuf;

use super::{Exit, Io};
use crate::documents::registry;
use crate::domain::registries::invented::{LIKE, Like, Order, families};
use crate::domain::registries::{Registry, RegistryRow};

/// The arguments of `generate`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Published counts to be like: households and people of the low-income and the monitoring list, and how many
    /// stand in both. Only the counts are published; people, names, numbers, towns and facts are invented
    #[arg(long, value_name = "NAME", default_value = LIKE[1].name,
          value_parser = clap::builder::PossibleValuesParser::new(LIKE.iter().map(|like| like.name)))]
    like: String,
    /// So many people in the low-income list, and everything else in the proportions of `--like`
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    persons: Option<u32>,
    /// Another seed makes other people with the same counts
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Of how many people of both lists the monitoring list has no ID number: they are matched by a declared rule, once
    /// somebody has decided so
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    without_numbers: u32,
    /// The folder for `social-assistance.csv` and `monitoring.csv`; files that exist are not overwritten
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(like) = Like::named(&args.like) else { return Ok(Exit::BadInput) };
    let counts = args.persons.map_or(like.counts, |persons| like.counts.scaled(persons));
    let order = Order { counts, on: like.day(), seed: args.seed, without_numbers: args.without_numbers };
    let families = match families(&order) {
        Ok(families) => families,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::BadInput);
        }
    };
    let mut lists: [Vec<RegistryRow>; 2] = [Vec::new(), Vec::new()];
    for family in families {
        let [low_income, monitored] = &mut lists;
        low_income.extend(family.social_assistance);
        monitored.extend(family.monitoring);
    }
    if let Err(error) = DirBuilder::new().recursive(true).create(&args.out) {
        return failed(&args.out, &error, io);
    }
    for (registry, rows) in Registry::ALL.into_iter().zip(&lists) {
        let path = args.out.join(format!("{}.csv", registry.code()));
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let written = file.and_then(|file| registry::write(BufWriter::new(file), rows));
        if let Err(error) = written {
            return failed(&path, &error, io);
        }
        let households: BTreeSet<&str> = rows.iter().map(|row| row.household_no.as_str()).collect();
        let (households, people) = (households.len(), rows.len());
        let path = path.display();
        io.tell(
            format!("{path}：{households} 户 {people} 人，均为虚构"),
            format!("{path}: {households} households, {people} people, invented"),
        )?;
    }
    Ok(Exit::Done)
}

fn failed(path: &std::path::Path, error: &io::Error, io: &mut Io<'_>) -> io::Result<Exit> {
    writeln!(io.err, "error: {}: {error}", path.display())?;
    Ok(Exit::Failed)
}
