//! SECURITY.md, and what keeps it true.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::readme::repository;

/// The texts between backticks that are the path of a test, or of a module of tests: `bounds::name`.
fn named_tests(page: &str) -> BTreeSet<&str> {
    let spans = page.split('`').skip(1).step_by(2);
    let path = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | ':');
    spans.filter(|span| span.contains("::") && span.chars().all(path)).collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The path of the module that a file is: `hostile::contract` for `tests/it/hostile/contract.rs`.
fn module_of(file: &Path, root: &Path) -> String {
    let below = file.strip_prefix(root).unwrap().with_extension("").display().to_string();
    below.trim_end_matches("/mod").replace('/', "::")
}

/// Whether a source has a test of that name: a function under `#[test]`, or one in a `proptest!`.
fn has_test(source: &str, name: &str) -> bool {
    let head = format!("fn {name}(");
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let above = lines[..at].iter().rev().take_while(|line| !line.is_empty());
        line.starts_with(&head) && above.take(6).any(|line| *line == "#[test]")
    })
}

#[test]
fn every_promise_names_a_test_that_is_there() {
    let page = fs::read_to_string(repository().join("SECURITY.md")).unwrap();
    let mut sources = Vec::new();
    for root in ["src", "tests/it"].map(|root| repository().join(root)) {
        let mut files = Vec::new();
        rust_files(&root, &mut files);
        for file in files {
            sources.push((module_of(&file, &root), fs::read_to_string(&file).unwrap()));
        }
    }
    let tests = named_tests(&page);
    assert!(tests.len() > 20, "SECURITY.md names {} tests", tests.len());
    for test in tests {
        let (module, name) = test.rsplit_once("::").unwrap();
        let is_there = sources.iter().any(|(path, source)| match name {
            "tests" => path == module && source.contains("mod tests"),
            _ => {
                let inner = module.strip_suffix("::tests").unwrap_or(module);
                (path == module || path == inner) && has_test(source, name)
            }
        });
        assert!(is_there, "SECURITY.md names {test}, which is not there");
    }
}
