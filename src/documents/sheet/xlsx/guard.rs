//! What an archive really unpacks to, counted before anything is read from it.
//!
//! The sizes in an archive are claims. Every part is unpacked into nothing here, and its bytes counted. On
//! the way the parts are looked through for what the library would take on trust.

use std::io::{Read, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{ReadSeek, broken};
use crate::documents::sheet::{Fault, Limits, codes};

/// The first bytes of an archive.
pub(in crate::documents::sheet) const ARCHIVE: &[u8] = b"PK\x03\x04";
/// The first bytes of the older formats of the office programs, and of workbooks with a password.
pub(in crate::documents::sheet) const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";

/// The most parts of a workbook.
const MOST_PARTS: usize = 1000;

/// The most texts that cells share; the library makes room for as many as the file says there are.
const MOST_TEXTS: u64 = 4_000_000;

/// Holds a file against the limits.
pub(super) fn check(source: &mut (dyn ReadSeek + Send + '_), limits: &Limits) -> Result<(), Fault> {
    let unreadable = |error: std::io::Error| {
        Fault::new(codes::UNREADABLE, format!("the file cannot be read: {}", error.kind()))
    };
    let size = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    if size > limits.packed {
        let message = format!("the file is larger than {} MB: save it as CSV", limits.packed >> 20);
        return Err(Fault::new(codes::FILE_TOO_LARGE, message));
    }
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut start = [0; 4];
    let read = source.read(&mut start).map_err(unreadable)?;
    let start = start.get(..read).unwrap_or_default();
    if start == OLD_OFFICE {
        let message = "this is an old XLS file, or one with a password: save it as XLSX or CSV";
        return Err(Fault::new(codes::WRONG_FORMAT, message));
    }
    if start != ARCHIVE {
        return Err(Fault::new(codes::WRONG_FORMAT, "this is no XLSX file"));
    }
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut archive = ZipArchive::new(&mut *source).map_err(|_error| broken())?;
    if archive.len() > MOST_PARTS {
        return Err(Fault::new(codes::FILE_TOO_LARGE, format!("the file has more than {MOST_PARTS} parts")));
    }
    let mut left = limits.unpacked;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                Fault::new(codes::WRONG_FORMAT, "the file is protected by a password")
            }
            _ => broken(),
        })?;
        let name = part.name().map_err(|_error| broken())?.to_ascii_lowercase();
        // What is no XML is a picture or a macro, which nothing here reads.
        let mut scan = [".xml", ".rels"].iter().any(|ending| name.ends_with(ending)).then(Scan::default);
        left = unpack(part, left, scan.as_mut())?;
    }
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    Ok(())
}

/// Unpacks a part into nothing; answers how many bytes may still come.
fn unpack(mut part: impl Read, mut left: u64, mut scan: Option<&mut Scan>) -> Result<u64, Fault> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = part.read(&mut buffer).map_err(|_error| broken())?;
        if count == 0 {
            return Ok(left);
        }
        let read = u64::try_from(count).ok().and_then(|count| left.checked_sub(count));
        left = read.ok_or_else(|| {
            let message = "the file unpacks to more than is allowed: a damaged or hostile archive";
            Fault::new(codes::UNPACKS_TOO_LARGE, message)
        })?;
        if let Some(scan) = scan.as_deref_mut() {
            for byte in buffer.iter().take(count) {
                scan.byte(*byte)?;
            }
        }
    }
}

/// Looks through XML for what would make the library take memory that the file does not have: a stated
/// count of shared texts, and empty texts by the million. Characters that XML forbids are refused, so that no
/// other encoding hides either of them.
#[derive(Default)]
struct Scan {
    before: [u8; 2],
    texts: u64,
    count: Count,
}

/// How far a stated count has been read.
enum Count {
    /// So many letters of its name.
    Name(usize),
    /// What stands between the name and the number.
    Gap,
    /// The number.
    Number(u64),
}

impl Default for Count {
    fn default() -> Self {
        Self::Name(0)
    }
}

impl Scan {
    /// The attribute that states how many shared texts there are.
    const NAME: &[u8] = b"uniqueCount";

    fn byte(&mut self, byte: u8) -> Result<(), Fault> {
        if byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') {
            return Err(broken());
        }
        // `<si` and `<x:si` begin a shared text.
        if byte == b'i' && matches!(self.before, [b'<' | b':', b's']) {
            self.texts = self.texts.saturating_add(1);
        }
        self.before = [self.before[1], byte];
        self.count =
            match self.count {
                Count::Name(known) if Self::NAME.get(known) == Some(&byte) => {
                    if known + 1 == Self::NAME.len() { Count::Gap } else { Count::Name(known + 1) }
                }
                Count::Gap if matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'=' | b'"' | b'\'') => {
                    Count::Gap
                }
                Count::Gap if byte.is_ascii_digit() => Count::Number(u64::from(byte - b'0')),
                Count::Number(number) if byte.is_ascii_digit() => {
                    Count::Number(number.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
                }
                _ => Count::Name(usize::from(Self::NAME.first() == Some(&byte))),
            };
        let stated = if let Count::Number(number) = self.count { number } else { 0 };
        if self.texts.max(stated) > MOST_TEXTS {
            return Err(Fault::new(
                codes::FILE_TOO_LARGE,
                "the workbook holds too many texts: save it as CSV",
            ));
        }
        Ok(())
    }
}
