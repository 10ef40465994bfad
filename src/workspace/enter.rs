//! Opening a project for a run: after others are done with it, and with what they left settled.

use std::io;
use std::path::Path;

use super::hand::Hand;
use super::home::{Home, Waited};
use super::path::RelPath;
use super::run::{Failure, Run};
use super::settle::{Settled, Unsettled, settle};
use super::{Access, HOME, Workspace, WorkspaceError};

impl Workspace {
    /// Opens the folder at `root` for a run: waits until no other run writes there, keeps others from writing (or,
    /// where it is to be written, from reading too) as long as the workspace lives, and settles what an interrupted
    /// run left. Where no run has written yet, there is nothing to hold.
    ///
    /// # Errors
    /// When it is there but is no folder that can be opened, another run does not end, or what was left cannot be
    /// settled.
    pub fn enter(root: &Path, access: Access) -> Result<(Self, Option<Settled>), WorkspaceError> {
        let mut workspace = Self::open(root)?;
        let settled = workspace.wait_and_settle(access)?;
        Ok((workspace, settled))
    }

    /// Lets other runs go on, while somebody is asked; [`Workspace::write`] waits for them again, and looks whether
    /// everything still is as it was read.
    pub fn release(&mut self) {
        self.hold = None;
    }

    /// Whether another run may have written while this one read: the first one in this project, so that there was
    /// nothing to hold before.
    #[must_use]
    pub fn was_disturbed(&self) -> bool {
        let Some(root) = self.dir.as_ref().filter(|_| self.hold.is_none()) else { return false };
        matches!(Home::enter(root), Ok(Some(home)) if home.has_lock())
    }

    /// Where runs keep what is theirs, for people.
    pub(super) fn shown_home(&self) -> String {
        self.shown(&RelPath::root().ours(HOME))
    }

    /// Waits for the lock and settles what was left, until the lock is held for what it is wanted for.
    pub(super) fn wait_and_settle(
        &mut self,
        access: Access,
    ) -> Result<Option<Settled>, WorkspaceError> {
        let shown = self.shown_home();
        let failed = |cause| WorkspaceError::Read { path: shown.clone(), cause };
        let Some(root) = &self.dir else { return Ok(None) };
        let hand = Hand { root, gate: &*self.gate };
        let mut settled = None;
        loop {
            let home = match Home::enter(root) {
                Ok(Some(home)) => home,
                Ok(None) => return Ok(settled),
                // Whatever it is: no run can have written here.
                Err(_) if access == Access::Read => return Ok(settled),
                Err(error) => return Err(failed(error)),
            };
            let mut needed = access;
            if Run::is_left(&home.0) {
                needed = Access::Write;
                Home::make(hand).map_err(|cause| self.unfinished(Failure::staging(cause)))?;
            }
            let hold = match home.hold(needed, self.patience).map_err(failed)? {
                Waited::Held(hold) => hold,
                Waited::InVain => {
                    return Err(WorkspaceError::Busy { root: self.root.display().to_string() });
                }
                Waited::NothingToLock => return Ok(settled),
            };
            let is_left = Run::is_left(&home.0);
            if is_left && needed == Access::Write {
                let done = settle(hand, &home, &hold).map_err(|why| self.unsettled(why))?;
                settled = done.or(settled);
            }
            // What was left while others were waited for is settled, and a reader lets others read again.
            if needed == access && !(is_left && needed == Access::Read) {
                self.hold = Some(hold);
                return Ok(settled);
            }
        }
    }

    fn unsettled(&self, why: Unsettled) -> WorkspaceError {
        match why {
            Unsettled::Void(void) => {
                WorkspaceError::Void { home: self.shown_home(), why: void.to_string() }
            }
            Unsettled::Failed(failure) => self.unfinished(failure),
        }
    }

    fn unfinished(&self, failure: Failure) -> WorkspaceError {
        let path = self.root.join(failure.path).display().to_string();
        WorkspaceError::Unsettled { path, cause: failure.cause }
    }
}

/// A link or a file where a folder should be: said so, rather than with the system's word for it.
pub(super) fn no_folder(
    parent: &cap_std::fs::Dir,
    folder: &RelPath,
    error: io::Error,
) -> io::Error {
    match parent.symlink_metadata(folder.name()) {
        Ok(metadata) if metadata.is_symlink() => {
            io::Error::other(format!("{folder} is a link, and nothing is written through links"))
        }
        Ok(metadata) if !metadata.is_dir() => io::Error::other(format!("{folder} is no folder")),
        Ok(_) | Err(_) => error,
    }
}
