//! What this program is built from, and how: that cargo-deny judges it, and the profile.

use std::fs;

use toml_edit::DocumentMut;

use crate::readme::repository;

fn read(file: &str) -> String {
    fs::read_to_string(repository().join(file)).unwrap()
}

fn toml(file: &str) -> DocumentMut {
    read(file).parse().unwrap()
}

#[test]
fn every_run_of_the_tests_judges_what_is_compiled() {
    let runs = |script: &str, line: &str| read(script).lines().any(|one| one == line);
    assert!(runs(".ci/run", "exec scripts/test"));
    assert!(runs("scripts/test", "step scripts/deny"));
    assert!(runs("scripts/deny", "    checks=(licenses bans sources)"));
    assert!(runs("scripts/deny", "    offline=(--offline)"));
    assert!(runs("scripts/deny", "for manifest in Cargo.toml fuzz/Cargo.toml; do"));
}

#[test]
fn unsafe_code_is_forbidden_and_overflow_is_an_error() {
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"].map(toml) {
        assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
        let release = &manifest["profile"]["release"];
        assert_eq!(release["overflow-checks"].as_bool(), Some(true));
    }
}
