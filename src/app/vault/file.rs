//! The file of the keys: TOML that only its owner can read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::NaiveDate;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Secret, Vault};

const HEADING: &str = "\
# Keys for the ID numbers in the database. Keep this file secret, and keep a copy of it in another place:
# without it no stored number can be read or matched again. `assistance-toolbox keys` adds and retires keys.
";

/// The keys of a file.
pub struct KeyFile {
    hash: Secret,
    seals: BTreeMap<i64, (NaiveDate, Secret)>,
}

/// Why keys cannot be read, made or changed. Nothing of the file is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("the key file `{}` cannot be {done}: {why}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was to be done with it.
        done: &'static str,
        /// The system's reason.
        why: String,
    },
    /// There is one already.
    #[error("`{}` is there already", .0.display())]
    Exists(PathBuf),
    /// Others can read it.
    #[error("others can read the key file `{}`: take their rights away, as with `chmod 600`", .0.display())]
    Open(PathBuf),
    /// It is something else.
    #[error("`{}` is no key file that `keys new` made", .0.display())]
    NoKeys(PathBuf),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// The file has no key of this number.
    #[error("the key file has no key {0}")]
    Unknown(i64),
    /// The key seals what comes.
    #[error("key {0} is the newest and seals: add another with `keys rotate` first")]
    Newest(i64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    hash: Zeroizing<String>,
    seal: Vec<SealDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealDocument {
    number: i64,
    made: NaiveDate,
    key: Zeroizing<String>,
}

impl KeyFile {
    /// New keys: one for hashing, and the first for sealing.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new(today: NaiveDate) -> Result<Self, KeyFileError> {
        Ok(Self { hash: secret()?, seals: BTreeMap::from([(1, (today, secret()?))]) })
    }

    /// Reads a file that [`Self::create`] made.
    ///
    /// # Errors
    /// The file cannot be read; others than its owner can read it; it is something else.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let failed = |error: io::Error| io_error(path, "read", &error);
        let mut file = File::open(path).map_err(failed)?;
        #[cfg(unix)]
        if std::os::unix::fs::PermissionsExt::mode(&file.metadata().map_err(failed)?.permissions()) & 0o077
            != 0
        {
            return Err(KeyFileError::Open(path.to_owned()));
        }
        // What is longer is no key file.
        let mut text = Zeroizing::new(String::with_capacity(LONGEST));
        let read = (&mut file).take(u64::try_from(LONGEST).unwrap_or(u64::MAX)).read_to_string(&mut text);
        match read {
            Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(failed(error)),
            _ => Self::parse(&text).ok_or_else(|| KeyFileError::NoKeys(path.to_owned())),
        }
    }

    // The library's message would quote a line of the file.
    fn parse(text: &str) -> Option<Self> {
        let document: Document = toml::from_str(text).ok()?;
        let hash = decoded(&document.hash)?;
        let mut seals = BTreeMap::new();
        for SealDocument { number, made, key } in document.seal {
            if number < 1 || seals.insert(number, (made, decoded(&key)?)).is_some() {
                return None;
            }
        }
        (!seals.is_empty()).then_some(Self { hash, seals })
    }

    fn text(&self) -> Zeroizing<String> {
        let encoded = |secret: &Secret| Zeroizing::new(STANDARD_NO_PAD.encode(secret.as_slice()));
        let mut text = Zeroizing::new(String::with_capacity(LONGEST));
        text.push_str(HEADING);
        // Writing to a text does not fail.
        let _written = writeln!(text, "hash = \"{}\"", *encoded(&self.hash));
        for (number, (made, key)) in &self.seals {
            let key = encoded(key);
            let _written =
                writeln!(text, "\n[[seal]]\nnumber = {number}\nmade = \"{made}\"\nkey = \"{}\"", *key);
        }
        text
    }

    /// Writes the keys to a new file that only its owner can read.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn create(&self, path: &Path) -> Result<(), KeyFileError> {
        self.write_new(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
            _ => io_error(path, "written", &error),
        })
    }

    /// Puts the keys in the place of a file, at one stroke: whatever happens, the old keys or the new are there.
    ///
    /// # Errors
    /// It cannot be written, or `FILE.new` is there already: another change goes on, or was cut off.
    pub fn replace(&self, path: &Path) -> Result<(), KeyFileError> {
        let mut new = path.as_os_str().to_owned();
        new.push(".new");
        let new = PathBuf::from(new);
        self.create(&new)?;
        let replaced = fs::rename(&new, path).and_then(|()| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            #[cfg(unix)]
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
            Ok(())
        });
        replaced.map_err(|error| io_error(path, "written", &error))
    }

    fn write_new(&self, path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(self.text().as_bytes())?;
        file.sync_all()
    }

    /// Adds a key, which seals from now on; answers its number.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn rotate(&mut self, today: NaiveDate) -> Result<i64, KeyFileError> {
        let number = self.newest() + 1;
        self.seals.insert(number, (today, secret()?));
        Ok(number)
    }

    /// Takes a key away.
    ///
    /// # Errors
    /// There is no such key, or it is the newest.
    pub fn retire(&mut self, number: i64) -> Result<(), KeyFileError> {
        if number == self.newest() {
            return Err(KeyFileError::Newest(number));
        }
        self.seals.remove(&number).map(|_key| ()).ok_or(KeyFileError::Unknown(number))
    }

    /// The numbers of the keys, and when they were made, in order.
    pub fn made(&self) -> impl Iterator<Item = (i64, NaiveDate)> {
        self.seals.iter().map(|(number, (made, _))| (*number, *made))
    }

    /// The keys in use.
    pub fn vault(&self) -> Vault {
        Vault::new(&self.hash, self.seals.iter().map(|(number, (_, key))| (*number, key)))
    }

    fn newest(&self) -> i64 {
        self.seals.last_key_value().map_or(0, |(number, _)| *number)
    }
}

/// More than a file with a thousand keys has.
const LONGEST: usize = 128 * 1024;

fn io_error(path: &Path, done: &'static str, error: &io::Error) -> KeyFileError {
    KeyFileError::Io { path: path.to_owned(), done, why: error.to_string() }
}

fn secret() -> Result<Secret, KeyFileError> {
    let mut secret = Secret::default();
    getrandom::fill(secret.as_mut_slice()).map_err(|_error| KeyFileError::NoRandom)?;
    Ok(secret)
}

fn decoded(text: &str) -> Option<Secret> {
    let mut secret = Secret::default();
    // The decoder wants room for what four characters could hold at most.
    let mut room = Zeroizing::new([0; 36]);
    let length = STANDARD_NO_PAD.decode_slice(text, room.as_mut_slice()).ok()?;
    let bytes: &[u8] = room.get(..length)?;
    secret.copy_from_slice(bytes.first_chunk::<32>().filter(|_| length == 32)?);
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
    }

    #[test]
    fn keys_come_back_from_their_file_which_is_their_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("id-keys.toml");
        let mut keys = KeyFile::new(day()).unwrap();
        keys.create(&path).unwrap();
        assert_eq!(keys.create(&path), Err(KeyFileError::Exists(path.clone())));
        let check = keys.vault().check();
        assert_eq!(KeyFile::read(&path).unwrap().vault().check(), check);
        assert_eq!(keys.rotate(day()), Ok(2));
        keys.replace(&path).unwrap();
        let back = KeyFile::read(&path).unwrap();
        assert_eq!((back.vault().check(), back.vault().newest()), (check, 2));
        assert_eq!(*back.text(), *keys.text());
        assert_eq!(back.made().collect::<Vec<_>>(), [(1, day()), (2, day())]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            assert_eq!(KeyFile::read(&path).err(), Some(KeyFileError::Open(path.clone())));
        }
    }

    #[test]
    fn the_newest_key_stays_and_an_old_one_goes() {
        let mut keys = KeyFile::new(day()).unwrap();
        assert_eq!(keys.retire(1), Err(KeyFileError::Newest(1)));
        keys.rotate(day()).unwrap();
        assert_eq!(keys.retire(3), Err(KeyFileError::Unknown(3)));
        assert_eq!(keys.retire(1), Ok(()));
        assert_eq!(keys.rotate(day()), Ok(3), "a number is not given again while a later one is there");
    }

    #[test]
    fn what_is_no_key_file_is_refused_and_not_quoted() {
        let good = KeyFile::new(day()).unwrap().text();
        let key = "A".repeat(43);
        for bad in [
            String::new(),
            format!("hash = \"{key}\"\n"),
            format!("hash = \"{key}\"\nseal = []\n"),
            good.replacen("number = 1", "number = 0", 1),
            good.replacen("number = 1", "number = 1\nextra = 1", 1),
            good.replacen("hash = \"", "hash = \"AAAA", 1),
            format!("{}[[seal]]{}", *good, good.rsplit("[[seal]]").next().unwrap()),
        ] {
            assert!(KeyFile::parse(&bad).is_none(), "{bad}");
        }
        assert!(KeyFile::parse(&good).is_some());
        let shown = KeyFileError::NoKeys(PathBuf::from("a.toml")).to_string();
        assert_eq!(shown, "`a.toml` is no key file that `keys new` made");
    }
}
