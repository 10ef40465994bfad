//! What is handed out for other people's CI: the workflow in README.md, and the hook for pre-commit.

use std::fs;

use onex_scaffold::contract::yaml::{self, Kind, Yaml};
use onex_scaffold::source::SourceFile;

use crate::readme::repository;

fn read(name: &str, text: &str) -> Yaml {
    let (tree, found) = yaml::read(&SourceFile::new(name, text));
    assert!(found.is_empty(), "{name}: {found:?}");
    tree.unwrap()
}

/// The workflow between the markers of README.md.
fn workflow() -> (String, Yaml) {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("<!-- recipe -->\n```yaml\n").unwrap();
    let (text, _) = rest.split_once("```\n<!-- /recipe -->").unwrap();
    (text.to_owned(), read("recipe", text))
}

/// The names of the keys of a mapping, in order. YAML 1.1 takes `on` for true, GitHub does not.
fn keys(mapping: &Yaml) -> Vec<&str> {
    let entries = mapping.entries().iter();
    entries.map(|(key, _)| key.as_scalar().unwrap().text.as_str()).collect()
}

fn value<'a>(mapping: &'a Yaml, key: &str) -> &'a Yaml {
    let mut entries = mapping.entries().iter();
    let found = entries.find(|(name, _)| name.as_scalar().unwrap().text == key);
    &found.unwrap_or_else(|| panic!("no {key}")).1
}

fn text(node: &Yaml) -> &str {
    &node.as_scalar().unwrap().text
}

/// Every text in a tree, keys too.
fn texts<'a>(node: &'a Yaml, found: &mut Vec<&'a str>) {
    match &node.kind {
        Kind::Scalar(scalar) => found.push(&scalar.text),
        Kind::Sequence(items) => items.iter().for_each(|item| texts(item, found)),
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                texts(key, found);
                texts(value, found);
            }
        }
    }
}

#[test]
fn the_workflow_reads_and_does_nothing_else() {
    let (_, workflow) = workflow();
    let permissions = value(&workflow, "permissions");
    assert_eq!(keys(permissions), ["contents"]);
    assert_eq!(text(value(permissions, "contents")), "read");
    assert_eq!(keys(&workflow), ["name", "on", "permissions", "jobs"]);
    let [(_, job)] = value(&workflow, "jobs").entries() else { panic!("one job") };
    // A job could ask for more than the workflow does, or run where other people's things lie.
    assert_eq!(keys(job), ["runs-on", "steps"]);
    assert_eq!(text(value(job, "runs-on")), "ubuntu-latest");
}

#[test]
fn the_workflow_works_on_forks_and_knows_no_secret() {
    let (source, workflow) = workflow();
    // `pull_request_target` and `workflow_run` would run with the secrets of the repository.
    assert_eq!(keys(value(&workflow, "on")), ["pull_request", "push"]);
    let mut found = Vec::new();
    texts(&workflow, &mut found);
    for word in ["secrets", "github.token", "GITHUB_TOKEN", "id-token"] {
        assert!(!source.contains(word), "the recipe says {word}");
    }
    // What GitHub puts in from a pull request is text of a stranger's, in the middle of a script.
    let expressions = found.iter().filter(|text| text.contains("${{"));
    for expression in expressions {
        assert_eq!(*expression, "${{ runner.temp }}");
    }
}

#[test]
fn the_workflow_runs_nothing_of_the_tree() {
    let (_, workflow) = workflow();
    let [(_, job)] = value(&workflow, "jobs").entries() else { panic!("one job") };
    let steps = value(job, "steps").as_sequence().unwrap();
    let checkout = steps.iter().position(|step| step.get("uses").is_some()).unwrap();
    // Cargo takes settings from the folder that it runs in, a compiler of a stranger's among them: it runs before
    // the tree is there.
    for step in &steps[..checkout] {
        assert_eq!(keys(step), ["run", "working-directory"]);
        assert!(text(value(step, "run")).starts_with("cargo install --locked "));
        assert_eq!(text(value(step, "working-directory")), "${{ runner.temp }}");
    }
    let uses = text(value(&steps[checkout], "uses"));
    let (action, commit) = uses.split_once('@').unwrap();
    assert_eq!(action, "actions/checkout");
    assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{uses}");
    let with = value(&steps[checkout], "with");
    assert_eq!(text(value(with, "persist-credentials")), "false");
    let [check] = &steps[checkout + 1..] else { panic!("one step on the tree") };
    assert_eq!(keys(check), ["run"]);
    assert_eq!(text(value(check, "run")), "onex check --format github");
}

#[test]
fn the_hook_only_looks() {
    let hooks = fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks = read(".pre-commit-hooks.yaml", &hooks);
    for hook in hooks.as_sequence().unwrap() {
        assert_eq!(text(value(hook, "entry")), "onex check");
        assert_eq!(text(value(hook, "language")), "rust");
        assert_eq!(text(value(hook, "pass_filenames")), "false");
    }
}

/// Our own workflow asks for no more than the one that is handed out, and looks for advisories.
#[test]
fn our_own_workflow_reads_and_looks_for_advisories() {
    let source = fs::read_to_string(repository().join(".github/workflows/ci.yml")).unwrap();
    let workflow = read("ci.yml", &source);
    let permissions = value(&workflow, "permissions");
    assert_eq!(keys(permissions), ["contents"]);
    assert_eq!(text(value(permissions, "contents")), "read");
    assert!(!source.contains("pull_request_target") && !source.contains("secrets."));
    let mut found = Vec::new();
    texts(&workflow, &mut found);
    assert!(found.contains(&".ci/run") && found.contains(&"scripts/deny advisories"));
    for uses in found.iter().filter(|text| text.starts_with("actions/")) {
        let (_, commit) = uses.split_once('@').unwrap();
        assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{uses}");
    }
}
