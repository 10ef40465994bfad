//! Names that a plan takes away, and who still uses them.
//!
//! In: a [`Plan`] and the names that the contract changed. Out: [`Dropped`]: what could be imported before and cannot
//! be afterwards, and, for any text of the project, a warning for each use of such a name. Reads nothing itself: which
//! files may use them is for the caller to find out.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::Rename;
use super::{Change, FileChange, Plan};
use crate::diagnostic::Diagnostic;
use crate::parallel;
use crate::project::Project;
use crate::python::facts::ModulePath;
use crate::python::uses::uses;
use crate::python::{DottedPath, module};
use crate::source::{SourceFile, Span};
use crate::workspace::RelPath;

/// What can no longer be imported, with what it is now, where it is something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dropped(BTreeMap<String, Option<String>>);

/// The names that a plan takes away; `stands` tells of paths that the plan does not touch.
#[must_use]
pub fn dropped(
    plan: &Plan,
    renames: &[Rename],
    project: &Project,
    stands: impl Fn(&RelPath) -> bool,
) -> Dropped {
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    let gives = |path: &RelPath, text: &str| importable(path, text, project);
    for (had, has) in parallel::map_small(&plan.changes, |change| given(change, gives)) {
        before.extend(had);
        after.extend(has);
    }
    let gone = before.difference(&after);
    let now = |path: &String| renamed(path, renames).filter(|now| after.contains(now));
    let mut dropped: BTreeMap<String, Option<String>> =
        gone.map(|path| (path.clone(), now(path))).collect();
    // Modules whose files somebody moved already, as with a node's whole folder.
    for rename in renames.iter().filter(|rename| rename.from.parts().len() > 1) {
        let (from, to) = (rename.from.to_string(), rename.to.to_string());
        let is_left =
            stands(&project.module_file(&rename.from)) || stands(&project.init_file(&rename.from));
        if !is_left && !after.contains(&from) {
            dropped.entry(from).or_insert(Some(to));
        }
    }
    Dropped(dropped)
}

/// What a change takes away, and what it gives.
fn given(
    change: &FileChange,
    gives: impl Fn(&RelPath, &str) -> Vec<String>,
) -> (Vec<String>, Vec<String>) {
    let path = &change.path;
    match &change.change {
        Change::Created { text } => (Vec::new(), gives(path, text)),
        Change::Updated { before, after } => (gives(path, before), gives(path, after)),
        Change::Moved { from, before, after, over } => {
            let mut had = gives(from, before);
            had.extend(over.iter().flat_map(|over| gives(path, over)));
            (had, gives(path, after))
        }
        Change::Removed { before } => (gives(path, before), Vec::new()),
        Change::Kept | Change::LeftOut | Change::Orphaned | Change::Conflict(_) => {
            (Vec::new(), Vec::new())
        }
    }
}

/// The paths that a file gives: the module, its classes, and what a package passes on.
fn importable(path: &RelPath, text: &str, project: &Project) -> Vec<String> {
    let Some(own) = project.module_of(path) else { return Vec::new() };
    let read = module::read(text);
    let classes = read.classes.iter().map(|class| class.name.value.clone());
    let is_package = path.name() == "__init__.py";
    let imports = read.imports.iter().filter(|_| is_package);
    let passed_on =
        imports.flat_map(|import| import.names.iter().map(|name| name.bound().to_owned()));
    let names = classes.chain(passed_on).map(|name| format!("{own}.{name}"));
    std::iter::once(own.to_string()).chain(names).collect()
}

/// What a path is called now: its module, its class, or both have other names.
fn renamed(path: &str, renames: &[Rename]) -> Option<String> {
    let whole = |path: &str| {
        let found = renames.iter().find(|rename| rename.from.to_string() == path);
        found.map(|rename| rename.to.to_string())
    };
    if let Some(to) = whole(path) {
        return Some(to);
    }
    let (module, name) = path.rsplit_once('.')?;
    match (whole(module), whole(name)) {
        (None, None) => None,
        (to_module, to_name) => Some(format!(
            "{}.{}",
            to_module.as_deref().unwrap_or(module),
            to_name.as_deref().unwrap_or(name)
        )),
    }
}

impl Dropped {
    /// Names of which only the uses are of interest.
    #[must_use]
    pub fn of(paths: impl IntoIterator<Item = String>) -> Self {
        Self(paths.into_iter().map(|path| (path, None)).collect())
    }

    /// Whether nothing is taken away.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text has the last word of one of the names in it: most files have not, and need not be read.
    #[must_use]
    pub fn may_be_in(&self, text: &str) -> bool {
        self.0.keys().any(|path| text.contains(last(path)))
    }

    /// The uses in a file that have to change, each as a warning with its place.
    #[must_use]
    pub fn used_in(
        &self,
        file: &SourceFile,
        own: Option<&DottedPath>,
        is_package: bool,
    ) -> Vec<Diagnostic> {
        let own = own.map(DottedPath::to_string);
        let own = own.as_deref().map(|dotted| ModulePath { dotted, is_package });
        let found = uses(file.text(), own).into_iter().filter_map(|used| {
            let (path, now) = self.meant_by(&used.path)?;
            let name = last(path);
            // Where an import calls it otherwise, or where its name stays, the import alone has to change.
            let written = file.slice(used.span);
            let follows_import = !written.contains(name)
                || (written == name && now.is_some_and(|now| last(now) == name));
            (used.is_import || !follows_import).then(|| warning(file, used.span, path, now))
        });
        found.collect()
    }

    /// The dropped name that a path is or leads through; the longest.
    fn meant_by<'a>(&'a self, path: &str) -> Option<(&'a str, Option<&'a str>)> {
        let ends = path.match_indices('.').map(|(at, _)| at);
        let ends: Vec<usize> = ends.chain([path.len()]).collect();
        let mut prefixes = ends.iter().rev().filter_map(|end| path.get(..*end));
        let (path, now) = prefixes.find_map(|prefix| self.0.get_key_value(prefix))?;
        Some((path, now.as_deref()))
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn warning(file: &SourceFile, span: Span, path: &str, now: Option<&str>) -> Diagnostic {
    let name = last(path);
    let (message, help) = match now {
        Some(now) if last(now) == name => {
            (format!("`{name}` is in another place now"), format!("it is {now}"))
        }
        Some(now) => (format!("`{name}` is called `{}` now", last(now)), format!("it is {now}")),
        None => (
            format!("`{name}` is not there any more"),
            format!("do without {path}, or bring it back into the contract"),
        ),
    };
    Diagnostic::warning("dropped-name", file, span, message).label("used here").help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::FileChange;
    use crate::project::{Place, Wish, detect};
    use crate::render::Ownership;
    use crate::workspace::Workspace;

    fn app() -> Project {
        let wish = Wish { given: Some("app"), named: None };
        let workspace = Workspace::open(std::path::Path::new("nowhere")).unwrap();
        detect(&Place::Free("nowhere".into()), &workspace, wish).unwrap().project
    }

    fn path(text: &str) -> RelPath {
        RelPath::parse(text).unwrap()
    }

    fn plan(changes: Vec<(&str, Change)>) -> Plan {
        let change = |(at, change)| FileChange::new(path(at), Ownership::Scaffolded, change);
        Plan { changes: changes.into_iter().map(change).collect() }
    }

    fn messages(dropped: &Dropped, text: &str) -> Vec<String> {
        let file = SourceFile::new("jobs/run.py", text);
        let found = dropped.used_in(&file, None, false);
        let line = |d: &Diagnostic| file.position(d.primary.span.start).line;
        found.iter().map(|d| format!("{}: {}", line(d), d.help.clone().unwrap())).collect()
    }

    #[test]
    fn a_class_that_was_renamed_is_named_by_its_new_path() {
        let rename = |from: &str, to: &str| Rename {
            from: DottedPath::parse(from).unwrap(),
            to: DottedPath::parse(to).unwrap(),
        };
        let moved = Change::Moved {
            from: path("src/app/m/model_a.py"),
            before: "class ModelA: ...\n".to_owned(),
            after: "class ModelB: ...\n".to_owned(),
            over: None,
        };
        let init = Change::Updated {
            before: "from app.m.model_a import ModelA\n".to_owned(),
            after: "from app.m.model_b import ModelB\n".to_owned(),
        };
        let plan = plan(vec![("src/app/m/__init__.py", init), ("src/app/m/model_b.py", moved)]);
        let renames = [rename("ModelA", "ModelB"), rename("app.m.model_a", "app.m.model_b")];
        let dropped = dropped(&plan, &renames, &app(), |_| false);
        assert!(dropped.may_be_in("x = ModelA"));
        assert!(!dropped.may_be_in("x = Other"));
        assert_eq!(
            messages(
                &dropped,
                "from app.m import ModelA\nimport app.m.model_a as m\nm.ModelA(1)\n"
            ),
            ["1: it is app.m.ModelB", "2: it is app.m.model_b", "3: it is app.m.model_b.ModelB"]
        );
        // What the import calls otherwise follows the import.
        let told = messages(&dropped, "from app.m import ModelA as A\n\n\ndef f(a: A) -> A: ...\n");
        assert_eq!(told, ["1: it is app.m.ModelB"]);
    }

    #[test]
    fn a_class_that_went_is_said_to_be_gone() {
        let removed = Change::Removed { before: "class ModelA: ...\n".to_owned() };
        let dropped =
            dropped(&plan(vec![("src/app/m/model_a.py", removed)]), &[], &app(), |_| false);
        let told =
            messages(&dropped, "from app.m.model_a import ModelA\n\nModelA()\nother.ModelA\n");
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[1].starts_with("3: do without app.m.model_a.ModelA"), "{told:?}");
    }

    #[test]
    fn what_stays_is_not_dropped() {
        let same = Change::Updated {
            before: "class ModelA: ...\n".to_owned(),
            after: "class ModelA:\n    x: int\n".to_owned(),
        };
        let dropped = dropped(&plan(vec![("src/app/m/model_a.py", same)]), &[], &app(), |_| false);
        assert!(dropped.is_empty());
    }
}
