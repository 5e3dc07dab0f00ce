//! Writers that are killed while they write.

use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use assistance_toolbox::documents::roll;
use assistance_toolbox::store::Recorded;

use super::{amount, delivery, fill, record, sample};
use crate::support::database::{Backend, on_both};
use crate::support::root;

on_both! {
    what_was_acknowledged_outlives_a_kill_and_is_there_once,
}

const WRITERS: usize = 8;
const ROUNDS: usize = 7;
const LINES: usize = 40;

/// 8 writers, all killed, 7 times: 56 kills. Whatever a writer was told is recorded is there, once.
fn what_was_acknowledged_outlives_a_kill_and_is_there_once(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = backend.database();
    let store = database.store();
    let households: Vec<_> = (0..=ROUNDS * LINES / 12)
        .map(|number| {
            let mut household = sample("h4");
            household.key = format!("h{number:03}");
            household
        })
        .collect();
    fill(&store, households);
    drop(store);
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        // Every writer wants the same deliveries, in another order and under keys of its own.
        let wanted: Vec<usize> = (round * LINES..(round + 1) * LINES).collect();
        let mut writers: Vec<Child> = (0..WRITERS)
            .map(|writer| {
                let mut own = wanted.clone();
                own.rotate_left(writer * LINES / WRITERS);
                let file = folder.path().join(format!("{round}-{writer}.csv"));
                let deliveries: Vec<_> = own.iter().map(|which| one(*which, writer)).collect();
                roll::write(std::fs::File::create(&file).unwrap(), &deliveries).unwrap();
                crate::support::program()
                    .args(["ledger", "record", "--one-by-one", "--database", database.url()])
                    .arg(&file)
                    .current_dir(root())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        // Until the first has written something, then a moment more.
        let mut first = [0; 1];
        let _read = writers[0].stdout.as_mut().unwrap().read(&mut first);
        std::thread::sleep(Duration::from_millis(7 * u64::try_from(round).unwrap()));
        for writer in &mut writers {
            writer.kill().unwrap();
        }
        for (number, mut writer) in writers.into_iter().enumerate() {
            let mut told =
                if number == 0 { String::from_utf8(first.to_vec()).unwrap() } else { String::new() };
            writer.stdout.take().unwrap().read_to_string(&mut told).unwrap();
            writer.wait().unwrap();
            let mut own = wanted.clone();
            own.rotate_left(number * LINES / WRITERS);
            for line in told.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
                let line: usize =
                    line.strip_prefix("line ").unwrap().split(':').next().unwrap().parse().unwrap();
                // The heading is line 1.
                acknowledged.insert((own[line - 2], number));
            }
        }
    }
    assert!(!acknowledged.is_empty());
    // Opening finishes what the writers left behind; an acceptance of the project says how long that may take.
    let start = Instant::now();
    let store = database.store();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let verified = store.verify_ledger(None, None).wait().unwrap();
    assert_eq!(verified.broken, vec![]);
    // What was acknowledged is there under its key, and so cannot have been made by another as well.
    let mut which = BTreeSet::new();
    for (delivery, writer) in acknowledged {
        assert!(
            matches!(record(&store, one(delivery, writer)), Recorded::Repeated(_)),
            "{delivery} {writer}"
        );
        assert!(which.insert(delivery), "{delivery} is delivered twice");
    }
}

fn one(which: usize, writer: usize) -> assistance_toolbox::domain::ledger::Delivery {
    let (household, covers) = (format!("h{:03}", which / 12), format!("2024-{:02}", which % 12 + 1));
    let key = format!("{which}/{writer}");
    delivery(&key, &household, ("-", "S1", &covers), amount("300"))
}
