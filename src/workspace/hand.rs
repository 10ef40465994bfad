//! The file operations that a run is made of, one by one: the only place where something in a project changes.
//!
//! Each of them asks a [`Gate`] first, so that tests can let any one fail or be the last. Folders are entered in one step
//! or part by part, and no link is followed either way: whoever puts a link in the place of a folder meanwhile redirects
//! nothing.

use std::fmt;
use std::io::{self, Write as _};
use std::ops::Deref;

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{Dir, File, OpenOptions, Permissions};

use super::MAX_FILE;
use super::path::RelPath;
use super::read::whole;
use crate::lock::digest;

/// What is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// Reading a file that is to change.
    Look,
    /// Making a folder.
    MakeFolder,
    /// Making an empty file.
    Make,
    /// Filling a file.
    Fill,
    /// Waiting until files are on the disk itself.
    Sync,
    /// Exchanging two files.
    Swap,
    /// Giving a file another name, which nothing has.
    Move,
    /// A second name for a file, where two cannot be exchanged at once.
    Link,
    /// Deleting a file.
    Delete,
    /// Deleting an empty folder.
    DeleteFolder,
}

/// Whether an operation may be done.
pub(super) trait Gate: fmt::Debug + Send + Sync {
    /// Lets it pass, or is the reason why it fails.
    fn pass(&self, operation: Operation) -> io::Result<()>;

    /// Whether files can be exchanged at once; where not, it takes three steps.
    fn can_swap(&self) -> bool {
        true
    }
}

/// Lets everything pass.
#[derive(Debug)]
pub(super) struct Everything;

impl Gate for Everything {
    fn pass(&self, _: Operation) -> io::Result<()> {
        Ok(())
    }
}

/// What a name in a folder stands for.
#[derive(Debug)]
pub(super) enum Standing {
    /// Nothing.
    Absent,
    /// A file.
    File(Contents),
    /// Something else, in words.
    Other(&'static str),
}

/// What is in a file, and who may do what with it.
#[derive(Debug)]
pub(super) struct Contents {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// The permissions.
    pub(super) permissions: Permissions,
}

impl Standing {
    /// Whether it is a file of this digest, or nothing where there is none.
    pub(super) fn is(&self, wanted: Option<&String>) -> bool {
        match (self, wanted) {
            (Self::Absent, None) => true,
            (Self::File(contents), Some(wanted)) => digest(&contents.bytes) == *wanted,
            (Self::Absent | Self::File(_) | Self::Other(_), _) => false,
        }
    }
}

/// A name in a folder that was entered.
#[derive(Debug)]
pub(super) struct Spot<'a> {
    /// The folder.
    pub(super) folder: Entered<'a>,
    /// The name.
    pub(super) name: &'a str,
}

impl<'a> Spot<'a> {
    /// A name in a folder that somebody else holds.
    pub(super) fn of(folder: &'a Dir, name: &'a str) -> Self {
        Self { folder: Entered::Held(folder), name }
    }
}

/// A folder that was entered, for this one spot or for more.
#[derive(Debug)]
pub(super) enum Entered<'a> {
    Held(&'a Dir),
    Owned(Dir),
}

impl Deref for Entered<'_> {
    type Target = Dir;

    fn deref(&self) -> &Dir {
        match self {
            Self::Held(folder) => folder,
            Self::Owned(folder) => folder,
        }
    }
}

/// Does things in a project, one at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand<'a> {
    /// The project's root.
    pub(super) root: &'a Dir,
    /// What every operation has to pass.
    pub(super) gate: &'a dyn Gate,
}

impl<'a> Hand<'a> {
    /// Enters a folder, from the root on.
    pub(super) fn folder(&self, path: &RelPath) -> io::Result<Dir> {
        if let Some(folder) = self.entered_at_once(path) {
            return Ok(folder);
        }
        let mut folder = self.root.try_clone()?;
        for part in path.parts() {
            folder = folder.open_dir_nofollow(part)?;
        }
        Ok(folder)
    }

    /// Enters a folder in one step where the system can do so without following a link; nothing where it cannot, or
    /// where there is no such folder.
    #[cfg(target_os = "linux")]
    pub(super) fn entered_at_once(&self, path: &RelPath) -> Option<Dir> {
        use rustix::fs::{Mode, OFlags, ResolveFlags};
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let resolve =
            ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let parts = path.on_disk();
        let entered = rustix::fs::openat2(self.root, parts, flags, Mode::empty(), resolve);
        entered.ok().map(|folder| Dir::from_std_file(folder.into()))
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn entered_at_once(&self, _: &RelPath) -> Option<Dir> {
        None
    }

    /// Enters the folder that holds a path.
    pub(super) fn spot<'p>(&self, path: &'p RelPath) -> io::Result<Spot<'p>> {
        Ok(Spot { folder: Entered::Owned(self.folder(&path.parent())?), name: path.name() })
    }

    /// What stands at a name, as far as a run could write it.
    pub(super) fn look_at_file(&self, at: &Spot<'_>) -> io::Result<Standing> {
        self.look(at, MAX_FILE)
    }

    /// What stands at a name. A pipe is not waited for, and a link is not followed.
    pub(super) fn look(&self, at: &Spot<'_>, limit: u64) -> io::Result<Standing> {
        self.gate.pass(Operation::Look)?;
        let metadata = match at.folder.symlink_metadata(at.name) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Absent),
            Err(error) => return Err(error),
        };
        if metadata.is_symlink() {
            return Ok(Standing::Other("it is a link, and nothing is written through links"));
        }
        if metadata.is_dir() {
            return Ok(Standing::Other("it is a folder"));
        }
        if !metadata.is_file() {
            return Ok(Standing::Other("it is a pipe or a device"));
        }
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        let file = at.folder.open_with(at.name, &options)?;
        // What was opened may be something else than what was looked at.
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(Standing::Other("it is a pipe or a device"));
        }
        let Some(bytes) = whole(file.into_std(), metadata.len(), limit)? else {
            return Ok(Standing::Other("it is larger than anything that is written here"));
        };
        Ok(Standing::File(Contents { bytes, permissions: metadata.permissions() }))
    }

    /// Makes a folder; one that stands is as good.
    pub(super) fn make_folder(&self, at: &Spot<'_>) -> io::Result<()> {
        self.gate.pass(Operation::MakeFolder)?;
        match at.folder.create_dir(at.name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                at.folder.open_dir_nofollow(at.name).map(drop)
            }
            made => made,
        }
    }

    /// Makes a file where nothing stands.
    pub(super) fn create(
        &self,
        at: &Spot<'_>,
        bytes: &[u8],
        permissions: Option<Permissions>,
    ) -> io::Result<File> {
        self.gate.pass(Operation::Make)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).follow(FollowSymlinks::No);
        let mut file = at.folder.open_with(at.name, &options)?;
        self.gate.pass(Operation::Fill)?;
        file.write_all(bytes)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        Ok(file)
    }

    /// Waits until a file is on the disk itself.
    pub(super) fn sync(&self, file: &File) -> io::Result<()> {
        self.gate.pass(Operation::Sync)?;
        file.sync_all()
    }

    /// Waits until everything in the file system of a file is on the disk itself; says whether there is a way to do
    /// so.
    pub(super) fn sync_everything(&self, file: &File) -> io::Result<bool> {
        self.gate.pass(Operation::Sync)?;
        sync_everything(file)
    }

    /// Exchanges a file of ours with one that stands: afterwards each has the other's name.
    ///
    /// Where that cannot be done at once, the file that stands gets a second name first, so that it is nowhere
    /// without one; [`Hand::mend`] takes up what is left of that when it is interrupted.
    pub(super) fn swap(&self, ours: &Spot<'_>, standing: &Spot<'_>) -> io::Result<()> {
        self.gate.pass(Operation::Swap)?;
        if self.gate.can_swap() && exchange(ours, standing)? {
            return Ok(());
        }
        let second = second_name(ours.name);
        self.gate.pass(Operation::Link)?;
        if standing.folder.hard_link(standing.name, &ours.folder, &second).is_err() {
            let Standing::File(contents) = self.look_at_file(standing)? else {
                return Err(io::Error::other("it is no file any more"));
            };
            let copy = Spot::of(&ours.folder, &second);
            self.create(&copy, &contents.bytes, Some(contents.permissions))?;
        }
        self.gate.pass(Operation::Move)?;
        ours.folder.rename(ours.name, &standing.folder, standing.name)?;
        self.gate.pass(Operation::Move)?;
        ours.folder.rename(&second, &ours.folder, ours.name)
    }

    /// Finishes an exchange that was interrupted: the second name is either in the way or in place of the first.
    pub(super) fn mend(&self, ours: &Spot<'_>) -> io::Result<()> {
        let second = second_name(ours.name);
        if ours.folder.symlink_metadata(&second).is_err() {
            return Ok(());
        }
        if ours.folder.symlink_metadata(ours.name).is_ok() {
            self.delete(&Spot::of(&ours.folder, &second))
        } else {
            self.gate.pass(Operation::Move)?;
            ours.folder.rename(&second, &ours.folder, ours.name)
        }
    }

    /// Gives a file another name, where nothing has that name.
    pub(super) fn rename(&self, from: &Spot<'_>, to: &Spot<'_>) -> io::Result<()> {
        self.gate.pass(Operation::Move)?;
        if self.gate.can_swap() && rename_to_nothing(from, to)? {
            return Ok(());
        }
        // A second name is refused where something stands, which a plain renaming would replace.
        match from.folder.hard_link(from.name, &to.folder, to.name) {
            Ok(()) => self.delete(from),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) if to.folder.symlink_metadata(to.name).is_err() => {
                from.folder.rename(from.name, &to.folder, to.name)
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes a file, or a link as such.
    pub(super) fn delete(&self, at: &Spot<'_>) -> io::Result<()> {
        self.gate.pass(Operation::Delete)?;
        at.folder.remove_file(at.name)
    }

    /// Deletes a folder that is empty.
    pub(super) fn delete_folder(&self, at: &Spot<'_>) -> io::Result<()> {
        self.gate.pass(Operation::DeleteFolder)?;
        at.folder.remove_dir(at.name)
    }
}

fn second_name(name: &str) -> String {
    format!("{name}.old")
}

/// Exchanges two files at once; says whether the file system can.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Spot<'_>, other: &Spot<'_>) -> io::Result<bool> {
    renamed(one, other, rustix::fs::RenameFlags::EXCHANGE)
}

/// Gives a file a name that nothing has; says whether the file system can refuse one that is taken.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_to_nothing(from: &Spot<'_>, to: &Spot<'_>) -> io::Result<bool> {
    renamed(from, to, rustix::fs::RenameFlags::NOREPLACE)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn renamed(from: &Spot<'_>, to: &Spot<'_>, flags: rustix::fs::RenameFlags) -> io::Result<bool> {
    use rustix::io::Errno;
    match rustix::fs::renameat_with(&*from.folder, from.name, &*to.folder, to.name, flags) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Spot<'_>, _: &Spot<'_>) -> io::Result<bool> {
    Ok(false)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_to_nothing(_: &Spot<'_>, _: &Spot<'_>) -> io::Result<bool> {
    Ok(false)
}

#[cfg(target_os = "linux")]
fn sync_everything(file: &File) -> io::Result<bool> {
    rustix::fs::syncfs(file)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn sync_everything(_: &File) -> io::Result<bool> {
    Ok(false)
}
