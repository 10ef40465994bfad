//! Nodes that others wrote by hand, brought under management: those of the installed `omnibase_infra`, and the sample
//! package of the acceptance suite, which passes every runtime.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::corpus::installed_packages;
use crate::project::Project;
use crate::readme::repository;

/// Copies a tree, with other texts in its files; caches of Python stay behind.
fn copy(from: &Path, to: &Path, text: &dyn Fn(&str) -> String) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        if name == "__pycache__" {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name), text);
        } else {
            fs::write(to.join(name), text(&fs::read_to_string(&path).unwrap())).unwrap();
        }
    }
}

/// Adopts everything, and asserts that locks came of it and nothing else did.
#[track_caller]
fn adopt(project: &Project) {
    let before = project.tree();
    project.run(&["adopt", "."]).exit(0);
    let mut after = project.tree();
    let locks: Vec<String> =
        after.keys().filter(|path| path.ends_with("/onex.lock")).cloned().collect();
    assert!(!locks.is_empty());
    for lock in locks {
        after.remove(&lock);
    }
    assert_eq!(after, before);
}

/// What `check` says of files afterwards: the kind of drift, and the files.
fn drifts(project: &Project) -> BTreeMap<String, BTreeSet<String>> {
    let report = project.run(&["check", "--format", "json"]).json();
    let mut drifts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for change in report["changes"].as_array().unwrap() {
        if let Value::String(drift) = &change["drift"] {
            let path = change["path"].as_str().unwrap().to_owned();
            drifts.entry(drift.clone()).or_default().insert(path);
        }
    }
    drifts
}

#[test]
fn a_package_that_conforms_is_adopted_and_has_nothing_to_mend() {
    let project = Project::new();
    copy(&repository().join("tests/acceptance/sample/project"), &project.at(""), &str::to_owned);
    adopt(&project);
    let drifts = drifts(&project);
    let kinds: Vec<&str> = drifts.keys().map(String::as_str).collect();
    assert_eq!(kinds, Vec::<&str>::new(), "{drifts:?}");
    project.run(&["check"]).exit(0);
}

#[test]
fn nodes_of_the_framework_are_adopted_or_refused_with_the_place() {
    let nodes = installed_packages().join("omnibase_infra/nodes");
    let mut folders: Vec<_> = fs::read_dir(&nodes).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let (mut adopted, mut refused) = (0, 0);
    for folder in folders {
        let Ok(contract) = fs::read_to_string(folder.join("contract.yaml")) else { continue };
        let name = folder.file_name().unwrap().to_str().unwrap();
        if !contract.contains("handler_routing") || !name.ends_with("_orchestrator") {
            continue;
        }
        let project = Project::standing("[project]\nname = \"corpus\"\nversion = \"0.1.0\"\n")
            .file("src/corpus/__init__.py", "")
            .file("src/corpus/nodes/__init__.py", "");
        let place = format!("src/corpus/nodes/{name}");
        // A project cannot be called like the framework's packages, which its nodes import.
        copy(&folder, &project.at(&place), &|text| text.replace("omnibase_infra", "corpus"));
        let before = project.tree();
        let outcome = project.run(&["adopt", &place]);
        if outcome.code == 2 {
            outcome.says("--> ").says("help: ");
            assert_eq!(project.tree(), before, "{name} was refused and changed");
            refused += 1;
            continue;
        }
        let mut after = project.tree();
        assert!(after.remove(&format!("{place}/onex.lock")).is_some(), "{name} has no lock");
        assert_eq!(after, before, "{name}");
        adopted += 1;
        // Its code is nobody's rendering: at most the registration and what other nodes would bring are not there.
        let mut drifts = drifts(&project);
        drifts.remove("missing");
        let stale = drifts.remove("stale").unwrap_or_default();
        assert!(stale.iter().all(|path| path == "pyproject.toml"), "{name}: {stale:?}");
        assert_eq!(drifts, BTreeMap::new(), "{name}");
        assert!(!project.run(&["check"]).stderr.contains("[unmanaged]"), "{name}");
    }
    assert!(adopted >= 4, "{adopted} adopted, {refused} refused");
}
