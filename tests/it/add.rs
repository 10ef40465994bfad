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
    // The workflow says what it said, and what follows from the new message.
    assert!(contract.contains("- node_id: \"sale_cancelled\"\n"), "{contract}");
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

#[test]
fn what_is_missing_is_named() {
    let project = till();
    for part in ["route", "intent", "step"] {
        let example = format!("onex add {part} order_payment '");
        project.run(&["add", part]).exit(2).says("NODE is missing").says(&example);
        project.run(&["add", part, "till"]).exit(2).says("SPEC is missing");
        project.run(&["add", part, "till", "--yes"]).exit(2).says("SPEC is missing");
        project.run(&["add", part, "Sold(a: int) -> B"]).exit(2).says("name the node first");
    }
}

#[test]
fn what_the_contract_describes_is_not_described_again() {
    let again = ["add", "route", "till", "Refund -> Receipt(sum: int)", "--yes"];
    till().run(&again).exit(2).says("the contract describes `Receipt` already, otherwise");
}

/// At a terminal.
#[cfg(unix)]
mod asked {
    use super::*;
    use crate::terminal::{
        CTRL_C, DOWN, ENTER, ESC, INTERRUPTED, NO, Setup, Terminal, UP, assert_same_again,
        assert_screen,
    };

    fn start(project: &Project, arguments: &[&str]) -> Terminal {
        Terminal::start(project, &[&["add"], arguments].concat(), &Setup::default())
    }

    /// Says yes, and holds the outcome against that of the command that was shown.
    #[track_caller]
    fn yes(mut terminal: Terminal, project: &Project) {
        terminal.see("? Write it").keys(ENTER);
        let (code, output) = terminal.end();
        assert_eq!(code, 0, "{output}");
        assert_same_again(&output, project, &till());
        project.run(&["check"]).exit(0);
    }

    #[test]
    fn what_was_said_is_shown_and_one_question_asked() {
        let project = till();
        let before = project.tree();
        let add = ["route", "till", REFUND];
        let mut terminal = start(&project, &add);
        terminal.see("handler_sale_cancelled.py").see("? Write it");
        assert_screen("add_route_shown", &terminal);
        terminal.keys(CTRL_C);
        assert_eq!(terminal.end().0, INTERRUPTED);
        let mut terminal = start(&project, &add);
        terminal.see("? Write it").keys(DOWN).see("❯ no").keys(ENTER);
        let (code, output) = terminal.end();
        assert_eq!(code, NO);
        assert!(output.contains("nothing was written"), "{output}");
        assert_eq!(project.tree(), before);
        yes(start(&project, &add), &project);
    }

    #[test]
    fn a_route_is_asked_for_as_the_wizard_asks() {
        let project = till();
        let mut terminal = start(&project, &["route", "till"]);
        terminal.see("? A message that it handles");
        assert_screen("add_route", &terminal);
        terminal.keys("Sale").see("✗ the node handles `Sale` already").keys("Cancelled");
        terminal.see("ModelSaleCancelledEvent").see("onex.evt.work.sale-cancelled.v1").keys(ENTER);
        terminal.see("? Fields of SaleCancelled").keys("reason: strr").see("did you mean `str`?");
        terminal.keys("\u{15}sale_id: uuid, why: Why").see("to be described next: Why").keys(ENTER);
        terminal.answer("Fields of Why", "text: str");
        terminal.see("? What comes of SaleCancelled").keys("Receipt(x: int)");
        terminal.see("✗ Receipt is described already");
        terminal.keys("\u{15}SaleRefunded, Receipt").see("onex.evt.work.receipt.v1").keys(ENTER);
        // What stands is not asked for; what is new carries on what is always there.
        terminal.see("? Fields of SaleRefunded: sale_id: uuid").keys(ENTER);
        terminal.see("+      sale_id: {type: uuid}").see("? Write it");
        yes(terminal, &project);
    }

    #[test]
    fn an_intent_is_asked_for_with_who_raises_and_who_answers_it() {
        let project = till();
        project.run(&["add", "route", "till", REFUND, "--yes"]).exit(0);
        let mut terminal = start(&project, &["intent", "till"]);
        terminal.answer("An intent that it raises", "payment.refund");
        terminal.see("? Whose handlers raise payment.refund").see("◉ Sale");
        terminal.keys(" ").see("◯ Sale").keys(DOWN).keys(" ").see("◉ SaleCancelled").keys(ENTER);
        terminal.see("? Fields of payment.refund: sale_id: uuid").keys(ENTER);
        terminal.see("? Which node answers payment.refund: node_payment_effect").keys(ENTER);
        terminal.see("+      output_intents: [\"payment.refund\"]").see("? Write it").keys(ENTER);
        let (code, output) = terminal.end();
        assert_eq!(code, 0, "{output}");
        let fresh = till();
        fresh.run(&["add", "route", "till", REFUND, "--yes"]).exit(0);
        assert_same_again(&output, &project, &fresh);
        // Another intent about the same thing is answered by the same node.
        let mut terminal = start(&project, &["intent", "till"]);
        terminal
            .see("? An intent that it raises")
            .keys("payment.refund")
            .see("✗ the contract routes");
        terminal.keys("\u{15}payment.take").see("ModelPaymentTakeIntentPayload").keys(ENTER);
        terminal.see("? Whose handlers raise payment.take").keys(ENTER);
        terminal.answer("Fields of payment.take", "none");
        terminal.see("? Which node answers payment.take: node_payment_effect").keys(CTRL_C);
        assert_eq!(terminal.end().0, INTERRUPTED);
    }

    #[test]
    fn a_step_waits_only_for_steps_that_are_there() {
        let project = till();
        let mut terminal = start(&project, &["step", "till"]);
        terminal.see("? A step").keys("sale").see("✗ there is a step of that name");
        terminal.keys("\u{15}book_sale").see("? A step: book_sale").keys(ENTER);
        terminal.see("? Which node takes book_sale").see("❯ compute").keys(UP).see("❯ effect");
        terminal.keys(ENTER).see("? What book_sale waits for").see("◉ sale").keys(ENTER);
        yes(terminal, &project);
        let contract = project.read(&format!("{NODE}/contract.yaml"));
        let step = "        - node_id: \"book_sale\"\n          node_type: EFFECT_GENERIC\n          depends_on: [\"sale\"]\n";
        assert!(contract.contains(step), "{contract}");
    }

    #[test]
    fn enter_all_the_way_adds_something() {
        for part in ["route", "intent", "step"] {
            let project = till();
            let mut terminal = start(&project, &[part, "till"]);
            while !terminal.see("? ").screen().contains("? Write it") {
                let asked = terminal.screen();
                let label = asked.lines().rfind(|line| line.starts_with("? ")).unwrap().to_owned();
                terminal.keys(ENTER).miss(&label);
            }
            yes(terminal, &project);
        }
    }

    #[test]
    fn of_several_nodes_one_is_chosen() {
        let project = till();
        let shop = ["new", "orchestrator", "shop", "--route", "Opened(at: datetime) -> Ready"];
        project.run(&shop).exit(0);
        let mut terminal = start(&project, &["step"]);
        terminal.see("? Node").see("❯ node_shop_orchestrator").keys(DOWN);
        terminal.see("❯ node_till_orchestrator").keys(ENTER);
        terminal.see("handles: Sale").see("? A step").keys(ESC);
        terminal.see("? Node").see("❯ node_till_orchestrator").miss("handles: Sale").keys(ENTER);
        terminal.answer("A step", "").answer("Which node takes finish_till", "");
        terminal.answer("What finish_till waits for", "");
        terminal.see("onex add step till").see("? Write it").keys(ESC);
        terminal.see("? What finish_till waits for").keys(ENTER).see("? Write it").keys(ENTER);
        let (code, output) = terminal.end();
        assert_eq!(code, 0, "{output}");
        let fresh = till();
        fresh.run(&shop).exit(0);
        assert_same_again(&output, &project, &fresh);
    }

    #[test]
    fn the_only_node_need_not_be_named() {
        let project = till();
        let mut terminal = start(&project, &["step"]);
        terminal.see("node_till_orchestrator").see("? A step").keys(ESC).keys(CTRL_C);
        assert_eq!(terminal.end().0, INTERRUPTED);
        let empty = Project::standing("[project]\nname = 'x'\n");
        let mut terminal = start(&empty, &["step"]);
        terminal.see("no node is there to add to");
        assert_eq!(terminal.end().0, 2);
    }

    #[test]
    fn what_is_wrong_is_told_before_anything_is_asked() {
        let project = till();
        let mut terminal = start(&project, &["route", "till", "A(x: uid)"]);
        terminal.see("did you mean `uuid`?");
        assert_eq!(terminal.end().0, 2);
        let path = format!("{NODE}/contract.yaml");
        let project = project.file(&path, "name: [\n");
        let mut terminal = start(&project, &["route", "till"]);
        terminal.see("error[yaml-syntax]");
        assert_eq!(terminal.end().0, 2);
    }

    #[test]
    fn a_dry_run_asks_and_writes_nothing() {
        let project = till();
        let before = project.tree();
        let mut terminal = start(&project, &["route", "till", REFUND, "--dry-run"]);
        terminal.see("❯ yes, as a dry run").keys(ENTER);
        let (code, output) = terminal.end();
        assert_eq!(code, 0);
        assert!(output.contains("this was a dry run"), "{output}");
        assert_eq!(project.tree(), before);
    }
}
