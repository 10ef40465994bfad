//! Turns an ONEX contract into a Python node that runs on omnibase-core, and keeps the two in step.
//!
//! One pipeline of typed stages; each takes values and gives the next, and only the two ends touch the world:
//!
//! ```text
//! answers, flags ── spec, wizard, contract::write ──> text of contract.yaml
//! text of contract.yaml ── contract::parse ──> Contract        every value with its place
//!      project on disk  ── project::detect ──> Project         package, folders, settings
//!                Contract ── node::resolve ──> Node            names derived, nothing optional
//!                    Node ── render::render ─> RenderedFile(s) Python, finished and formatted
//!   files, lock, and what is there ── plan::settled ──> in step, and nothing more is to be said; or
//!                           ── plan ─────────> Plan            one change per file, merged with the user's text
//!                    Plan ── workspace.write ─> disk           all of it or nothing, whatever stops it
//! contract, code, project ── lint::gather, lint ──> diagnostics
//! ```
//!
//! `new`, `regenerate`, `--dry-run` and `check` are readings of the same plan. What was rendered last stands in a
//! [`lock`], which [`plan::regenerate`] merges from ([`plan::merge`]) and recognises renames by ([`plan::matching`]).
//!
//! What always holds:
//! - Stages collect [`diagnostic::Diagnostic`]s and go on, so that one run names every mistake with its place.
//! - Text of a contract reaches Python only through the types of [`python`], which are valid by construction.
//! - Only [`workspace`] touches the file system, only [`report`] prints, only [`commands`] compose stages.
//! - The same input gives the same bytes: nothing reads a clock, and everything that is printed is ordered.

pub mod ask;
pub mod cli;
pub mod commands;
pub mod contract;
pub mod diagnostic;
pub mod lint;
pub mod lock;
pub mod node;
pub mod parallel;
pub mod plan;
pub mod project;
pub mod python;
pub mod render;
pub mod report;
mod search;
pub mod source;
pub mod spec;
pub mod wizard;
pub mod workspace;
