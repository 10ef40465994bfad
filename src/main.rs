//! The `onex` command.

fn main() {}
