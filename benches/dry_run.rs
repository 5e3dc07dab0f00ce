//! A proposal tried out over stored households: reading them alone, and the whole dry run.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run shall say so and stop")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use assistance_toolbox::app::dry_run::{Among, Progress, Trial, over_store};
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::policy_files;
use assistance_toolbox::store::{DayQuery, Recording, Store};
use chrono::{DateTime, NaiveDate};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many households are stored; both figures grow in proportion.
const HOUSEHOLDS: u32 = 5_000;

const CASES: [&str; 4] = ["h1", "h3", "h4", "h6"];

fn benches(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut files = policy_files::texts(&root).expect("the policies can be read");
    let (catalogue, _) = policy_files::compile(&files).expect("the policies of the repository are valid");
    let before = Arc::new(Policies::new(catalogue));
    let measure = files.iter_mut().find(|(path, _)| path == "measures/C7.toml").expect("C7 is there");
    measure.1 = measure.1.replace("\"$compulsory_education_boarding_primary\"", "1250");
    let (catalogue, _) = policy_files::compile(&files).expect("the change is valid");
    let after = Arc::new(Policies::new(catalogue));

    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("a.sqlite").display());
    let store = Store::open(&url.parse().expect("a URL")).expect("a database");
    store.migrate().wait().expect("its tables");
    let on: NaiveDate = "2024-06-01".parse().expect("a date");
    let valid = Validity::new("2024-01-01".parse().expect("a date"), None).expect("a validity");
    let recording = Recording {
        valid,
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: String::from("a bench"),
        expected_seq: None,
    };
    let cases = CASES.map(|case| {
        let text =
            std::fs::read_to_string(root.join(format!("cases/{case}.toml"))).expect("the case is there");
        parse(&text, Format::Toml, before.catalogue()).expect("the case is valid")
    });
    for (number, case) in (0..HOUSEHOLDS).zip(cases.iter().cycle()) {
        let mut household = case.clone();
        household.key = format!("H{number:06}");
        store.save_household(household, recording.clone()).wait().expect("it is saved");
    }

    let mut group = criterion.benchmark_group("households");
    group.throughput(Throughput::Elements(u64::from(HOUSEHOLDS)));
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function(BenchmarkId::new("read", HOUSEHOLDS), |bencher| {
        bencher.iter(|| {
            let mut after = None;
            loop {
                let query = DayQuery { on, within: None, after, first: 500 };
                let households = store.households_of_a_day(query).wait().expect("they are read");
                let Some(last) = black_box(&households).last() else { break };
                after = Some(last.key.clone());
            }
        });
    });
    let trial = Trial { before, after, on };
    group.bench_function(BenchmarkId::new("dry run", HOUSEHOLDS), |bencher| {
        bencher.iter(|| over_store(&store, &trial, &Among::All, &Progress::default()).expect("it ends"));
    });
    group.finish();
}

criterion_group!(dry_run, benches);
criterion_main!(dry_run);
