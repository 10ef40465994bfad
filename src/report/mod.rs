//! Everything that is printed: one renderer per file.
