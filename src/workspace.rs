//! The only place that touches the file system.
//!
//! Reading gives values ([`Disk`]), so that every stage between works on values alone; writing takes a list
//! of finished texts and either writes all of them or none. All access goes through a handle on the
//! project's root that cannot leave it: a path that leads outside, through a symbolic link too, is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt;
use std::io::{self, Read, Write as _};
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions, Permissions};

use crate::python::Identifier;

/// A path below the project's root: parts with `/` between them, none of them `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(String);

impl RelPath {
    /// The root itself.
    #[must_use]
    pub fn root() -> Self {
        Self(String::new())
    }

    /// Reads a path; gives nothing for one that is absolute, leaves the root or holds a strange character.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for part in text.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." || part.contains(|c: char| matches!(c, '\\' | ':') || c.is_control()) {
                return None;
            }
            parts.push(part);
        }
        (!text.starts_with('/')).then(|| Self(parts.join("/")))
    }

    /// A path that was written relative to this folder, `..` included, as long as it stays below the root.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Option<Self> {
        let mut folder = self.clone();
        let mut rest = text;
        loop {
            let (first, behind) = rest.split_once('/').unwrap_or((rest, ""));
            match first {
                ".." if folder.0.is_empty() => return None,
                ".." => folder = folder.parent(),
                "." => {}
                _ => break,
            }
            rest = behind;
        }
        let below = Self::parse(rest)?;
        Some(folder.with(&below))
    }

    /// A file or folder of ours in this folder.
    #[must_use]
    pub fn ours(&self, name: &'static str) -> Self {
        self.joined(name)
    }

    /// A folder below this one, named by an identifier.
    #[must_use]
    pub fn folder(&self, name: &Identifier) -> Self {
        self.joined(name.as_str())
    }

    /// The folders below this one that the parts of a module name.
    #[must_use]
    pub fn folders(&self, names: &[Identifier]) -> Self {
        names.iter().fold(self.clone(), |path, name| path.folder(name))
    }

    /// A Python file in this folder.
    #[must_use]
    pub fn python_file(&self, stem: &Identifier) -> Self {
        self.joined(&format!("{stem}.py"))
    }

    fn joined(&self, part: &str) -> Self {
        if self.0.is_empty() { Self(part.to_owned()) } else { Self(format!("{}/{part}", self.0)) }
    }

    /// The same path seen from a folder that it lies in, or is; nothing where it does not.
    #[must_use]
    pub fn below(&self, folder: &Self) -> Option<Self> {
        if folder.0.is_empty() {
            return Some(self.clone());
        }
        let rest = self.0.strip_prefix(folder.as_str())?;
        if rest.is_empty() {
            Some(Self::root())
        } else {
            Some(Self(rest.strip_prefix('/')?.to_owned()))
        }
    }

    /// The path from another root, of which this is a folder.
    #[must_use]
    pub fn with(&self, below: &Self) -> Self {
        if below.0.is_empty() { self.clone() } else { self.joined(&below.0) }
    }

    /// Where a path lies once the folder `from` is called `to`; nothing where it is not in that folder.
    #[must_use]
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        let rest = self.0.strip_prefix(from.as_str())?.strip_prefix('/')?;
        Some(to.joined(rest))
    }

    /// The folder that holds this; the root's is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map(|(parent, _)| parent.to_owned()).unwrap_or_default())
    }

    /// The folders above this, the nearest first and the root last; none for the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        let above = |path: &Self| (!path.0.is_empty()).then(|| path.parent());
        std::iter::successors(above(self), above)
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, name)| name)
    }

    /// The path with `/` between its parts; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the path is on a disk that knows no case.
    #[must_use]
    pub fn case_folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// For the system: the root is `.` there.
    fn on_disk(&self) -> &Path {
        Path::new(if self.0.is_empty() { "." } else { &self.0 })
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Absent,
    /// A file of UTF-8 text.
    Text(String),
    /// A file whose bytes are no UTF-8.
    Binary,
    /// A folder.
    Folder,
    /// Neither a file nor a folder: a pipe, a device.
    Special,
}

/// What stood at some paths at the moment of reading.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    found: BTreeMap<RelPath, Found>,
    names: BTreeMap<RelPath, Vec<String>>,
}

impl Disk {
    /// What stands at a path; paths that were not read count as absent.
    #[must_use]
    pub fn at(&self, path: &RelPath) -> &Found {
        self.found.get(path).unwrap_or(&Found::Absent)
    }

    /// The text of a file, where one is there.
    #[must_use]
    pub fn text(&self, path: &RelPath) -> Option<&str> {
        match self.at(path) {
            Found::Text(text) => Some(text),
            Found::Absent | Found::Binary | Found::Folder | Found::Special => None,
        }
    }

    /// Every file of text, sorted by path.
    pub fn texts(&self) -> impl Iterator<Item = (&RelPath, &str)> {
        self.found.iter().filter_map(|(path, found)| match found {
            Found::Text(text) => Some((path, text.as_str())),
            Found::Absent | Found::Binary | Found::Folder | Found::Special => None,
        })
    }

    /// Whether anything stands at a path.
    #[must_use]
    pub fn exists(&self, path: &RelPath) -> bool {
        *self.at(path) != Found::Absent
    }

    /// The names in a folder, sorted; none for a folder that was not looked into.
    #[must_use]
    pub fn names_in(&self, folder: &RelPath) -> &[String] {
        self.names.get(folder).map_or(&[], Vec::as_slice)
    }

    /// The same with the names that a folder holds.
    #[must_use]
    pub fn with_names(mut self, folder: RelPath, names: Vec<String>) -> Self {
        self.names.insert(folder, names);
        self
    }

    /// Adds what stands at more paths.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.found.extend(other.found);
        self.names.extend(other.names);
        self
    }
}

impl FromIterator<(RelPath, Found)> for Disk {
    fn from_iter<I: IntoIterator<Item = (RelPath, Found)>>(found: I) -> Self {
        Self { found: found.into_iter().collect(), names: BTreeMap::new() }
    }
}

/// Why the file system could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Reading or listing failed.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// The path, for people.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// Writing failed; what had been written was taken back.
    #[error("cannot write {path}: {cause}; nothing was changed")]
    Write {
        /// The path, for people.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// Writing failed, and so did taking back what had been written.
    #[error("cannot write {path}: {cause}; these files are left over: {}", left.join(", "))]
    LeftOver {
        /// The path, for people.
        path: String,
        /// What the system said.
        cause: io::Error,
        /// What could not be taken back.
        left: Vec<String>,
    },
    /// A link leads out of the project.
    #[error("{path} leads out of the project through a link, and links are not followed")]
    Outside {
        /// The path, for people.
        path: String,
    },
    /// A file is larger than anything that this program reads.
    #[error("{path} is larger than {} MiB", MAX_FILE >> 20)]
    TooLarge {
        /// The path, for people.
        path: String,
    },
}

/// No file that this program reads needs to be larger: contracts and modules are a thousand times smaller.
pub const MAX_FILE: u64 = 16 << 20;

/// One file to write: where, what, and whether it may replace what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub path: RelPath,
    /// The whole new text.
    pub text: String,
    /// The text that it replaces; nothing for a file that must not be there yet.
    pub replaces: Option<String>,
}

/// A path below a root as people see it from where they stand.
#[must_use]
pub fn shown(root: &Path, path: &RelPath) -> String {
    let full = root.join(path.as_str());
    full.strip_prefix(".").unwrap_or(&full).display().to_string()
}

/// The folder that holds another, as short as it can be said.
fn shown_parent(folder: &Path, parent: &Path) -> PathBuf {
    let named = matches!(folder.components().next_back(), Some(Component::Normal(_)));
    let shown = match folder.parent().filter(|_| named) {
        Some(above) if above.as_os_str().is_empty() => PathBuf::from("."),
        Some(above) => above.to_owned(),
        None => folder.join(".."),
    };
    // A link leads to a folder that is held by another one than the link is.
    if real(&shown) == parent { shown } else { parent.to_owned() }
}

/// One file to delete, and the text that it must still hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Which file.
    pub path: RelPath,
    /// The text that it holds.
    pub text: String,
}

/// A folder above a project's root: what tools read of it is read alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Above {
    /// The folder, as people see it from where they stand.
    pub folder: PathBuf,
    /// The project's root, from there.
    pub project: RelPath,
    /// Whether it belongs to the repository that the project is in, and so is the same for everybody who has
    /// that; where there is no repository, each folder counts.
    pub shared: bool,
}

/// A project's root folder, which may not be there yet.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    dir: Option<Dir>,
}

impl Workspace {
    /// Opens the folder at `root`.
    ///
    /// # Errors
    /// When it is there but is no folder that can be opened.
    pub fn open(root: &Path) -> Result<Self, WorkspaceError> {
        let dir = match Dir::open_ambient_dir(root, ambient_authority()) {
            Ok(dir) => Some(dir),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => {
                return Err(WorkspaceError::Read { path: root.display().to_string(), cause });
            }
        };
        Ok(Self { root: root.to_owned(), dir })
    }

    /// The folder, as it was given.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root as people see it from where they stand.
    #[must_use]
    pub fn shown(&self, path: &RelPath) -> String {
        shown(&self.root, path)
    }

    /// The folders above the root, the nearest first; a folder with a strange name ends them.
    #[must_use]
    pub fn above(&self) -> Vec<Above> {
        let real_root = real(&self.root);
        let repository = real_root.ancestors().position(|folder| folder.join(".git").exists());
        let (mut shown, mut project) = (self.root.clone(), String::new());
        let mut above = Vec::new();
        for (index, below) in real_root.ancestors().enumerate() {
            let (Some(folder), Some(name)) = (below.parent(), below.file_name()) else { break };
            let Some(name) = name.to_str() else { break };
            let tail = if project.is_empty() { project } else { format!("/{project}") };
            project = format!("{name}{tail}");
            let Some(from_there) = RelPath::parse(&project) else { break };
            shown = shown_parent(&shown, folder);
            let shared = repository.is_none_or(|at| index < at);
            above.push(Above { folder: shown.clone(), project: from_there, shared });
        }
        above
    }

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

    /// Writes all the files or none.
    ///
    /// New files come first and must not be there; then the replacements, each through a temporary file
    /// beside it, and only while the file still holds the text that it replaces; then the removals, on the
    /// same condition, and the folders that they leave empty. When anything fails, what was done is taken
    /// back. Without anything to do nothing is touched.
    ///
    /// # Errors
    /// What failed, and what is left over if anything is.
    pub fn write(&mut self, writes: &[Write], removals: &[Removal]) -> Result<(), WorkspaceError> {
        if writes.is_empty() && removals.is_empty() {
            return Ok(());
        }
        let mut done = Undo::default();
        let result = self.write_all(writes, removals, &mut done);
        let Err((path, cause)) = result else { return Ok(()) };
        let left = self.dir.as_ref().map(|dir| done.take_back(dir)).unwrap_or_default();
        if !done.roots_made.is_empty() {
            self.dir = None;
        }
        for folder in &done.roots_made {
            // Best effort: a folder that is not empty was not only ours.
            let _ = std::fs::remove_dir(folder);
        }
        if left.is_empty() {
            Err(WorkspaceError::Write { path, cause })
        } else {
            Err(WorkspaceError::LeftOver { path, cause, left })
        }
    }

    fn write_all(
        &mut self,
        writes: &[Write],
        removals: &[Removal],
        done: &mut Undo,
    ) -> Result<(), (String, io::Error)> {
        let root = self.root.clone();
        let dir = match &mut self.dir {
            Some(dir) => dir,
            missing => {
                let at_root = |cause| (root.display().to_string(), cause);
                let missing_above = root.ancestors().take_while(|folder| !folder.exists());
                done.roots_made = missing_above.map(Path::to_owned).collect();
                std::fs::create_dir_all(&root).map_err(at_root)?;
                missing.insert(Dir::open_ambient_dir(&root, ambient_authority()).map_err(at_root)?)
            }
        };
        let (new, changed): (Vec<_>, Vec<_>) = writes.iter().partition(|w| w.replaces.is_none());
        for write in new {
            create(dir, write, done).map_err(|cause| (write.path.to_string(), cause))?;
        }
        for write in changed {
            replace(dir, write, done).map_err(|cause| (write.path.to_string(), cause))?;
        }
        for removal in removals {
            remove(dir, removal, done).map_err(|cause| (removal.path.to_string(), cause))?;
        }
        for removal in removals {
            remove_empty_folders(dir, &removal.path);
        }
        Ok(())
    }
}

/// What a failed run must take back.
#[derive(Default)]
struct Undo {
    /// The root and the folders above it that were missing, innermost first.
    roots_made: Vec<PathBuf>,
    folders: Vec<RelPath>,
    files: Vec<RelPath>,
    replaced: Vec<(RelPath, String)>,
    removed: Vec<(RelPath, String, Permissions)>,
}

impl Undo {
    /// Restores texts, removes files, then the folders that are empty again; names what could not go.
    fn take_back(&mut self, dir: &Dir) -> Vec<String> {
        let mut left = Vec::new();
        for (path, text, permissions) in self.removed.drain(..) {
            if put_back(dir, &path, &text, permissions).is_err() {
                left.push(path.to_string());
            }
        }
        for (path, text) in self.replaced.drain(..) {
            if put(dir, &path, &text).is_err() {
                left.push(path.to_string());
            }
        }
        for path in self.files.drain(..).rev() {
            if dir.remove_file(path.on_disk()).is_err() {
                left.push(path.to_string());
            }
        }
        for path in self.folders.drain(..).rev() {
            // A folder that somebody else filled in the meantime stays, and is no failure.
            let _ = dir.remove_dir(path.on_disk());
        }
        left
    }
}

fn create(dir: &Dir, write: &Write, done: &mut Undo) -> io::Result<()> {
    make_folders(dir, &write.path.parent(), done)?;
    let mut file =
        dir.open_with(write.path.on_disk(), OpenOptions::new().write(true).create_new(true))?;
    done.files.push(write.path.clone());
    file.write_all(write.text.as_bytes())
}

fn make_folders(dir: &Dir, folder: &RelPath, done: &mut Undo) -> io::Result<()> {
    if folder.as_str().is_empty() {
        return Ok(());
    }
    match dir.create_dir(folder.on_disk()) {
        Ok(()) => {
            done.folders.push(folder.clone());
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_folders(dir, &folder.parent(), done)?;
            dir.create_dir(folder.on_disk())?;
            done.folders.push(folder.clone());
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn replace(dir: &Dir, write: &Write, done: &mut Undo) -> io::Result<()> {
    let before = write.replaces.clone().unwrap_or_default();
    let now = dir.read(write.path.on_disk())?;
    if now != before.as_bytes() {
        return Err(io::Error::other("the file changed while it was being worked on; run again"));
    }
    put(dir, &write.path, &write.text)?;
    done.replaced.push((write.path.clone(), before));
    Ok(())
}

fn remove(dir: &Dir, removal: &Removal, done: &mut Undo) -> io::Result<()> {
    let path = removal.path.on_disk();
    if dir.symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("it is a link, and links are not removed"));
    }
    let permissions = dir.metadata(path)?.permissions();
    if dir.read(path)? != removal.text.as_bytes() {
        return Err(io::Error::other("the file changed while it was being worked on; run again"));
    }
    dir.remove_file(path)?;
    done.removed.push((removal.path.clone(), removal.text.clone(), permissions));
    Ok(())
}

fn put_back(dir: &Dir, path: &RelPath, text: &str, permissions: Permissions) -> io::Result<()> {
    let mut file =
        dir.open_with(path.on_disk(), OpenOptions::new().write(true).create_new(true))?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)
}

/// Folders go when nothing is left in them; a failure to remove one harms nothing.
fn remove_empty_folders(dir: &Dir, path: &RelPath) {
    let mut folder = path.parent();
    while !folder.as_str().is_empty() && dir.remove_dir(folder.on_disk()).is_ok() {
        folder = folder.parent();
    }
}

/// Replaces a file's text at once, keeping its permissions.
fn put(dir: &Dir, path: &RelPath, text: &str) -> io::Result<()> {
    let permissions = dir.metadata(path.on_disk())?.permissions();
    let temporary = path.parent().joined(&format!(".{}.onex-{}", path.name(), std::process::id()));
    let result = (|| {
        let options = OpenOptions::new().write(true).create_new(true).clone();
        let mut file = dir.open_with(temporary.on_disk(), &options)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(permissions)?;
        dir.rename(temporary.on_disk(), dir, path.on_disk())
    })();
    if result.is_err() {
        let _ = dir.remove_file(temporary.on_disk());
    }
    result
}

/// Absent for our purposes: nothing there, or something that is no folder stands in the way.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Reads one file wherever it is: the contract that the user names need not lie in the project.
///
/// # Errors
/// When it cannot be read, or is larger than `limit` bytes.
pub fn read_anywhere(path: &Path, limit: u64) -> Result<Vec<u8>, WorkspaceError> {
    let shown = || path.display().to_string();
    let failed = |cause| WorkspaceError::Read { path: shown(), cause };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(failed(io::Error::other("it is no file")));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        Err(WorkspaceError::TooLarge { path: shown() })
    } else {
        Ok(bytes)
    }
}

/// The programs of a name on a search path, in its order, each file once.
///
/// Entries that are relative are passed over: a program of the folder that one happens to stand in is not
/// what the user installed.
#[must_use]
pub fn programs(name: &str, search_path: &OsStr) -> Vec<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let mut seen = BTreeSet::new();
    std::env::split_paths(search_path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .filter(|program| is_program(program) && seen.insert(real(program)))
        .collect()
}

/// The path without links; the path itself where it does not exist.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Whether a Python can import a package, judged by the files of its installation alone.
///
/// Nothing is run: an interpreter takes a tenth of a second to say what its folders show.
#[must_use]
pub fn python_has(python: &Path, package: &str) -> bool {
    let Some(prefix) = python.parent().and_then(Path::parent) else { return false };
    let mut prefixes = vec![prefix.to_owned(), prefix.join("local")];
    if !prefix.join("pyvenv.cfg").is_file() {
        // An installation that is only linked into the search path; a virtual environment stands alone.
        prefixes.extend(real(python).parent().and_then(Path::parent).map(Path::to_owned));
    }
    prefixes.iter().flat_map(|prefix| package_folders(prefix)).any(|folder| {
        // An editable installation has no folder of that name, but its metadata.
        let is_it = |name: &str| {
            name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        std::fs::read_dir(folder).is_ok_and(|names| {
            names.flatten().any(|entry| entry.file_name().to_str().is_some_and(is_it))
        })
    })
}

fn package_folders(prefix: &Path) -> Vec<PathBuf> {
    let libraries = std::fs::read_dir(prefix.join("lib")).into_iter().flatten().flatten();
    let versions = libraries.filter(|e| e.file_name().to_string_lossy().starts_with("python"));
    let mut folders: Vec<PathBuf> = versions
        .flat_map(|v| ["site-packages", "dist-packages"].map(|name| v.path().join(name)))
        .collect();
    folders.push(prefix.join("Lib").join("site-packages"));
    folders
}

/// Reads standard input to its end.
///
/// # Errors
/// When it cannot be read, or holds more than `limit` bytes.
pub fn read_standard_input(limit: u64) -> Result<Vec<u8>, WorkspaceError> {
    let path = || "standard input".to_owned();
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|cause| WorkspaceError::Read { path: path(), cause })?;
    if bytes.len() as u64 > limit {
        Err(WorkspaceError::TooLarge { path: path() })
    } else {
        Ok(bytes)
    }
}

/// What stands where a project is to be made or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Nothing, or a folder without files.
    Free,
    /// A folder with a pyproject.toml.
    Project,
    /// A folder with other things.
    Taken,
    /// No folder.
    NotAFolder,
}

/// Looks at a folder without opening it as a project.
#[must_use]
pub fn ground(folder: &Path) -> Ground {
    if !folder.exists() {
        return Ground::Free;
    }
    if folder.join("pyproject.toml").is_file() {
        return Ground::Project;
    }
    match std::fs::read_dir(folder) {
        // A fresh repository counts as empty.
        Ok(entries) => {
            let foreign = entries.flatten().any(|entry| entry.file_name() != ".git");
            if foreign { Ground::Taken } else { Ground::Free }
        }
        Err(_) => Ground::NotAFolder,
    }
}

/// The name of a folder, which need not be there and may be written `.` or `..`.
#[must_use]
pub fn folder_name(folder: &Path) -> Option<String> {
    let absolute = std::path::absolute(real(folder)).ok()?;
    absolute.file_name()?.to_str().map(str::to_owned)
}

/// The folders below a folder that hold a pyproject.toml, sorted; hidden folders are passed over, and so is what
/// lies inside another project.
#[must_use]
pub fn projects_below(folder: &Path) -> Vec<PathBuf> {
    let mut roots = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if hidden || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                continue;
            }
            let path = entry.path();
            if path.join("pyproject.toml").is_file() {
                roots.push(path);
            } else {
                folders.push(path);
            }
        }
    }
    roots.sort();
    roots
}

/// Whether a folder of this name is where Python's packages are installed.
#[must_use]
pub fn is_where_packages_are(name: &str) -> bool {
    matches!(name, "site-packages" | "dist-packages")
}

/// The folder that imports of a package start from: the nearest one upwards without an `__init__.py`.
#[must_use]
pub fn package_root(path: &Path) -> PathBuf {
    let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
    let outside = folder.ancestors().find(|folder| !folder.join("__init__.py").is_file());
    outside.unwrap_or(folder).to_owned()
}

/// The nearest folder upwards, itself included, that holds a pyproject.toml.
#[must_use]
pub fn project_above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|f| f.join("pyproject.toml").is_file()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::parse(text).unwrap()
    }

    #[test]
    fn relative_paths_are_resolved_inside_the_root_alone() {
        let resolved = |text| path("a/b").resolve(text);
        assert_eq!(resolved("../c.toml"), Some(path("a/c.toml")));
        assert_eq!(resolved("./../../c.toml"), Some(path("c.toml")));
        assert_eq!(resolved("c/d"), Some(path("a/b/c/d")));
        assert_eq!(resolved(".."), Some(path("a")));
        for bad in ["../../../c", "/c", "c/../d", "~\\x"] {
            assert_eq!(resolved(bad), None, "{bad}");
        }
    }

    fn new(at: &str, text: &str) -> Write {
        Write { path: path(at), text: text.to_owned(), replaces: None }
    }

    #[test]
    fn paths_stay_below_the_root() {
        assert_eq!(path("./a//b/").as_str(), "a/b");
        for bad in ["../a", "a/../b", "/a", "C:\\a", "a\\b", "a\nb"] {
            assert_eq!(RelPath::parse(bad), None, "{bad}");
        }
        assert_eq!(path("a/b").parent(), path("a"));
        assert_eq!(path("a").parent(), RelPath::root());
        let above: Vec<RelPath> = path("a/b/c").ancestors().collect();
        assert_eq!(above, [path("a/b"), path("a"), RelPath::root()]);
        assert_eq!(RelPath::root().ancestors().count(), 0);
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("taken.py"), "mine").unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        let writes = [new("a/b/one.py", "1"), new("taken.py", "2")];
        let error = workspace.write(&writes, &[]).unwrap_err();
        assert!(error.to_string().contains("nothing was changed"), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join("taken.py")).unwrap(), "mine");
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn a_root_that_was_made_for_nothing_goes_again() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a/b");
        let mut workspace = Workspace::open(&root).unwrap();
        let error = workspace.write(&[new("x", "1"), new("x/y", "2")], &[]).unwrap_err();
        assert!(error.to_string().contains("nothing was changed"), "{error}");
        assert!(!folder.path().join("a").exists());
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

    #[test]
    fn a_file_that_changed_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("p.toml"), "edited").unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        let write = Write { replaces: Some("read".to_owned()), ..new("p.toml", "ours") };
        assert!(workspace.write(&[new("x.py", ""), write], &[]).is_err());
        assert_eq!(std::fs::read_to_string(folder.path().join("p.toml")).unwrap(), "edited");
        assert!(!folder.path().join("x.py").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_outside() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        let error = workspace.read([path("link/x")]).unwrap_err();
        assert!(matches!(error, WorkspaceError::Outside { .. }), "{error}");
        assert!(error.to_string().contains("links are not followed"), "{error}");
        assert!(matches!(workspace.list(&path("link")), Err(WorkspaceError::Outside { .. })));
        assert!(workspace.write(&[new("link/x.py", "")], &[]).is_err());
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
        assert_eq!(
            *workspace.read([path("dangling")]).unwrap().at(&path("dangling")),
            Found::Special
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("p.toml");
        std::fs::write(&file, "a").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        let mut workspace = Workspace::open(folder.path()).unwrap();
        workspace
            .write(&[Write { replaces: Some("a".to_owned()), ..new("p.toml", "b") }], &[])
            .unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "b");
    }
}
