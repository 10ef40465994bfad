//! What to run after a node was written: at most three commands that work where they are pasted.

use std::path::Path;

use super::shell;
use crate::project::{Project, Pyproject};
use crate::python::Identifier;

/// More than this nobody reads.
const MOST: usize = 3;

/// How a project runs what is installed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runner {
    /// `uv run`.
    Uv,
    /// `poetry run`.
    Poetry,
    /// Whatever environment is active.
    Active,
}

impl Runner {
    /// The one that a project's own files tell of.
    pub(super) fn of(pyproject: &Pyproject, files: &[(String, bool)]) -> Self {
        let stands = |name: &str| files.iter().any(|(file, is_folder)| file == name && !is_folder);
        if stands("uv.lock") || pyproject.table(&["tool", "uv"]).is_some() {
            Self::Uv
        } else if stands("poetry.lock") || pyproject.table(&["tool", "poetry"]).is_some() {
            Self::Poetry
        } else {
            Self::Active
        }
    }

    fn run(self, command: &str) -> String {
        match self {
            Self::Uv => format!("uv run {command}"),
            Self::Poetry => format!("poetry run {command}"),
            Self::Active => command.to_owned(),
        }
    }

    /// Installs what is missing, for use and for development.
    fn install(self, used: &[&str], developing: &[&str]) -> Option<String> {
        let adding = |command: &str, packages: &[&str]| {
            (!packages.is_empty()).then(|| format!("{command} {}", packages.join(" ")))
        };
        let steps = match self {
            Self::Uv => [adding("uv add", used), adding("uv add --dev", developing)],
            Self::Poetry => {
                [adding("poetry add", used), adding("poetry add --group dev", developing)]
            }
            Self::Active => [adding("python -m pip install", &[used, developing].concat()), None],
        };
        let steps: Vec<String> = steps.into_iter().flatten().collect();
        (!steps.is_empty()).then(|| steps.join(" && "))
    }
}

/// For a project that was just made.
pub(super) fn for_new(root: &Path, uv_is_there: bool) -> Vec<String> {
    let mut steps: Vec<String> = change_folder(root).into_iter().collect();
    if uv_is_there {
        steps.push("uv run pytest".to_owned());
    } else {
        // The pip that comes with Python 3.12 knows no dependency groups.
        let pip = ".venv/bin/pip install";
        steps.push(format!(
            "python3 -m venv .venv && {pip} --upgrade pip && {pip} --editable . --group dev"
        ));
        steps.push(".venv/bin/pytest".to_owned());
    }
    steps
}

/// For a project that stood before.
pub(super) fn for_standing(
    root: &Path,
    project: &Project,
    pyproject: &Pyproject,
    runner: Runner,
    node: &Identifier,
) -> Vec<String> {
    let mut steps: Vec<String> = change_folder(root).into_iter().collect();
    let lacks = |package: &&str| !pyproject.depends_on(package);
    let used: Vec<&str> = ["omnibase-core"].into_iter().filter(lacks).collect();
    let tools: Vec<&str> = ["pytest", "pytest-asyncio"].into_iter().filter(lacks).collect();
    steps.extend(runner.install(&used, &tools));
    let tests = project.tests.ours("nodes").folder(node);
    steps.push(runner.run(&format!("python -m pytest {}", shell::path(tests.as_str()))));
    let sources = if project.source_root.as_str().is_empty() {
        project.package_folder()
    } else {
        project.source_root.clone()
    };
    steps.push(runner.run(&format!("onex validate --strict {}", shell::path(sources.as_str()))));
    steps.truncate(MOST);
    steps
}

fn change_folder(root: &Path) -> Option<String> {
    let root = root.to_str().filter(|root| !matches!(*root, "." | ""))?;
    Some(format!("cd {}", shell::path(root)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Place, Wish, detect};
    use crate::source::SourceFile;
    use crate::workspace::Workspace;

    fn pyproject(text: &str) -> Pyproject {
        Pyproject::parse(SourceFile::new("pyproject.toml", text)).unwrap()
    }

    fn steps(root: &str, text: &str) -> Vec<String> {
        let wish = Wish { given: Some("app"), named: None };
        let workspace = Workspace::open(Path::new("nowhere")).unwrap();
        let project = detect(&Place::Free("nowhere".into()), &workspace, wish).unwrap().project;
        let pyproject = pyproject(text);
        let runner = Runner::of(&pyproject, &[]);
        for_standing(Path::new(root), &project, &pyproject, runner, &Identifier::ours("node_a"))
    }

    #[test]
    fn a_new_project_is_tested_in_an_environment_of_its_own() {
        assert_eq!(for_new(Path::new("a b"), true), ["cd 'a b'", "uv run pytest"]);
        let with_pip = for_new(Path::new("."), false);
        assert_eq!(with_pip.len(), 2);
        assert!(with_pip[0].contains("--group dev"));
        assert_eq!(for_new(Path::new("x"), false).len(), MOST);
    }

    #[test]
    fn an_existing_project_is_told_what_it_lacks() {
        assert_eq!(
            steps(".", "[project]\nname = 'a'\n"),
            [
                "python -m pip install omnibase-core pytest pytest-asyncio",
                "python -m pytest tests/nodes/node_a",
                "onex validate --strict src",
            ]
        );
        let whole = "[project]\ndependencies = ['omnibase-core', 'pytest', 'pytest-asyncio']\n";
        assert_eq!(
            steps("../..", whole),
            ["cd ../..", "python -m pytest tests/nodes/node_a", "onex validate --strict src"]
        );
        let with_uv = "[project]\ndependencies = ['omnibase-core', 'pytest']\n[tool.uv]\n";
        assert_eq!(
            steps(".", with_uv),
            [
                "uv add --dev pytest-asyncio",
                "uv run python -m pytest tests/nodes/node_a",
                "uv run onex validate --strict src",
            ]
        );
    }

    #[test]
    fn a_project_is_run_by_what_it_is_locked_with() {
        let of = |text, file: &str| Runner::of(&pyproject(text), &[(file.to_owned(), false)]);
        assert_eq!(of("", "uv.lock"), Runner::Uv);
        assert_eq!(of("", "poetry.lock"), Runner::Poetry);
        assert_eq!(of("[tool.poetry]\n", "x"), Runner::Poetry);
        assert_eq!(of("", "x"), Runner::Active);
    }
}
