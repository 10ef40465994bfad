//! Which of ruff's rules the project has switched on, as far as they change what is emitted.
//!
//! In: the `[lint]` tables of a configuration file and of those that it extends. Out: [`Rules`], which say
//! whether ruff reports a line of a file as too long, or an import of a model as needed for annotations alone.

use globset::{Glob, GlobMatcher};
use toml_edit::TableLike;

use super::MOST_ITEMS;
use crate::project::toml::{descend, strings};
use crate::workspace::RelPath;

/// `line-too-long`.
const E501: &str = "E501";

/// Imports that annotations alone need: of the project, of others, of Python.
const TYPING_ONLY: [&str; 3] = ["TC001", "TC002", "TC003"];

/// The base class whose annotations are evaluated, which the three do not know unless they are told.
const EVALUATED: &str = "pydantic.BaseModel";

/// What ruff reports.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rules {
    /// Whether E501 is on.
    long_lines: bool,
    /// The files of which that does not hold: `per-file-ignores`.
    excused: Vec<Files>,
    /// `extend-per-file-ignores`.
    also_excused: Vec<Files>,
    /// Which of the rules about imports for annotations are on.
    typing_only: [bool; TYPING_ONLY.len()],
    /// Whether they know pydantic.
    evaluated: bool,
}

/// The files that a pattern of `per-file-ignores` means.
#[derive(Clone, Debug)]
struct Files {
    pattern: String,
    /// All others.
    negated: bool,
    glob: GlobMatcher,
    /// How the folder of the configuration file sees a path of the project; nothing where it sees none.
    view: Option<(RelPath, RelPath)>,
}

impl PartialEq for Files {
    fn eq(&self, other: &Self) -> bool {
        (&self.pattern, self.negated, &self.view) == (&other.pattern, other.negated, &other.view)
    }
}

impl Eq for Files {}

impl Files {
    fn new(pattern: &str, view: Option<&(RelPath, RelPath)>) -> Option<Self> {
        let (negated, text) = match pattern.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        let glob = Glob::new(text).ok()?.compile_matcher();
        Some(Self { pattern: text.to_owned(), negated, glob, view: view.cloned() })
    }

    /// Whether a file is meant: by its name alone, or by its path from the configuration file's folder.
    fn mean(&self, path: &RelPath) -> bool {
        let seen =
            self.view.as_ref().and_then(|(off, before)| Some(before.with(&path.below(off)?)));
        let is_it = self.glob.is_match(path.name())
            || seen.is_some_and(|path| self.glob.is_match(path.as_str()));
        is_it != self.negated
    }
}

impl Rules {
    /// Whether ruff reports lines of this file that are too long.
    #[must_use]
    pub fn report_long_lines(&self, path: &RelPath) -> bool {
        let excused =
            || self.excused.iter().chain(&self.also_excused).any(|files| files.mean(path));
        self.long_lines && !excused()
    }

    /// Whether ruff reports the imports of a pydantic model as needed for annotations alone.
    #[must_use]
    pub fn report_typing_imports(&self) -> bool {
        self.typing_only.contains(&true) && !self.evaluated
    }

    /// Reads the table of a configuration file; `self` is what the file that it extends says.
    pub(super) fn read(&mut self, lint: &dyn TableLike, view: Option<&(RelPath, RelPath)>) {
        self.long_lines = selected(lint, E501).unwrap_or(self.long_lines);
        for (on, code) in self.typing_only.iter_mut().zip(TYPING_ONLY) {
            *on = selected(lint, code).unwrap_or(*on);
        }
        let told = descend(lint, &["flake8-type-checking"]);
        if let Some(told) = told.filter(|t| t.contains_key("runtime-evaluated-base-classes")) {
            self.evaluated = strings(told, "runtime-evaluated-base-classes").contains(EVALUATED);
        }
        if let Some(excused) = files(lint, "per-file-ignores", view) {
            self.excused = excused;
        }
        self.also_excused
            .extend(files(lint, "extend-per-file-ignores", view).into_iter().flatten());
    }
}

/// Whether a table switches a rule on or off: of the selectors that mean it, the longest decides, and of two that
/// are the same, the one that ignores.
fn selected(lint: &dyn TableLike, code: &str) -> Option<bool> {
    let longest = |keys: [&str; 2]| {
        let selectors = keys.into_iter().flat_map(|key| strings(lint, key));
        selectors.filter_map(|selector| specificity(&selector, code)).max()
    };
    let on = longest(["select", "extend-select"]);
    let off = longest(["ignore", "extend-ignore"]);
    match (on, off) {
        (None, None) => lint.contains_key("select").then_some(false),
        (on, off) => Some(on > off),
    }
}

/// How closely a selector names a rule; nothing where it means others.
fn specificity(selector: &str, code: &str) -> Option<usize> {
    // What the rules were called before.
    let former = selector.strip_prefix("TCH").map(|rest| format!("TC{rest}"));
    let selector = former.as_deref().unwrap_or(selector);
    if selector == "ALL" { Some(0) } else { code.starts_with(selector).then_some(selector.len()) }
}

/// The patterns of a table whose selectors mean E501.
fn files(lint: &dyn TableLike, key: &str, view: Option<&(RelPath, RelPath)>) -> Option<Vec<Files>> {
    let table = descend(lint, &[key])?;
    let patterns = table.iter().map(|(pattern, _)| pattern).filter(|pattern| {
        strings(table, pattern).iter().any(|selector| specificity(selector, E501).is_some())
    });
    Some(patterns.take(MOST_ITEMS).filter_map(|pattern| Files::new(pattern, view)).collect())
}
