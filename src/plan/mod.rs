//! What a run will do, file by file, before it does it.

pub mod merge;
