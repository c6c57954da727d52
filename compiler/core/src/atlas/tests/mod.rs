//! Tests of atlases, space by space.

use super::*;
use crate::source::{FileId, Span};

mod earth;
mod file;
mod ground;
mod linear;
mod plain;

pub(super) fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}
