//! `onex new orchestrator` at a terminal, from the first question to the last.

use crate::project::Project;
use crate::terminal::{
    BACKSPACE, CTRL_C, DOWN, ENTER, ESC, INTERRUPTED, NO, Setup, Terminal, UP, assert_same_again,
    assert_screen,
};

const NEW: &[&str] = &["new", "orchestrator"];

fn start(project: &Project) -> Terminal {
    Terminal::start(project, NEW, &Setup::default())
}

/// Answers the questions that a new project is asked first, with Enter.
fn through_choices(terminal: &mut Terminal) {
    for label in ["Project", "How handlers are called", "Producer", "License header"] {
        terminal.answer(label, "");
    }
}

#[test]
fn enter_all_the_way_gives_a_node() {
    let project = Project::new();
    let mut terminal = start(&project);
    terminal.see("? Project");
    assert_screen("first_question", &terminal);
    through_choices(&mut terminal);
    terminal.see("? Name").see("node_work_orchestrator").see("NodeWorkOrchestrator");
    assert_screen("name", &terminal);
    for label in [
        "Name",
        "What it does",
        "A message that it handles",
        "Fields of WorkRequested",
        "What comes of WorkRequested",
        "Fields of WorkCompleted",
        "Another message that it handles",
        "An intent that it raises",
        "Workflow",
    ] {
        terminal.answer(label, "");
    }
    terminal.see("? Write it");
    assert!(project.tree().is_empty(), "something was written before the yes");
    terminal.keys(ENTER);
    let (code, output) = terminal.end();
    assert_eq!(code, 0, "{output}");
    assert!(project.at("src/work/nodes/node_work_orchestrator/node.py").is_file());
    let pyproject = project.read("pyproject.toml");
    assert!(
        pyproject
            .contains("[tool.onex.scaffold]\nhandler-style = \"envelope\"\nproducer = \"work\"\n"),
        "{pyproject}"
    );
    assert_same_again(&output, &project, &Project::new());
}

#[test]
fn everything_can_be_answered() {
    let project = Project::new();
    let mut terminal = start(&project);
    terminal.answer("Project", "desk");
    terminal.see("? How handlers are called").keys(DOWN).see("❯ dual").keys(ENTER);
    terminal.answer("Producer", "orders");
    terminal.answer("License header", "SPDX-License-Identifier: MIT");
    terminal.answer("Name", "order-payment");
    terminal.answer("What it does", "It's the \"till\": $HOME `id`");
    terminal.answer("A message that it handles", "OrderPlaced");
    terminal.answer("Fields of OrderPlaced", "order_id: uuid, items: list[OrderItem] len 1..");
    terminal.answer("Fields of OrderItem", "price: decimal >= 0, place: Address?");
    terminal.answer("Fields of Address", "zip_code: str ~ \"^[0-9]{5}$\"");
    terminal.answer("What comes of OrderPlaced", "OrderValidated, OrderRefused");
    terminal.answer("Fields of OrderValidated", "");
    terminal.answer("Fields of OrderRefused", "reason: \"stock\"|\"customer\"");
    terminal.answer("Another message that it handles", "CancelOrderCommand(order_id: uuid)");
    terminal.answer("What comes of CancelOrderCommand", "");
    terminal.answer("Fields of CancelOrderHandled", "");
    terminal.answer("Another message that it handles", "");
    terminal.answer("An intent that it raises", "payment.process");
    terminal.see("? Whose handlers raise payment.process");
    assert_screen("who_raises", &terminal);
    terminal.keys(DOWN).keys(" ").see("◉ CancelOrderCommand").keys(UP).keys(ENTER);
    terminal.answer("Fields of payment.process", "order_id: uuid");
    terminal.answer("Which node answers payment.process", "");
    terminal.answer("Another intent that it raises", "");
    terminal.see("? Workflow").keys(DOWN).see("❯ others").keys(ENTER);
    terminal.answer("A step", "");
    terminal.answer("Which node takes receive_order_placed", "");
    terminal.answer("Another step", "validate_order");
    terminal.answer("Which node takes validate_order", "");
    terminal.see("? What validate_order waits for").see("◉ receive_order_placed").keys(ENTER);
    terminal.answer("Another step", "");
    terminal.see("? Write it").keys(ENTER);
    let (code, output) = terminal.end();
    assert_eq!(code, 0, "{output}");
    let folder = "desk/src/desk/nodes/node_order_payment_orchestrator";
    let contract = project.read(&format!("{folder}/contract.yaml"));
    for line in [
        "description: \"It's the \\\"till\\\": $HOME `id`\"",
        "      output_intents: [\"payment.process\"]",
        "          depends_on: [\"receive_order_placed\"]",
        "      reason: {type: enum, enum: [\"stock\", \"customer\"]}",
    ] {
        assert!(contract.contains(line), "{line} is not in {contract}");
    }
    assert_eq!(contract.matches("output_intents: [").count(), 2);
    let shell = project.read(&format!("{folder}/node.py"));
    assert!(shell.starts_with("# SPDX-License-Identifier: MIT\n"), "{shell}");
    assert_same_again(&output, &project, &Project::new());
}

#[test]
fn mistakes_are_told_while_they_are_typed() {
    let project = Project::new();
    let mut terminal = start(&project);
    through_choices(&mut terminal);
    terminal.see("? Name").keys("order flow").see("✗ no name: it contains a space");
    assert_screen("name_with_a_mistake", &terminal);
    terminal.keys(ENTER).see("✗ no name");
    terminal.keys(&BACKSPACE.repeat(5)).see("node_order_orchestrator").keys(ENTER);
    terminal.answer("What it does", "");
    terminal.see("? A message that it handles").keys("order_placed").see("write `OrderPlaced`");
    terminal
        .keys("\u{15}OrderPlaced")
        .see("ModelOrderPlacedEvent")
        .see("onex.evt.work.order-placed.v1")
        .keys(ENTER);
    terminal.see("? Fields of OrderPlaced").keys("n: uid").see("did you mean `uuid`?");
    terminal.keys("\u{15}n: int = \"x\"").see("✗ the default of field `n` is a string");
    terminal.keys("\u{15}items: list[Item]").see("to be described next: Item");
    assert_screen("fields", &terminal);
    terminal.keys(CTRL_C);
    assert_eq!(terminal.end().0, INTERRUPTED);
}

#[test]
fn what_is_pasted_is_one_answer_whatever_lines_it_has() {
    let project = Project::new();
    let mut terminal = start(&project);
    through_choices(&mut terminal);
    terminal.answer("Name", "till").see("? What it does");
    terminal
        .keys("\u{1b}[200~Takes the money,\r  gives change,\r\n\tand says thanks.\n\u{1b}[201~");
    terminal.see("? What it does: Takes the money, gives change, and says thanks.").keys(ENTER);
    terminal.answer("A message that it handles", "A(x: int)").answer("What comes of A", "none");
    terminal.answer("Another message that it handles", "").answer("An intent that it raises", "");
    // There is nothing to paste into a list.
    terminal.see("? Workflow").keys("\u{1b}[200~\n\n\u{1b}[201~").keys(ENTER);
    terminal.see("? Write it").keys(ENTER);
    let (code, output) = terminal.end();
    assert_eq!(code, 0, "{output}");
    assert_same_again(&output, &project, &Project::new());
}

#[test]
fn esc_goes_back_and_the_answer_is_there_to_be_changed() {
    let project = Project::new();
    let mut terminal = start(&project);
    through_choices(&mut terminal);
    terminal.answer("Name", "till");
    terminal.answer("What it does", "Sells.");
    terminal.see("? A message that it handles").keys(ESC);
    terminal.see("? What it does: Sells.").keys(ESC);
    terminal.see("? Name: till").miss("✔ Name");
    assert_screen("back_at_the_name", &terminal);
    terminal.keys("s").see("node_tills_orchestrator").keys(ENTER);
    terminal.answer("What it does", "");
    terminal.answer("A message that it handles", "A(x: int)");
    terminal.answer("What comes of A", "none");
    terminal.answer("Another message that it handles", "");
    terminal.answer("An intent that it raises", "");
    terminal.answer("Workflow", "");
    // Even the last question has a way back.
    terminal.see("? Write it").keys(ESC);
    terminal.see("? Workflow").keys(ENTER);
    terminal.see("? Write it").keys(ENTER);
    let (code, output) = terminal.end();
    assert_eq!(code, 0, "{output}");
    assert!(project.at("src/work/nodes/node_tills_orchestrator").is_dir());
    assert_same_again(&output, &project, &Project::new());
}

#[test]
fn esc_at_the_first_question_stays_there() {
    let project = Project::new();
    let mut terminal = start(&project);
    terminal.see("? Project").keys(ESC).keys(ESC).keys("desk").see("? Project: desk").keys(ENTER);
    terminal.see("✔ Project: desk").keys(CTRL_C);
    assert_eq!(terminal.end().0, INTERRUPTED);
}

#[test]
fn ctrl_c_leaves_nothing_behind_wherever_it_is_pressed() {
    let labels = [
        "Project",
        "How handlers are called",
        "Producer",
        "License header",
        "Name",
        "What it does",
    ];
    for stop in 0..labels.len() {
        let project = Project::new();
        let mut terminal = start(&project);
        for label in &labels[..stop] {
            terminal.answer(label, "");
        }
        terminal.see(&format!("? {}", labels[stop])).keys(CTRL_C);
        let (code, output) = terminal.end();
        assert_eq!(code, INTERRUPTED);
        assert!(output.contains("nothing was written"), "{output}");
        assert!(project.tree().is_empty());
    }
}

#[test]
fn a_no_leaves_nothing_behind() {
    let project = Project::new();
    let mut terminal = start(&project);
    through_choices(&mut terminal);
    terminal.answer("Name", "").answer("What it does", "");
    terminal.answer("A message that it handles", "A(x: int)").answer("What comes of A", "none");
    terminal.answer("Another message that it handles", "").answer("An intent that it raises", "");
    terminal.answer("Workflow", "").see("? Write it").keys(DOWN).see("❯ no").keys(ENTER);
    let (code, output) = terminal.end();
    assert_eq!(code, NO);
    assert!(output.contains("nothing was written"), "{output}");
    assert!(project.tree().is_empty());
}

#[test]
fn a_project_is_asked_for_its_choices_once() {
    let pyproject = "[project]\nname = 'shop'\n\n[tool.onex.scaffold]\nproducer = 'till'\n";
    let project = || Project::standing(pyproject).file("src/shop/__init__.py", "");
    let asked = project();
    let mut terminal = start(&asked);
    terminal.see("a project, package shop in src/shop, tests in tests");
    terminal.answer("Project", "");
    terminal.see("? Name").see("onex.evt.till.shop-requested.v1").keys(CTRL_C);
    assert_eq!(terminal.end().0, INTERRUPTED);
    assert_eq!(asked.tree(), project().tree());
}

#[test]
fn a_project_that_stands_may_choose_its_tests_folder() {
    let project =
        || Project::standing("[project]\nname = 'shop'\n").file("src/shop/__init__.py", "");
    let asked = project();
    let mut terminal = start(&asked);
    through_choices(&mut terminal);
    terminal.answer("Tests folder", "checks");
    terminal.answer("Name", "").answer("What it does", "");
    terminal.answer("A message that it handles", "A(x: int)").answer("What comes of A", "none");
    terminal.answer("Another message that it handles", "").answer("An intent that it raises", "");
    terminal.answer("Workflow", "").see("? Write it").keys(ENTER);
    let (code, output) = terminal.end();
    assert_eq!(code, 0, "{output}");
    assert!(asked.at("checks/nodes/node_shop_orchestrator/test_handler_a.py").is_file());
    assert!(asked.read("pyproject.toml").contains("tests = \"checks\"\n"));
    assert_same_again(&output, &asked, &project());
}

#[test]
fn of_several_packages_one_is_chosen() {
    let project = Project::standing("[project]\nname = 'x'\n[tool.onex.scaffold]\n")
        .file("src/a/__init__.py", "")
        .file("src/b/__init__.py", "");
    let mut terminal = start(&project);
    terminal.answer("Project", "");
    terminal.see("? Package").keys(DOWN).see("❯ b").keys(ENTER);
    terminal.see("? Name: b").see("node_b_orchestrator").keys(CTRL_C);
    assert_eq!(terminal.end().0, INTERRUPTED);
}

#[test]
fn what_flags_say_is_not_asked() {
    let project = Project::new();
    let given = [
        "--path",
        "desk",
        "--producer",
        "orders",
        "--handler-style",
        "dual",
        "--description",
        "It.",
    ];
    let mut terminal =
        Terminal::start(&project, &[NEW, &["till"], &given].concat(), &Setup::default());
    terminal.answer("License header", "");
    terminal.see("? Name: till").keys(ENTER);
    terminal.answer("A message that it handles", "A(x: int)").answer("What comes of A", "none");
    terminal.answer("Another message that it handles", "").answer("An intent that it raises", "");
    terminal.answer("Workflow", "").see("? Write it").keys(ENTER);
    let (code, output) = terminal.end();
    assert_eq!(code, 0, "{output}");
    assert_same_again(&output, &project, &Project::new());
}

#[test]
fn a_narrow_terminal_is_enough() {
    let project = Project::new();
    let setup = Setup { size: (24, 32), ..Setup::default() };
    let mut terminal = Terminal::start(&project, NEW, &setup);
    terminal.see("? Project").keys(ENTER);
    terminal.see("? How handlers are called");
    assert_screen("narrow_list", &terminal);
    terminal.keys(ENTER);
    terminal.answer("Producer", "").answer("License header", "").answer("Name", "");
    terminal
        .see("? What it does")
        .keys("Takes an order from the till to the warehouse.")
        .see("o the warehouse");
    assert_screen("narrow_text", &terminal);
    terminal.keys(CTRL_C);
    assert_eq!(terminal.end().0, INTERRUPTED);
}

#[test]
fn a_terminal_may_change_its_size() {
    let project = Project::new();
    let mut terminal = start(&project);
    through_choices(&mut terminal);
    terminal
        .see("? Name")
        .keys("order_payment_of_the_whole_shop")
        .see("order_payment_of_the_whole_shop");
    terminal.resize(20, 40).see("\n  orchestrator\n");
    assert_screen("resized", &terminal);
    terminal.resize(40, 100).keys(ENTER).see("✔ Name: order_payment_of_the_whole_shop");
    terminal.see("? What it does").keys(CTRL_C);
    assert_eq!(terminal.end().0, INTERRUPTED);
}

#[test]
fn colours_and_signs_are_left_out_where_they_are_not_wanted() {
    let project = Project::new();
    let environment = [("LANG", "C"), ("NO_COLOR", "1")];
    let setup = Setup { environment: &environment, ..Setup::default() };
    let mut terminal = Terminal::start(&project, NEW, &setup);
    terminal.answer("Project", "").see("? How handlers are called").see("> envelope");
    assert_screen("ascii", &terminal);
    terminal.keys(CTRL_C);
    let (_, output) = terminal.end();
    assert!(output.is_ascii(), "{output}");
    let styles = output.split("\u{1b}[").skip(1).filter(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
    });
    assert_eq!(styles.count(), 0, "{output:?}");
}

#[test]
fn nothing_is_asked_where_nobody_is_there() {
    let project = Project::new();
    for (arguments, environment) in [
        (&["--yes"][..], ("LANG", "C")),
        (&["--no-interactive"], ("LANG", "C")),
        (&[], ("CI", "true")),
        (&[], ("TERM", "dumb")),
        (&["--format", "json"], ("LANG", "C")),
        (&["--intent", "a.b -> c"], ("LANG", "C")),
    ] {
        let setup = Setup { environment: &[environment], ..Setup::default() };
        let mut terminal = Terminal::start(&project, &[NEW, arguments].concat(), &setup);
        terminal.see("--route is missing");
        let (code, output) = terminal.end();
        assert_eq!(code, 2, "{output}");
        assert!(!output.contains("? "), "{output}");
    }
    assert!(project.tree().is_empty());
}

#[test]
fn what_cannot_be_written_is_told_before_the_last_question() {
    let test = "tests/nodes/node_shop_orchestrator/test_contract.py";
    let project = Project::standing("[project]\nname = 'shop'\n[tool.onex.scaffold]\n")
        .file("src/shop/__init__.py", "")
        .file(test, "mine = 1\n");
    let before = project.tree();
    let mut terminal = start(&project);
    terminal.answer("Project", "").answer("Name", "").answer("What it does", "");
    terminal.answer("A message that it handles", "A(x: int)").answer("What comes of A", "none");
    terminal.answer("Another message that it handles", "").answer("An intent that it raises", "");
    terminal.answer("Workflow", "");
    terminal.see("This cannot be written:").see(test).see("? What now").keys(ESC);
    terminal.see("? Workflow").keys(ENTER).see("? What now").keys(ENTER);
    assert_eq!(terminal.end().0, 2);
    assert_eq!(project.tree(), before);
}
