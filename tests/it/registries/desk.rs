//! An office's desk: a folder with a database, a key file and lists, and the program as it is built.

use std::path::PathBuf;
use std::process::{Child, Stdio};

use assistance_toolbox::domain::id_number::IdNumber;

use crate::support::database::{Backend, Database, Raw};
use crate::support::root;

/// The headings of the plain layout.
pub(super) const HEADING: &str = "户号,地区编码,姓名,身份证号,身份类型,持有范围,起始日期,终止日期,依据";

/// The folder of one test, and its database.
pub(super) struct Desk {
    pub(super) folder: tempfile::TempDir,
    /// `None` is a file in the folder.
    database: Option<Database>,
}

/// What a command answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

/// A row of a list.
pub(super) fn line(household: &str, name: &str, number: &str, held: &str) -> String {
    format!("{household},990101001,{name},{number},{held}")
}

/// A row with `dibao` of the household from a day on.
pub(super) fn dibao(household: &str, name: &str, number: &IdNumber) -> String {
    line(household, name, number.reveal(), "低保对象,全户,2024-01-01,,民政2024-1")
}

impl Desk {
    /// With keys, and a database of a kind.
    pub(super) fn on(backend: Backend) -> Self {
        Self { database: Some(backend.bare()), ..Self::new() }
    }

    /// With keys, and a database in the folder.
    pub(super) fn new() -> Self {
        let desk = Self::without_keys();
        desk.run(&["keys", "new", "--out", &desk.name("id-keys.toml")]).done();
        desk
    }

    pub(super) fn without_keys() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn name(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path("a.sqlite")
    }

    fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.database().display());
        self.database.as_ref().map_or_else(file, |database| database.url().to_owned())
    }

    /// Writes a list in UTF-8.
    pub(super) fn list(&self, name: &str, rows: &[String]) -> String {
        let text = format!("{HEADING}\n{}\n", rows.join("\n"));
        std::fs::write(self.path(name), text).unwrap();
        self.name(name)
    }

    fn program(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = crate::support::program();
        command
            .args(arguments)
            .current_dir(root())
            .env("ASSISTANCE_DATABASE_URL", self.url())
            .env("ASSISTANCE_LOG", "trace")
            .env("LC_ALL", "en_GB.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.path("id-keys.toml").exists() {
            command.env("ASSISTANCE_ID_KEYS", self.path("id-keys.toml"));
        }
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Answer {
        let output = self.program(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Answer { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Imports a list of the social-assistance registry.
    pub(super) fn import(&self, file: &str, more: &[&str]) -> Answer {
        let mut arguments = vec!["import", "--registry", "social-assistance", "--lang", "en", file];
        arguments.extend(more);
        self.run(&arguments)
    }

    pub(super) fn spawn(&self, arguments: &[&str]) -> Child {
        self.program(arguments).spawn().unwrap()
    }

    /// Everything that stands in the tables of the registries.
    pub(super) fn dump(&self) -> Vec<String> {
        dump(self.raw())
    }

    /// How long the write-ahead log of a file is.
    pub(super) fn log_bytes(&self) -> u64 {
        let file = self.url().replace("sqlite:", "") + "-wal";
        std::fs::metadata(file).map_or(0, |data| data.len())
    }

    /// A connection past the program.
    pub(super) fn raw(&self) -> Raw {
        self.database.as_ref().unwrap().raw()
    }
}

fn dump(mut raw: Raw) -> Vec<String> {
    let mut all = Vec::new();
    for table in ["imports", "import_files", "registry_rows"] {
        let columns = format!(
            "SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') AS line FROM pragma_table_info('{table}')"
        );
        let row = match raw {
            Raw::Sqlite(_) => raw.lines(&columns).remove(0),
            Raw::Postgres(_) => format!("{table}::text"),
        };
        let rows = raw.lines(&format!("SELECT {row} AS line FROM {table} ORDER BY 1"));
        all.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
    }
    all
}

impl Answer {
    /// Fails unless it went well; what was printed.
    pub(super) fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// Fails unless the input was refused and nothing printed; what was said.
    pub(super) fn refused(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{}", self.err);
        self.err
    }
}
