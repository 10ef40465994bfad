//! What `onex new orchestrator` writes, as plain trees.
//!
//! Each `tests/cases/<case>/case.json` lists the calls that make a project, one after the other, in a copy of the
//! case's `project/` or in an empty folder. The result is compared with `snapshots/generate/<case>/` as a set of
//! files, both ways. `ONEX_UPDATE_SNAPSHOTS=1` writes the trees anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::readme::repository;

#[derive(Deserialize)]
struct Case {
    steps: Vec<Step>,
    package: String,
}

#[derive(Deserialize)]
struct Step {
    contract: Option<String>,
    arguments: Vec<String>,
}

/// Every file below a folder with its bytes, by its path with `/`.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative =
                    path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(relative, fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        let target = to.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, bytes).unwrap();
    }
}

/// Runs a case's calls and gives what then stands there.
fn generated(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let case: Case = serde_json::from_slice(&fs::read(folder.join("case.json")).unwrap()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().join("project");
    fs::create_dir(&root).unwrap();
    if folder.join("project").is_dir() {
        copy(&folder.join("project"), &root);
    }
    for step in &case.steps {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onex"));
        command.args(["new", "orchestrator", "--path"]).arg(&root).args(&step.arguments);
        if let Some(contract) = &step.contract {
            command.arg("--contract").arg(folder.join(contract));
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", folder.display());
    }
    let files = tree(&root);
    // What was just written is in step, and bringing it in step writes nothing.
    for command in [["check"].as_slice(), &["regenerate"]] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_onex")).args(command).arg(&root).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{} {command:?}: {said}", folder.display());
    }
    assert!(tree(&root) == files, "{}: regenerating changed something", folder.display());
    let inside = |path: &String| path.contains(&format!("{}/", case.package));
    assert!(files.keys().any(inside), "{}: no file of {}", folder.display(), case.package);
    files
}

fn cases() -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(repository().join("tests/cases")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let cases = folders.filter(|path| path.join("case.json").is_file());
    cases.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path)).collect()
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
            for (path, bytes) in &found {
                let target = wanted.join(path);
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                fs::write(target, bytes).unwrap();
            }
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
    let trees =
        fs::read_dir(&snapshots).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let strays: Vec<String> = trees.filter(|name| !cases.contains_key(name)).collect();
    assert!(strays.is_empty(), "snapshots without a case: {strays:?}");
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let cases = cases();
    let folder = &cases["order_payment"];
    assert_eq!(generated(folder), generated(folder));
}
