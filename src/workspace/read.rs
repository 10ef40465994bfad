//! Reading a project: what stands at paths, and names in folders.

use std::collections::BTreeSet;
use std::io::{self, Read as _};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{Dir, FileType, OpenOptions};

use super::around::real;
use super::disk::{Disk, Found};
use super::path::RelPath;
use super::{MAX_FILE, Workspace, WorkspaceError};
use crate::parallel;

/// So many folders are listed by one core.
const FEW: usize = 5;

/// What was opened.
enum Opened {
    Absent,
    File(Vec<u8>),
    Folder,
    Special,
}

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
        self.survey_beyond(Disk::default(), paths)
    }

    /// The same for paths of which some were read before: those are not read again.
    ///
    /// # Errors
    /// As [`Workspace::survey`].
    pub fn survey_beyond(&self, known: Disk, paths: &[RelPath]) -> Result<Disk, WorkspaceError> {
        let folders: BTreeSet<RelPath> = paths.iter().flat_map(RelPath::ancestors).collect();
        let mut standing: BTreeSet<RelPath> = BTreeSet::new();
        let mut found = Vec::new();
        // Of what is in them nothing is there where they are not.
        for folder in folders {
            let is_below = folder == RelPath::root() || standing.contains(&folder.parent());
            let at = if is_below { self.found(&folder)? } else { Found::Absent };
            if at == Found::Folder {
                standing.insert(folder.clone());
            }
            found.push((folder, at));
        }
        let unknown: Vec<&RelPath> = paths.iter().filter(|path| !known.knows(path)).collect();
        let read = parallel::map_small(&unknown, |path| {
            let is_below = standing.contains(&path.parent());
            let found = if is_below { self.found(path)? } else { Found::Absent };
            Ok((RelPath::clone(path), found))
        });
        for read in read {
            found.push(read?);
        }
        let standing: Vec<RelPath> = standing.into_iter().collect();
        let list = |folder: &RelPath| self.list(folder);
        // Where there are few folders, they are those of a small project, and hold little.
        let listed: Vec<_> = if standing.len() > FEW {
            parallel::map(&standing, list)
        } else {
            standing.iter().map(list).collect()
        };
        let mut disk: Disk = known.into_iter().chain(found).collect();
        for (folder, names) in standing.into_iter().zip(listed) {
            disk = disk.with_names(folder, names?.into_iter().map(|(name, _)| name).collect());
        }
        Ok(disk)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it cannot be read, is no file, leaves the project, or is too large.
    pub fn bytes(&self, path: &RelPath) -> Result<Vec<u8>, WorkspaceError> {
        match self.opened(path)? {
            Opened::File(bytes) => Ok(bytes),
            Opened::Absent | Opened::Folder | Opened::Special => {
                let cause = io::Error::other("it is no file");
                Err(WorkspaceError::Read { path: self.shown(path), cause })
            }
        }
    }

    fn found(&self, path: &RelPath) -> Result<Found, WorkspaceError> {
        Ok(match self.opened(path)? {
            Opened::Absent => Found::Absent,
            Opened::Folder => Found::Folder,
            Opened::Special => Found::Special,
            Opened::File(bytes) => String::from_utf8(bytes).map_or(Found::Binary, Found::Text),
        })
    }

    /// Opens what stands at a path: what it is, is asked of what was opened, so that nothing else can take its place in
    /// between. A pipe is not waited for.
    fn opened(&self, path: &RelPath) -> Result<Opened, WorkspaceError> {
        let Some(dir) = &self.dir else { return Ok(Opened::Absent) };
        let failed = |cause| self.unreadable(path, cause);
        let mut options = OpenOptions::new();
        options.read(true).nonblock(true).follow(FollowSymlinks::No);
        // Most of what is looked for is a file or is not there, and one look without following links tells.
        let file = match dir.open_with(path.on_disk(), &options) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(Opened::Absent),
            Err(_) => match dir.open_with(path.on_disk(), options.follow(FollowSymlinks::Yes)) {
                Ok(file) => file,
                Err(error) if is_absent(&error) => return self.absent_or_dangling(path),
                Err(error) => return self.unopened(path, error),
            },
        };
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Ok(Opened::Folder);
        }
        if !metadata.is_file() {
            return Ok(Opened::Special);
        }
        match whole(file.into_std(), metadata.len(), MAX_FILE).map_err(failed)? {
            Some(bytes) => Ok(Opened::File(bytes)),
            None => Err(WorkspaceError::TooLarge { path: self.shown(path) }),
        }
    }

    /// What cannot be opened may still be known for what it is: a folder that may not be listed, a socket.
    fn unopened(&self, path: &RelPath, error: io::Error) -> Result<Opened, WorkspaceError> {
        let metadata = self.dir.as_ref().and_then(|dir| dir.metadata(path.on_disk()).ok());
        match metadata {
            Some(metadata) if metadata.is_dir() => Ok(Opened::Folder),
            Some(metadata) if !metadata.is_file() => Ok(Opened::Special),
            Some(_) | None => Err(self.unreadable(path, error)),
        }
    }

    fn unreadable(&self, path: &RelPath, cause: io::Error) -> WorkspaceError {
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
    fn absent_or_dangling(&self, path: &RelPath) -> Result<Opened, WorkspaceError> {
        let Some(dir) = &self.dir else { return Ok(Opened::Absent) };
        match dir.symlink_metadata(path.on_disk()) {
            Ok(_) => Ok(Opened::Special),
            Err(error) if is_absent(&error) => Ok(Opened::Absent),
            Err(cause) => Err(WorkspaceError::Read { path: self.shown(path), cause }),
        }
    }

    /// The names in a folder and whether each is a folder, sorted; nothing where the folder is missing.
    ///
    /// # Errors
    /// When the folder is there but cannot be listed. Names that are no UTF-8 are passed over.
    pub fn list(&self, path: &RelPath) -> Result<Vec<(String, bool)>, WorkspaceError> {
        let entries = self.entries(path)?;
        Ok(entries.into_iter().map(|(name, kind)| (name, kind.is_dir())).collect())
    }

    /// The names in a folder and what each is, links not followed, sorted; nothing where the folder is missing.
    pub(super) fn entries(
        &self,
        path: &RelPath,
    ) -> Result<Vec<(String, FileType)>, WorkspaceError> {
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
                names.push((name, entry.file_type().map_err(failed)?));
            }
        }
        names.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(names)
    }

    /// Whether a file stands at a path itself, and not at the end of a link.
    pub(super) fn is_plain_file(&self, path: &RelPath) -> bool {
        let metadata = |dir: &Dir| dir.symlink_metadata(path.on_disk());
        self.dir.as_ref().and_then(|dir| metadata(dir).ok()).is_some_and(|found| found.is_file())
    }
}

/// All bytes that there are to read; nothing where they are more than `limit`. `length` is how many are expected.
pub(super) fn whole(source: impl io::Read, length: u64, limit: u64) -> io::Result<Option<Vec<u8>>> {
    // With room for one byte more the end is seen without asking for room again.
    let room = usize::try_from(length.min(limit) + 1).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room);
    source.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
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
