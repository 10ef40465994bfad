//! `.onex`, where runs keep what is theirs: the lock that they hold, and the run at work.
//!
//! The folder ignores itself in git, and its name hides it from every walk. It could come with a project all the
//! same, so nothing in it is followed or waited for.

use std::io;
use std::time::{Duration, Instant};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use super::hand::{Hand, Spot};
use super::{Access, HOME};

/// The file that is locked. It stays: a lock whose file comes and goes can be held twice.
const LOCK: &str = "lock";

/// What keeps the folder out of git.
const IGNORE: &str = ".gitignore";

/// How long a run waits for another.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How often it looks.
const PAUSE: Duration = Duration::from_millis(10);

/// `.onex`, entered.
#[derive(Debug)]
pub(super) struct Home(pub(super) Dir);

/// The lock, held until this is dropped.
#[derive(Debug)]
pub(super) struct Hold {
    /// The file whose lock it is; closing it lets go.
    _file: std::fs::File,
    /// For which access.
    pub(super) access: Access,
    /// What tells this lock file from every other, on this machine or elsewhere.
    pub(super) identity: String,
}

impl Home {
    /// Enters the folder; nothing where it is not there.
    ///
    /// # Errors
    /// When it is something else than a folder.
    pub(super) fn enter(root: &Dir) -> io::Result<Option<Self>> {
        match root.open_dir_nofollow(HOME) {
            Ok(home) => Ok(Some(Self(home))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Enters the folder, and makes what of it is not there.
    pub(super) fn make(hand: Hand<'_>) -> io::Result<Self> {
        let at = Spot::of(hand.root, HOME);
        hand.make_folder(&at)?;
        let home = Self(at.folder.open_dir_nofollow(HOME)?);
        home.fill(hand, IGNORE, "*\n")?;
        home.fill(hand, LOCK, "")?;
        Ok(home)
    }

    fn fill(&self, hand: Hand<'_>, name: &str, text: &str) -> io::Result<()> {
        if self.0.symlink_metadata(name).is_ok() {
            return Ok(());
        }
        match hand.create(&Spot::of(&self.0, name), text.as_bytes(), None) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Deletes the folder, as far as it holds nothing else than what was just made.
    pub(super) fn unmake(hand: Hand<'_>) {
        // Best effort: what stays is ours, and hidden.
        let Ok(Some(home)) = Self::enter(hand.root) else { return };
        for name in [IGNORE, LOCK] {
            let _ = hand.delete(&Spot::of(&home.0, name));
        }
        let _ = hand.delete_folder(&Spot::of(hand.root, HOME));
    }

    /// Whether there is something to lock.
    pub(super) fn has_lock(&self) -> bool {
        self.0.symlink_metadata(LOCK).is_ok()
    }

    /// Waits for the lock, as long as patience lasts; nothing where another run holds it still, or where there is
    /// nothing to lock.
    ///
    /// # Errors
    /// When the file cannot be opened or locked.
    pub(super) fn hold(&self, access: Access, patience: Duration) -> io::Result<Waited> {
        let end = Instant::now() + patience;
        loop {
            let Some(file) = self.lock_file(access)? else { return Ok(Waited::NothingToLock) };
            let metadata = file.metadata()?;
            let file = file.into_std();
            let locked = match access {
                Access::Read => file.try_lock_shared(),
                Access::Write => file.try_lock(),
            };
            match locked {
                Ok(()) => {}
                Err(std::fs::TryLockError::WouldBlock) if Instant::now() >= end => {
                    return Ok(Waited::InVain);
                }
                Err(std::fs::TryLockError::WouldBlock) => {
                    std::thread::sleep(PAUSE);
                    continue;
                }
                // A file system without locks: the looks before each change are what is left.
                Err(std::fs::TryLockError::Error(error))
                    if error.kind() == io::ErrorKind::Unsupported => {}
                Err(std::fs::TryLockError::Error(error)) => return Err(error),
            }
            let identity = identity(&metadata);
            // Somebody may have deleted the file in the meantime, and another run may lock a new one.
            let standing = self.0.symlink_metadata(LOCK).map(|metadata| self::identity(&metadata));
            if standing.is_ok_and(|standing| standing == identity) {
                return Ok(Waited::Held(Hold { _file: file, access, identity }));
            }
        }
    }

    fn lock_file(&self, access: Access) -> io::Result<Option<File>> {
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        options.write(access == Access::Write);
        let file = match self.0.open_with(LOCK, &options) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if file.metadata()?.is_file() {
            Ok(Some(file))
        } else {
            Err(io::Error::other("it is no file"))
        }
    }

    /// Whether the folder, the lock and another folder all belong to whoever runs this.
    pub(super) fn is_own(&self, run: &Dir) -> io::Result<bool> {
        let metadata =
            [self.0.dir_metadata()?, self.0.symlink_metadata(LOCK)?, run.dir_metadata()?];
        Ok(metadata.iter().all(belongs_to_us))
    }
}

/// What came of waiting for the lock.
#[derive(Debug)]
pub(super) enum Waited {
    /// It is held.
    Held(Hold),
    /// Another run holds it.
    InVain,
    /// No run has written here yet.
    NothingToLock,
}

/// What tells a file from every other that git, an archive or a copy could put in its place: its number, and the
/// moment at which the system last changed it, which no program can choose.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> String {
    use cap_std::fs::MetadataExt as _;
    format!("{}:{}.{:09}", metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> String {
    let since = |time: io::Result<cap_std::time::SystemTime>| {
        let time = time.ok()?.into_std();
        time.duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_nanos())
    };
    format!("{:?}:{:?}", since(metadata.created()), since(metadata.modified()))
}

#[cfg(unix)]
fn belongs_to_us(metadata: &Metadata) -> bool {
    use cap_std::fs::MetadataExt as _;
    metadata.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn belongs_to_us(_: &Metadata) -> bool {
    true
}
