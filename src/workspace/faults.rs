//! What is left when the n-th file operation of a run fails, or is the last one: for every n.
//!
//! The run replaces, makes, moves and deletes files, makes folders and leaves one empty. Whatever happens, the tree is
//! the one before or the one after as soon as the next run has looked at it, and what somebody wrote meanwhile is there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::hand::{Everything, Gate, Operation};
use super::*;

/// What happens at the n-th operation.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Nothing.
    None,
    /// It alone fails, with this error.
    Fails(io::ErrorKind),
    /// It and everything after it does not happen: the program is gone.
    Stops,
}

/// Counts the operations, and lets one go wrong.
#[derive(Debug)]
struct Nth {
    count: AtomicUsize,
    at: usize,
    fault: Fault,
    swaps: bool,
}

impl Nth {
    fn new(at: usize, fault: Fault, swaps: bool) -> Arc<Self> {
        Arc::new(Self { count: AtomicUsize::new(0), at, fault, swaps })
    }
}

impl Gate for Nth {
    fn pass(&self, _: Operation) -> io::Result<()> {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            Fault::Fails(kind) if number == self.at => Err(kind.into()),
            Fault::Stops if number >= self.at => Err(io::Error::other("the program is gone")),
            Fault::None | Fault::Fails(_) | Fault::Stops => Ok(()),
        }
    }

    fn can_swap(&self) -> bool {
        self.swaps
    }
}

/// Does something to the tree just before the n-th operation.
struct Meddler {
    count: AtomicUsize,
    at: usize,
    swaps: bool,
    meddle: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Meddler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Meddler at {}", self.at)
    }
}

impl Gate for Meddler {
    fn pass(&self, _: Operation) -> io::Result<()> {
        if self.count.fetch_add(1, Ordering::SeqCst) == self.at {
            (self.meddle)();
        }
        Ok(())
    }

    fn can_swap(&self) -> bool {
        self.swaps
    }
}

/// Texts and modes of files, and folders, by path.
type Tree = BTreeMap<String, Option<(String, u32)>>;

/// A folder in memory where there is one: thousands of trees are made here.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

const OLD: [(&str, &str); 6] = [
    ("pyproject.toml", "[project]\n"),
    ("src/app/handler.py", "body = 1\n"),
    ("src/app/gone.py", "gone\n"),
    ("src/app/old/moved.py", "moved, old\n"),
    ("src/app/mine.py", "mine\n"),
    ("notes.txt", "not ours\n"),
];

/// A project before the run.
fn old() -> TempDir {
    let folder = folder();
    for (path, text) in OLD {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    mode(&folder.path().join("src/app/handler.py"));
    folder
}

#[cfg(unix)]
fn mode(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
}

#[cfg(not(unix))]
fn mode(_: &Path) {}

fn path(text: &str) -> RelPath {
    RelPath::parse(text).unwrap()
}

fn write<'a>(at: &str, text: &'a str, replaces: Option<&'a str>) -> Write<'a> {
    Write { path: path(at), text, replaces }
}

fn writes() -> Vec<Write<'static>> {
    vec![
        write("src/app/made/__init__.py", "", None),
        write("src/app/made/deep/model.py", "model\n", None),
        write("src/app/handler.py", "body = 2\n", Some("body = 1\n")),
        write("src/app/new/moved.py", "moved, new\n", None),
        write("pyproject.toml", "[project]\n[entry]\n", Some("[project]\n")),
    ]
}

fn removals() -> Vec<Removal<'static>> {
    let removal = |at, text| Removal { path: path(at), text };
    vec![removal("src/app/gone.py", "gone\n"), removal("src/app/old/moved.py", "moved, old\n")]
}

/// Everything in a folder but what runs keep for themselves: texts and modes of files, and folders.
fn tree(root: &Path) -> Tree {
    let mut tree = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if name == HOME {
                continue;
            }
            if path.is_dir() {
                tree.insert(name, None);
                folders.push(path);
            } else {
                tree.insert(name, Some((fs::read_to_string(&path).unwrap(), permissions(&path))));
            }
        }
    }
    tree
}

#[cfg(unix)]
fn permissions(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode()
}

#[cfg(not(unix))]
fn permissions(_: &Path) -> u32 {
    0
}

/// Whether a tree is the one that is wanted, but for empty folders that could not be deleted.
fn is(found: &Tree, wanted: &Tree) -> bool {
    let mut rest = found.clone();
    rest.retain(|name, file| file.is_some() || wanted.contains_key(name));
    rest == *wanted
}

/// Runs with a gate; says how it went.
fn run(root: &Path, gate: Arc<dyn Gate>) -> Result<(), WorkspaceError> {
    let mut workspace = Workspace::open(root).unwrap();
    workspace.gate = gate;
    workspace.write(&writes(), &removals())
}

/// Opens a project as the next run does; says what became of the last one.
fn next(root: &Path) -> Option<Settled> {
    let (_, settled) = Workspace::enter(root, Access::Read).unwrap();
    assert!(!root.join(".onex/run").exists());
    let (_, again) = Workspace::enter(root, Access::Read).unwrap();
    assert_eq!(again, None, "what is settled is settled");
    settled
}

/// The tree before, the tree after, and how many operations lie between.
fn both(swaps: bool) -> (Tree, Tree, usize) {
    let project = old();
    let before = tree(project.path());
    let gate = Nth::new(usize::MAX, Fault::None, swaps);
    run(project.path(), gate.clone()).unwrap();
    let after = tree(project.path());
    assert_eq!(after["src/app/handler.py"].as_ref().unwrap().0, "body = 2\n");
    assert_eq!(
        after["src/app/handler.py"].as_ref().unwrap().1,
        before["src/app/handler.py"].as_ref().unwrap().1
    );
    assert!(!after.contains_key("src/app/gone.py") && !after.contains_key("src/app/old"));
    assert_eq!(next(project.path()), None);
    (before, after, gate.count.load(Ordering::SeqCst))
}

#[test]
fn whatever_fails_leaves_everything_as_it_was() {
    for swaps in [true, false] {
        let (before, after, count) = both(swaps);
        assert!(count > 40, "{count}");
        for at in 0..count {
            for kind in [io::ErrorKind::StorageFull, io::ErrorKind::PermissionDenied] {
                let project = old();
                let result = run(project.path(), Nth::new(at, Fault::Fails(kind), swaps));
                let found = tree(project.path());
                match result {
                    // What fails once everything is done is settled by the next run.
                    Ok(()) => assert!(is(&found, &after), "{at} {kind}"),
                    Err(error @ WorkspaceError::Write { .. }) => {
                        assert!(error.to_string().contains("nothing was changed"), "{error}");
                        assert!(is(&found, &before), "{at} {kind}: {error} {found:#?}");
                    }
                    Err(error) => panic!("{at} {kind}: {error}"),
                }
                next(project.path());
                let found = tree(project.path());
                assert!(is(&found, &before) || is(&found, &after), "{at} {kind}");
            }
        }
    }
}

#[test]
fn wherever_it_is_stopped_the_next_run_completes_it_or_takes_it_back() {
    for swaps in [true, false] {
        let (before, after, count) = both(swaps);
        let mut seen = BTreeMap::new();
        for at in 0..count {
            let project = old();
            let _ = run(project.path(), Nth::new(at, Fault::Stops, swaps));
            let settled = next(project.path());
            let found = tree(project.path());
            let wanted = match &settled {
                Some(Settled::Completed) => vec![&after],
                Some(Settled::TakenBack { left }) => {
                    assert_eq!(*left, [], "{at}");
                    vec![&before]
                }
                Some(Settled::Cleared) | None => vec![&before, &after],
            };
            assert!(wanted.contains(&&found), "{at} {settled:?}: {found:#?}");
            *seen.entry(format!("{settled:?}")).or_insert(0) += 1;
        }
        assert!(seen.len() >= 4, "every outcome is seen: {seen:?}");
    }
}

#[test]
fn a_settling_that_is_stopped_itself_is_taken_up_again() {
    for swaps in [true, false] {
        let (before, after, count) = both(swaps);
        for at in (0..count).step_by(if swaps { 2 } else { 5 }) {
            for then in 0.. {
                let project = old();
                let _ = run(project.path(), Nth::new(at, Fault::Stops, swaps));
                let mut workspace = Workspace::open(project.path()).unwrap();
                let gate = Nth::new(then, Fault::Stops, swaps);
                workspace.gate = gate.clone();
                let _ = workspace.wait_and_settle(Access::Read);
                drop(workspace);
                next(project.path());
                let found = tree(project.path());
                assert!([&before, &after].contains(&&found), "{at} {then}: {found:#?}");
                if gate.count.load(Ordering::SeqCst) <= then {
                    break;
                }
            }
        }
    }
}

#[test]
fn what_somebody_wrote_after_a_stop_stays() {
    let edits = ["src/app/handler.py", "src/app/gone.py", "src/app/new/moved.py", "pyproject.toml"];
    let (before, after, count) = both(true);
    for edited in edits {
        let mut taken_back = 0;
        for at in 0..count {
            let project = old();
            let _ = run(project.path(), Nth::new(at, Fault::Stops, true));
            let file = project.path().join(edited);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "a person's\n").unwrap();
            let settled = next(project.path());
            let mut found = tree(project.path());
            assert_eq!(
                found.remove(edited).flatten().unwrap().0,
                "a person's\n",
                "{at} {settled:?}"
            );
            let others = |tree: &Tree| {
                // The folder that the person's file needs may stand in either.
                let own =
                    |name: &String| name != edited && !edited.starts_with(&format!("{name}/"));
                tree.clone().into_iter().filter(|(name, _)| own(name)).collect::<BTreeMap<_, _>>()
            };
            let rest = others(&found);
            assert!(
                [others(&before), others(&after)].contains(&rest),
                "{edited} {at} {settled:?}: {rest:#?}"
            );
            if let Some(Settled::TakenBack { left }) = settled
                && left == [path(edited)]
            {
                assert_eq!(rest, others(&before));
                taken_back += 1;
            }
        }
        assert!(taken_back > 0, "{edited}");
    }
}

#[test]
fn what_somebody_saves_while_files_are_written_stays() {
    // In place, as some editors do, and through another file, as others do.
    let in_place = |file: &Path| fs::write(file, "a person's\n").unwrap();
    let through = |file: &Path| {
        let other = file.with_extension("saving");
        fs::write(&other, "a person's\n").unwrap();
        fs::rename(other, file).unwrap();
    };
    for save in [in_place as fn(&Path), through] {
        for edited in ["src/app/handler.py", "src/app/mine.py", "pyproject.toml", "src/app/gone.py"]
        {
            let (.., count) = both(true);
            let mut refused = 0;
            for at in 0..count {
                let project = old();
                let file = project.path().join(edited);
                let meddle = Box::new(move || save(&file));
                let gate = Meddler { count: AtomicUsize::new(0), at, swaps: true, meddle };
                let result = run(project.path(), Arc::new(gate));
                let found = fs::read_to_string(project.path().join(edited)).unwrap();
                assert_eq!(found, "a person's\n", "{edited} {at} {result:?}");
                if let Err(error) = result {
                    assert!(
                        error.to_string().contains("changed while it was being worked on"),
                        "{error}"
                    );
                    assert_eq!(next(project.path()), None);
                    refused += 1;
                }
            }
            assert_eq!(refused > 0, edited != "src/app/mine.py", "{edited}: {refused}");
        }
    }
}

#[test]
fn a_file_that_somebody_makes_meanwhile_is_not_replaced() {
    let made = "src/app/made/__init__.py";
    for swaps in [true, false] {
        let (.., count) = both(swaps);
        for at in 0..count {
            let project = old();
            let file = project.path().join(made);
            let meddle = Box::new(move || {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(&file, "a person's\n").unwrap();
            });
            let gate = Meddler { count: AtomicUsize::new(0), at, swaps, meddle };
            let result = run(project.path(), Arc::new(gate));
            let found = fs::read_to_string(project.path().join(made)).unwrap();
            assert_eq!(found, "a person's\n", "{at} {result:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_becomes_a_link_meanwhile_redirects_nothing() {
    for (swaps, is_below) in [(true, true), (true, false), (false, true), (false, false)] {
        let (.., count) = both(swaps);
        for at in 0..count {
            let project = old();
            let elsewhere = folder();
            let below = project.path().join("src/other");
            let other = if is_below { below } else { elsewhere.path().join("other") };
            // It looks like the real one, so that every step could be taken there.
            for (path, text) in
                OLD.iter().filter_map(|(p, t)| Some((p.strip_prefix("src/app/")?, t)))
            {
                let path = other.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            let before = tree(&other);
            let app = project.path().join("src/app");
            let target = if is_below { "other".into() } else { other.clone() };
            let aside = project.path().join("src/aside");
            let meddle = Box::new(move || {
                fs::rename(&app, &aside).unwrap();
                std::os::unix::fs::symlink(&target, &app).unwrap();
            });
            let gate = Meddler { count: AtomicUsize::new(0), at, swaps, meddle };
            let _ = run(project.path(), Arc::new(gate));
            let _ = Workspace::enter(project.path(), Access::Write);
            assert_eq!(tree(&other), before, "{at}, {is_below}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_that_are_put_into_the_stage_meanwhile_are_not_followed() {
    let (.., count) = both(true);
    for at in 0..count {
        let project = old();
        let elsewhere = folder();
        let outside = elsewhere.path().join("victim");
        let inside = project.path().join("src/app/mine.py");
        for (victim, target) in
            [(&outside, outside.clone()), (&inside, "../../src/app/mine.py".into())]
        {
            fs::write(victim, "mine\n").unwrap();
            let stage = project.path().join(".onex/run");
            let meddle = Box::new(move || {
                for number in 0..9 {
                    // Only where the stage stands, and has no file of that name.
                    let _ = std::os::unix::fs::symlink(&target, stage.join(number.to_string()));
                }
            });
            let gate = Meddler { count: AtomicUsize::new(0), at, swaps: true, meddle };
            let _ = run(project.path(), Arc::new(gate));
            assert_eq!(fs::read_to_string(victim).unwrap(), "mine\n", "{at}");
            assert!(!fs::symlink_metadata(victim).unwrap().is_symlink(), "{at}");
        }
    }
}

#[test]
fn a_root_that_was_made_for_a_run_that_is_stopped_is_settled_too() {
    let make = |root: &Path, gate: Arc<dyn Gate>| {
        let mut workspace = Workspace::open(root).unwrap();
        workspace.gate = gate;
        workspace
            .write(&[write("pyproject.toml", "p\n", None), write("src/a.py", "a\n", None)], &[])
    };
    let project = folder();
    let gate = Nth::new(usize::MAX, Fault::None, true);
    make(&project.path().join("a/b"), gate.clone()).unwrap();
    for at in 0..gate.count.load(Ordering::SeqCst) {
        let project = folder();
        let root = project.path().join("a/b");
        let _ = make(&root, Nth::new(at, Fault::Stops, true));
        if root.is_dir() {
            next(&root);
        }
        let standing = [root.join("pyproject.toml").exists(), root.join("src/a.py").exists()];
        assert_eq!(standing[0], standing[1], "{at}");
        make(&root, Arc::new(Everything))
            .map_or_else(|_| assert!(standing[0]), |()| assert!(!standing[0]));
    }
}
