//! A run over the files of a project: staged beside them, written down, carried out, and finished or taken back.
//!
//! New texts are staged as files in `.onex/run`, named by the number of their step. Once the journal is whole, each
//! step is one exchange of a staged file with the one that stands, one renaming to a name that is free, or one
//! renaming into the stage. What stood is kept in the stage until every step is done, so that all of it can be taken
//! back; whether a step is done is told by digests alone, so that a run can be taken up wherever it stopped, in
//! either direction. The run is over when its journal is gone.
//!
//! Where something stood before, everything that was staged, and the journal, are on the disk itself before the
//! first step. After that, each operation is one change of names, which file systems carry out in order; so a power
//! cut leaves what a kill leaves. A run that only makes files does not wait for the disk: it has nothing to lose but
//! its own output.

use std::io;

use cap_fs_ext::DirExt as _;
use cap_std::fs::Dir;

use super::hand::{Hand, Spot, Standing};
use super::journal::{Journal, MAX_JOURNAL, Step, Void};
use super::path::RelPath;
use super::write::Write;

/// The folder of the run at work, in `.onex`.
const RUN: &str = "run";

/// The journal's file in it.
const JOURNAL: &str = "journal";

/// As many files are waited for one by one; more are waited for at once, where the system has a way to.
const FEW: usize = 3;

/// What failed, at which path.
#[derive(Debug)]
pub(super) struct Failure {
    /// The path, for people.
    pub(super) path: String,
    /// What the system said.
    pub(super) cause: io::Error,
}

impl Failure {
    /// At a path of the project.
    pub(super) fn at(path: &RelPath) -> impl Fn(io::Error) -> Self {
        move |cause| Self { path: path.to_string(), cause }
    }

    /// In the folder of the run.
    pub(super) fn staging(cause: io::Error) -> Self {
        Self { path: format!("{}/{RUN}", super::HOME), cause }
    }
}

/// A file that changed since it was read.
pub(super) fn changed() -> io::Error {
    io::Error::other("the file changed while it was being worked on; run again")
}

/// Where the files of a project are, compared with what its journal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Before,
    After,
    Neither,
}

/// A run: the stage and what is done with it.
#[derive(Debug)]
pub(super) struct Run<'a> {
    hand: Hand<'a>,
    /// `.onex`.
    home: &'a Dir,
    /// `.onex/run`.
    stage: Dir,
    journal: Journal,
}

impl<'a> Run<'a> {
    /// Stages new texts and writes the journal, which is the point of no return; until then, whatever fails leaves
    /// nothing behind.
    pub(super) fn stage(
        hand: Hand<'a>,
        home: &'a Dir,
        journal: Journal,
        writes: &[(&Write<'_>, Option<cap_std::fs::Permissions>)],
    ) -> Result<Self, Failure> {
        let at = Spot::of(home, RUN);
        hand.make_folder(&at).map_err(Failure::staging)?;
        let stage = home.open_dir_nofollow(RUN).map_err(Failure::staging)?;
        let run = Self { hand, home, stage, journal };
        match run.fill(writes) {
            Ok(()) => Ok(run),
            Err(failure) => {
                // What cannot be deleted now is deleted by the next run: without a journal it means nothing.
                let _ = run.clear();
                Err(failure)
            }
        }
    }

    fn fill(
        &self,
        writes: &[(&Write<'_>, Option<cap_std::fs::Permissions>)],
    ) -> Result<(), Failure> {
        let keeps = self.journal.steps.iter().any(|step| step.before.is_some());
        let few = writes.len() <= FEW;
        let mut waiting = Vec::new();
        for (index, (write, permissions)) in writes.iter().enumerate() {
            let failed = Failure::at(&write.path);
            let name = index.to_string();
            let at = self.staged(&name);
            let bytes = write.text.as_bytes();
            let file = self.hand.create(&at, bytes, permissions.clone()).map_err(&failed)?;
            if keeps && few {
                self.hand.sync(&file).map_err(&failed)?;
            } else if keeps && !cfg!(target_os = "linux") {
                waiting.push(file);
            }
        }
        for file in waiting {
            self.hand.sync(&file).map_err(Failure::staging)?;
        }
        self.write_down(keeps, few).map_err(Failure::staging)
    }

    fn write_down(&self, keeps: bool, few: bool) -> io::Result<()> {
        let text = self.journal.text();
        let file = self.hand.create(&self.staged(JOURNAL), text.as_bytes(), None)?;
        if keeps && (few || !self.hand.sync_everything(&file)?) {
            self.hand.sync(&file)?;
        }
        Ok(())
    }

    fn staged<'n>(&'n self, name: &'n str) -> Spot<'n> {
        Spot::of(&self.stage, name)
    }

    /// Takes up the run that was left in a project; nothing where none is there.
    pub(super) fn left(hand: Hand<'a>, home: &'a Dir) -> io::Result<Option<Left<'a>>> {
        let stage = match home.open_dir_nofollow(RUN) {
            Ok(stage) => stage,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let at = Spot::of(&stage, JOURNAL);
        let journal = match hand.look(&at, MAX_JOURNAL)? {
            Standing::Absent => Ok(None),
            Standing::File(contents) => Journal::parse(&contents.bytes),
            Standing::Other(_) => Err(Void::Form),
        };
        let empty = Journal { owner: String::new(), folders: Vec::new(), steps: Vec::new() };
        let run = |journal| Self { hand, home, stage, journal };
        Ok(Some(match journal {
            Ok(Some(journal)) => Left::Begun(run(journal)),
            Ok(None) => Left::Staged(run(empty)),
            Err(void) => Left::Void(void),
        }))
    }

    /// Whether a run was left in a project.
    pub(super) fn is_left(home: &Dir) -> bool {
        home.symlink_metadata(RUN).is_ok()
    }

    /// The folder of the run, for whoever has to know whose it is.
    pub(super) fn folder(&self) -> &Dir {
        &self.stage
    }

    /// Whose journal it is.
    pub(super) fn owner(&self) -> &str {
        &self.journal.owner
    }

    /// Takes every step that is not taken yet.
    pub(super) fn forward(&self) -> Result<(), Failure> {
        for folder in &self.journal.folders {
            let failed = Failure::at(folder);
            let at = self.hand.spot(folder).map_err(&failed)?;
            self.hand.make_folder(&at).map_err(&failed)?;
        }
        for (index, step) in self.journal.steps.iter().enumerate() {
            self.advance(index, step).map_err(Failure::at(&step.path))?;
        }
        // Somebody may have saved a file between the look at it and the exchange, or still had it open.
        for (index, step) in self.journal.steps.iter().enumerate() {
            let failed = Failure::at(&step.path);
            if step.before.is_some() && !self.kept(index).map_err(&failed)?.is(step.before.as_ref())
            {
                return Err(failed(changed()));
            }
        }
        for step in self.journal.steps.iter().filter(|step| step.after.is_none()) {
            self.delete_empty_folders(&step.path);
        }
        Ok(())
    }

    fn advance(&self, index: usize, step: &Step) -> io::Result<()> {
        let name = index.to_string();
        let staged = self.staged(&name);
        let target = match self.hand.spot(&step.path) {
            // A folder that went with the last file in it.
            Err(error) if error.kind() == io::ErrorKind::NotFound && step.after.is_none() => {
                return Ok(());
            }
            spot => spot?,
        };
        match self.progress(step, &self.hand.look_at_file(&target)?) {
            Progress::After => Ok(()),
            Progress::Neither => Err(changed()),
            Progress::Before => match (&step.before, &step.after) {
                (Some(_), Some(_)) => self.hand.swap(&staged, &target),
                (None, _) => self.hand.rename(&staged, &target),
                (Some(_), None) => self.hand.rename(&target, &staged),
            },
        }
    }

    fn progress(&self, step: &Step, standing: &Standing) -> Progress {
        if standing.is(step.before.as_ref()) {
            Progress::Before
        } else if standing.is(step.after.as_ref()) {
            Progress::After
        } else {
            Progress::Neither
        }
    }

    /// What the stage holds for a step: the new text before it is taken, the old one afterwards.
    fn kept(&self, index: usize) -> io::Result<Standing> {
        let name = index.to_string();
        self.hand.look_at_file(&self.staged(&name))
    }

    /// Folders go when nothing is left in them; one that stays harms nothing.
    fn delete_empty_folders(&self, path: &RelPath) {
        for folder in path.ancestors().take_while(|folder| *folder != RelPath::root()) {
            let Ok(at) = self.hand.spot(&folder) else { return };
            if self.hand.delete_folder(&at).is_err() {
                return;
            }
        }
    }

    /// How far the run got: whether anything was done, and whether the rest can be.
    ///
    /// It cannot where somebody changed a file since, or where a text is missing; it is taken back then.
    pub(super) fn far(&self) -> Result<(bool, bool), Failure> {
        let mut begun = false;
        let mut can_go_on = true;
        for (index, step) in self.journal.steps.iter().enumerate() {
            let failed = Failure::at(&step.path);
            let name = index.to_string();
            self.hand.mend(&self.staged(&name)).map_err(&failed)?;
            let kept = self.kept(index).map_err(&failed)?;
            match self.standing(&step.path).map(|now| self.progress(step, &now)).map_err(&failed)? {
                Progress::Before => {
                    can_go_on &= step.after.is_none() || kept.is(step.after.as_ref());
                }
                Progress::After => {
                    begun = true;
                    can_go_on &= step.before.is_none() || kept.is(step.before.as_ref());
                }
                Progress::Neither => can_go_on = false,
            }
        }
        Ok((begun, can_go_on))
    }

    /// What stands at a path; nothing where its folder is not there.
    fn standing(&self, path: &RelPath) -> io::Result<Standing> {
        match self.hand.spot(path) {
            Ok(at) => self.hand.look_at_file(&at),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Standing::Absent),
            Err(error) => Err(error),
        }
    }

    /// Takes back every step that was taken; gives the files that somebody changed since, which stay as they are.
    pub(super) fn back(&self) -> Result<Vec<RelPath>, Failure> {
        let mut left = Vec::new();
        for (index, step) in self.journal.steps.iter().enumerate().rev() {
            let failed = Failure::at(&step.path);
            let name = index.to_string();
            self.hand.mend(&self.staged(&name)).map_err(&failed)?;
            if !self.retreat(index, step).map_err(&failed)? {
                left.push(step.path.clone());
            }
        }
        left.reverse();
        for folder in self.journal.folders.iter().rev() {
            // A folder that somebody else filled in the meantime stays, and is no failure.
            let _ = self.hand.spot(folder).and_then(|at| self.hand.delete_folder(&at));
        }
        Ok(left)
    }

    /// Takes one step back; says whether the file is as it was before.
    fn retreat(&self, index: usize, step: &Step) -> io::Result<bool> {
        let name = index.to_string();
        let staged = self.staged(&name);
        let now = self.standing(&step.path)?;
        let kept = self.kept(index)?;
        match (self.progress(step, &now), &step.before, &step.after) {
            (Progress::Before, _, _) => Ok(true),
            (Progress::Neither, _, _) => Ok(false),
            (Progress::After, None, _) => self.unmake(&staged, &kept, step),
            (Progress::After, Some(_), after) => {
                if !matches!(kept, Standing::File(_)) || after.is_some() && kept.is(after.as_ref())
                {
                    return Ok(false);
                }
                self.make_folders_again(&step.path)?;
                let target = self.hand.spot(&step.path)?;
                match after {
                    Some(_) => self.hand.swap(&staged, &target)?,
                    None => self.hand.rename(&staged, &target)?,
                }
                Ok(true)
            }
        }
    }

    /// Takes a file that was made into the stage again, unless somebody saved it at this very moment.
    fn unmake(&self, staged: &Spot<'_>, kept: &Standing, step: &Step) -> io::Result<bool> {
        let target = self.hand.spot(&step.path)?;
        if !matches!(kept, Standing::Absent) {
            self.hand.delete(staged)?;
        }
        self.hand.rename(&target, staged)?;
        if self.hand.look_at_file(staged)?.is(step.after.as_ref()) {
            return Ok(true);
        }
        self.hand.rename(staged, &target)?;
        Ok(false)
    }

    /// The folders above a file that goes back to its place.
    fn make_folders_again(&self, path: &RelPath) -> io::Result<()> {
        let mut above: Vec<RelPath> = path.ancestors().collect();
        above.reverse();
        for folder in above.iter().filter(|folder| **folder != RelPath::root()) {
            if self.hand.folder(folder).is_err() {
                self.hand.make_folder(&self.hand.spot(folder)?)?;
            }
        }
        Ok(())
    }

    /// Ends the run. The journal goes first: without it, the rest means nothing and is deleted by whoever comes.
    pub(super) fn finish(&self) -> io::Result<()> {
        self.hand.delete(&self.staged(JOURNAL))?;
        // What is left over is in nobody's way, and the next run deletes it.
        let _ = self.clear();
        Ok(())
    }

    /// Deletes what a run without a journal left. Names that no run gives are left alone.
    pub(super) fn clear(&self) -> io::Result<()> {
        let mut names = Vec::new();
        for entry in self.stage.entries()? {
            names.extend(entry?.file_name().into_string());
        }
        names.sort();
        // A journal that was cut off goes last: what is beside it means nothing either way.
        let is_ours = |name: &&String| {
            let number = name.strip_suffix(".old").unwrap_or(name);
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number || *name == JOURNAL
        };
        for name in names.iter().filter(is_ours) {
            self.hand.delete(&self.staged(name))?;
        }
        self.hand.delete_folder(&Spot::of(self.home, RUN))
    }
}

/// What an interrupted run left.
#[derive(Debug)]
pub(super) enum Left<'a> {
    /// Files that were staged, without a whole journal: nothing was begun, or everything was done.
    Staged(Run<'a>),
    /// A run that may have been begun.
    Begun(Run<'a>),
    /// A journal that nothing can be done with.
    Void(Void),
}
