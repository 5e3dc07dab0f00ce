//! The pure core: facts, catalogue and date in, package out. It opens no file and reads no clock.

pub mod facts;
pub mod identity;
pub mod money;
pub mod period;
pub mod ratio;
pub mod schedule;
pub mod text;
pub mod vocabulary;
