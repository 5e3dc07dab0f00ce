//! 100,000 persons into a SQLite file with the settings of the program: rows a second, and the most memory.
//!
//! `cargo bench --bench import`. The list is written by a process of its own, so that the memory is that of the
//! import alone.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run shall say so and stop")]
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assistance_toolbox::app::imports::{Imported, Listener, Request, import};
use assistance_toolbox::app::vault::KeyFile;
use assistance_toolbox::documents::registry::{Layout, write};
use assistance_toolbox::documents::sheet::RowProblem;
use assistance_toolbox::domain::registries::invented::{Counts, Order, families};
use assistance_toolbox::domain::registries::{Registry, RegistryRow};
use assistance_toolbox::policy_files;
use assistance_toolbox::store::Store;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PERSONS: u32 = 100_000;
/// Tells the process that writes the list from the one that measures.
const WRITE: &str = "--write-list";

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(WRITE) {
        let path = PathBuf::from(arguments.next().expect("the file to write"));
        return write_list(&path);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("list.csv");
    let program = std::env::current_exe().expect("the path of this program");
    let written = Command::new(program).arg(WRITE).arg(&list).status().expect("a process");
    assert!(written.success(), "the list is written");
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let catalogue = policy_files::load(&policies).expect("the policies of the repository are valid");
    let catalogue = Arc::new(catalogue);
    let day = "2026-11-25".parse().expect("a date");
    let vault = Arc::new(KeyFile::new(day).expect("keys").vault());
    for (what, name) in
        [("a new list", "a.sqlite"), ("another new list", "b.sqlite"), ("the same rows again", "b.sqlite")]
    {
        let url = format!("sqlite:{}", folder.path().join(name).display()).parse().expect("a database URL");
        let store = Store::open(&url).expect("a database");
        store.migrate().wait().expect("its tables");
        let request = Request {
            registry: Registry::SocialAssistance,
            files: vec![list.clone()],
            layout: Layout::plain(),
            as_of: day,
            // A list that claims more than the one before is held against what is listed, row by row.
            complete: what == "the same rows again",
            accept_good_rows: false,
            dry_run: false,
            by: String::from("a benchmark"),
            at: "2026-11-25T00:00:00Z".parse().expect("a time"),
        };
        let start = Instant::now();
        let done = import(Arc::clone(&catalogue), &store, Arc::clone(&vault), request, Silent);
        let took = start.elapsed();
        let (imported, Silent) = done.expect("the import");
        let rows = match imported {
            Imported::Kept(_, counts) => counts.new,
            Imported::NothingNew(counts) => counts.unchanged,
            _ => 0,
        };
        assert_eq!(rows, i64::from(PERSONS));
        let rate = u128::from(PERSONS) * 1_000 / took.max(Duration::from_millis(1)).as_millis();
        println!("{what}: {PERSONS} persons in {took:.2?}, {rate} rows/s; most memory so far {}", peak());
    }
}

struct Silent;

impl Listener for Silent {
    fn problem(&mut self, _file: usize, problem: RowProblem) {
        println!("{problem}");
    }

    fn progress(&mut self, _rows: u64, _bytes: u64) {}
}

fn write_list(path: &Path) {
    let counts = Counts {
        low_income_households: PERSONS / 2,
        low_income_persons: PERSONS,
        monitored_households: PERSONS / 20,
        monitored_persons: PERSONS / 7,
        in_both: PERSONS / 10,
    };
    let order = Order { counts, on: "2026-11-01".parse().expect("a date"), seed: 1, without_numbers: 0 };
    let rows: Vec<RegistryRow> =
        families(&order).expect("such a population").flat_map(|family| family.social_assistance).collect();
    let file = BufWriter::new(File::create(path).expect("the file"));
    write(file, &rows).expect("the list");
}

/// The most memory that this process ever had, as the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| String::from("is not known here"), |kib| kib.trim().to_owned())
}
