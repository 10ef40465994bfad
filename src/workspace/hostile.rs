//! What stands in a project to do harm, or is simply not what it looks like: links, pipes, names that lead elsewhere,
//! and journals that somebody else wrote.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use super::hand::{Gate, Operation};
use super::*;

fn path(text: &str) -> RelPath {
    RelPath::parse(text).unwrap()
}

fn write<'a>(at: &str, text: &'a str, replaces: Option<&'a str>) -> Write<'a> {
    Write { path: path(at), text, replaces }
}

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Lets a number of operations pass, and no more: the program is gone.
#[derive(Debug)]
struct Stop(AtomicUsize);

impl Gate for Stop {
    fn pass(&self, _: Operation) -> io::Result<()> {
        let step = |left: usize| left.checked_sub(1);
        match self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("the program is gone")),
        }
    }
}

/// A project with a run in it that was stopped half way: `one.py` is done, `two.py` is not.
fn half_done() -> TempDir {
    for operations in 0.. {
        let project = project(&[("one.py", "one\n"), ("two.py", "two\n")]);
        let mut workspace = Workspace::open(project.path()).unwrap();
        workspace.gate = Arc::new(Stop(AtomicUsize::new(operations)));
        let writes =
            [write("one.py", "ONE\n", Some("one\n")), write("two.py", "TWO\n", Some("two\n"))];
        workspace.write(&writes, &[]).unwrap_err();
        if text(project.path(), "one.py") == "ONE\n" {
            return project;
        }
    }
    unreachable!("some operation is the last before the second file")
}

fn enter(root: &Path) -> Result<Option<Settled>, WorkspaceError> {
    Workspace::enter(root, Access::Read).map(|(_, settled)| settled)
}

/// Copies everything in a folder, as git, an archive or `cp` would bring it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_run_that_was_stopped_is_completed() {
    let project = half_done();
    assert_eq!(enter(project.path()).unwrap(), Some(Settled::Completed));
    assert_eq!(text(project.path(), "two.py"), "TWO\n");
}

#[test]
fn a_journal_that_came_with_the_files_is_not_carried_out() {
    let project = half_done();
    let elsewhere = tempfile::tempdir().unwrap();
    copy(project.path(), elsewhere.path());
    for access in [Access::Read, Access::Write] {
        let error = Workspace::enter(elsewhere.path(), access).unwrap_err();
        assert!(matches!(error, WorkspaceError::Void { .. }), "{error}");
        assert!(
            error.to_string().contains("not written in this folder on this machine"),
            "{error}"
        );
    }
    // Nor does a run of its own, which was opened without looking, work beside it.
    let mut workspace = Workspace::open(elsewhere.path()).unwrap();
    workspace.write(&[write("new.py", "", None)], &[]).unwrap_err();
    assert_eq!(text(elsewhere.path(), "one.py"), "ONE\n");
    assert_eq!(text(elsewhere.path(), "two.py"), "two\n");
    assert!(!elsewhere.path().join("new.py").exists());
    // A lock file that is brought along again is another one, even with the same name and text.
    fs::remove_file(project.path().join(".onex/lock")).unwrap();
    fs::write(project.path().join(".onex/lock"), "").unwrap();
    assert!(matches!(enter(project.path()), Err(WorkspaceError::Void { .. })));
    assert_eq!(text(project.path(), "two.py"), "two\n");
}

#[test]
fn a_journal_beside_a_project_that_never_wrote_one_is_not_carried_out() {
    let project = half_done();
    let elsewhere = project_with_run_of(project.path());
    assert!(matches!(enter(elsewhere.path()), Err(WorkspaceError::Void { .. })));
    assert_eq!(text(elsewhere.path(), "two.py"), "two\n");
}

/// A project that holds the run of another, and no lock file.
fn project_with_run_of(other: &Path) -> TempDir {
    let elsewhere = project(&[("one.py", "one\n"), ("two.py", "two\n")]);
    copy(&other.join(".onex/run"), &elsewhere.path().join(".onex/run"));
    elsewhere
}

#[test]
fn a_journal_that_was_changed_is_not_carried_out() {
    let project = half_done();
    let file = project.path().join(".onex/run/journal");
    let journal = fs::read_to_string(&file).unwrap();
    fs::write(&file, journal.replace("two.py", "oops.py")).unwrap();
    let error = enter(project.path()).unwrap_err();
    assert!(error.to_string().contains("its digest does not match"), "{error}");
    assert_eq!(text(project.path(), "two.py"), "two\n");
}

#[test]
fn staged_texts_that_were_changed_are_not_written() {
    let project = half_done();
    fs::write(project.path().join(".onex/run/1"), "import os\n").unwrap();
    let settled = enter(project.path()).unwrap();
    assert_eq!(settled, Some(Settled::TakenBack { left: Vec::new() }));
    assert_eq!(text(project.path(), "one.py"), "one\n");
    assert_eq!(text(project.path(), "two.py"), "two\n");
}

#[cfg(unix)]
#[test]
fn links_in_the_stage_are_not_followed() {
    let outside = project(&[("secret", "TWO\n")]);
    let project = half_done();
    let staged = project.path().join(".onex/run/1");
    fs::remove_file(&staged).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), &staged).unwrap();
    let settled = enter(project.path()).unwrap();
    assert_eq!(settled, Some(Settled::TakenBack { left: Vec::new() }));
    assert_eq!(text(outside.path(), "secret"), "TWO\n");
    assert!(!project.path().join("two.py").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_folder_of_ours_that_is_a_link_to_another_one_is_not_entered() {
    let root = project(&[("a.py", "a\n"), ("other/lock", ""), ("other/run/0", "other\n")]);
    std::os::unix::fs::symlink("other", root.path().join(HOME)).unwrap();
    let mut workspace = Workspace::open(root.path()).unwrap();
    workspace.write(&[write("a.py", "b\n", Some("a\n"))], &[]).unwrap_err();
    assert_eq!(text(root.path(), "a.py"), "a\n");
    assert_eq!(text(root.path(), "other/run/0"), "other\n");
    assert_eq!(fs::read_dir(root.path().join("other")).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn a_folder_of_ours_that_is_a_link_is_not_entered() {
    use std::os::unix::fs::symlink;
    let outside =
        project(&[("lock", "outside\n"), ("run/0", "outside\n"), ("run/journal", "{}\n")]);
    let whole = project(&[("a.py", "a\n")]);
    symlink(outside.path(), whole.path().join(HOME)).unwrap();
    // Whoever only reads has nothing to do there.
    assert_eq!(enter(whole.path()).unwrap(), None);
    let run = project(&[("a.py", "a\n"), (".onex/lock", "")]);
    symlink(outside.path().join("run"), run.path().join(".onex/run")).unwrap();
    let lock = project(&[("a.py", "a\n"), (".onex/.gitignore", "*\n")]);
    symlink(outside.path().join("lock"), lock.path().join(".onex/lock")).unwrap();
    for project in [&whole, &run, &lock] {
        let mut workspace = Workspace::open(project.path()).unwrap();
        let error = workspace.write(&[write("a.py", "b\n", Some("a\n"))], &[]).unwrap_err();
        assert_eq!(text(project.path(), "a.py"), "a\n", "{error}");
    }
    assert_eq!(text(outside.path(), "lock"), "outside\n");
    assert_eq!(text(outside.path(), "run/0"), "outside\n");
    assert_eq!(text(outside.path(), "run/journal"), "{}\n");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 2);
}

#[test]
fn what_is_no_folder_of_ours_is_said_to_be_in_the_way() {
    let project = project(&[(HOME, "a file\n"), ("a.py", "a\n")]);
    assert_eq!(enter(project.path()).unwrap(), None);
    let mut workspace = Workspace::open(project.path()).unwrap();
    let error = workspace.write(&[write("a.py", "b\n", Some("a\n"))], &[]).unwrap_err();
    assert!(error.to_string().contains(".onex is no folder; nothing was changed"), "{error}");
    assert_eq!(text(project.path(), HOME), "a file\n");
    assert_eq!(text(project.path(), "a.py"), "a\n");
}

#[test]
fn only_names_that_a_run_gives_are_cleared_away() {
    let project =
        project(&[("a.py", "a\n"), (".onex/run/0", "staged\n"), (".onex/run/keep.txt", "mine\n")]);
    let error = enter(project.path()).unwrap_err();
    assert!(matches!(error, WorkspaceError::Unsettled { .. }), "{error}");
    assert_eq!(text(project.path(), ".onex/run/keep.txt"), "mine\n");
    assert!(!project.path().join(".onex/run/0").exists());
    fs::remove_file(project.path().join(".onex/run/keep.txt")).unwrap();
    assert_eq!(enter(project.path()).unwrap(), Some(Settled::Cleared));
}

#[test]
fn nothing_is_written_where_git_and_onex_keep_their_own() {
    let project = project(&[(".git/config", "c\n")]);
    let mut workspace = Workspace::open(project.path()).unwrap();
    for (at, replaces) in
        [(".git/hooks/pre-commit", None), (".git/config", Some("c\n")), (".onex/x", None)]
    {
        let error = workspace.write(&[write(at, "x", replaces)], &[]).unwrap_err();
        assert!(error.to_string().contains("keep their own there"), "{error}");
    }
    assert_eq!(text(project.path(), ".git/config"), "c\n");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_deleted_through_links() {
    use std::os::unix::fs::symlink;
    let outside = project(&[("a.py", "a\n"), ("folder/a.py", "a\n")]);
    let root = project(&[("real/a.py", "a\n"), ("c.py", "c\n")]);
    symlink(outside.path().join("a.py"), root.path().join("file.py")).unwrap();
    symlink("real/a.py", root.path().join("inside.py")).unwrap();
    symlink(outside.path().join("folder"), root.path().join("folder")).unwrap();
    symlink("folder", root.path().join("chain")).unwrap();
    symlink("real", root.path().join("within")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    let linked = ["file.py", "inside.py", "folder/a.py", "chain/a.py", "within/a.py"];
    for at in linked {
        let mut workspace = Workspace::open(root.path()).unwrap();
        let also = write("c.py", "d\n", Some("c\n"));
        let error = workspace.write(&[also, write(at, "b\n", Some("a\n"))], &[]).unwrap_err();
        assert!(error.to_string().contains("is a link"), "{at}: {error}");
        let removal = Removal { path: path(at), text: "a\n" };
        let error = workspace.write(&[], &[removal]).unwrap_err();
        assert!(error.to_string().contains("is a link"), "{at}: {error}");
    }
    for at in ["folder/new.py", "chain/new.py", "within/new.py", "dangling", "dangling/new.py"] {
        let mut workspace = Workspace::open(root.path()).unwrap();
        let error = workspace.write(&[write(at, "new\n", None)], &[]).unwrap_err();
        assert!(error.to_string().contains("is a link"), "{at}: {error}");
    }
    assert_eq!(text(outside.path(), "a.py"), "a\n");
    assert_eq!(text(outside.path(), "folder/a.py"), "a\n");
    assert_eq!(fs::read_dir(outside.path().join("folder")).unwrap().count(), 1);
    assert_eq!(text(root.path(), "real/a.py"), "a\n");
    assert_eq!(text(root.path(), "c.py"), "c\n");
}

#[cfg(unix)]
#[test]
fn a_folder_that_was_swapped_for_a_link_after_reading_redirects_nothing() {
    let outside = project(&[("a.py", "a\n")]);
    let root = project(&[("src/a.py", "a\n")]);
    let mut workspace = Workspace::open(root.path()).unwrap();
    assert_eq!(workspace.read([path("src/a.py")]).unwrap().text(&path("src/a.py")), Some("a\n"));
    fs::rename(root.path().join("src"), root.path().join("aside")).unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("src")).unwrap();
    let writes = [write("src/a.py", "b\n", Some("a\n")), write("src/new.py", "", None)];
    let error = workspace.write(&writes, &[]).unwrap_err();
    assert!(error.to_string().contains("src is a link"), "{error}");
    assert_eq!(text(outside.path(), "a.py"), "a\n");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert!(matches!(workspace.read([path("src/a.py")]), Err(WorkspaceError::Outside { .. })));
}

#[cfg(unix)]
#[test]
fn nothing_is_read_or_listed_through_links_that_lead_outside() {
    let outside = project(&[("a.py", "outside\n")]);
    let root = project(&[("src/a.py", "a\n")]);
    let name = outside.path().file_name().unwrap().to_str().unwrap();
    for (link, target) in [
        ("absolute", outside.path().to_owned()),
        ("relative", Path::new("..").join(name)),
        ("chain", "relative".into()),
    ] {
        std::os::unix::fs::symlink(&target, root.path().join(link)).unwrap();
        assert_eq!(text(root.path(), &format!("{link}/a.py")), "outside\n");
        let workspace = Workspace::open(root.path()).unwrap();
        let at = path(&format!("{link}/a.py"));
        let read = workspace.read([at.clone()]).unwrap_err();
        assert!(matches!(read, WorkspaceError::Outside { .. }), "{read}");
        workspace.bytes(&at).unwrap_err();
        workspace.list(&path(link)).unwrap_err();
    }
}

/// A handle on the root holds nobody off who stays below it.
#[cfg(unix)]
#[test]
fn a_folder_that_was_swapped_for_a_link_to_another_one_redirects_nothing() {
    let root = project(&[("src/a.py", "a\n"), ("other/a.py", "a\n")]);
    let mut workspace = Workspace::open(root.path()).unwrap();
    fs::rename(root.path().join("src"), root.path().join("aside")).unwrap();
    std::os::unix::fs::symlink("other", root.path().join("src")).unwrap();
    let writes = [write("src/a.py", "b\n", Some("a\n")), write("src/new.py", "", None)];
    let error = workspace.write(&writes, &[]).unwrap_err();
    assert!(error.to_string().contains("src is a link"), "{error}");
    assert_eq!(text(root.path(), "other/a.py"), "a\n");
    assert_eq!(fs::read_dir(root.path().join("other")).unwrap().count(), 1);
}

#[test]
fn the_other_name_of_a_file_keeps_its_text() {
    let root = project(&[("a.py", "a\n")]);
    let outside = tempfile::tempdir().unwrap();
    fs::hard_link(root.path().join("a.py"), outside.path().join("other")).unwrap();
    let mut workspace = Workspace::open(root.path()).unwrap();
    workspace.write(&[write("a.py", "b\n", Some("a\n"))], &[]).unwrap();
    assert_eq!(text(root.path(), "a.py"), "b\n");
    assert_eq!(text(outside.path(), "other"), "a\n");
}

#[cfg(unix)]
#[test]
fn pipes_are_neither_waited_for_nor_replaced() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let root = project(&[("a.py", "a\n")]);
    let pipe = root.path().join("pipe.py");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let mut workspace = Workspace::open(root.path()).unwrap();
    assert_eq!(*workspace.read([path("pipe.py")]).unwrap().at(&path("pipe.py")), Found::Special);
    assert!(workspace.bytes(&path("pipe.py")).unwrap_err().to_string().contains("no file"));
    for replaces in [None, Some("x")] {
        let also = write("a.py", "b\n", Some("a\n"));
        let error = workspace.write(&[also, write("pipe.py", "", replaces)], &[]).unwrap_err();
        assert!(error.to_string().contains("a pipe or a device"), "{error}");
    }
    assert_eq!(text(root.path(), "a.py"), "a\n");
    let lock = project(&[("a.py", "a\n"), (".onex/.gitignore", "*\n")]);
    mknodat(CWD, lock.path().join(".onex/lock"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
        .unwrap();
    let error = enter(lock.path()).unwrap_err();
    assert!(error.to_string().contains("no file"), "{error}");
}

#[cfg(unix)]
#[test]
fn read_only_files_and_folders_are_refused_before_anything_changes() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let root = project(&[("a.py", "a\n"), ("locked.py", "l\n"), ("folder/b.py", "b\n")]);
    mode(&root.path().join("locked.py"), 0o444);
    mode(&root.path().join("folder"), 0o555);
    let refused = |writes: &[Write], removals: &[Removal], why: &str| {
        let mut workspace = Workspace::open(root.path()).unwrap();
        let error = workspace.write(writes, removals).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(text(root.path(), "a.py"), "a\n");
        assert!(!root.path().join(".onex/run").exists());
    };
    let also = || write("a.py", "A\n", Some("a\n"));
    refused(&[also(), write("locked.py", "L\n", Some("l\n"))], &[], "it is read-only");
    let removal = |at, text| Removal { path: path(at), text };
    refused(&[also()], &[removal("locked.py", "l\n")], "it is read-only");
    let folder = "folder is read-only";
    refused(&[also(), write("folder/b.py", "B\n", Some("b\n"))], &[], folder);
    refused(&[also(), write("folder/new.py", "", None)], &[], folder);
    refused(&[also(), write("folder/deep/new.py", "", None)], &[], folder);
    refused(&[also()], &[removal("folder/b.py", "b\n")], folder);
    mode(&root.path().join("folder"), 0o755);
}

#[test]
fn a_second_run_waits_for_the_first_and_says_so_when_it_does_not_end() {
    let root = project(&[("a.py", "a\n")]);
    let mut workspace = Workspace::open(root.path()).unwrap();
    workspace.write(&[write("a.py", "b\n", Some("a\n"))], &[]).unwrap();
    let impatient = |access| {
        let mut workspace = Workspace::open(root.path()).unwrap();
        workspace.patience = Duration::from_millis(30);
        workspace.wait_and_settle(access).map(|_| workspace)
    };
    for access in [Access::Read, Access::Write] {
        let error = impatient(access).unwrap_err();
        assert!(error.to_string().contains("another run of onex is at work"), "{error}");
    }
    let mut late = Workspace::open(root.path()).unwrap();
    late.patience = Duration::from_millis(30);
    let error = late.write(&[write("a.py", "c\n", Some("b\n"))], &[]).unwrap_err();
    assert!(matches!(error, WorkspaceError::Busy { .. }), "{error}");
    assert_eq!(text(root.path(), "a.py"), "b\n");
    let waiting = std::thread::spawn({
        let root = root.path().to_owned();
        move || Workspace::enter(&root, Access::Write).is_ok()
    });
    std::thread::sleep(Duration::from_millis(50));
    workspace.release();
    assert!(waiting.join().unwrap());
    // Readers do not keep each other waiting.
    let one = impatient(Access::Read).unwrap();
    let other = impatient(Access::Read).unwrap();
    impatient(Access::Write).unwrap_err();
    assert!(!one.was_disturbed() && !other.was_disturbed());
}

#[test]
fn whoever_reads_while_the_first_run_ever_writes_knows() {
    let root = project(&[("a.py", "a\n")]);
    let (reader, _) = Workspace::enter(root.path(), Access::Read).unwrap();
    assert!(!reader.was_disturbed());
    let mut writer = Workspace::open(root.path()).unwrap();
    writer.write(&[write("a.py", "b\n", Some("a\n"))], &[]).unwrap();
    drop(writer);
    assert!(reader.was_disturbed());
    let (reader, _) = Workspace::enter(root.path(), Access::Read).unwrap();
    assert!(!reader.was_disturbed());
}

#[test]
fn nothing_to_do_touches_nothing() {
    let root = project(&[("a.py", "a\n")]);
    let (mut workspace, _) = Workspace::enter(root.path(), Access::Write).unwrap();
    workspace.write(&[], &[]).unwrap();
    drop(workspace);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
}

#[test]
fn what_runs_keep_is_invisible_to_git_and_to_walks() {
    let root = project(&[("a.py", "a\n")]);
    let mut workspace = Workspace::open(root.path()).unwrap();
    workspace.write(&[write("a.py", "b\n", Some("a\n"))], &[]).unwrap();
    assert_eq!(text(root.path(), ".onex/.gitignore"), "*\n");
    fs::write(root.path().join(".onex/a.py"), "").unwrap();
    let found = workspace.below(&RelPath::root(), |name| name.ends_with(".py")).unwrap();
    assert_eq!(found, [path("a.py")]);
}
