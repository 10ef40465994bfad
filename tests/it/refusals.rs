//! Every refusal ends with 2, names the next step, and leaves every byte where it was.

use crate::project::{Outcome, Project, SEED, SEED_NODE};

/// Runs, and asserts that it ends with 2 and changes nothing.
#[track_caller]
fn refused(project: &Project, arguments: &[&str]) -> Outcome {
    let before = project.tree();
    let outcome = project.make(arguments).exit(2);
    assert_eq!(project.tree(), before);
    assert_eq!(outcome.stdout, "");
    outcome
}

fn app() -> Project {
    Project::standing("[project]\nname = 'myapp'\n").file("src/myapp/__init__.py", "")
}

#[test]
fn a_node_that_stands_is_not_overwritten() {
    let project = Project::new();
    project.make(&["--path", "shop"]).exit(0);
    refused(&project, &["--path", "shop"])
        .says("error[node-exists]: a node stands in shop/src/myapp/nodes/node_order_workflow_orchestrator")
        .says("onex regenerate shop/src/myapp/nodes/node_order_workflow_orchestrator");
    refused(&project, &["--path", "shop", "--dry-run"]).says("node-exists");
}

#[test]
fn another_contract_in_place_is_a_node() {
    let project = app().file(&format!("{SEED_NODE}/contract.yaml"), "name: other\n");
    refused(&project, &[]).says("node-exists");
}

#[test]
fn a_name_that_is_not_the_contracts_is_told_with_both() {
    refused(&Project::new(), &["parcel_return"])
        .says("`node_parcel_return_orchestrator`")
        .says("`node_order_workflow_orchestrator`");
    refused(&Project::new(), &["../../evil"])
        .says("`../../evil` cannot be a node's name: it contains `.`");
}

#[test]
fn modules_of_another_package_are_underlined() {
    let project = Project::standing("[project]\nname = 'shop'\n").file("shop/__init__.py", "");
    refused(&project, &[]).says("contract.yaml:66:").says("^^^^");
}

#[test]
fn several_packages_without_a_choice_are_listed() {
    let project = Project::standing("[project]\nname = 'x'\n")
        .file("src/a/__init__.py", "")
        .file("src/b/__init__.py", "");
    refused(&project, &[]).says("`a` (src/a), `b` (src/b)").says("--package a or --package b");
    refused(&project, &["--package", "c"]).says("the project has no package `c`");
}

#[test]
fn a_folder_with_other_things_is_no_project() {
    let project = Project::new().file("notes.txt", "mine");
    refused(&project, &[]).says("no Python project").says("--path");
    refused(&project, &["--path", "."]).says("no pyproject.toml");
    refused(&project, &["--path", "notes.txt"]).says("is no folder");
    let inside = app().file("docs/index.md", "");
    refused(&inside, &["--path", "docs"]).says("the project around it: --path ");
}

#[test]
fn a_file_in_the_way_stops_everything() {
    let test = "tests/nodes/node_order_workflow_orchestrator/test_contract.py";
    let project = app().file(test, "mine = 1\n");
    refused(&project, &[])
        .says(&format!("error[conflict]: {test} cannot be written"))
        .says("nothing was written");
    refused(&app().file("tests", "a file"), &[]).says("tests is no folder");
    refused(&app().file("src/myapp/Nodes/x.txt", ""), &[]).says("upper and lower case alone");
}

#[test]
fn an_entry_point_of_that_name_is_not_taken_over() {
    let entry = "node_order_workflow_orchestrator = 'elsewhere:Node'";
    let pyproject =
        format!("[project]\nname = 'myapp'\n[project.entry-points.'onex.nodes']\n{entry}\n");
    let project = Project::standing(&pyproject).file("myapp/__init__.py", "");
    refused(&project, &[]).says("error[entry-point-taken]").says("pyproject.toml:4:");
}

#[test]
fn a_pyproject_that_cannot_be_used_is_underlined() {
    refused(&Project::standing("[project\n"), &[]).says("error[invalid-toml]");
    let wrong = Project::standing("[tool.onex.scaffold]\nhandler-style = 'fancy'\n");
    refused(&wrong, &[]).says("pyproject.toml:2:17").says("envelope, dual, definition-b, template");
}

#[test]
fn a_contract_that_cannot_be_read_is_named() {
    let project = Project::new();
    let missing = project.run(&["new", "orchestrator", "--contract", "no.yaml"]).exit(2);
    missing.says("cannot read no.yaml");
    refused(&Project::new().contract("a: [1\n"), &[]).says("contract.yaml:");
    refused(&Project::new().contract("- a\n"), &[]).says("error[");
}

#[test]
fn every_mistake_is_told_at_once() {
    let contract = SEED
        .replace("name: \"HandlerOrderPlaced\"", "name: \"class\"")
        .replace("name: \"HandlerOrderFulfilled\"", "name: \"a b\"");
    let outcome = refused(&Project::new().contract(&contract), &[]);
    outcome
        .says("contract.yaml:65:")
        .says("contract.yaml:74:")
        .says("such as `HandlerOrderPlaced`");
}

#[test]
fn what_keeps_a_name_from_being_used_hides_no_other_mistake() {
    for (line, rule) in [
        ("name: \"n\u{e4}me!\"\n", "unusable-name"),
        ("", "missing-name"),
        ("name: \"class\"\n", ""),
    ] {
        let contract = format!(
            "{line}handler_routing:\n  handlers:\n    - {{handler: {{name: \"a b\"}}, event_model: {{name: \"c d\"}}}}\n"
        );
        let outcome = refused(&Project::new().contract(&contract), &["--package", "myapp"]);
        outcome
            .says(rule)
            .says("`a b` cannot be a class name")
            .says("`c d` cannot be a class name");
    }
}

#[test]
fn a_node_is_not_called_as_its_base() {
    let contract = "name: \"orchestrator\"\nnode_type: ORCHESTRATOR_GENERIC\n";
    let outcome = refused(&app().contract(contract), &[]);
    outcome.says("error[unusable-name]").says("`NodeOrchestrator`").says("contract.yaml:1:7");
}

/// A contract with these routing entries.
fn routed(entries: &[&str]) -> String {
    let entries: String = entries.iter().map(|entry| format!("    - {{{entry}}}\n")).collect();
    format!("name: node_c\nhandler_routing:\n  handlers:\n{entries}")
}

#[test]
fn a_module_is_a_file_or_a_package() {
    let event = "event_model: {name: ModelA, module: myapp.models.model_a}";
    for (entries, module) in [
        (
            vec![format!("{event}, handler: {{name: HandlerA, module: myapp.nodes.node_c.handlers}}")],
            "`myapp.nodes.node_c.handlers` would be a file and a package",
        ),
        (
            vec![
                format!("{event}, handler: {{name: HandlerA}}"),
                "event_model: {name: ModelB, module: myapp.models.model_a.more}, handler: {name: HandlerB}".to_owned(),
            ],
            "`myapp.models.model_a` would be a file and a package",
        ),
        (
            vec![format!("{event}, handler: {{name: HandlerA, module: myapp.nodes.node_c.node.handler_a}}")],
            "`myapp.nodes.node_c.node` would be a file and a package",
        ),
    ] {
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let outcome = refused(&app().contract(&routed(&entries)), &[]);
        outcome.says("error[colliding-names]").says(module).says("needs the package of that name");
    }
}

#[test]
fn two_tests_do_not_share_a_file() {
    let entry = |class: &str, module: &str| {
        format!("handler: {{name: {class}, module: myapp.nodes.node_c.handlers.{module}}}")
    };
    let (one, two) = (entry("HandlerA", "one.handler_x"), entry("HandlerB", "two.handler_x"));
    refused(&app().contract(&routed(&[&one, &two])), &[]).says("would both be test_handler_x.py");
    let contract = entry("HandlerA", "contract");
    refused(&app().contract(&routed(&[&contract])), &[]).says("would both be test_contract.py");
}

#[test]
fn a_handler_has_one_category() {
    let entry = |model: &str, kind: &str| {
        format!(
            "handler: {{name: HandlerA}}, event_model: {{name: {model}}}, topic: onex.{kind}.shop.{kind}.v1"
        )
    };
    let (event, command) = (entry("ModelA", "evt"), entry("ModelB", "cmd"));
    refused(&app().contract(&routed(&[&event, &command])), &[])
        .says("error[mixed-categories]: `HandlerA` would consume commands as well as events")
        .says("an earlier one routes events")
        .says("split the handler");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_that_leads_outside() {
    let outside = tempfile::tempdir().unwrap();
    let project = Project::standing("[project]\nname = 'myapp'\n");
    std::os::unix::fs::symlink(outside.path(), project.at("src")).unwrap();
    std::fs::create_dir(outside.path().join("myapp")).unwrap();
    std::fs::write(outside.path().join("myapp/__init__.py"), "").unwrap();
    let outcome = project.make(&[]).exit(2);
    outcome.says("error[workspace]").says("leads out of the project through a link");
    assert_eq!(std::fs::read_dir(outside.path().join("myapp")).unwrap().count(), 1);
}

#[test]
fn a_usage_error_names_what_is_missing() {
    let project = Project::new();
    project.make(&["--handler-style", "fancy"]).exit(2).says("definition-b");
}

#[test]
fn kinds_that_are_not_here_name_the_frameworks_command() {
    for kind in ["compute", "effect", "reducer"] {
        let outcome = Project::new().run(&["new", kind, "price-book", "--x"]).exit(2);
        outcome.says(&format!("onex new node price-book --type {kind}"));
    }
    Project::new().run(&["new", "effect"]).exit(2).says("onex new node NAME --type effect");
    Project::new()
        .run(&["new", "effect", "$(id)"])
        .exit(2)
        .says("onex new node NAME --type effect");
}
