//! The `onex` command.

use std::process::ExitCode;

/// Of a run over many nodes, a fifth of the time would go into allocating what one of them needs and freeing it again.
/// Without huge pages: filling those with zeros takes longer than a short run, and most of a page is never used.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    onex_scaffold::commands::run(&std::env::args_os().collect::<Vec<_>>())
}
