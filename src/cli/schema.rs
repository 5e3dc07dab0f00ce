//! `schema`: the GraphQL schema, as committed in `schema.graphql`.

use std::io;

use super::{Exit, Io};

pub(super) fn run(io: &mut Io<'_>) -> io::Result<Exit> {
    write!(io.out, "{}", crate::graphql::sdl())?;
    Ok(Exit::Done)
}
