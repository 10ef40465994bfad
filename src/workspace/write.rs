//! Writing a project: all the files of a run, or none.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use cap_fs_ext::DirExt as _;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Permissions};

use super::enter::no_folder;
use super::hand::{Hand, Spot, Standing};
use super::home::Home;
use super::interrupt::Interrupt;
use super::journal::{Journal, Step, may_touch};
use super::path::RelPath;
use super::run::{Failure, Run, changed};
use super::{Access, HOME, Workspace, WorkspaceError};
use crate::lock::digest;
use crate::parallel;

/// One file to write: where, what, and whether it may replace what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write<'a> {
    /// Where.
    pub path: RelPath,
    /// The whole new text.
    pub text: &'a str,
    /// The text that it replaces; nothing for a file that must not be there yet.
    pub replaces: Option<&'a str>,
}

/// One file to delete, and the text that it must still hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal<'a> {
    /// Which file.
    pub path: RelPath,
    /// The text that it holds.
    pub text: &'a str,
}

impl Workspace {
    /// Writes all the files and deletes all the removals, or does nothing.
    ///
    /// New files must not be there; the others must still hold the text that they were read with, and be plain files
    /// that may be written, in folders that may be. All of that is looked at before anything is touched, and again
    /// as each file is exchanged. When something fails, what was done is taken back; when the program is stopped,
    /// the next one that opens the project with [`Workspace::enter`] settles it. The folders that removals leave empty
    /// go with them. Without anything to do nothing is touched.
    ///
    /// # Errors
    /// What failed, and whether anything is left to be settled.
    pub fn write(
        &mut self,
        writes: &[Write<'_>],
        removals: &[Removal<'_>],
    ) -> Result<(), WorkspaceError> {
        if writes.is_empty() && removals.is_empty() {
            return Ok(());
        }
        let made = self.make_root()?;
        let result = self.write_at_once(writes, removals);
        let is_open = matches!(result, Err(WorkspaceError::Unfinished { .. }));
        if result.is_err() && !is_open && !made.is_empty() {
            self.unmake_root(&made);
        }
        result
    }

    /// Makes the root where it is missing; gives the folders that were made, innermost first.
    fn make_root(&mut self) -> Result<Vec<PathBuf>, WorkspaceError> {
        if self.dir.is_some() {
            return Ok(Vec::new());
        }
        let failed = |cause| WorkspaceError::Write { path: self.root.display().to_string(), cause };
        let missing = self.root.ancestors().take_while(|folder| !folder.exists());
        let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        std::fs::create_dir_all(&self.root).map_err(failed)?;
        self.dir = Some(Dir::open_ambient_dir(&self.root, ambient_authority()).map_err(failed)?);
        Ok(missing)
    }

    fn unmake_root(&mut self, made: &[PathBuf]) {
        self.hold = None;
        if let Some(dir) = self.dir.take() {
            Home::unmake(Hand { root: &dir, gate: &*self.gate });
        }
        for folder in made {
            // Best effort: a folder that is not empty was not only ours.
            let _ = std::fs::remove_dir(folder);
        }
    }

    fn write_at_once(
        &mut self,
        writes: &[Write<'_>],
        removals: &[Removal<'_>],
    ) -> Result<(), WorkspaceError> {
        let home = self.hold_to_write()?;
        let failed = |Failure { path, cause }| WorkspaceError::Write { path, cause };
        let (Some(root), Some(hold)) = (&self.dir, &self.hold) else {
            return Err(failed(Failure::staging(io::Error::other("nothing is locked"))));
        };
        let hand = Hand { root, gate: &*self.gate };
        let (journal, staged) =
            ready(hand, hold.identity.clone(), writes, removals).map_err(failed)?;
        if journal.steps.is_empty() {
            return Ok(());
        }
        let interrupt = Interrupt::hold();
        let done = carry_out(hand, &home, journal, &staged, &interrupt);
        // Whoever pressed Ctrl-C has the tree as it was, or as it was to be.
        interrupt.end();
        done
    }

    /// The lock for writing, whether it is held already or is to be waited for now.
    fn hold_to_write(&mut self) -> Result<Home, WorkspaceError> {
        let failed = |path: String| move |cause| WorkspaceError::Write { path, cause };
        let shown = self.shown_home();
        let Some(root) = &self.dir else {
            return Err(failed(shown)(io::ErrorKind::NotFound.into()));
        };
        let hand = Hand { root, gate: &*self.gate };
        let at = RelPath::root().ours(HOME);
        let home = Home::make(hand).map_err(|error| failed(shown)(no_folder(root, &at, error)))?;
        if self.hold.as_ref().is_none_or(|hold| hold.access == Access::Read) {
            self.hold = None;
            self.wait_and_settle(Access::Write)?;
        }
        Ok(home)
    }
}

/// Stages, writes down and does it; what fails is taken back.
fn carry_out(
    hand: Hand<'_>,
    home: &Home,
    journal: Journal,
    staged: &[(&Write<'_>, Option<Permissions>)],
    interrupt: &Interrupt,
) -> Result<(), WorkspaceError> {
    let failed = |Failure { path, cause }| WorkspaceError::Write { path, cause };
    let run = Run::stage(hand, &home.0, journal, staged).map_err(failed)?;
    let result = if interrupt.came() {
        Err(Failure::staging(io::Error::other("the run was interrupted")))
    } else {
        run.forward()
    };
    let Err(failure) = result else {
        // Everything is done; a journal that cannot be deleted is settled by the next run.
        let _ = run.finish();
        return Ok(());
    };
    let taken_back = run.back().and_then(|_| run.finish().map_err(Failure::staging));
    match taken_back {
        Ok(()) => Err(failed(failure)),
        Err(_) => Err(WorkspaceError::Unfinished { path: failure.path, cause: failure.cause }),
    }
}

/// New texts with the permissions of the files that they replace.
type Staged<'w> = Vec<(&'w Write<'w>, Option<Permissions>)>;

/// What a look at some of the writes gives.
#[derive(Default)]
struct Looked<'w> {
    /// The folders that are to be made.
    folders: BTreeSet<RelPath>,
    steps: Vec<Step>,
    staged: Staged<'w>,
}

/// Looks at everything that a run would touch, without touching it.
fn ready<'w>(
    hand: Hand<'_>,
    owner: String,
    writes: &'w [Write<'w>],
    removals: &[Removal<'_>],
) -> Result<(Journal, Staged<'w>), Failure> {
    // What makes a folder a project comes first: a run that is stopped can only be settled where one is found.
    let (first, rest): (Vec<_>, Vec<_>) =
        writes.iter().partition(|write| write.path.as_str() == "pyproject.toml");
    let writes: Vec<&Write<'_>> = first.into_iter().chain(rest).collect();
    let mut all = Looked::default();
    for looked in parallel::map_batches(&writes, |batch| look_at_writes(hand, batch)) {
        let Looked { mut folders, mut steps, mut staged } = looked?;
        all.folders.append(&mut folders);
        all.steps.append(&mut steps);
        all.staged.append(&mut staged);
    }
    let Looked { mut folders, mut steps, staged } = all;
    for removal in removals {
        look(hand, &removal.path, Some(removal.text), &mut folders)?;
        steps.push(step(&removal.path, Some(removal.text), None));
    }
    let folders = folders.into_iter().collect();
    Ok((Journal { owner, folders, steps }, staged))
}

fn look_at_writes<'w>(hand: Hand<'_>, writes: &[&'w Write<'w>]) -> Result<Looked<'w>, Failure> {
    let mut looked = Looked::default();
    for write in writes {
        let before = write.replaces;
        let permissions = look(hand, &write.path, before, &mut looked.folders)?;
        if before != Some(write.text) {
            looked.steps.push(step(&write.path, before, Some(write.text)));
            looked.staged.push((write, permissions));
        }
    }
    Ok(looked)
}

fn step(path: &RelPath, before: Option<&str>, after: Option<&str>) -> Step {
    Step { path: path.clone(), before: before.map(digest), after: after.map(digest) }
}

/// Whether a path is as it should be before a run: its folder can be entered and written, and the file holds this
/// text or is not there. Gives the file's permissions, and adds the folders that are to be made.
fn look(
    hand: Hand<'_>,
    path: &RelPath,
    before: Option<&str>,
    folders: &mut BTreeSet<RelPath>,
) -> Result<Option<Permissions>, Failure> {
    let failed = Failure::at(path);
    let refused = |why: String| Failure::at(path)(io::Error::other(why));
    if !may_touch(path) {
        return Err(refused("git and onex keep their own there".to_owned()));
    }
    let Some(folder) = enter(hand, path, folders)? else {
        return if before.is_none() { Ok(None) } else { Err(failed(changed())) };
    };
    if folder.dir_metadata().map_err(&failed)?.permissions().readonly() {
        return Err(refused(format!("its folder {} is read-only", named(&path.parent()))));
    }
    let at = Spot::of(&folder, path.name());
    match (hand.look_at_file(&at).map_err(&failed)?, before) {
        (Standing::Absent, None) => Ok(None),
        (Standing::File(_), None) => Err(refused("a file stands there already".to_owned())),
        (Standing::Other(what), _) => Err(refused(what.to_owned())),
        (Standing::File(contents), Some(before)) if contents.bytes == before.as_bytes() => {
            if contents.permissions.readonly() {
                return Err(refused("it is read-only".to_owned()));
            }
            Ok(Some(contents.permissions))
        }
        (Standing::Absent | Standing::File(_), Some(_)) => Err(failed(changed())),
    }
}

/// Enters the folder of a path as far as it stands; nothing where it is to be made, which goes to `folders`.
fn enter(
    hand: Hand<'_>,
    path: &RelPath,
    folders: &mut BTreeSet<RelPath>,
) -> Result<Option<Dir>, Failure> {
    let failed = Failure::at(path);
    let parent = path.parent();
    if folders.contains(&parent) {
        return Ok(None);
    }
    if let Some(folder) = hand.entered_at_once(&parent) {
        return Ok(Some(folder));
    }
    let mut above: Vec<RelPath> = path.ancestors().collect();
    above.reverse();
    let mut entered = hand.root.try_clone().map_err(&failed)?;
    let mut stands = true;
    for folder in above.into_iter().filter(|folder| *folder != RelPath::root()) {
        if !stands {
            folders.insert(folder);
            continue;
        }
        match entered.open_dir_nofollow(folder.name()) {
            Ok(next) => entered = next,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if entered.dir_metadata().map_err(&failed)?.permissions().readonly() {
                    let parent = folder.parent();
                    let why = format!("the folder {} is read-only", named(&parent));
                    return Err(failed(io::Error::other(why)));
                }
                stands = false;
                folders.insert(folder);
            }
            Err(error) => return Err(failed(no_folder(&entered, &folder, error))),
        }
    }
    Ok(stands.then_some(entered))
}

/// A folder for people.
fn named(folder: &RelPath) -> &str {
    if folder.as_str().is_empty() { "." } else { folder.as_str() }
}
