//! `onex check --since REV`: which nodes are looked at, and that what is said of them is what a full check says.

use std::process::Command;

use serde_json::Value;

use crate::case::tree;
use crate::project::{Outcome, Project};
use crate::readme::repository;

const KITCHEN: &str = "src/restaurant/nodes/node_kitchen_orchestrator";
const COUNTER: &str = "src/restaurant/nodes/node_counter_orchestrator";
const GARDEN: &str = "src/restaurant/nodes/node_garden_orchestrator";

/// A node that has nothing in common with the other two.
const GARDEN_CONTRACT: &str = "\
name: node_garden_orchestrator
node_type: ORCHESTRATOR_GENERIC
contract_version: {major: 1, minor: 0, patch: 0}
node_version: {major: 1, minor: 0, patch: 0}
description: Waters what grows.
event_bus: {subscribe_topics: [onex.evt.restaurant.sun-risen.v1]}
performance: {single_operation_max_ms: 30000}
terminal_event: onex.evt.restaurant.garden-watered.v1
handler_routing:
  version: {major: 1, minor: 0, patch: 0}
  routing_strategy: payload_type_match
  handlers:
    - event_model: {name: ModelSunRisen, module: restaurant.nodes.node_garden_orchestrator.models}
      handler: {name: HandlerSunRisen, module: restaurant.nodes.node_garden_orchestrator.handlers.handler_sun_risen}
      operation: sun_risen
";

fn git(project: &Project, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgSign=false"];
    let mut git = Command::new("git");
    let done = git.arg("-C").arg(project.at("")).args(who).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {done:?}");
}

fn commit(project: &Project) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "-q", "-m", "more"]);
}

/// Two nodes that share a model and one that does not, committed.
fn restaurant() -> Project {
    let mut project = Project::new().env("PATH", std::env::var("PATH").unwrap());
    for (path, bytes) in tree(&repository().join("snapshots/generate/two_nodes")) {
        project = project.file(&path, std::str::from_utf8(&bytes).unwrap());
    }
    project = project.contract(GARDEN_CONTRACT);
    project.make(&["--yes", "--path", "."]).exit(0);
    git(&project, &["init", "-q"]);
    commit(&project);
    let outcome = check(&project, &[]);
    assert_eq!(findings(&outcome), Vec::<Value>::new());
    project
}

fn findings(outcome: &Outcome) -> Vec<Value> {
    outcome.json()["diagnostics"].as_array().unwrap().clone()
}

fn checked(outcome: &Outcome) -> String {
    let document = outcome.json();
    document["summary"].as_str().unwrap().split(" checked").next().unwrap().to_owned()
}

fn check(project: &Project, arguments: &[&str]) -> Outcome {
    project.run(&[&["check", "--format", "json"], arguments].concat())
}

/// What differs is found, by a look at so many nodes, as if all of them were looked at.
#[track_caller]
fn agrees(project: &Project, revision: &str, nodes: &str) {
    let (all, since) = (check(project, &[]), check(project, &["--since", revision]));
    let of_project = |finding: &Value| finding["file"] == "pyproject.toml";
    assert_eq!(findings(&all), findings(&since), "{nodes}");
    assert!(all.code > 0 && since.code == all.code, "{all:?}");
    assert!(findings(&since).iter().any(|f| !of_project(f)) || nodes != "0 nodes", "{since:?}");
    assert_eq!(checked(&since), nodes, "{since:?}");
}

fn edit(project: Project, path: &str, before: &str, after: &str) -> Project {
    let text = project.read(path);
    assert!(text.contains(before), "{path} has no {before}");
    project.file(path, &text.replacen(before, after, 1))
}

#[test]
fn where_nothing_differs_nothing_is_looked_at() {
    let project = restaurant();
    let outcome = check(&project, &["--since", "HEAD"]);
    assert_eq!((checked(&outcome).as_str(), outcome.code), ("0 nodes", 0), "{outcome:?}");
    let project = project.file("README.md", "# Restaurant\n");
    assert_eq!(checked(&check(&project, &["--since", "HEAD"])), "0 nodes");
}

#[test]
fn a_node_whose_files_differ_is_looked_at() {
    let node = format!("{GARDEN}/node.py");
    let project = edit(restaurant(), &node, "NodeGarden", "NodeGardens");
    agrees(&project, "HEAD", "1 node");
    commit(&project);
    let outcome = check(&project, &["--since", "HEAD"]);
    assert_eq!((checked(&outcome).as_str(), outcome.code), ("0 nodes", 0), "{outcome:?}");
    agrees(&project, "HEAD~1", "1 node");
    std::fs::remove_file(project.at(&node)).unwrap();
    agrees(&project, "HEAD", "1 node");
    // Paths narrow it further.
    let outcome = check(&project, &["--since", "HEAD", KITCHEN]);
    assert_eq!((checked(&outcome).as_str(), outcome.code), ("0 nodes", 0), "{outcome:?}");
}

#[test]
fn a_test_and_code_of_ones_own_count() {
    let handler = format!("{GARDEN}/handlers/handler_sun_risen.py");
    let project =
        edit(restaurant(), &handler, "return ModelHandlerOutput", "return ModelHandlerOutpu");
    agrees(&project, "HEAD", "1 node");
    let test = "tests/nodes/node_garden_orchestrator/test_contract.py";
    let project = edit(restaurant(), test, "def read_contract", "def read_a_contract");
    agrees(&project, "HEAD", "1 node");
    let project = restaurant().file(&format!("{GARDEN}/more.py"), "x = undefined_name\n");
    agrees(&project, "HEAD", "1 node");
}

#[test]
fn those_that_share_a_model_are_looked_at_together() {
    let shared = "src/restaurant/models/events/model_meal_ordered_event.py";
    let project = edit(restaurant(), shared, "class Model", "class Another\n\n\nclass Model");
    agrees(&project, "HEAD", "2 nodes");
    let contract = format!("{KITCHEN}/contract.yaml");
    let project = edit(restaurant(), &contract, "type: str", "type: int");
    agrees(&project, "HEAD", "2 nodes");
}

#[test]
fn a_package_that_all_pass_on_through_is_looked_at_once() {
    let package = "src/restaurant/nodes/__init__.py";
    let project = restaurant();
    let text = format!("<<<<<<< ours\n=======\n>>>>>>> theirs\n{}", project.read(package));
    // One of the two that share a model is, and so the other is with it.
    agrees(&project.file(package, &text), "HEAD", "2 nodes");
}

#[test]
fn a_contract_that_takes_the_name_of_another_concerns_it_too() {
    let contract = format!("{GARDEN}/contract.yaml");
    let project = edit(
        restaurant(),
        &contract,
        "name: node_garden_orchestrator",
        "name: node_kitchen_orchestrator",
    );
    let (all, since) = (check(&project, &[]), check(&project, &["--since", "HEAD"]));
    let of_rule = |outcome: &Outcome| -> Vec<Value> {
        findings(outcome).into_iter().filter(|f| f["rule"] == "duplicate-name").collect()
    };
    assert!(!of_rule(&all).is_empty(), "{all:?}");
    assert_eq!(of_rule(&all), of_rule(&since));
    assert_eq!(findings(&all), findings(&since));
}

#[test]
fn settings_concern_every_node_and_an_entry_point_its_own() {
    let project = restaurant();
    let pyproject = project.read("pyproject.toml");
    let narrow =
        pyproject.replace("[tool.ruff.lint]", "[tool.ruff]\nline-length = 60\n\n[tool.ruff.lint]");
    agrees(&project.file("pyproject.toml", &narrow), "HEAD", "3 nodes");
    agrees(&restaurant().file("ruff.toml", "line-length = 60\n"), "HEAD", "3 nodes");
    let lines = pyproject.lines().filter(|line| !line.contains("NodeGardenOrchestrator"));
    let without = lines.collect::<Vec<_>>().join("\n") + "\n";
    assert_ne!(without, pyproject);
    agrees(&restaurant().file("pyproject.toml", &without), "HEAD", "1 node");
}

#[test]
fn a_node_that_is_gone_is_told() {
    let project = restaurant();
    std::fs::remove_dir_all(project.at(COUNTER)).unwrap();
    let (all, since) = (check(&project, &[]), check(&project, &["--since", "HEAD"]));
    assert!(findings(&all).iter().any(|finding| finding["rule"] == "orphaned"), "{all:?}");
    assert_eq!(findings(&all), findings(&since));
}

#[test]
fn a_node_that_is_new_is_looked_at() {
    let contract = GARDEN_CONTRACT.replace("garden", "cellar").replace("sun-risen", "cask-opened");
    let project = restaurant().contract(&contract);
    project.make(&["--yes", "--path", "."]).exit(0);
    let outcome = check(&project, &["--since", "HEAD"]);
    assert_eq!((checked(&outcome).as_str(), outcome.code), ("1 node", 0), "{outcome:?}");
}

#[test]
fn without_something_to_compare_with_nothing_is_checked() {
    let project = restaurant();
    let outcome = project.run(&["check", "--since", "nowhere"]).exit(2);
    outcome.says("`nowhere` is no revision of this repository").says("git fetch");
    let elsewhere = Project::new().env("PATH", std::env::var("PATH").unwrap());
    elsewhere.make(&["--yes", "--path", "."]).exit(0);
    elsewhere.run(&["check", "--since", "HEAD"]).exit(2).says("is in no git repository");
    let bare = Project::new();
    bare.make(&["--yes", "--path", "."]).exit(0);
    bare.run(&["check", "--since", "HEAD"]).exit(2).says("there is no git");
}

/// Whether a rule finds something.
fn finds(outcome: &Outcome, rule: &str) -> bool {
    findings(outcome).iter().any(|finding| finding["rule"] == rule)
}

#[test]
fn a_lock_that_cannot_be_read_is_told_whatever_differs() {
    let lock = format!("{COUNTER}/onex.lock");
    let project = edit(restaurant(), &lock, "\"format\": 1", "\"format\": 99");
    commit(&project);
    let since = check(&project, &["--since", "HEAD"]);
    assert!(finds(&since, "newer-lock") && since.code == 2, "{since:?}");
}

#[test]
fn what_is_wrong_with_a_lock_is_told_beside_what_is_wrong_with_the_contract() {
    let (lock, contract) = (format!("{COUNTER}/onex.lock"), format!("{COUNTER}/contract.yaml"));
    let project = restaurant();
    let mut document: Value = serde_json::from_str(&project.read(&lock)).unwrap();
    let files = document["files"].as_array_mut().unwrap();
    let outside = files.iter_mut().find(|file| {
        let path = file["path"].as_str().unwrap();
        path.starts_with("src/restaurant/models/") && file["class"] == "scaffolded"
    });
    outside.unwrap()["base"] = 5.into();
    let project = project.file(&lock, &document.to_string());
    let project = edit(project, &contract, "handler_routing:", "handler_routing: [");
    let outcome = check(&project, &[]);
    assert!(finds(&outcome, "unusable-lock") && outcome.code == 2, "{outcome:?}");
    assert!(findings(&outcome).len() > 1, "{outcome:?}");
}
