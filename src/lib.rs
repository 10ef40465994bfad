//! Turns an ONEX contract into a Python node that runs on omnibase-core, and keeps the two in step.
//!
//! One pipeline of typed stages; each takes values and gives the next, and only the two ends touch the world:
//!
//! ```text
//! text of contract.yaml ── contract::parse ──> Contract        every value with its place
//!      project on disk  ── project::detect ──> Project         package, folders, settings
//!                Contract ── node::resolve ──> Node            names derived, nothing optional
//!                    Node ── render::render ─> RenderedFile(s) Python, finished and formatted
//!       files and what is there ── plan::plan ──> Plan         one change per file
//!                    Plan ── workspace.write ─> disk           all of it or nothing
//! ```
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
pub mod plan;
pub mod project;
pub mod python;
pub mod render;
pub mod report;
pub mod source;
pub mod spec;
pub mod wizard;
pub mod workspace;
