//! The `onex` command as its users meet it: run as a process, in folders made for each test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test cannot do, it fails by")]

/// Builds the folders, runs the command, holds the outcome.
mod project;

/// What is no command of ours goes to the framework.
mod framework;
/// `onex new orchestrator` where it succeeds.
mod new;
/// What is printed: help, JSON, findings.
mod output;
/// Where `onex new` refuses, says why, and leaves everything as it was.
mod refusals;
