//! Broken and hostile files: each is refused at its place, and little is taken from it.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use assistance_toolbox::documents::sheet::{Source, codes};
use assistance_toolbox::domain::registries::Registry;
use proptest::prelude::*;

use super::{Endless, GOOD, csv, read, told};

/// Counts what is taken from a source.
struct Counted<R>(R, Arc<AtomicUsize>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.fetch_add(count, Ordering::Relaxed);
        Ok(count)
    }
}

#[test]
fn what_is_no_csv_is_refused_at_its_place() {
    let with = |bytes: &[u8]| [GOOD.as_bytes(), bytes].concat();
    let cases: [(&str, Vec<u8>, u64, &str); 9] = [
        ("nothing", Vec::new(), 1, codes::EMPTY_FILE),
        ("only a mark", b"\xef\xbb\xbf\r\n\n".to_vec(), 1, codes::EMPTY_FILE),
        ("UTF-16", b"\xff\xfe7b\xf7S".to_vec(), 1, codes::ENCODING),
        ("an archive", b"PK\x03\x04rest".to_vec(), 1, codes::WRONG_FORMAT),
        ("a byte 0", with(b"H2,99010\x001001,\n"), 3, codes::NUL),
        (
            "no character",
            with("H2,990101001,李\u{0}四,,,,,,\n".replace('\u{0}', "\u{1}").as_bytes()),
            3,
            codes::BAD_TEXT,
        ),
        ("half a line", with(b"H2,990101001"), 3, codes::CELL_COUNT),
        ("an open quote", with(b"H2,\"990101001\nH3,990101001,,,,,,,\n"), 3, codes::UNCLOSED_QUOTE),
        ("half a character", with(b"H2,990101001,\xe5\xbc,,,,,,\n"), 3, codes::ENCODING),
    ];
    for (what, bytes, line, code) in cases {
        let (_, problems) = csv(&bytes);
        assert_eq!(problems.len(), 1, "{what}: {}", told(&problems));
        assert_eq!((problems[0].line, problems[0].code), (line, code), "{what}: {}", problems[0]);
    }
}

/// Of a file of 64 MB, or of a million columns, little more than the bound is read.
#[test]
fn a_huge_row_is_given_up_at_the_bound() {
    for (start, pattern, code, most) in [
        (GOOD, "张", codes::ROW_TOO_LONG, 2 << 20),
        (GOOD, "\"\"", codes::ROW_TOO_LONG, 3 << 20),
        ("户号,\"", "a,\n", codes::ROW_TOO_LONG, 2 << 20),
        (GOOD, ",", codes::TOO_MANY_COLUMNS, 1 << 17),
        ("", ",", codes::TOO_MANY_COLUMNS, 1 << 17),
    ] {
        let taken = Arc::new(AtomicUsize::new(0));
        let start = if pattern == "\"\"" { format!("{start}\"") } else { start.to_owned() };
        let endless = Endless::new(&start, pattern, 64 << 20);
        let source = Source::csv(Counted(endless, Arc::clone(&taken)));
        let (_, problems) = read(source, Registry::SocialAssistance);
        assert_eq!(problems.len(), 1, "{}", told(&problems));
        assert_eq!(problems[0].code, code);
        assert!(taken.load(Ordering::Relaxed) <= most, "{code}: {taken:?} bytes were taken");
    }
}

/// Blank lines without end are read through, but never kept.
#[test]
fn blank_lines_and_line_ends_of_all_kinds_keep_the_count() {
    let bytes = GOOD.replace('\n', "\r\n\r\n\n");
    let (rows, problems) = csv(format!("\u{feff}\n{bytes},,,,,,,,\n坏\n").as_bytes());
    assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [5]);
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [9]);
    let (_, problems) = read(Source::csv(Endless::new(GOOD, "\n", 1 << 20)), Registry::SocialAssistance);
    assert_eq!(told(&problems), "");
}

#[test]
fn a_quoted_cell_may_hold_delimiters_and_a_name_no_line_break() {
    let (rows, _) = csv(GOOD.replace("民批〔2023〕1号", "\"民批, \"\"1\"\"号\"").as_bytes());
    assert_eq!(rows[0].1.identity.as_ref().unwrap().evidence.as_deref(), Some("民批, \"1\"号"));
    let broken = GOOD.replace("张三", "\"张\n三\"") + "H2,990101001,李四,,,,,,\n";
    let (rows, problems) = csv(broken.as_bytes());
    assert_eq!((problems[0].line, problems[0].code), (2, codes::BAD_TEXT));
    assert_eq!(rows[0].0, 4, "the lines inside a cell are counted");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), after_heading in any::<bool>()) {
        let start = if after_heading { GOOD.as_bytes() } else { b"" };
        let _ = csv(&[start, &bytes].concat());
    }

    #[test]
    fn no_text_panics(text in "[\"\r\n,;\t a1张〇\u{10ffff}]{0,60}") {
        let _ = csv(text.as_bytes());
        let _ = csv(format!("{GOOD}{text}").as_bytes());
    }
}
