use std::collections::{BTreeMap, BTreeSet};

use onex_scaffold::lock::Lock;
use onex_scaffold::source::SourceFile;
use serde_json::Value;

use super::{refused, tricks};
use crate::project::{Project, SEED_NODE};

type Tree = BTreeMap<String, Option<String>>;

fn lock_path() -> String {
    format!("{SEED_NODE}/onex.lock")
}

/// Every text of a document, one after the other replaced by another.
fn with_each(value: &Value, text: &str, whole: &Value, path: &str, made: &mut Vec<Value>) {
    match value {
        Value::String(_) => {
            let mut changed = whole.clone();
            *changed.pointer_mut(path).unwrap() = Value::String(text.to_owned());
            made.push(changed);
        }
        Value::Array(items) => {
            // The lines of a base text are told apart by nothing; the first three stand for them.
            for (index, item) in items.iter().enumerate().take(3) {
                with_each(item, text, whole, &format!("{path}/{index}"), made);
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                with_each(item, text, whole, &format!("{path}/{key}"), made);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The document with a text in the middle of every base, and in place of every topic.
fn with_lines(document: &Value, text: &str) -> String {
    let mut document = document.clone();
    for entry in document["entries"].as_array_mut().unwrap() {
        entry["topic"] = Value::String(text.to_owned());
    }
    for file in document["files"].as_array_mut().unwrap() {
        if let Some(base) = file.get_mut("base").and_then(Value::as_array_mut) {
            let lines = text.split('\n').map(|line| Value::String(line.to_owned()));
            let middle = base.len() / 2;
            base.splice(middle..middle, lines);
        }
    }
    serde_json::to_string_pretty(&document).unwrap()
}

/// The lines of all Python files.
fn lines(tree: &Tree) -> BTreeSet<&str> {
    let python = tree.iter().filter(|(path, _)| path.ends_with(".py"));
    python.flat_map(|(_, text)| text.as_deref().unwrap_or_default().lines()).collect()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// A lock names what is renamed and what is merged from: neither way does a text of it reach a file.
#[test]
fn no_text_of_a_lock_becomes_code() {
    let project = Project::new();
    project.make(&["--path", "."]).exit(0);
    let lock = project.read(&lock_path());
    let document: Value = serde_json::from_str(&lock).unwrap();
    let contract = format!("{SEED_NODE}/contract.yaml");
    let changed = project.read(&contract).replace("OrderPlaced", "OrderSent");
    let project = project.file(&contract, &changed);
    let before = project.tree();
    project.run(&["regenerate"]).exit(0);
    let after = project.tree();
    let known: BTreeSet<&str> = &lines(&before) | &lines(&after);
    let names: BTreeSet<&str> = known.iter().flat_map(|line| words(line)).collect();
    let restored = |tree: &Tree| {
        for path in project.tree().keys().filter(|path| !tree.contains_key(*path)) {
            let _ = std::fs::remove_file(project.at(path));
        }
        for (path, text) in tree {
            if let Some(text) = text {
                std::fs::write(project.at(path), text).unwrap();
            }
        }
    };
    let mut usable = 0;
    for (index, trick) in tricks::all().into_iter().enumerate() {
        let mut each = Vec::new();
        with_each(&document, &trick, &document, "", &mut each);
        for text in each.iter().map(Value::to_string) {
            match Lock::parse(&SourceFile::new("onex.lock", text.clone())) {
                Ok(read) => {
                    // What passes for a lock is written as it was read.
                    let written = SourceFile::new("onex.lock", read.text());
                    assert_eq!(Lock::parse(&written), Ok(read), "{text}");
                    usable += 1;
                }
                Err(found) => refused(&[*found], &text),
            }
        }
        // Each run of the program costs more than all that was read so far.
        if index % 4 > 0 {
            continue;
        }
        restored(&before);
        std::fs::write(project.at(&lock_path()), with_lines(&document, &trick)).unwrap();
        let outcome = project.run(&["regenerate", "--conflict", "theirs"]);
        assert!([0, 1].contains(&outcome.code), "{trick:?}: {outcome:#?}");
        let tree = project.tree();
        let lines = lines(&tree);
        // Names are imported and exported as sets, of which each has stood there before or does so now.
        let is_set = |line: &str| {
            let line = line.trim_start();
            let is_set = line.starts_with("__all__ = [") || line.starts_with("from ");
            is_set && words(line).all(|word| names.contains(word))
        };
        let foreign: Vec<&&str> = lines.difference(&known).filter(|line| !is_set(line)).collect();
        assert!(foreign.is_empty(), "{trick:?} made {foreign:?}");
    }
    assert!(usable > 100, "{usable} locks are usable");
}
