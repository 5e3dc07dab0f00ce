//! `schema`: the API in the schema definition language.

use std::io;

use super::{Exit, Io};
use crate::graphql::sdl;

/// The arguments of `schema`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    io.out.write_all(sdl().as_bytes())?;
    Ok(Exit::Done)
}
