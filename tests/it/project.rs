//! A folder to run the command in, and what came of it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The contract that issue and reference start from.
pub(crate) const SEED: &str = include_str!("../contracts/seed_contract.yaml");

/// The folder of the seed's node.
pub(crate) const SEED_NODE: &str = "src/myapp/nodes/node_order_workflow_orchestrator";

/// A working directory, empty at first, with a contract beside it.
pub(crate) struct Project {
    base: tempfile::TempDir,
    inside: String,
    environment: Vec<(String, String)>,
    input: Option<String>,
}

impl Project {
    pub(crate) fn new() -> Self {
        let base = tempfile::tempdir().unwrap();
        std::fs::create_dir(base.path().join("work")).unwrap();
        let environment = vec![("PATH".to_owned(), String::new())];
        Self { base, inside: String::new(), environment, input: None }.contract(SEED)
    }

    /// A project with this pyproject.toml.
    pub(crate) fn standing(pyproject: &str) -> Self {
        Self::new().file("pyproject.toml", pyproject)
    }

    /// The contract that [`Project::make`] uses: `../contract.yaml`.
    pub(crate) fn contract(self, text: &str) -> Self {
        std::fs::write(self.base.path().join("contract.yaml"), text).unwrap();
        self
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Runs in a folder below.
    pub(crate) fn inside(mut self, folder: &str) -> Self {
        std::fs::create_dir_all(self.at(folder)).unwrap();
        self.inside = folder.to_owned();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.environment.push((name.to_owned(), value.as_ref().display().to_string()));
        self
    }

    pub(crate) fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.base.path().join("work").join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file and its text; folders with nothing. What runs keep for themselves is no part of it.
    pub(crate) fn tree(&self) -> BTreeMap<String, Option<String>> {
        let root = self.at("");
        let mut tree = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.file_name().is_some_and(|name| name == ".onex") {
                    continue;
                }
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                if path.is_dir() && !path.is_symlink() {
                    tree.insert(name, None);
                    folders.push(path);
                } else {
                    tree.insert(name, std::fs::read_to_string(&path).ok());
                }
            }
        }
        tree
    }

    /// `onex new orchestrator --contract ...` with more arguments.
    pub(crate) fn make(&self, arguments: &[&str]) -> Outcome {
        let contract = self.base.path().join("contract.yaml").display().to_string();
        let mut words = vec!["new", "orchestrator", "--contract", &contract];
        words.extend(arguments);
        self.run(&words)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_as(Path::new(env!("CARGO_BIN_EXE_onex")), arguments)
    }

    /// Runs a program that may be a copy of ours.
    pub(crate) fn run_as(&self, program: &Path, arguments: &[&str]) -> Outcome {
        self.run_beside(program, arguments, |_| ()).0
    }

    /// The same, and does something else meanwhile, which gets the number of the process.
    pub(crate) fn run_beside<T: Send>(
        &self,
        program: &Path,
        arguments: &[&str],
        other: impl FnOnce(u32) -> T + Send,
    ) -> (Outcome, T) {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.at(&self.inside)).env_clear();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let process = child.id();
        let (output, other) = std::thread::scope(|scope| {
            let other = scope.spawn(move || other(process));
            // A command that does not read its input closes it.
            let _ = input.write_all(self.input.as_deref().unwrap_or_default().as_bytes());
            drop(input);
            (child.wait_with_output().unwrap(), other.join().unwrap())
        });
        let outcome = Outcome {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        };
        (outcome, other)
    }
}

/// What a run printed and ended with.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Outcome {
    #[track_caller]
    pub(crate) fn exit(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Asserts that standard error holds a text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no {text:?} in {}", self.stderr);
        self
    }

    /// Asserts that standard output holds a text.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no {text:?} in {}", self.stdout);
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// The paths behind a verb, in the order in which they were printed.
    pub(crate) fn paths(&self, verb: &str) -> Vec<String> {
        let mark = format!("{verb} ");
        let lines = self.stdout.lines().filter_map(|line| line.trim_start().strip_prefix(&mark));
        lines.map(str::to_owned).collect()
    }
}
