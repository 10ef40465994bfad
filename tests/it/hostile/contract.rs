use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use onex_scaffold::diagnostic::Diagnostic;
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

/// A contract with other texts in some places, as JSON, which is YAML; the order of its keys stays.
struct Written<'t, 'a> {
    texts: &'t Texts<'a>,
    contract: String,
    /// Where each of the texts stands in it.
    places: Vec<(&'a Position, Range<usize>)>,
}

impl<'t, 'a> Written<'t, 'a> {
    fn new(contract: &Value, texts: &'t Texts<'a>) -> Self {
        let mut written = Self { texts, contract: String::new(), places: Vec::new() };
        written.value(contract, "");
        written
    }

    fn value(&mut self, value: &Value, path: &str) {
        match value {
            Value::String(standing) => self.text(&Position::Value(path.to_owned()), standing),
            Value::Array(items) => {
                self.contract.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.value(item, &format!("{path}/{index}"));
                    self.contract.push_str(", ");
                }
                self.contract.push(']');
            }
            Value::Object(entries) => {
                self.contract.push('{');
                for (key, value) in entries {
                    self.text(&Position::Key(path.to_owned(), key.clone()), key);
                    self.contract.push_str(": ");
                    self.value(value, &format!("{path}/{}", escaped(key)));
                    self.contract.push_str(", ");
                }
                self.contract.push('}');
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                self.contract.push_str(&value.to_string());
            }
        }
    }

    fn text(&mut self, position: &Position, standing: &str) {
        let start = self.contract.len();
        let tried = self.texts.get_key_value(position);
        quoted(tried.map_or(standing, |(_, text)| text), &mut self.contract);
        if let Some((position, _)) = tried {
            self.places.push((position, start..self.contract.len()));
        }
    }

    /// The places that an error points at.
    fn blamed(&self, found: &[Diagnostic]) -> BTreeSet<&'a Position> {
        let errors = found.iter().filter(|finding| finding.is_error());
        let starts: Vec<usize> = errors.map(|error| error.primary.span.range().start).collect();
        let is_blamed = |place: &Range<usize>| starts.iter().any(|start| place.contains(start));
        self.places.iter().filter(|(_, place)| is_blamed(place)).map(|(at, _)| *at).collect()
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
        let written = Written::new(&self.contract, texts).contract;
        files(&written, &self.project, style).ok().map(|files| said(&files))
    }

    /// Holds one text in one place against a harmless one, or none at all, in that place.
    fn alone(&self, position: &Position, trick: &str, style: HandlerStyle) {
        let Some(said) = self.files(&Texts::from([(position, trick)]), style) else { return };
        let standing = position.text(&self.contract);
        let mut harmless = [standing.to_owned(), twin(standing), String::new()].into_iter();
        let like = harmless.any(|text| {
            self.files(&Texts::from([(position, text.as_str())]), style).as_ref() == Some(&said)
        });
        assert!(like || is_name(trick), "{position:?} = {trick:?}");
    }

    /// Takes out of some texts those for which the contract is refused: with a reason, at the place of one of them. Where
    /// it is at the place of none, another text does not go with what one of them has replaced; that one is tried alone.
    fn take_refused(&self, texts: &mut Texts<'_>, style: HandlerStyle) {
        loop {
            let written = Written::new(&self.contract, texts);
            let Err(found) = node(&written.contract, &self.project, style) else { return };
            refused(&found, &written.contract);
            let mut blamed = written.blamed(&found);
            if blamed.is_empty() {
                blamed = self.suspected(&found, &written);
                blamed.iter().for_each(|position| self.alone(position, texts[position], style));
            }
            for position in blamed {
                texts.remove(position);
            }
        }
    }

    /// The places of texts that others may have stumbled over: for each error the nearest whose standing text it points
    /// at, or the nearest of all.
    fn suspected<'a>(
        &self,
        found: &[Diagnostic],
        written: &Written<'_, 'a>,
    ) -> BTreeSet<&'a Position> {
        let errors = found.iter().filter(|finding| finding.is_error());
        let suspects = errors.map(|error| {
            let named = error.primary.file.slice(error.primary.span);
            let start = error.primary.span.range().start;
            let nearest = written.places.iter().min_by_key(|(position, place)| {
                let is_named = named.contains(position.text(&self.contract));
                let away = start.saturating_sub(place.end) + place.start.saturating_sub(start);
                (!is_named, away)
            });
            nearest.unwrap_or_else(|| panic!("nothing is tried: {error:?}")).0
        });
        suspects.collect()
    }

    /// Whether a place takes more than names.
    fn takes_any(&self, position: &Position) -> bool {
        let texts = Texts::from([(position, "\"\"\"")]);
        let written = Written::new(&self.contract, &texts);
        node(&written.contract, &self.project, STYLES[0]).is_ok()
    }

    /// Tries texts in all of their places at once, and says how many of them are taken. Where what is taken comes out
    /// differently than harmless texts do, each is held against one of its own.
    fn together(
        &self,
        mut texts: Texts<'_>,
        style: HandlerStyle,
        plain: Option<&Skeleton>,
    ) -> usize {
        self.take_refused(&mut texts, style);
        let taken = texts.len();
        let (names, texts): (Texts<'_>, Texts<'_>) =
            texts.into_iter().partition(|(_, trick)| is_name(trick));
        let is_like_plain = self.files(&texts, style).as_ref() == plain;
        let are_files = names.is_empty() || self.files(&names, style).is_some();
        for (texts, is_fine) in [(texts, is_like_plain), (names, are_files)] {
            let each = texts.into_iter().filter(|_| !is_fine);
            each.for_each(|(position, trick)| self.alone(position, trick, style));
        }
        taken
    }

    /// Tries every text in every place: in each another text each time. Places that take any text are tried apart from
    /// those that do not, so that no text is refused for what stands elsewhere.
    fn run(&self) {
        let plain = STYLES.map(|style| self.files(&Texts::new(), style));
        let (free, strict): (Vec<_>, Vec<_>) =
            self.positions.iter().partition(|position| self.takes_any(position));
        let mut taken = 0;
        for positions in [free, strict] {
            for turn in 0..self.tricks.len() {
                let tricks = self.tricks.iter().map(String::as_str).cycle().skip(turn);
                let texts = positions.iter().copied().zip(tricks).collect();
                let style = turn % STYLES.len();
                taken += self.together(texts, STYLES[style], plain[style].as_ref());
            }
        }
        // Neither does everything pass, nor is everything refused.
        let all = self.positions.len() * self.tricks.len();
        assert!(taken > 500 && all - taken > 500, "{taken} of {all}");
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
