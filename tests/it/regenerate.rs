//! What `onex regenerate`, `onex check` and `onex adopt` say, and the edges of what they do.

use crate::project::{Outcome, Project};

const DELIVERY: &str = include_str!("../cases/shared/delivery.yaml");
const KITCHEN: &str = include_str!("../cases/two_nodes/kitchen.yaml");
const NODE: &str = "src/post/nodes/node_delivery_orchestrator";
const TESTS: &str = "tests/nodes/node_delivery_orchestrator";

/// A project with the delivery node in it.
fn post() -> Project {
    let project = Project::standing("[project]\nname = \"post\"\n").contract(DELIVERY);
    let project = project.file("src/post/__init__.py", "");
    project.make(&["--yes"]).exit(0);
    project
}

impl Project {
    /// Replaces a text that stands in a file.
    fn edit(self, path: &str, old: &str, new: &str) -> Self {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old:?} in\n{text}");
        self.file(path, &text.replace(old, new))
    }

    fn append(self, path: &str, lines: &str) -> Self {
        let text = self.read(path) + lines;
        self.file(path, &text)
    }

    fn edit_contract(self, old: &str, new: &str) -> Self {
        self.edit(&format!("{NODE}/contract.yaml"), old, new)
    }

    fn without(self, path: &str) -> Self {
        let path = self.at(path);
        let done =
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        done.unwrap();
        self
    }
}

impl Outcome {
    #[track_caller]
    fn prints_not(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "{text:?} in {}", self.stdout);
        self
    }

    /// The findings of a rule, each with its file and line.
    fn found(&self, rule: &str) -> Vec<String> {
        let document = self.json();
        let found = document["diagnostics"].as_array().unwrap().iter();
        found
            .filter(|found| found["rule"] == rule)
            .map(|found| format!("{}:{}", found["file"].as_str().unwrap(), found["line"]))
            .collect()
    }
}

/// The body that somebody writes into a handler.
fn with_a_body(project: Project, handler: &str) -> Project {
    project.edit(
        &format!("{NODE}/handlers/{handler}.py"),
        "        event = envelope.payload\n",
        "        event = envelope.payload\n        # Weighed twice.\n        weight = len(str(event.correlation_id))\n        assert weight\n",
    )
}

/// Handler, event model and topic are called otherwise, all at once, which nothing can be recognised by.
fn all_renamed(project: Project) -> Project {
    project
        .edit_contract("HandlerParcelSent", "HandlerLetterPosted")
        .edit_contract("handler_parcel_sent", "handler_letter_posted")
        .edit_contract("ModelParcelSentEvent", "ModelLetterPostedEvent")
        .edit_contract("parcel-sent", "letter-posted")
}

#[test]
fn a_rename_is_settled_in_the_run_or_in_a_later_one() {
    let settle = ["regenerate", "--rename", "HandlerParcelSent=HandlerLetterPosted"];
    let at_once = all_renamed(with_a_body(post(), "handler_parcel_sent"));
    at_once.run(&settle).exit(0).prints("handler was HandlerParcelSent");
    let later = all_renamed(with_a_body(post(), "handler_parcel_sent"));
    later.run(&["regenerate"]).exit(0).prints("note: HandlerParcelSent left the contract");
    later.run(&["check"]).exit(1).prints("--rename OLD=NEW");
    later.run(&settle).exit(0).prints("your 3 lines kept");
    assert_eq!(at_once.tree(), later.tree());
    assert!(later.read(&format!("{NODE}/handlers/handler_letter_posted.py")).contains("Weighed"));
    later.run(&["check"]).exit(0).prints_not("orphaned");
    later.run(&["regenerate"]).exit(0).prints("nothing to do");
}

#[test]
fn a_model_is_renamed_later_as_well() {
    let project = post()
        .append(&format!("{NODE}/models/model_parcel_accepted.py"), "    weight: int = 0\n")
        .append(&format!("{NODE}/models/model_parcel_returned.py"), "    reason: str = \"\"\n")
        .edit_contract("ModelParcelReturned", "ModelParcelRefused")
        .edit_contract("ModelParcelDelivered", "ModelParcelHandedOver")
        .edit_contract("parcel-returned", "parcel-refused")
        .edit_contract("parcel-delivered", "parcel-handed-over")
        .edit_contract("\"ParcelReturned\"", "\"ParcelRefused\"")
        .edit_contract("\"ParcelDelivered\"", "\"ParcelHandedOver\"");
    project.run(&["regenerate"]).exit(0).prints("? ");
    project
        .run(&["regenerate", "--rename", "ModelParcelReturned=ModelParcelRefused"])
        .exit(0)
        .prints("model was ModelParcelReturned, your 1 line kept");
    let model = project.read(&format!("{NODE}/models/model_parcel_refused.py"));
    assert!(
        model.contains("class ModelParcelRefused(") && model.contains("reason: str"),
        "{model}"
    );
    assert!(!project.at(&format!("{NODE}/models/model_parcel_returned.py")).exists());
    project.run(&["check"]).exit(0);
}

#[test]
fn two_places_with_work_in_them_are_for_the_user_to_bring_together() {
    let project = all_renamed(with_a_body(post(), "handler_parcel_sent"));
    project.run(&["regenerate"]).exit(0);
    let project = with_a_body(project, "handler_letter_posted");
    let before = project.tree();
    project
        .run(&["regenerate", "--rename", "HandlerParcelSent=HandlerLetterPosted"])
        .exit(1)
        .says("handler_parcel_sent.py is to be carried on here, and you edited both");
    assert_eq!(project.tree(), before);
}

#[test]
fn a_rename_that_means_nothing_is_a_mistake() {
    let project = all_renamed(with_a_body(post(), "handler_parcel_sent"));
    let before = project.tree();
    let rename = |rename: &str| project.run(&["regenerate", "--rename", rename]).exit(2);
    rename("HandlerParcelSnt=HandlerLetterPosted")
        .says("did you mean HandlerParcelSent=HandlerLetterPosted?")
        .says("HandlerParcelSent, ModelParcelSentEvent");
    rename("HandlerParcelSent=Nothing").says("no-such-rename");
    rename("HandlerParcelSent=ModelLetterPostedEvent").says("no-such-rename");
    rename("HandlerParcelSent").says("is no OLD=NEW");
    assert_eq!(project.tree(), before);
    let in_step = post();
    in_step.run(&["regenerate", "--rename", "A=B"]).exit(2).says("nothing that a contract names");
}

#[test]
fn uses_of_dropped_names_are_told_with_their_places() {
    let project = post()
        .file("jobs/run.py", "from post.models.events import ModelParcelSentEvent as Sent\nfrom post.nodes.node_delivery_orchestrator.handlers import HandlerParcelSent\n\nprint(Sent, HandlerParcelSent)\n")
        .file("jobs/other.py", "ModelParcelSentEvent = 1\n")
        .file(".gitignore", "ignored/\n")
        .file("ignored/run.py", "from post.models.events import ModelParcelSentEvent\n")
        .edit_contract("ModelParcelSentEvent", "ModelLetterPostedEvent")
        .edit_contract("HandlerParcelSent", "HandlerLetterPosted");
    let dry = project.run(&["regenerate", "--dry-run", "--format", "json"]).exit(0);
    let places = ["jobs/run.py:1", "jobs/run.py:2", "jobs/run.py:4"];
    assert_eq!(dry.found("dropped-name"), places);
    project
        .run(&["regenerate"])
        .exit(0)
        .says("`ModelParcelSentEvent` is called `ModelLetterPostedEvent` now")
        .says("it is post.models.events.ModelLetterPostedEvent")
        .says("jobs/run.py:4:13");
    let again = project.run(&["regenerate", "--format", "json"]).exit(0);
    assert_eq!(again.found("dropped-name"), Vec::<String>::new());
}

#[test]
fn what_restoring_drops_is_shown() {
    let lines: String = (0..25).map(|number| format!("x{number} = 1\n")).collect();
    let project = post().append(&format!("{NODE}/node.py"), &lines);
    project
        .run(&["regenerate"])
        .exit(0)
        .prints("was edited by hand\n    drops:\n      | x0 = 1\n")
        .prints("      | x19 = 1\n      and 5 more lines\n")
        .prints_not("x20 = 1");
}

#[test]
fn layout_of_ones_own_is_no_edit() {
    let test = format!("{TESTS}/test_contract.py");
    let project = post();
    let squeezed = project.read(&test).replace(",\n    )", "\n    )").replace('"', "'");
    let squeezed = squeezed.replace("'''", "\"\"\"");
    let project = project.file(&test, &squeezed);
    project.run(&["check"]).exit(0).prints("reformatted");
    let project = project.append(&test, "# Mine.\n");
    project.run(&["check"]).exit(1).prints("error[edited]");
}

#[test]
fn a_docstring_of_ones_own_stays_through_a_rename() {
    let handler = format!("{NODE}/handlers/handler_parcel_sent.py");
    let project = post();
    let text = project.read(&handler);
    let first = text.lines().next().unwrap();
    let project = project
        .edit(&handler, first, "\"\"\"Parcels come in here; see HandlerParcelSent.\"\"\"")
        .edit_contract("HandlerParcelSent", "HandlerLetterPosted")
        .edit_contract("ModelParcelSentEvent", "ModelLetterPostedEvent")
        .edit_contract("handler_parcel_sent", "handler_letter_posted");
    project.run(&["regenerate"]).exit(0);
    let text = project.read(&format!("{NODE}/handlers/handler_letter_posted.py"));
    assert!(
        text.starts_with("\"\"\"Parcels come in here; see HandlerLetterPosted.\"\"\"\n"),
        "{text}"
    );
}

#[test]
fn a_model_without_its_definition_is_the_users() {
    let definitions = "definitions:\n  ModelParcelAccepted:\n    description: \"The post has it.\"\n    properties:\n      correlation_id: {type: uuid}\n      weight: {type: integer, default: 1}\n";
    let model = format!("{NODE}/models/model_parcel_accepted.py");
    let project = post().append(&format!("{NODE}/contract.yaml"), definitions);
    project.run(&["regenerate"]).exit(0);
    assert!(project.read(&model).contains("Generated from"));
    let project = project.edit_contract(definitions, "");
    project.run(&["regenerate"]).exit(0).prints("its fields are yours now");
    let text = project.read(&model);
    assert!(!text.contains("Generated from") && text.contains("weight: int = 1"), "{text}");
    project.run(&["check"]).exit(0);
    project.run(&["regenerate"]).exit(0).prints("nothing to do");
}

#[test]
fn an_adopted_package_that_passes_nothing_on_goes_on_so() {
    let init = format!("{NODE}/handlers/__init__.py");
    let project = post().without(&format!("{NODE}/onex.lock"));
    let project = project.file(&init, "\"\"\"Handlers, imported from their modules.\"\"\"\n");
    project.run(&["adopt", "."]).exit(0);
    project.run(&["check"]).exit(0);
    let entry = "    - event_model: {name: \"ModelParcelLostEvent\", module: \"post.models.events\"}\n      handler: {name: \"HandlerParcelLost\", module: \"post.nodes.node_delivery_orchestrator.handlers.handler_parcel_lost\"}\n      topic: \"onex.evt.post.parcel-lost.v1\"\n      event_type: \"post.parcel-lost\"\nevent_bus:";
    let topics = "\"onex.evt.post.parcel-arrived.v1\"]";
    let project = project
        .edit_contract(
            topics,
            "\"onex.evt.post.parcel-arrived.v1\", \"onex.evt.post.parcel-lost.v1\"]",
        )
        .edit_contract("event_bus:", entry);
    project.run(&["regenerate"]).exit(0).prints("+ ").prints_not(&init);
    assert_eq!(project.read(&init), "\"\"\"Handlers, imported from their modules.\"\"\"\n");
    // What the new handler imports from a package is there.
    assert!(project.read("src/post/models/events/__init__.py").contains("ModelParcelLostEvent"));
    project.run(&["check"]).exit(0);
}

#[test]
fn an_adopted_package_gives_what_is_imported_from_it() {
    let init = "src/post/models/events/__init__.py";
    let project = post().without(&format!("{NODE}/onex.lock")).file(init, "# Ours.\n");
    project.run(&["adopt", "."]).exit(0);
    let project = project.edit_contract("ModelParcelArrivedEvent", "ModelParcelCameEvent");
    project.run(&["regenerate"]).exit(0);
    let text = project.read(init);
    assert!(text.starts_with("# Ours.\n") && text.contains("ModelParcelCameEvent"), "{text}");
}

#[test]
fn tests_of_what_was_written_by_hand_are_not_written() {
    let handler = format!("{NODE}/handlers/handler_parcel_sent.py");
    let test = format!("{TESTS}/test_handler_parcel_sent.py");
    let bare = post().without(&format!("{NODE}/onex.lock")).without(&test);
    bare.run(&["adopt", "."])
        .exit(0)
        .prints("not there; `onex regenerate --restore` writes:\n  tests/");
    bare.run(&["regenerate", "--restore"]).exit(0);
    assert!(bare.at(&test).exists());
    let by_hand = with_a_body(post().without(&format!("{NODE}/onex.lock")), "handler_parcel_sent");
    let by_hand = by_hand.without(&test).append(&handler, "\n# Mine.\n");
    by_hand.run(&["adopt", "."]).exit(0).prints("are yours to write:\n  tests/");
    by_hand.run(&["regenerate", "--restore"]).exit(0);
    assert!(!by_hand.at(&test).exists());
}

#[test]
fn models_that_a_deleted_node_left_in_a_shared_folder_are_told() {
    let project = post().without(NODE);
    let stray = "src/post/models/events/model_parcel_sent_event.py";
    let told = project.run(&["check", "--format", "json"]).exit(1);
    let expected: Vec<String> = ["arrived", "sent"]
        .map(|what| format!("src/post/models/events/model_parcel_{what}_event.py:null"))
        .into();
    let found = told.found("orphaned");
    assert!(expected.iter().all(|path| found.contains(path)), "{found:?}");
    project.run(&["regenerate"]).exit(0).says("nothing uses it");
    assert!(project.at(stray).exists());
    let used = "def f() -> None:\n    from post.models.events import ModelParcelSentEvent as M\n    print(M)\n";
    let project = project.file("jobs/run.py", used);
    let found = project.run(&["check", "--format", "json"]).exit(1).found("orphaned");
    assert!(!found.contains(&expected[1]) && found.contains(&expected[0]), "{found:?}");
}

#[test]
fn several_projects_are_one_document() {
    let project = post().without("pyproject.toml");
    let files = project.tree();
    let moved = |name: &str| format!("{name}/pyproject.toml");
    for name in ["a", "b"] {
        for (path, text) in &files {
            if let Some(text) = text {
                let target = project.at(name).join(path);
                std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                std::fs::write(target, text).unwrap();
            }
        }
    }
    let project = project.without("src").without("tests");
    let project = project
        .file(&moved("a"), "[project]\nname = \"post\"\n")
        .file(&moved("b"), "[project]\nname = \"post\"\n")
        .file("c/pyproject.toml", "[project]\nname = \"empty\"\n")
        .file("c/src/empty/__init__.py", "")
        .append(&format!("a/{NODE}/node.py"), "x = 1\n")
        .append(&format!("b/{NODE}/node.py"), "x = 1\n");
    for command in ["check", "regenerate"] {
        let document = project.run(&[command, ".", "--format", "json"]).json();
        let changes = document["changes"].as_array().unwrap();
        let path = |root: &str| format!("{root}/{NODE}/node.py");
        for root in ["a", "b"] {
            assert!(changes.iter().any(|change| change["path"] == path(root)), "{command} {root}");
        }
        let rules = document["diagnostics"].as_array().unwrap();
        assert!(rules.iter().all(|found| found["rule"] != "no-node"), "{rules:?}");
    }
    let inside = project.inside("c");
    inside.run(&["check", "../a", "../b", "--format", "json"]).exit(0).prints("\"../b/src/post/");
    for command in ["check", "regenerate"] {
        inside.run(&[command, "src"]).exit(2).says("no node lies below");
        inside.run(&[command]).exit(0);
    }
}

#[test]
fn a_node_that_cannot_be_read_is_not_one_that_is_missing() {
    let project = post().file(&format!("{NODE}/onex.lock"), "{");
    let told = project.run(&["check", NODE]).exit(2).prints("the lock is cut off");
    assert!(!told.stdout.contains("no node lies below"), "{}", told.stdout);
    let refused = project.run(&["regenerate", NODE]).exit(2).says("the lock is cut off");
    assert!(!refused.stderr.contains("no node lies below"), "{}", refused.stderr);
}

#[test]
fn what_cannot_be_read_stops_the_run_and_is_told_of_its_node_alone() {
    let lock = format!("{NODE}/onex.lock");
    let project = post().without(&lock).file(&format!("{lock}/x"), "");
    project.run(&["check"]).exit(2).prints("onex.lock is no file of UTF-8 text");
    let before = project.tree();
    project.run(&["regenerate"]).exit(2).says("error[unreadable]").prints("nothing was changed");
    assert_eq!(project.tree(), before);
    let headless = post().without(&format!("{NODE}/contract.yaml"));
    headless.run(&["check"]).exit(2).prints("has a lock and no contract.yaml");
    headless.run(&["regenerate"]).exit(2).says("error[no-contract]");
    let project = post().contract(&KITCHEN.replace("restaurant", "post"));
    project.make(&["--yes"]).exit(0);
    let project = project.file("src/post/nodes/node_kitchen_orchestrator/onex.lock", "{");
    project.run(&["check", NODE]).exit(0).prints_not("cut off");
    project.run(&["check", "src"]).exit(2).prints("cut off");
}

#[test]
fn markers_that_are_left_are_told_again() {
    let handler = format!("{NODE}/handlers/handler_parcel_sent.py");
    let project = post().append(&handler, "<<<<<<< yours\n=======\n>>>>>>> contract\n");
    project.run(&["regenerate"]).exit(1).says("holds conflict markers");
    project.run(&["check"]).exit(1).prints("error[conflicted]");
}

#[test]
fn ignored_folders_hold_no_node() {
    let copy = "src/post/nodes/node_copy_orchestrator";
    let project = post().file(&format!("{copy}/contract.yaml"), DELIVERY);
    project.run(&["check", "--strict"]).exit(1).prints("error[unmanaged]");
    let project = project.file(".gitignore", "node_copy_*\n");
    project.run(&["check", "--strict"]).exit(0).prints_not("unmanaged");
}

#[test]
fn what_is_restored_is_passed_on() {
    let init = format!("{NODE}/models/__init__.py");
    let model = format!("{NODE}/models/model_parcel_returned.py");
    let project = post().without(&format!("{NODE}/onex.lock")).without(&model);
    let project = project
        .edit(&init, "from post.nodes.node_delivery_orchestrator.models.model_parcel_returned import (\n    ModelParcelReturned,\n)\n", "")
        .edit(&init, "    \"ModelParcelReturned\",\n", "");
    project.run(&["adopt", "."]).exit(0);
    project.run(&["regenerate", "--restore"]).exit(0);
    assert!(project.read(&init).contains("\"ModelParcelReturned\""), "{}", project.read(&init));
    assert!(project.at(&model).exists());
}

#[test]
fn what_is_edited_follows_the_contract_and_no_setting() {
    let handler = format!("{NODE}/handlers/handler_parcel_sent.py");
    let project = with_a_body(post(), "handler_parcel_sent");
    let (before, lock) = (project.read(&handler), project.read(&format!("{NODE}/onex.lock")));
    let pyproject = project.read("pyproject.toml") + "[tool.ruff]\nline-length = 70\n";
    let project = project.file("pyproject.toml", &pyproject);
    let other = "handlers/handler_parcel_arrived.py";
    project.run(&["check"]).exit(1).prints(other).prints_not("handlers/handler_parcel_sent.py");
    project.run(&["regenerate"]).exit(0).prints(&format!("~ {NODE}/{other}"));
    assert_eq!(project.read(&handler), before);
    project.run(&["check"]).exit(0);
    project.run(&["regenerate"]).exit(0).prints("nothing to do");
    // Back again, nothing is left of it.
    let project = project.edit("pyproject.toml", "[tool.ruff]\nline-length = 70\n", "");
    project.run(&["regenerate"]).exit(0);
    assert_eq!(project.read(&format!("{NODE}/onex.lock")), lock);
    let project = project.edit_contract("[\"ModelParcelAccepted\"]", "[\"ModelParcelReturned\"]");
    project.run(&["regenerate"]).exit(0).prints("your 3 lines kept");
}

#[test]
fn whoever_uses_a_node_that_moved_is_told() {
    let moved = "src/post/nodes/node_courier_orchestrator";
    let project = post().file(
        "jobs/run.py",
        "from post.nodes.node_delivery_orchestrator.handlers.handler_parcel_sent import HandlerParcelSent\n",
    );
    std::fs::rename(project.at(NODE), project.at(moved)).unwrap();
    let contract = format!("{moved}/contract.yaml");
    let project =
        project.edit(&contract, "node_delivery_orchestrator", "node_courier_orchestrator");
    project
        .run(&["regenerate"])
        .exit(0)
        .says("jobs/run.py:1")
        .says("it is post.nodes.node_courier_orchestrator.handlers.handler_parcel_sent");
}

#[test]
fn what_a_decision_drops_is_shown() {
    let conflict = || {
        let handler = format!("{NODE}/handlers/handler_parcel_arrived.py");
        let old = "events=(ModelParcelDelivered(correlation_id=event.correlation_id),),";
        let new = "events=(ModelParcelDelivered(correlation_id=self.mine),),";
        let outputs = "[\"ModelParcelDelivered\", \"ModelParcelReturned\"]";
        post().edit(&handler, old, new).edit_contract(outputs, "[\"ModelParcelReturned\"]")
    };
    let line = "      |             events=(ModelParcelDelivered(correlation_id=self.mine),),\n";
    let regenerate = |how: &str| conflict().run(&["regenerate", "--conflict", how]).exit(0);
    regenerate("theirs").prints("the contract's lines taken").prints("drops:\n").prints(line);
    regenerate("ours").prints("your lines kept").prints_not("drops:");
    let gone = with_a_body(post(), "handler_parcel_arrived");
    let contract = gone.read(&format!("{NODE}/contract.yaml"));
    let entry = contract.find("    - event_model: {name: \"ModelParcelArrived").unwrap();
    let end = contract.find("event_bus:").unwrap();
    let shorter = format!("{}{}", &contract[..entry], &contract[end..]);
    let gone = gone.file(&format!("{NODE}/contract.yaml"), &shorter);
    gone.run(&["regenerate"]).exit(0).prints("note: what is left over stays; --prune deletes it");
    gone.run(&["regenerate", "--prune"])
        .exit(0)
        .prints("drops:\n      |         # Weighed twice.\n");
}

#[test]
fn projects_that_git_ignores_or_that_lie_in_another_are_none_of_its_own() {
    let project = post();
    let files = project.tree();
    let mut project = project;
    for (folder, _) in [("inner", ""), ("venv", "")] {
        for (path, text) in &files {
            if let Some(text) = text {
                project = project.file(&format!("{folder}/{path}"), text);
            }
        }
    }
    // A project of its own has its own names.
    project.run(&["check"]).exit(0).prints("1 node checked");
    let project = project.without("pyproject.toml").file(".gitignore", "venv\n");
    let summary = project.run(&["check", ".", "--format", "json"]).exit(0).json();
    assert_eq!(summary["summary"], "1 node checked: in step, 3 warnings");
}

#[test]
fn what_would_stop_regenerating_is_told_by_check() {
    let project = post();
    std::fs::write(project.at(&format!("{NODE}/handlers/handler_parcel_sent.py")), [0xff]).unwrap();
    project.run(&["regenerate"]).exit(1).says("a file that is no UTF-8 text stands there");
    project.run(&["check"]).exit(1).prints("error[conflict]").prints("no UTF-8 text");
}

#[test]
fn nodes_are_adopted_together_or_not() {
    let broken = DELIVERY.replace("node_delivery_orchestrator", "node_broken_orchestrator");
    let broken = broken.replace("name: \"HandlerParcelSent\"", "name: \"class\"");
    let project = post().without(&format!("{NODE}/onex.lock"));
    let project = project.file("src/post/nodes/node_broken_orchestrator/contract.yaml", &broken);
    let before = project.tree();
    project.run(&["adopt", "."]).exit(2).prints("nothing was adopted").prints_not("+ ");
    assert_eq!(project.tree(), before);
    project.run(&["adopt", NODE]).exit(0).prints("2 handlers of style envelope");
}

#[test]
fn a_second_node_keeps_what_it_shares() {
    let kitchen = KITCHEN.replace("restaurant", "post");
    let project = post().contract(&kitchen);
    project.make(&["--yes"]).exit(0);
    let found = project.run(&["check", "--format", "json"]).found("orphaned");
    assert_eq!(found, Vec::<String>::new());
}
