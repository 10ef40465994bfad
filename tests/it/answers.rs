//! `onex new orchestrator` from flags: what they say becomes a contract, and what is wrong with them is underlined.

use crate::project::{Outcome, Project};

const ROUTE: &str = "OrderPlaced(order_id: uuid) -> OrderValidated(order_id: uuid)";
const CONTRACT: &str = "src/work/nodes/node_order_payment_orchestrator/contract.yaml";

fn new(project: &Project, arguments: &[&str]) -> Outcome {
    project.run(&[&["new", "orchestrator"], arguments].concat())
}

/// Runs, and asserts that it ends with 2 and changes nothing.
#[track_caller]
fn refused(project: &Project, arguments: &[&str]) -> Outcome {
    let before = project.tree();
    let outcome = new(project, arguments).exit(2);
    assert_eq!(project.tree(), before);
    assert_eq!(outcome.stdout, "");
    outcome
}

#[test]
fn a_node_comes_of_a_name_and_a_route() {
    let project = Project::new();
    let outcome = new(&project, &["order-payment", "--route", ROUTE]).exit(0);
    assert_eq!(outcome.stderr, "");
    let contract = project.read(CONTRACT);
    assert!(contract.contains("topic: \"onex.evt.work.order-placed.v1\""), "{contract}");
    assert!(contract.contains("description: \"Coordinates the order payment workflow.\""));
    assert!(outcome.paths("Created").contains(&CONTRACT.to_owned()));
}

#[test]
fn the_contract_that_was_written_gives_the_same_node() {
    let answered = Project::new();
    new(&answered, &["order-payment", "--route", ROUTE]).exit(0);
    let contract = answered.read(CONTRACT);
    let given = Project::new().contract(&contract);
    given.make(&[]).exit(0);
    assert_eq!(given.tree(), answered.tree());
}

#[test]
fn the_producer_is_the_given_one_then_the_projects_then_the_package() {
    let topic = |pyproject: &str, more: &[&str]| {
        let project = Project::standing(pyproject).file("src/order_desk/__init__.py", "");
        new(&project, &[&["a", "--route", "B"], more].concat()).exit(0);
        let contract = project.read("src/order_desk/nodes/node_a_orchestrator/contract.yaml");
        let line = contract.lines().find(|line| line.contains(" topic: ")).unwrap();
        line.split('.').nth(2).unwrap().to_owned()
    };
    let choice = "[project]\nname = 'x'\n[tool.onex.scaffold]\nproducer = 'till'\n";
    assert_eq!(topic("[project]\nname = 'x'\n", &[]), "order-desk");
    assert_eq!(topic(choice, &[]), "till");
    assert_eq!(topic(choice, &["--producer", "shop"]), "shop");
}

#[test]
fn what_is_missing_is_named() {
    let project = Project::new();
    refused(&project, &[]).says("NAME is missing").says("--route is missing");
    refused(&project, &["order", "--yes"]).says("--route is missing").says("--contract");
    refused(&project, &["--route", ROUTE]).says("NAME is missing");
    refused(&project, &["order", "--no-interactive"]).says("--route is missing");
}

#[test]
fn mistakes_are_underlined_all_at_once() {
    let outcome = refused(
        &Project::new(),
        &["a b", "--route", "A(x: uid) -> B", "--model", "M(y: Item)", "--step", "s: magic"],
    );
    outcome
        .says("--route:1:6\n  |\n1 | A(x: uid) -> B\n  |      ^^^")
        .says("help: did you mean `uuid`?")
        .says("there is no model `Item`")
        .says("help: add --model 'Item(...)' with its fields")
        .says("`magic` is no kind of step")
        .says("`a b` cannot be a node's name");
}

#[test]
fn what_only_the_contract_can_tell_is_underlined_in_the_flag() {
    let project = Project::new();
    let wrong = "A(x: int = \"three\", y: bool >= 1, z: list[int] = [1, \"a\"])";
    refused(&project, &["order", "--route", wrong])
        .says("1 | A(x: int = \"three\", y: bool >= 1, z: list[int] = [1, \"a\"])\n  |   ^^^^^^^^^^^^^^^^")
        .says("`ge` does not apply to")
        .says("--route:1:35");
    let circle = ["order", "--route", "A(x: M)", "--model", "M(m: M)"];
    refused(&project, &circle).says("--model:1:");
    refused(&project, &["order", "--route", "A -> Intent"]).says("--route:1:6");
}

#[test]
fn a_contract_and_answers_exclude_each_other() {
    let project = Project::new();
    let both = project.make(&["--route", ROUTE]).exit(2);
    both.says("--contract <FILE>").says("--route <ROUTE>");
}

#[test]
fn a_node_that_stands_is_not_asked_for_again() {
    let project = Project::new();
    new(&project, &["order-payment", "--route", ROUTE]).exit(0);
    refused(&project, &["order-payment", "--route", ROUTE]).says("node-exists");
}

#[test]
fn texts_reach_the_contract_and_python_as_texts() {
    let project = Project::new();
    let hostile = "\"\"\"\nimport os\n# {{ x }} ${y} \u{1b}[2J: - 'a\" \\";
    let route = format!("A(x: str = \"{}\")", hostile.replace('\\', "\\\\").replace('"', "\\\""));
    let described = ["order", "--description", hostile, "--route", &route];
    new(&project, &described).exit(0);
    let contract = project.read("src/work/nodes/node_order_orchestrator/contract.yaml");
    assert!(contract.contains("\\nimport os\\n"), "{contract}");
    let model = project.read("src/work/models/events/model_a_event.py");
    assert!(!model.lines().any(|line| line.starts_with("import os")), "{model}");
}

#[test]
fn the_help_explains_the_syntax() {
    let help = Project::new().run(&["new", "orchestrator", "--help"]).exit(0);
    help.prints("payment.process(order_id: uuid) -> node_payment_effect from OrderPlaced");
}
