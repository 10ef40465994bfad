//! The `onex` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    onex_scaffold::commands::run(&std::env::args_os().collect::<Vec<_>>())
}
