//! What must hold of every input, whoever wrote it: one module per fuzz target, one function `holds` in each.
//!
//! In: any text. A panic is a finding; so is whatever an assertion here says. `scripts/fuzz` runs the targets, and
//! `corpus/` keeps the inputs that reach the most code.

pub mod contract;
pub mod generate;
pub mod lock;
pub mod merge;
pub mod pyproject;
pub mod python;
pub mod route;

use std::sync::LazyLock;

use onex_scaffold::diagnostic::{Diagnostic, Label};
use onex_scaffold::project::{self, Place, Project, Wish};
use onex_scaffold::source::{SourceFile, Span};
use onex_scaffold::workspace::Workspace;

/// A project that holds a pyproject.toml and an empty package.
static PROJECT: LazyLock<Project> = LazyLock::new(|| {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/project"));
    let workspace = Workspace::open(root).expect("fuzz/project is there");
    let place = Place::Standing(root.to_owned());
    project::detect(&place, &workspace, Wish::default()).expect("fuzz/project is a project").project
});

/// Every finding says something, and all its places are in their files.
fn told(found: &[Diagnostic]) {
    for diagnostic in found {
        assert!(!diagnostic.message.trim().is_empty(), "{} says nothing", diagnostic.rule);
        for Label { file, span, .. } in diagnostic.related.iter().chain([&diagnostic.primary]) {
            placed(file, *span);
        }
    }
}

/// A place is in its file, from one character to another.
fn placed(file: &SourceFile, span: Span) {
    let range = span.range();
    assert!(file.text().get(range.clone()).is_some(), "{range:?} is no place in {:?}", file.text());
}

/// Whether any finding stops the command.
fn stops(found: &[Diagnostic]) -> bool {
    found.iter().any(Diagnostic::is_error)
}
