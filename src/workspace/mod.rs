//! The only place that touches the file system.
//!
//! Reading gives values ([`Disk`]), so that every stage between works on values alone; writing takes a list
//! of finished texts and either writes all of them or none. All access goes through a handle on the
//! project's root that cannot leave it: a path that leads outside, through a symbolic link too, is an error.

mod around;
mod disk;
mod enter;
mod hand;
mod history;
mod home;
mod interrupt;
mod journal;
mod outside;
mod path;
mod read;
mod run;
mod settle;
mod walk;
mod write;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

pub use around::{
    Above, Ground, folder_name, ground, is_where_packages_are, package_root, project_above,
    projects_below, real,
};
pub use disk::{Disk, Found};
pub use history::{Changed, History, HistoryError};
pub use outside::{programs, python_has, read_anywhere, read_standard_input};
pub(crate) use path::same_folded;
pub use path::{RelPath, folded, shown};
pub use settle::Settled;
pub use write::{Removal, Write};

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
    /// Writing failed, and so did taking back what had been written; the journal stays.
    #[error(
        "cannot write {path}: {cause}; the run is half done, and the next one completes it or takes it back"
    )]
    Unfinished {
        /// The path, for people.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// What an interrupted run left can be neither completed nor taken back.
    #[error(
        "an earlier run of onex was stopped here, and can be neither completed nor taken back: {path}: {cause}"
    )]
    Unsettled {
        /// The path, for people.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// A journal that is not to be trusted.
    #[error("{home} holds the journal of a run, but {why}; nothing of it is carried out")]
    Void {
        /// The folder that it is in, for people.
        home: String,
        /// What is wrong with it.
        why: String,
    },
    /// Another run does not end.
    #[error("another run of onex is at work in {root}")]
    Busy {
        /// The project, for people.
        root: String,
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
    /// A list of what git is to ignore is longer than one that is read.
    #[error("{path} is larger than {} KiB, and no list of what git is to ignore needs that", walk::MAX_PATTERNS >> 10)]
    Ignores {
        /// The path, for people.
        path: String,
    },
}

/// No file that this program reads needs to be larger: contracts and modules are a thousand times smaller.
pub const MAX_FILE: u64 = 16 << 20;

/// The folder at a project's root that runs keep what is theirs in.
pub const HOME: &str = ".onex";

/// What a project is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading, together with others that read.
    Read,
    /// Writing, alone.
    Write,
}

/// A project's root folder, which may not be there yet.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    dir: Option<Dir>,
    hold: Option<home::Hold>,
    patience: Duration,
    gate: Arc<dyn hand::Gate>,
    /// What git ignores by patterns outside the project, once somebody asked.
    patterns: OnceLock<walk::Outside>,
}

impl Workspace {
    /// Opens the folder at `root` as it stands, whoever works there.
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
        Ok(Self {
            root: root.to_owned(),
            dir,
            hold: None,
            patience: home::PATIENCE,
            gate: Arc::new(hand::Everything),
            patterns: OnceLock::new(),
        })
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
}
