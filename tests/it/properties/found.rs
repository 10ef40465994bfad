//! What random cases found once, each as a plain case of its own.

use onex_scaffold::node::HandlerStyle;

use super::*;

const ALPHA: &str = "node_alpha_orchestrator";
const BETA: &str = "node_beta_orchestrator";

const ROUTING: &str = "handler_routing:\n  version: {major: 1, minor: 0, patch: 0}\n  \
                       routing_strategy: \"payload_type_match\"\n  handlers:\n";

fn contract(node: &str, rest: &str) -> String {
    format!(
        "contract_version: {{major: 1, minor: 0, patch: 0}}\n\
         node_version: {{major: 1, minor: 0, patch: 0}}\n\
         name: \"{node}\"\n\
         node_type: \"ORCHESTRATOR_GENERIC\"\n\
         description: \"Does what it does.\"\n{rest}"
    )
}

fn handler(node: &str, class: &str) -> String {
    let stem = class.replace("Handler", "handler_").to_lowercase();
    format!("    - handler: {{name: \"{class}\", module: \"app.nodes.{node}.handlers.{stem}\"}}\n")
}

/// A contract with one handler, which takes one event.
fn handling(node: &str, class: &str, event: &str, module: &str) -> String {
    let event = format!("      event_model: {{name: \"{event}\", module: \"{module}\"}}\n");
    contract(node, &[ROUTING, &handler(node, class), &event].concat())
}

/// A contract with handlers for anything, each with its topic.
fn listening(node: &str, handlers: [(&str, &str); 2]) -> String {
    let entry = |(class, topic): (&str, &str)| {
        format!("{}      topic: \"onex.evt.app.{topic}.v1\"\n", handler(node, class))
    };
    contract(node, &[ROUTING, &handlers.map(entry).concat()].concat())
}

/// A contract that defines one model.
fn defining(node: &str, class: &str, module: &str) -> String {
    contract(
        node,
        &format!(
            "definitions:\n  {class}:\n    module: \"{module}\"\n    description: \"It is so.\"\n    \
             required: [place]\n    properties:\n      place: {{type: integer}}\n"
        ),
    )
}

fn own_models(node: &str) -> String {
    format!("app.nodes.{node}.models")
}

fn file_of(node: &str, rest: &str) -> RelPath {
    path(&format!("src/app/nodes/{node}/{rest}"))
}

fn project(contracts: &[(&str, String)]) -> Tree {
    let mut tree = pipeline::empty();
    for (node, text) in contracts {
        tree = pipeline::with_new(&tree, node, HandlerStyle::Envelope, text).unwrap();
    }
    regenerated(&tree).unwrap().unwrap()
}

fn with_contract(tree: &mut Tree, node: &str, text: String) {
    tree.insert(file_of(node, "contract.yaml"), text);
}

#[test]
fn what_a_moved_folder_took_along_is_removed_or_told() {
    let made = project(&[(ALPHA, defining(ALPHA, "ModelPaid", &own_models(ALPHA)))]);
    let file = file_of(BETA, "models/model_paid.py");
    let moved = || {
        let mut tree = made.clone();
        take_folder(&mut tree, &Folder::Moved(ALPHA, BETA));
        with_contract(&mut tree, BETA, defining(BETA, "ModelSent", &own_models(BETA)));
        tree
    };
    let after = regenerated(&moved()).unwrap().unwrap();
    assert!(!after.contains_key(&file), "{}", after[&file]);
    let mut edited = moved();
    edited.get_mut(&file).unwrap().push_str("# mine\n");
    let after = regenerated(&edited).unwrap().unwrap();
    assert!(after[&file].ends_with("# mine\n"));
    // It stays on the list, and is told again.
    let told = drifts(&planned(&after, &Options::default(), false).unwrap());
    assert_eq!(told, [(file.to_string(), Drift::Orphaned)]);
}

#[test]
fn a_handler_renamed_in_a_moved_folder_keeps_its_body() {
    let text = |node: &str, class| handling(node, class, "ModelPaid", &own_models(node));
    let mut tree = project(&[(ALPHA, text(ALPHA, "HandlerPaid"))]);
    tree.get_mut(&file_of(ALPHA, "handlers/handler_paid.py")).unwrap().push_str("# mine\n");
    take_folder(&mut tree, &Folder::Moved(ALPHA, BETA));
    with_contract(&mut tree, BETA, text(BETA, "HandlerMoney"));
    let after = regenerated(&tree).unwrap().unwrap();
    assert!(!after.contains_key(&file_of(BETA, "handlers/handler_paid.py")));
    let kept = &after[&file_of(BETA, "handlers/handler_money.py")];
    assert!(kept.contains("class HandlerMoney:") && kept.ends_with("# mine\n"), "{kept}");
}

#[test]
fn a_handler_that_is_still_named_was_not_renamed() {
    let paid = [("HandlerPaid", "paid"), ("HandlerPaid", "sent")];
    let mut made = project(&[(ALPHA, listening(ALPHA, paid))]);
    made.get_mut(&file_of(ALPHA, "handlers/handler_paid.py")).unwrap().push_str("# mine\n");
    take_folder(&mut made, &Folder::Moved(ALPHA, BETA));
    let after = |handlers| {
        let mut tree = made.clone();
        with_contract(&mut tree, BETA, listening(BETA, handlers));
        regenerated(&tree).unwrap().unwrap()
    };
    let text = |tree: &Tree, stem| tree[&file_of(BETA, &format!("handlers/{stem}.py"))].clone();
    // One of its two entries took another handler.
    let split = after([("HandlerMoney", "paid"), ("HandlerPaid", "sent")]);
    assert!(text(&split, "handler_paid").contains("class HandlerPaid:"));
    assert!(text(&split, "handler_paid").ends_with("# mine\n"));
    assert!(!text(&split, "handler_money").contains("# mine"));
    // Each of its two entries took another: neither goes on with its text.
    let both = after([("HandlerMoney", "paid"), ("HandlerParcel", "sent")]);
    assert!(text(&both, "handler_paid").ends_with("# mine\n"));
    assert!(!text(&both, "handler_money").contains("# mine"));
    assert!(!text(&both, "handler_parcel").contains("# mine"));
}

#[test]
fn a_model_that_stands_is_no_other_model_renamed() {
    let other = "app.models.other";
    let text = |event| handling(ALPHA, "HandlerPaid", event, other);
    let mut tree =
        project(&[(ALPHA, text("ModelPaid")), (BETA, defining(BETA, "ModelSent", other))]);
    with_contract(&mut tree, ALPHA, text("ModelSent"));
    with_contract(&mut tree, BETA, defining(BETA, "ModelSent", &own_models(BETA)));
    let after = regenerated(&tree).unwrap().unwrap();
    assert!(after[&path("src/app/models/other/model_sent.py")].contains("place: int"));
    assert!(!after.contains_key(&path("src/app/models/other/model_paid.py")));
}

#[test]
fn a_shared_package_exports_no_model_that_went() {
    let events = "app.models.events";
    let text = |module| handling(ALPHA, "HandlerPaid", "ModelPaid", module);
    let of_beta = |module: &str| defining(BETA, "ModelSent", module);
    let mut tree = project(&[(ALPHA, text(events)), (BETA, of_beta(&own_models(BETA)))]);
    with_contract(&mut tree, ALPHA, text("app.models.other"));
    with_contract(&mut tree, BETA, of_beta(events));
    let after = regenerated(&tree).unwrap().unwrap();
    let init = &after[&path("src/app/models/events/__init__.py")];
    assert!(init.contains("ModelSent") && !init.contains("ModelPaid"), "{init}");
}

#[test]
fn of_two_nodes_that_bring_a_model_the_first_by_name_does() {
    let text = |node: &str, module: &str| handling(node, "HandlerPaid", "ModelPaid", module);
    let own = |node: &str| text(node, &own_models(node));
    let mut tree = project(&[(ALPHA, own(ALPHA)), (BETA, own(BETA))]);
    for node in [ALPHA, BETA] {
        with_contract(&mut tree, node, text(node, "app.models.model_paid"));
    }
    let plan = planned(&tree, &Options::default(), false).unwrap();
    assert_eq!(planned(&tree, &Options::default(), true).unwrap(), plan);
    let comes_from_alpha = |change: &Change| matches!(change, Change::Moved { from, .. } if from.as_str().contains(ALPHA));
    assert!(plan.changes.iter().any(|change| comes_from_alpha(&change.change)));
}

#[test]
fn a_model_outlives_the_node_that_defined_it() {
    let events = "app.models.events";
    let ends = format!(
        "input_model: {{name: \"ModelPaid\", module: \"{events}\"}}\n\
         output_model: {{name: \"ModelSent\", module: \"{}\"}}\n",
        own_models(ALPHA)
    );
    let mut tree =
        project(&[(ALPHA, contract(ALPHA, &ends)), (BETA, defining(BETA, "ModelPaid", events))]);
    take_folder(&mut tree, &Folder::Deleted(BETA));
    let after = regenerated(&tree).unwrap().unwrap();
    let model = &after[&path("src/app/models/events/model_paid.py")];
    assert!(model.contains("place: int") && !model.contains("Generated from"), "{model}");
    assert!(regenerated(&after).unwrap().unwrap() == after);
    assert!(after[&path("src/app/models/events/__init__.py")].contains("ModelPaid"));
}

#[test]
fn nodes_that_move_in_a_row_take_their_tests_along() {
    const GAMMA: &str = "node_gamma_orchestrator";
    let text = |node: &str| handling(node, "HandlerPaid", "ModelPaid", &own_models(node));
    let mut tree = project(&[(ALPHA, text(ALPHA)), (BETA, text(BETA))]);
    let test = |node: &str| path(&format!("tests/nodes/{node}/test_handler_paid.py"));
    let body = |node: &str| file_of(node, "handlers/handler_paid.py");
    for node in [ALPHA, BETA] {
        for file in [test(node), body(node)] {
            tree.get_mut(&file).unwrap().push_str(&format!("# of {}\n", &node[5..9]));
        }
    }
    for (from, to) in [(BETA, GAMMA), (ALPHA, BETA)] {
        take_folder(&mut tree, &Folder::Moved(from, to));
        with_contract(&mut tree, to, text(to));
    }
    let after = regenerated(&tree).unwrap().unwrap();
    for (node, mark) in [(GAMMA, "# of beta\n"), (BETA, "# of alph\n")] {
        assert!(after[&test(node)].ends_with(mark), "{}", after[&test(node)]);
        assert!(after[&body(node)].ends_with(mark), "{}", after[&body(node)]);
        assert!(after[&test(node)].contains(node) && after[&body(node)].contains(node));
    }
    assert!(!after.contains_key(&test(ALPHA)));
    assert!(regenerated(&after).unwrap().unwrap() == after);
}

#[test]
fn nodes_that_swap_their_folders_swap_their_tests() {
    let text = |node: &str, class| handling(node, class, "ModelPaid", &own_models(node));
    let mut tree =
        project(&[(ALPHA, text(ALPHA, "HandlerPaid")), (BETA, text(BETA, "HandlerPaid"))]);
    let test = |node: &str| path(&format!("tests/nodes/{node}/test_handler_paid.py"));
    tree.get_mut(&test(ALPHA)).unwrap().push_str("# of alpha\n");
    tree.get_mut(&test(BETA)).unwrap().push_str("# of beta\n");
    let between = "node_delta_orchestrator";
    for (from, to) in [(ALPHA, between), (BETA, ALPHA), (between, BETA)] {
        take_folder(&mut tree, &Folder::Moved(from, to));
    }
    for node in [ALPHA, BETA] {
        with_contract(&mut tree, node, text(node, "HandlerPaid"));
    }
    let after = regenerated(&tree).unwrap().unwrap();
    assert!(after[&test(ALPHA)].ends_with("# of beta\n"), "{}", after[&test(ALPHA)]);
    assert!(after[&test(BETA)].ends_with("# of alpha\n"), "{}", after[&test(BETA)]);
    assert!(regenerated(&after).unwrap().unwrap() == after);
}

/// Two nodes that share an event somebody filled, once some of them call it otherwise.
fn shared_and_renamed(renamed: &[(&str, &str)]) -> Tree {
    let events = "app.models.events";
    let text = |node: &str, event| handling(node, "HandlerPaid", event, events);
    let mut tree = project(&[(ALPHA, text(ALPHA, "ModelPaid")), (BETA, text(BETA, "ModelPaid"))]);
    let model = path("src/app/models/events/model_paid.py");
    tree.get_mut(&model).unwrap().push_str("\n    euros: int = 1\n");
    for (node, event) in renamed {
        with_contract(&mut tree, node, text(node, event));
    }
    let after = regenerated(&tree).unwrap().unwrap();
    assert!(regenerated(&after).unwrap().unwrap() == after);
    after
}

#[test]
fn a_shared_model_that_one_renames_starts_as_a_copy() {
    let text = |tree: &Tree, file: &str| {
        tree[&path(&format!("src/app/models/events/model_{file}.py"))].clone()
    };
    for node in [ALPHA, BETA] {
        let after = shared_and_renamed(&[(node, "ModelSent")]);
        assert!(text(&after, "paid").contains("class ModelPaid("));
        assert!(text(&after, "paid").ends_with("euros: int = 1\n"));
        assert!(text(&after, "sent").contains("class ModelSent("));
        assert!(text(&after, "sent").ends_with("euros: int = 1\n"));
    }
}

#[test]
fn a_shared_model_that_each_renames_goes_on_under_both_names() {
    let after = shared_and_renamed(&[(ALPHA, "ModelSent"), (BETA, "ModelEuros")]);
    for (file, class) in [("sent", "ModelSent"), ("euros", "ModelEuros")] {
        let text = &after[&path(&format!("src/app/models/events/model_{file}.py"))];
        assert!(text.contains(&format!("class {class}(")), "{text}");
        assert!(text.ends_with("euros: int = 1\n") && !text.contains("ModelPaid"), "{text}");
    }
    assert!(!after.contains_key(&path("src/app/models/events/model_paid.py")));
    // Whoever renames it to one name together moves it.
    let after = shared_and_renamed(&[(ALPHA, "ModelSent"), (BETA, "ModelSent")]);
    assert!(after[&path("src/app/models/events/model_sent.py")].ends_with("euros: int = 1\n"));
    assert!(!after.contains_key(&path("src/app/models/events/model_paid.py")));
}

#[test]
fn a_second_node_that_shares_a_model_leaves_the_first_in_step() {
    let events = "app.models.events";
    let mut tree = pipeline::empty();
    for node in [BETA, ALPHA] {
        let text = handling(node, "HandlerPaid", "ModelPaid", events);
        tree = pipeline::with_new(&tree, node, HandlerStyle::Envelope, &text).unwrap();
    }
    let plan = planned(&tree, &Options::default(), false).unwrap();
    assert!(plan.writes().is_empty() && drifts(&plan).is_empty(), "{:?}", plan.writes());
}

#[test]
fn a_model_of_a_node_says_what_that_node_has_of_it() {
    let text = |node| handling(node, "HandlerPaid", "ModelPaid", &own_models(ALPHA));
    let mut tree = pipeline::empty();
    for node in [ALPHA, BETA] {
        tree = pipeline::with_new(&tree, node, HandlerStyle::Envelope, &text(node)).unwrap();
    }
    let model = &tree[&file_of(ALPHA, "models/model_paid.py")];
    assert!(model.starts_with("\"\"\"A message that node_alpha_orchestrator handles"), "{model}");
    let package = &tree[&file_of(ALPHA, "models/__init__.py")];
    assert!(package.starts_with("\"\"\"Models of node_alpha_orchestrator"), "{package}");
    assert!(planned(&tree, &Options::default(), false).unwrap().writes().is_empty());
}

#[test]
fn a_second_node_that_defines_a_model_of_the_first_is_told() {
    let events = "app.models.events";
    let mut tree = pipeline::empty();
    for (node, text) in [
        (ALPHA, handling(ALPHA, "HandlerPaid", "ModelPaid", events)),
        (BETA, defining(BETA, "ModelPaid", events)),
    ] {
        tree = pipeline::with_new(&tree, node, HandlerStyle::Envelope, &text).unwrap();
    }
    let plan = planned(&tree, &Options::default(), false).unwrap();
    assert!(!plan.writes().is_empty());
    assert_agreed(&plan).unwrap();
}

#[test]
fn a_model_says_what_it_is_for_now() {
    let entry = |event: &str, output: &str| {
        let models = own_models(ALPHA);
        let entry = format!(
            "      event_model: {{name: \"{event}\", module: \"{models}\"}}\n      \
             output_events: [\"{models}.{output}\"]\n"
        );
        contract(ALPHA, &[ROUTING, &handler(ALPHA, "HandlerPaid"), &entry].concat())
    };
    let mut tree = project(&[(ALPHA, entry("ModelPaid", "ModelSent"))]);
    with_contract(&mut tree, ALPHA, entry("ModelSent", "ModelPaid"));
    let after = regenerated(&tree).unwrap().unwrap();
    let text = |name| after[&file_of(ALPHA, &format!("models/model_{name}.py"))].clone();
    assert!(text("paid").starts_with("\"\"\"An event that node_alpha_orchestrator emits"));
    assert!(text("sent").starts_with("\"\"\"A message that node_alpha_orchestrator handles"));
}
