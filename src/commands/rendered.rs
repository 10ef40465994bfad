//! A node as it is rendered now, from its contract and from what the user has of his own.
//!
//! In: a [`Read`] node, and what all locks of the project list. Out: its files, or why there are none ([`Made`]).

use std::collections::{BTreeMap, BTreeSet};

use super::nodes::{KnownLock, Read};
use super::trouble::Trouble;
use crate::contract::Contract;
use crate::diagnostic::Diagnostic;
use crate::lock::{Lock, LockedFile};
use crate::node::{self, Node};
use crate::plan::regenerate::Managed;
use crate::project::Project;
use crate::python::{DottedPath, Identifier};
use crate::render::{self, Ownership, RenderedFile};
use crate::workspace::{Disk, RelPath, Workspace};

/// A node as it is rendered.
#[derive(Debug)]
pub(super) struct Rendered {
    /// The node.
    pub(super) node: Node,
    /// Its files.
    pub(super) files: Vec<RenderedFile>,
    /// Models that it refers to and that another node's definitions give.
    pub(super) referred: Vec<RenderedFile>,
}

impl Rendered {
    /// The node as it is planned.
    pub(super) fn managed<'a>(&'a self, read: &'a Read, contract: &'a str) -> Managed<'a> {
        let Self { node, files, referred } = self;
        Managed { node, files, referred, lock: Some(&read.lock), contract }
    }
}

/// What the locks of a project list, each path with whether it is a generated file, and where it is now if the node's
/// folder was moved.
#[derive(Debug, Default)]
pub(super) struct Listed(BTreeMap<RelPath, bool>);

impl Listed {
    /// What the locks of these nodes list.
    pub(super) fn of(nodes: &BTreeMap<RelPath, KnownLock>, project: &Project) -> Self {
        let mut listed: BTreeMap<RelPath, bool> = BTreeMap::new();
        let read = nodes.iter().filter_map(|(folder, lock)| Some((folder, lock.lock()?)));
        for (folder, lock) in read {
            let was = project.module_folder(&lock.module);
            for LockedFile { path, ownership, .. } in &lock.files {
                let is_generated = *ownership == Ownership::Generated;
                if was != *folder
                    && let Some(moved) = path.moved(&was, folder)
                {
                    *listed.entry(moved).or_default() |= is_generated;
                }
                *listed.entry(path.clone()).or_default() |= is_generated;
            }
        }
        Self(listed)
    }

    /// Whether a lock lists the path.
    pub(super) fn has(&self, path: &RelPath) -> bool {
        self.0.contains_key(path)
    }

    /// Whether a lock lists the path as that of a generated file.
    pub(super) fn is_generated(&self, path: &RelPath) -> bool {
        self.0.get(path).copied().unwrap_or_default()
    }
}

/// The files of models that the node's definitions give outside its own package, which other nodes may refer to.
pub(super) fn defines<'a>(
    rendered: &'a Rendered,
    project: &Project,
) -> impl Iterator<Item = &'a RenderedFile> {
    let models = rendered.node.models.iter();
    let shared = models.filter(|model| model.file.strip_prefix(&rendered.node.module).is_none());
    let shared: BTreeSet<RelPath> = shared.map(|model| project.module_file(&model.file)).collect();
    let files = rendered.files.iter().filter(|file| file.ownership == Ownership::Generated);
    files.filter(move |file| shared.contains(&file.path))
}

/// Two contracts that define one class differently.
pub(super) fn disagreement(
    first: &Read,
    second: &Read,
    file: &RenderedFile,
    project: &Project,
) -> Option<Diagnostic> {
    let definition = |read: &Read| {
        let definitions = read.contract.definitions.iter();
        let mut own = definitions.filter(|definition| {
            let stem = Identifier::parse(&definition.name.value).ok();
            let stem = stem.and_then(|name| node::naming::model_file(&name).ok());
            stem.is_some_and(|stem| file.path.name() == format!("{stem}.py"))
        });
        own.next().cloned()
    };
    let (here, there) = (definition(second)?, definition(first)?);
    let message = format!(
        "{} and {} define `{}` differently, and both mean {}",
        first.folder.name(),
        second.folder.name(),
        here.name.value,
        file.path
    );
    debug_assert!(!project.is_new, "only standing projects hold several nodes");
    Some(
        Diagnostic::error("conflicting-definitions", &second.source, here.name.span, message)
            .label("defined here")
            .related_in(&first.source, there.name.span, "and otherwise here")
            .help("make the definitions the same, or keep the definition in one of the contracts alone"),
    )
}

/// A node's files, unless something in its contract keeps them from being rendered; and what was found on the way.
#[derive(Debug)]
pub(super) struct Made {
    /// The node with its files.
    pub(super) rendered: Option<Rendered>,
    /// What is wrong with its contract, or odd.
    pub(super) found: Vec<Diagnostic>,
}

/// Renders a node; `paths` is what its contract may mean ([`node::paths_to_read`]), `listed` what all locks list, and
/// `defined` what other nodes' definitions give.
pub(super) fn render_node(
    read: &Read,
    project: &Project,
    workspace: &Workspace,
    paths: &[RelPath],
    listed: &Listed,
    defined: &Disk,
) -> Result<Made, Trouble> {
    // What a lock lists is ours to render, and so is not there for the resolver, however it looks by now.
    let paths: Vec<&RelPath> = paths.iter().filter(|path| !listed.has(path)).collect();
    let disk = workspace.read(paths.iter().copied().cloned())?.and(defined.clone());
    let mut resolved = node::resolve(&read.contract, project, &disk, read.lock.style);
    if let Ok((node, _)) = &resolved {
        let taken = taken_along(read, node, project, workspace)?;
        if !taken.is_empty() {
            let paths = paths.into_iter().filter(|path| !taken.contains(*path));
            let disk = workspace.read(paths.cloned())?.and(defined.clone());
            resolved = node::resolve(&read.contract, project, &disk, read.lock.style);
        }
    }
    let (node, mut found) = match resolved {
        Ok(resolved) => resolved,
        Err(found) => return Ok(Made { rendered: None, found }),
    };
    let named = read.contract.name.as_ref();
    let named = named.and_then(|name| node::naming::folder_for_contract_name(&name.value).ok());
    let was = read.lock.module.parts().last();
    // A name that was the folder's and is another now is a rename that stopped half way.
    let renamed =
        named.as_ref().is_some_and(|name| Some(name) != was && name.as_str() != read.folder.name());
    let half = renamed && lock_knows_name(&read.lock, &read.contract);
    if node.folder.as_str() != read.folder.name() || half {
        let meant = named.filter(|_| half).unwrap_or_else(|| node.folder.clone());
        found.push(misplaced(read, &meant));
        return Ok(Made { rendered: None, found });
    }
    let files = render::render(&node, project, read.source.text())?;
    let rendered = Rendered { node, files, referred: Vec::new() };
    Ok(Made { rendered: Some(rendered), found })
}

/// Files that the user renamed before regenerating: they stand where the contract now wants them, while what the
/// lock lists for the same purpose is gone.
fn taken_along(
    read: &Read,
    node: &Node,
    project: &Project,
    workspace: &Workspace,
) -> Result<BTreeSet<RelPath>, Trouble> {
    let handlers = node.handlers.iter().filter(|handler| handler.stands);
    let handlers = handlers.map(|handler| handler.class.module.clone());
    let own = |file: &&DottedPath| file.last().starts_with("model_");
    let standing: Vec<DottedPath> =
        handlers.chain(node.standing.iter().filter(own).cloned()).collect();
    if standing.is_empty() {
        return Ok(BTreeSet::new());
    }
    let listed = read.lock.files.iter().filter(|file| file.ownership == Ownership::Scaffolded);
    let disk = workspace.read(listed.clone().map(|file| file.path.clone()))?;
    let gone: Vec<&RelPath> =
        listed.map(|file| &file.path).filter(|path| !disk.exists(path)).collect();
    let mut taken = BTreeSet::new();
    for file in standing {
        let path = project.module_file(&file);
        // The one that is gone lay in the same folder, and was of the same kind.
        let kind = path.name().split('_').next().unwrap_or_default();
        let alike =
            |gone: &&&RelPath| gone.parent() == path.parent() && gone.name().starts_with(kind);
        if gone.iter().any(|gone| alike(&gone)) {
            taken.extend(file.parent().map(|package| project.init_file(&package)));
            taken.insert(path);
        }
    }
    Ok(taken)
}

/// Whether the handlers of a contract still live where the lock says, so that only its name was changed.
fn lock_knows_name(lock: &Lock, contract: &Contract) -> bool {
    let entries = contract.routing.iter().flat_map(|routing| &routing.entries);
    let mut modules = entries.filter_map(|entry| entry.handler.module.as_ref());
    modules.any(|module| module.value.starts_with(&format!("{}.", lock.module)))
}

/// The contract names another folder than the one that it lies in.
fn misplaced(read: &Read, meant: &Identifier) -> Diagnostic {
    let span = read.contract.name.as_ref().map(|name| name.span).unwrap_or_default();
    let (here, there) = (read.folder.name(), meant.as_str());
    let parent = read.folder.parent();
    let message = format!("the contract is that of `{there}`, but lies in the folder `{here}`");
    Diagnostic::error("misplaced-node", &read.source, span, message)
        .label("the name and the handler modules of the contract say where the node lives")
        .help(format!(
            "either move the node: git mv {parent}/{here} {parent}/{there}; or let the contract say `{here}`, in \
             its name and its modules"
        ))
}
