//! The command line: what can be asked, where answers go, and how it ends.
//!
//! Everything is printed through [`Io`], so that a test can read it; only `main` exits. One file a
//! subcommand; `show` turns packages and explanations into tables in zh and en.

mod audit;
mod catalogue;
mod check;
mod common;
mod database;
mod explain;
mod export;
mod export_policies;
mod generate;
mod household;
mod households;
mod import;
mod income;
mod keys;
mod leads;
mod ledger;
mod migrate;
mod package;
mod progress;
mod proposal;
mod registry;
mod resolve;
mod schema;
mod serve;
mod show;
mod token;

use std::fmt::Display;
use std::io::{self, BufRead, Write};

use clap::{Parser, Subcommand};

use crate::app::clock::Clock;
use crate::domain::text::Lang;

const EXIT_CODES: &str = "\
Exit codes, which stay as they are:

- 0: done
- 1: failed; the policies have errors, a package cannot be computed or written, the database cannot be
  used, or it does not know the household
- 2: bad input; every problem of an argument or document stands on standard error as
  `file:line: path: message (hint)`, and nothing is printed for that input";

/// What a household is entitled to under China's social assistance and return-to-poverty monitoring:
/// take the higher, never double, fill what is missing.
#[derive(Debug, Parser)]
#[command(name = "assistance-toolbox", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Cli {
    /// What is asked.
    #[command(subcommand)]
    command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
enum Command {
    /// Print the package of each household: what, for whom, how much, on which clause, and why not more
    Resolve(resolve::Args),
    /// Explain one measure for a household: every standard, identity and condition, with sources
    Explain(explain::Args),
    /// Count one household's income by each arithmetic in use, and hold it against the lines in force;
    /// this advises, an identity is granted by the department
    Income(income::Args),
    /// Check a folder of policies and print everything that is wrong, by file and line
    Check(check::Args),
    /// Write the catalogue that the database keeps as a folder of policies
    ExportPolicies(export_policies::Args),
    /// List the measures, and which identity opens which at a place and date
    Catalogue(catalogue::Args),
    /// Keep households: save, show and list them, and the package of one on any date
    Household(household::Args),
    /// The log of who did what to stored data
    Audit(audit::Args),
    /// Take in the list of a registry, all of it or nothing, and list what was taken in
    Import(import::Args),
    /// The keys that ID numbers are hashed and sealed with
    Keys(keys::Args),
    /// Record what is delivered, take it back, and see what is still owed
    Ledger(ledger::Args),
    /// The two registries together: matching, merging, contradictions, and how the lists overlap
    Registry(registry::Args),
    /// Invent two registries to try everything with: the published counts, and people who do not exist
    Generate(generate::Args),
    /// Propose what is to change of the measures, try it out, and decide on it
    Proposal(proposal::Args),
    /// Write what is stored as tables for offices: packages, what is due, the ledger; CSV or XLSX. Amounts are
    /// numbers, and nothing is a formula: in CSV a text that would be one begins with an apostrophe
    Export(export::Args),
    /// Leads: households whose facts support an identity that they do not hold, or contradict one that they do
    Leads(leads::Args),
    /// Saved packages: list those of a household, and compute one again
    Package(package::Args),
    /// Print the GraphQL schema
    Schema,
    /// Bring the database up to date; every command that uses it does so at its start
    Migrate(migrate::Args),
    /// Serve the GraphQL API; configured by the variables of `.env.example`
    Serve,
    /// Make keys and tokens for development
    Token(token::Args),
}

/// What a command may use of the world outside.
#[expect(missing_debug_implementations, reason = "streams have nothing to show")]
pub struct Io<'a> {
    /// Standard input.
    pub input: &'a mut dyn BufRead,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// The locale of the system, `zh-CN`, if it is known.
    pub locale: Option<String>,
}

impl Io<'_> {
    /// The language of the system, which is that of commands without `--lang`; Chinese where it is not known.
    fn lang(&self) -> Lang {
        common::of_locale(self.locale.as_deref())
    }

    /// Tells what was done, in the language of the system.
    fn tell(&mut self, zh: impl Display, en: impl Display) -> io::Result<()> {
        match self.lang() {
            Lang::Zh => writeln!(self.out, "{zh}"),
            Lang::En => writeln!(self.out, "{en}"),
        }
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// The policies have errors, or something went wrong on the way.
    Failed,
    /// An argument or a document is wrong.
    BadInput,
}

impl Exit {
    /// The exit code; these are stable.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::BadInput => 2,
        }
    }
}

impl Cli {
    /// Does what is asked.
    ///
    /// # Errors
    /// Only if something cannot be written.
    pub fn run(self, io: &mut Io<'_>) -> io::Result<Exit> {
        match self.command {
            Command::Resolve(args) => resolve::run(&args, io),
            Command::Explain(args) => explain::run(&args, io),
            Command::Income(args) => income::run(&args, io),
            Command::Check(args) => check::run(&args, io),
            Command::ExportPolicies(args) => export_policies::run(&args, io),
            Command::Catalogue(args) => catalogue::run(&args, io),
            Command::Household(args) => household::run(&args, io),
            Command::Audit(args) => audit::run(&args, io),
            Command::Import(args) => import::run(&args, io),
            Command::Keys(args) => keys::run(&args, io),
            Command::Ledger(args) => ledger::run(&args, io),
            Command::Registry(args) => registry::run(&args, io),
            Command::Generate(args) => generate::run(&args, io),
            Command::Proposal(args) => proposal::run(&args, io),
            Command::Export(args) => export::run(&args, io),
            Command::Leads(args) => leads::run(&args, io),
            Command::Package(args) => package::run(&args, io),
            Command::Schema => schema::run(io),
            Command::Migrate(args) => migrate::run(&args, io),
            Command::Serve => serve::run(io),
            Command::Token(args) => token::run(&args, io),
        }
    }
}
