//! The plan for nodes that are managed: what was rendered last, what stands, and what is rendered now.
//!
//! In: [`Input`]: nodes with their rendered files and their locks, and the [`Disk`]. Out: a [`Plan`] with the new
//! locks in it, and what could not be settled. `regenerate`, `--dry-run` and `check` are readings of it. Reads
//! nothing and writes nothing itself.
//!
//! A file may belong to several nodes: it is planned once, from what all of them want of it.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::{self, GivenRename, Moves, Open};
use super::merge::{self, Merged, Rename, Side};
use super::origin::{self, Listed, Origin, Over};
use super::relative;
use super::{Change, Drift, FileChange, Obstacle, Plan, Spellings, obstacle, with_line_feeds};
use crate::lock::{self, Lock, LockedEntry, LockedFile};
use crate::node::Node;
use crate::parallel;
use crate::project::Project;
use crate::python::{DottedPath, facts, format, merge_init, module};
use crate::render::{self, Ownership, RenderedFile};
use crate::workspace::{Disk, Found, RelPath};

/// One node to bring in step.
#[derive(Clone, Debug)]
pub struct Managed<'a> {
    /// The node as its contract describes it now.
    pub node: &'a Node,
    /// Its files as they are rendered now.
    pub files: &'a [RenderedFile],
    /// Models that it refers to and that another node's definitions give.
    pub referred: &'a [RenderedFile],
    /// What was rendered last; nothing for a node that is new.
    pub lock: Option<&'a Lock>,
    /// The digest of what the contract says, whatever its layout.
    pub contract: &'a str,
}

/// What to do where the contract's change and the user's cannot both be had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ConflictMode {
    /// Change nothing at all.
    #[default]
    Abort,
    /// Write both, between markers as git writes them.
    Markers,
    /// Keep the user's lines.
    Ours,
    /// Take the contract's lines.
    Theirs,
}

/// How to plan.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What to do with conflicts.
    pub conflict: ConflictMode,
    /// Delete what no entry wants any more, edited files too.
    pub prune: bool,
    /// Write scaffolded files again that the user deleted.
    pub restore: bool,
    /// Renames that the user settled.
    pub renames: Vec<GivenRename>,
}

/// Everything that the plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The project.
    pub project: &'a Project,
    /// The nodes to bring in step.
    pub nodes: &'a [Managed<'a>],
    /// The locks of the project's other nodes, whose files stay.
    pub others: &'a [Lock],
    /// What stands at every path that is rendered or locked.
    pub disk: &'a Disk,
    /// How to plan.
    pub options: &'a Options,
}

/// The plan and what it could not settle by itself.
#[derive(Clone, Debug, Default)]
pub struct Regeneration {
    /// The changes, new locks among them.
    pub plan: Plan,
    /// What was ambiguous, in sentences.
    pub notes: Vec<String>,
    /// The names that the contracts changed, in all files.
    pub renames: Vec<Rename>,
    /// Which of the given renames meant something, by their places.
    pub settled: BTreeSet<usize>,
    /// What can be renamed.
    pub open: Open,
}

/// The paths that a node's lock, and its files, make it necessary to read.
pub fn paths<'a>(
    project: &'a Project,
    nodes: &'a [Managed<'a>],
) -> impl Iterator<Item = RelPath> + 'a {
    nodes.iter().flat_map(|node| {
        let rendered = node.files.iter().map(|file| file.path.clone());
        let locked = node.lock.iter().flat_map(|lock| &lock.files).flat_map(|file| {
            std::iter::once(file.path.clone()).chain(node.carried(&file.path, project))
        });
        rendered.chain(locked)
    })
}

impl Managed<'_> {
    /// Where a file of the lock is once the node's folder was moved; nothing where that changes nothing.
    pub(super) fn carried(&self, path: &RelPath, project: &Project) -> Option<RelPath> {
        let lock = self.lock.filter(|lock| lock.module != self.node.module)?;
        let (from, to) = (&lock.module, &self.node.module);
        path.moved(&project.module_folder(from), &project.module_folder(to))
    }
}

/// Makes the plan.
#[must_use]
pub fn plan(input: Input<'_>) -> Regeneration {
    let mut nodes = input.nodes.to_vec();
    // Where two nodes bring a file to one path, it is the first of them by name, whoever listed them.
    nodes.sort_by(|a, b| a.node.module.cmp(&b.node.module));
    let input = Input { nodes: &nodes, ..input };
    let moves: Vec<Moves> = input
        .nodes
        .iter()
        .map(|node| match node.lock {
            Some(lock) => matching::moves(lock, node.node, input.project, &input.options.renames),
            None => Moves::default(),
        })
        .collect();
    let mut planner = Planner::new(input, &moves);
    let mut wanted = planner.wanted();
    let each: Vec<(&RelPath, &Wanted<'_>)> = wanted.iter().collect();
    let made = parallel::map_small(&each, |(path, wanted)| planner.change(path, wanted));
    let mut changes: BTreeMap<RelPath, FileChange> =
        made.into_iter().map(|change| (change.path.clone(), change)).collect();
    let leftovers = planner.leftovers(&wanted, &changes);
    let exports = planner.keep_exports(&mut wanted, &leftovers);
    // What packages go on exporting is known once it is known what stays.
    for path in exports.keys() {
        if let Some(wanted) = wanted.get(path) {
            changes.insert(path.clone(), planner.change(path, wanted));
        }
    }
    changes.extend(leftovers.into_iter().map(|change| (change.path.clone(), change)));
    let each: Vec<(usize, &Managed<'_>)> = input.nodes.iter().enumerate().collect();
    let locks = parallel::map(&each, |(index, node)| {
        let change = planner.lock(node, &wanted, &changes, &exports)?;
        let drift = (!planner.is_told(node, &changes)).then(|| planner.drift(&[*index]));
        Some(FileChange { drift: drift.or(change.drift), ..change })
    });
    changes.extend(locks.into_iter().flatten().map(|change| (change.path.clone(), change)));
    let notes: BTreeSet<String> = moves.iter().flat_map(|moves| moves.ambiguous.clone()).collect();
    let open = moves.iter().map(|moves| &moves.open);
    Regeneration {
        plan: Plan { changes: changes.into_values().collect() },
        notes: notes.into_iter().collect(),
        renames: moves.iter().flat_map(|moves| moves.everywhere.iter().cloned()).collect(),
        settled: moves.iter().flat_map(|moves| moves.settled.iter().copied()).collect(),
        open: Open {
            gone: open.clone().flat_map(|open| open.gone.iter().cloned()).collect(),
            come: open.flat_map(|open| open.come.iter().cloned()).collect(),
        },
    }
}

fn wanted_paths(input: Input<'_>) -> Vec<RelPath> {
    let paths: BTreeSet<RelPath> = input
        .nodes
        .iter()
        .flat_map(|node| node.files.iter().map(|file| file.path.clone()))
        .collect();
    paths.into_iter().collect()
}

/// What the nodes want of one path.
struct Wanted<'a> {
    /// The nodes, by their place in the input.
    nodes: Vec<usize>,
    /// The text.
    text: Result<String, String>,
    ownership: Ownership,
    origin: Origin<'a>,
    /// The text that was rendered last.
    base: Option<String>,
}

impl<'a> Wanted<'a> {
    /// The file of the lock that this is, whether it stays or moves; what starts as a copy is another.
    fn locked(&self) -> Option<&'a LockedFile> {
        self.origin.itself()
    }
}

struct Planner<'a> {
    input: Input<'a>,
    moves: &'a [Moves],
    spellings: Spellings,
    listed: Listed<'a>,
    /// The places that files leave in this run.
    left: BTreeSet<RelPath>,
}

impl<'a> Planner<'a> {
    fn new(input: Input<'a>, moves: &'a [Moves]) -> Self {
        let spellings = Spellings::of_paths(wanted_paths(input));
        Self { input, moves, spellings, listed: Listed::of(input), left: BTreeSet::new() }
    }

    fn wanted(&mut self) -> BTreeMap<RelPath, Wanted<'a>> {
        let mut askers: BTreeMap<&RelPath, Vec<(usize, &RenderedFile)>> = BTreeMap::new();
        for (index, node) in self.input.nodes.iter().enumerate() {
            for file in node.files.iter().filter(|file| file.ownership != Ownership::Yours) {
                askers.entry(&file.path).or_default().push((index, file));
            }
        }
        let asked = askers.iter().map(|(path, files)| {
            ((*path).clone(), files.iter().map(|(index, _)| *index).collect())
        });
        let mut origins = origin::origins(self.input, self.moves, &self.listed, &asked.collect());
        self.left = origins.left;
        let wanted = askers.into_iter().filter_map(|(path, files)| {
            let origin = origins.of.remove(path)?;
            Some((path.clone(), self.want(path, origin, &files)))
        });
        wanted.collect()
    }

    fn want(
        &self,
        path: &RelPath,
        origin: Origin<'a>,
        files: &[(usize, &RenderedFile)],
    ) -> Wanted<'a> {
        let nodes: Vec<usize> = files.iter().map(|(index, _)| *index).collect();
        // A definition settles what the others only refer to; else it is the node in whose package the file is.
        let defined = files.iter().find(|(_, file)| file.ownership == Ownership::Generated);
        let own = || files.iter().find(|(index, _)| self.is_in_package(*index, path));
        let chosen = defined.or_else(own).or_else(|| files.first()).map(|(_, file)| *file);
        let is_init = path.name() == "__init__.py";
        let text = if is_init {
            let others =
                self.input.others.iter().filter_map(|lock| lock.file(path)?.base.as_deref());
            let texts = files.iter().map(|(index, file)| (Some(*index), file.text.as_str()));
            self.package_of(path, texts.chain(others.map(|text| (None, text))))
        } else {
            let given = || chosen.map(|file| file.text.clone()).unwrap_or_default();
            let of_owner = if defined.is_none() { self.text_of_owner(path) } else { None };
            Ok(of_owner.unwrap_or_else(given))
        };
        // A copy is of what people wrote; what is generated comes from a contract or not at all.
        let origin = match origin {
            Origin::Copied { locked, .. }
                if locked.ownership == Ownership::Generated
                    || chosen.is_some_and(|file| file.ownership == Ownership::Generated)
                    || is_init =>
            {
                Origin::New
            }
            origin => origin,
        };
        let base = match &origin {
            Origin::Here(_) if is_init => self.init_base(path),
            origin => origin.locked().and_then(|locked| locked.base.clone()),
        };
        let ownership = chosen.map_or(Ownership::Scaffolded, |file| file.ownership);
        let ownership = match origin.itself() {
            Some(locked) if locked.adopted => locked.ownership,
            Some(_) | None => ownership,
        };
        Wanted { nodes, text, ownership, origin, base }
    }

    /// What a node that is left alone has in its package.
    fn text_of_owner(&self, path: &RelPath) -> Option<String> {
        let mut others = self.input.others.iter();
        others.find_map(|lock| {
            let folder = self.input.project.module_folder(&lock.module);
            path.moved(&folder, &folder)?;
            lock.file(path)?.base.clone()
        })
    }

    fn is_in_package(&self, node: usize, path: &RelPath) -> bool {
        let node = self.input.nodes.get(node);
        let folder = node.map(|node| self.input.project.module_folder(&node.node.module));
        folder.is_some_and(|folder| path.moved(&folder, &folder).is_some())
    }

    /// Whether a path stays where it is because somebody wants it there.
    fn wanted_elsewhere(&self, path: &RelPath) -> bool {
        self.input.others.iter().any(|lock| lock.file(path).is_some())
            || self
                .input
                .nodes
                .iter()
                .any(|node| node.files.iter().chain(node.referred).any(|file| file.path == *path))
    }

    /// What an `__init__.py` of several nodes was when it was rendered last; a node that wants nothing in it any more
    /// had its part in that.
    fn init_base(&self, path: &RelPath) -> Option<String> {
        let bases = self.listed.at(path);
        let bases: Vec<(Option<usize>, &str)> =
            bases.filter_map(|(index, file)| Some((index, file.base.as_deref()?))).collect();
        if bases.is_empty() { None } else { self.package_of(path, bases).ok() }
    }

    /// An `__init__.py` that is made of what several nodes want in it: what it says of itself is its own node's word.
    fn package_of<'t>(
        &self,
        path: &RelPath,
        texts: impl IntoIterator<Item = (Option<usize>, &'t str)>,
    ) -> Result<String, String> {
        let owner = self.text_of_owner(path);
        let is_own = |node: &Option<usize>| node.is_some_and(|node| self.is_in_package(node, path));
        let (own, others): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(node, _)| is_own(node));
        let texts = own.into_iter().chain(others).map(|(_, text)| text);
        union(owner.as_deref().into_iter().chain(texts))
    }

    fn change(&self, path: &RelPath, wanted: &Wanted<'_>) -> FileChange {
        let mut file = FileChange::new(path.clone(), wanted.ownership, Change::Kept);
        file.reasons = self.reasons(path, &wanted.nodes);
        self.fill(&mut file, wanted);
        // Whatever is in the way, check tells it as well.
        if matches!(file.change, Change::Conflict(_)) && file.drift.is_none() {
            file.drift = Some(self.drift(&wanted.nodes));
        }
        file
    }

    fn fill(&self, file: &mut FileChange, wanted: &Wanted<'_>) {
        let path = &file.path.clone();
        if let Some(obstacle) = obstacle(path, self.input.disk, &self.spellings) {
            file.change = Change::Conflict(obstacle);
            return;
        }
        let text = match &wanted.text {
            Ok(text) => text,
            Err(why) => {
                file.change = Change::Conflict(Obstacle::Unmergeable(why.clone()));
                return;
            }
        };
        if let Origin::Moved { from, over: Over::Edited, .. } = &wanted.origin {
            file.change = Change::Conflict(Obstacle::BothEdited(from.clone()));
            return;
        }
        let standing = match self.standing(path, &wanted.origin) {
            Ok(standing) => standing,
            Err(obstacle) => {
                file.change = Change::Conflict(obstacle);
                return;
            }
        };
        match (wanted.ownership, standing) {
            (Ownership::Generated, None) => self.create(file, wanted, text),
            (Ownership::Generated, Some((at, before))) => {
                self.overwrite(file, wanted, &at, before, text);
            }
            (Ownership::Scaffolded | Ownership::Yours, None) => self.scaffold(file, wanted, text),
            (Ownership::Scaffolded | Ownership::Yours, Some((at, before))) => {
                self.merge(file, wanted, &at, before, text);
            }
        }
    }

    fn reasons(&self, path: &RelPath, nodes: &[usize]) -> Vec<String> {
        let reasons = nodes.iter().filter_map(|index| self.moves.get(*index)?.reasons.get(path));
        let mut all: Vec<String> = reasons.flatten().cloned().collect();
        all.dedup();
        all
    }

    /// The text that a file goes on from, and where it stands.
    fn standing(
        &self,
        path: &RelPath,
        origin: &Origin<'_>,
    ) -> Result<Option<(RelPath, &'a str)>, Obstacle> {
        let is_ours = !self.left.contains(path) && !origin.takes_the_place();
        let here = is_ours.then_some(path);
        let there = origin.elsewhere();
        // Where somebody moved the file already, it is the one that stands; but two files are two.
        if let (Some(here), Some(there)) = (here, there)
            && self.input.disk.exists(here)
            && self.input.disk.exists(there)
            && path.name() != "__init__.py"
        {
            return Err(Obstacle::OtherText);
        }
        for at in here.into_iter().chain(there) {
            match self.input.disk.at(at) {
                Found::Absent => {}
                Found::Text(text) => return Ok(Some((at.clone(), text))),
                Found::Binary => return Err(Obstacle::Binary),
                Found::Folder => return Err(Obstacle::Folder),
                Found::Special => return Err(Obstacle::Special),
            }
        }
        Ok(None)
    }

    /// Whether what the contract says differs from what it said when the lock was written.
    fn drift(&self, nodes: &[usize]) -> Drift {
        let changed = nodes
            .iter()
            .filter_map(|index| self.input.nodes.get(*index))
            // What former entries leave behind goes with the user's word, not with templates.
            .any(|node| {
                node.lock
                    .is_none_or(|lock| lock.contract != node.contract || !lock.former.is_empty())
            });
        if changed { Drift::Stale } else { Drift::Outdated }
    }

    /// A generated file that is not there.
    fn create(&self, file: &mut FileChange, wanted: &Wanted<'_>, text: &str) {
        file.change = Change::Created { text: text.to_owned() };
        let known = wanted.locked().is_some();
        file.drift = Some(if known { Drift::Missing } else { self.drift(&wanted.nodes) });
        if known {
            file.reasons.push("was missing".to_owned());
        }
    }

    /// A generated file that is there: it becomes what is rendered, whoever changed it.
    fn overwrite(
        &self,
        file: &mut FileChange,
        wanted: &Wanted<'_>,
        at: &RelPath,
        before: &str,
        text: &str,
    ) {
        let standing = with_line_feeds(before);
        if standing == *text && *at == file.path {
            return;
        }
        let Some(locked) = wanted.origin.locked() else {
            file.change = Change::Conflict(Obstacle::OtherText);
            return;
        };
        let pristine = is_pristine(locked, &standing);
        if locked.ownership == Ownership::Scaffolded && !pristine && standing != *text {
            match self.input.options.conflict {
                ConflictMode::Theirs => {}
                ConflictMode::Abort | ConflictMode::Markers | ConflictMode::Ours => {
                    file.change = Change::Conflict(Obstacle::NowGenerated);
                    return;
                }
            }
        }
        if !pristine {
            file.lost = lost(&standing, locked.base.as_deref(), text);
        }
        let drift = if pristine || standing == *text {
            self.drift(&wanted.nodes)
        } else if format::differ_in_layout_alone(&standing, text) {
            file.lost.clear();
            file.reasons.push("differed in layout alone".to_owned());
            Drift::Reformatted
        } else {
            file.reasons.push("was edited by hand".to_owned());
            Drift::Edited
        };
        self.update(file, wanted, (at, before), text.to_owned(), drift);
    }

    fn update(
        &self,
        file: &mut FileChange,
        wanted: &Wanted<'_>,
        (at, before): (&RelPath, &str),
        after: String,
        drift: Drift,
    ) {
        file.drift = Some(drift);
        if drift == Drift::Outdated {
            file.reasons.push("templates or settings changed".to_owned());
        }
        if *at == file.path {
            file.change = Change::Updated { before: before.to_owned(), after };
        } else {
            let over = wanted.origin.takes_the_place().then(|| self.input.disk.text(&file.path));
            let over = over.flatten().map(str::to_owned);
            file.change =
                Change::Moved { from: at.clone(), before: before.to_owned(), after, over };
        }
    }

    /// A scaffolded file that is not there: new, or deleted by the user, which is theirs to do.
    fn scaffold(&self, file: &mut FileChange, wanted: &Wanted<'_>, text: &str) {
        let deleted =
            wanted.locked().is_some_and(|locked| locked.ownership == Ownership::Scaffolded);
        let is_wished = self.input.options.restore && !self.tests_what_is_the_users(file, wanted);
        if deleted && !is_wished {
            file.change = Change::LeftOut;
            // A test is theirs to do without; what the contract names has to be somewhere.
            let adopted = wanted.locked().is_some_and(|locked| locked.adopted);
            let is_code = file.path.moved(&self.input.project.tests, &RelPath::root()).is_none();
            if is_code && !adopted && file.path.name() != "__init__.py" {
                file.drift = Some(Drift::Missing);
                file.reasons.push("you deleted it; --restore writes it again".to_owned());
            }
            return;
        }
        file.change = Change::Created { text: text.to_owned() };
        file.drift = Some(if deleted { Drift::Missing } else { self.drift(&wanted.nodes) });
    }

    /// Whether a file is the test of a handler that was written by hand, or takes models that were: it is rendered from
    /// the contract, and knows neither what the one does nor which fields the others have.
    fn tests_what_is_the_users(&self, file: &FileChange, wanted: &Wanted<'_>) -> bool {
        let is_test = file.path.moved(&self.input.project.tests, &RelPath::root()).is_some();
        let is_of_handler =
            is_test && !matches!(file.path.name(), "test_contract.py" | "__init__.py");
        let nodes = wanted.nodes.iter().filter_map(|index| self.input.nodes.get(*index));
        let mut adopted = nodes
            .filter_map(|node| node.lock)
            .flat_map(|lock| &lock.files)
            .filter(|file| file.adopted && file.path.name() != "__init__.py")
            .filter(|file| file.path.name() != "node.py");
        is_of_handler
            && adopted.any(|file| {
                let text = self.input.disk.text(&file.path);
                text.is_some_and(|text| !is_pristine(file, &with_line_feeds(text)))
            })
    }

    /// A scaffolded file that is there: the contract's change goes into the user's text.
    fn merge(
        &self,
        file: &mut FileChange,
        wanted: &Wanted<'_>,
        at: &RelPath,
        before: &str,
        text: &str,
    ) {
        let adopted = wanted.locked().is_some_and(|locked| locked.adopted);
        let is_own_package = adopted && file.path.name() == "__init__.py";
        if is_own_package && self.input.options.restore {
            let addition = self.exports_of_restored(file, text);
            if !addition.is_empty() {
                return self.unmanaged(file, before, &addition);
            }
        }
        if is_own_package && exports_nothing(before) {
            if wanted.base.as_deref() != Some(text) {
                self.export_what_is_imported(file, before, text);
            }
            return;
        }
        let (base, yours) = match (&wanted.base, wanted.origin.locked()) {
            (Some(base), _) => (base.clone(), before.to_owned()),
            // Its fields were the contract's and are the user's now.
            (None, Some(_)) => (text.to_owned(), render::without_mark(before)),
            (None, None) => return self.unmanaged(file, before, text),
        };
        let unchanged = base == *text && *at == file.path;
        let renames = self.renames(file, wanted);
        let is_handed_over = yours != before;
        if is_handed_over {
            file.reasons.push(self.handed_over(wanted, before));
        }
        if (unchanged && renames.is_empty()) || self.is_left_alone(&file.path, wanted) {
            if merge::first_marker(before).is_some() {
                file.drift = Some(Drift::Conflicted);
            } else if is_handed_over {
                self.update(file, wanted, (at, before), yours, self.drift(&wanted.nodes));
            }
            return;
        }
        let own = self.input.project.module_of(&file.path);
        let follow = |text: &str| match &own {
            Some(own) => relative::follow(text, own, file.path.name() == "__init__.py", &renames),
            None => text.to_owned(),
        };
        let merged = merge::merge(&merge::Inputs {
            base: &follow(&base),
            yours: &follow(&yours),
            theirs: text,
            renames: &renames,
        });
        // Imports that nobody here ever rendered have no place in common with those that were; they can be added to.
        if matches!(merged, Merged::Conflict(_)) && is_own_package {
            let known = module::read(&base).exports.names().join(" ");
            let known: BTreeSet<&str> = known.split(' ').collect();
            let addition = exports_of(text, |name| !known.contains(name));
            return self.unmanaged(file, before, &addition);
        }
        let (after, kept) = match merged {
            Merged::Clean(clean) => (clean.text, clean.kept),
            Merged::Conflict(conflict) => match self.input.options.conflict {
                ConflictMode::Abort => {
                    file.change = Change::Conflict(Obstacle::Merge(Box::new(conflict)));
                    file.drift = Some(self.drift(&wanted.nodes));
                    return;
                }
                ConflictMode::Markers => {
                    file.reasons.push("conflict markers written: settle them".to_owned());
                    (conflict.with_markers(), 0)
                }
                ConflictMode::Ours => {
                    file.reasons.push("your lines kept where both changed".to_owned());
                    (conflict.resolved(Side::Yours), 0)
                }
                ConflictMode::Theirs => {
                    file.reasons.push("the contract's lines taken where both changed".to_owned());
                    let after = conflict.resolved(Side::Theirs);
                    file.lost = lost(&follow(before), Some(&follow(&base)), &after);
                    (after, 0)
                }
            },
            Merged::Marked { line } => {
                file.change = Change::Conflict(Obstacle::Marked(line));
                file.drift = Some(Drift::Conflicted);
                return;
            }
        };
        if after == before && *at == file.path {
            return;
        }
        let unbound = newly_unbound(before, &after);
        if !unbound.is_empty() && self.input.options.conflict == ConflictMode::Abort {
            file.change = Change::Conflict(Obstacle::Unbound(unbound));
            file.drift = Some(self.drift(&wanted.nodes));
            return;
        }
        if kept > 0 && !is_handed_over {
            file.reasons
                .push(format!("your {kept} {} kept", if kept == 1 { "line" } else { "lines" }));
        }
        if let Origin::Copied { from, .. } = &wanted.origin
            && at == from
        {
            file.reasons.push(format!("starts as {from}, which others go on using"));
            file.change = Change::Created { text: after };
            file.drift = Some(self.drift(&wanted.nodes));
            return;
        }
        // Only the user's word makes one of two files that the lock knows the other.
        let is_over = matches!(wanted.origin, Origin::Moved { over: Over::Untouched, .. });
        let drift = if is_over { Drift::Stale } else { self.drift(&wanted.nodes) };
        self.update(file, wanted, (at, before), after, drift);
    }

    /// Whether only the templates or the settings changed what somebody works on: that is no reason to touch it.
    ///
    /// A package's `__init__.py` is no such file: what it passes on follows what is there.
    fn is_left_alone(&self, path: &RelPath, wanted: &Wanted<'_>) -> bool {
        let (Some(base), Ok(text), Some(standing)) =
            (&wanted.base, &wanted.text, self.input.disk.text(path))
        else {
            return false;
        };
        wanted.ownership == Ownership::Scaffolded
            && path.name() != "__init__.py"
            && matches!(wanted.origin, Origin::Here(_))
            && base != text
            && with_line_feeds(standing) != *base
            && self.drift(&wanted.nodes) == Drift::Outdated
    }

    /// What becomes of a generated file whose text is no longer the contract's.
    fn handed_over(&self, wanted: &Wanted<'_>, before: &str) -> String {
        let locked = wanted.origin.locked();
        let is_pristine = locked.is_some_and(|l| is_pristine(l, &with_line_feeds(before)));
        let what = if is_pristine { "its fields are" } else { "what you wrote is" };
        format!("its definition left the contract: {what} yours now")
    }

    /// The exports of what is written again because it is not there.
    fn exports_of_restored(&self, file: &FileChange, text: &str) -> String {
        let own = self.input.project.module_of(&file.path).map(|own| own.to_string());
        let own = own.unwrap_or_default();
        let mut restored: BTreeSet<String> = BTreeSet::new();
        for import in module::read(text).imports {
            let origin = import.from.and_then(|origin| origin.absolute(&own, true));
            let origin = origin.and_then(|origin| DottedPath::parse(&origin).ok());
            let path = origin.map(|origin| self.input.project.module_file(&origin));
            if path.is_some_and(|path| *self.input.disk.at(&path) == Found::Absent) {
                restored.extend(import.names.iter().map(|name| name.bound().to_owned()));
            }
        }
        exports_of(text, |name| restored.contains(name))
    }

    /// A package that was written by hand and passes nothing on goes on doing so, except for what the contract names
    /// as its own, and what is imported from it by the code that the contract gives.
    fn export_what_is_imported(&self, file: &mut FileChange, before: &str, text: &str) {
        let Some(own) = self.input.project.module_of(&file.path) else { return };
        let files = self.input.nodes.iter().flat_map(|node| node.files);
        let mut asked: BTreeSet<String> = files
            .filter(|asking| asking.path != file.path)
            .flat_map(|asking| self.imported(&asking.path, &asking.text))
            .filter_map(|(module, name)| (module == own.to_string()).then_some(name))
            .collect();
        let models = self.input.nodes.iter().flat_map(|node| &node.node.models);
        let named = models.map(|model| &model.class).filter(|class| class.module == own);
        asked.extend(named.map(|class| class.name.to_string()));
        let addition = exports_of(text, |name| asked.contains(name));
        if !addition.is_empty() {
            self.unmanaged(file, before, &addition);
        }
    }

    /// A file that no lock knows stands where a scaffolded one belongs.
    fn unmanaged(&self, file: &mut FileChange, before: &str, text: &str) {
        let standing = with_line_feeds(before);
        if standing == *text {
            return;
        }
        if file.path.name() != "__init__.py" {
            file.change = Change::Conflict(Obstacle::OtherText);
            return;
        }
        match merge_init(&standing, text) {
            Ok(merged) if merged == standing => {}
            Ok(merged) => {
                let crlf = before.contains("\r\n");
                let after = if crlf { merged.replace('\n', "\r\n") } else { merged };
                file.change = Change::Updated { before: before.to_owned(), after };
                file.drift = Some(Drift::Stale);
            }
            Err(problem) => {
                file.change = Change::Conflict(Obstacle::Unmergeable(problem.to_string()))
            }
        }
    }

    fn renames(&self, file: &FileChange, wanted: &Wanted<'_>) -> Vec<Rename> {
        let mut renames = Vec::new();
        for index in &wanted.nodes {
            let (Some(moves), Some(node)) = (self.moves.get(*index), self.input.nodes.get(*index))
            else {
                continue;
            };
            renames.extend(moves.everywhere.iter().cloned());
            for handler in &node.node.handlers {
                let module = self.input.project.module_file(&handler.class.module);
                let test = format!("test_{}.py", handler.class.module.last());
                let is_its_own = module == file.path
                    || (file.path.name() == test
                        && file.path.parent().name() == node.node.folder.as_str());
                if is_its_own && let Some(own) = moves.of_handler.get(&handler.class) {
                    renames.extend(own.iter().cloned());
                }
            }
        }
        renames.sort();
        renames.dedup();
        // One name that became two is no rename that text could follow.
        let ambiguous: BTreeSet<_> = renames
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if a.from == b.from => Some(a.from.clone()),
                _ => None,
            })
            .collect();
        renames.retain(|rename| !ambiguous.contains(&rename.from));
        renames
    }

    /// What the locks list and nobody wants any more.
    ///
    /// Untouched files go; what somebody worked on stays, and with it what it imports.
    fn leftovers(
        &self,
        wanted: &BTreeMap<RelPath, Wanted<'_>>,
        changes: &BTreeMap<RelPath, FileChange>,
    ) -> Vec<FileChange> {
        let moved: BTreeSet<&RelPath> = wanted
            .iter()
            .filter_map(|(path, wanted)| match &wanted.origin {
                Origin::Moved { from, over, .. } => {
                    let is_free = *over != Over::Free || !self.input.disk.exists(path);
                    is_free.then_some(from)
                }
                Origin::New | Origin::Here(_) | Origin::Copied { .. } => None,
            })
            .collect();
        let mut leftovers: BTreeMap<RelPath, FileChange> = BTreeMap::new();
        let nodes = self.input.nodes.iter();
        let locked = nodes.flat_map(|node| {
            node.lock.iter().flat_map(|lock| &lock.files).map(move |file| (node, file))
        });
        for (node, file) in locked {
            let path = &origin::left_at(self.input, node, &file.path);
            if wanted.contains_key(path) || moved.contains(path) || self.wanted_elsewhere(path) {
                continue;
            }
            let Found::Text(text) = self.input.disk.at(path) else { continue };
            let standing = with_line_feeds(text);
            let pristine = is_pristine(file, &standing);
            let mut change = FileChange::new(path.clone(), file.ownership, Change::Orphaned);
            change.drift = Some(Drift::Orphaned);
            if (pristine && !file.adopted) || self.input.options.prune {
                change.change = Change::Removed { before: text.clone() };
                change.reasons.push("nothing in the contract needs it".to_owned());
                if !pristine {
                    change.reasons.push("pruned with what you wrote".to_owned());
                    change.lost = lost(&standing, file.base.as_deref(), "");
                }
            } else {
                let whose = if file.adopted { "it is yours" } else { "you edited it" };
                change.reasons.push(format!("nothing in the contract needs it, and {whose}"));
            }
            leftovers.insert(path.clone(), change);
        }
        self.keep_what_is_imported(&mut leftovers, changes);
        leftovers.into_values().collect()
    }

    /// A file that stays must still find the classes that it imports: an orphan, and what the user wrote.
    fn keep_what_is_imported(
        &self,
        leftovers: &mut BTreeMap<RelPath, FileChange>,
        changes: &BTreeMap<RelPath, FileChange>,
    ) {
        let text_of = |path: &RelPath| self.input.disk.text(path).unwrap_or_default();
        let live = changes.values().filter(|change| change.path.name() != "__init__.py");
        let live = live.filter_map(|change| {
            let text = match &change.change {
                Change::Updated { after, .. } | Change::Moved { after, .. } => after.as_str(),
                Change::Kept => text_of(&change.path),
                _ => return None,
            };
            Some((change.path.clone(), text.to_owned()))
        });
        let orphans = leftovers.values().filter(|change| change.change == Change::Orphaned);
        let orphans = orphans.map(|change| (change.path.clone(), text_of(&change.path).to_owned()));
        let mut asking: Vec<(RelPath, String)> = live.chain(orphans).collect();
        if leftovers.values().all(|change| !matches!(change.change, Change::Removed { .. })) {
            return;
        }
        while let Some((asker, text)) = asking.pop() {
            let imported = self.imported(&asker, &text);
            for change in leftovers.values_mut().filter(|change| change.path != asker) {
                let Change::Removed { before } = &change.change else { continue };
                let before = before.clone();
                let Some(own) = self.input.project.module_of(&change.path) else { continue };
                let homes =
                    [Some(own.to_string()), own.parent().map(|package| package.to_string())];
                let needed = module::read(&before).classes.iter().any(|class| {
                    let name = &class.name.value;
                    homes
                        .iter()
                        .flatten()
                        .any(|home| imported.contains(&(home.clone(), name.clone())))
                });
                if needed && !self.input.options.prune {
                    change.change = Change::Orphaned;
                    change.reasons = vec![format!("{} still imports it", asker.name())];
                    asking.push((change.path.clone(), before));
                }
            }
        }
    }

    /// The names that a file imports, each with its module.
    fn imported(&self, path: &RelPath, text: &str) -> BTreeSet<(String, String)> {
        let own = self.input.project.module_of(path).map(|own| own.to_string()).unwrap_or_default();
        let is_package = path.name() == "__init__.py";
        let imports = module::read(text).imports.into_iter();
        imports
            .filter_map(|import| Some((import.from?.absolute(&own, is_package)?, import.names)))
            .flat_map(|(module, names)| {
                names.into_iter().map(move |name| (module.clone(), name.name))
            })
            .collect()
    }

    /// Packages go on re-exporting the classes of files that stay.
    ///
    /// Gives what each `__init__.py` keeps, for the base of the next run: once the file goes, its export goes too.
    fn keep_exports(
        &self,
        wanted: &mut BTreeMap<RelPath, Wanted<'_>>,
        leftovers: &[FileChange],
    ) -> BTreeMap<RelPath, Vec<String>> {
        let mut exports: BTreeMap<RelPath, Vec<String>> = BTreeMap::new();
        for orphan in leftovers.iter().filter(|change| change.change == Change::Orphaned) {
            let init = orphan.path.parent().ours("__init__.py");
            let Some(wanted) = wanted.get_mut(&init) else { continue };
            let (Ok(text), Some(base)) = (&wanted.text, &wanted.base) else { continue };
            let stem = orphan.path.name().trim_end_matches(".py");
            // The line that was rendered last: what theirs lacks of it must not count as dropped.
            let kept = module::read(base).imports.into_iter().filter(|import| {
                let from = import.from.as_ref();
                from.is_some_and(|from| from.module.rsplit('.').next() == Some(stem))
            });
            let kept: BTreeSet<String> = kept
                .flat_map(|import| import.names.into_iter().map(|name| name.bound().to_owned()))
                .collect();
            let addition = exports_of(base, |name| kept.contains(name));
            if addition.is_empty() {
                continue;
            }
            wanted.text = merge_init(text, &addition).map_err(|problem| problem.to_string());
            exports.entry(init).or_default().push(addition);
        }
        exports
    }

    /// Whether a run changes any file of a node, so that its lock need not be told as well.
    fn is_told(&self, node: &Managed<'_>, changes: &BTreeMap<RelPath, FileChange>) -> bool {
        let rendered = node.files.iter().chain(node.referred).map(|file| file.path.clone());
        let locked = node.lock.iter().flat_map(|lock| &lock.files);
        let locked = locked.map(|file| origin::left_at(self.input, node, &file.path));
        let mut concerned = rendered.chain(locked).filter_map(|path| changes.get(&path));
        concerned.any(|change| match &change.change {
            Change::Created { .. }
            | Change::Updated { .. }
            | Change::Moved { .. }
            | Change::Removed { .. }
            | Change::Conflict(_) => true,
            Change::Kept | Change::LeftOut | Change::Orphaned => false,
        })
    }

    /// The node's new lock, where it differs from what stands.
    fn lock(
        &self,
        node: &Managed<'_>,
        wanted: &BTreeMap<RelPath, Wanted<'_>>,
        changes: &BTreeMap<RelPath, FileChange>,
        exports: &BTreeMap<RelPath, Vec<String>>,
    ) -> Option<FileChange> {
        let folder = self.input.project.module_folder(&node.node.module);
        let path = folder.ours(lock::FILE_NAME);
        let mut files: BTreeMap<RelPath, LockedFile> = BTreeMap::new();
        for file in node.files.iter().filter(|file| file.ownership != Ownership::Yours) {
            let wanted = wanted.get(&file.path);
            let locked = wanted.and_then(Wanted::locked);
            // What was merged last is what the next merge has to start from.
            if let (Some(wanted), Some(locked)) = (wanted, locked)
                && self.is_left_alone(&file.path, wanted)
            {
                files.insert(file.path.clone(), locked.clone());
                continue;
            }
            let ownership = wanted.map_or(file.ownership, |wanted| wanted.ownership);
            // What was rendered is one text, whoever of several nodes it is from; packages are what each wants in them.
            let is_init = file.path.name() == "__init__.py";
            let shared = wanted.filter(|_| !is_init).and_then(|wanted| wanted.text.as_ref().ok());
            let text = shared.unwrap_or(&file.text);
            files.insert(
                file.path.clone(),
                LockedFile {
                    path: file.path.clone(),
                    ownership,
                    sha256: lock::digest(text),
                    base: (ownership == Ownership::Scaffolded).then(|| {
                        let kept = exports.get(&file.path).into_iter().flatten();
                        let texts = std::iter::once(text).chain(kept).map(String::as_str);
                        union(texts).unwrap_or_else(|_| text.clone())
                    }),
                    adopted: locked.is_some_and(|locked| locked.adopted),
                },
            );
        }
        for file in node.referred {
            files.insert(
                file.path.clone(),
                LockedFile {
                    path: file.path.clone(),
                    ownership: Ownership::Generated,
                    sha256: lock::digest(&file.text),
                    base: None,
                    adopted: false,
                },
            );
        }
        // Orphans stay on the list, so that they are told again and can be pruned.
        for file in node.lock.iter().flat_map(|lock| &lock.files) {
            let path = origin::left_at(self.input, node, &file.path);
            let orphaned = changes.get(&path).is_some_and(|c| c.change == Change::Orphaned);
            if orphaned {
                files.insert(path.clone(), LockedFile { path, ..file.clone() });
            }
        }
        let entries = Lock::entries_of(node.node);
        let lock = Lock {
            module: node.node.module.clone(),
            style: node.node.style,
            contract: node.contract.to_owned(),
            former: self.former(node, &entries, changes),
            entries,
            files: files.into_values().collect(),
        };
        let text = lock.text();
        let mut change = FileChange::new(path.clone(), Ownership::Generated, Change::Kept);
        match self.input.disk.at(&path) {
            Found::Absent => change.change = Change::Created { text },
            Found::Text(before) if with_line_feeds(before) == text => return None,
            // Comments, versions and the like change no file, and so not this one.
            Found::Text(before)
                if node.lock.is_some_and(|old| {
                    let unchanged = Lock { contract: old.contract.clone(), ..lock.clone() };
                    with_line_feeds(before) == unchanged.text()
                }) =>
            {
                return None;
            }
            Found::Text(before) => {
                change.change = Change::Updated { before: before.clone(), after: text };
            }
            Found::Binary => change.change = Change::Conflict(Obstacle::Binary),
            Found::Folder => change.change = Change::Conflict(Obstacle::Folder),
            Found::Special => change.change = Change::Conflict(Obstacle::Special),
        }
        Some(change)
    }

    /// The entries that left the contract and left something of the user's behind.
    fn former(
        &self,
        node: &Managed<'_>,
        entries: &[LockedEntry],
        changes: &BTreeMap<RelPath, FileChange>,
    ) -> Vec<LockedEntry> {
        let Some(lock) = node.lock else { return Vec::new() };
        let is_orphaned = |path: &RelPath| {
            changes.get(path).is_some_and(|change| change.change == Change::Orphaned)
        };
        let followed = |entry: &LockedEntry| entry.followed(&lock.module, &node.node.module);
        let gone = lock.entries.iter().chain(&lock.former).map(followed);
        let mut former: Vec<LockedEntry> = Vec::new();
        for entry in gone.filter(|entry| !entries.contains(entry)) {
            let files = entry.files(&node.node.folder, self.input.project);
            if files.iter().any(is_orphaned) && !former.contains(&entry) {
                former.push(entry);
            }
        }
        former
    }
}

/// Whether a package passes nothing on: it is empty, or holds a docstring and comments alone.
fn exports_nothing(text: &str) -> bool {
    let read = module::read(text);
    read.problems.is_empty()
        && read.imports.is_empty()
        && read.definitions.is_empty()
        && read.exports.names().is_empty()
}

/// The statements of a rendered `__init__.py` that pass on certain names; nothing where there are none.
fn exports_of(rendered: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut names = Vec::new();
    for import in module::read(rendered).imports {
        let bound: Vec<&str> = import.names.iter().map(module::ImportedName::bound).collect();
        if bound.iter().any(|name| is_wanted(name)) {
            text.push_str(rendered.get(import.span.range()).unwrap_or_default());
            text.push('\n');
            names.extend(bound.iter().map(|name| format!("\"{name}\"")));
        }
    }
    if names.is_empty() { text } else { format!("{text}\n__all__ = [{}]\n", names.join(", ")) }
}

/// The lines of a text that were not rendered last and are not there afterwards, blank ones left out.
fn lost(standing: &str, base: Option<&str>, after: &str) -> Vec<String> {
    let rendered: BTreeSet<&str> = base.unwrap_or_default().lines().collect();
    let diff = similar::TextDiff::from_lines(standing, after);
    let gone = diff.iter_all_changes().filter(|line| line.tag() == similar::ChangeTag::Delete);
    let gone = gone.map(|line| line.value().trim_end());
    let gone = gone.filter(|line| !line.is_empty() && !rendered.contains(line));
    gone.map(str::to_owned).collect()
}

/// Whether a text is the one that was rendered last.
pub(super) fn is_pristine(locked: &LockedFile, standing: &str) -> bool {
    match &locked.base {
        Some(base) => standing == *base,
        None => lock::digest(standing) == locked.sha256,
    }
}

/// The names that a merged text reads and nothing in it defines, where the text before had no such trouble.
fn newly_unbound(before: &str, after: &str) -> Vec<String> {
    let names = |text: &str| -> BTreeSet<String> {
        let facts = facts::read(text, None);
        facts.unbound.iter().map(|unbound| unbound.name.value.clone()).collect()
    };
    if !module::read(before).problems.is_empty() {
        return Vec::new();
    }
    let known = names(before);
    names(after).into_iter().filter(|name| !known.contains(name)).collect()
}

/// So many texts are made one on two cores.
const MANY: usize = 256;

/// Several `__init__.py` texts as one: imports and `__all__` are sets.
///
/// Halves are made one before they are: with a thousand nodes, adding each to all before it would read everything a
/// thousand times.
fn union<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<String, String> {
    fn of(texts: &[&str]) -> Result<String, String> {
        match texts {
            [] => Ok(String::new()),
            [text] => Ok((*text).to_owned()),
            texts => {
                let (first, second) = texts.split_at(texts.len() / 2);
                let (first, second) = if texts.len() > MANY {
                    parallel::both(|| of(first), || of(second))
                } else {
                    (of(first), of(second))
                };
                merge_init(&first?, &second?).map_err(|problem| problem.to_string())
            }
        }
    }
    let mut seen = BTreeSet::new();
    let distinct: Vec<&str> = texts.into_iter().filter(|text| seen.insert(*text)).collect();
    of(&distinct)
}
