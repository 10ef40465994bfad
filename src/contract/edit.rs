//! Additions to a contract that stands, in place: everything that is there keeps its bytes.
//!
//! In: the text of a contract, a path of keys, and what is to be added there. Out: the text with it. The places come
//! from the spanned tree; what is added follows the style around it (block or flow, indentation, line ends, empty
//! lines between items). Every addition is read again and compared: unless the new text says what the old one said
//! and the addition besides, there is none.

use std::fmt::Write as _;

use super::canonical::canonical;
use super::yaml::{self, Kind, Yaml, quoted};
use crate::source::SourceFile;

/// A value that is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum New {
    /// A text, which is written in quotes.
    Text(String),
    /// A value that is written as it stands: a word, a number, or a mapping in braces.
    Plain(String),
    /// A list, which is written in brackets.
    List(Vec<String>),
    /// Items below each other.
    Items(Vec<New>),
    /// Keys, which are written as they stand, and values.
    Map(Vec<(String, New)>),
}

/// Why there is no addition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditProblem {
    /// The text is none that could be read.
    #[error("the contract cannot be read")]
    Unreadable,
    /// Something of another shape stands where the addition belongs.
    #[error("`{0}` is not what it would have to be to add to it")]
    Shape(String),
    /// The text is written in a way that no addition of ours fits into.
    #[error("`{0}` is written in a way that cannot be added to without touching the rest")]
    Style(String),
}

/// One step of a path: a key of a mapping, or an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The value of a key.
    Key(&'a str),
    /// The item at a place.
    Item(usize),
}

/// Adds an item to the end of the list at a path, which is made where it is missing.
///
/// # Errors
/// When the list cannot be added to.
pub fn append(text: &str, path: &[Step<'_>], item: &New) -> Result<String, EditProblem> {
    let root = read(text)?;
    let shown = shown(path);
    let added = match find(&root, path) {
        Some(list) if list.is_null() => {
            place_of_nothing(text, &root, path, &New::Items(vec![item.clone()]))?
        }
        Some(list) => {
            let items = list.as_sequence().ok_or_else(|| EditProblem::Shape(shown.clone()))?;
            if is_flow(text, list) {
                in_brackets(text, list, items.last(), &item.flow())
            } else {
                below_items(text, items, item).ok_or_else(|| EditProblem::Style(shown.clone()))?
            }
        }
        None => missing(text, &root, path, New::Items(vec![item.clone()]))?,
    };
    let without = |tree: &mut Yaml| {
        let Kind::Sequence(items) = &mut tree.kind else { return };
        items.pop();
    };
    verified(&root, added, path, &shown, without)
}

/// Adds a key to the end of the mapping at a path, which is made where it is missing.
///
/// # Errors
/// When the mapping cannot be added to, or has the key.
pub fn insert(
    text: &str,
    path: &[Step<'_>],
    key: &str,
    value: &New,
) -> Result<String, EditProblem> {
    let root = read(text)?;
    let shown = shown(path);
    let entry = New::Map(vec![(key.to_owned(), value.clone())]);
    let added = match find(&root, path) {
        Some(map) if map.is_null() && !path.is_empty() => {
            place_of_nothing(text, &root, path, &entry)?
        }
        Some(map) => {
            let entries = map.as_mapping().ok_or_else(|| EditProblem::Shape(shown.clone()))?;
            let plain = key.trim_matches('"');
            if entries.iter().any(|(known, _)| known.as_str() == Some(plain)) {
                return Err(EditProblem::Shape(format!("{shown}.{plain}")));
            }
            if is_flow(text, map) {
                let last = entries.last().map(|(_, value)| value);
                in_brackets(text, map, last, &format!("{key}: {}", value.flow()))
            } else {
                below_keys(text, entries, &entry)
                    .ok_or_else(|| EditProblem::Style(shown.clone()))?
            }
        }
        None => missing(text, &root, path, entry)?,
    };
    let without = |tree: &mut Yaml| {
        let Kind::Mapping(entries) = &mut tree.kind else { return };
        entries.pop();
    };
    verified(&root, added, path, &shown, without)
}

/// Whether something stands at a path.
#[must_use]
pub fn stands(text: &str, path: &[Step<'_>]) -> bool {
    read(text).is_ok_and(|root| find(&root, path).is_some())
}

fn read(text: &str) -> Result<Yaml, EditProblem> {
    yaml::read(&SourceFile::new("contract.yaml", text)).0.ok_or(EditProblem::Unreadable)
}

fn shown(path: &[Step<'_>]) -> String {
    let part = |step: &Step<'_>| match step {
        Step::Key(key) => (*key).to_owned(),
        Step::Item(index) => index.to_string(),
    };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}

/// What stands at a path.
fn find<'y>(root: &'y Yaml, path: &[Step<'_>]) -> Option<&'y Yaml> {
    path.iter().try_fold(root, |at, step| match step {
        Step::Key(key) => at.get(key),
        Step::Item(index) => at.as_sequence()?.get(*index),
    })
}

fn find_mut<'y>(root: &'y mut Yaml, path: &[Step<'_>]) -> Option<&'y mut Yaml> {
    path.iter().try_fold(root, |at, step| match (step, &mut at.kind) {
        (Step::Key(key), Kind::Mapping(entries)) => {
            entries.iter_mut().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
        }
        (Step::Item(index), Kind::Sequence(items)) => items.get_mut(*index),
        (Step::Key(_) | Step::Item(_), Kind::Scalar(_) | Kind::Mapping(_) | Kind::Sequence(_)) => {
            None
        }
    })
}

/// The new text, if it says what the old one did once the last part at the path is taken out again; what had to be
/// made on the way there is empty then, and may as well be missing.
fn verified(
    before: &Yaml,
    after: String,
    path: &[Step<'_>],
    shown: &str,
    without: impl Fn(&mut Yaml),
) -> Result<String, EditProblem> {
    let style = || EditProblem::Style(shown.to_owned());
    let mut tree = read(&after).map_err(|_| style())?;
    without(find_mut(&mut tree, path).ok_or_else(style)?);
    let mut length = path.len();
    while canonical(&tree) != canonical(before) {
        let (Some(Step::Key(key)), Some(above)) =
            (path.get(length.wrapping_sub(1)), path.get(..length.wrapping_sub(1)))
        else {
            return Err(style());
        };
        let is_empty = |value: &Yaml| match &value.kind {
            Kind::Mapping(entries) => entries.is_empty(),
            Kind::Sequence(items) => items.is_empty(),
            Kind::Scalar(_) => value.is_null(),
        };
        let parent = find_mut(&mut tree, above).ok_or_else(style)?;
        let Kind::Mapping(entries) = &mut parent.kind else { return Err(style()) };
        let position =
            entries.iter().position(|(name, value)| name.as_str() == Some(key) && is_empty(value));
        let stood = find(before, above).is_some_and(|parent| parent.get(key).is_some());
        match position {
            // An empty value that stood stands for nothing: `handlers:` and `handlers: []` are one.
            Some(position) if stood => {
                let standing = find(before, above).and_then(|parent| parent.get(key)).cloned();
                if let (Some((_, value)), Some(standing)) = (entries.get_mut(position), standing) {
                    *value = standing;
                }
                return if canonical(&tree) == canonical(before) {
                    Ok(after)
                } else {
                    Err(style())
                };
            }
            Some(position) => {
                entries.remove(position);
            }
            None => return Err(style()),
        }
        length -= 1;
    }
    Ok(after)
}

fn is_flow(text: &str, node: &Yaml) -> bool {
    text.get(node.span.range()).is_some_and(|written| written.starts_with(['[', '{']))
}

/// `[a, b]` and another: behind the last item, else between the brackets.
fn in_brackets(text: &str, node: &Yaml, last: Option<&Yaml>, item: &str) -> String {
    let (at, comma) = match last {
        Some(last) => (last.span.range().end, ", "),
        None => (node.span.range().start + 1, ""),
    };
    spliced(text, at, &format!("{comma}{item}"))
}

fn spliced(text: &str, at: usize, added: &str) -> String {
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    format!("{before}{added}{behind}")
}

/// The end of the line that the last part of a node is in: comments behind it belong to it.
fn end_of(text: &str, node: &Yaml) -> usize {
    let last = match &node.kind {
        Kind::Sequence(items) if !is_flow(text, node) => items.last(),
        Kind::Mapping(entries) if !is_flow(text, node) => entries.last().map(|(_, value)| value),
        Kind::Sequence(_) | Kind::Mapping(_) | Kind::Scalar(_) => None,
    };
    if let Some(last) = last {
        return end_of(text, last);
    }
    // The text of a block ends behind its line end.
    let written = text.get(..node.span.range().end).unwrap_or(text);
    let end = written.trim_end_matches(['\n', '\r', ' ']).len().max(node.span.range().start);
    text.get(end..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |line_end| end + line_end + 1)
}

/// Behind the items of a block list.
fn below_items(text: &str, items: &[Yaml], item: &New) -> Option<String> {
    let before = text.get(..items.first()?.span.range().start)?;
    // Between the dash and its item there may be the head of a block text and the end of its line.
    let mut lines = before.rsplit('\n').take(2).map(|line| line.trim_end_matches('\r'));
    let line = lines.find(|line| line.trim_start().starts_with('-'))?;
    let indent = line.len() - line.trim_start().len();
    let last = items.last()?;
    let at = end_of(text, last);
    let gap = items.iter().zip(items.iter().skip(1)).next_back();
    let gap = gap.is_some_and(|(one, next)| is_gap(text, end_of(text, one), next));
    Some(lines_at(text, at, &New::Items(vec![item.clone()]).block(indent), gap))
}

/// Whether an empty line stands behind a place, somewhere before a node.
fn is_gap(text: &str, end: usize, next: &Yaml) -> bool {
    let between = text.get(end..next.span.range().start);
    between.is_some_and(|between| between.starts_with(['\n', '\r']))
}

/// Behind the entries of a block mapping.
fn below_keys(text: &str, entries: &[(Yaml, Yaml)], entry: &New) -> Option<String> {
    let (first, _) = entries.first()?;
    let start = first.span.range().start;
    // The first key of an item stands behind its dash.
    let line = text.get(..start)?.rsplit('\n').next()?;
    let indent = line.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(line.len())?;
    let end = |(key, value): &(Yaml, Yaml)| {
        if value.is_null() { end_of(text, key) } else { end_of(text, value) }
    };
    let gap = entries.iter().zip(entries.iter().skip(1)).next_back();
    let gap = gap.is_some_and(|(one, (next, _))| is_gap(text, end(one), next));
    Some(lines_at(text, end(entries.last()?), &entry.block(indent), gap))
}

/// Whole lines at the beginning of a line, with the line ends of the text.
fn lines_at(text: &str, at: usize, lines: &str, gap: bool) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let head = text.get(..at).unwrap_or(text);
    let mut added = String::new();
    if !head.is_empty() && !head.ends_with('\n') {
        added.push_str(end);
    }
    if gap {
        added.push_str(end);
    }
    added.push_str(&lines.replace('\n', end));
    spliced(text, at, &added)
}

/// A key that stands without a value gets one.
fn place_of_nothing(
    text: &str,
    root: &Yaml,
    path: &[Step<'_>],
    value: &New,
) -> Result<String, EditProblem> {
    let style = || EditProblem::Style(shown(path));
    let (Some(Step::Key(name)), Some(above)) = (path.last(), path.get(..path.len() - 1)) else {
        return Err(style());
    };
    let parent = find(root, above).ok_or_else(style)?;
    let (key, standing) = parent.entry(name).ok_or_else(style)?;
    // `null` and `~` would stay in front of what is added.
    if !standing.span.range().is_empty() || is_flow(text, parent) {
        return Err(style());
    }
    let start = key.span.range().start;
    let line = text.get(..start).and_then(|before| before.rsplit('\n').next()).ok_or_else(style)?;
    let indent = line.len() + 2;
    Ok(lines_at(text, end_of(text, key), &value.block(indent), false))
}

/// The first key of the path that is missing, with everything below it.
fn missing(text: &str, root: &Yaml, path: &[Step<'_>], value: New) -> Result<String, EditProblem> {
    let style = || EditProblem::Style(shown(path));
    let known = (0..path.len())
        .rev()
        .find(|length| path.get(..*length).is_some_and(|p| find(root, p).is_some()));
    let known = known.ok_or_else(style)?;
    let (Some(above), Some(rest)) = (path.get(..known), path.get(known..)) else {
        return Err(style());
    };
    let Some((Step::Key(key), below)) = rest.split_first() else { return Err(style()) };
    let nested = below.iter().rev().try_fold(value, |value, step| match step {
        Step::Key(key) => Some(New::Map(vec![((*key).to_owned(), value)])),
        Step::Item(_) => None,
    });
    insert(text, above, key, &nested.ok_or_else(style)?)
}

impl New {
    /// Lines, each with its line end, indented by so many columns.
    pub(super) fn block(&self, indent: usize) -> String {
        let mut text = String::new();
        self.write_block(indent, &mut text);
        text
    }

    fn write_block(&self, indent: usize, out: &mut String) {
        let front = " ".repeat(indent);
        match self {
            Self::Items(items) => {
                for item in items {
                    let inner = item.block(indent + 2);
                    let inner = inner.strip_prefix(&" ".repeat(indent + 2)).unwrap_or(&inner);
                    let _ = write!(out, "{front}- {inner}");
                }
            }
            Self::Map(entries) => {
                for (key, value) in entries {
                    match value {
                        Self::Items(_) | Self::Map(_) => {
                            let _ = writeln!(out, "{front}{key}:");
                            value.write_block(indent + 2, out);
                        }
                        Self::Text(_) | Self::Plain(_) | Self::List(_) => {
                            let _ = writeln!(out, "{front}{key}: {}", value.flow());
                        }
                    }
                }
            }
            Self::Text(_) | Self::Plain(_) | Self::List(_) => {
                let _ = writeln!(out, "{front}{}", self.flow());
            }
        }
    }

    /// On one line, in brackets and braces.
    fn flow(&self) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match self {
            Self::Text(text) => quoted(text),
            Self::Plain(text) => text.clone(),
            Self::List(texts) => {
                format!("[{}]", joined(texts.iter().map(|text| quoted(text)).collect()))
            }
            Self::Items(items) => format!("[{}]", joined(items.iter().map(Self::flow).collect())),
            Self::Map(entries) => {
                let entry = |(key, value): &(String, Self)| format!("{key}: {}", value.flow());
                format!("{{{}}}", joined(entries.iter().map(entry).collect()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> New {
        New::Map(vec![
            ("event".to_owned(), New::Map(vec![("name".to_owned(), New::Text("B".to_owned()))])),
            ("outputs".to_owned(), New::List(vec!["C".to_owned()])),
        ])
    }

    fn appended(text: &str, path: &[&str], item: &New) -> Result<String, EditProblem> {
        let path: Vec<Step<'_>> = path.iter().map(|key| Step::Key(key)).collect();
        append(text, &path, item)
    }

    fn topic(text: &str) -> Result<String, EditProblem> {
        appended(text, &["bus", "topics"], &New::Text("b".to_owned()))
    }

    #[test]
    fn an_item_stands_below_the_last_with_its_indentation() {
        let text =
            "h:\n  list: # all of them\n  - event:\n      name: 'A' # first\n\n# behind\nx: 1\n";
        assert_eq!(
            appended(text, &["h", "list"], &item()).unwrap(),
            "h:\n  list: # all of them\n  - event:\n      name: 'A' # first\n  - event:\n      name: \"B\"\n    outputs: [\"C\"]\n\n# behind\nx: 1\n"
        );
    }

    #[test]
    fn items_with_empty_lines_between_them_get_another() {
        let text = "bus:\n  topics:\n    - a\n\n    - aa\nx: 1\n";
        assert_eq!(
            topic(text).unwrap(),
            "bus:\n  topics:\n    - a\n\n    - aa\n\n    - \"b\"\nx: 1\n"
        );
    }

    #[test]
    fn keys_with_empty_lines_between_them_get_another() {
        let text = "a: 1\n\n# two\nbus: {v: 1}\n\n# the end\n";
        let added = insert(text, &[], "c", &New::Plain("3".to_owned())).unwrap();
        assert_eq!(added, "a: 1\n\n# two\nbus: {v: 1}\n\nc: 3\n\n# the end\n");
    }

    #[test]
    fn brackets_are_added_to_inside() {
        assert_eq!(topic("bus: {topics: [a]} # x\n").unwrap(), "bus: {topics: [a, \"b\"]} # x\n");
        assert_eq!(topic("bus: {topics: []}\n").unwrap(), "bus: {topics: [\"b\"]}\n");
        assert_eq!(
            topic("bus:\n  topics: [\n    a,\n  ]\n").unwrap(),
            "bus:\n  topics: [\n    a, \"b\",\n  ]\n"
        );
        assert_eq!(topic("bus: {}\n").unwrap(), "bus: {topics: [\"b\"]}\n");
    }

    #[test]
    fn what_is_missing_is_made() {
        assert_eq!(topic("x: 1").unwrap(), "x: 1\nbus:\n  topics:\n    - \"b\"\n");
        assert_eq!(topic("bus:\n  v: 1\n").unwrap(), "bus:\n  v: 1\n  topics:\n    - \"b\"\n");
        assert_eq!(
            topic("bus:\n  topics:\nx: 1\n").unwrap(),
            "bus:\n  topics:\n    - \"b\"\nx: 1\n"
        );
        assert_eq!(
            topic("bus:\n# c\nx: 1\n").unwrap(),
            "bus:\n  topics:\n    - \"b\"\n# c\nx: 1\n"
        );
    }

    #[test]
    fn blocks_of_text_and_line_ends_of_dos_stay() {
        let text = "bus:\r\n  topics:\r\n    - |\r\n      a\r\n      b\r\n\r\nx: 1\r\n";
        assert_eq!(
            topic(text).unwrap(),
            "bus:\r\n  topics:\r\n    - |\r\n      a\r\n      b\r\n    - \"b\"\r\n\r\nx: 1\r\n"
        );
    }

    #[test]
    fn a_key_is_added_to_an_item() {
        let path = [Step::Key("h"), Step::Item(0)];
        let value = New::List(vec!["p.q".to_owned()]);
        let added =
            insert("h:\n  - a: 1\n    b: {c: 2}\n  - a: 2\n", &path, "out", &value).unwrap();
        assert_eq!(added, "h:\n  - a: 1\n    b: {c: 2}\n    out: [\"p.q\"]\n  - a: 2\n");
        let only = insert("h:\n  - a: 1", &path, "out", &value).unwrap();
        assert_eq!(only, "h:\n  - a: 1\n    out: [\"p.q\"]\n");
    }

    #[test]
    fn what_cannot_be_added_to_is_left_alone() {
        let shape = |text: &str| matches!(topic(text), Err(EditProblem::Shape(_)));
        assert!(shape("bus: {topics: a}\n"));
        assert!(shape("bus: [a]\n") || topic("bus: [a]\n").is_err());
        // The list is that of another key too, and would grow there as well.
        assert!(topic("x: &t [a]\nbus: {topics: *t}\n").is_err());
        assert!(topic("bus:\n  topics: ~\n").is_err());
        assert!(insert("a: 1\n", &[], "a", &New::Plain("2".to_owned())).is_err());
        assert_eq!(topic("a: [\n"), Err(EditProblem::Unreadable));
    }
}
