//! `[tool.onex.scaffold]` of pyproject.toml: the choices that a project makes for its nodes.
//!
//! In: a [`Pyproject`]. Out: a [`Scaffold`] and diagnostics with their places: errors for values that cannot
//! be used, warnings for keys that mean nothing.

use clap::ValueEnum as _;
use toml_edit::{Array, DocumentMut, Item, TableLike, value};

use super::Pyproject;
use super::toml::{ensure_table, span, with_line_endings_of};
use crate::diagnostic::{Diagnostic, nearest};
use crate::node::HandlerStyle;
use crate::workspace::RelPath;

/// The choices, each with the default of a project that makes none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scaffold {
    /// `handler-style`: the style of new nodes.
    pub handler_style: HandlerStyle,
    /// `license-header`: lines for the top of every Python file, without the `#`.
    pub license_header: Vec<String>,
    /// `producer`: the third segment of topics.
    pub producer: Option<String>,
    /// `tests`: the folder of the tests, where it is not the one that pytest is told of.
    pub tests: Option<RelPath>,
}

const KEYS: [&str; 4] = ["handler-style", "license-header", "producer", "tests"];

impl Scaffold {
    /// Reads the table; a project without one has the defaults.
    #[must_use]
    pub fn read(pyproject: &Pyproject) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader { pyproject, diagnostics: Vec::new() };
        let scaffold = reader.scaffold();
        (scaffold, reader.diagnostics)
    }
}

/// The text of a pyproject.toml with the project's choices in it, and nothing else changed.
///
/// Choices that say nothing (no license header, no tests folder) are left out. Gives nothing where the text is no
/// TOML, or something that is no table stands where the choices belong.
#[must_use]
pub fn remembered(pyproject: &str, choices: &Scaffold) -> Option<String> {
    let mut document: DocumentMut = pyproject.parse().ok()?;
    let scaffold = ensure_table(document.as_table_mut(), &["tool", "onex", "scaffold"])?;
    let mut keep = |key: &str, item: Item| {
        scaffold.insert(key, item);
    };
    keep("handler-style", value(choices.handler_style.as_str()));
    if let Some(producer) = &choices.producer {
        keep("producer", value(producer));
    }
    match choices.license_header.as_slice() {
        [] => {}
        [line] => keep("license-header", value(line)),
        lines => keep("license-header", value(lines.iter().collect::<Array>())),
    }
    if let Some(tests) = &choices.tests {
        keep("tests", value(tests.as_str()));
    }
    Some(with_line_endings_of(pyproject, document.to_string()))
}

/// The most lines of a license header.
const MOST_LINES: usize = 100;

struct Reader<'a> {
    pyproject: &'a Pyproject,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn scaffold(&mut self) -> Scaffold {
        let pyproject = self.pyproject;
        let Some(table) = pyproject.table(&["tool", "onex", "scaffold"]) else {
            return Scaffold::default();
        };
        self.name_unknown_keys(table);
        Scaffold {
            handler_style: self.handler_style(table).unwrap_or_default(),
            license_header: self.license_header(table),
            producer: self.producer(table),
            tests: self.tests(table),
        }
    }

    fn name_unknown_keys(&mut self, table: &dyn TableLike) {
        for (key, item) in table.iter().filter(|(key, _)| !KEYS.contains(key)) {
            let place = table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
            let file = self.pyproject.file();
            let message = format!("`{key}` of [tool.onex.scaffold] means nothing here");
            let help = match nearest(key, KEYS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys are {}", KEYS.join(", ")),
            };
            let warning = Diagnostic::warning("unknown-setting", file, span(place), message);
            self.diagnostics.push(warning.help(help));
        }
    }

    fn handler_style(&mut self, table: &dyn TableLike) -> Option<HandlerStyle> {
        let item = table.get("handler-style")?;
        let known: Vec<&str> = HandlerStyle::value_variants().iter().map(|s| s.as_str()).collect();
        let found = item
            .as_str()
            .and_then(|text| HandlerStyle::value_variants().iter().find(|s| s.as_str() == text));
        if found.is_none() {
            self.refuse(item, "handler-style", &format!("one of {}", known.join(", ")));
        }
        found.copied()
    }

    fn license_header(&mut self, table: &dyn TableLike) -> Vec<String> {
        let Some(item) = table.get("license-header") else { return Vec::new() };
        let lines: Option<Vec<&str>> = match item.as_str() {
            Some(text) => Some(text.trim_end().lines().collect()),
            None => {
                item.as_array().and_then(|array| array.iter().map(|line| line.as_str()).collect())
            }
        };
        let is_header = |lines: &Vec<&str>| {
            lines.len() <= MOST_LINES && lines.iter().all(|line| !line.contains('\n'))
        };
        let Some(lines) = lines.filter(is_header) else {
            let wanted = format!("a text or an array of lines, {MOST_LINES} at most");
            self.refuse(item, "license-header", &wanted);
            return Vec::new();
        };
        lines.into_iter().map(|line| line.trim_start_matches('#').trim().to_owned()).collect()
    }

    fn producer(&mut self, table: &dyn TableLike) -> Option<String> {
        let item = table.get("producer")?;
        let found = item.as_str().filter(|text| is_kebab(text));
        if found.is_none() {
            self.refuse(
                item,
                "producer",
                "lower-case words with `-` between them, such as `order-desk`",
            );
        }
        found.map(str::to_owned)
    }

    fn tests(&mut self, table: &dyn TableLike) -> Option<RelPath> {
        let item = table.get("tests")?;
        let found = item.as_str().and_then(RelPath::parse).filter(|p| *p != RelPath::root());
        if found.is_none() {
            self.refuse(item, "tests", "a folder inside the project, such as `tests`");
        }
        found
    }

    fn refuse(&mut self, item: &Item, key: &str, wanted: &str) {
        let file = self.pyproject.file();
        let message = format!("`{key}` of [tool.onex.scaffold] cannot be used");
        let error = Diagnostic::error("invalid-setting", file, span(item.span()), message);
        self.diagnostics.push(error.help(format!("write {wanted}")));
    }
}

/// Whether a text is a segment of a topic.
fn is_kebab(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn read(table: &str) -> (Scaffold, Vec<Diagnostic>) {
        let text = format!("[tool.onex.scaffold]\n{table}");
        Scaffold::read(&Pyproject::parse(SourceFile::new("pyproject.toml", text)).unwrap())
    }

    #[test]
    fn every_choice_is_read() {
        let (scaffold, found) = read(
            "handler-style = 'definition-b'\nlicense-header = '''\n# SPDX: MIT\nAll of us\n'''\n\
             producer = 'order-desk'\ntests = 'checks/unit/'\n",
        );
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(scaffold.handler_style, HandlerStyle::DefinitionB);
        assert_eq!(scaffold.license_header, ["SPDX: MIT", "All of us"]);
        assert_eq!(scaffold.producer.as_deref(), Some("order-desk"));
        assert_eq!(scaffold.tests, RelPath::parse("checks/unit"));
        assert_eq!(read("license-header = ['a', '', 'b']\n").0.license_header, ["a", "", "b"]);
    }

    #[test]
    fn what_cannot_be_used_is_an_error_at_its_place() {
        for (line, place) in [
            ("handler-style = 'fancy'", "'fancy'"),
            ("handler-style = 3", "3"),
            ("license-header = 3", "3"),
            ("license-header = [1]", "[1]"),
            ("license-header = [\"a\\nimport os\"]", "[\"a\\nimport os\"]"),
            ("producer = 'order_desk'", "'order_desk'"),
            ("producer = 'a--b'", "'a--b'"),
            ("tests = '../x'", "'../x'"),
            ("tests = '.'", "'.'"),
        ] {
            let (_, found) = read(&format!("{line}\n"));
            assert_eq!(found.len(), 1, "{line}");
            assert!(found[0].is_error(), "{line}");
            assert_eq!(found[0].primary.file.slice(found[0].primary.span), place);
        }
    }

    #[test]
    fn a_key_that_means_nothing_is_a_warning() {
        let (_, found) = read("handler-stile = 'dual'\n");
        assert!(!found[0].is_error());
        assert_eq!(found[0].primary.file.slice(found[0].primary.span), "handler-stile");
        assert_eq!(found[0].help.as_deref(), Some("did you mean `handler-style`?"));
    }

    #[test]
    fn every_style_can_be_chosen() {
        for style in HandlerStyle::value_variants() {
            let (scaffold, found) = read(&format!("handler-style = '{}'\n", style.as_str()));
            assert_eq!((scaffold.handler_style, found), (*style, Vec::new()));
        }
    }
}
