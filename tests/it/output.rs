//! What is printed.

use crate::project::{Project, SEED, SEED_NODE};

fn assert_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/output"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn help_says_how_the_framework_is_reached() {
    let help = Project::new().run(&["--help"]).exit(0).prints("handed to the framework's own");
    assert_snapshot("help", &help.stdout);
    let of_new =
        Project::new().run(&["new", "--help"]).exit(0).prints("onex new node NAME --type TYPE");
    assert!(!of_new.stdout.contains("compute"), "{}", of_new.stdout);
    let of_kind = Project::new().run(&["new", "orchestrator", "--help"]).exit(0);
    assert_snapshot("help_new_orchestrator", &of_kind.stdout);
}

#[test]
fn the_version_is_ours() {
    let outcome = Project::new().run(&["--version"]).exit(0);
    assert_eq!(outcome.stdout, format!("onex {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_plan_of_a_new_project() {
    let outcome = Project::new().make(&["--path", "shop", "--dry-run"]).exit(0);
    assert_snapshot("plan_of_a_new_project", &outcome.stdout);
}

#[test]
fn json_holds_the_plan() {
    let project = Project::new();
    let dry = project.make(&["--path", "shop", "--dry-run", "--format", "json"]).exit(0).json();
    let text = project.make(&["--path", "shop", "--dry-run"]);
    let paths = |json: &serde_json::Value| -> Vec<String> {
        let changes = json["changes"].as_array().unwrap();
        changes.iter().map(|change| change["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(&dry), text.paths("Would create"));
    assert_eq!(
        (&dry["version"], &dry["kind"], &dry["command"]),
        (&1.into(), &"plan".into(), &"new".into())
    );
    assert_eq!(
        (&dry["success"], &dry["dry_run"], &dry["written"]),
        (&true.into(), &true.into(), &false.into())
    );
    let done = project.make(&["--path", "shop", "--format", "json"]).exit(0);
    assert_eq!(done.stderr, "");
    let done = done.json();
    assert_eq!(done["changes"], dry["changes"]);
    assert_eq!(done["written"], true);
    assert_eq!(done["next_steps"][0], "cd shop");
    let node = format!("shop/{SEED_NODE}/node.py");
    let ownership = |path: &str| {
        let changes = done["changes"].as_array().unwrap();
        changes.iter().find(|c| c["path"] == path).unwrap()["ownership"].clone()
    };
    assert_eq!(ownership(&node), "generated");
    assert_eq!(ownership("shop/pyproject.toml"), "yours");
}

#[test]
fn json_holds_the_findings_too() {
    let contract = SEED.replace("name: \"HandlerOrderPlaced\"", "name: \"class\"");
    let outcome = Project::new().contract(&contract).make(&["--format", "json"]).exit(2);
    assert_eq!(outcome.stderr, "");
    let json = outcome.json();
    assert_eq!(json["success"], false);
    assert_eq!(json["changes"], serde_json::json!([]));
    let finding = &json["diagnostics"][0];
    assert_eq!((&finding["severity"], &finding["line"]), (&"error".into(), &65.into()));
    assert!(finding["file"].as_str().unwrap().ends_with("contract.yaml"));
    let missing = Project::new().file("x", "").make(&["--format", "json"]).exit(2).json();
    let problem = &missing["diagnostics"][0];
    assert_eq!(
        (&problem["rule"], &problem["line"]),
        (&"no-project".into(), &serde_json::Value::Null)
    );
    assert!(problem["help"].as_str().unwrap().contains("--path"));
}

#[test]
fn a_contract_cannot_steer_the_terminal() {
    for hostile in ["\u{1b}[2J", "\u{9b}2J", "\u{202e}", "\\e[2J", "\\x9b2J"] {
        let contract = SEED.replace("\"HandlerOrderPlaced\"", &format!("\"Handler{hostile}\""));
        let outcome = Project::new().contract(&contract).make(&[]).exit(2);
        for character in ['\u{1b}', '\u{9b}', '\u{202e}'] {
            assert!(!outcome.stderr.contains(character), "{hostile:?}: {:?}", outcome.stderr);
        }
    }
}

#[test]
fn there_is_no_colour_outside_a_terminal_unless_it_is_wished() {
    let plain = Project::new().make(&["--dry-run"]).exit(0);
    assert!(!plain.stdout.contains('\u{1b}'));
    let wished = Project::new().env("CLICOLOR_FORCE", "1").make(&["--dry-run"]).exit(0);
    assert!(wished.stdout.contains('\u{1b}'));
    let refused = Project::new().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!refused.make(&["--dry-run"]).exit(0).stdout.contains('\u{1b}'));
}
