//! Where the text of each wanted file comes from: the file stays, moves, starts as a copy of another, or is new.
//!
//! In: the locks, what [`super::matching`] says has moved, and the paths that the nodes want. Out: an [`Origin`] for
//! each of these paths. Moves are settled for all nodes together, since one may take the place that another leaves.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::Moves;
use super::regenerate::{Input, Managed, is_pristine};
use super::with_line_feeds;
use crate::lock::LockedFile;
use crate::workspace::{Found, RelPath};

/// Where the text of a wanted file comes from.
#[derive(Clone, Debug)]
pub(super) enum Origin<'a> {
    /// No lock knows of it.
    New,
    /// It stays where it is.
    Here(&'a LockedFile),
    /// It comes from where it was, which nobody wants any more.
    Moved {
        /// Where it was.
        from: RelPath,
        /// What was rendered there.
        locked: &'a LockedFile,
        /// What stands in the place that it comes to.
        over: Over,
    },
    /// It starts as the text of a file that others go on using.
    Copied {
        /// Which file.
        from: RelPath,
        /// What was rendered there.
        locked: &'a LockedFile,
    },
}

/// What stands where a file moves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// Nothing, or the very file, which somebody moved already.
    Free,
    /// A file that moves away in the same run.
    Leaving,
    /// A file as it was rendered, which it replaces.
    Untouched,
    /// A file that the user worked on, too.
    Edited,
}

impl<'a> Origin<'a> {
    /// Whether the file comes to a place where another stands.
    pub(super) fn takes_the_place(&self) -> bool {
        match self {
            Self::New | Self::Here(_) | Self::Copied { .. } => false,
            Self::Moved { over, .. } => *over != Over::Free,
        }
    }

    /// What was rendered last of the text that it goes on from.
    pub(super) fn locked(&self) -> Option<&'a LockedFile> {
        match self {
            Self::New => None,
            Self::Here(locked) | Self::Moved { locked, .. } | Self::Copied { locked, .. } => {
                Some(locked)
            }
        }
    }

    /// The same, where it is the file itself that goes on, and no copy.
    pub(super) fn itself(&self) -> Option<&'a LockedFile> {
        match self {
            Self::New | Self::Copied { .. } => None,
            Self::Here(locked) | Self::Moved { locked, .. } => Some(locked),
        }
    }

    /// Another place that the text comes from.
    pub(super) fn elsewhere(&self) -> Option<&RelPath> {
        match self {
            Self::New | Self::Here(_) => None,
            Self::Moved { from, .. } | Self::Copied { from, .. } => Some(from),
        }
    }
}

/// The files of all locks, by where they stand now.
#[derive(Debug, Default)]
pub(super) struct Listed<'a>(BTreeMap<RelPath, Vec<(Option<usize>, &'a LockedFile)>>);

impl<'a> Listed<'a> {
    pub(super) fn of(input: Input<'a>) -> Self {
        let mut listed = Self::default();
        for lock in input.others {
            for file in &lock.files {
                listed.0.entry(file.path.clone()).or_default().push((None, file));
            }
        }
        for (index, node) in input.nodes.iter().enumerate() {
            for file in node.lock.iter().flat_map(|lock| &lock.files) {
                let at = left_at(input, node, &file.path);
                listed.0.entry(at).or_default().push((Some(index), file));
            }
        }
        listed
    }

    /// What the locks hold of a path, each with the node that it is of; nothing for nodes that are left alone.
    pub(super) fn at(
        &self,
        path: &RelPath,
    ) -> impl Iterator<Item = (Option<usize>, &'a LockedFile)> + '_ {
        self.0.get(path).into_iter().flatten().copied()
    }

    fn by(&self, path: &RelPath, nodes: &[usize]) -> Option<&'a LockedFile> {
        let mut listed = nodes.iter().filter_map(|node| {
            self.at(path).find(|(index, _)| *index == Some(*node)).map(|(_, file)| file)
        });
        listed.next()
    }

    fn by_others(&self, path: &RelPath) -> bool {
        self.at(path).any(|(index, _)| index.is_none())
    }
}

/// Where a file of a node's lock stands: where it was written, or where the node's folder took it.
///
/// What stands in the old folder may be that of another node by now.
pub(super) fn left_at(input: Input<'_>, node: &Managed<'_>, path: &RelPath) -> RelPath {
    let old = node.lock.map(|lock| &lock.module);
    let nodes = input.nodes.iter().map(|node| &node.node.module);
    let is_taken = |path: &RelPath| {
        !input.disk.exists(path)
            || nodes.chain(input.others.iter().map(|lock| &lock.module)).any(|m| Some(m) == old)
    };
    match node.carried(path, input.project) {
        Some(carried) if input.disk.exists(&carried) || is_taken(path) => carried,
        Some(_) | None => path.clone(),
    }
}

/// The origins of all wanted files.
pub(super) struct Origins<'a> {
    /// By where they are wanted.
    pub(super) of: BTreeMap<RelPath, Origin<'a>>,
    /// The places that files leave: what stands there is not what may be wanted there.
    pub(super) left: BTreeSet<RelPath>,
}

/// Finds out where each wanted file comes from; `wanted` says which nodes want it.
pub(super) fn origins<'a>(
    input: Input<'a>,
    moves: &[Moves],
    listed: &Listed<'a>,
    wanted: &BTreeMap<RelPath, Vec<usize>>,
) -> Origins<'a> {
    let settling = Settling { input, moves, listed, wanted };
    let mut arriving: BTreeMap<&RelPath, (RelPath, &'a LockedFile)> = wanted
        .iter()
        .filter_map(|(path, nodes)| Some((path, settling.source(nodes, path)?)))
        .filter(|(path, (from, file))| {
            let is_own = wanted.get(*path).and_then(|nodes| listed.by(path, nodes)).is_some();
            !is_own || settling.is_carried_over(from, file, path)
        })
        .collect();
    let mut left;
    loop {
        let leaving = arriving.values().map(|(from, _)| from).filter(|from| !settling.stays(from));
        left = leaving.cloned().collect::<BTreeSet<RelPath>>();
        // A file that stands and stays is no other file renamed: the node takes the one that is there.
        let before = arriving.len();
        arriving.retain(|path, (from, file)| {
            left.contains(*path)
                || !settling.is_occupied(path)
                || settling.is_carried_over(from, file, path)
        });
        if arriving.len() == before {
            break;
        }
    }
    let mut taken: BTreeSet<RelPath> = BTreeSet::new();
    let origin = |path: &RelPath, nodes: &Vec<usize>| {
        if let Some((from, locked)) = arriving.get(path) {
            let from = from.clone();
            if left.contains(&from) && taken.insert(from.clone()) {
                let over = settling.over(path, left.contains(path));
                return Origin::Moved { from, locked, over };
            }
            return Origin::Copied { from, locked };
        }
        if let Some(file) = listed.by(path, nodes) {
            return Origin::Here(file);
        }
        let there = listed.at(path).next().filter(|_| !left.contains(path));
        there.map_or(Origin::New, |(_, file)| Origin::Here(file))
    };
    let mut origin = origin;
    let of = wanted.iter().map(|(path, nodes)| (path.clone(), origin(path, nodes))).collect();
    Origins { of, left }
}

struct Settling<'s, 'a> {
    input: Input<'a>,
    moves: &'s [Moves],
    listed: &'s Listed<'a>,
    wanted: &'s BTreeMap<RelPath, Vec<usize>>,
}

impl<'a> Settling<'_, 'a> {
    /// Where a path was, as far as the nodes that want it know.
    fn source(&self, nodes: &[usize], path: &RelPath) -> Option<(RelPath, &'a LockedFile)> {
        let mut sources = nodes.iter().filter_map(|index| {
            let node = self.input.nodes.get(*index)?;
            let source = self.moves.get(*index)?.files.get(path)?;
            let file = node.lock?.file(source)?;
            Some((left_at(self.input, node, source), file))
        });
        sources.next()
    }

    /// Whether a file stays where it is although another starts from its text.
    fn stays(&self, path: &RelPath) -> bool {
        let is_wanted = self.wanted.get(path).is_some_and(|nodes| {
            // A class is what its name says, whoever wants it now; a test is that of its node.
            self.listed.by(path, nodes).is_some() || !self.is_test(path)
        });
        let is_referred = || {
            let mut referred = self.input.nodes.iter().flat_map(|node| node.referred);
            referred.any(|file| file.path == *path)
        };
        is_wanted || self.listed.by_others(path) || is_referred()
    }

    /// Whether a file goes to a place that the lock of its node knows as well, because somebody worked on it and nothing
    /// else wants it: the orphan of an earlier run, most of all.
    fn is_carried_over(&self, from: &RelPath, file: &LockedFile, path: &RelPath) -> bool {
        let nodes = self.wanted.get(path).map(Vec::as_slice).unwrap_or_default();
        let text = self.input.disk.text(from);
        from != path
            && self.listed.by(path, nodes).is_some()
            && text.is_some_and(|text| !is_pristine(file, &with_line_feeds(text)))
            && !self.stays(from)
    }

    /// What stands in the place that a file moves to.
    fn over(&self, path: &RelPath, is_leaving: bool) -> Over {
        let listed = self.listed.at(path).next();
        match (self.input.disk.at(path), listed) {
            (Found::Absent, _) | (_, None) => Over::Free,
            _ if is_leaving => Over::Leaving,
            (Found::Text(text), Some((_, file))) if is_pristine(file, &with_line_feeds(text)) => {
                Over::Untouched
            }
            (Found::Text(_) | Found::Binary | Found::Folder | Found::Special, Some(_)) => {
                Over::Edited
            }
        }
    }

    fn is_test(&self, path: &RelPath) -> bool {
        path.moved(&self.input.project.tests, &RelPath::root()).is_some()
    }

    /// Whether a file of some lock stands at a path.
    fn is_occupied(&self, path: &RelPath) -> bool {
        self.listed.at(path).next().is_some() && self.input.disk.exists(path)
    }
}
