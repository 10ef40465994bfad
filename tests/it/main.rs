//! Everything that is tested through the program itself, run as a process, or over the repository's own samples.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test cannot do, it fails by"
)]

/// Builds folders, runs the command, holds the outcome.
mod project;
/// A pseudo-terminal with the command in it.
#[cfg(unix)]
mod terminal;
/// `onex new orchestrator` with questions.
#[cfg(unix)]
mod wizard;

/// How far a long run is.
#[cfg(unix)]
mod progress;

/// `onex add`.
mod add;
/// `onex new orchestrator` from flags.
mod answers;
/// The cases of `tests/cases/`, step by step.
mod case;
/// README.md and what keeps it true.
mod readme;

/// Nodes that were written by hand, taken up.
mod adopted;
/// Too much of everything.
#[cfg(unix)]
mod bounds;
/// The contracts that the framework ships, as input.
mod corpus;
/// What the program is built from.
mod dependencies;
/// What is no command of ours goes to the framework.
mod framework;
/// Every case of `tests/cases/` against its tree in `snapshots/generate/`.
mod generate;
/// Texts that become code elsewhere.
mod hostile;
/// Runs that are killed, interrupted, or meet each other.
mod kills;
/// What `onex lint` finds, in every form, and `onex explain`.
mod lint;
/// `onex new orchestrator` where it succeeds.
mod new;
/// What is printed: help, JSON, findings.
mod output;
/// What holds of every regeneration, over random contracts, changes and edits.
mod properties;
/// What is handed out for other people's CI.
mod recipe;
/// Where `onex new` refuses, says why, and leaves everything as it was.
mod refusals;
/// What `onex regenerate`, `onex check` and `onex adopt` say.
mod regenerate;
/// SECURITY.md, and what keeps it true.
mod security;
mod since;
