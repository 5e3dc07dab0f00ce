//! Workbooks: read like CSV, and refused where a cell is no value or the file is a trap.

use std::io::{Cursor, Read, Write};

use assistance_toolbox::documents::registry::{self, Layout};
use assistance_toolbox::documents::sheet::{Limits, Options, RowProblem, Source, codes};
use assistance_toolbox::domain::registries::{Registry, RegistryRow};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{GOOD, csv, read, told};

/// A workbook of one worksheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

/// The cells of CSV as texts.
fn texts(sheet: &mut Worksheet, csv: &str) {
    for (row, line) in (0..).zip(csv.lines()) {
        for (column, cell) in (0..).zip(line.split(',')).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
}

fn xlsx(bytes: Vec<u8>) -> (Vec<(u64, RegistryRow)>, Vec<RowProblem>) {
    read(Source::xlsx(Cursor::new(bytes)), Registry::SocialAssistance)
}

/// The one problem of a workbook under limits.
fn refused(bytes: Vec<u8>, options: Options) -> (u64, &'static str) {
    let layout = Layout::plain().with_options(options);
    let read = registry::read(Source::xlsx(Cursor::new(bytes)), &layout, Registry::SocialAssistance);
    let problems = read.err().expect("refused");
    assert_eq!(problems.len(), 1, "{}", told(&problems));
    (problems[0].line, problems[0].code)
}

fn limited(change: impl FnOnce(&mut Limits)) -> Options {
    let mut options = Options::default();
    change(&mut options.limits);
    options
}

#[test]
fn a_workbook_gives_the_rows_that_csv_gives() {
    let (expected, _) = csv(GOOD.as_bytes());
    let as_texts = workbook(|sheet| texts(sheet, GOOD));
    let as_dates = workbook(|sheet| {
        texts(sheet, &GOOD.replace("2023-01-01", "").replace("990101001", "").replace("H1", ""));
        let format = Format::new().set_num_format("yyyy/m/d");
        let day = ExcelDateTime::from_ymd(2023, 1, 1).unwrap();
        sheet.write_datetime_with_format(1, 6, &day, &format).unwrap();
        sheet.write_number(1, 1, 990_101_001).unwrap();
        sheet.write_string(1, 0, "  H1 ").unwrap();
        // A formatted cell without a value, and a row of spaces, are nothing.
        sheet.write_blank(1, 30, &format).unwrap();
        sheet.write_string(2, 3, " ").unwrap();
    });
    for bytes in [as_texts, as_dates] {
        let detected = Source::detect(Cursor::new(bytes.clone())).unwrap();
        let (rows, problems) = read(detected, Registry::SocialAssistance);
        assert_eq!((told(&problems).as_str(), &rows), ("", &expected));
    }
}

#[test]
fn the_worksheet_and_the_row_of_the_heading_can_be_told() {
    let mut workbook = Workbook::new();
    texts(workbook.add_worksheet(), "说明\n无\n");
    let sheet = workbook.add_worksheet().set_name("花名册").unwrap();
    sheet.write_formula(0, 0, Formula::new("TODAY()")).unwrap();
    for (row, line) in (2..).zip(GOOD.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let options = Options { heading_row: 3, worksheet: Some("花名册".to_owned()), ..Options::default() };
    let layout = Layout::plain().with_options(options);
    let source = Source::xlsx(Cursor::new(bytes.clone()));
    let rows: Vec<_> = registry::read(source, &layout, Registry::SocialAssistance).unwrap().collect();
    assert_eq!((rows.len(), rows[0].as_ref().unwrap().0), (1, 4));
    let options = Options { worksheet: Some("没有".to_owned()), ..Options::default() };
    assert_eq!(refused(bytes, options), (1, codes::NO_WORKSHEET));
}

/// What a spreadsheet computes or has rounded is no value; the place is told, and nothing of what stands there.
#[test]
fn cells_that_are_no_values_are_told() {
    let bytes = workbook(|sheet| {
        texts(sheet, GOOD);
        sheet.write_string(2, 0, "H2").unwrap();
        sheet.write_formula(2, 1, Formula::new("990101000+1").set_result("990101001")).unwrap();
        sheet.write_string(2, 2, "李四").unwrap();
        sheet.write_number(2, 3, 1.101_051_949_123_1e17).unwrap();
        sheet.write_string(3, 0, "H3").unwrap();
        sheet.write_number(3, 1, 990_101_001).unwrap();
        sheet.write_formula(3, 2, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_string(3, 3, "1.10105E+17").unwrap();
        sheet.write_number(4, 0, 1.234_567_890_123_456_8e17).unwrap();
        sheet.write_number(4, 1, 990_101).unwrap();
        sheet.write_boolean(4, 2, true).unwrap();
        sheet.write_string(4, 11, "多出").unwrap();
        sheet.write_number(5, 0, 5).unwrap();
        sheet.write_number(5, 1, 990_101_001).unwrap();
        sheet.write_string(5, 2, "王五").unwrap();
        sheet.write_string(5, 4, "特困").unwrap();
        sheet.write_number(5, 6, 45_293).unwrap();
        let moment = ExcelDateTime::from_ymd(2024, 1, 1).unwrap().and_hms(8, 30, 0).unwrap();
        sheet
            .write_datetime_with_format(5, 7, &moment, &Format::new().set_num_format("yyyy-mm-dd hh:mm"))
            .unwrap();
    });
    let (rows, problems) = xlsx(bytes);
    assert_eq!(rows.len(), 1);
    insta::assert_snapshot!("cells", told(&problems));
    for planted in ["1101051949", "李四", "123456789", "45293", "多出"] {
        assert!(!told(&problems).contains(planted), "`{planted}` is repeated");
    }
}

#[test]
fn bounds_hold_before_memory_is_taken() {
    let two = workbook(|sheet| {
        texts(sheet, GOOD);
        texts(sheet, &GOOD.replace("H1", "H2"));
        sheet.write_string(7, 0, "H7").unwrap();
    });
    let options = |change: fn(&mut Limits)| limited(change);
    assert_eq!(refused(two.clone(), options(|limits| limits.rows = 1)), (8, codes::TOO_MANY_ROWS));
    assert_eq!(refused(two.clone(), options(|limits| limits.columns = 8)), (1, codes::TOO_MANY_COLUMNS));
    assert_eq!(refused(two.clone(), options(|limits| limits.row_bytes = 20)), (1, codes::ROW_TOO_LONG));
    assert_eq!(refused(two.clone(), options(|limits| limits.cells = 12)), (2, codes::FILE_TOO_LARGE));
    assert_eq!(refused(two.clone(), options(|limits| limits.packed = 1000)), (1, codes::FILE_TOO_LARGE));
    assert_eq!(refused(two, options(|limits| limits.unpacked = 1000)), (1, codes::UNPACKS_TOO_LARGE));
    let far = workbook(|sheet| {
        texts(sheet, GOOD);
        sheet.write_string(1, 16_000, "x").unwrap();
    });
    assert_eq!(refused(far, Options::default()), (2, codes::TOO_MANY_COLUMNS));
}

/// The workbook with one part written anew, or a part added.
fn with_part(workbook: &[u8], name: &str, content: &mut dyn Read) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let known = part.name().unwrap().into_owned();
        if known != name {
            out.start_file(known, packed).unwrap();
            std::io::copy(&mut part, &mut out).unwrap();
        }
    }
    out.start_file(name, packed).unwrap();
    std::io::copy(content, &mut out).unwrap();
    out.finish().unwrap().into_inner()
}

/// A bomb of 40 MB in a few kilobytes, whose directory claims that it is small.
#[test]
fn a_zip_bomb_is_counted_not_believed() {
    let good = workbook(|sheet| texts(sheet, GOOD));
    let mut zeros = std::io::repeat(b' ').take(40 << 20);
    let mut bomb = with_part(&good, "xl/media/picture.png", &mut zeros);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    assert_eq!(
        refused(bomb.clone(), limited(|limits| limits.unpacked = 8 << 20)),
        (1, codes::UNPACKS_TOO_LARGE)
    );
    // The unpacked size stands in the headers as four bytes, little end first.
    let (true_size, lie) = ((40_u32 << 20).to_le_bytes(), 10_u32.to_le_bytes());
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|at| bomb[*at..*at + 4] == true_size).collect();
    assert!(!places.is_empty());
    for place in places {
        bomb[place..place + 4].copy_from_slice(&lie);
    }
    let (_, code) = refused(bomb, limited(|limits| limits.unpacked = 8 << 20));
    assert!([codes::UNPACKS_TOO_LARGE, codes::BROKEN_FILE].contains(&code), "{code}");
}

/// The library would make room for as many texts as the file says, and stop the program.
#[test]
fn what_a_workbook_says_of_itself_is_not_believed() {
    let good = workbook(|sheet| texts(sheet, GOOD));
    let texts = "xl/sharedStrings.xml";
    let stated = |count: &str| format!("<sst uniqueCount=\"{count}\"><si><t>x</t></si></sst>");
    let part = |content: &str| with_part(&good, texts, &mut content.as_bytes());
    for (content, code) in [
        (stated("99999999999999"), codes::FILE_TOO_LARGE),
        (stated("99999999999999999999999999999"), codes::FILE_TOO_LARGE),
        (stated(" 99999999"), codes::FILE_TOO_LARGE),
        (stated("1").replace("si", "s\u{1b}i"), codes::BROKEN_FILE),
        (stated("1"), codes::BROKEN_FILE),
        ("<sst".to_owned(), codes::BROKEN_FILE),
    ] {
        assert_eq!(refused(part(&content), Options::default()), (1, code), "{content}");
    }
    let utf16: Vec<u8> = stated("9999999999999").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hidden = with_part(&good, texts, &mut utf16.as_slice());
    assert_eq!(refused(hidden, Options::default()), (1, codes::BROKEN_FILE));
    let rows = "<worksheet><sheetData><row r=\"9\"><c r=\"A9\"><v>1</v></c></row>\
                <row r=\"2\"><c r=\"A2\"><v>1</v></c></row></sheetData></worksheet>";
    let backwards = with_part(&good, "xl/worksheets/sheet1.xml", &mut rows.as_bytes());
    assert_eq!(refused(backwards, Options::default()), (2, codes::BROKEN_FILE));
}

#[test]
fn what_is_no_workbook_is_refused() {
    let good = workbook(|sheet| texts(sheet, GOOD));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("readme.txt", SimpleFileOptions::default().compression_method(CompressionMethod::Stored))
        .unwrap();
    archive.write_all(b"nothing").unwrap();
    let other = archive.finish().unwrap().into_inner();
    for (bytes, code) in [
        (Vec::new(), codes::WRONG_FORMAT),
        (GOOD.as_bytes().to_vec(), codes::WRONG_FORMAT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), codes::WRONG_FORMAT),
        (good[..good.len() / 2].to_vec(), codes::BROKEN_FILE),
        (other, codes::BROKEN_FILE),
        (workbook(|_| ()), codes::EMPTY_FILE),
    ] {
        assert_eq!(refused(bytes, Options::default()), (1, code));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A workbook with bytes changed, or cut off, panics nowhere.
    #[test]
    fn no_damage_panics(at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..8), cut in any::<bool>()) {
        let mut good = workbook(|sheet| texts(sheet, GOOD));
        let place = at.index(good.len());
        let end = (place + bytes.len()).min(good.len());
        good.splice(place..end, bytes);
        if cut {
            good.truncate(end);
        }
        let _ = xlsx(good);
    }

    /// Damage inside a part, behind an archive that is whole.
    #[test]
    fn no_xml_panics(at in any::<prop::sample::Index>(), text in "[<>/\"= a-z0-9&;\u{0}]{0,12}", part in 0..4_usize) {
        let good = workbook(|sheet| texts(sheet, GOOD));
        let name = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"][part];
        let mut content = String::new();
        ZipArchive::new(Cursor::new(&good)).unwrap().by_name(name).unwrap().read_to_string(&mut content).unwrap();
        let place = at.index(content.len());
        let place = (0..=place).rev().find(|place| content.is_char_boundary(*place)).unwrap();
        content.insert_str(place, &text);
        let _ = xlsx(with_part(&good, name, &mut content.as_bytes()));
    }
}
