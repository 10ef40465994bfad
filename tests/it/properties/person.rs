//! What people do to the files of a node.
//!
//! Every edit that adds something leaves a word behind that nothing else holds, so that what is lost shows.

use std::collections::BTreeMap;

use onex_scaffold::python::format::parses;
use onex_scaffold::render::Ownership;
use onex_scaffold::workspace::RelPath;

use super::pipeline::{self, Tree};

/// One edit: which one, in which file, at which line; read modulo what is there.
pub(super) type Edit = (u8, u8, u8);

/// Something that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A line of its own.
    Line(String),
    /// A remark, which may end up behind the line that it belongs to.
    Part(String),
}

impl Mark {
    /// How many lines of the tree hold it.
    pub(super) fn count(&self, tree: &Tree) -> usize {
        let lines = tree.iter().filter(|(path, _)| path.name() != "onex.lock");
        let lines = lines.flat_map(|(_, text)| text.lines());
        match self {
            Self::Line(mark) => lines.filter(|line| line.trim() == mark).count(),
            Self::Part(mark) => lines.filter(|line| line.contains(mark)).count(),
        }
    }
}

/// Applies edits; gives what stands in the tree of what they added.
pub(super) fn edit(tree: &mut Tree, edits: &[Edit]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (number, (kind, file, place)) in edits.iter().enumerate() {
        let ownership = pipeline::owners(tree);
        let of = |wanted: Ownership| -> Vec<RelPath> {
            let owned = ownership.iter().filter(|(path, owner)| {
                **owner == wanted && tree.contains_key(*path) && path.name().ends_with(".py")
            });
            owned.map(|(path, _)| path.clone()).collect()
        };
        let is_drift = kind % 32 == 31;
        let files = of(if is_drift { Ownership::Generated } else { Ownership::Scaffolded });
        // Handlers and their tests are what people work on, and what contracts change.
        let worked_on: Vec<RelPath> =
            files.iter().filter(|path| path.as_str().contains("handler_")).cloned().collect();
        let files = if *file < 160 && !worked_on.is_empty() { worked_on } else { files };
        let Some(path) = files.get(usize::from(*file) % files.len().max(1)) else { continue };
        if is_drift {
            let text = tree.get_mut(path).unwrap();
            text.push_str(&format!("# drift {number}\n"));
            continue;
        }
        if kind % 32 == 30 {
            // Without this one the tests are no package: another project, not an edit of a node.
            if path.as_str() != "tests/__init__.py" {
                tree.remove(path);
            }
            continue;
        }
        let text = &tree[path];
        let (text, mark) = written(text, *kind, usize::from(*place), number);
        if let Some(text) = text {
            marks.extend(mark);
            tree.insert(path.clone(), text);
        }
    }
    marks
}

/// A text with one edit, and what it left; nothing where the edit makes no sense there.
fn written(text: &str, kind: u8, place: usize, number: usize) -> (Option<String>, Option<Mark>) {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // Lines with names of the contract are those that it may want to change.
    let is_named = |line: &&String| line.contains("Model") || line.contains("Handler");
    let named: Vec<usize> =
        (0..lines.len()).filter(|n| lines.get(*n).as_ref().is_some_and(is_named)).collect();
    let at = match named.get(place / 2 % named.len().max(1)) {
        Some(at) if place.is_multiple_of(2) => *at,
        Some(_) | None => place % lines.len().max(1),
    };
    let line = lines.get(at).cloned().unwrap_or_default();
    let next = lines.iter().skip(at).find(|line| !line.trim().is_empty());
    let indent: String = next
        .map(|line| line.chars().take_while(|c| c.is_whitespace()).collect())
        .unwrap_or_default();
    let mark = format!("mark_{number}_");
    let joined = |lines: &[String]| lines.iter().map(|l| format!("{l}{end}")).collect::<String>();
    let valid = |lines: &[String]| Some(joined(lines)).filter(|text| parses(text).is_ok());
    let own = |text: String| Mark::Line(text);
    match kind % 32 {
        0..=4 => {
            let comment = format!("# {mark}");
            lines.insert(at, format!("{indent}{comment}"));
            (valid(&lines), Some(Mark::Part(comment)))
        }
        5..=9 => {
            let statement = format!("print(\"{mark}\")");
            lines.insert(at, format!("{indent}{statement}"));
            (valid(&lines), Some(own(statement)))
        }
        10..=12 if !lines.is_empty() => {
            lines[at].push_str(&format!("  # {mark}"));
            (valid(&lines), Some(Mark::Part(mark)))
        }
        13 | 14 => {
            let imports: Vec<usize> = (0..lines.len())
                .filter(|n| lines[*n].starts_with("import ") || lines[*n].starts_with("from "))
                .filter(|n| !lines[*n].contains("__future__"))
                .collect();
            let Some(at) = imports.get(place % imports.len().max(1)) else { return (None, None) };
            let import = format!("import {mark}");
            lines.insert(*at, import.clone());
            (valid(&lines), Some(own(import)))
        }
        15 => {
            let helper = ["", "", &format!("def helper_{number}() -> str:")].map(str::to_owned);
            lines.extend(helper);
            let result = format!("return \"{mark}\"");
            lines.push(format!("    {result}"));
            (valid(&lines), Some(own(result)))
        }
        16 | 17 => {
            if !lines.last().is_some_and(|line| line.starts_with("    ")) {
                return (None, None);
            }
            let method = ["".to_owned(), format!("    def helper_{number}(self) -> str:")];
            lines.extend(method);
            let result = format!("return \"{mark}\"");
            lines.push(format!("        {result}"));
            (valid(&lines), Some(own(result)))
        }
        18 => {
            let defs: Vec<usize> = (0..lines.len())
                .filter(|n| {
                    let line = lines[*n].trim_start();
                    ["def ", "async def ", "class "].iter().any(|word| line.starts_with(word))
                })
                .collect();
            let Some(at) = defs.get(place % defs.len().max(1)) else { return (None, None) };
            let indent = lines[*at].len() - lines[*at].trim_start().len();
            let decorator = format!("@{mark}");
            lines.insert(*at, format!("{}{decorator}", " ".repeat(indent)));
            (valid(&lines), Some(own(decorator)))
        }
        19..=21 if !line.contains("mark_") && !line.trim().is_empty() => {
            let own_indent = line.len() - line.trim_start().len();
            let statement = format!("{mark}()");
            lines[at] = format!("{}{statement}", &line[..own_indent]);
            (valid(&lines), Some(own(statement)))
        }
        22 | 23 if !lines.is_empty() && !line.contains("mark_") => {
            lines.remove(at);
            (valid(&lines), None)
        }
        24 => {
            let until = (at + 1 + place % 5).min(lines.len());
            if lines[at..until].iter().any(|line| line.contains("mark_")) {
                return (None, None);
            }
            lines.drain(at..until);
            (valid(&lines), None)
        }
        25 => (Some(text.replace("\r\n", "\n").replace('\n', "\r\n")), None),
        26 => (Some(text.trim_end().to_owned()), None),
        27 => {
            let narrower = lines.iter().map(|line| {
                let inner = line.trim_start_matches(' ');
                format!("{}{inner}", " ".repeat((line.len() - inner.len()) / 2))
            });
            (valid(&narrower.collect::<Vec<_>>()), None)
        }
        28 => {
            lines.insert(at, String::new());
            (valid(&lines), None)
        }
        29 if place.is_multiple_of(4) => {
            let broken = format!("def {mark}(:");
            lines.push(broken.clone());
            (Some(joined(&lines)), Some(own(broken)))
        }
        _ => (None, None),
    }
}

/// A text with an edit in a line that is about to change, and what it left.
pub(super) fn meet(
    before: &str,
    after: &str,
    (kind, file, place): Edit,
    name: &str,
) -> Option<(String, Mark)> {
    let diff = similar::TextDiff::from_lines(before, after);
    let changing: Vec<usize> = diff
        .iter_all_changes()
        .filter(|change| change.tag() == similar::ChangeTag::Delete)
        .filter_map(|change| change.old_index())
        .collect();
    let at = *changing.get(usize::from(place) % changing.len().max(1))?;
    let mut lines: Vec<String> = before.split_inclusive('\n').map(str::to_owned).collect();
    let line = lines[at].clone();
    if line.contains("mark_") || line.trim().is_empty() {
        return None;
    }
    let (body, end) = line.split_at(line.trim_end().len());
    let indent = &body[..body.len() - body.trim_start().len()];
    let mark = format!("mark_{file}_{}_", name.replace(['/', '.'], "_"));
    let (new, mark) = match kind % 3 {
        0 => (format!("{body}  # {mark}{end}"), Mark::Part(mark)),
        1 => (format!("{indent}{mark}(){end}"), Mark::Line(format!("{mark}()"))),
        _ => {
            let comment = format!("# {mark}");
            (format!("{indent}{comment}\n{indent}pass{end}"), Mark::Part(comment))
        }
    };
    lines[at] = new;
    let text = lines.concat();
    parses(&text).is_ok().then_some((text, mark))
}

/// The Python files that do not parse.
pub(super) fn broken(tree: &Tree) -> BTreeMap<RelPath, String> {
    let python = tree.iter().filter(|(path, _)| path.name().ends_with(".py"));
    python
        .filter(|(_, text)| parses(text).is_err())
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect()
}
