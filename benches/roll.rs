//! A department's monthly roll into SQLite: lines a second, and the most memory that it took.
//!
//! `cargo bench --bench roll` records 100,000 lines, one a household, in one transaction;
//! `cargo bench --bench roll -- 5000` so many.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot run shall say so and stop"
)]

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assistance_toolbox::app::deliveries::deliver;
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::documents::roll;
use assistance_toolbox::documents::sheet::Source;
use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::ledger::{Delivery, Given, Order};
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::policy_files;
use assistance_toolbox::store::{Recorded, Recording, Roll, Sight, Store, Whole};
use chrono::{DateTime, Utc};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The roll of the acceptance.
const LINES: usize = 100_000;

fn main() {
    let lines = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(LINES);
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let catalogue = policy_files::load(&policies).expect("the policies of the repository are valid");
    let text = std::fs::read_to_string(policies.join("cases/h4.toml")).expect("the case is there");
    let household = parse(&text, Format::Toml, &catalogue).expect("the case is valid");
    let policies = Arc::new(Policies::new(catalogue));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.sqlite");
    let store =
        Store::open(&format!("sqlite:{}", path.display()).parse().expect("a database")).expect("it opens");
    store.migrate().wait().expect("it has its tables");
    let now: DateTime<Utc> = "2024-07-05T02:00:00Z".parse().expect("a time");
    fill(&store, &household, lines, now);

    let mut file = Vec::new();
    let deliveries: Vec<Delivery> = (0..lines).map(delivery).collect();
    roll::write(&mut file, &deliveries).expect("the roll is written");
    drop(deliveries);
    let start = Instant::now();
    let read = Source::detect(Cursor::new(file)).expect("it can be read");
    let read = roll::read(read).expect("the roll is right");
    let deliveries = read.into_iter().map(|line| line.delivery).collect();
    println!("read       {}", speed(lines, start.elapsed()));
    for what in ["record", "again"] {
        let deliveries = Vec::clone(&deliveries);
        let start = Instant::now();
        let roll = Roll { deliveries, whole: Whole::AllOrNone, sight: Sight::default() };
        let batch = deliver(&policies, &store, roll, ("benchmark", now), |_done| {});
        let batch = batch.wait().expect("the database answers");
        println!("{what:10} {}", speed(lines, start.elapsed()));
        assert!(batch.kept && batch.results.iter().all(Recorded::stands), "every line stands");
    }
    let start = Instant::now();
    let verified = store.verify_ledger(None, None).wait().expect("the database answers");
    println!("verify     {}", speed(lines, start.elapsed()));
    assert!(verified.broken.is_empty(), "the chains hold");
    println!("peak memory {}", peak());
}

/// Stores the households, without waiting for the disk after each.
fn fill(store: &Store, household: &Household, count: usize, recorded_at: DateTime<Utc>) {
    let start = Instant::now();
    let valid = Validity::new("2024-01-01".parse().expect("a day"), None).expect("a span");
    for number in 0..count {
        let household = Household { key: key(number), ..household.clone() };
        let recording =
            Recording { valid, recorded_at, recorded_by: String::from("a bench"), expected_seq: None };
        store.save_household(household, recording).wait().expect("it is saved");
    }
    println!("households {}", speed(count, start.elapsed()));
}

fn key(number: usize) -> String {
    // Neighbours in the roll are no neighbours in the database.
    format!("h{:06}", (number * 7_919) % 1_000_003)
}

fn delivery(number: usize) -> Delivery {
    Delivery {
        key: format!("2024-06/{number}"),
        household: key(number),
        order: Order {
            measure: "S1".to_owned(),
            beneficiary: None,
            covers: "2024-06".parse().expect("a month"),
            given: Given::Amount(Fen::from_yuan("462").expect("an amount")),
            day: "2024-06-28".parse().expect("a day"),
            department: "civil_affairs".to_owned(),
        },
    }
}

fn speed(lines: usize, took: Duration) -> String {
    let rate = u128::try_from(lines).unwrap_or_default() * 1_000_000 / took.as_micros().max(1);
    format!("{lines:>8} in {:>6}.{:03} s, {rate:>8} a second", took.as_secs(), took.subsec_millis())
}

/// The most memory that this process held, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "is not told by this system".to_owned(), |line| line.trim().to_owned())
}
