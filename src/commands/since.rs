//! Which nodes a change since a revision concerns: those whose files differ, and those that depend on what differs.
//!
//! In: what git says has changed ([`Changed`]), and what the locks of all nodes list. Out: the folders of nodes. What is
//! said of one of them must be what is said when all are looked at; so where it is not clear what a change means, such as
//! one of the settings, it concerns them all.

use std::collections::{BTreeMap, BTreeSet};

use super::nodes::KnownLock;
use super::trouble::Trouble;
use crate::contract::name_of;
use crate::project::{Project, Pyproject};
use crate::report::Problem;
use crate::source::SourceFile;
use crate::workspace::{Changed, History, HistoryError, RelPath, Workspace};

/// A project and its nodes, seen from a revision.
pub(super) struct Since<'a> {
    workspace: &'a Workspace,
    project: &'a Project,
    pyproject: Option<&'a Pyproject>,
    /// The folders of all nodes, each with its lock.
    nodes: &'a BTreeMap<RelPath, KnownLock>,
    /// The nodes whose locks list a path.
    listing: BTreeMap<&'a RelPath, Vec<&'a RelPath>>,
}

impl<'a> Since<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        project: &'a Project,
        pyproject: Option<&'a Pyproject>,
        nodes: &'a BTreeMap<RelPath, KnownLock>,
    ) -> Self {
        let mut listing: BTreeMap<&RelPath, Vec<&RelPath>> = BTreeMap::new();
        for (folder, lock) in nodes {
            for file in lock.lock().into_iter().flat_map(|lock| &lock.files) {
                listing.entry(&file.path).or_default().push(folder);
            }
        }
        Self { workspace, project, pyproject, nodes, listing }
    }

    /// The folders of the nodes that a change since the revision concerns.
    pub(super) fn concerned(&self, revision: &str) -> Result<BTreeSet<RelPath>, Trouble> {
        let history = History::of(self.workspace.root(), revision).map_err(told)?;
        let changed = history.changed().map_err(told)?;
        let all = || self.nodes.keys().cloned().collect();
        if is_of_settings(&changed, &history) {
            return Ok(all());
        }
        let Some(mut concerned) = self.by_entry_points(&changed, &history)? else {
            return Ok(all());
        };
        concerned.extend(self.by_own_files(&changed));
        concerned.extend(self.by_common_files(&changed, &concerned));
        let words = self.words(&changed, &history)?;
        if !words.is_empty() {
            concerned.extend(self.naming(&words)?);
        }
        concerned.extend(self.sharing(&concerned));
        concerned.extend(self.broken());
        Ok(concerned)
    }

    /// Nodes whose entry point changed; nothing where more of pyproject.toml did.
    fn by_entry_points(
        &self,
        changed: &Changed,
        history: &History,
    ) -> Result<Option<BTreeSet<RelPath>>, Trouble> {
        let path = RelPath::root().ours("pyproject.toml");
        if !changed.inside.contains(&path) {
            return Ok(Some(BTreeSet::new()));
        }
        let before = history.text(&path).map_err(told)?;
        let before = before.and_then(|t| Pyproject::parse(SourceFile::new(path.as_str(), t)).ok());
        let (Some(before), Some(now)) = (before, self.pyproject) else { return Ok(None) };
        if before.besides_entry_points() != now.besides_entry_points() {
            return Ok(None);
        }
        let points = |file: &Pyproject| -> BTreeMap<String, String> {
            file.entry_points().into_iter().map(|(n, t)| (n.to_string(), t.to_string())).collect()
        };
        let (before, now) = (points(&before), points(now));
        let differs = |folder: &&RelPath| {
            let name = folder.name();
            let is_target = |target: &String| target.contains(&format!(".{name}."));
            let concerns = |(key, target): &(&String, &String)| *key == name || is_target(target);
            let of = |points: &BTreeMap<String, String>| {
                let own = points.iter().filter(concerns);
                own.map(|(k, t)| (k.clone(), t.clone())).collect::<Vec<_>>()
            };
            of(&before) != of(&now)
        };
        Ok(Some(self.nodes.keys().filter(differs).cloned().collect()))
    }

    /// Nodes with a changed file in their own folder or among their tests.
    fn by_own_files(&self, changed: &Changed) -> BTreeSet<RelPath> {
        let (nodes, tests) = (self.project.nodes_folder(), self.project.tests.ours("nodes"));
        let of = |path: &RelPath| {
            let below = path.below(&nodes).or_else(|| path.below(&tests))?;
            let name = below.parts().next()?.to_owned();
            self.nodes.keys().find(|folder| folder.name() == name)
        };
        changed.inside.iter().filter_map(of).cloned().collect()
    }

    /// Nodes with a changed file elsewhere. Of an `__init__.py` that several have in common the same is said whichever of
    /// them is looked at: one will do.
    fn by_common_files(&self, changed: &Changed, known: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
        let mut concerned = BTreeSet::new();
        for path in &changed.inside {
            let listing = self.listing(path).iter().copied();
            if path.name() != "__init__.py" {
                concerned.extend(listing.cloned());
            } else if !listing.clone().any(|folder| known.contains(folder)) {
                concerned.extend(listing.take(1).cloned());
            }
        }
        concerned
    }

    fn listing(&self, path: &RelPath) -> &[&RelPath] {
        self.listing.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// What other contracts may call something that changed: the names that nodes have and had, and the modules of files
    /// that no lock lists.
    fn words(&self, changed: &Changed, history: &History) -> Result<BTreeSet<String>, Trouble> {
        let mut words = BTreeSet::new();
        for path in &changed.inside {
            if path.name() == "contract.yaml" {
                let name = |text: Option<String>| {
                    name_of(&SourceFile::new(path.as_str(), text?)).map(|name| name.value)
                };
                let standing = self.workspace.read([path.clone()])?;
                let now = standing.text(path).map(str::to_owned);
                let before = history.text(path).map_err(told)?;
                let is_elsewhere = now.is_some() != before.is_some();
                let (now, before) = (name(now), name(before));
                if now != before || is_elsewhere {
                    words.extend(now.into_iter().chain(before));
                    words.insert(path.parent().name().to_owned());
                }
            } else if path.name().ends_with(".py") && self.listing(path).is_empty() {
                let module = self.project.module_of(path);
                let package = module.as_ref().and_then(|module| module.parent());
                let named = [module, package].into_iter().flatten();
                // The package alone stands in every module path.
                let named = named.filter(|module| module.parts().len() > 1);
                words.extend(named.map(|module| module.to_string()));
            }
        }
        Ok(words)
    }

    /// Nodes whose contracts hold one of the words.
    fn naming(&self, words: &BTreeSet<String>) -> Result<BTreeSet<RelPath>, Trouble> {
        let mut naming = BTreeSet::new();
        for folder in self.nodes.keys() {
            let path = folder.ours("contract.yaml");
            let disk = self.workspace.read([path.clone()])?;
            let text = disk.text(&path).unwrap_or_default();
            if words.iter().any(|word| text.contains(word.as_str())) {
                naming.insert(folder.clone());
            }
        }
        Ok(naming)
    }

    /// The nodes that have to be looked at to tell of these: those that they have files in common with as well, in the
    /// order of all.
    pub(super) fn near(&self, these: &BTreeSet<RelPath>) -> Vec<RelPath> {
        let sharing = self.sharing(these);
        let folders = self.nodes.keys();
        folders.filter(|f| these.contains(*f) || sharing.contains(*f)).cloned().collect()
    }

    /// Nodes of which nobody knows what they share with others: their locks stand and cannot be read.
    fn broken(&self) -> impl Iterator<Item = RelPath> {
        let broken = self.nodes.iter().filter(|(_, lock)| matches!(lock, KnownLock::Broken));
        broken.map(|(folder, _)| folder.clone())
    }

    /// Nodes that have a file in common with one of these.
    fn sharing(&self, concerned: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
        let files = |lock: &KnownLock| -> BTreeSet<RelPath> {
            let paths = lock.lock().into_iter().flat_map(|lock| &lock.files).map(|file| &file.path);
            paths.filter(|path| path.name() != "__init__.py").cloned().collect()
        };
        let these = self.nodes.iter().filter(|(folder, _)| concerned.contains(*folder));
        let theirs: BTreeSet<RelPath> = these.flat_map(|(_, lock)| files(lock)).collect();
        let shares = |(_, lock): &(&RelPath, &KnownLock)| {
            let mut listed = lock.lock().into_iter().flat_map(|lock| &lock.files);
            listed.any(|file| theirs.contains(&file.path))
        };
        self.nodes.iter().filter(shares).map(|(folder, _)| folder.clone()).collect()
    }
}

/// Whether something changed that says how code is laid out, or what git ignores.
fn is_of_settings(changed: &Changed, history: &History) -> bool {
    let is_list = |name: &str| name == ".gitignore";
    let is_ruff = |name: &str| name.ends_with(".toml") && name != "pyproject.toml";
    let inside = changed.inside.iter().any(|path| {
        let is_nested = path.name() == "pyproject.toml" && path.parent() != RelPath::root();
        is_list(path.name()) || is_ruff(path.name()) || is_nested
    });
    let outside = changed.outside.iter().any(|path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let folder = path.strip_suffix(name).unwrap_or_default();
        let is_above = history.above().any(|above| above == folder);
        // Settings may extend those of any other place.
        is_above && (is_list(name) || name.ends_with(".toml")) || name.contains("ruff")
    });
    inside || outside
}

fn told(error: HistoryError) -> Problem {
    let problem = Problem::new("no-revision", error.to_string());
    problem.help(match error {
        HistoryError::NoGit | HistoryError::NotRun(_) | HistoryError::Failed(_) => {
            "install git, or check without --since"
        }
        HistoryError::NoRepository(_) => "check without --since: there is nothing to compare with",
        HistoryError::NoRevision(_) => {
            "name a branch, a tag or a commit that is here; a shallow clone has not all of them (git fetch)"
        }
    })
}
