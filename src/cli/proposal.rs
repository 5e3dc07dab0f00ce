//! `proposal`: a department proposes, tries out, and withdraws; the coordinating department decides.
//!
//! Locally nobody proves who they are: `--by` and `--department` say it, and the same table of rules, the same
//! checks and the same audit log apply as over the API.

mod report;

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::common::{ShowArgs, day, wait};
use super::database::{Stored, StoredArgs};
use super::households::Reader;
use super::{Exit, Io};
use crate::app::access::{Actor, Caller, Claims, Pass, RULES, Role, pass};
use crate::app::catalogues::CatalogueError;
use crate::app::clock::Stopped;
use crate::app::dry_run::{Among, Progress, over, over_store};
use crate::app::packages::Scope;
use crate::app::proposals::{
    Deciding, Desk, Form, NewExtension, Proposal, ProposalState, Proposing, Refused, Submission, Trying,
    Verdict, Wish, converted,
};
use crate::policy_files::Diagnostic;
use crate::store::Store;

/// The arguments of `proposal`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Check a new text of a policy file as a proposal would be; nothing is recorded
    Check(FileArgs),
    /// Propose a new text of a policy file; with errors nothing is recorded
    Make(FileArgs),
    /// Propose that a measure ends
    Retire(RetireArgs),
    /// Propose that a place opens measures to further identities
    Extend(ExtendArgs),
    /// List the proposals, the last first
    List(ListArgs),
    /// Show a proposal: its steps, what the checks say now, its text
    Show(OneArgs),
    /// Try a proposal out: who gains, who loses, what is superseded, what it costs
    DryRun(DryRunArgs),
    /// Take a proposal into the catalogue
    Approve(DecideArgs),
    /// Refuse a proposal
    Reject(DecideArgs),
    /// Take a proposal back
    Withdraw(DecideArgs),
    /// Turn a policy file from TOML into JSON, or back
    Convert(ConvertArgs),
}

/// Who does it.
#[derive(Debug, clap::Args)]
struct ByArgs {
    /// Who does it: an account, not a person's ID number
    #[arg(long, value_name = "ACCOUNT")]
    by: String,
    /// Their department, by its id; without it they are of the coordinating department
    #[arg(long, value_name = "ID")]
    department: Option<String>,
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    /// The file with the new text, `.toml` or `.json`
    file: PathBuf,
    /// Which file of the policies it is [default: that of the measure whose id stands in it]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// What holds for past days is meant to change too
    #[arg(long)]
    correction: bool,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct RetireArgs {
    /// The measure, by id
    measure: String,
    /// The first day on which it is no more
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: NaiveDate,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct ExtendArgs {
    /// The place, by id
    jurisdiction: String,
    /// The id of the extension
    #[arg(long)]
    id: String,
    /// In Chinese
    #[arg(long)]
    zh: String,
    /// In English
    #[arg(long)]
    en: String,
    /// Its first day
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: NaiveDate,
    /// The measures, by id, apart by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',', required = true)]
    measures: Vec<String>,
    /// The standards that this identity opens are opened ...
    #[arg(long, value_name = "IDENTITY")]
    like: String,
    /// ... to these identities as well, apart by commas
    #[arg(long, value_name = "IDENTITIES", value_delimiter = ',', required = true)]
    to: Vec<String>,
    /// Where it is known from, as policy files write it
    #[arg(long)]
    source: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only those that wait for a decision
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct OneArgs {
    /// The number of the proposal
    number: i64,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct DryRunArgs {
    /// The number of the proposal
    number: i64,
    /// The day whose rules and facts count [default: the first on which the proposal is felt]
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    /// Over the households of a file or folder instead of the stored ones
    #[arg(long, value_name = "PATH")]
    households: Option<PathBuf>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct DecideArgs {
    /// The number of the proposal
    number: i64,
    /// Why; a rejection needs it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    by: ByArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

#[derive(Debug, clap::Args)]
struct ConvertArgs {
    /// The file, `.toml` or `.json`
    file: PathBuf,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let done = match &args.command {
        Command::Check(args) => file(args, "Query.checkProposal", io),
        Command::Make(args) => file(args, "Mutation.proposeMeasure", io),
        Command::Retire(args) => retire(args, io),
        Command::Extend(args) => extend(args, io),
        Command::List(args) => list(args, io),
        Command::Show(args) => show(args, io),
        Command::DryRun(args) => dry_run(args, io),
        Command::Approve(args) => decide(args, Verdict::Approve, "Mutation.approveProposal", io),
        Command::Reject(args) => decide(args, Verdict::Reject, "Mutation.rejectProposal", io),
        Command::Withdraw(args) => decide(args, Verdict::Withdraw, "Mutation.withdrawProposal", io),
        Command::Convert(args) => convert(args, io),
    };
    match done {
        Ok(exit) | Err(Failure::Said(exit)) => Ok(exit),
        Err(Failure::Io(error)) => Err(error),
        Err(Failure::Told(exit, message)) => {
            writeln!(io.err, "error: {message}")?;
            Ok(exit)
        }
    }
}

/// Why a command ends early.
enum Failure {
    /// It said why.
    Said(Exit),
    /// This is why.
    Told(Exit, String),
    /// Something cannot be written.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<CatalogueError> for Failure {
    fn from(error: CatalogueError) -> Self {
        Self::Told(Exit::Failed, error.to_string())
    }
}

/// The desk of a database whose catalogue is there.
struct Opened {
    store: Arc<Store>,
    desk: Desk,
}

fn opened(args: &StoredArgs, io: &mut Io<'_>) -> Result<Opened, Failure> {
    let Stored { store, .. } = args.open(io)?.map_err(Failure::Said)?;
    let desk = Desk::new(Arc::clone(&store), Arc::new(Stopped(io.clock.now())));
    Ok(Opened { store, desk })
}

/// Leave to do something, by the table of rules.
fn leave(what: &str, by: &ByArgs) -> Result<Pass, Failure> {
    let refuse = |error: String| Failure::Told(Exit::BadInput, error);
    let role = if by.department.is_some() { Role::Officer } else { Role::Coordinator };
    let roles = [role.code().to_owned()];
    let claims =
        Claims { subject: &by.by, roles: &roles, department: by.department.as_deref(), region: None };
    let actor = Actor::new(&claims).map_err(|error| refuse(error.to_string()))?;
    let caller = Caller { actor: Some(actor), purpose: None };
    pass(RULES, what, &caller).map_err(|error| refuse(error.to_string()))
}

fn form_of(path: &std::path::Path) -> Result<Form, Failure> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("toml") => Ok(Form::Toml),
        Some("json") => Ok(Form::Json),
        _ => Err(Failure::Told(Exit::BadInput, "a policy file ends in `.toml` or `.json`".to_owned())),
    }
}

fn text_of(path: &std::path::Path) -> Result<String, Failure> {
    let unreadable =
        |error| Failure::Told(Exit::BadInput, format!("{}: cannot be read: {error}", path.display()));
    fs::read_to_string(path).map_err(unreadable)
}

fn file(args: &FileArgs, what: &str, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let (form, text) = (form_of(&args.file)?, text_of(&args.file)?);
    let wish = Wish::Text { path: args.path.clone(), text, form };
    let submission = Submission { wish, reason: args.reason.clone(), correction: args.correction };
    if what.starts_with("Mutation.") {
        return propose(&submission, what, (&args.by, &args.stored), io);
    }
    let pass = leave(what, &args.by)?;
    let desk = opened(&args.stored, io)?.desk;
    match wait(desk.check(&pass, &submission))?? {
        Err(refused) => refusal(&refused, io),
        Ok(checked) => {
            violations(&checked.review.violations, io)?;
            let holds = checked.review.holds();
            let path = &checked.path;
            let (zh, en) = if holds {
                ("可以提出", "can be proposed")
            } else {
                ("不能提出", "cannot be proposed")
            };
            io.tell(format!("{path}：{zh}"), format!("{path}: {en}"))?;
            Ok(if holds { Exit::Done } else { Exit::Failed })
        }
    }
}

fn retire(args: &RetireArgs, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let wish = Wish::Retire { measure: args.measure.clone(), from: args.from };
    let submission = Submission { wish, reason: args.reason.clone(), correction: false };
    propose(&submission, "Mutation.proposeMeasure", (&args.by, &args.stored), io)
}

fn extend(args: &ExtendArgs, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let extension = NewExtension {
        id: args.id.clone(),
        zh: args.zh.clone(),
        en: args.en.clone(),
        from: args.from,
        measures: args.measures.clone(),
        like: args.like.clone(),
        to: args.to.clone(),
        source: args.source.clone(),
    };
    let wish = Wish::Extend { place: args.jurisdiction.clone(), extension };
    let submission = Submission { wish, reason: args.reason.clone(), correction: false };
    propose(&submission, "Mutation.proposeMeasure", (&args.by, &args.stored), io)
}

fn propose(
    submission: &Submission,
    what: &str,
    (by, stored): (&ByArgs, &StoredArgs),
    io: &mut Io<'_>,
) -> Result<Exit, Failure> {
    let pass = leave(what, by)?;
    let desk = opened(stored, io)?.desk;
    match wait(desk.propose(&pass, submission))?? {
        Proposing::Refused(refused) => refusal(&refused, io),
        Proposing::Proposed(proposal, warnings) => {
            violations(&warnings, io)?;
            tell(&proposal, io)?;
            Ok(Exit::Done)
        }
    }
}

fn list(args: &ListArgs, io: &mut Io<'_>) -> Result<Exit, Failure> {
    const PAGE: u32 = 100;
    let pass = leave("Query.proposals", &args.by)?;
    let desk = opened(&args.stored, io)?.desk;
    let mut before = None;
    loop {
        let page = wait(desk.proposals(&pass, args.open, before, PAGE))?.map_err(CatalogueError::from)?;
        for proposal in &page.items {
            tell(proposal, io)?;
        }
        before = page.items.last().map(|proposal| proposal.id);
        if !page.more || before.is_none() {
            return Ok(Exit::Done);
        }
    }
}

fn show(args: &OneArgs, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let pass = leave("Query.proposal", &args.by)?;
    let desk = opened(&args.stored, io)?.desk;
    let Some((proposal, _, review)) = wait(desk.review(&pass, args.number))?? else {
        return Err(not_found());
    };
    tell(&proposal, io)?;
    for step in &proposal.steps {
        let reason = step.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
        let made = step.catalogue.map_or(String::new(), |seq| format!(", catalogue {seq}"));
        writeln!(
            io.out,
            "  {} {} by {}{made}{reason}",
            step.at.to_rfc3339(),
            step.state.code(),
            step.subject
        )?;
    }
    if proposal.steps.len() == 1 {
        violations(&review.violations, io)?;
    }
    writeln!(io.out, "\n{}", proposal.text.trim_end())?;
    Ok(Exit::Done)
}

fn dry_run(args: &DryRunArgs, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let pass = leave("Mutation.startDryRun", &args.by)?;
    let Opened { store, desk } = opened(&args.stored, io)?;
    let trial = match wait(desk.trial(&pass, args.number, args.on))?? {
        Trying::Ready(_, trial) => trial,
        Trying::NotFound => return Err(not_found()),
        Trying::Refused(refused) => return refusal(&refused, io),
    };
    let tally = match &args.households {
        None => over_store(&store, &trial, &Among::All, &Progress::default()),
        Some(path) => {
            let scope = Scope { place: None, on: trial.on };
            let mut reader = Reader::new(trial.before.catalogue(), scope);
            reader.path(path);
            if !reader.problems.is_empty() {
                reader.problems.iter().try_for_each(|problem| writeln!(io.err, "{problem}"))?;
                return Ok(Exit::BadInput);
            }
            over(reader.inputs.iter().map(|input| &input.household), &trial)
        }
    };
    let tally = tally.map_err(|error| Failure::Told(Exit::Failed, error.to_string()))?;
    report::print(&tally, &trial, &args.show, io)?;
    Ok(Exit::Done)
}

fn decide(args: &DecideArgs, verdict: Verdict, what: &str, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let pass = leave(what, &args.by)?;
    let desk = opened(&args.stored, io)?.desk;
    match wait(desk.decide(&pass, args.number, verdict, args.reason.as_deref()))?? {
        Deciding::NotFound => Err(not_found()),
        Deciding::Refused(refused) => refusal(&refused, io),
        Deciding::Done(proposal) => {
            tell(&proposal, io)?;
            Ok(Exit::Done)
        }
    }
}

fn convert(args: &ConvertArgs, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let (form, text) = (form_of(&args.file)?, text_of(&args.file)?);
    let to = if form == Form::Toml { Form::Json } else { Form::Toml };
    let refuse = |error| Failure::Told(Exit::BadInput, format!("{}: {error}", args.file.display()));
    write!(io.out, "{}", converted(&text, form, to).map_err(refuse)?)?;
    Ok(Exit::Done)
}

fn not_found() -> Failure {
    Failure::Told(Exit::Failed, "there is no proposal of this number, or none of this department".to_owned())
}

fn refusal(refused: &Refused, io: &mut Io<'_>) -> Result<Exit, Failure> {
    violations(&refused.violations, io)?;
    Err(Failure::Told(Exit::Failed, format!("{}: {}", refused.code, refused.message)))
}

fn violations(found: &[Diagnostic], io: &mut Io<'_>) -> io::Result<()> {
    found.iter().try_for_each(|one| writeln!(io.out, "{one}"))
}

/// `3 approved measures/D1.toml by li (civil_affairs), catalogue 2`.
fn tell(proposal: &Proposal, io: &mut Io<'_>) -> io::Result<()> {
    let made = proposal.steps.last().and_then(|step| step.catalogue);
    let (id, state, path) = (proposal.id, proposal.state(), &proposal.path);
    let (proposer, department) = (proposal.proposer(), proposal.department.as_deref());
    let state_zh = match state {
        ProposalState::Proposed => "已提出",
        ProposalState::Withdrawn => "已撤回",
        ProposalState::Approved => "已批准",
        ProposalState::Rejected => "已驳回",
    };
    let of = |open: &str, close: &str| department.map_or(String::new(), |id| format!("{open}{id}{close}"));
    let catalogue = |zh: &str, en: &str| made.map_or(String::new(), |seq| format!("{zh}{seq}{en}"));
    io.tell(
        format!(
            "{id} {state_zh} {path}，提出人 {proposer}{}{}",
            of("（", "）"),
            catalogue("，政策目录第 ", " 版")
        ),
        format!(
            "{id} {} {path} by {proposer}{}{}",
            state.code(),
            of(" (", ")"),
            catalogue(", catalogue ", "")
        ),
    )
}
