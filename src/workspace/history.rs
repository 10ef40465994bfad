//! What differs from a revision of the git repository that a project lies in.
//!
//! In: the project's root and the name of a revision. Out: paths, and files as they were. Git itself is asked, the one on
//! the search path, with all switched off by which a repository could have it run something else.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::outside::programs;
use super::path::RelPath;

/// Why there is nothing to compare with.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Git is not installed.
    #[error("there is no git on the search path")]
    NoGit,
    /// Git could not be started.
    #[error("git cannot be run: {0}")]
    NotRun(std::io::Error),
    /// The project is in no repository.
    #[error("{0} is in no git repository")]
    NoRepository(String),
    /// No commit has that name.
    #[error("`{0}` is no revision of this repository")]
    NoRevision(String),
    /// Git did not do what was asked.
    #[error("git failed: {0}")]
    Failed(String),
}

/// What git is told in any case: to start no program that the repository's settings name.
const HARMLESS: [&str; 6] =
    ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false"];

/// A revision to compare a project with.
#[derive(Debug)]
pub struct History {
    git: PathBuf,
    root: PathBuf,
    /// The project's folder in the repository, with a `/` behind it; empty where it is all of it.
    prefix: String,
    /// The name of the commit.
    commit: String,
}

/// The files that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Those of the project.
    pub inside: BTreeSet<RelPath>,
    /// Those of the rest of the repository, from its root on.
    pub outside: BTreeSet<String>,
}

impl History {
    /// Finds a revision of the repository around a project's root.
    ///
    /// # Errors
    /// When there is no git, no repository, or no such revision.
    pub fn of(root: &Path, revision: &str) -> Result<Self, HistoryError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let git = programs("git", &path).into_iter().next().ok_or(HistoryError::NoGit)?;
        let mut history =
            Self { git, root: root.to_owned(), prefix: String::new(), commit: String::new() };
        let prefix = history.said(&["rev-parse", "--show-prefix"])?;
        let none = || HistoryError::NoRepository(root.display().to_string());
        prefix.ok_or_else(none)?.trim_end_matches(['\r', '\n']).clone_into(&mut history.prefix);
        let commit = format!("{revision}^{{commit}}");
        let commit =
            history.said(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        let none = || HistoryError::NoRevision(revision.to_owned());
        commit.ok_or_else(none)?.trim().clone_into(&mut history.commit);
        Ok(history)
    }

    /// The files that are not what they were: changed, added or deleted, committed since or not.
    ///
    /// # Errors
    /// When git cannot tell.
    pub fn changed(&self) -> Result<Changed, HistoryError> {
        let diff = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv"];
        let diff = [&diff[..], &["--ignore-submodules", &self.commit, "--"]].concat();
        // From the root of the repository on: settings may stand above the project.
        let new = ["ls-files", "--others", "--exclude-standard", "-z", "--full-name", "--", ":/"];
        let mut changed = Changed::default();
        for command in [&diff[..], &new[..]] {
            let names = self.must_say(command)?;
            for name in names.split('\0').filter(|name| !name.is_empty()) {
                match name.strip_prefix(&self.prefix).and_then(RelPath::parse) {
                    Some(path) => drop(changed.inside.insert(path)),
                    None => drop(changed.outside.insert(name.to_owned())),
                }
            }
        }
        Ok(changed)
    }

    /// The text that a file of the project had; nothing where it was not there, or no text.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn text(&self, path: &RelPath) -> Result<Option<String>, HistoryError> {
        let object = format!("{}:{}{path}", self.commit, self.prefix);
        self.said(&["cat-file", "blob", &object])
    }

    /// The folders of the repository that the project lies in, from the outermost on, each with a `/` behind it; that of
    /// the repository itself is empty.
    pub fn above(&self) -> impl Iterator<Item = &str> {
        let ends = self.prefix.match_indices('/').map(|(at, _)| at + 1);
        std::iter::once(0).chain(ends).filter_map(|end| self.prefix.get(..end))
    }

    fn must_say(&self, arguments: &[&str]) -> Result<String, HistoryError> {
        let failed = || HistoryError::Failed(arguments.first().copied().unwrap_or_default().into());
        self.said(arguments)?.ok_or_else(failed)
    }

    /// What git prints; nothing where it fails.
    fn said(&self, arguments: &[&str]) -> Result<Option<String>, HistoryError> {
        let mut command = Command::new(&self.git);
        command.arg("-C").arg(OsString::from(&self.root)).args(HARMLESS).args(arguments);
        let output = command.stdin(Stdio::null()).output().map_err(HistoryError::NotRun)?;
        let text = String::from_utf8(output.stdout).ok();
        Ok(text.filter(|_| output.status.success()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgSign=false"];
        let done = Command::new("git").arg("-C").arg(folder).args(who).args(arguments).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }

    fn put(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "-q"]);
        for path in ["app/kept.py", "app/changed.py", "app/deleted.py", "ruff.toml"] {
            put(folder.path(), path, "x = 1\n");
        }
        put(folder.path(), ".gitignore", "*.log\n");
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "-q", "-m", "first"]);
        folder
    }

    #[test]
    fn what_differs_is_told_whether_it_is_committed_or_not() {
        let folder = repository();
        let app = folder.path().join("app");
        let of = |revision| History::of(&app, revision).unwrap();
        assert_eq!(of("HEAD").changed().unwrap(), Changed::default());
        put(&app, "changed.py", "x = 2\n");
        git(folder.path(), &["commit", "-q", "-a", "-m", "second"]);
        std::fs::remove_file(app.join("deleted.py")).unwrap();
        put(&app, "new.py", "");
        put(&app, "new.log", "");
        put(folder.path(), "ruff.toml", "line-length = 99\n");
        let paths = |names: &[&str]| names.iter().map(|n| RelPath::parse(n).unwrap()).collect();
        let changed = of("HEAD~1").changed().unwrap();
        assert_eq!(changed.inside, paths(&["changed.py", "deleted.py", "new.py"]));
        assert_eq!(changed.outside, BTreeSet::from(["ruff.toml".to_owned()]));
        assert_eq!(of("HEAD").changed().unwrap().inside, paths(&["deleted.py", "new.py"]));
        let path = RelPath::parse("changed.py").unwrap();
        assert_eq!(of("HEAD~1").text(&path).unwrap().as_deref(), Some("x = 1\n"));
        assert_eq!(of("HEAD").text(&RelPath::parse("new.py").unwrap()).unwrap(), None);
        assert_eq!(of("HEAD").above().collect::<Vec<_>>(), ["", "app/"]);
    }

    #[test]
    fn what_is_no_revision_is_refused() {
        let folder = repository();
        for revision in ["nowhere", "--all", "", "HEAD:ruff.toml"] {
            let refused = History::of(folder.path(), revision);
            assert!(matches!(refused, Err(HistoryError::NoRevision(_))), "{revision}: {refused:?}");
        }
        let outside = tempfile::tempdir().unwrap();
        let refused = History::of(outside.path(), "HEAD");
        assert!(matches!(refused, Err(HistoryError::NoRepository(_))), "{refused:?}");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_that_the_repository_names_is_run() {
        let folder = repository();
        put(folder.path(), "program", "#!/bin/sh\ntouch \"$(dirname \"$0\")/ran\"\n");
        let program = folder.path().join("program");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        let program = program.to_str().unwrap();
        put(folder.path(), ".gitattributes", "*.py diff=evil\n");
        for key in ["core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv"] {
            git(folder.path(), &["config", key, program]);
        }
        put(folder.path(), "app/changed.py", "x = 3\n");
        let changed = History::of(folder.path(), "HEAD").unwrap().changed().unwrap();
        assert!(changed.inside.contains(&RelPath::parse("app/changed.py").unwrap()));
        assert!(!folder.path().join("ran").exists());
    }
}
