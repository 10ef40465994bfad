//! Reading a project: what stands at paths, names in folders, files below folders.

use std::collections::BTreeSet;
use std::io::{self, Read as _};

use super::around::{folder_name, is_where_packages_are, real};
use super::disk::{Disk, Found};
use super::path::RelPath;
use super::{MAX_FILE, Workspace, WorkspaceError};

impl Workspace {
    /// Reads what stands at each of the paths.
    ///
    /// # Errors
    /// When one of them cannot be read, leaves the project, or is too large.
    pub fn read(&self, paths: impl IntoIterator<Item = RelPath>) -> Result<Disk, WorkspaceError> {
        paths.into_iter().map(|path| Ok((path.clone(), self.found(&path)?))).collect()
    }

    /// Reads what stands at each of the paths and at the folders above them, with the names in those.
    ///
    /// # Errors
    /// When one of them cannot be read, leaves the project, or is too large.
    pub fn survey(&self, paths: &[RelPath]) -> Result<Disk, WorkspaceError> {
        let folders: BTreeSet<RelPath> = paths.iter().flat_map(RelPath::ancestors).collect();
        let mut disk = self.read(paths.iter().chain(&folders).cloned())?;
        for folder in folders {
            if *disk.at(&folder) == Found::Folder {
                let names = self.list(&folder)?.into_iter().map(|(name, _)| name).collect();
                disk = disk.with_names(folder, names);
            }
        }
        Ok(disk)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it cannot be read, is no file, leaves the project, or is too large.
    pub fn bytes(&self, path: &RelPath) -> Result<Vec<u8>, WorkspaceError> {
        match self.found(path)? {
            Found::Text(text) => Ok(text.into_bytes()),
            Found::Binary => self.read_file(path),
            Found::Absent | Found::Folder | Found::Special => {
                let cause = io::Error::other("it is no file");
                Err(WorkspaceError::Read { path: self.shown(path), cause })
            }
        }
    }

    fn found(&self, path: &RelPath) -> Result<Found, WorkspaceError> {
        let Some(dir) = &self.dir else { return Ok(Found::Absent) };
        let failed = |cause| self.unreadable(path, cause);
        let metadata = match dir.metadata(path.on_disk()) {
            Ok(metadata) => metadata,
            Err(error) if is_absent(&error) => return self.absent_or_dangling(path),
            Err(error) => return Err(failed(error)),
        };
        if metadata.is_dir() {
            return Ok(Found::Folder);
        }
        // A pipe or a device would block or never end.
        if !metadata.is_file() {
            return Ok(Found::Special);
        }
        let bytes = self.read_file(path)?;
        Ok(String::from_utf8(bytes).map_or(Found::Binary, Found::Text))
    }

    fn read_file(&self, path: &RelPath) -> Result<Vec<u8>, WorkspaceError> {
        let Some(dir) = &self.dir else { return Ok(Vec::new()) };
        let failed = |cause| self.unreadable(path, cause);
        let mut bytes = Vec::new();
        let file = dir.open(path.on_disk()).map_err(failed)?;
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(WorkspaceError::TooLarge { path: self.shown(path) });
        }
        Ok(bytes)
    }

    pub(super) fn unreadable(&self, path: &RelPath, cause: io::Error) -> WorkspaceError {
        let shown = self.shown(path);
        let root = real(&self.root);
        let mut standing = std::iter::once(path.clone()).chain(path.ancestors());
        let end = standing.find_map(|path| std::fs::canonicalize(root.join(path.on_disk())).ok());
        match end {
            Some(end) if !end.starts_with(&root) => WorkspaceError::Outside { path: shown },
            Some(_) | None => WorkspaceError::Read { path: shown, cause },
        }
    }

    /// A link that leads nowhere is not nothing: a file cannot be made in its place.
    fn absent_or_dangling(&self, path: &RelPath) -> Result<Found, WorkspaceError> {
        let Some(dir) = &self.dir else { return Ok(Found::Absent) };
        match dir.symlink_metadata(path.on_disk()) {
            Ok(_) => Ok(Found::Special),
            Err(error) if is_absent(&error) => Ok(Found::Absent),
            Err(cause) => Err(WorkspaceError::Read { path: self.shown(path), cause }),
        }
    }

    /// The names in a folder and whether each is a folder, sorted; nothing where the folder is missing.
    ///
    /// # Errors
    /// When the folder is there but cannot be listed. Names that are no UTF-8 are passed over.
    pub fn list(&self, path: &RelPath) -> Result<Vec<(String, bool)>, WorkspaceError> {
        let Some(dir) = &self.dir else { return Ok(Vec::new()) };
        let failed = |cause| self.unreadable(path, cause);
        let entries = match dir.read_dir(path.on_disk()) {
            Ok(entries) => entries,
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            if let Ok(name) = entry.file_name().into_string() {
                names.push((name, entry.file_type().map_err(failed)?.is_dir()));
            }
        }
        names.sort();
        Ok(names)
    }

    /// The files below a folder whose name is wanted, sorted; what git ignores, hidden folders and links are
    /// passed over. Where packages are installed, nothing counts as ignored: git ignores all of it.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn below(
        &self,
        folder: &RelPath,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<RelPath>, WorkspaceError> {
        let start = self.root.join(folder.on_disk());
        let ignores = !folder_name(&self.root).is_some_and(|name| is_where_packages_are(&name));
        let mut walk = ignore::WalkBuilder::new(&start);
        walk.require_git(false).git_ignore(ignores).git_exclude(ignores).git_global(ignores);
        let walk = walk.ignore(ignores).parents(ignores).build();
        let mut files = Vec::new();
        for entry in walk {
            let entry = entry.map_err(|error| {
                let cause = error.into_io_error().unwrap_or_else(|| io::Error::other("a loop"));
                WorkspaceError::Read { path: start.display().to_string(), cause }
            })?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && entry.file_name().to_str().is_some_and(&wanted) {
                let below = entry.path().strip_prefix(&self.root).unwrap_or(entry.path());
                files.extend(below.to_str().and_then(RelPath::parse));
            }
        }
        files.sort();
        Ok(files)
    }
}

/// Absent for our purposes: nothing there, or something that is no folder stands in the way.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::parse(text).unwrap()
    }

    #[test]
    fn a_survey_sees_the_folders_above_and_their_names() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("src/App")).unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        let disk = workspace.survey(&[path("src/app/x.py"), path("file/y.py")]).unwrap();
        assert_eq!(disk.names_in(&RelPath::root()), ["file", "src"]);
        assert_eq!(disk.names_in(&path("src")), ["App"]);
        assert_eq!(*disk.at(&path("src/app")), Found::Absent);
        assert_eq!(*disk.at(&path("file")), Found::Text(String::new()));
        assert!(!disk.exists(&path("file/y.py")));
    }
}
