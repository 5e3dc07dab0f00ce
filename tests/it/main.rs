//! The one integration binary.

mod properties;
