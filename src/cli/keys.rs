//! `keys`: the keys for ID numbers.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::database::{DatabaseArgs, configuration};
use super::{Exit, Io};
use crate::app::numbers::reseal;
use crate::app::vault::{KeyFile, KeyFileError, Vault};

/// The arguments of `keys`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a key file that only you can read: a key to hash ID numbers with, and the first to seal them with
    New(NewArgs),
    /// List the keys that seal, and how many numbers of the database each of them seals
    List(KeysArgs),
    /// Add a key: it seals what is imported from now on; older keys stay, to open what they sealed
    Rotate(RotateArgs),
    /// Seal every number of the database with the newest key; cut off, it can be started again
    Reseal(KeysArgs),
    /// Take a key away that seals no number of the database any more; mind the copies of the database
    Retire(RetireArgs),
}

#[derive(Debug, clap::Args)]
struct NewArgs {
    /// The file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, clap::Args)]
struct RotateArgs {
    /// The key file [default: `ASSISTANCE_ID_KEYS`]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct KeysArgs {
    /// The key file [default: `ASSISTANCE_ID_KEYS`]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, clap::Args)]
struct RetireArgs {
    /// The number of the key
    #[arg(long, value_name = "NUMBER")]
    key: i64,
    #[command(flatten)]
    keys: KeysArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Command::New(args) => new(&args.out, io),
        Command::List(args) => list(args, io),
        Command::Rotate(args) => rotate(args.file.as_deref(), io),
        Command::Reseal(args) => seal_anew(args, io),
        Command::Retire(args) => retire(args, io),
    }
}

/// The keys of a file, or of the configured one; if there are none, says how to make them.
pub(super) fn vault(file: Option<&Path>, io: &mut Io<'_>) -> io::Result<Result<Vault, Exit>> {
    Ok(key_file(file, io)?.map(|(_, keys)| keys.vault()))
}

fn key_file(file: Option<&Path>, io: &mut Io<'_>) -> io::Result<Result<(PathBuf, KeyFile), Exit>> {
    let path = match file {
        Some(file) => file.to_owned(),
        None => match configuration(io)? {
            None => return Ok(Err(Exit::BadInput)),
            Some(config) => {
                let Some(path) = config.id_keys else {
                    writeln!(
                        io.err,
                        "error: there are no keys for ID numbers: make them with `assistance-toolbox keys new --out \
                         FILE`, and set `ASSISTANCE_ID_KEYS` to the file"
                    )?;
                    return Ok(Err(Exit::BadInput));
                };
                path
            }
        },
    };
    match KeyFile::read(&path) {
        Ok(keys) => Ok(Ok((path, keys))),
        Err(error) => Ok(Err(refuse(&error, io)?)),
    }
}

fn refuse(error: &KeyFileError, io: &mut Io<'_>) -> io::Result<Exit> {
    writeln!(io.err, "error: {error}")?;
    Ok(match error {
        KeyFileError::NoRandom => Exit::Failed,
        _ => Exit::BadInput,
    })
}

fn new(out: &Path, io: &mut Io<'_>) -> io::Result<Exit> {
    match KeyFile::new(io.clock.today()).and_then(|keys| keys.create(out)) {
        Ok(()) => {
            writeln!(io.out, "{}", out.display())?;
            Ok(Exit::Done)
        }
        Err(error) => refuse(&error, io),
    }
}

fn rotate(file: Option<&Path>, io: &mut Io<'_>) -> io::Result<Exit> {
    let (path, mut keys) = match key_file(file, io)? {
        Ok(found) => found,
        Err(exit) => return Ok(exit),
    };
    match keys.rotate(io.clock.today()).and_then(|number| keys.replace(&path).map(|()| number)) {
        Ok(number) => {
            io.tell(format!("此后用第 {number} 号密钥加密"), format!("key {number} seals from now on"))?;
            Ok(Exit::Done)
        }
        Err(error) => refuse(&error, io),
    }
}

fn list(args: &KeysArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let (_, keys) = match key_file(args.file.as_deref(), io)? {
        Ok(found) => found,
        Err(exit) => return Ok(exit),
    };
    let sealed = match sealed(args, io)? {
        Ok(sealed) => sealed,
        Err(exit) => return Ok(exit),
    };
    for (number, made) in keys.made() {
        let count = sealed.iter().find(|(key, _)| *key == number).map_or(0, |(_, count)| *count);
        io.tell(
            format!("第 {number} 号密钥，{made} 生成：加密 {count} 个号码"),
            format!("key {number}, made on {made}: seals {count} numbers"),
        )?;
    }
    let known: Vec<i64> = keys.made().map(|(number, _)| number).collect();
    for (number, count) in sealed.iter().filter(|(key, _)| !known.contains(key)) {
        io.tell(
            format!("第 {number} 号密钥，不在文件中：加密 {count} 个号码"),
            format!("key {number}, not in the file: seals {count} numbers"),
        )?;
    }
    Ok(Exit::Done)
}

/// How many numbers of the database each key seals.
fn sealed(args: &KeysArgs, io: &mut Io<'_>) -> io::Result<Result<Vec<(i64, i64)>, Exit>> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(Err(exit)),
    };
    match store.seals().wait() {
        Ok(sealed) => Ok(Ok(sealed)),
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            Ok(Err(Exit::Failed))
        }
    }
}

fn seal_anew(args: &KeysArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let vault = match vault(args.file.as_deref(), io)? {
        Ok(vault) => Arc::new(vault),
        Err(exit) => return Ok(exit),
    };
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    match reseal(&store, &vault) {
        Ok(count) => {
            let newest = vault.newest();
            io.tell(
                format!("{count} 个号码已改用第 {newest} 号密钥加密"),
                format!("{count} numbers sealed anew with key {newest}"),
            )?;
            Ok(Exit::Done)
        }
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            Ok(Exit::Failed)
        }
    }
}

fn retire(args: &RetireArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let (path, mut keys) = match key_file(args.keys.file.as_deref(), io)? {
        Ok(found) => found,
        Err(exit) => return Ok(exit),
    };
    let number = args.key;
    if let Err(error) = keys.retire(number) {
        return refuse(&error, io);
    }
    let sealed = match sealed(&args.keys, io)? {
        Ok(sealed) => sealed,
        Err(exit) => return Ok(exit),
    };
    if let Some((_, count)) = sealed.iter().find(|(key, _)| *key == number) {
        writeln!(io.err, "error: key {number} seals {count} numbers still: run `keys reseal` first")?;
        return Ok(Exit::BadInput);
    }
    match keys.replace(&path) {
        Ok(()) => {
            io.tell(
                format!("第 {number} 号密钥已停用；此前备份的数据库仍需保留该密钥的副本"),
                format!("key {number} is retired; a copy of the database from before needs a copy of it"),
            )?;
            Ok(Exit::Done)
        }
        Err(error) => refuse(&error, io),
    }
}
