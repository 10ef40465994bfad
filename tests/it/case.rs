//! The cases of `tests/cases/`: what is done, one step after the other, in a project of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::readme::repository;

/// `case.json`; what it holds beside this is for the judge.
#[derive(Deserialize)]
pub(crate) struct Case {
    steps: Vec<Step>,
    pub(crate) package: String,
}

/// One step: a node is made, files are edited as people edit them, or a command runs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// A contract beside case.json, for `onex new orchestrator --contract`.
    contract: Option<String>,
    /// More arguments of `onex new orchestrator`.
    arguments: Option<Vec<String>>,
    /// What somebody does to the files.
    #[serde(default)]
    edits: Vec<Edit>,
    /// Arguments of another command of ours.
    run: Option<Vec<String>>,
    /// What it ends with.
    #[serde(default)]
    exit: i32,
    /// What it says.
    #[serde(default)]
    says: Vec<String>,
    /// Whether the command leaves every file as it is.
    #[serde(default)]
    changes_nothing: bool,
}

/// What somebody does to a file.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Edit {
    /// Replaces a text that stands there once or more often.
    Replace { path: String, old: String, new: String },
    /// Writes the whole file.
    Write { path: String, text: String },
    /// Adds lines to its end.
    Append { path: String, append: String },
    /// Rewrites it in latin-1, as an old editor would.
    Latin { latin: String },
    /// Gives it the line ends of DOS.
    CarriageReturns { carriage_returns: String },
    /// Takes the line end off its last line.
    NoFinalNewline { no_final_newline: String },
    /// Deletes a file or a folder.
    Delete { delete: String },
    /// Moves a file or a folder.
    Move { from: String, to: String },
}

/// Every file below a folder with its bytes, by its path with `/`; what runs keep for themselves is no part of it.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().is_some_and(|name| name == ".onex") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative =
                    path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(relative, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Writes a file and the folders above it.
pub(crate) fn put(root: &Path, path: &str, bytes: &[u8]) {
    let target = root.join(path);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::write(target, bytes).unwrap();
}

/// Every case, by name.
pub(crate) fn cases() -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(repository().join("tests/cases")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let cases = folders.filter(|path| path.join("case.json").is_file());
    cases.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

impl Case {
    pub(crate) fn read(folder: &Path) -> Self {
        let text = fs::read(folder.join("case.json")).unwrap();
        serde_json::from_slice(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    }

    /// What the case does before a command runs on what it made.
    pub(crate) fn before_the_first_run(mut self) -> Self {
        let first = self.steps.iter().position(|step| step.run.is_some());
        self.steps.truncate(first.unwrap_or(self.steps.len()));
        self
    }

    /// Whether the case does nothing but make nodes.
    pub(crate) fn is_new_alone(&self) -> bool {
        self.steps.iter().all(|step| step.run.is_none() && step.edits.is_empty())
    }

    /// Goes through the steps in a folder that has what the case begins with.
    pub(crate) fn play(&self, folder: &Path, root: &Path) {
        if folder.join("project").is_dir() {
            for (path, bytes) in tree(&folder.join("project")) {
                put(root, &path, &bytes);
            }
        }
        for (number, step) in self.steps.iter().enumerate() {
            let place = format!("{}, step {number}", folder.display());
            step.edits.iter().for_each(|edit| edit.apply(root, &place));
            step.run(folder, root, &place);
        }
    }
}

impl Step {
    fn run(&self, folder: &Path, root: &Path, place: &str) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onex"));
        match (&self.run, &self.arguments) {
            (Some(run), _) => command.args(run).current_dir(root),
            (None, Some(arguments)) => {
                command.args(["new", "orchestrator", "--path"]).arg(root).args(arguments);
                if let Some(contract) = &self.contract {
                    command.arg("--contract").arg(folder.join(contract));
                }
                &mut command
            }
            (None, None) => return,
        };
        let before = tree(root);
        let output = command.env("NO_COLOR", "1").output().unwrap();
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(self.exit), "{place}: {said}");
        for text in &self.says {
            assert!(said.contains(text.as_str()), "{place}: `{text}` is not in\n{said}");
        }
        let is_check =
            self.run.as_ref().is_some_and(|run| run.first().is_some_and(|c| c == "check"));
        if self.changes_nothing || is_check || self.exit == 2 {
            assert!(tree(root) == before, "{place}: files changed\n{said}");
        }
    }
}

impl Edit {
    fn apply(&self, root: &Path, place: &str) {
        let read = |path: &str| {
            fs::read_to_string(root.join(path))
                .unwrap_or_else(|error| panic!("{place}: {path}: {error}"))
        };
        match self {
            Self::Replace { path, old, new } => {
                let text = read(path);
                assert!(text.contains(old.as_str()), "{place}: {path} has no\n{old}\nin\n{text}");
                put(root, path, text.replace(old.as_str(), new).as_bytes());
            }
            Self::Write { path, text } => put(root, path, text.as_bytes()),
            Self::Append { path, append } => put(root, path, (read(path) + append).as_bytes()),
            Self::Latin { latin } => {
                let bytes: Vec<u8> =
                    read(latin).chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
                put(root, latin, &bytes);
            }
            Self::CarriageReturns { carriage_returns: path } => {
                put(root, path, read(path).replace('\n', "\r\n").as_bytes());
            }
            Self::NoFinalNewline { no_final_newline: path } => {
                put(root, path, read(path).trim_end_matches('\n').as_bytes());
            }
            Self::Delete { delete } => {
                let path = root.join(delete);
                let done =
                    if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                done.unwrap_or_else(|error| panic!("{place}: {delete}: {error}"));
            }
            Self::Move { from, to } => {
                fs::create_dir_all(root.join(to).parent().unwrap()).unwrap();
                fs::rename(root.join(from), root.join(to))
                    .unwrap_or_else(|error| panic!("{place}: {from}: {error}"));
            }
        }
    }
}
