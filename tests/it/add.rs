//! `onex add`: the contract is edited in place, the node follows, and nothing is written before a yes.

use crate::project::Project;

const NODE: &str = "src/work/nodes/node_till_orchestrator";

fn till() -> Project {
    let project = Project::new();
    let route = "Sale(sale_id: uuid) -> Receipt(sale_id: uuid)";
    project.run(&["new", "orchestrator", "till", "--route", route]).exit(0);
    project
}

const REFUND: &str = "SaleCancelled(sale_id: uuid) -> SaleRefunded(sale_id: uuid)";

#[test]
fn a_route_brings_its_handler_models_and_tests() {
    let project = till();
    let before = project.read(&format!("{NODE}/contract.yaml"));
    let outcome = project.run(&["add", "route", "till", REFUND, "--yes"]).exit(0);
    outcome.prints(&format!("~ {NODE}/contract.yaml  route added\n"));
    let contract = project.read(&format!("{NODE}/contract.yaml"));
    let mut lines = contract.lines();
    assert!(before.lines().all(|line| lines.any(|other| other == line)), "{contract}");
    for file in ["handlers/handler_sale_cancelled.py", "models/model_sale_refunded.py"] {
        assert!(project.at(NODE).join(file).is_file(), "{file}");
    }
    project.run(&["check"]).exit(0);
    project.run(&["regenerate"]).exit(0).prints("nothing to do");
}

#[test]
fn nothing_is_written_before_a_yes() {
    let project = till();
    let before = project.tree();
    let add = ["add", "route", "till", REFUND];
    project.run(&add).exit(2).says("--yes is missing").prints("+ ");
    project.run(&[&add[..], &["--dry-run"]].concat()).exit(0).prints("this was a dry run");
    assert_eq!(project.tree(), before);
}

#[test]
fn mistakes_are_underlined_and_change_nothing() {
    let project = till();
    let before = project.tree();
    for (arguments, problem) in [
        (&["route", "till", "Sale -> B"][..], "the node handles `Sale` already"),
        (&["route", "till", "A(x: Item)"], "there is no model `Item`"),
        (&["route", "till", "A(x: uid)"], "did you mean `uuid`?"),
        (&["intent", "till", "a.b -> c from Sales"], "did you mean `Sale`?"),
        (&["step", "till", "a: effect after b"], "there is no step `b`"),
        (&["step", "shop", "a: effect"], "there is no node `shop`"),
    ] {
        let words = [&["add"], arguments, &["--yes"]].concat();
        project.run(&words).exit(2).says(problem);
    }
    assert_eq!(project.tree(), before);
}

#[test]
fn what_is_written_so_that_nothing_fits_in_is_left_alone() {
    let project = till();
    let path = format!("{NODE}/contract.yaml");
    let contract =
        project.read(&path).replace("publish_topics:\n    - ", "publish_topics: &t\n    - ");
    let contract = contract + "x_copy: *t\n";
    let project = project.file(&path, &contract);
    project.run(&["add", "route", "till", REFUND, "--yes"]).exit(2).says("add it by hand");
    assert_eq!(project.read(&path), contract);
}

#[cfg(unix)]
#[test]
fn at_a_terminal_the_plan_is_shown_and_one_question_asked() {
    use crate::terminal::{CTRL_C, ENTER, Setup, Terminal};
    let project = till();
    let before = project.tree();
    let add = ["add", "route", "till", REFUND];
    let mut terminal = Terminal::start(&project, &add, &Setup::default());
    terminal.see("handler_sale_cancelled.py").see("? Write it").keys(CTRL_C);
    assert_eq!(terminal.end().0, 2);
    assert_eq!(project.tree(), before);
    let mut terminal = Terminal::start(&project, &add, &Setup::default());
    terminal.see("? Write it").keys(ENTER);
    assert_eq!(terminal.end().0, 0);
    project.run(&["check"]).exit(0);
}
