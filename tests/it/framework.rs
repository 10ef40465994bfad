//! Handing over, with scripts in the framework's place.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::project::Project;

/// Folders with programs, and the order in which they are searched.
struct Machine {
    base: tempfile::TempDir,
    search_path: Vec<PathBuf>,
}

impl Machine {
    fn new() -> Self {
        Self { base: tempfile::tempdir().unwrap(), search_path: Vec::new() }
    }

    /// The next folder of the search path.
    fn folder(&mut self, name: &str) -> PathBuf {
        let folder = self.base.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        self.search_path.push(folder.clone());
        folder
    }

    /// An `onex` that is a shell script, in a folder of its own.
    fn script(mut self, name: &str, script: &str) -> Self {
        write_program(&self.folder(name).join("onex"), script);
        self
    }

    /// An `onex` that says what it was called with.
    fn framework(self) -> Self {
        self.script("framework", "echo \"framework: $*\"; exit 7")
    }

    /// Ours, by a copy of the file.
    fn copy(mut self, name: &str) -> Self {
        let place = self.folder(name).join("onex");
        std::fs::copy(env!("CARGO_BIN_EXE_onex"), &place).unwrap();
        self
    }

    /// Ours, by a symbolic link.
    fn link(mut self, name: &str) -> Self {
        let place = self.folder(name).join("onex");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_onex"), place).unwrap();
        self
    }

    fn project(&self) -> Project {
        // `sh` itself must be found by scripts that call programs.
        Project::new().env("PATH", std::env::join_paths(&self.search_path).unwrap())
    }
}

fn write_program(path: &Path, script: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn unknown_commands_go_over_unchanged() {
    let machine = Machine::new().framework();
    for words in [
        &["validate", "--strict", "src"][..],
        &["-v", "health"],
        &["--verbose", "health"],
        &["new", "node", "x", "--type", "effect"],
        &["node", "--", "-x", "a b"],
        &["-v"],
    ] {
        let outcome = machine.project().run(words).exit(7);
        assert_eq!(outcome.stdout, format!("framework: {}\n", words.join(" ")));
    }
}

#[test]
fn our_own_commands_do_not_go_over() {
    let machine = Machine::new().framework();
    for (words, code) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&["help", "new"], 0),
        (&["new", "--help"], 0),
        (&["new", "effect", "x"], 2),
        (&["new", "orchestrator"], 2),
        (&[], 2),
    ] {
        let outcome = machine.project().run(words).exit(code);
        assert!(!outcome.stdout.contains("framework:"), "{words:?}");
    }
}

#[test]
fn links_and_copies_of_ours_are_passed_over() {
    let machine = Machine::new().link("link").copy("one").copy("two").framework();
    let outcome = machine.project().run(&["health"]).exit(7);
    assert_eq!(outcome.stdout, "framework: health\n");
    let copy = machine.base.path().join("two/onex");
    machine.project().run_as(&copy, &["health"]).exit(7).prints("framework: health");
}

#[test]
fn copies_alone_are_no_framework() {
    let machine = Machine::new().copy("one").link("link").copy("two");
    machine.project().run(&["health"]).exit(2).says("unrecognized subcommand 'health'");
}

#[test]
fn a_script_that_calls_us_again_is_no_circle() {
    let ours = env!("CARGO_BIN_EXE_onex");
    let call = format!("exec '{ours}' \"$@\"");
    let machine = Machine::new().script("wrapper", &call).framework();
    machine.project().run(&["health"]).exit(7).prints("framework: health");
    let alone = Machine::new().script("wrapper", &format!("'{ours}' \"$@\""));
    alone.project().run(&["health"]).exit(2).says("unrecognized subcommand");
}

#[test]
fn a_framework_that_calls_onex_itself_is_served_again() {
    let nested = "if [ \"$1\" = outer ]; then exec onex inner; fi; echo \"framework: $*\"";
    let machine = Machine::new().link("ours").script("framework", nested);
    machine.project().run(&["outer"]).exit(0).prints("framework: inner");
}

#[test]
fn an_environment_without_the_script_is_called_by_its_python() {
    let machine = Machine::new();
    let environment = machine.base.path().join("venv");
    write_program(&environment.join("bin/python"), "echo \"python: $*\"; exit 5");
    let project = || machine.project().env("VIRTUAL_ENV", &environment);
    project().run(&["health"]).exit(2).says("omnibase-core");
    std::fs::create_dir_all(environment.join("lib/python3.12/site-packages/omnibase_core"))
        .unwrap();
    let outcome = project().run(&["-v", "health"]).exit(5);
    assert_eq!(
        outcome.stdout,
        "python: -P -W ignore::RuntimeWarning:runpy -m omnibase_core.cli.cli_commands -v health\n"
    );
}

#[test]
fn a_python_on_the_search_path_is_called_where_it_has_the_framework() {
    let mut machine = Machine::new();
    write_program(&machine.folder("bare/bin").join("python3"), "echo bare");
    write_program(&machine.folder("full/bin").join("python3"), "echo \"full: $*\"");
    let packages = machine.base.path().join("full/lib/python3.13/site-packages");
    std::fs::create_dir_all(packages.join("omnibase_core-0.47.0.dist-info")).unwrap();
    machine.project().run(&["health"]).exit(0).prints("full: -P -W");
}

#[test]
fn without_a_framework_there_is_a_usage_error_with_a_hint() {
    let project = Project::new();
    for words in [&["health"][..], &["-v", "health"], &["new", "node", "x"]] {
        let outcome = project.run(words).exit(2).says("Usage: onex").says("need omnibase-core");
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn programs_of_the_working_directory_are_not_called() {
    let project = Project::new().env("PATH", ".:");
    write_program(&project.at("onex"), "echo trap");
    let outcome = project.run(&["health"]).exit(2);
    assert!(!outcome.stdout.contains("trap"));
}

#[test]
fn a_program_that_cannot_be_run_is_named() {
    let mut machine = Machine::new();
    let place = machine.folder("broken").join("onex");
    std::fs::write(&place, "#!/no/such/interpreter\n").unwrap();
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755)).unwrap();
    machine.project().run(&["health"]).exit(2).says("error[framework]: cannot run");
}
