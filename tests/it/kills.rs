//! Runs that are killed, interrupted, or meet each other: the program itself, at random instants.
//!
//! `ONEX_KILLS` says how many are killed; `scripts/kill` sets it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::case::{Case, put, tree};
use crate::readme::repository;

type Tree = BTreeMap<String, Vec<u8>>;

/// As many as the whole test suite has time for.
const KILLS: usize = 60;

/// A project whose contract was edited: two handlers and an event are renamed, with a person's code in them.
struct Scene {
    before: Tree,
    after: Tree,
    /// How long bringing it in step takes.
    takes: Duration,
}

impl Scene {
    fn new() -> Self {
        let folder = repository().join("tests/cases/regen_two_renames");
        let scratch = tempfile::tempdir().unwrap();
        Case::read(&folder).before_the_first_run().play(&folder, scratch.path());
        put(scratch.path(), "notes.txt", b"a person's\n");
        let before = tree(scratch.path());
        let start = Instant::now();
        let output = onex(scratch.path(), &["regenerate"]).output().unwrap();
        let takes = start.elapsed();
        assert!(output.status.success(), "{output:?}");
        let after = tree(scratch.path());
        assert_ne!(before, after);
        assert_eq!(before["notes.txt"], after["notes.txt"]);
        Self { before, after, takes }
    }

    /// The project in a folder of its own, before it is brought in step.
    fn fresh(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        self.before.iter().for_each(|(path, bytes)| put(folder.path(), path, bytes));
        folder
    }

    /// Asserts that a project is as it was, or as it was to be; says whether it is the latter.
    #[track_caller]
    fn is_whole(&self, root: &Path, said: &str) -> bool {
        let found = tree(root);
        assert!(!root.join(".onex/run").exists(), "a run is left: {said}");
        let differs = |wanted: &Tree| -> Vec<String> {
            let paths = found.keys().chain(wanted.keys());
            paths.filter(|path| found.get(*path) != wanted.get(*path)).cloned().collect()
        };
        assert!(
            found == self.before || found == self.after,
            "neither before ({:?}) nor after ({:?}): {said}",
            differs(&self.before),
            differs(&self.after)
        );
        found == self.after
    }
}

fn onex(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onex"));
    command.args(arguments).current_dir(root).env("NO_COLOR", "1").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Numbers without a pattern, the same in every run of the tests.
struct Dice(u64);

impl Dice {
    /// A moment between nothing and this.
    fn within(&mut self, most: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        most.mul_f64((self.0 % 10_000) as f64 / 10_000.0)
    }
}

/// Waits for a random instant of a run: of all of it, of that in which files are staged, or of the short while in
/// which they are exchanged, one time each.
fn wait(child: &mut Child, root: &Path, round: usize, scene: &Scene, dice: &mut Dice) {
    let made = scene.after.keys().find(|path| !scene.before.contains_key(*path)).unwrap();
    let (sign, most) = match round % 3 {
        0 => {
            std::thread::sleep(dice.within(scene.takes.mul_f64(1.2)));
            return;
        }
        1 => (root.join(".onex/run"), Duration::from_millis(12)),
        _ => (root.join(made), Duration::from_micros(100)),
    };
    while !sign.exists() && child.try_wait().unwrap().is_none() {
        std::hint::spin_loop();
    }
    let end = Instant::now() + dice.within(most);
    while Instant::now() < end {
        std::hint::spin_loop();
    }
}

#[test]
fn a_run_that_is_killed_is_settled_by_the_next() {
    let kills = std::env::var("ONEX_KILLS").ok().map_or(KILLS, |kills| kills.parse().unwrap());
    let scene = Scene::new();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for round in 0..kills {
        let project = scene.fresh();
        let root = project.path();
        let mut child = onex(root, &["regenerate"]).spawn().unwrap();
        wait(&mut child, root, round, &scene, &mut dice);
        child.kill().unwrap();
        child.wait().unwrap();
        let is_left = root.join(".onex/run").exists();
        let is_half_done = {
            let found = tree(root);
            found != scene.before && found != scene.after
        };
        // Whoever only wants to know settles it too, and says so.
        let output = onex(root, &["check"]).output().unwrap();
        let said = text(&output);
        assert_eq!(said.contains("an earlier run of onex was stopped"), is_left, "{said}");
        let is_done = scene.is_whole(root, &said);
        assert_eq!(output.status.code(), Some(i32::from(!is_done)), "{said}");
        let outcome = match (is_left, is_half_done, is_done) {
            (true, true, true) => "half done, completed",
            (true, true, false) => "half done, taken back",
            (true, false, _) => "staged or done, cleared away",
            (false, _, true) => "done",
            (false, _, false) => "not begun",
        };
        *seen.entry(outcome).or_default() += 1;
        // And what is left to do is done by the next run.
        let output = onex(root, &["regenerate"]).output().unwrap();
        assert!(scene.is_whole(root, &text(&output)), "{output:?}");
    }
    println!("{kills} kills: {seen:?}");
    // The files are exchanged within a millisecond: few kills meet it, however they aim.
    assert!(kills < 500 || seen.contains_key("half done, completed"), "{seen:?}");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_is_whole_without_a_next() {
    use rustix::process::{Pid, Signal, kill_process};
    let scene = Scene::new();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut by_signal = 0;
    for round in 0..24 {
        let project = scene.fresh();
        let mut child = onex(project.path(), &["regenerate"]).spawn().unwrap();
        wait(&mut child, project.path(), round, &scene, &mut dice);
        let signal = if round % 2 == 0 { Signal::TERM } else { Signal::INT };
        // A run that has ended by then has nobody to take the signal.
        let sent = kill_process(Pid::from_child(&child), signal);
        assert!(matches!(sent, Ok(()) | Err(rustix::io::Errno::SRCH)), "{sent:?}");
        let output = child.wait_with_output().unwrap();
        by_signal += usize::from(output.status.code().is_none());
        scene.is_whole(project.path(), &text(&output));
    }
    assert!(by_signal > 0, "no run was there to be interrupted");
}

#[test]
fn two_runs_at_once_do_not_interleave() {
    let scene = Scene::new();
    for _ in 0..6 {
        let project = scene.fresh();
        let children: Vec<Child> =
            (0..2).map(|_| onex(project.path(), &["regenerate"]).spawn().unwrap()).collect();
        let outputs: Vec<Output> =
            children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
        assert!(outputs.iter().any(|output| output.status.success()), "{outputs:?}");
        for output in &outputs {
            let said = text(output);
            // The first run ever finds nothing to hold the other off with, which then sees its files changed.
            let is_told = said.contains("nothing was changed");
            assert!(
                output.status.success() || output.status.code() == Some(2) && is_told,
                "{said}"
            );
        }
        assert!(scene.is_whole(project.path(), "two runs"));
    }
}

#[test]
fn a_run_that_finds_another_at_work_says_so() {
    let scene = Scene::new();
    let project = scene.fresh();
    put(project.path(), ".onex/lock", b"");
    let lock = project.path().join(".onex/lock");
    let held = std::fs::File::options().write(true).open(lock).unwrap();
    held.lock().unwrap();
    let commands = ["regenerate", "check", "lint"];
    let children = commands.map(|command| onex(project.path(), &[command]).spawn().unwrap());
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("another run of onex is at work"), "{said}");
        assert!(said.contains("run again when it is done"), "{said}");
    }
    assert!(!scene.is_whole(project.path(), "nothing was done"));
    drop(held);
    assert!(onex(project.path(), &["regenerate"]).output().unwrap().status.success());
    assert!(scene.is_whole(project.path(), "regenerated"));
}

#[test]
fn a_check_beside_a_run_sees_the_tree_before_or_after() {
    let scene = Scene::new();
    let project = scene.fresh();
    let check = |root: &Path| text(&onex(root, &["check"]).output().unwrap());
    let before = check(project.path());
    onex(project.path(), &["regenerate"]).output().unwrap();
    let after = check(project.path());
    assert_ne!(before, after);
    for round in 0..8 {
        let project = scene.fresh();
        if round % 2 == 0 {
            // From the second run ever on, there is something to hold.
            put(project.path(), ".onex/lock", b"");
        }
        let mut child = onex(project.path(), &["regenerate"]).spawn().unwrap();
        loop {
            let said = check(project.path());
            assert!(said == before || said == after, "{said}");
            if child.try_wait().unwrap().is_some() {
                break;
            }
        }
        assert!(scene.is_whole(project.path(), "a check beside a run"));
    }
}
