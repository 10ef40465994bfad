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

/// What SECURITY.md says of a limit, and where the code says it.
const LIMITS: [(&str, &str, &str); 25] = [
    ("a contract | 1 MiB", "contract/yaml/text.rs", "MAX_BYTES: usize = 1024 * 1024;"),
    ("128 collections inside each other", "contract/yaml/tree.rs", "MAX_DEPTH: usize = 128;"),
    ("100,000 values", "contract/yaml/tree.rs", "MAX_NODES: usize = 100_000;"),
    ("1,000 routing entries", "contract/parse.rs", "MOST_PARTS: usize = 1000;"),
    ("5,000 outputs of all", "contract/parse.rs", "MOST_OUTPUTS: usize = 5 * MOST_PARTS;"),
    ("4 KiB of a pattern", "contract/parse/pattern.rs", "LONGEST: usize = 4096;"),
    ("ten million states", "contract/parse/pattern.rs", "HEAVIEST: u64 = 10_000_000;"),
    ("300,000 words and signs", "python/syntax.rs", "MAX_TOKENS: usize = 300_000;"),
    ("the first 100 findings", "contract/parse.rs", "MOST_FINDINGS: usize = 100;"),
    ("a lock | 8 MiB", "lock.rs", "MAX_LOCK: u64 = 8 << 20;"),
    ("ruff.toml | 1 MiB", "project/pyproject.rs", "MAX_TOML: usize = 1 << 20;"),
    ("1,000 items of a list", "project/settings.rs", "MOST_ITEMS: usize = 1000;"),
    ("1,000 items of a list of patterns or paths", "lint/suppress.rs", "MOST: usize = 1000;"),
    ("100 lines of a license", "project/scaffold.rs", "MOST_LINES: usize = 100;"),
    ("64 files that extend", "project/settings/files.rs", "MAX_CHAIN: usize = 64;"),
    ("a Python file | 2 MiB", "python/syntax.rs", "MAX_BYTES: usize = 2 << 20;"),
    ("200 brackets", "python/syntax.rs", "MAX_BRACKETS: usize = 200;"),
    ("100 blocks", "python/syntax.rs", "MAX_BLOCKS: usize = 100;"),
    ("20,000 operators", "python/syntax.rs", "MAX_OPERATORS: usize = 20_000;"),
    ("a merge | 1 MiB", "plan/merge/outline.rs", "MAX_BYTES: usize = 1 << 20;"),
    ("suppressions | 1,000", "lint/suppress.rs", "MOST: usize = 1000;"),
    ("the first 1,000 findings", "diagnostic.rs", "MOST_FINDINGS: usize = 1000;"),
    ("`.gitignore` | 256 KiB", "workspace/walk.rs", "MAX_PATTERNS: usize = 256 << 10;"),
    ("any other file | 16 MiB", "workspace/mod.rs", "MAX_FILE: u64 = 16 << 20;"),
    ("`--route` | 8 brackets", "spec/parse.rs", "DEEPEST: usize = 8;"),
];

#[test]
fn the_limits_are_those_of_the_code() {
    let page = fs::read_to_string(repository().join("SECURITY.md")).unwrap();
    for (said, file, meant) in LIMITS {
        assert!(page.contains(said), "SECURITY.md does not say {said:?}");
        let source = fs::read_to_string(repository().join("src").join(file)).unwrap();
        assert!(source.contains(&format!("const {meant}")), "src/{file} does not say {meant:?}");
    }
}
