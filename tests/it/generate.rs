//! What the cases leave behind, as plain trees.
//!
//! Each case of `tests/cases/` is played, and the result is compared with `snapshots/generate/<case>/` as a set of
//! files, both ways. `ONEX_UPDATE_SNAPSHOTS=1` writes the trees anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::case::{Case, cases, put, tree};
use crate::readme::repository;

/// Plays a case and gives what then stands there.
fn generated(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let case = Case::read(folder);
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().join("project");
    fs::create_dir(&root).unwrap();
    case.play(folder, &root);
    let files = tree(&root);
    let inside = |path: &String| path.contains(&format!("{}/", case.package));
    assert!(files.keys().any(inside), "{}: no file of {}", folder.display(), case.package);
    files
}

/// What was just written is in step, and bringing it in step writes nothing.
#[test]
fn what_is_new_is_in_step() {
    for (name, folder) in cases() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().join("project");
        fs::create_dir(&root).unwrap();
        let case = Case::read(&folder);
        if !case.is_new_alone() {
            continue;
        }
        case.play(&folder, &root);
        let before = tree(&root);
        let times = |path: &String| fs::metadata(root.join(path)).unwrap().modified().unwrap();
        let modified: Vec<_> = before.keys().map(times).collect();
        let run = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_onex"));
            command.args(arguments).arg(&root).output().unwrap()
        };
        // Lint may have something to say of a contract that is given; drift there is none.
        let checked = run(&["check", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
        let changes = document["changes"].as_array().unwrap();
        assert!(changes.iter().all(|change| change["change"] == "kept"), "{name}: {changes:?}");
        let findings = document["diagnostics"].as_array().unwrap();
        assert!(
            findings.iter().all(|found| found["rule"] != "nonconforming"),
            "{name}: {findings:?}"
        );
        assert!(run(&["regenerate"]).status.success(), "{name}");
        assert!(tree(&root) == before, "{name}: regenerating changed something");
        assert_eq!(
            before.keys().map(times).collect::<Vec<_>>(),
            modified,
            "{name}: a file was touched"
        );
    }
}

#[test]
fn every_case_gives_its_tree() {
    let snapshots = repository().join("snapshots/generate");
    let update = std::env::var_os("ONEX_UPDATE_SNAPSHOTS").is_some();
    let cases = cases();
    assert!(cases.len() > 5);
    let mut different = Vec::new();
    for (name, folder) in &cases {
        let wanted = snapshots.join(name);
        let found = generated(folder);
        if update {
            let _ = fs::remove_dir_all(&wanted);
            found.iter().for_each(|(path, bytes)| put(&wanted, path, bytes));
        }
        let expected = if wanted.is_dir() { tree(&wanted) } else { BTreeMap::new() };
        let paths: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
        different.extend(
            paths
                .into_iter()
                .filter(|path| found.get(*path) != expected.get(*path))
                .map(|path| format!("{name}/{path}")),
        );
    }
    assert!(
        different.is_empty(),
        "these differ from snapshots/generate (ONEX_UPDATE_SNAPSHOTS=1 writes them anew):\n{}",
        different.join("\n")
    );
    let trees = fs::read_dir(&snapshots).unwrap();
    let trees = trees.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let strays: Vec<String> = trees.filter(|name| !cases.contains_key(name)).collect();
    assert!(strays.is_empty(), "snapshots without a case: {strays:?}");
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let cases = cases();
    let folder = &cases["order_payment"];
    assert_eq!(generated(folder), generated(folder));
}

/// Plays the case that `ONEX_CASE` names, all of them where none is named: for working on one.
#[test]
fn one_case() {
    let wanted = std::env::var("ONEX_CASE").ok();
    for (name, folder) in cases() {
        if wanted.as_ref().is_none_or(|wanted| *wanted == name) {
            generated(&folder);
        }
    }
}
