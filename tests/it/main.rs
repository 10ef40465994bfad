//! Everything that is tested through the program itself or over the repository's own samples.

/// Every case of `tests/cases/` against its tree in `snapshots/generate/`.
mod generate;
