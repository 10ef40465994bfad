//! No code through data: whatever text a contract, a lock, a setting, a flag, a name or the environment holds, the files
//! that come of it say the same to Python as those of a harmless twin, names and literals aside; or there are none, and a
//! finding with a place says why.

/// Contracts: every text in one, and every name that is a key.
mod contract;
/// The flags that describe a node, and the contract that is written from them.
mod flags;
/// Locks.
mod lock;
/// What is printed, in every format.
mod printed;
/// pyproject.toml.
mod settings;
/// What Python makes of a text.
mod skeleton;
/// The texts.
mod tricks;

use onex_scaffold::contract::parse;
use onex_scaffold::diagnostic::Diagnostic;
use onex_scaffold::node::{HandlerStyle, Node, resolve};
use onex_scaffold::project::{self, DetectError, Place, Wish};
use onex_scaffold::render::{self, RenderedFile};
use onex_scaffold::source::{SourceFile, Span};
use onex_scaffold::workspace::{Disk, Workspace};

use skeleton::Skeleton;

const STYLES: [HandlerStyle; 4] =
    [HandlerStyle::Envelope, HandlerStyle::Dual, HandlerStyle::DefinitionB, HandlerStyle::Template];

/// The project with an empty package that a pyproject.toml makes, or what is wrong with that.
fn project(pyproject: &str) -> Result<project::Project, Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pyproject.toml"), pyproject).unwrap();
    std::fs::create_dir_all(folder.path().join("src/app")).unwrap();
    std::fs::write(folder.path().join("src/app/__init__.py"), "").unwrap();
    let workspace = Workspace::open(folder.path()).unwrap();
    match project::detect(&Place::Standing(folder.path().to_owned()), &workspace, Wish::default()) {
        Ok(detected) => Ok(detected.project),
        Err(DetectError::Invalid(found)) => Err(found),
        Err(
            error @ (DetectError::Workspace(_) | DetectError::Package(_) | DetectError::NoText(_)),
        ) => {
            let file = SourceFile::new("pyproject.toml", pyproject);
            Err(vec![Diagnostic::error("project", &file, Span::default(), error.to_string())])
        }
    }
}

/// The node of a contract, or why there is none.
fn node(
    contract: &str,
    project: &project::Project,
    style: HandlerStyle,
) -> Result<Node, Vec<Diagnostic>> {
    let (parsed, found) = parse(&SourceFile::new("contract.yaml", contract));
    let stopped = found.iter().any(Diagnostic::is_error);
    let Some(parsed) = parsed.filter(|_| !stopped) else { return Err(found) };
    Ok(resolve(&parsed, project, &Disk::default(), style)?.0)
}

/// The files of a contract, or why there are none.
fn files(
    contract: &str,
    project: &project::Project,
    style: HandlerStyle,
) -> Result<Vec<RenderedFile>, Vec<Diagnostic>> {
    let node = node(contract, project, style)?;
    Ok(render::render(&node, project, contract).unwrap_or_else(|e| panic!("{e}\n{contract}")))
}

/// What the files say to Python.
fn said(files: &[RenderedFile]) -> Skeleton {
    let python = files.iter().filter(|file| file.path.name().ends_with(".py"));
    Skeleton::of(python.map(|file| file.text.as_str()))
}

/// Asserts that a refusal says why, at a place.
#[track_caller]
fn refused(found: &[Diagnostic], context: &str) {
    let error = found.iter().find(|finding| finding.is_error());
    let error = error.unwrap_or_else(|| panic!("refused without an error: {context}"));
    for finding in found {
        let label = &finding.primary;
        assert!(label.file.text().get(label.span.range()).is_some(), "no place: {context}");
    }
    assert!(!error.message.is_empty(), "{context}");
}
