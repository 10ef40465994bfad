//! A contract in, a node out: where it lands and what else changes.

use crate::project::{Project, SEED, SEED_NODE};

#[test]
fn a_missing_folder_becomes_a_project_with_the_node() {
    let project = Project::new();
    let outcome = project.make(&["--path", "shop"]).exit(0);
    assert_eq!(outcome.stderr, "");
    assert_eq!(project.read(&format!("shop/{SEED_NODE}/contract.yaml")), SEED);
    let written: Vec<String> = project
        .tree()
        .into_iter()
        .filter(|(_, text)| text.is_some())
        .map(|(path, _)| path)
        .collect();
    assert_eq!(outcome.paths("Created"), written);
    for file in ["pyproject.toml", "README.md", ".gitignore", "src/myapp/py.typed"] {
        assert!(written.contains(&format!("shop/{file}")), "{file}");
    }
    let pyproject = project.read("shop/pyproject.toml");
    assert!(pyproject.contains(
        "node_order_workflow_orchestrator = \
         \"myapp.nodes.node_order_workflow_orchestrator.node:NodeOrderWorkflowOrchestrator\""
    ));
    outcome.prints("\nNext:\n  cd shop\n");
}

#[test]
fn the_empty_working_directory_becomes_a_project() {
    let project = Project::new();
    let outcome = project.make(&[]).exit(0);
    assert!(!outcome.stdout.contains("cd "), "{}", outcome.stdout);
    assert!(project.at(SEED_NODE).join("node.py").is_file());
}

#[test]
fn a_dry_run_tells_the_same_and_writes_nothing() {
    let project = Project::new();
    let dry = project.make(&["--path", "shop", "--dry-run"]).exit(0);
    assert!(project.tree().is_empty());
    let done = project.make(&["--path", "shop"]).exit(0);
    assert_eq!(dry.paths("Would create"), done.paths("Created"));
    dry.prints("Nothing was written");
}

const FLAT: &str = "# ours\n[project]\nname = \"myapp\" # the name\n\n[tool.x]\ny = 1 # keep\n";

#[test]
fn an_existing_project_gets_the_node_and_one_entry() {
    let project = Project::standing(FLAT).file("myapp/__init__.py", "VERSION = 1\n");
    let outcome = project.make(&[]).exit(0);
    assert_eq!(outcome.paths("Updated"), ["pyproject.toml"]);
    assert_eq!(outcome.paths("Kept"), ["myapp/__init__.py"]);
    assert_eq!(project.read("myapp/__init__.py"), "VERSION = 1\n");
    assert_eq!(
        project.read("pyproject.toml"),
        "# ours\n[project]\nname = \"myapp\" # the name\n\n\
         [project.entry-points.\"onex.nodes\"]\nnode_order_workflow_orchestrator = \
         \"myapp.nodes.node_order_workflow_orchestrator.node:NodeOrderWorkflowOrchestrator\"\n\n\
         [tool.x]\ny = 1 # keep\n"
    );
    assert!(project.at("myapp/nodes/node_order_workflow_orchestrator/node.py").is_file());
    assert!(!project.at("src").exists());
    outcome.prints("  python -m pip install omnibase-core pytest pytest-asyncio\n");
}

#[test]
fn an_init_file_that_stands_gets_what_it_lacks() {
    let events = "myapp/models/events/__init__.py";
    let own = "from .model_own import ModelOwn  # ours\n\n__all__ = [\"ModelOwn\"]\n";
    let project = Project::standing(FLAT).file("myapp/__init__.py", "").file(events, own);
    let outcome = project.make(&[]).exit(0);
    assert_eq!(outcome.paths("Updated"), [events, "pyproject.toml"]);
    let merged = project.read(events);
    assert!(merged.contains("from .model_own import ModelOwn  # ours\n"), "{merged}");
    assert!(merged.contains("\"ModelOrderPlacedEvent\""), "{merged}");
    assert!(merged.contains("\"ModelOwn\""), "{merged}");
}

#[test]
fn paths_are_shown_from_where_one_stands() {
    let project = Project::standing(FLAT).file("myapp/__init__.py", "").inside("docs/deep");
    let outcome = project.make(&[]).exit(0);
    assert_eq!(outcome.paths("Updated"), ["../../pyproject.toml"]);
    outcome.prints("\n  cd ../..\n").prints("tests/nodes/node_order_workflow_orchestrator\n");
}

#[test]
fn a_contract_that_lies_in_place_gets_the_rest_of_its_node() {
    let contract = "myapp/nodes/node_order_workflow_orchestrator/contract.yaml";
    let project = Project::standing(FLAT).file("myapp/__init__.py", "").file(contract, SEED);
    let outcome = project.run(&["new", "orchestrator", "--contract", contract]).exit(0);
    assert!(outcome.paths("Kept").contains(&contract.to_owned()));
    assert_eq!(project.read(contract), SEED);
}

#[test]
fn the_name_may_be_spelt_in_every_way() {
    for name in
        ["order_workflow", "order-workflow", "OrderWorkflow", "node_order_workflow_orchestrator"]
    {
        Project::new().make(&[name, "--dry-run"]).exit(0);
    }
}

#[test]
fn the_contract_may_come_from_standard_input() {
    let project = Project::new().input(SEED);
    project.run(&["new", "orchestrator", "--contract", "-"]).exit(0);
    assert_eq!(project.read(&format!("{SEED_NODE}/contract.yaml")), SEED);
}

#[test]
fn of_several_packages_the_contract_names_one() {
    let project = Project::standing("[project]\nname = 'x'\n")
        .file("src/myapp/__init__.py", "")
        .file("src/other/__init__.py", "");
    project.make(&[]).exit(0);
    assert!(project.at(SEED_NODE).is_dir());
}

#[test]
fn the_package_of_a_bare_contract_is_the_folders_name_or_the_given_one() {
    let contract = "name: node_a_orchestrator\nnode_type: ORCHESTRATOR_GENERIC\ndescription: A.\n";
    let node = "nodes/node_a_orchestrator/node.py";
    let project = Project::new().contract(contract);
    project.make(&["--path", "Order-Desk"]).exit(0).says("warning[");
    assert!(project.at("Order-Desk/src/order_desk").join(node).is_file());
    project.make(&["--path", "two", "--package", "desk"]).exit(0);
    assert!(project.at("two/src/desk").join(node).is_file());
}

#[test]
fn the_projects_style_holds_unless_another_is_given() {
    let handler = "myapp/nodes/node_order_workflow_orchestrator/handlers/handler_order_placed.py";
    let handler_of = |arguments: &[&str]| {
        let pyproject = format!("{FLAT}[tool.onex.scaffold]\nhandler-style = 'dual'\n");
        let project = Project::standing(&pyproject).file("myapp/__init__.py", "");
        project.make(arguments).exit(0);
        project.read(handler)
    };
    assert_eq!(handler_of(&[]), handler_of(&["--handler-style", "dual"]));
    assert_ne!(handler_of(&[]), handler_of(&["--handler-style", "envelope"]));
}

#[test]
fn what_pyproject_cannot_hold_is_a_warning_and_the_node_is_written() {
    let project = Project::standing("[tool.ruff]\n").file("myapp/__init__.py", "");
    let outcome = project.make(&[]).exit(0).says("warning[not-registered]");
    assert!(outcome.paths("Updated").is_empty());
    assert_eq!(project.read("pyproject.toml"), "[tool.ruff]\n");
}

/// An event in `output_events` may be written with its module, and another node may define it there.
#[test]
fn an_event_that_another_node_defines_is_taken_as_it_is_defined() {
    let contract = |node: &str, entry: &str, rest: &str| {
        format!(
            "contract_version: {{major: 1, minor: 0, patch: 0}}\n\
             node_version: {{major: 1, minor: 0, patch: 0}}\n\
             name: node_{node}_orchestrator\nnode_type: ORCHESTRATOR_GENERIC\ndescription: It routes.\n\
             handler_routing:\n  version: {{major: 1, minor: 0, patch: 0}}\n  \
             routing_strategy: payload_type_match\n  handlers:\n    - handler: \
             {{name: HandlerA, module: myapp.nodes.node_{node}_orchestrator.handlers.handler_a}}\n      \
             {entry}\n{rest}"
        )
    };
    let defines = contract(
        "first",
        "event_model: {name: ModelSentEvent, module: myapp.models.events}",
        "definitions:\n  ModelSentEvent:\n    description: It was sent.\n    required: [place]\n    \
         properties:\n      place: {type: integer}\n",
    );
    let refers = contract("second", "output_events: [\"myapp.models.events.ModelSentEvent\"]", "");
    let project = Project::new().contract(&defines);
    project.make(&["--path", "."]).exit(0);
    let model = project.read("src/myapp/models/events/model_sent_event.py");
    let project = project.contract(&refers);
    project.make(&["--path", "."]).exit(0);
    assert_eq!(project.read("src/myapp/models/events/model_sent_event.py"), model);
    let handler = "src/myapp/nodes/node_second_orchestrator/handlers/handler_a.py";
    assert!(project.read(handler).contains("place=...,  # int"), "{}", project.read(handler));
    project.run(&["check"]).exit(0).prints("2 nodes checked: in step");
}
