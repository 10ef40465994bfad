//! A clean node to make mistakes in: the tests of rules share it.
//!
//! It is the tree that `onex new` writes for one of the repository's own cases, copied into a folder of its own.

use std::path::{Path, PathBuf};

use super::{Gathered, HEADINGS, Rule, gather, lint, registry, text_of};
use crate::diagnostic::Diagnostic;
use crate::workspace::{RelPath, Workspace};

/// A copy of a generated project with one node.
pub(crate) struct Sample {
    folder: tempfile::TempDir,
    node: PathBuf,
}

impl Sample {
    /// The envelope style: `snapshots/generate/order_payment`.
    pub(crate) fn new() -> Self {
        Self::of("order_payment", "src/shop/nodes/node_order_payment_orchestrator")
    }

    /// A style that RuntimeLocal runs: `snapshots/generate/invoice_local`.
    pub(crate) fn local() -> Self {
        Self::of("invoice_local", "src/billing/nodes/node_invoice_orchestrator")
    }

    pub(crate) fn of(case: &str, node: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/generate").join(case);
        let folder = tempfile::tempdir().unwrap();
        copy(&from, folder.path());
        assert!(folder.path().join(node).join("contract.yaml").is_file(), "{case}: {node}");
        Self { folder, node: node.into() }
    }

    /// Writes a file; `contract.yaml`, `node.py`, `handlers/..` and `models/..` are the node's, `tests/..` and
    /// everything else the project's.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let at = self.at(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
        self
    }

    pub(crate) fn remove(self, path: &str) -> Self {
        std::fs::remove_file(self.at(path)).unwrap();
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces the one place where a text stands in a file.
    pub(crate) fn edit(self, path: &str, before: &str, after: &str) -> Self {
        let text = self.read(path);
        assert_eq!(text.matches(before).count(), 1, "{path} has `{before}` not exactly once");
        let edited = text.replacen(before, after, 1);
        self.file(path, &edited)
    }

    /// Replaces top-level keys of the contract, or adds them.
    pub(crate) fn yaml(self, fragment: &str) -> Self {
        let mut blocks = blocks(&self.read("contract.yaml"));
        for (key, text) in self::blocks(fragment) {
            match blocks.iter_mut().find(|(known, _)| *known == key && !key.is_empty()) {
                Some((_, block)) => *block = text,
                None => blocks.push((key, text)),
            }
        }
        let text: String = blocks.into_iter().map(|(_, text)| text).collect();
        self.file("contract.yaml", &text)
    }

    fn at(&self, path: &str) -> PathBuf {
        let first = path.split('/').next().unwrap_or_default();
        let own =
            matches!(first, "contract.yaml" | "node.py" | "handlers" | "models" | "__init__.py");
        let base = self.folder.path();
        if own { base.join(&self.node).join(path) } else { base.join(path) }
    }

    /// The project as it is read.
    pub(crate) fn gathered(&self) -> Gathered {
        let workspace = Workspace::open(self.folder.path()).unwrap();
        gather(&workspace, &[RelPath::root()]).unwrap()
    }

    /// All findings.
    pub(crate) fn findings(&self) -> Vec<Diagnostic> {
        lint(&self.gathered())
    }

    /// Where the code no longer fits the contract.
    pub(crate) fn nonconforming(&self) -> Vec<Diagnostic> {
        let workspace = Workspace::open(self.folder.path()).unwrap();
        super::nonconforming(&gather(&workspace, &[RelPath::root()]).unwrap())
    }

    /// The findings of a rule.
    pub(crate) fn of_rule(&self, rule: &str) -> Vec<Diagnostic> {
        self.findings().into_iter().filter(|finding| finding.rule == rule).collect()
    }

    /// The findings of a rule as text: `file:line message`, the file without its folders.
    pub(crate) fn lines(&self, rule: &str) -> Vec<String> {
        let line = |finding: &Diagnostic| {
            let file = &finding.primary.file;
            let line = file.position(finding.primary.span.start).line;
            let name = file.path().rsplit('/').next().unwrap_or_default().to_owned();
            format!("{name}:{line} {}: {}", finding.severity.as_str(), finding.message)
        };
        self.of_rule(rule).iter().map(line).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The top-level keys of a YAML text with all that stands under them; what stands before the first has no key.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks: Vec<(String, String)> = vec![(String::new(), String::new())];
    for line in text.lines() {
        if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '"') {
            let key = line.split(':').next().unwrap_or_default();
            blocks.push((key.to_owned(), String::new()));
        }
        let (_, block) = blocks.last_mut().unwrap();
        *block += line;
        *block += "\n";
    }
    blocks
}

/// The fenced blocks under a heading: the language and text of each.
fn fenced(doc: &str, heading: &str) -> Vec<(String, String)> {
    let (_, under) = doc.split_once(&format!("# {heading}\n")).unwrap_or_default();
    let mut parts = under.split("```");
    let mut blocks = Vec::new();
    // What stands between two blocks ends with the next heading of ours.
    while let (Some(between), Some(block)) = (parts.next(), parts.next()) {
        if HEADINGS.iter().any(|heading| between.contains(&format!("# {heading}\n"))) {
            break;
        }
        let (language, text) = block.split_once('\n').unwrap_or_default();
        blocks.push((language.trim().to_owned(), text.to_owned()));
    }
    blocks
}

/// The sample with the fenced blocks under a heading of a rule's documentation put in.
fn documented(rule: &dyn Rule, heading: &str) -> Sample {
    let blocks = fenced(&text_of(rule), heading);
    assert!(!blocks.is_empty(), "{}: nothing fenced under {heading}", rule.id());
    let local = blocks.iter().any(|(_, text)| text.starts_with("# local: "));
    let mut sample = if local { Sample::local() } else { Sample::new() };
    for (language, text) in blocks {
        let head = text.lines().next().unwrap_or_default();
        let path = head.trim_start_matches("# local: ").trim_start_matches("# ");
        sample = match language.as_str() {
            "yaml" if !head.starts_with("# ") || !head.contains(".y") => sample.yaml(&text),
            "yaml" | "python" | "toml" => sample.file(path, &text),
            other => panic!("{}: {heading} is {other}", rule.id()),
        };
    }
    sample
}

#[test]
fn every_rule_is_documented_and_finds_what_its_documentation_shows() {
    let mut wrong = Vec::new();
    for rule in registry::RULES {
        let id = rule.id();
        let text = text_of(*rule);
        let headings = text.lines().filter_map(|line| line.strip_prefix("# "));
        let headings: Vec<&str> = headings.filter(|heading| HEADINGS.contains(heading)).collect();
        assert_eq!(headings, HEADINGS, "{id}");
        let found = documented(*rule, "Example").of_rule(id);
        let worst = found.iter().map(|finding| finding.severity).min();
        if worst != Some(rule.severity()) {
            wrong.push(format!("{id}: its example gives {worst:?}"));
        }
        let instead = documented(*rule, "Instead").lines(id);
        if !instead.is_empty() {
            wrong.push(format!("{id} finds what it proposes: {instead:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_samples_have_no_errors() {
    for sample in [Sample::new(), Sample::local()] {
        let errors = sample.findings().into_iter().filter(Diagnostic::is_error);
        let errors: Vec<String> = errors.map(|d| format!("{}: {}", d.rule, d.message)).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}
