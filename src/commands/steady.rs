//! Which nodes that are in step have to be planned all the same, because of what happens to others.
//!
//! In: the nodes of a project after a look at each. Out: folders. Nodes have files in common, and a plan for a file is
//! made from what all of its nodes want.

use std::collections::{BTreeMap, BTreeSet};

use super::nodes::Read;
use super::rendered::Rendered;
use crate::diagnostic::Diagnostic;
use crate::lint::Looked;
use crate::node::ClassPath;
use crate::plan::regenerate::Managed;
use crate::plan::settled;
use crate::project::Project;
use crate::render::Ownership;
use crate::workspace::{Disk, RelPath};

/// A node that has to be planned.
#[derive(Debug)]
pub(super) struct Opened {
    /// The node as it was read.
    pub(super) read: Read,
    /// The node as it is rendered.
    pub(super) rendered: Rendered,
    /// The digest of what the contract says.
    pub(super) fingerprint: String,
    /// What was found where its own files belong, as far as that was looked at.
    pub(super) standing: Disk,
}

impl Opened {
    /// The node as it is planned.
    pub(super) fn managed(&self) -> Managed<'_> {
        self.rendered.managed(&self.read, &self.fingerprint)
    }

    /// Every path that it lists or renders.
    fn paths(&self) -> impl Iterator<Item = &RelPath> {
        let listed = self.read.lock.files.iter().map(|file| &file.path);
        let files = self.rendered.files.iter().chain(&self.rendered.referred);
        files.map(|file| &file.path).chain(listed)
    }
}

/// What is kept of a node that is in step.
#[derive(Debug)]
pub(super) struct Steady {
    /// Its folder.
    pub(super) folder: RelPath,
    /// Its class in node.py.
    pub(super) class: ClassPath,
    /// Its files, and who owns them.
    pub(super) files: Vec<(RelPath, Ownership)>,
    /// The folder of its tests.
    pub(super) tests: Option<RelPath>,
    /// What lint finds in it; nothing where it has to look at all of it, or nobody asked.
    pub(super) findings: Option<Findings>,
}

/// What lint has to say of one node.
#[derive(Debug)]
pub(super) struct Findings {
    /// What its rules find.
    pub(super) looked: Looked,
    /// Where the code does not fit the contract.
    pub(super) nonconforming: Vec<Diagnostic>,
}

impl Steady {
    /// Its files outside its own folders, which other nodes may have as well.
    pub(super) fn outside(&self) -> impl Iterator<Item = (&RelPath, Ownership)> {
        let files = self.files.iter().map(|(path, ownership)| (path, *ownership));
        files.filter(|(path, _)| {
            let is_test = self.tests.as_ref().is_some_and(|tests| path.lies_in(tests));
            !is_test && !path.lies_in(&self.folder)
        })
    }
}

/// The nodes in step that have to be planned with those that are not.
pub(super) fn concerned(
    open: &[Opened],
    steady: &BTreeMap<RelPath, Steady>,
    project: &Project,
    is_meant: &dyn Fn(&RelPath) -> bool,
) -> BTreeSet<RelPath> {
    let open: Vec<&Opened> = open.iter().filter(|open| is_meant(&open.read.folder)).collect();
    // What is left over may still be imported by whatever somebody wrote.
    let concerned: BTreeSet<RelPath> =
        if open.iter().any(|open| settled::left_over(&open.managed())) {
            steady.keys().cloned().collect()
        } else {
            let mut concerned = sharing(&open, steady, project);
            concerned.extend(spelt_alike(&open, steady));
            concerned
        };
    concerned.into_iter().filter(|folder| is_meant(folder)).collect()
}

/// The nodes that have a file in common with one that is planned, and those that have one in common with these. What
/// several nodes pass on in one `__init__.py` is no such file: what each of them has in it stands in its lock.
fn sharing(
    open: &[&Opened],
    steady: &BTreeMap<RelPath, Steady>,
    project: &Project,
) -> BTreeSet<RelPath> {
    let mut sharing: BTreeMap<&RelPath, Vec<&Steady>> = BTreeMap::new();
    for node in if open.is_empty() { None } else { Some(steady.values()) }.into_iter().flatten() {
        for (path, _) in node.outside().filter(|(path, _)| path.name() != "__init__.py") {
            sharing.entry(path).or_default().push(node);
        }
    }
    let (nodes, tests) = (project.nodes_folder(), project.tests.ours("nodes"));
    let owner = |path: &RelPath| {
        path.ancestors().find_map(|above| {
            let moved =
                if above.parent() == tests { above.moved(&tests, &nodes) } else { Some(above) };
            steady.get(&moved?)
        })
    };
    let mut concerned = BTreeSet::new();
    let mut paths: Vec<&RelPath> = open.iter().flat_map(|open| open.paths()).collect();
    while let Some(path) = paths.pop() {
        for node in sharing.remove(path).into_iter().flatten().chain(owner(path)) {
            if concerned.insert(node.folder.clone()) {
                paths.extend(node.outside().map(|(path, _)| path));
            }
        }
    }
    concerned
}

/// The nodes with a path that differs from another's in case, or in how letters are composed, alone.
fn spelt_alike(open: &[&Opened], steady: &BTreeMap<RelPath, Steady>) -> BTreeSet<RelPath> {
    let all = || {
        let of_steady =
            steady.values().flat_map(|node| node.files.iter().map(move |(p, _)| (p, &node.folder)));
        let of_open =
            open.iter().flat_map(|open| open.paths().map(|path| (path, &open.read.folder)));
        of_steady.chain(of_open)
    };
    // Names that are all in lower case can be taken for no other.
    let is_plain =
        |path: &RelPath| path.as_str().bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if all().all(|(path, _)| is_plain(path)) {
        return BTreeSet::new();
    }
    let mut spellings: BTreeMap<String, BTreeMap<RelPath, BTreeSet<&RelPath>>> = BTreeMap::new();
    for (path, folder) in all() {
        for path in std::iter::once(path.clone()).chain(path.ancestors()) {
            let alike = spellings.entry(path.folded()).or_default();
            alike.entry(path).or_default().insert(folder);
        }
    }
    let clashes = spellings.into_values().filter(|alike| alike.len() > 1);
    clashes.flat_map(|alike| alike.into_values().flatten().cloned()).collect()
}
