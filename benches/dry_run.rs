//! A proposal tried out over stored households, and what the service does meanwhile.
//!
//! `cargo bench --bench dry_run` stores 100,000 households and tries a better standard out over them;
//! `cargo bench --bench dry_run -- 5000` so many. Beside it a small question is asked again and again, the package of
//! one stored household: first alone, then while the dry run goes on, so that the two can be compared in one run.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot run shall say so and stop"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use assistance_toolbox::app::deliveries::circumstances;
use assistance_toolbox::app::dry_run::{Among, Fares, Progress, Tally, Trial, over_store};
use assistance_toolbox::app::households::package_of;
use assistance_toolbox::app::packages::Scope;
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::policy_files;
use assistance_toolbox::store::{AsKnown, ListQuery, Recording, Store, Watch};
use chrono::{DateTime, NaiveDate};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The households of the acceptance.
const HOUSEHOLDS: usize = 100_000;

/// How many are stored in one transaction.
const AT_A_TIME: usize = 2_000;

/// What the households look like, in turn.
const CASES: [&str; 4] = ["h1", "h3", "h4", "h6"];

/// How many times the small question is asked while nothing else goes on.
const ALONE: usize = 2_000;

fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(HOUSEHOLDS);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let on: NaiveDate = "2024-06-01".parse().expect("a date");
    let mut files = policy_files::texts(&root).expect("the policies can be read");
    let compiled = |files: &[(String, String)]| {
        let (catalogue, _warnings) = policy_files::compile(files).expect("the policies are valid");
        Arc::new(Policies::new(catalogue))
    };
    let before = compiled(&files);
    let measure = files.iter_mut().find(|(path, _)| path == "measures/C7.toml").expect("C7 is there");
    measure.1 = measure.1.replace("\"$compulsory_education_day_junior\"", "750");
    let trial = Trial { after: compiled(&files), before, on };

    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("a.sqlite").display());
    let store = Store::open(&url.parse().expect("a URL")).expect("a database");
    store.migrate().wait().expect("its tables");
    let cases = CASES.map(|case| {
        let text =
            std::fs::read_to_string(root.join(format!("cases/{case}.toml"))).expect("the case is there");
        parse(&text, Format::Toml, trial.before.catalogue()).expect("the case is valid")
    });
    let start = Instant::now();
    fill(&store, &trial.before, &cases, count);
    println!("filled     {}", speed(count, start.elapsed()));

    let start = Instant::now();
    read(&store, on);
    println!("read       {}", speed(count, start.elapsed()));

    let ask = |number: usize| {
        let start = Instant::now();
        let key = key(number % count);
        let scope = Scope { place: None, on };
        black_box(package_of(&trial.before, &store, &key, scope, AsKnown::Now).expect("it has a package"));
        start.elapsed()
    };
    let alone = Quantiles::of((0..ALONE).map(|number| ask(number * 7_919)).collect());
    let progress = Progress::default();
    let (started, busy) = (Instant::now(), processor());
    let (tally, took, beside) = thread::scope(|scope| {
        let run = scope.spawn(|| {
            let tally = over_store(&store, &trial, &Among::All, &progress).expect("it ends");
            (tally, started.elapsed())
        });
        let mut beside = Vec::new();
        while !run.is_finished() {
            beside.push(ask(beside.len() * 7_919));
            // Somebody who asks now and then, and does not take the machine away from the dry run.
            thread::sleep(Duration::from_millis(5));
        }
        let (tally, took) = run.join().expect("it does not panic");
        (tally, took, Quantiles::of(beside))
    });
    println!("dry run    {}, while a small question is asked every 5 ms", speed(count, took));
    if let (Some(before), Some(after)) = (busy, processor()) {
        println!("           {:.2?} of processor time", after.saturating_sub(before));
    }
    println!("           {}", told(&tally));
    println!("question   alone:  {alone}");
    println!("           beside: {beside}; the median is {} times the one alone", beside.times(&alone));
    println!("peak memory {}", peak());
}

/// Stores the households, many in one transaction.
fn fill(store: &Store, policies: &Policies, cases: &[Household], count: usize) {
    let valid = Validity::new("2024-01-01".parse().expect("a date"), None).expect("a validity");
    let recording = Recording {
        valid,
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: String::from("a benchmark"),
        expected_seq: None,
    };
    let numbers: Vec<usize> = (0..count).collect();
    for part in numbers.chunks(AT_A_TIME) {
        let household = |number: &usize| {
            let case = cases.iter().cycle().nth(number % cases.len()).expect("there are cases");
            let town = format!("9901010{:02}", number % 20).parse().expect("a town");
            Household { key: key(*number), town: Some(town), ..case.clone() }
        };
        let watch = Watch {
            today: valid.from,
            circumstances: circumstances(policies, "benchmark", DateTime::UNIX_EPOCH),
            observe: Arc::new(|_observed| None),
        };
        let households = part.iter().map(household).collect();
        store.save_households_watched(households, recording.clone(), watch).wait().expect("they are saved");
    }
}

fn key(number: usize) -> String {
    format!("H{number:06}")
}

/// Reads all households of a day and nothing else.
fn read(store: &Store, on: NaiveDate) {
    let mut after = None;
    loop {
        let query = ListQuery { on, within: None, after, first: 500 };
        let households = store.households_of_a_day(query).wait().expect("they are read");
        let Some(last) = black_box(&households).last() else { break };
        after = Some(last.key.clone());
    }
}

fn told(tally: &Tally) -> String {
    let count = |fares: Fares| tally.fares.get(&fares).copied().unwrap_or_default();
    let (gain, same) = (count(Fares::Gains), count(Fares::Unchanged));
    format!("{} households: {gain} gain, {same} stay as they are", tally.households)
}

/// How long answers took: half of them, and all but one in a hundred.
struct Quantiles {
    count: usize,
    median: Duration,
    most: Duration,
}

impl Quantiles {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
        Self { count: times.len(), median: at(50), most: at(99) }
    }

    fn times(&self, other: &Self) -> String {
        let tenths = self.median.as_nanos() * 10 / other.median.as_nanos().max(1);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

impl std::fmt::Display for Quantiles {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { count, median, most } = self;
        write!(formatter, "half of {count} within {median:.2?}, 99 of 100 within {most:.2?}")
    }
}

fn speed(count: usize, took: Duration) -> String {
    let rate = u128::try_from(count).unwrap_or_default() * 1_000_000 / took.as_micros().max(1);
    format!("{count:>8} in {:>6}.{:03} s, {rate:>8} a second", took.as_secs(), took.subsec_millis())
}

/// The processor time that this process took so far, where the system tells: what other processes do beside it counts
/// for nothing here.
fn processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_name, fields) = text.rsplit_once(')')?;
    // Of user and of system, in hundredths of a second.
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    let ticks: u64 = ticks.collect::<Result<Vec<_>, _>>().ok()?.into_iter().sum();
    Some(Duration::from_millis(ticks * 10))
}

/// The most memory that this process held, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "is not told by this system".to_owned(), |line| line.trim().to_owned())
}
