//! The same on real disks: the command does what the plan in memory says, and nothing beside it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use super::*;

/// When everything was written last, before a command runs.
const LONG_AGO: Duration = Duration::from_secs(1_000_000_000);

/// A project on disk, its files written in the order of their paths or the other way round.
fn laid_out(tree: &Tree, turned: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<(&str, &str)> =
        tree.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("pyproject.toml", "[project]\nname = \"app\"\n"));
    if turned {
        files.reverse();
    }
    for (path, text) in files {
        let target = folder.path().join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(&target, text).unwrap();
        File::options()
            .write(true)
            .open(&target)
            .unwrap()
            .set_modified(SystemTime::UNIX_EPOCH + LONG_AGO)
            .unwrap();
    }
    folder
}

/// Every file with its text and when it was written; what belongs to no node is left out.
fn standing(root: &Path) -> BTreeMap<RelPath, (String, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let shown = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            if file.is_dir() {
                folders.push(file);
            } else if !shown.starts_with(".onex/") && shown != "pyproject.toml" {
                let written = file.metadata().unwrap().modified().unwrap();
                found.insert(path(&shown), (fs::read_to_string(&file).unwrap(), written));
            }
        }
    }
    found
}

fn texts(standing: &BTreeMap<RelPath, (String, SystemTime)>) -> Tree {
    standing.iter().map(|(path, (text, _))| (path.clone(), text.clone())).collect()
}

/// What a command ends with, and all that it says.
fn onex(root: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onex"));
    let output = command.args(arguments).current_dir(root).env("NO_COLOR", "1").output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
}

fn check_on_disk(case: &Case) -> Result<(), TestCaseError> {
    let Edited { tree, .. } = edited(case)?;
    let plan = planned(&tree, &Options::default(), false).map_err(reject)?;
    std::thread::scope(|scope| {
        let again = || planned(&tree, &Options::default(), false).map_err(fail);
        let plans: Vec<_> = (0..3).map(|_| scope.spawn(again)).collect();
        plans.into_iter().try_for_each(|other| {
            let other = other.join().unwrap()?;
            prop_assert!(other == plan, "threads differ:\n{}", unlike(&plan, &other));
            Ok(())
        })
    })?;
    let is_stopped = plan.conflicts().next().is_some();
    let expected = if is_stopped { tree.clone() } else { applied(&tree, &plan).unwrap() };
    for turned in [false, true] {
        let folder = laid_out(&tree, turned);
        let (exit, said) = onex(folder.path(), &["regenerate"]);
        prop_assert_eq!(exit, i32::from(is_stopped), "{}", said);
        let first = standing(folder.path());
        let after = texts(&first);
        prop_assert!(after == expected, "{said}\n{}", difference(&expected, &after));
        for (path, (text, written)) in &first {
            let is_old = *written == SystemTime::UNIX_EPOCH + LONG_AGO;
            prop_assert_eq!(is_old, tree.get(path) == Some(text), "{}\n{}", path, said);
        }
        let (exit, said) = onex(folder.path(), &["regenerate"]);
        prop_assert_eq!(exit, i32::from(is_stopped), "{}", said);
        prop_assert!(standing(folder.path()) == first, "the second run writes: {said}");
        crate::lint::check_finds_what_lint_finds(folder.path());
        let (_, said) = onex(folder.path(), &["check"]);
        prop_assert!(standing(folder.path()) == first, "check writes: {said}");
        let told = drifts(&planned(&after, &Options::default(), false).map_err(fail)?);
        for (path, drift) in told {
            let word = format!("[{}]", drift.as_str());
            let is_told = said.lines().any(|line| line.contains(&word) && line.contains(&path));
            prop_assert!(is_told, "check does not say {word} of {path}:\n{said}");
        }
    }
    Ok(())
}

proptest! {
    // A case runs the command six times: few of them, and fewer in search of a smaller one.
    #![proptest_config(ProptestConfig { max_shrink_iters: 20, ..config(32) })]

    /// The command leaves what the plan says, whatever the order in which the files came to the disk and the number of
    /// threads; it writes no file that has its text already, and a second run writes none at all.
    #[test]
    fn the_command_does_what_the_plan_says(case in case()) {
        check_on_disk(&case)?;
    }
}
