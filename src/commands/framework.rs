//! The framework's own `onex`, which ours stands in front of: whatever is no command of ours goes to it.
//!
//! In: the words of the command line. Out: the framework's exit code, or nothing where there is no framework.
//! Nothing is run to find it: the search path and the folders of Python installations tell.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::CommandFactory as _;

#[cfg(not(unix))]
use super::Exit;
use crate::cli::Cli;
use crate::report::{Format, Problem, Report};
use crate::workspace::{programs, python_has, real};

/// The environment variable that tells a program of ours who handed over to it: pairs of our program and the
/// one that it called, joined as a search path is.
///
/// A copy of ours on PATH adds itself and is then known; a script that calls us again is called once more only
/// when nothing else is left.
const HANDED_OVER: &str = "ONEX_HANDED_OVER";

/// How often a call may come back to us before we take it for a circle.
const MOST_CALLS: usize = 8;

const MODULE: &str = "omnibase_core.cli.cli_commands";

/// Whether a command line is the framework's.
#[must_use]
pub fn has(words: &[OsString]) -> bool {
    let is_option = |word: &&OsString| word.as_encoded_bytes().starts_with(b"-");
    let is_ours =
        |word: &OsStr| ["-h", "--help", "-V", "--version"].iter().any(|ours| word == *ours);
    let Some(first) = words.first() else { return false };
    if is_ours(first) {
        return false;
    }
    let mut behind_options = words.iter().skip_while(is_option);
    match behind_options.next() {
        None => true,
        Some(word) if word == "new" => behind_options.next().is_some_and(|kind| kind == "node"),
        Some(word) if word == "help" => false,
        Some(word) => !Cli::command().get_subcommands().any(|ours| word == ours.get_name()),
    }
}

/// Calls the framework with these words; gives nothing where there is none.
///
/// On Unix the framework takes the place of this process, and this returns only when that fails.
#[must_use]
pub fn hand_over(words: &[OsString]) -> Option<ExitCode> {
    let us = real(&std::env::current_exe().ok()?);
    let before = Calls::read(std::env::var_os(HANDED_OVER).as_deref());
    if before.0.len() >= MOST_CALLS {
        return None;
    }
    let target = find(&us, &before, &Surroundings::of_process())?;
    let mut command = match &target {
        Target::Program(program) => Command::new(program),
        Target::Python(python) => {
            let mut command = Command::new(python);
            // `-P`: the framework is not to be looked for in the working directory. `-W`: its package
            // imports the module before it is run, which is harmless here.
            command.args(["-P", "-W", "ignore::RuntimeWarning:runpy", "-m", MODULE]);
            command
        }
    };
    command.args(words).env(HANDED_OVER, before.and(us, target.program()).joined()?);
    Some(call(command).unwrap_or_else(|cause| {
        let message = format!("cannot run {}: {cause}", target.program().display());
        let problem = Problem::new("framework", message).help("mend or remove that program");
        let report = Report { problems: vec![problem], ..Report::default() };
        super::finish(report, Format::Text).into()
    }))
}

#[cfg(unix)]
fn call(mut command: Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

#[cfg(not(unix))]
fn call(mut command: Command) -> std::io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or_else(|| Exit::Findings.into(), ExitCode::from))
}

/// What the search depends on.
struct Surroundings {
    search_path: OsString,
    environment: Option<PathBuf>,
}

impl Surroundings {
    fn of_process() -> Self {
        let environment = std::env::var_os("VIRTUAL_ENV").filter(|path| !path.is_empty());
        Self {
            search_path: std::env::var_os("PATH").unwrap_or_default(),
            environment: environment.map(PathBuf::from),
        }
    }
}

/// How the framework can be called.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// Its own `onex`.
    Program(PathBuf),
    /// An interpreter that has it.
    Python(PathBuf),
}

impl Target {
    fn program(&self) -> PathBuf {
        match self {
            Self::Program(path) | Self::Python(path) => path.clone(),
        }
    }
}

/// The next `onex` on the search path that is not ours, else an interpreter that has the framework.
fn find(us: &Path, before: &Calls, at: &Surroundings) -> Option<Target> {
    let mut known: Vec<&Path> = before.0.iter().map(|call| call.ours.as_path()).collect();
    known.push(us);
    let others: Vec<PathBuf> = programs("onex", &at.search_path)
        .into_iter()
        .filter(|program| !known.contains(&real(program).as_path()))
        .collect();
    let fresh = |program: &&PathBuf| !before.0.iter().any(|call| call.called == **program);
    if let Some(program) = others.iter().find(fresh) {
        return Some(Target::Program(program.clone()));
    }
    if let Some(python) = python(at) {
        return Some(Target::Python(python));
    }
    // All were called before: the last of them did not turn out to be ours, so a command of the framework
    // calls `onex` itself here.
    others.into_iter().next_back().map(Target::Program)
}

/// The interpreter of the active environment, else the first on the search path, that has the framework.
fn python(at: &Surroundings) -> Option<PathBuf> {
    let (folder, file) = if cfg!(windows) { ("Scripts", "python.exe") } else { ("bin", "python") };
    let active = at.environment.iter().map(|environment| environment.join(folder).join(file));
    let on_path =
        ["python3", "python"].into_iter().flat_map(|name| programs(name, &at.search_path));
    active.chain(on_path).find(|python| python.is_absolute() && python_has(python, "omnibase_core"))
}

/// Who called whom before this program ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Calls(Vec<Call>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    ours: PathBuf,
    called: PathBuf,
}

impl Calls {
    fn read(variable: Option<&OsStr>) -> Self {
        let mut paths = variable.map(std::env::split_paths).into_iter().flatten();
        let mut calls = Vec::new();
        while let (Some(ours), Some(called)) = (paths.next(), paths.next()) {
            calls.push(Call { ours, called });
        }
        Self(calls)
    }

    fn and(mut self, ours: PathBuf, called: PathBuf) -> Self {
        self.0.push(Call { ours, called });
        self
    }

    fn joined(&self) -> Option<OsString> {
        std::env::join_paths(self.0.iter().flat_map(|call| [&call.ours, &call.called])).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn whose_command_it_is() {
        for ours in [
            "",
            "new",
            "new orchestrator x",
            "new compute x",
            "new --help",
            "help",
            "help new",
            "--help",
            "-h",
            "--version",
            "-V",
            "--help health",
            "-v new orchestrator",
        ] {
            assert!(!has(&words(ours)), "{ours}");
        }
        for theirs in [
            "validate src",
            "-v health",
            "--verbose health",
            "new node x --type effect",
            "-v",
            "-v new node x",
            "regenerate-all",
            "node x",
        ] {
            assert!(has(&words(theirs)), "{theirs}");
        }
    }

    #[test]
    fn calls_are_remembered_in_pairs() {
        let calls = Calls::default().and("/a/onex".into(), "/b/onex".into());
        let calls = calls.and("/c/onex".into(), "/d/python".into());
        assert_eq!(Calls::read(calls.joined().as_deref()), calls);
        assert_eq!(Calls::read(Some(OsStr::new("/alone"))), Calls::default());
    }
}
