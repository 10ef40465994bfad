//! The files below a folder, as git sees them.
//!
//! Folders are listed beneath the handle on the root, and files of ignore patterns are read like any other file: a
//! `.gitignore` that is a link to a device would never end, and git takes none that is a link either.

use std::collections::BTreeMap;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::around::{folder_name, is_where_packages_are};
use super::disk::Found;
use super::path::RelPath;
use super::{Workspace, WorkspaceError};
use crate::parallel;

/// The file of a folder's patterns.
const PATTERNS: &str = ".gitignore";

/// A longer list takes more than a second to be made sense of.
pub(super) const MAX_PATTERNS: usize = 256 << 10;

impl Workspace {
    /// The files below a folder whose name is wanted, sorted; what git ignores, hidden files and folders, and links are
    /// passed over. Where packages are installed, nothing counts as ignored: git ignores all of it.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn below(
        &self,
        folder: &RelPath,
        wanted: impl Fn(&str) -> bool + Sync,
    ) -> Result<Vec<RelPath>, WorkspaceError> {
        let mut ignored = Ignored::new(self);
        for above in folder.ancestors() {
            ignored.learn(self, &above)?;
        }
        let mut files = Vec::new();
        // The folders that are equally deep, together: a folder knows the patterns of those above it.
        let mut folders = vec![folder.clone()];
        while !folders.is_empty() {
            let looks = |folder: &RelPath| self.look_into(folder, &ignored, &wanted);
            let listed = parallel::map_small(&folders, looks);
            let above = std::mem::take(&mut folders);
            for (folder, listed) in above.into_iter().zip(listed) {
                let Listed { patterns, files: found, folders: inside } = listed?;
                ignored.inside.extend(patterns.map(|patterns| (folder, patterns)));
                files.extend(found);
                folders.extend(inside);
            }
        }
        files.sort();
        Ok(files)
    }

    fn look_into(
        &self,
        folder: &RelPath,
        ignored: &Ignored<'_>,
        wanted: &impl Fn(&str) -> bool,
    ) -> Result<Listed, WorkspaceError> {
        let entries = self.entries(folder)?;
        let has_patterns = entries.iter().any(|(name, kind)| name == PATTERNS && kind.is_file());
        let own = if has_patterns { ignored.patterns_of(self, folder)? } else { None };
        let mut listed = Listed { patterns: None, files: Vec::new(), folders: Vec::new() };
        for (name, kind) in entries.into_iter().filter(|(name, _)| !name.starts_with('.')) {
            let is_wanted = kind.is_dir() || kind.is_file() && wanted(&name);
            if !is_wanted {
                continue;
            }
            // A name that no path of ours can have is nothing that a contract could mean.
            let Some(path) = RelPath::parse(&name).map(|name| folder.with(&name)) else {
                continue;
            };
            if ignored.is(&path, kind.is_dir(), own.as_ref()) {
                continue;
            }
            if kind.is_dir() { listed.folders.push(path) } else { listed.files.push(path) }
        }
        Ok(Listed { patterns: own, ..listed })
    }
}

/// What a folder holds.
struct Listed {
    /// The patterns of its own.
    patterns: Option<Gitignore>,
    files: Vec<RelPath>,
    folders: Vec<RelPath>,
}

/// What git ignores.
struct Ignored<'w> {
    /// The patterns of folders in the project.
    inside: BTreeMap<RelPath, Gitignore>,
    /// Those of everywhere else.
    outside: &'w Outside,
}

/// The patterns that count in a project and stand outside of it, read once.
#[derive(Debug)]
pub(super) struct Outside {
    /// Nothing is ignored, in this place.
    is_off: bool,
    /// The patterns of folders above it, the nearest first, with the project's place in each.
    above: Vec<(RelPath, Gitignore)>,
    /// The patterns of this repository and of this user that are in no folder.
    elsewhere: Vec<(RelPath, Gitignore)>,
}

impl Outside {
    fn of(workspace: &Workspace) -> Self {
        let is_off = folder_name(workspace.root()).is_some_and(|name| is_where_packages_are(&name));
        let mut outside = Self { is_off, above: Vec::new(), elsewhere: Vec::new() };
        if is_off {
            return outside;
        }
        let exclude = |workspace: &Workspace| {
            patterns(workspace, &RelPath::root().ours(".git").ours("info").ours("exclude"))
        };
        outside.elsewhere.extend(exclude(workspace).map(|found| (RelPath::root(), found)));
        for above in workspace.above().into_iter().filter(|above| above.shared) {
            // What cannot be read up there ignores nothing.
            let Ok(folder) = Workspace::open(&above.folder) else { continue };
            let here = patterns(&folder, &RelPath::root().ours(PATTERNS));
            outside.above.extend(here.map(|found| (above.project.clone(), found)));
            outside.elsewhere.extend(exclude(&folder).map(|found| (above.project, found)));
        }
        outside.elsewhere.push((RelPath::root(), Gitignore::global().0));
        outside
    }
}

impl<'w> Ignored<'w> {
    fn new(workspace: &'w Workspace) -> Self {
        let outside = workspace.patterns.get_or_init(|| Outside::of(workspace));
        Self { inside: BTreeMap::new(), outside }
    }

    /// Adds the patterns of a folder of the project, if it has some.
    fn learn(&mut self, workspace: &Workspace, folder: &RelPath) -> Result<(), WorkspaceError> {
        let patterns = self.patterns_of(workspace, folder)?;
        self.inside.extend(patterns.map(|patterns| (folder.clone(), patterns)));
        Ok(())
    }

    /// The patterns of a folder of the project, where they count.
    fn patterns_of(
        &self,
        workspace: &Workspace,
        folder: &RelPath,
    ) -> Result<Option<Gitignore>, WorkspaceError> {
        let path = folder.ours(PATTERNS);
        if self.outside.is_off || !workspace.is_plain_file(&path) {
            return Ok(None);
        }
        match workspace.read([path.clone()])?.text(&path) {
            Some(text) if text.len() > MAX_PATTERNS => {
                Err(WorkspaceError::Ignores { path: workspace.shown(&path) })
            }
            text => Ok(text.map(parsed)),
        }
    }

    /// Whether git ignores a path, all of whose folders it does not ignore: the nearest pattern decides, and `own` are
    /// those of the folder that the path is in.
    fn is(&self, path: &RelPath, is_folder: bool, own: Option<&Gitignore>) -> bool {
        if self.outside.is_off {
            return false;
        }
        let own = own.and_then(|own| Some((path.below(&path.parent())?, own)));
        let inside = path
            .ancestors()
            .filter_map(|folder| Some((path.below(&folder)?, self.inside.get(&folder)?)));
        let outside = self.outside.above.iter().chain(&self.outside.elsewhere);
        let outside = outside.map(|(project, patterns)| (project.with(path), patterns));
        let mut matches = own.into_iter().chain(inside).chain(outside).map(|(path, patterns)| {
            match patterns.matched(path.as_str(), is_folder) {
                Match::None => None,
                Match::Ignore(_) => Some(true),
                Match::Whitelist(_) => Some(false),
            }
        });
        matches.find_map(|decided| decided).unwrap_or_default()
    }
}

/// The patterns of a file outside the project; nothing where it is none that can be read.
fn patterns(workspace: &Workspace, path: &RelPath) -> Option<Gitignore> {
    if !workspace.is_plain_file(path) {
        return None;
    }
    match workspace.read([path.clone()]).ok()?.at(path) {
        Found::Text(text) => {
            Some(text).filter(|text| text.len() <= MAX_PATTERNS).map(|text| parsed(text))
        }
        Found::Absent | Found::Binary | Found::Folder | Found::Special => None,
    }
}

/// Patterns as they apply to paths from their own folder on; a line that is none is passed over, as git does.
fn parsed(text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn python(files: &[(&str, &str)], root: &str, folder: &str) -> Vec<String> {
        let base = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = base.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let workspace = Workspace::open(&base.path().join(root)).unwrap();
        let folder = RelPath::parse(folder).unwrap();
        let found = workspace.below(&folder, |name| name.ends_with(".py")).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn files_are_found_but_for_hidden_and_ignored_ones() {
        let files = [
            ("b.py", ""),
            ("a/c.py", ""),
            ("a/d.txt", ""),
            (".hidden.py", ""),
            (".venv/x.py", ""),
            (".gitignore", "build\n*_old.py\n/only_here.py\n# c.py\n"),
            ("build/x.py", ""),
            ("a/build/x.py", ""),
            ("a/x_old.py", ""),
            ("only_here.py", ""),
            ("a/only_here.py", ""),
        ];
        assert_eq!(python(&files, "", ""), ["a/c.py", "a/only_here.py", "b.py"]);
        assert_eq!(python(&files, "", "a"), ["a/c.py", "a/only_here.py"]);
    }

    #[test]
    fn the_nearest_patterns_decide() {
        let files = [
            (".gitignore", "*.py\n!kept.py\n"),
            ("a/.gitignore", "!b.py\nkept.py\n"),
            ("a/b.py", ""),
            ("a/kept.py", ""),
            ("a/c.py", ""),
            ("kept.py", ""),
            ("b.py", ""),
        ];
        assert_eq!(python(&files, "", ""), ["a/b.py", "kept.py"]);
        assert_eq!(python(&files, "", "a"), ["a/b.py"]);
    }

    #[test]
    fn patterns_of_the_repository_around_count_and_others_do_not() {
        let files = [
            (".gitignore", "b.py\n"),
            ("repository/.git/info/exclude", "c.py\n"),
            ("repository/.gitignore", "/project/d.py\n"),
            ("repository/project/b.py", ""),
            ("repository/project/c.py", ""),
            ("repository/project/d.py", ""),
        ];
        assert_eq!(python(&files, "repository/project", ""), ["b.py"]);
    }

    #[test]
    fn nothing_counts_as_ignored_where_packages_are() {
        let files = [("site-packages/.gitignore", "*\n"), ("site-packages/a/b.py", "")];
        assert_eq!(python(&files, "site-packages", ""), ["a/b.py"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_passed_over_and_patterns_that_never_end_are_not_read() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("x.py"), "").unwrap();
        let base = tempfile::tempdir().unwrap();
        let link = |target: &str, at: &str| {
            std::os::unix::fs::symlink(target, base.path().join(at)).unwrap();
        };
        fs::create_dir_all(base.path().join("a")).unwrap();
        fs::write(base.path().join("a/b.py"), "").unwrap();
        link(outside.path().to_str().unwrap(), "folder");
        link("a", "again");
        link("a/b.py", "file.py");
        link("/dev/zero", ".gitignore");
        let pipe = base.path().join("a/.gitignore");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let workspace = Workspace::open(base.path()).unwrap();
        for folder in ["", "a"] {
            let folder = RelPath::parse(folder).unwrap();
            let found = workspace.below(&folder, |name| name.ends_with(".py")).unwrap();
            assert_eq!(found, [RelPath::parse("a/b.py").unwrap()]);
        }
    }
}
