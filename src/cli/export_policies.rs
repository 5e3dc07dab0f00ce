//! `export-policies`: a catalogue of the database as files, byte for byte as they were put in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::database::DatabaseArgs;
use super::{Exit, Io};
use crate::policy_files;
use crate::store::{PolicyTexts, Which};

/// The arguments of `export-policies`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to write; a new or empty folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write into a folder that is not empty; policy files there that the catalogue does not have are named and left
    #[arg(long)]
    overwrite: bool,
    /// The number of the catalogue [default: the one in use]
    #[arg(long, value_name = "N")]
    number: Option<i64>,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let store = match args.database.open(io)? {
        Ok((store, _migrations)) => store,
        Err(exit) => return Ok(exit),
    };
    let found = match store.catalogue(args.number.map_or(Which::Latest, Which::Seq)).wait() {
        Ok(found) => found,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    let Some((version, files)) = found else {
        writeln!(io.err, "error: the database has no such catalogue")?;
        return Ok(Exit::Failed);
    };
    let out = args.out.display();
    if !args.overwrite && fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some()) {
        writeln!(io.err, "error: `--out`: `{out}` is not empty: name a new folder, or say `--overwrite`")?;
        return Ok(Exit::BadInput);
    }
    if let Err(error) = write(&args.out, &files) {
        writeln!(io.err, "error: `{out}` cannot be written: {error}")?;
        return Ok(Exit::Failed);
    }
    let known = |path: &str| files.iter().any(|(known, _)| known == path);
    for (path, _) in policy_files::texts(&args.out).unwrap_or_default() {
        if !known(&path) {
            writeln!(io.err, "left alone: {path} is not in the catalogue")?;
        }
    }
    let (seq, hash) = (version.seq, version.catalogue);
    let count = files.len();
    io.tell(
        format!("第 {seq} 版政策目录的 {count} 个文件已写入 {out}：{hash}"),
        format!("{count} files of catalogue {seq} in {out}: {hash}"),
    )?;
    Ok(Exit::Done)
}

/// Writes files; those that hold the same text already stay untouched.
fn write(out: &Path, files: &PolicyTexts) -> io::Result<()> {
    for (path, text) in files {
        let file = out.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        if fs::read(&file).is_ok_and(|known| known == text.as_bytes()) {
            continue;
        }
        fs::write(file, text)?;
    }
    Ok(())
}
