//! An office's desk: a folder with a database, a key file and lists, and the program as it is built.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use assistance_toolbox::domain::id_number::IdNumber;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::support::root;

/// The headings of the plain layout.
pub(super) const HEADING: &str = "户号,地区编码,姓名,身份证号,身份类型,持有范围,起始日期,终止日期,依据";

/// The folder of one test.
pub(super) struct Desk(pub(super) tempfile::TempDir);

/// What a command answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
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
    /// With keys.
    pub(super) fn new() -> Self {
        let desk = Self::without_keys();
        desk.run(&["keys", "new", "--out", &desk.name("id-keys.toml")]).done();
        desk
    }

    pub(super) fn without_keys() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn name(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path("a.sqlite")
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
            .env("ASSISTANCE_DATABASE_URL", format!("sqlite:{}", self.database().display()))
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
        dump(&self.database())
    }
}

fn dump(file: &Path) -> Vec<String> {
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let mut all = Vec::new();
    for table in ["imports", "import_files", "registry_rows"] {
        let columns = format!(
            "SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') AS line FROM pragma_table_info('{table}')"
        );
        let columns = diesel::sql_query(columns).get_result::<Line>(&mut connection).unwrap().line;
        let rows = format!("SELECT {columns} AS line FROM {table} ORDER BY 1");
        let rows = diesel::sql_query(rows).load::<Line>(&mut connection).unwrap();
        all.extend(rows.into_iter().map(|row| format!("{table}: {}", row.line)));
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
