//! What an interrupted run left is finished or taken back by the next one, whatever that is for.

use std::fmt;

use super::hand::Hand;
use super::home::{Hold, Home};
use super::journal::Void;
use super::path::RelPath;
use super::run::{Failure, Left, Run};

/// What became of a run that had been interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It had changed nothing, or was done; what it left in `.onex` is gone.
    Cleared,
    /// The rest of it was done.
    Completed,
    /// What it had done was taken back, but for files that somebody changed since.
    TakenBack {
        /// Those files.
        left: Vec<RelPath>,
    },
}

impl fmt::Display for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cleared => {
                f.write_str("an earlier run of onex was stopped here; what it left in .onex was cleared away")
            }
            Self::Completed => {
                f.write_str("an earlier run of onex was stopped half way here; it was completed")
            }
            Self::TakenBack { left } if left.is_empty() => f.write_str(
                "an earlier run of onex was stopped here; it was taken back, and everything is as it was before",
            ),
            Self::TakenBack { left } => {
                let left: Vec<&str> = left.iter().map(RelPath::as_str).collect();
                write!(
                    f,
                    "an earlier run of onex was stopped half way here; it was taken back, but for what was changed \
                     since: {}",
                    left.join(", ")
                )
            }
        }
    }
}

/// Why an interrupted run could be neither completed nor taken back.
#[derive(Debug)]
pub(super) enum Unsettled {
    /// Its journal means nothing here.
    Void(Void),
    /// Something failed.
    Failed(Failure),
}

impl From<Failure> for Unsettled {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Settles what was left, under the lock; nothing where nothing was.
///
/// A run of which no step was done is taken back, so that nobody is surprised by changes that they have not seen
/// begin; one that was begun is completed, as long as nobody touched its files since.
pub(super) fn settle(
    hand: Hand<'_>,
    home: &Home,
    hold: &Hold,
) -> Result<Option<Settled>, Unsettled> {
    let failed = |cause| Unsettled::Failed(Failure::staging(cause));
    let run = match Run::left(hand, &home.0).map_err(failed)? {
        None => return Ok(None),
        Some(Left::Void(void)) => return Err(Unsettled::Void(void)),
        Some(Left::Staged(run)) => {
            run.clear().map_err(failed)?;
            return Ok(Some(Settled::Cleared));
        }
        Some(Left::Begun(run)) => run,
    };
    if run.owner() != hold.identity {
        return Err(Unsettled::Void(Void::Foreign));
    }
    if !home.is_own(run.folder()).map_err(failed)? {
        return Err(Unsettled::Void(Void::Owner));
    }
    let (is_begun, can_go_on) = run.far()?;
    let settled = if is_begun && can_go_on && run.forward().is_ok() {
        Settled::Completed
    } else {
        Settled::TakenBack { left: run.back()? }
    };
    run.finish().map_err(failed)?;
    Ok(Some(settled))
}
