//! A PostgreSQL server for this run of the tests: in a temporary folder, on a socket only, ended with the process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// A server.
pub(crate) struct Cluster {
    /// Where its socket is.
    folder: PathBuf,
    /// Holds the server: it is ended when the end of this pipe is closed, however this process ends.
    _watch: Child,
    /// The connection that makes and drops databases.
    desk: Mutex<PgConnection>,
}

/// The database that others are copied from.
pub(super) const MIGRATED: &str = "migrated";

/// The server of this run. It starts when it is asked for first.
pub(crate) fn cluster() -> &'static Cluster {
    static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
    &CLUSTER
}

impl Cluster {
    fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("assistance-postgres-").tempdir().unwrap().keep();
        let user = as_nobody();
        if user.is_some() {
            std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let data = folder.join("data");
        let make = |locale: &[&str]| {
            let mut initdb = command(user, &programs.join("initdb"));
            initdb.args(["--username=tester", "--auth=trust", "--encoding=UTF8", "--no-sync", "--pgdata"]);
            initdb.arg(&data).args(locale).current_dir(&folder).output().unwrap()
        };
        // A language whose order is not that of the bytes, so that a forgotten collation is seen.
        let mut output = make(&["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh"]);
        if !output.status.success() {
            output = make(&["--locale=C.UTF-8"]);
        }
        assert!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr));
        // The shell waits for the end of its input, which is this process's, and then ends the server.
        let script = "\"$1\" -D \"$2/data\" -k \"$2\" -h '' $3 > \"$2/log\" 2>&1 & server=$!
            cat > /dev/null
            kill -QUIT $server; wait $server; rm -rf \"$2\"";
        let mut watch = command(user, Path::new("sh"));
        watch.arg("-c").arg(script).arg("sh").arg(programs.join("postgres")).arg(&folder).arg(SETTINGS);
        watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir(&folder);
        // A process group of its own: an interrupted run ends the server by the pipe and not before.
        std::os::unix::process::CommandExt::process_group(&mut watch, 0);
        let watch = watch.spawn().unwrap();
        let start = Instant::now();
        let desk = loop {
            match PgConnection::establish(&url_in(&folder, "postgres")) {
                Ok(connection) => break connection,
                Err(_) if start.elapsed() < Duration::from_mins(1) => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(error) => {
                    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
                    panic!("the PostgreSQL server of the tests did not start: {error}\n{log}");
                }
            }
        };
        let cluster = Self { folder, _watch: watch, desk: Mutex::new(desk) };
        cluster.run(&format!("CREATE DATABASE {MIGRATED}"));
        let store = assistance_toolbox::store::Store::open(&cluster.url(MIGRATED).parse().unwrap()).unwrap();
        store.migrate().wait().unwrap();
        cluster
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        url_in(&self.folder, database)
    }

    /// Runs a statement as the server's operator.
    pub(crate) fn run(&self, statement: &str) {
        let mut desk = self.desk.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        desk.batch_execute(statement).unwrap();
    }
}

/// Nothing that a crash of the machine would lose matters here.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c jit=off \
    -c max_connections=400 -c shared_buffers=64MB -c wal_level=minimal -c max_wal_senders=0";

/// The user of the system that owns nothing.
const NOBODY: u32 = 65534;

/// A PostgreSQL server does not run as root, so that it is run as nobody then.
fn as_nobody() -> Option<u32> {
    let own = std::fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own));
    (own.ok() == Some(0)).then_some(NOBODY)
}

fn command(user: Option<u32>, program: &Path) -> Command {
    let mut command = Command::new(program);
    if let Some(user) = user {
        use std::os::unix::process::CommandExt;
        command.uid(user).gid(user);
    }
    command
}

/// The folder of the programs of PostgreSQL, the newest if there are several.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push("/usr/local/bin".into());
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.map(|entry| entry.unwrap().path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    let found = folders
        .into_iter()
        .find(|folder| ["initdb", "postgres"].iter().all(|program| folder.join(program).exists()));
    found.expect(
        "the tests need the programs of a PostgreSQL server, `initdb` and `postgres`, and start it themselves: \
         install it (Debian: `apt-get install postgresql`)",
    )
}

fn url_in(folder: &Path, database: &str) -> String {
    format!("postgres:///{database}?user=tester&host={}", folder.display())
}
