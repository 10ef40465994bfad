//! What became of what: the entries of a lock beside those of the contract as it is now.
//!
//! In: the [`Lock`] of a node, the [`Node`] that its contract describes now, and the renames that the user gave.
//! Out: [`Moves`]: which classes and modules have new names, and which files follow them. Entries are matched by
//! handler, then by event model, then by topic; what stays ambiguous is never guessed but noted, and the user settles
//! it: in the same run, or later, while files of what left stay as orphans.

use std::collections::{BTreeMap, BTreeSet};

use crate::lock::{Lock, LockedEntry};
use crate::node::{ClassPath, Node, naming};
use crate::project::Project;
use crate::python::{DottedPath, Identifier};
use crate::workspace::RelPath;

use super::merge::Rename;

/// A rename that the user settles: `--rename OLD=NEW`, classes or dotted paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenRename {
    /// What it was called.
    pub old: String,
    /// What it is called now.
    pub new: String,
}

/// What moved between the lock and the contract.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// Renames that hold in every file of the node.
    pub everywhere: Vec<Rename>,
    /// Renames that hold in the files of one handler, by its new class.
    pub of_handler: BTreeMap<ClassPath, Vec<Rename>>,
    /// Where each moved file was, by where it belongs now.
    pub files: BTreeMap<RelPath, RelPath>,
    /// What happened, for people, by the path that it concerns now.
    pub reasons: BTreeMap<RelPath, Vec<String>>,
    /// What could not be matched without guessing.
    pub ambiguous: Vec<String>,
    /// Which of the given renames meant something of this node, by their places.
    pub settled: BTreeSet<usize>,
    /// What can be renamed.
    pub open: Open,
}

/// What a `--rename` can be about: the names of handlers and of models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Those that the contract does not name any more.
    pub gone: BTreeSet<String>,
    /// Those that it names now.
    pub come: BTreeSet<String>,
}

impl GivenRename {
    fn is_from(&self, class: &ClassPath) -> bool {
        is_called(class, &self.old)
    }

    fn is_to(&self, class: &ClassPath) -> bool {
        is_called(class, &self.new)
    }
}

/// Whether a class is meant by its name, or by its dotted path.
fn is_called(class: &ClassPath, name: &str) -> bool {
    class.name.as_str() == name || format!("{}.{}", class.module, class.name) == name
}

/// Finds out what moved.
#[must_use]
pub fn moves(lock: &Lock, node: &Node, project: &Project, given: &[GivenRename]) -> Moves {
    let new = Lock::entries_of(node);
    let old = known(lock, &new, given);
    let mut matching = Matching {
        lock,
        old: &old,
        new: &new,
        given,
        old_prefix: &lock.module,
        new_prefix: &node.module,
        pairs: Vec::new(),
    };
    let settled = matching.run();
    Moves { settled, open: matching.open(), ..Moves::default() }
        .node(lock, node, project)
        .entries(&matching, node, project)
        .leftovers(&matching)
}

/// The entries that new ones can continue: those of the last run, unless one of them stands for nothing but itself
/// because the user says which former entry it continues.
fn known(lock: &Lock, new: &[LockedEntry], given: &[GivenRename]) -> Vec<LockedEntry> {
    let mut known = lock.entries.clone();
    for rename in given {
        let former = lock.former.iter().find(|former| rename.is_from(&former.handler));
        let continued = new.iter().find(|entry| rename.is_to(&entry.handler));
        if let (Some(former), Some(continued)) = (former, continued) {
            known.retain(|entry| entry.handler != continued.handler);
            known.push(former.clone());
        }
    }
    known
}

impl LockedEntry {
    /// Its event model and its output events.
    fn models(&self) -> impl Iterator<Item = &ClassPath> {
        self.event.iter().chain(&self.outputs)
    }

    /// The same entry in a node that is called otherwise.
    #[must_use]
    pub fn followed(&self, old: &DottedPath, new: &DottedPath) -> Self {
        let follow = |class: &ClassPath| follow(class, old, new);
        Self {
            handler: follow(&self.handler),
            event: self.event.as_ref().map(follow),
            topic: self.topic.clone(),
            outputs: self.outputs.iter().map(follow).collect(),
        }
    }

    /// The files that are there for it: its handler, the test of that, and its models.
    #[must_use]
    pub fn files(&self, folder: &Identifier, project: &Project) -> Vec<RelPath> {
        let handler = project.module_file(&self.handler.module);
        let models = self.models().filter_map(files_of_model);
        let models = models.map(|model| project.module_file(&model));
        std::iter::once(handler)
            .chain(test_of(&self.handler, folder, project))
            .chain(models)
            .collect()
    }
}

/// The test of a handler.
fn test_of(handler: &ClassPath, folder: &Identifier, project: &Project) -> Option<RelPath> {
    let stem = Identifier::parse(handler.module.last()).ok()?.affixed("test_", "");
    Some(project.tests.ours("nodes").folder(folder).python_file(&stem))
}

struct Matching<'a> {
    lock: &'a Lock,
    old: &'a [LockedEntry],
    new: &'a [LockedEntry],
    given: &'a [GivenRename],
    old_prefix: &'a DottedPath,
    new_prefix: &'a DottedPath,
    pairs: Vec<(usize, usize)>,
}

impl Matching<'_> {
    /// Pairs the entries; gives the places of the renames that say something of this node.
    fn run(&mut self) -> BTreeSet<usize> {
        let mut settled = BTreeSet::new();
        for (place, rename) in self.given.iter().enumerate() {
            let paired =
                self.pair(|old, new| rename.is_from(&old.handler) && rename.is_to(&new.handler));
            if paired || self.given_model(rename).is_some() || self.is_of_handlers(rename) {
                settled.insert(place);
            }
        }
        let (old_prefix, new_prefix) = (self.old_prefix.clone(), self.new_prefix.clone());
        let moved = |class: &ClassPath| follow(class, &old_prefix, &new_prefix);
        let moved_event = |entry: &LockedEntry| entry.event.as_ref().map(moved);
        self.pair(|old, new| moved(&old.handler) == new.handler && moved_event(old) == new.event);
        self.pair(|old, new| moved(&old.handler) == new.handler);
        self.pair(|old, new| old.event.is_some() && moved_event(old) == new.event);
        self.pair(|old, new| old.topic.is_some() && old.topic == new.topic);
        settled
    }

    /// Whether a given rename says which handler of several goes on with the text of one that left.
    fn is_of_handlers(&self, rename: &GivenRename) -> bool {
        let now = |handler: &ClassPath| self.new.iter().any(|entry| entry.handler == *handler);
        self.old.iter().any(|old| rename.is_from(&old.handler) && !now(&self.follow(&old.handler)))
            && self.new.iter().any(|new| rename.is_to(&new.handler))
    }

    /// The two models that a given rename is about.
    fn given_model(&self, rename: &GivenRename) -> Option<(ClassPath, ClassPath)> {
        let from = self.gone_models().into_iter().find(|class| rename.is_from(class))?;
        let mut models = self.new.iter().flat_map(LockedEntry::models);
        Some((from, models.find(|class| rename.is_to(class))?.clone()))
    }

    /// The models that entries named before and none names now, as the lock has them.
    fn gone_models(&self) -> BTreeSet<ClassPath> {
        let named: BTreeSet<&ClassPath> = self.new.iter().flat_map(LockedEntry::models).collect();
        let before = self.old.iter().chain(&self.lock.former).flat_map(LockedEntry::models);
        before.filter(|class| !named.contains(&self.follow(class))).cloned().collect()
    }

    fn follow(&self, class: &ClassPath) -> ClassPath {
        follow(class, self.old_prefix, self.new_prefix)
    }

    /// The names that left and those that can be what they are called now.
    fn open(&self) -> Open {
        let now: BTreeSet<&ClassPath> = self.new.iter().map(|entry| &entry.handler).collect();
        let before = self.old.iter().chain(&self.lock.former).map(|entry| &entry.handler);
        let handlers = before.filter(|class| !now.contains(&self.follow(class)));
        let models = self.gone_models();
        let gone = handlers.chain(&models).map(|class| class.name.to_string()).collect();
        let named =
            self.new.iter().flat_map(|entry| std::iter::once(&entry.handler).chain(entry.models()));
        let known: BTreeSet<ClassPath> = self
            .lock
            .entries
            .iter()
            .filter(|_| self.lock.former.is_empty())
            .flat_map(|entry| std::iter::once(&entry.handler).chain(entry.models()))
            .map(|class| self.follow(class))
            .collect();
        let come = named.filter(|class| !known.contains(class));
        Open { gone, come: come.map(|class| class.name.to_string()).collect() }
    }

    fn pairs(&self) -> impl Iterator<Item = (&LockedEntry, &LockedEntry)> {
        let pairs = self.pairs.iter();
        pairs.filter_map(|(old, new)| Some((self.old.get(*old)?, self.new.get(*new)?)))
    }

    fn free_old(&self) -> Vec<usize> {
        let taken: BTreeSet<usize> = self.pairs.iter().map(|(old, _)| *old).collect();
        (0..self.old.len()).filter(|index| !taken.contains(index)).collect()
    }

    fn free_new(&self) -> Vec<usize> {
        let taken: BTreeSet<usize> = self.pairs.iter().map(|(_, new)| *new).collect();
        (0..self.new.len()).filter(|index| !taken.contains(index)).collect()
    }

    /// Pairs entries of which each is the only one that fits the other; says whether there were such.
    fn pair(&mut self, fits: impl Fn(&LockedEntry, &LockedEntry) -> bool) -> bool {
        let (olds, news) = (self.free_old(), self.free_new());
        let fit = |old: &usize, new: &usize| match (self.old.get(*old), self.new.get(*new)) {
            (Some(old), Some(new)) => fits(old, new),
            _ => false,
        };
        let mut found = Vec::new();
        for old in &olds {
            let candidates: Vec<usize> = news.iter().copied().filter(|new| fit(old, new)).collect();
            if let [new] = candidates.as_slice()
                && olds.iter().filter(|other| fit(other, new)).count() == 1
            {
                found.push((*old, *new));
            }
        }
        self.pairs.extend(&found);
        !found.is_empty()
    }
}

/// A class of the node's own package, where that package has another name now.
fn follow(class: &ClassPath, old: &DottedPath, new: &DottedPath) -> ClassPath {
    let Some(rest) = class.module.strip_prefix(old) else { return class.clone() };
    let module = rest.iter().fold(new.clone(), |module, part| module.child(part.clone()));
    ClassPath { module, name: class.name.clone() }
}

impl Moves {
    /// The node's folder itself.
    fn node(mut self, lock: &Lock, node: &Node, project: &Project) -> Self {
        if lock.module == node.module {
            return self;
        }
        let (old, new) = (&lock.module, &node.module);
        let last = |path: &DottedPath| path.parts().last().cloned();
        if let (Some(old_name), Some(new_name)) = (last(old), last(new)) {
            let class = |name: &Identifier| naming::node_class_name(name).ok();
            if let (Some(from), Some(to)) = (class(&old_name), class(&new_name)) {
                self.rename_class(&from, &to);
            }
            self.rename_class(&old_name, &new_name);
            let tests = project.tests.ours("nodes");
            let folders = [
                (project.module_folder(old), project.module_folder(new)),
                (tests.folder(&old_name), tests.folder(&new_name)),
            ];
            // Imports name whole modules: each has its own rename.
            let modules: BTreeSet<DottedPath> = lock
                .files
                .iter()
                .filter_map(|file| module_of(&file.path, &project.module_folder(old), old))
                .flat_map(|module| {
                    (old.parts().len()..=module.parts().len()).filter_map(move |n| module.prefix(n))
                })
                .collect();
            for module in modules {
                let rest = module.strip_prefix(old).unwrap_or_default();
                let to = rest.iter().fold(new.clone(), |path, part| path.child(part.clone()));
                self.everywhere.push(Rename { from: module, to });
            }
            for file in &lock.files {
                for (from, to) in &folders {
                    if let Some(moved) = file.path.moved(from, to) {
                        self.reason(&moved, format!("the node was {old_name}"));
                        self.files.insert(moved, file.path.clone());
                    }
                }
            }
        }
        self
    }

    fn rename_class(&mut self, from: &Identifier, to: &Identifier) {
        if from != to {
            let path = |name: &Identifier| DottedPath::from(name.clone());
            self.everywhere.push(Rename { from: path(from), to: path(to) });
        }
    }

    fn reason(&mut self, path: &RelPath, reason: String) {
        let reasons = self.reasons.entry(path.clone()).or_default();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }

    /// Handlers, events and outputs of the matched entries.
    fn entries(mut self, matching: &Matching<'_>, node: &Node, project: &Project) -> Self {
        let classes = |entries: &[LockedEntry]| -> BTreeSet<ClassPath> {
            entries.iter().flat_map(LockedEntry::models).cloned().collect()
        };
        let (before, after) = (classes(matching.old), classes(matching.new));
        self.handlers(matching, node, project);
        let mut models: BTreeMap<ClassPath, BTreeSet<ClassPath>> = BTreeMap::new();
        for (old, new) in matching.pairs() {
            let mut changed: Vec<(ClassPath, ClassPath)> = Vec::new();
            if let (Some(from), Some(to)) = (&old.event, &new.event) {
                changed.push((from.clone(), to.clone()));
            }
            changed.extend(renamed_output(&old.outputs, &new.outputs));
            for (from, to) in changed {
                let followed = follow(&from, matching.old_prefix, matching.new_prefix);
                if followed == to {
                    continue;
                }
                self.in_handler(new, &followed, &to, project);
                // A class that is still named, or was named before, was not renamed: the entry took another.
                if !after.contains(&followed) && !before.contains(&to) {
                    models.entry(from).or_default().insert(to);
                }
            }
        }
        for (from, to) in matching.given.iter().filter_map(|rename| matching.given_model(rename)) {
            models.insert(from, BTreeSet::from([to]));
        }
        self.models(&models, matching, project);
        self
    }

    /// Renamed and moved handlers. One that is still named, or was named before, was not renamed: the entry took
    /// another.
    fn handlers(&mut self, matching: &Matching<'_>, node: &Node, project: &Project) {
        let followed = |class| follow(class, matching.old_prefix, matching.new_prefix);
        let before: BTreeSet<ClassPath> =
            matching.old.iter().map(|entry| followed(&entry.handler)).collect();
        let after: BTreeSet<&ClassPath> = matching.new.iter().map(|entry| &entry.handler).collect();
        let mut renamed: BTreeMap<&ClassPath, BTreeSet<&ClassPath>> = BTreeMap::new();
        for (old, new) in matching.pairs() {
            if !after.contains(&followed(&old.handler)) && !before.contains(&new.handler) {
                renamed.entry(&old.handler).or_default().insert(&new.handler);
            }
        }
        for (from, targets) in renamed {
            let given = |to: &&&ClassPath| {
                matching.given.iter().any(|rename| rename.is_from(from) && rename.is_to(to))
            };
            match only(&targets).or_else(|| targets.iter().find(given)) {
                Some(to) => self.handler(&followed(from), from, to, node, project),
                None => self.several(from, targets.into_iter()),
            }
        }
    }

    /// A class that became several others: none of them goes on with its text.
    fn several<'c>(&mut self, from: &ClassPath, targets: impl Iterator<Item = &'c ClassPath>) {
        let names: Vec<String> = targets.map(|to| to.name.to_string()).collect();
        self.ambiguous.push(format!(
            "{} could have become any of {}: --rename {}=NEW settles it, in this run or a later one",
            from.name,
            names.join(", "),
            from.name
        ));
    }

    fn handler(
        &mut self,
        was: &ClassPath,
        locked: &ClassPath,
        is: &ClassPath,
        node: &Node,
        project: &Project,
    ) {
        self.rename_class(&was.name, &is.name);
        if locked.module != is.module {
            self.everywhere.push(Rename { from: locked.module.clone(), to: is.module.clone() });
        }
        let what = if was.name == is.name {
            format!("handler moved from {}", locked.module)
        } else {
            format!("handler was {}", locked.name)
        };
        let test = |class: &ClassPath| test_of(class, &node.folder, project);
        let mut files = vec![(project.module_file(&was.module), project.module_file(&is.module))];
        files.extend(test(was).zip(test(is)));
        for (from, to) in files {
            self.reason(&to, what.clone());
            if from != to {
                let source = self.files.get(&from).cloned().unwrap_or(from);
                self.files.insert(to, source);
            }
        }
    }

    /// In the files of one handler, the names follow whatever else becomes of the class.
    fn in_handler(
        &mut self,
        entry: &LockedEntry,
        from: &ClassPath,
        to: &ClassPath,
        project: &Project,
    ) {
        if from.name != to.name {
            let path = |name: &Identifier| DottedPath::from(name.clone());
            self.of_handler
                .entry(entry.handler.clone())
                .or_default()
                .push(Rename { from: path(&from.name), to: path(&to.name) });
        }
        let file = project.module_file(&entry.handler.module);
        let what = if entry.event.as_ref() == Some(to) { "event model" } else { "output event" };
        self.reason(&file, format!("{what} was {}", from.name));
    }

    /// Renamed models: the class everywhere, and its file with it.
    fn models(
        &mut self,
        models: &BTreeMap<ClassPath, BTreeSet<ClassPath>>,
        matching: &Matching<'_>,
        project: &Project,
    ) {
        for (from, targets) in models {
            let Some(to) = only(targets) else {
                self.several(from, targets.iter());
                continue;
            };
            let followed = follow(from, matching.old_prefix, matching.new_prefix);
            self.rename_class(&followed.name, &to.name);
            for (old_file, new_file) in
                files_of_model(&followed).into_iter().zip(files_of_model(to))
            {
                if old_file == new_file {
                    continue;
                }
                let locked_file = files_of_model(from).unwrap_or_else(|| old_file.clone());
                self.everywhere.push(Rename { from: locked_file, to: new_file.clone() });
                let (from_path, to_path) =
                    (project.module_file(&old_file), project.module_file(&new_file));
                self.reason(&to_path, format!("model was {}", from.name));
                let source = self.files.get(&from_path).cloned().unwrap_or(from_path);
                self.files.insert(to_path, source);
            }
        }
    }

    /// Entries on both sides that fit no other.
    fn leftovers(mut self, matching: &Matching<'_>) -> Self {
        let old: Vec<String> = matching
            .free_old()
            .iter()
            .filter_map(|index| Some(matching.old.get(*index)?.handler.name.to_string()))
            .collect();
        let new: Vec<String> = matching
            .free_new()
            .iter()
            .filter_map(|index| Some(matching.new.get(*index)?.handler.name.to_string()))
            .collect();
        if !old.is_empty() && !new.is_empty() {
            self.ambiguous.push(format!(
                "{} left the contract and {} came: taken as removed and added; where one is the other, \
                 --rename {}={} says so, in this run or a later one",
                old.join(", "),
                new.join(", "),
                old.first().cloned().unwrap_or_default(),
                new.first().cloned().unwrap_or_default(),
            ));
        }
        self
    }
}

/// The element of a set that has no other.
fn only<T: Ord>(set: &BTreeSet<T>) -> Option<&T> {
    set.first().filter(|_| set.len() == 1)
}

/// The file that a model stands in, as [`crate::node::resolve`] places it.
fn files_of_model(class: &ClassPath) -> Option<DottedPath> {
    if class.module.last().starts_with("model_") {
        return Some(class.module.clone());
    }
    naming::model_file(&class.name).ok().map(|file| class.module.child(file))
}

/// The module of a file below a package's folder.
fn module_of(path: &RelPath, folder: &RelPath, package: &DottedPath) -> Option<DottedPath> {
    let rest = path.as_str().strip_prefix(folder.as_str())?.strip_prefix('/')?;
    let rest = rest.strip_suffix(".py")?;
    let rest = rest.strip_suffix("__init__").unwrap_or(rest).trim_end_matches('/');
    let mut module = package.clone();
    for part in rest.split('/').filter(|part| !part.is_empty()) {
        module = module.child(Identifier::parse(part).ok()?);
    }
    Some(module)
}

/// One output in the place of another is a rename; more than one difference is not.
fn renamed_output(old: &[ClassPath], new: &[ClassPath]) -> Option<(ClassPath, ClassPath)> {
    let mut gone = old.iter().filter(|class| !new.contains(class));
    let mut came = new.iter().filter(|class| !old.contains(class));
    let pair = (gone.next()?, came.next()?);
    let only = gone.next().is_none() && came.next().is_none() && old.len() == new.len();
    only.then(|| (pair.0.clone(), pair.1.clone()))
}
