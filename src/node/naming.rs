//! Names derived from names: folders, classes, files.
