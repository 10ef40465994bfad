//! Edits of a YAML text at places of its tree: everything else keeps every byte.
//!
//! In: a text and its tree. Out: the edited text ([`Edits::applied`]), which holds every key and value of the old
//! one but those that were to change, or nothing where that does not come out.

use crate::contract::Yaml;
use crate::contract::yaml::{self, Kind};
use crate::source::{SourceFile, Span};

/// Edits to come, in the order in which they were asked for.
#[derive(Debug)]
pub(super) struct Edits<'a> {
    file: &'a SourceFile,
    edits: Vec<(Span, String)>,
    /// Values that are to change.
    replaced: Vec<Span>,
}

impl<'a> Edits<'a> {
    pub(super) fn of(file: &'a SourceFile) -> Self {
        Self { file, edits: Vec::new(), replaced: Vec::new() }
    }

    fn text(&self) -> &'a str {
        self.file.text()
    }

    /// Puts other text in the place of a value.
    pub(super) fn replace(&mut self, value: &Yaml, text: impl Into<String>) {
        self.replaced.push(value.span);
        self.edits.push((value.span, text.into()));
    }

    /// Changes what a scalar says, in the quotes that it has.
    pub(super) fn rewrite(&mut self, span: Span, text: &str) {
        let quote = self.file.slice(span).chars().next().filter(|c| matches!(c, '"' | '\''));
        let quoted = quote.map_or_else(|| text.to_owned(), |quote| format!("{quote}{text}{quote}"));
        self.replaced.push(span);
        self.edits.push((span, quoted));
    }

    /// Adds entries to a mapping, behind the value of one of its keys, else at its end.
    pub(super) fn add(&mut self, mapping: &Yaml, behind: &[&str], lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let entries = mapping.entries();
        let after = behind
            .iter()
            .find_map(|key| mapping.entry(key))
            .or(entries.last().map(|(k, v)| (k, v)));
        let Some((key, value)) = after else { return };
        if self.is_flow(mapping) {
            let at = value_end(self.text(), key, value);
            self.edits.push((Span::new(at, at), format!(", {}", lines.join(", "))));
            return;
        }
        self.below(key, value_end(self.text(), key, value), lines);
    }

    /// Adds an entry in front of all others of a mapping.
    pub(super) fn add_first(&mut self, mapping: &Yaml, line: &str) {
        let Some((first, _)) = mapping.entries().first() else { return };
        let at = Span::new(first.span.start, first.span.start);
        let text = if self.is_flow(mapping) {
            format!("{line}, ")
        } else {
            format!("{line}{}{}", self.newline(), self.indent(first))
        };
        self.edits.push((at, text));
    }

    /// Adds a block behind the last line of a value, indented as the key is, and set apart where the next block is.
    pub(super) fn add_below(&mut self, (key, value): (&Yaml, &Yaml), lines: &[String]) {
        let end = value_end(self.text(), key, value);
        let rest = self.text().get(end as usize..).unwrap_or_default();
        let is_apart = rest.lines().nth(1).is_some_and(|next| next.trim().is_empty());
        let apart = is_apart.then(String::new).into_iter();
        self.below(key, end, &apart.chain(lines.iter().cloned()).collect::<Vec<_>>());
    }

    /// Adds items to a sequence.
    pub(super) fn push(&mut self, sequence: &Yaml, items: &[Vec<String>]) {
        let Some(last) = sequence.as_sequence().and_then(<[_]>::last) else { return };
        let end = end_of(self.text(), last);
        if self.is_flow(sequence) {
            let flow = items.iter().map(|item| format!(", {{{}}}", item.join(", ")));
            self.edits.push((Span::new(end, end), flow.collect()));
            return;
        }
        // The dash stands in front of the item, on its line.
        let start = last.span.start as usize;
        let line =
            self.text().get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let Some(dash) = line.rfind('-') else { return };
        let indent = " ".repeat(dash);
        let lines = items.iter().flat_map(|item| {
            item.iter().enumerate().map(|(index, line)| {
                let mark = if index == 0 { "- " } else { "  " };
                format!("{mark}{line}")
            })
        });
        let lines: Vec<String> = lines.map(|line| format!("{indent}{line}")).collect();
        self.insert_lines(end, &lines);
    }

    fn below(&mut self, key: &Yaml, end: u32, lines: &[String]) {
        let indent = self.indent(key);
        let indented = |line: &String| {
            if line.is_empty() { String::new() } else { format!("{indent}{line}") }
        };
        self.insert_lines(end, &lines.iter().map(indented).collect::<Vec<_>>());
    }

    /// Whole lines behind the line that ends at or after a place.
    fn insert_lines(&mut self, end: u32, lines: &[String]) {
        let text = self.text();
        let newline = self.newline();
        let rest = text.get(end as usize..).unwrap_or_default();
        let inserted = lines.join(newline);
        let (at, inserted) = match rest.find('\n') {
            Some(offset) => (end as usize + offset + 1, format!("{inserted}{newline}")),
            None => (text.len(), format!("{newline}{inserted}")),
        };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.edits.push((Span::new(at, at), inserted));
    }

    fn newline(&self) -> &'static str {
        if self.text().contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// What a key is indented with: blanks, the dash of a list item among them.
    fn indent(&self, key: &Yaml) -> String {
        let before = self.text().get(..key.span.start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        " ".repeat(line.chars().count())
    }

    fn is_flow(&self, node: &Yaml) -> bool {
        self.file.slice(node.span).starts_with(['{', '['])
    }

    /// The edited text; nothing where it would not hold what the old one held.
    pub(super) fn applied(mut self, old: &Yaml) -> Option<String> {
        let mut text = self.text().to_owned();
        // From the end, so that places in front stay; of several at one place the first asked for comes first.
        self.edits.reverse();
        self.edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut limit = text.len();
        for (span, edit) in &self.edits {
            let range = span.range();
            if range.end > limit || text.get(range.clone()).is_none() {
                return None;
            }
            limit = range.start;
            text.replace_range(range, edit);
        }
        let (new, found) = yaml::read(&SourceFile::new(self.file.path(), text.clone()));
        let new = new.filter(|_| !found.iter().any(crate::diagnostic::Diagnostic::is_error))?;
        holds(&new, old, &self.replaced).then_some(text)
    }
}

/// Where a node ends: its own end, or that of its last part.
///
/// The span of a block ends with the line where the next thing begins.
fn end_of(text: &str, node: &Yaml) -> u32 {
    let flow = text.get(node.span.range()).is_some_and(|own| own.starts_with(['{', '[']));
    match &node.kind {
        Kind::Mapping(entries) if !flow => {
            entries.last().map_or(node.span.end, |(key, value)| value_end(text, key, value))
        }
        Kind::Sequence(items) if !flow => {
            items.last().map_or(node.span.end, |item| end_of(text, item))
        }
        Kind::Mapping(_) | Kind::Sequence(_) => node.span.end,
        Kind::Scalar(_) => {
            let own = text.get(node.span.range()).unwrap_or_default();
            node.span.start + u32::try_from(own.trim_end().len()).unwrap_or_default()
        }
    }
}

/// The end of an entry; nothing behind the colon ends with the key.
fn value_end(text: &str, key: &Yaml, value: &Yaml) -> u32 {
    if value.span.start >= key.span.end {
        end_of(text, value).max(key.span.end)
    } else {
        key.span.end
    }
}

/// Whether a tree holds everything of another, in order, but the values that were replaced.
fn holds(new: &Yaml, old: &Yaml, replaced: &[Span]) -> bool {
    if replaced.contains(&old.span) {
        return true;
    }
    match (&new.kind, &old.kind) {
        (Kind::Scalar(new), Kind::Scalar(old)) => new == old,
        (Kind::Sequence(new), Kind::Sequence(old)) => {
            new.len() >= old.len()
                && new.iter().zip(old).all(|(new, old)| holds(new, old, replaced))
        }
        (Kind::Mapping(entries), Kind::Mapping(old)) => {
            let mut rest = entries.iter();
            old.iter().all(|(key, value)| {
                let same = |(new, _): &&(Yaml, Yaml)| holds(new, key, replaced);
                rest.find(same).is_some_and(|(_, new)| holds(new, value, replaced))
            })
        }
        // A key without a value that was given one.
        (_, Kind::Scalar(_)) | (Kind::Scalar(_), _) => false,
        (Kind::Sequence(_), Kind::Mapping(_)) | (Kind::Mapping(_), Kind::Sequence(_)) => false,
    }
}
