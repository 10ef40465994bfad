//! README.md: regions that are written by tests, and commands that are run.

use std::fs;
use std::path::PathBuf;

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Holds the text between `<!-- name -->` and `<!-- /name -->` against what it should be.
///
/// `ONEX_UPDATE_README=1` writes it instead.
pub(crate) fn update_region(name: &str, wanted: &str) {
    let path = repository().join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start =
        text.find(&open).unwrap_or_else(|| panic!("README.md has no region {name}")) + open.len();
    let end = start + text[start..].find(&close).unwrap();
    if text[start..end] == *wanted {
        return;
    }
    if std::env::var_os("ONEX_UPDATE_README").is_some() {
        fs::write(&path, format!("{}{wanted}{}", &text[..start], &text[end..])).unwrap();
        return;
    }
    panic!(
        "the region {name} of README.md is stale (ONEX_UPDATE_README=1 writes it anew):\n{wanted}"
    );
}

/// The help of `onex new orchestrator`, as the README shows it.
#[test]
fn the_help_is_the_program_s() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_onex"))
        .args(["new", "orchestrator", "--help"])
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    update_region("help", &format!("```text\n{}\n```\n", lines.join("\n").trim_end()));
}

/// The figures are those that the benchmark wrote last, and every row of it is among them.
#[test]
fn the_figures_are_the_benchmark_s() {
    let figures = fs::read_to_string(repository().join("benches/figures.md")).unwrap();
    for (what, against) in [
        ("`onex new` of the seed contract", "`cp -r`"),
        ("`onex --version`", "a Rust program that prints a line"),
        ("`onex check` of 1000 nodes", "`find"),
        ("`onex check` of 1000 nodes", "`ruff format"),
        ("`onex new` into a project of 1000 nodes", "into an empty one"),
        ("`onex regenerate` of 1000 nodes in step", "`onex check`"),
        ("`onex regenerate` of 1000 nodes, every contract changed", "`cp -r`"),
        ("`onex check` of 10000 nodes, per node", "of 1000 nodes"),
        ("peak memory of `onex check` of 10000 nodes", ""),
    ] {
        let is_row = |line: &str| line.starts_with(&format!("| {what}")) && line.contains(against);
        assert!(figures.lines().any(is_row), "no row of {what} against {against}");
    }
    update_region("figures", &figures);
}

/// The commands that a newcomer runs are there, and the README names them.
#[test]
fn the_commands_are_scripts_of_the_repository() {
    let text = fs::read_to_string(repository().join("README.md")).unwrap();
    for script in ["scripts/try", "scripts/test", "scripts/bench"] {
        assert!(text.contains(&format!("\n{script}\n")), "README.md does not name {script}");
        assert!(repository().join(script).is_file());
    }
    let ci = fs::read_to_string(repository().join(".ci/run")).unwrap();
    assert!(ci.contains("scripts/test"));
}
