//! The pure core: facts, catalogue and date in, package out. It opens no file and reads no clock.

pub mod condition;
pub mod facts;
pub mod identity;
pub mod money;
pub mod period;
pub mod ratio;
pub mod text;
pub mod vocabulary;
