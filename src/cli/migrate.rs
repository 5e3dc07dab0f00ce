//! `migrate`: brings the database up to date.

use std::io;

use super::database::DatabaseArgs;
use super::{Exit, Io};

/// The arguments of `migrate`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let done = match args.database.open(io)? {
        Ok((_store, done)) => done,
        Err(exit) => return Ok(exit),
    };
    for version in &done {
        writeln!(io.out, "{version}")?;
    }
    let done = done.len();
    io.tell(
        format!("执行了 {done} 个迁移，数据库已是最新"),
        format!("{done} migrations run, the database is up to date"),
    )?;
    Ok(Exit::Done)
}
