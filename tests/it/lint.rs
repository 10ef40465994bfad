//! `onex lint` and `onex explain` as a process: what they print, in every form, and how they end.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use onex_scaffold::lint::registry::RULES;
use onex_scaffold::lint::summary;
use serde_json::Value;

use crate::corpus::environment;
use crate::project::{Project, SEED_NODE};
use crate::readme::{repository, update_region};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_onex");
    Command::new(program).args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr)))
}

/// The node of the seed, whose contract is in a dialect that the runtimes refuse.
fn seed() -> PathBuf {
    repository().join("snapshots/generate/seed")
}

/// A node that has nothing but warnings.
fn order() -> PathBuf {
    repository().join("snapshots/generate/order_payment")
}

#[test]
fn findings_are_shown_with_their_lines() {
    let output = run(&seed(), &["lint"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    insta::with_settings!({ snapshot_path => "../../snapshots/lint", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("seed_as_text", text(&output.stdout));
    });
}

#[test]
fn a_line_per_finding() {
    let output = run(&seed(), &["lint", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    insta::with_settings!({ snapshot_path => "../../snapshots/lint", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("seed_as_lines", text(&output.stdout));
    });
}

#[test]
fn annotations_for_github() {
    let output = run(&seed(), &["lint", "--format", "github"]);
    assert_eq!(output.status.code(), Some(1));
    let lines = text(&output.stdout);
    assert!(lines.lines().count() > 3);
    assert!(
        lines.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning "))
    );
}

/// What a command finds, by place; without what only `check` tells: drift, and code that does not fit its contract.
fn found(folder: &Path, arguments: &[&str]) -> BTreeSet<String> {
    let output = run(folder, &[arguments, &["--format", "json"]].concat());
    let document = json(&output);
    let findings = document["diagnostics"].as_array().unwrap().iter();
    let is_lints = |rule: &str| !ONLY_CHECKS.contains(&rule);
    let of_lint = findings.filter(|finding| is_lints(finding["rule"].as_str().unwrap()));
    of_lint.map(|finding| finding.to_string()).collect()
}

const ONLY_CHECKS: [&str; 11] = [
    "nonconforming",
    "stale",
    "edited",
    "missing",
    "orphaned",
    "outdated",
    "reformatted",
    "conflicted",
    "conflict",
    "unmanaged",
    "unusable-lock",
];

/// Nodes in step are looked at by `check` without taking apart what is as it is rendered: it must find the same.
pub(crate) fn check_finds_what_lint_finds(folder: &Path) {
    let (lint, check) = (found(folder, &["lint"]), found(folder, &["check"]));
    assert_eq!(lint, check, "{}", folder.display());
}

#[test]
fn check_finds_in_every_case_what_lint_finds() {
    let cases = std::fs::read_dir(repository().join("snapshots/generate")).unwrap();
    let cases: Vec<PathBuf> = cases.map(|case| case.unwrap().path()).collect();
    assert!(cases.len() > 50);
    cases.iter().for_each(|case| check_finds_what_lint_finds(case));
}

/// What a contract chooses may be a finding in a file that is as it is rendered.
#[test]
fn check_finds_what_the_contract_chose() {
    let contract = "\
name: node_order_service_orchestrator
node_type: ORCHESTRATOR_GENERIC
contract_version: {major: 1, minor: 0, patch: 0}
node_version: {major: 1, minor: 0, patch: 0}
description: Chooses names.
handler_routing:
  version: {major: 1, minor: 0, patch: 0}
  handlers:
    - handler: {name: HandlerOrder, module: app.nodes.node_order_service_orchestrator.work.handler_order}
      event_model: {name: ModelOrder, module: app.models.events}
    - handler: {name: ProcessOrder, module: app.nodes.node_order_service_orchestrator.handlers.order}
      event_model: {name: OrderManager, module: app.models.events}
definitions:
  ModelOrder:
    module: app.models.events
    properties:
      order_id: {type: string}
      status: {type: string}
      topic: {type: string, default: \"onex.evt.app.order.v1\"}
    required: [order_id, status]
  OrderManager:
    module: app.models.events
    properties:
      full_name: {type: string}
";
    let project = Project::new().contract(contract);
    project.make(&["--yes", "--path", ".", "--package", "app"]).exit(0);
    check_finds_what_lint_finds(&project.at(""));
    let rules = text(&run(&project.at(""), &["lint", "--format", "concise"]).stdout);
    for rule in ["class-placement", "generic-name", "hardcoded-topic"] {
        assert!(rules.contains(rule), "{rule} is not among:\n{rules}");
    }
}

#[test]
fn json_holds_every_finding() {
    let document = json(&run(&seed(), &["lint", "--format", "json"]));
    assert_eq!(document["kind"], "findings");
    assert_eq!(document["command"], "lint");
    assert_eq!(document["success"], false);
    let findings = document["diagnostics"].as_array().unwrap();
    let bus = findings.iter().find(|finding| finding["rule"] == "no-event-bus").unwrap();
    assert_eq!(bus["severity"], "error");
    assert_eq!(bus["line"], 58);
}

#[test]
fn sarif_is_valid() {
    let scratch = tempfile::tempdir().unwrap();
    let schema = repository().join("tests/lint/sarif-2.1.0.schema.json");
    let check = "import json, sys, jsonschema\n\
                 schema, document = (json.load(open(path)) for path in sys.argv[1:])\n\
                 jsonschema.Draft7Validator(schema).validate(document)";
    let python = environment().join("bin/python");
    let broken = Project::new().file("pyproject.toml", "[project]\nname = 'x'\n");
    let broken = broken.file("src/x/nodes/node_x/contract.yaml", "name: [\n");
    let folders = [seed(), order(), broken.at(""), scratch.path().to_owned()];
    for (index, folder) in folders.iter().enumerate() {
        // A path that is not there makes a notification instead of results.
        let paths: &[&str] = if index == 3 { &["nowhere"] } else { &[] };
        let output = run(folder, &[&["lint", "--format", "sarif"], paths].concat());
        let document = json(&output);
        assert_eq!(document["runs"][0]["results"].as_array().unwrap().is_empty(), index == 3);
        let file = scratch.path().join(format!("{index}.sarif"));
        std::fs::write(&file, &output.stdout).unwrap();
        let judged =
            Command::new(&python).args(["-c", check]).arg(&schema).arg(&file).output().unwrap();
        assert!(judged.status.success(), "{}", text(&judged.stderr));
        for result in document["runs"][0]["results"].as_array().unwrap() {
            let rule = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(
                document["runs"][0]["tool"]["driver"]["rules"][rule]["id"],
                result["ruleId"]
            );
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                .as_str()
                .unwrap();
            assert!(folder.join(uri).is_file(), "{uri}");
        }
    }
}

#[test]
fn warnings_fail_only_where_they_are_to() {
    assert_eq!(run(&order(), &["lint"]).status.code(), Some(0));
    assert_eq!(run(&order(), &["lint", "--deny-warnings"]).status.code(), Some(1));
    let clean = repository().join("snapshots/generate/invoice_local");
    assert_eq!(run(&clean, &["lint", "--deny-warnings"]).status.code(), Some(0));
}

#[test]
fn a_contract_that_cannot_be_read_ends_with_two_and_the_others_are_told() {
    let project = Project::new();
    project.make(&[]).exit(0);
    let project = project.file("src/myapp/nodes/node_b_orchestrator/contract.yaml", "name: [\n");
    let output = run(&project.at(""), &["lint", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stdout);
    assert!(said.contains("node_b_orchestrator/contract.yaml:"), "{said}");
    assert!(said.contains("error[no-event-bus]"), "{said}");
}

#[test]
fn paths_choose_the_nodes() {
    let project = Project::new();
    project.make(&[]).exit(0);
    let project = project.file(
        "src/myapp/nodes/node_b_orchestrator/contract.yaml",
        "name: node_b_orchestrator\nnode_type: ORCHESTRATOR_GENERIC\n",
    );
    let linted = |paths: &[&str]| {
        let output = run(&project.at(""), &[&["lint", "--format", "json"], paths].concat());
        let files = json(&output)["diagnostics"].as_array().unwrap().clone();
        let node =
            |finding: &Value| finding["file"].as_str().unwrap().contains("node_b_orchestrator");
        let (of_b, others): (Vec<Value>, Vec<Value>) = files.into_iter().partition(node);
        (!of_b.is_empty(), !others.is_empty())
    };
    assert_eq!(linted(&[]), (true, true));
    assert_eq!(linted(&["src/myapp/nodes/node_b_orchestrator"]), (true, false));
    assert_eq!(linted(&[SEED_NODE]), (false, true));
    assert_eq!(linted(&[&format!("{SEED_NODE}/contract.yaml")]), (false, true));
    assert_eq!(run(&project.at(""), &["lint", "nowhere"]).status.code(), Some(2));
    // From inside the node, paths are shown from where one stands.
    let inside = run(&project.at(SEED_NODE), &["lint", "--format", "concise"]);
    let said = text(&inside.stdout);
    assert!(
        said.contains("\n../node_b_orchestrator/contract.yaml:") || said.contains("../../../../"),
        "{said}"
    );
}

#[test]
fn rules_are_explained() {
    let folder = repository();
    let output = run(&folder, &["explain", "workflow-cycle"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(said.starts_with("error[workflow-cycle]\n\nSteps of the workflow wait"), "{said}");
    for heading in ["# What it checks", "# Why", "# Example", "# Instead"] {
        assert!(said.contains(heading), "{heading}");
    }
    let output = run(&folder, &["explain", "workflow-cicle"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("did you mean `workflow-cycle`?"));
    let list = text(&run(&folder, &["explain"]).stdout);
    for rule in RULES {
        assert!(list.lines().any(|line| line.starts_with(rule.id())), "{}", rule.id());
    }
}

/// Cases whose contract is in a dialect that the runtimes refuse: that is what they are there for.
const DIALECTS: [&str; 6] = ["dialects", "flat_project", "samples", "seed", "unions", "vocabulary"];

#[test]
fn what_new_writes_has_no_errors() {
    let mut clean = 0;
    for case in std::fs::read_dir(repository().join("snapshots/generate")).unwrap() {
        let case = case.unwrap().path();
        let output = run(&case, &["lint", "--format", "json"]);
        let findings = json(&output)["diagnostics"].as_array().unwrap().clone();
        let errors: Vec<&Value> =
            findings.iter().filter(|finding| finding["severity"] == "error").collect();
        let dialect = DIALECTS.contains(&case.file_name().unwrap().to_str().unwrap());
        let in_contract =
            |error: &&&Value| error["file"].as_str().unwrap().ends_with("contract.yaml");
        if dialect {
            assert_eq!(errors.iter().filter(in_contract).count(), errors.len(), "{errors:#?}");
            assert!(!errors.is_empty(), "{} is no dialect", case.display());
        } else {
            assert!(errors.is_empty(), "{}: {errors:#?}", case.display());
            clean += 1;
        }
    }
    assert!(clean >= 7, "only {clean} cases are clean");
}

/// Every error in the installed framework was looked at: `tests/lint/reviewed.txt` says what each is.
#[test]
fn errors_in_the_framework_are_reviewed() {
    let python = environment().join("bin/python");
    let find =
        "import omnibase_core, pathlib; print(pathlib.Path(omnibase_core.__file__).parents[1])";
    let packages = Command::new(python).args(["-c", find]).output().unwrap();
    let packages = PathBuf::from(text(&packages.stdout).trim());
    let output = run(&packages, &["lint", "omnibase_core", "omnibase_infra", "--format", "json"]);
    let document = json(&output);
    let findings = document["diagnostics"].as_array().unwrap();
    assert!(findings.len() > 100, "only {} findings", findings.len());
    let errors = findings.iter().filter(|finding| finding["severity"] == "error");
    let found: BTreeSet<String> = errors
        .map(|error| {
            let word = |key: &str| error[key].as_str().unwrap().to_owned();
            format!("{} {} {}", word("file"), word("rule"), error["line"])
        })
        .collect();
    let list = std::fs::read_to_string(repository().join("tests/lint/reviewed.txt")).unwrap();
    let mut reviewed = BTreeSet::new();
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (place, verdict) =
            line.split_once(": ").unwrap_or_else(|| panic!("no verdict: {line}"));
        assert!(verdict.starts_with("true, "), "not true, so it must not be an error: {line}");
        reviewed.insert(place.to_owned());
    }
    let unseen: Vec<_> = found.difference(&reviewed).collect();
    let gone: Vec<_> = reviewed.difference(&found).collect();
    assert!(
        unseen.is_empty() && gone.is_empty(),
        "not reviewed: {unseen:#?}\nno longer found: {gone:#?}"
    );
}

/// The table of rules in README.md.
#[test]
fn the_table_of_rules_is_fresh() {
    let mut table = "| rule | severity | what it finds |\n|---|---|---|\n".to_owned();
    for rule in RULES {
        let _ = writeln!(
            table,
            "| `{}` | {} | {} |",
            rule.id(),
            rule.severity().as_str(),
            summary(*rule).trim_end_matches('.')
        );
    }
    update_region("rules", &table);
}

/// What `--fix` makes of the seed's own contract is a case of its own, which the acceptance suite judges.
#[test]
fn the_seed_is_fixed_into_a_contract_that_is_judged() {
    let project = Project::new();
    project.make(&[]).exit(0);
    let path = format!("{SEED_NODE}/contract.yaml");
    let before = project.tree();
    let shown = run(&project.at(""), &["lint", "--diff"]);
    assert_eq!(project.tree(), before, "--diff writes");
    assert!(text(&shown.stdout).contains("+node_version: { major: 1, minor: 0, patch: 0 }\n"));
    let fixed = run(&project.at(""), &["lint", "--fix", "--format", "json"]);
    assert_eq!(fixed.status.code(), Some(0), "{}", text(&fixed.stdout));
    assert_eq!(json(&fixed)["written"], true);
    let wanted = repository().join("tests/cases/seed_fixed/contract.yaml");
    assert_eq!(project.read(&path), std::fs::read_to_string(wanted).unwrap());
    let after = project.tree();
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text))
        .map(|(p, _)| p)
        .collect();
    assert_eq!(changed, [&path]);
    // A second run has nothing to do, and says so.
    let again = run(&project.at(""), &["lint", "--fix"]);
    assert_eq!(project.tree(), after);
    assert!(!text(&again.stdout).contains("fixed"), "{}", text(&again.stdout));
}
