//! Packages and explanations as a clerk reads them, in zh or en, on a terminal of 100 columns.

mod amounts;
mod change;
mod entitlements;
mod explanation;
mod grid;
mod income;
mod lines;
mod merge;
mod names;
mod package;
mod questions;
mod refused;
mod words;

pub(super) use amounts::yuan;
pub(super) use change::Words;
pub(super) use explanation::{explanation, fact_words};
pub(super) use grid::{Grid, paragraph};
pub(super) use income::income;
pub(super) use lines::{ToldLine, told_lines};
pub(super) use names::{identity_name, sources};
pub(super) use package::package;
pub(super) use words::{set, standing};
