//! Findings that the project does not want to see, each with a reason or in its settings.
//!
//! In: the findings of a run, the comments of the files that were looked at, and `[tool.onex.lint]`. Out: what is
//! left, and a finding for every suppression that suppresses nothing. What keeps a contract from being read cannot
//! be suppressed.

use std::collections::BTreeMap;

use ruff_python_ast::token::TokenKind;
use ruff_text_size::Ranged;
use toml_edit::{Item, TableLike};

use super::explain;
use super::gather::Gleaned;
use super::ground::Ground;
use super::registry;
use super::source::Source;
use crate::contract::Yaml;
use crate::contract::yaml::{self, Kind};
use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::project::Pyproject;
use crate::search;
use crate::source::{SourceFile, Span, Spanned};

/// Takes out what is suppressed, makes errors of what is denied, and adds what is wrong with the suppressions.
///
/// `everything` says whether the whole project was looked at: only then is a setting that suppressed nothing unused.
#[must_use]
pub(super) fn apply(
    ground: &Ground,
    found: Vec<Diagnostic>,
    mut comments: Vec<Comment>,
    everything: bool,
) -> Vec<Diagnostic> {
    // A file that several nodes look at is read by each of them, and its comments are the same.
    comments.sort_by(|a, b| a.place().cmp(&b.place()));
    comments.dedup_by(|a, b| a.place() == b.place());
    let mut trouble = Vec::new();
    let mut settings = ground
        .pyproject
        .as_ref()
        .map(|pyproject| Settings::read(pyproject, &mut trouble))
        .unwrap_or_default();
    let mut left = Vec::new();
    for finding in found {
        let finding = settings.denied(finding);
        let path = inside(ground, &finding);
        let by_comment = comments.iter_mut().any(|comment| comment.suppresses(&finding));
        let suppressed =
            is_suppressible(&finding) && (by_comment || settings.allows(&finding, &path));
        if !suppressed {
            left.push(finding);
        }
    }
    for comment in &comments {
        comment.report_unused(&mut trouble);
    }
    if everything && let Some(pyproject) = &ground.pyproject {
        settings.report_unused(pyproject, &mut trouble);
    }
    left.extend(trouble);
    left
}

/// Whether a finding is a matter of judgement: a rule's, or a warning.
fn is_suppressible(finding: &Diagnostic) -> bool {
    !finding.is_error() || registry::rule(finding.rule).is_some()
}

/// The path of a finding's file as the settings write it: from the project's root.
fn inside(ground: &Ground, finding: &Diagnostic) -> String {
    let path = finding.primary.file.path();
    let root = ground.root.as_str();
    path.strip_prefix(root).map_or(path, |rest| rest.trim_start_matches('/')).to_owned()
}

/// One `# onex: allow(rule, rule): reason`.
#[derive(Debug)]
pub(super) struct Comment {
    file: SourceFile,
    span: Span,
    /// The line that it is about.
    line: usize,
    rules: Vec<(Spanned<String>, bool)>,
}

impl Comment {
    fn place(&self) -> (&str, u32) {
        (self.file.path(), self.span.start)
    }

    /// Whether it is about a finding, which it then counts as used for.
    fn suppresses(&mut self, finding: &Diagnostic) -> bool {
        let primary = &finding.primary;
        if !is_suppressible(finding) || primary.file != self.file {
            return false;
        }
        if primary.file.position(primary.span.start).line != self.line {
            return false;
        }
        let rule = self.rules.iter_mut().find(|(rule, _)| rule.value == finding.rule);
        rule.map(|(_, used)| *used = true).is_some()
    }

    fn report_unused(&self, trouble: &mut Vec<Diagnostic>) {
        for (rule, _) in self.rules.iter().filter(|(_, used)| !used) {
            if let Some(unknown) = unknown(&self.file, rule) {
                trouble.push(unknown);
                continue;
            }
            let message = format!("`{}` finds nothing here to allow", rule.value);
            let finding = Diagnostic::warning("unused-suppression", &self.file, rule.span, message);
            trouble.push(finding.help("remove the comment, or this rule from it"));
        }
    }
}

fn unknown(file: &SourceFile, rule: &Spanned<String>) -> Option<Diagnostic> {
    let near = explain::explain(&rule.value).err()?;
    let message = format!("there is no rule `{}`", rule.value);
    let help = near.map_or_else(
        || "`onex explain` lists the rules".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Some(Diagnostic::warning("unknown-rule", file, rule.span, message).help(help))
}

/// More suppressions than this in one file are not read, nor more paths in the settings: each is held against each finding.
const MOST: usize = 1000;

/// The suppressions in a node's files; those that have no effect are told.
pub(super) fn comments(node: &Gleaned, trouble: &mut Vec<Diagnostic>) -> Vec<Comment> {
    let mut comments = Vec::new();
    for (file, mut spans) in node_comments(node) {
        if let Some(first) = spans.get(MOST).copied() {
            let message = format!("only {MOST} suppressions of one file are read");
            let warning = Diagnostic::warning("too-many-suppressions", &file, first, message);
            trouble.push(warning.label("the next of them").help("say it in pyproject.toml"));
            spans.truncate(MOST);
        }
        comments.extend(spans.into_iter().filter_map(|span| read(&file, span, trouble)));
    }
    comments
}

/// Where the comments of a node's files are.
fn node_comments(node: &Gleaned) -> Vec<(SourceFile, Vec<Span>)> {
    let mut files = Vec::new();
    if let Some(contract) = &node.contract {
        files.push((contract.file.clone(), yaml_comments(&contract.file, &contract.root)));
    }
    for file in node.strays.iter().filter(|file| search::contains(file.text(), MARK)) {
        if let (Some(tree), _) = yaml::read(file) {
            files.push((file.clone(), yaml_comments(file, &tree)));
        }
    }
    for source in node.sources.all().filter(|source| search::contains(source.file.text(), MARK)) {
        files.push((source.file.clone(), python_comments(source)));
    }
    files
}

/// What a suppression begins with.
const MARK: &str = "onex: allow";

/// The marks in the text that stand in no scalar.
fn yaml_comments(file: &SourceFile, tree: &Yaml) -> Vec<Span> {
    let text = file.text();
    if !search::contains(text, MARK) {
        return Vec::new();
    }
    let mut scalars = Vec::new();
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Scalar(_) => scalars.push(node.span),
            Kind::Sequence(items) => open.extend(items),
            Kind::Mapping(entries) => open.extend(entries.iter().flat_map(|(k, v)| [k, v])),
        }
    }
    let mut comments = Vec::new();
    for (at, _) in text.match_indices(MARK).take(MOST + 1) {
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let Some(hash) = line
            .rfind('#')
            .filter(|hash| line.get(hash + 1..).is_some_and(|s| s.trim().is_empty()))
        else {
            continue;
        };
        let start = u32::try_from(at - line.len() + hash).unwrap_or_default();
        let length =
            text.get(start as usize..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        let span = Span::new(start, start + u32::try_from(length).unwrap_or_default());
        if !scalars.iter().any(|scalar| scalar.start < span.start && span.start < scalar.end) {
            comments.push(span);
        }
    }
    comments
}

fn python_comments(source: &Source) -> Vec<Span> {
    let tokens = source.tree().into_iter().flat_map(|tree| tree.tokens());
    let comments = tokens.filter(|token| token.kind() == TokenKind::Comment).map(|token| {
        let range = token.range();
        Span::new(range.start().to_u32(), range.end().to_u32())
    });
    comments.filter(|span| source.file.slice(*span).contains(MARK)).collect()
}

/// Reads a comment; one without a reason is reported and has no effect.
fn read(file: &SourceFile, span: Span, trouble: &mut Vec<Diagnostic>) -> Option<Comment> {
    let text = file.slice(span);
    let rest = text.trim_start_matches('#').trim_start().strip_prefix(MARK)?;
    let list = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let reason = list.and_then(|(_, rest)| rest.trim_start().strip_prefix(':')).unwrap_or_default();
    let Some((list, _)) = list.filter(|_| !reason.trim().is_empty()) else {
        let message = "this suppression gives no reason, and has no effect";
        let finding = Diagnostic::warning("unexplained-suppression", file, span, message);
        trouble.push(finding.help("write `# onex: allow(rule): why it is right here`"));
        return None;
    };
    let start = text.find('(').map_or(0, |at| at + 1);
    let mut rules = Vec::new();
    let mut at = start;
    for part in list.split(',') {
        let name = part.trim();
        let begin = span.start as usize + at + part.find(name).unwrap_or_default();
        let begin = u32::try_from(begin).unwrap_or_default();
        let place = Span::new(begin, begin + u32::try_from(name.len()).unwrap_or_default());
        rules.push((Spanned::new(name.to_owned(), place), false));
        at += part.len() + 1;
    }
    Some(Comment { file: file.clone(), span, line: line_meant(file, span), rules })
}

/// The comment's own line, or the next with anything on it where the comment has its line to itself.
fn line_meant(file: &SourceFile, span: Span) -> usize {
    let own = file.position(span.start).line;
    let before = Span::new(file.span_of_line(own).start, span.start);
    if !file.slice(before).trim().is_empty() {
        return own;
    }
    let lines = file.position(u32::MAX).line;
    let is_code = |line: &usize| {
        let text = file.slice(file.span_of_line(*line)).trim();
        !text.is_empty() && !text.starts_with('#')
    };
    (own + 1..=lines).take(MOST).find(is_code).unwrap_or(own)
}

/// `[tool.onex.lint]`.
#[derive(Default)]
struct Settings {
    /// `allow`: rules that are not wanted anywhere.
    allow: Vec<Setting>,
    /// `deny`: rules whose warnings are errors.
    deny: Vec<Setting>,
    /// `per-path`: rules that are not wanted for some paths.
    per_path: Vec<(String, Vec<Setting>)>,
}

struct Setting {
    rule: Spanned<String>,
    used: bool,
}

const KEYS: [&str; 3] = ["allow", "deny", "per-path"];

impl Settings {
    fn read(pyproject: &Pyproject, trouble: &mut Vec<Diagnostic>) -> Self {
        let Some(table) = pyproject.table(&["tool", "onex", "lint"]) else {
            return Self::default();
        };
        let mut reader = Reader { file: pyproject.file(), trouble };
        reader.unknown_keys(table);
        let mut settings = Self {
            allow: reader.rules(table, "allow"),
            deny: reader.rules(table, "deny"),
            per_path: Vec::new(),
        };
        match table.get("per-path").map(|item| (item, item.as_table_like())) {
            Some((item, Some(paths))) if paths.len() > MOST => {
                reader.wrong(item, "per-path", &format!("a table of no more than {MOST} paths"));
            }
            Some((_, Some(paths))) => {
                let patterns: Vec<String> = paths.iter().map(|(path, _)| path.to_owned()).collect();
                for pattern in patterns {
                    let rules = reader.rules(paths, &pattern);
                    settings.per_path.push((pattern, rules));
                }
            }
            Some((item, None)) => {
                reader.wrong(item, "per-path", "a table of paths with lists of rules")
            }
            None => {}
        }
        settings
    }

    fn denied(&mut self, finding: Diagnostic) -> Diagnostic {
        let named = self.deny.iter_mut().find(|setting| setting.rule.value == finding.rule);
        match named {
            Some(setting) => {
                setting.used = true;
                Diagnostic { severity: Severity::Error, ..finding }
            }
            None => finding,
        }
    }

    fn allows(&mut self, finding: &Diagnostic, path: &str) -> bool {
        let per_path = self.per_path.iter_mut().filter(|(pattern, _)| matches(pattern, path));
        let settings = per_path.flat_map(|(_, settings)| settings).chain(&mut self.allow);
        let mut allowed = false;
        for setting in settings.filter(|setting| setting.rule.value == finding.rule) {
            setting.used = true;
            allowed = true;
        }
        allowed
    }

    fn report_unused(&self, pyproject: &Pyproject, trouble: &mut Vec<Diagnostic>) {
        let file = pyproject.file();
        let per_path = self.per_path.iter().flat_map(|(_, settings)| settings);
        for setting in self.allow.iter().chain(per_path).filter(|setting| !setting.used) {
            let rule = &setting.rule;
            if explain::explain(&rule.value).is_err() {
                continue;
            }
            let message = format!("`{}` finds nothing to allow", rule.value);
            let finding = Diagnostic::warning("unused-suppression", file, rule.span, message);
            trouble.push(finding.help("remove it"));
        }
    }
}

struct Reader<'a> {
    file: &'a SourceFile,
    trouble: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn unknown_keys(&mut self, table: &dyn TableLike) {
        for (key, item) in table.iter().filter(|(key, _)| !KEYS.contains(key)) {
            let message = format!("`{key}` is no setting of [tool.onex.lint]");
            let help = nearest(key, KEYS).map_or_else(
                || format!("it has {}", KEYS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let span = span_of(item.span());
            self.trouble
                .push(Diagnostic::warning("unknown-setting", self.file, span, message).help(help));
        }
    }

    fn rules(&mut self, table: &dyn TableLike, key: &str) -> Vec<Setting> {
        let Some(item) = table.get(key) else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong(item, key, "a list of rules");
            return Vec::new();
        };
        let mut settings = Vec::new();
        for value in array {
            let Some(name) = value.as_str() else {
                self.wrong(item, key, "a list of rules");
                continue;
            };
            let rule = Spanned::new(name.to_owned(), span_of(value.span()));
            if let Some(unknown) = unknown(self.file, &rule) {
                self.trouble.push(unknown);
            }
            settings.push(Setting { rule, used: false });
        }
        settings
    }

    fn wrong(&mut self, item: &Item, key: &str, wanted: &str) {
        let message = format!("`{key}` of [tool.onex.lint] must be {wanted}");
        let error = Diagnostic::error("invalid-setting", self.file, span_of(item.span()), message);
        self.trouble.push(error.help("write it as `allow = [\"topic-form\"]`"));
    }
}

fn span_of(range: Option<std::ops::Range<usize>>) -> Span {
    let range = range.unwrap_or_default();
    let at = |offset: usize| u32::try_from(offset).unwrap_or_default();
    Span::new(at(range.start), at(range.end))
}

/// Whether a pattern takes a path: `*` is any text without `/`, `**` any text; a folder takes what is below it.
#[must_use]
fn matches(pattern: &str, path: &str) -> bool {
    let mut known = BTreeMap::new();
    let pattern = pattern.trim_end_matches('/');
    takes(pattern.as_bytes(), path.as_bytes(), &mut known)
}

/// Remembers what it found out, so that no pattern takes long.
fn takes(pattern: &[u8], path: &[u8], known: &mut BTreeMap<(usize, usize), bool>) -> bool {
    let key = (pattern.len(), path.len());
    if let Some(answer) = known.get(&key) {
        return *answer;
    }
    let answer = match (pattern, path) {
        ([], []) => true,
        ([], [first, ..]) => *first == b'/',
        ([b'*', b'*', rest @ ..], _) => {
            let rest = rest.strip_prefix(b"/").unwrap_or(rest);
            takes(rest, path, known)
                || path.split_first().is_some_and(|(_, path)| takes(pattern, path, known))
        }
        ([b'*', rest @ ..], _) => {
            let more = path.split_first().filter(|(first, _)| **first != b'/');
            takes(rest, path, known) || more.is_some_and(|(_, path)| takes(pattern, path, known))
        }
        ([wanted, rest @ ..], [first, path @ ..]) => wanted == first && takes(rest, path, known),
        ([_, ..], []) => false,
    };
    known.insert(key, answer);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::sample::Sample;

    #[test]
    fn patterns_take_paths() {
        for (pattern, path) in [
            ("src/a.yaml", "src/a.yaml"),
            ("src", "src/a/b.yaml"),
            ("src/", "src/a/b.yaml"),
            ("src/*/b.yaml", "src/a/b.yaml"),
            ("**/b.yaml", "src/a/b.yaml"),
            ("**/b.yaml", "b.yaml"),
            ("src/node_*", "src/node_x/contract.yaml"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("src/*.yaml", "src/a/b.yaml"),
            ("sr", "src/a"),
            ("src/a", "src/ab"),
            ("b.yaml", "a/b.yaml"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_made_to_take_long_does_not() {
        let pattern = "*a".repeat(200);
        assert!(!matches(&pattern, &("a".repeat(2000) + "b")));
    }

    fn typed(comment: &str) -> Sample {
        let before = "node_type: \"ORCHESTRATOR_GENERIC\"";
        Sample::new().edit("contract.yaml", before, &format!("node_type: orchestrator  {comment}"))
    }

    #[test]
    fn a_comment_with_a_reason_suppresses_the_finding_of_its_line() {
        assert_eq!(typed("").of_rule("node-type").len(), 1);
        let allowed = typed("# onex: allow(node-type): the old runtime wants it");
        assert_eq!(allowed.lines("node-type"), Vec::<String>::new());
        assert_eq!(allowed.lines("unused-suppression"), Vec::<String>::new());
        let above = Sample::new().edit(
            "contract.yaml",
            "node_type: \"ORCHESTRATOR_GENERIC\"",
            "# onex: allow(node-type): the old runtime wants it\n# more\n\nnode_type: orchestrator",
        );
        assert_eq!(above.lines("node-type"), Vec::<String>::new());
    }

    #[test]
    fn a_comment_without_a_reason_has_no_effect() {
        for comment in [
            "# onex: allow(node-type)",
            "# onex: allow(node-type):  ",
            "# onex: allow node-type: x",
        ] {
            let sample = typed(comment);
            assert_eq!(sample.of_rule("node-type").len(), 1, "{comment}");
            assert_eq!(sample.of_rule("unexplained-suppression").len(), 1, "{comment}");
        }
    }

    #[test]
    fn unused_and_unknown_suppressions_are_reported() {
        let sample = typed("# onex: allow(node-type, topic-form, node-tpye): because");
        let line = |text: &str| format!("contract.yaml:5 warning: {text}");
        assert_eq!(
            sample.lines("unused-suppression"),
            [line("`topic-form` finds nothing here to allow")]
        );
        assert_eq!(sample.lines("unknown-rule"), [line("there is no rule `node-tpye`")]);
    }

    #[test]
    fn a_mark_inside_a_text_is_no_comment() {
        let sample = Sample::new().edit(
            "contract.yaml",
            "\"Check items and prices\"",
            "\"Check # onex: allow(node-type): no\"",
        );
        assert!(sample.of_rule("unused-suppression").is_empty());
    }

    #[test]
    fn python_comments_suppress_too() {
        let sample = Sample::new()
            .yaml("intent_consumption:\n  intent_routing_table: {\"payment.take\": \"node_payment_effect\"}\n");
        assert_eq!(sample.of_rule("intent-not-routed").len(), 1);
        let allowed = sample.edit(
            "handlers/handler_order_placed.py",
            "intent_type=\"payment.process\",",
            "intent_type=\"payment.process\",  # onex: allow(intent-not-routed): routed by a plugin",
        );
        assert!(allowed.of_rule("intent-not-routed").is_empty());
    }

    fn configured(settings: &str) -> Sample {
        let sample = typed("");
        let pyproject = sample.read("pyproject.toml");
        sample.file("pyproject.toml", &format!("{pyproject}\n{settings}\n"))
    }

    #[test]
    fn settings_allow_everywhere_or_for_paths() {
        let everywhere = configured("[tool.onex.lint]\nallow = [\"node-type\"]");
        assert!(everywhere.of_rule("node-type").is_empty());
        let here =
            configured("[tool.onex.lint.per-path]\n\"src/**/node_order_*\" = [\"node-type\"]");
        assert!(here.of_rule("node-type").is_empty());
        let there = configured("[tool.onex.lint.per-path]\n\"src/other\" = [\"node-type\"]");
        assert_eq!(there.of_rule("node-type").len(), 1);
        assert_eq!(there.lines("unused-suppression").len(), 1);
    }

    #[test]
    fn settings_deny() {
        let sample = configured("[tool.onex.lint]\ndeny = [\"node-type\"]");
        assert!(sample.of_rule("node-type").iter().all(Diagnostic::is_error));
    }

    #[test]
    fn settings_that_mean_nothing_are_named() {
        let sample =
            configured("[tool.onex.lint]\nalow = []\nallow = [\"node-tpye\", 3]\ndeny = \"x\"");
        assert_eq!(sample.of_rule("unknown-setting").len(), 1);
        assert_eq!(sample.of_rule("unknown-rule").len(), 1);
        assert_eq!(sample.of_rule("invalid-setting").len(), 2);
    }

    #[test]
    fn what_keeps_a_contract_from_being_read_cannot_be_allowed() {
        let sample = Sample::new().edit(
            "contract.yaml",
            "name: \"node_order_payment_orchestrator\"\n",
            "name: on  # onex: allow(contract-text): no\n",
        );
        assert!(!sample.of_rule("contract-text").is_empty());
        assert_eq!(sample.of_rule("unused-suppression").len(), 1);
    }
}
