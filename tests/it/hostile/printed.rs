use std::collections::{BTreeMap, BTreeSet};

use super::tricks;
use crate::project::{Outcome, Project, SEED, SEED_NODE};

/// Characters that steer a terminal, hide, or turn the text around.
fn steers(character: char) -> bool {
    let code = u32::from(character);
    let hidden =
        matches!(code, 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x2069 | 0xFEFF);
    (character.is_control() && character != '\n') || hidden || (0xE0000..=0xE007F).contains(&code)
}

/// The text without `ESC [ digits m`, which is all that styling writes.
fn without_styles(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match rest.strip_prefix('m') {
            Some(rest) => plain.push_str(rest),
            None => plain.extend(["\u{1b}[", part]),
        }
    }
    plain
}

/// A project that is told to in colour: without it, escapes are taken out on the way, those of others too.
fn coloured() -> Project {
    Project::new().env("CLICOLOR_FORCE", "1")
}

/// Asserts that nothing of the input reaches the terminal as a command.
#[track_caller]
fn harmless(outcome: &Outcome, context: &str) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let found = without_styles(text).chars().find(|c| steers(*c));
        assert_eq!(found, None, "{context}: {outcome:#?}");
    }
}

/// Asserts that every line is an annotation of ours.
#[track_caller]
fn annotations(outcome: &Outcome, context: &str) {
    for line in outcome.stdout.lines() {
        let properties = line.strip_prefix("::error ").or_else(|| line.strip_prefix("::warning "));
        let properties = properties.and_then(|rest| rest.split_once("::"));
        let (properties, _) = properties.unwrap_or_else(|| panic!("{context}: {line:?}"));
        for property in properties.split(',') {
            let name = property.split('=').next().unwrap_or_default();
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(known.contains(&name), "{context}: {line:?}");
        }
    }
}

/// Texts that steer, hide or inject, as many in one as do not get into each other's way: each costs runs of the program.
fn texts() -> Vec<String> {
    let steering = tricks::all().into_iter().filter(|text| text.chars().count() < 20);
    let (breaking, hiding): (Vec<String>, Vec<String>) = steering
        .filter(|text| !text.contains('\0') && text.contains(|c| steers(c) || c == '\n'))
        .partition(|text| text.contains(char::is_whitespace));
    vec![
        breaking.concat(),
        hiding.concat(),
        "\u{1b}[2J\u{1b}]8;;x\u{7}\u{9b}31m".to_owned(),
        "x\n::error file=a,line=1::owned\r::stop-commands::y".to_owned(),
        "x%0A::error::y,title=z".to_owned(),
    ]
}

fn quoted(text: &str) -> String {
    onex_scaffold::contract::yaml::quoted(text)
}

const FORMATS: [&str; 5] = ["text", "concise", "github", "json", "sarif"];

/// All that looks at a tree, in every format.
fn looked_at(project: &Project, context: &str) {
    for format in FORMATS {
        for command in ["check", "lint"] {
            let outcome = project.run(&[command, "--format", format]);
            assert!([0, 1, 2].contains(&outcome.code), "{context}: {outcome:#?}");
            harmless(&outcome, &format!("{command} --format {format}: {context}"));
            match format {
                "github" => annotations(&outcome, context),
                "json" | "sarif" => {
                    outcome.json();
                }
                _ => {}
            }
        }
    }
    for arguments in [&["check", "--diff"][..], &["regenerate", "--dry-run", "--diff"]] {
        harmless(&project.run(arguments), &format!("{arguments:?}: {context}"));
    }
}

#[test]
fn no_text_of_a_tree_steers_the_terminal_or_the_workflow() {
    let made = coloured();
    made.make(&["--path", "."]).exit(0);
    let contract = format!("{SEED_NODE}/contract.yaml");
    let lock = format!("{SEED_NODE}/onex.lock");
    let handler = made.tree().into_keys().find(|path| path.contains("/handlers/handler_")).unwrap();
    let whole = |path: &str| made.read(path);
    let originals: BTreeMap<&str, String> = [contract.as_str(), &lock, &handler, "pyproject.toml"]
        .into_iter()
        .map(|path| (path, whole(path)))
        .collect();
    for text in texts() {
        let hostile = quoted(&text);
        let toml = toml_edit::Value::from(text.as_str()).to_string();
        let edits: [(&str, String); 6] = [
            (&contract, originals[contract.as_str()].replacen("ORCHESTRATOR_GENERIC", &text, 1)),
            (
                &contract,
                format!(
                    "{}\nevents: {{{hostile}: {hostile}}}\nterminal_event: {hostile}\nintent_consumption: \
                     {{intent_routing_table: {{{hostile}: {hostile}}}}}\n",
                    originals[contract.as_str()]
                ),
            ),
            (&contract, originals[contract.as_str()].replace("HandlerOrderPlaced", &hostile)),
            (&lock, originals[lock.as_str()].replacen("HandlerOrderPlaced", &text, 1)),
            (&handler, format!("{}\n# {text}\n{text} = 1 +\n", originals[handler.as_str()])),
            (
                "pyproject.toml",
                format!(
                    "{}\n[tool.onex.scaffold]\nhandler-style = {toml}\n{toml} = 1\n",
                    originals["pyproject.toml"]
                ),
            ),
        ];
        for (path, edited) in edits {
            std::fs::write(made.at(path), edited).unwrap();
            looked_at(&made, &format!("{path} with {text:?}"));
            std::fs::write(made.at(path), &originals[path]).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_or_folder_does_either() {
    let made = coloured();
    made.make(&["--path", "."]).exit(0);
    let before = made.tree();
    let standing: BTreeSet<String> = before.keys().cloned().collect();
    let names = tricks::file_names();
    assert!(names.len() > 100, "{} names", names.len());
    let mut added = Vec::new();
    for name in &names {
        added.extend([
            format!("{SEED_NODE}/handlers/{name}.py"),
            format!("src/myapp/nodes/{name}/contract.yaml"),
            format!("src/myapp/nodes/{name}/onex.lock"),
            format!("tests/nodes/{name}/test_contract.py"),
            format!("src/myapp/{name}.yaml"),
        ]);
    }
    for path in &added {
        let path = made.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "a: [\n").unwrap();
    }
    looked_at(&made, "names");
    harmless(&made.run(&["regenerate"]), "regenerate");
    harmless(&made.run(&["adopt", "."]), "adopt");
    let after = made.tree();
    for (path, text) in before {
        assert_eq!(after.get(&path), Some(&text), "{path}");
    }
    let new: Vec<&String> = after.keys().filter(|path| path.ends_with(".py")).collect();
    let known = new.iter().filter(|path| !added.contains(path) && !standing.contains(**path));
    assert_eq!(known.count(), 0, "{new:?}");
}

#[test]
fn no_word_of_the_command_line_does_either() {
    let project = coloured();
    project.make(&["--path", "."]).exit(0);
    for text in texts().iter().filter(|text| !text.contains('\0')) {
        let node = SEED_NODE;
        for arguments in [
            &["explain", text][..],
            &["check", text],
            &["lint", text],
            &["regenerate", text],
            &["regenerate", "--rename", text],
            &["regenerate", "--rename", &format!("{text}={text}")],
            &["adopt", text],
            &["new", text],
            &["new", "effect", text],
            &["new", "orchestrator", text],
            &["new", "orchestrator", "--contract", text],
            &["new", "orchestrator", "--package", text, "a", "--route", "X"],
            &["new", "orchestrator", "a", "--handler-style", text, "--route", "X"],
            &["new", "orchestrator", "a", "--dry-run", "--route", text],
            &["new", "orchestrator", "a", "--dry-run", "--route", "X", "--description", text],
            &["new", "orchestrator", "a", "--dry-run", "--route", "X", "--producer", text],
            &["new", "orchestrator", "a", "--dry-run", "--route", "X", "--path", text],
            &["add", "route", node, text],
            &[text],
        ] {
            harmless(&project.run(arguments), &format!("{arguments:?}"));
        }
    }
}

/// The environment decides how something is said, never what is written.
#[test]
fn no_variable_of_the_environment_reaches_a_file() {
    let clean = Project::new().contract(SEED);
    clean.make(&["--path", "."]).exit(0);
    let names = [
        "CI",
        "TERM",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "LANG",
        "LC_ALL",
        "VIRTUAL_ENV",
        "HOME",
        "USER",
        "PWD",
        "TMPDIR",
        "GITHUB_WORKSPACE",
        "PYTHONPATH",
        "RUFF_CONFIG",
        "XDG_CONFIG_HOME",
    ];
    for text in texts().iter().filter(|text| !text.contains('\0')) {
        let project = names.iter().fold(Project::new(), |project, name| project.env(name, text));
        let outcome = project.make(&["--path", "."]).exit(0);
        assert_eq!(project.tree(), clean.tree(), "{text:?}");
        let told = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(text.trim_matches('\n').is_empty() || !told.contains(text.as_str()), "{told}");
    }
}
