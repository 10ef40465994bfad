//! The contracts that the framework itself ships, as input.
//!
//! Every YAML file of the installed `omnibase_core` and `omnibase_infra` is read, and every orchestrator contract with
//! routing entries is generated from. README.md states what came of it, between markers that `ONEX_UPDATE_README=1`
//! writes anew.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use onex_scaffold::contract;
use onex_scaffold::diagnostic::Diagnostic;

use crate::readme::{repository, update_region};

/// The Python environment that holds the framework, which the acceptance suite's script makes.
pub(crate) fn environment() -> PathBuf {
    let script = repository().join("tests/acceptance/environment.sh");
    let output = Command::new("bash").arg(script).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the framework cannot be had: {said}");
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

/// The folder that the framework's packages are installed in.
pub(crate) fn installed_packages() -> PathBuf {
    let find =
        "import omnibase_core, pathlib; print(pathlib.Path(omnibase_core.__file__).parents[1])";
    let output =
        Command::new(environment().join("bin/python")).args(["-c", find]).output().unwrap();
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

/// Every YAML file of the two packages, sorted.
fn contracts(packages: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![packages.join("omnibase_core"), packages.join("omnibase_infra")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
            if path.is_dir() {
                folders.push(path);
            } else if is_yaml {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_frameworks_own_contracts_are_read_and_generated_from() {
    let python = environment().join("bin/python");
    let packages = installed_packages();
    let scratch = tempfile::tempdir().unwrap();
    let files = contracts(&packages);
    assert!(files.len() > 200, "found {} files", files.len());
    let (mut clean, mut refused_files, mut orchestrators, mut generated) = (0, 0, 0, 0);
    let mut refusals = String::new();
    for path in &files {
        let bytes = fs::read(path).unwrap();
        let shown = path.strip_prefix(&packages).unwrap().display().to_string();
        let source = contract::yaml::text_of(&bytes, &shown).unwrap();
        let (contract, found) = contract::parse(&source);
        if found.iter().any(Diagnostic::is_error) {
            refused_files += 1;
            assert!(found.iter().filter(|d| d.is_error()).all(|d| d.help.is_some()), "{found:?}");
        } else {
            clean += 1;
        }
        let Some(contract) = contract else { continue };
        let kind = contract.node_type.as_ref().map(|kind| kind.value.to_lowercase());
        let routed = contract.routing.as_ref().is_some_and(|routing| !routing.entries.is_empty());
        if !routed || !kind.is_some_and(|kind| kind.starts_with("orchestrator")) {
            continue;
        }
        orchestrators += 1;
        // A project cannot be called like the framework's packages, which its nodes import.
        let own = shown.split('/').next().unwrap();
        let text = source.text().replace(own, "corpus");
        let copy = scratch.path().join(format!("{orchestrators}.yaml"));
        fs::write(&copy, text).unwrap();
        let root = scratch.path().join(format!("project_{orchestrators}"));
        let output = Command::new(env!("CARGO_BIN_EXE_onex"))
            .args(["new", "orchestrator", "--contract"])
            .arg(&copy)
            .args(["--package", "corpus", "--path"])
            .arg(&root)
            .output()
            .unwrap();
        if output.status.success() {
            generated += 1;
        } else {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let first =
                said.lines().find(|line| line.starts_with("error")).unwrap_or_default().to_owned();
            assert!(said.contains("--> ") && said.contains("help: "), "{shown}: {said}");
            let _ = writeln!(refusals, "- `{shown}`: {}", first.trim_start_matches("error"));
            assert!(!root.exists(), "{shown} was refused and left something behind");
        }
    }
    let compiled = Command::new(&python)
        .args(["-m", "compileall", "-q", "-f"])
        .arg(scratch.path())
        .output()
        .unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stdout));
    assert!(generated > 0);
    let mut text = format!(
        "omnibase-core and omnibase-infra ship {} YAML files: {clean} are read without an error, {refused_files} are \
         refused with the place. {orchestrators} of them are orchestrator contracts with routing entries: {generated} \
         give a package whose files compile, {} are refused with the place and the reason.\n",
        files.len(),
        orchestrators - generated,
    );
    if !refusals.is_empty() {
        text.push('\n');
        text.push_str(&refusals);
    }
    update_region("corpus", &text);
}
