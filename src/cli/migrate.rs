//! `migrate`: brings the database up to date.

use std::io;

use super::database::{configuration, opened};
use super::{Exit, Io};

pub(super) fn run(io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(config) = configuration(io)? else { return Ok(Exit::BadInput) };
    let Some((_store, done)) = opened(&config.database_url, io)? else { return Ok(Exit::Failed) };
    for version in &done {
        writeln!(io.out, "{version}")?;
    }
    writeln!(io.out, "{} migrations run, the database is up to date", done.len())?;
    Ok(Exit::Done)
}
