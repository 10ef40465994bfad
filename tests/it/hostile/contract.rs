use std::collections::BTreeMap;
use std::fmt::Write as _;

use onex_scaffold::node::HandlerStyle;
use serde_json::Value;

use onex_scaffold::project;

use super::skeleton::Skeleton;
use super::{STYLES, files, node, refused, said, tricks};

/// A contract in which every text that is read occurs.
const CONTRACT: &str = include_str!("contract.json");

/// Where a text stands in a contract: the value at a path, or a key there that is a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Position {
    Value(String),
    Key(String, String),
}

/// Mappings whose keys are the author's.
const NAMED: [&str; 3] = ["definitions", "properties", "intent_routing_table"];

fn positions(value: &Value, path: &str, found: &mut Vec<Position>) {
    match value {
        Value::String(_) => found.push(Position::Value(path.to_owned())),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                positions(item, &format!("{path}/{index}"), found);
            }
        }
        Value::Object(entries) => {
            let named = NAMED.contains(&path.rsplit('/').next().unwrap_or_default());
            for (key, value) in entries {
                if named {
                    found.push(Position::Key(path.to_owned(), key.clone()));
                }
                positions(value, &format!("{path}/{}", escaped(key)), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A part of a JSON pointer.
fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

impl Position {
    fn text<'a>(&'a self, contract: &'a Value) -> &'a str {
        match self {
            Self::Value(path) => contract.pointer(path).and_then(Value::as_str).unwrap(),
            Self::Key(_, key) => key,
        }
    }
}

/// Which text stands where.
type Texts<'a> = BTreeMap<&'a Position, &'a str>;

/// The contract with other texts in some places, as JSON, which is YAML; the order of its keys stays.
fn with(contract: &Value, texts: &Texts<'_>) -> String {
    let mut out = String::new();
    write(contract, "", texts, &mut out);
    out
}

fn write(value: &Value, path: &str, texts: &Texts<'_>, out: &mut String) {
    match value {
        Value::String(standing) => {
            let here = texts.get(&Position::Value(path.to_owned()));
            quoted(here.copied().unwrap_or(standing), out);
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                write(item, &format!("{path}/{index}"), texts, out);
                out.push_str(", ");
            }
            out.push(']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (key, value) in entries {
                let here = texts.get(&Position::Key(path.to_owned(), key.clone()));
                quoted(here.copied().unwrap_or(key), out);
                out.push_str(": ");
                write(value, &format!("{path}/{}", escaped(key)), texts, out);
                out.push_str(", ");
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
    }
}

/// A text in quotes, with everything escaped that YAML may not hold as it is.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            other => write!(out, "\\U{:08x}", u32::from(other)).unwrap(),
        }
    }
    out.push('"');
}

/// The same text with harmless letters behind it, in the form that it has.
fn twin(text: &str) -> String {
    match text.rsplit_once(".v1") {
        Some((topic, "")) => format!("{topic}-twin.v1"),
        _ if text.contains(' ') => format!("{text} twin"),
        _ if text.contains(|c: char| c.is_ascii_uppercase()) => format!("{text}Twin"),
        _ => format!("{text}_twin"),
    }
}

/// Whether a text is a name already: then there is nothing to it but that, whatever Python makes of it. A field may hide a
/// type by it, say, and the code around it differs for that.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

/// A contract, the places in it that are tried, and what is tried there.
struct Trial {
    contract: Value,
    project: project::Project,
    positions: Vec<Position>,
    tricks: Vec<String>,
}

impl Trial {
    /// Every second position, so that two processors share the work.
    fn of_every_second(first: usize) -> Self {
        let contract: Value = serde_json::from_str(CONTRACT).unwrap();
        let mut found = Vec::new();
        positions(&contract, "", &mut found);
        assert!(found.len() > 60, "{} positions", found.len());
        let positions = found.into_iter().skip(first).step_by(2).collect();
        let project = super::project("[project]\nname = 'app'\n").unwrap();
        Self { contract, project, positions, tricks: tricks::all() }
    }

    fn files(&self, texts: &Texts<'_>, style: HandlerStyle) -> Option<Skeleton> {
        files(&with(&self.contract, texts), &self.project, style).ok().map(|files| said(&files))
    }

    /// Holds one text in one place against a harmless one, or none at all, in that place.
    fn alone(&self, position: &Position, trick: &str, style: HandlerStyle) {
        let standing = position.text(&self.contract);
        let said = self.files(&Texts::from([(position, trick)]), style).unwrap();
        let mut harmless = [standing.to_owned(), twin(standing), String::new()].into_iter();
        let like = harmless.any(|text| {
            self.files(&Texts::from([(position, text.as_str())]), style).as_ref() == Some(&said)
        });
        assert!(like || is_name(trick), "{position:?} = {trick:?}");
    }

    /// Whether each text is taken in each place; what is not is refused with a reason.
    fn taken(&self) -> Vec<Vec<bool>> {
        let is_taken = |position: &Position, trick: &String| {
            let text = with(&self.contract, &Texts::from([(position, trick.as_str())]));
            let refusal = node(&text, &self.project, STYLES[0]).err();
            if let Some(found) = &refusal {
                refused(found, &format!("{position:?} = {trick:?}"));
            }
            refusal.is_none()
        };
        let row = |position| self.tricks.iter().map(|trick| is_taken(position, trick)).collect();
        self.positions.iter().map(row).collect()
    }

    /// Tries everything that is taken: in all places at once, in each another text each time. Where that comes out
    /// differently than harmless texts do, each is held against one of its own.
    fn run(&self) {
        let taken = self.taken();
        let all: usize = taken.iter().map(Vec::len).sum();
        let written = taken.iter().flatten().filter(|taken| **taken).count();
        // Neither does everything pass, nor is everything refused.
        assert!(written > 500 && all - written > 500, "{written} of {all}");
        for turn in 0..self.tricks.len() {
            let style = STYLES[turn % STYLES.len()];
            let (mut texts, mut names) = (Texts::new(), Texts::new());
            for (index, position) in self.positions.iter().enumerate() {
                let which = (index + turn) % self.tricks.len();
                if taken[index][which] {
                    let trick = self.tricks[which].as_str();
                    if is_name(trick) { &mut names } else { &mut texts }.insert(position, trick);
                }
            }
            let plain = self.files(&Texts::new(), style);
            for (texts, is_alike) in [
                (texts, &(|said| said == plain) as &dyn Fn(Option<Skeleton>) -> bool),
                (names, &|said| said.is_some()),
            ] {
                if !is_alike(self.files(&texts, style)) {
                    texts.iter().for_each(|(position, trick)| self.alone(position, trick, style));
                }
            }
        }
    }
}

#[test]
fn no_text_of_a_contract_becomes_code() {
    Trial::of_every_second(0).run();
}

#[test]
fn no_other_text_of_a_contract_does_either() {
    Trial::of_every_second(1).run();
}

#[test]
fn half_characters_are_refused_wherever_they_stand() {
    let project = super::project("[project]\nname = 'app'\n").unwrap();
    for escape in [r"\ud800", r"\udc00", r"\ud83d\ude00", r"\U0000d800"] {
        let text = CONTRACT.replace("Takes an order", escape);
        let found = files(&text, &project, STYLES[0]).unwrap_err();
        refused(&found, escape);
        assert!(found.iter().any(|finding| finding.rule.starts_with("yaml-")), "{found:?}");
    }
}
