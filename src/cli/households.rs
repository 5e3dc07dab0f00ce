//! Reading households: files, folders, and one household a line.
//!
//! Every file is read and checked before anything is resolved. A problem is one line: `file:line:
//! path: message (hint)`, and never a value of the document.

use std::fs::{self, File};
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use crate::app::packages::Scope;
use crate::documents::household::{Format, HouseholdError, parse};
use crate::documents::reader::{Problem, closest, quoted_list};
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::Household;

/// The largest document that is read, in bytes.
pub(super) const MOST_BYTES: usize = 10_000_000;

/// A household and where it was read.
#[derive(Debug)]
pub(super) struct Input {
    /// The file, with the line if it holds one household a line.
    pub(super) name: String,
    /// The household.
    pub(super) household: Household,
}

/// What a household's own place is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing: the caller names one.
    Ignored,
    /// It is kept.
    Checked,
    /// Its rules count.
    Needed,
}

/// Reads households and collects what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    catalogue: &'a Catalogue,
    place: Place,
    /// The households that are right.
    pub(super) inputs: Vec<Input>,
    /// The problems, one line each.
    pub(super) problems: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader for a catalogue and the scope in which the households are to be resolved.
    pub(super) const fn new(catalogue: &'a Catalogue, scope: Scope<'a>) -> Self {
        let place = if scope.place.is_some() { Place::Ignored } else { Place::Needed };
        Self { catalogue, place, inputs: Vec::new(), problems: Vec::new() }
    }

    /// A reader for households that are to be stored: a place may be missing, but not unknown.
    pub(super) const fn for_saving(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, place: Place::Checked, inputs: Vec::new(), problems: Vec::new() }
    }

    /// Reads a file, or every `.toml` and `.json` file of a folder in the order of their names.
    pub(super) fn path(&mut self, path: &Path) {
        if !path.is_dir() {
            return self.file(path);
        }
        match documents_in(path) {
            Ok(files) if files.is_empty() => self.refuse(path, "the folder holds no `.toml` or `.json` file"),
            Ok(files) => files.iter().for_each(|file| self.file(file)),
            Err(error) => self.refuse(path, &format!("cannot be read: {error}")),
        }
    }

    fn file(&mut self, path: &Path) {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let format = match ending {
            "toml" => Some(Format::Toml),
            "json" => Some(Format::Json),
            "ndjson" => None,
            _ => return self.refuse(path, "a household stands in a `.toml`, `.json` or `.ndjson` file"),
        };
        let bytes = match bytes_of(path) {
            Ok(bytes) => bytes,
            Err(message) => return self.refuse(path, &message),
        };
        let name = path.display().to_string();
        match format {
            Some(format) => self.document(&name, &bytes, format, None),
            None if bytes.len() > MOST_BYTES => self.refuse(path, &too_large()),
            None => {
                for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
                    self.line(&name, index + 1, line);
                }
            }
        }
    }

    /// Reads the household of a line, unless the line is blank.
    fn line(&mut self, file: &str, number: usize, bytes: &[u8]) {
        if !bytes.trim_ascii().is_empty() {
            self.document(file, bytes, Format::Json, Some(number));
        }
    }

    fn document(&mut self, file: &str, bytes: &[u8], format: Format, line: Option<usize>) {
        let name = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
        let text = match text_of(bytes) {
            Ok(text) => text,
            Err(message) => return self.problems.push(format!("{name}: {message}")),
        };
        match parse(text, format, self.catalogue) {
            Ok(household) => match self.place_problem(&household) {
                None => self.inputs.push(Input { name, household }),
                Some(problem) => self.problems.push(format!("{name}: {problem}")),
            },
            Err(error) => self.problems.extend(lines_of(&error, file, line)),
        }
    }

    /// A household needs a place that is known, unless the caller names one.
    fn place_problem(&self, household: &Household) -> Option<String> {
        let place = household.place.as_deref();
        match self.place {
            Place::Ignored => None,
            Place::Checked => place_told(self.catalogue, place, false),
            Place::Needed => place_told(self.catalogue, place, true),
        }
    }

    fn refuse(&mut self, path: &Path, message: &str) {
        self.problems.push(format!("{}: {message}", path.display()));
    }
}

/// Reads one household a line and hands each on before the next is read; a line that is wrong is
/// told to `refuse`.
pub(super) fn stream(
    catalogue: &Catalogue,
    scope: Scope<'_>,
    input: &mut dyn BufRead,
    mut each: impl FnMut(Result<Input, Vec<String>>) -> io::Result<()>,
) -> io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0_usize;
    loop {
        line.clear();
        number += 1;
        if Read::take(&mut *input, limit()).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let whole = line.last() == Some(&b'\n');
        let mut reader = Reader::new(catalogue, scope);
        reader.line("-", number, line.strip_suffix(b"\n").unwrap_or(&line));
        if !whole && line.len() > MOST_BYTES {
            skip_line(input)?;
        }
        if !reader.problems.is_empty() {
            each(Err(reader.problems))?;
        } else if let Some(input) = reader.inputs.pop() {
            each(Ok(input))?;
        }
    }
}

fn skip_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(buffer.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() || used == 0 {
            return Ok(());
        }
    }
}

fn documents_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("toml" | "json")) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What is wrong with the place of a document, if anything is.
pub(super) fn place_told(catalogue: &Catalogue, place: Option<&str>, needed: bool) -> Option<String> {
    let places = || catalogue.places.iter().map(|place| place.id.as_str());
    let allowed = quoted_list(places());
    let Some(place) = place else {
        return needed.then(|| format!("place: missing (name it here or with `--place`: one of {allowed})"));
    };
    if places().any(|known| known == place) {
        return None;
    }
    let near = closest(place, places()).map(|near| format!("did you mean `{near}`?"));
    let hint = near.unwrap_or_else(|| format!("one of {allowed}"));
    Some(format!("place: no place of this id in the policies ({hint})"))
}

/// The bytes of a file, or why there are none; one more than is accepted at most.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit()).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| format!("cannot be read: {error}"))
}

/// The text of a document, or why it is none.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, String> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    std::str::from_utf8(bytes).map_err(|_no_text| String::from("not a text in UTF-8"))
}

/// What is wrong with a document of a file, or of a line of it, one problem a line.
pub(super) fn lines_of(error: &HouseholdError, file: &str, line: Option<usize>) -> Vec<String> {
    let at = |inside: Option<usize>| match line.or(inside) {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    };
    match error {
        HouseholdError::Syntax(error) => {
            vec![format!("{}: column {}: {}", at(Some(error.line)), error.column, error.message)]
        }
        HouseholdError::Problems(problems) => {
            problems.iter().map(|problem| format!("{}: {}", at(problem.line), told(problem))).collect()
        }
    }
}

/// A problem without its file and line.
pub(super) fn told(problem: &Problem) -> String {
    let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
    let hint = problem.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
    format!("{path}{}{hint}", problem.message)
}

/// One byte more than is accepted, so that a larger document shows itself.
fn limit() -> u64 {
    u64::try_from(MOST_BYTES).map_or(u64::MAX, |most| most + 1)
}

fn too_large() -> String {
    format!("larger than {} MB", MOST_BYTES / 1_000_000)
}
