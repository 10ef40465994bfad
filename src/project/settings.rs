//! The project's ruff settings, as far as they change what is emitted.
//!
//! In: ruff's configuration files ([`files`] finds them). Out: [`Settings`]. Ruff takes the nearest file alone
//! (plus what that one `extend`s), and so do we.

pub mod files;
mod isort;
mod rules;

use toml_edit::{Array, Item, TableLike};

pub use files::{Spot, Surroundings, nearest};
pub use rules::Rules;

use super::toml::{boolean, descend, integer, span};
use crate::diagnostic::Diagnostic;
use crate::python::format::{IndentStyle, LineEnding, QuoteStyle, Style};
use crate::python::imports::ImportStyle;
use crate::source::SourceFile;
use crate::workspace::RelPath;

/// What the project's configuration says about emitted Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `ruff format`.
    pub format: Style,
    /// `ruff check --select I`.
    pub imports: ImportStyle,
    /// `src`: the folders that ruff looks for the project's own modules in.
    pub sources: Vec<Source>,
    /// `detect-same-package`: whether the package of a module counts as the project's own in that module.
    pub same_package: bool,
    /// The rules that the project has switched on.
    pub rules: Rules,
    /// `max-line-length` of the rule about long lines, where it is not `line-length`.
    pub longest_line: Option<u16>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Style::default(),
            imports: ImportStyle::default(),
            sources: Vec::new(),
            same_package: true,
            rules: Rules::default(),
            longest_line: None,
        }
    }
}

impl Settings {
    /// The columns above which ruff reports a line of this file, where it does.
    #[must_use]
    pub fn reported_length(&self, path: &RelPath) -> Option<u16> {
        let length = self.longest_line.unwrap_or(self.format.line_length);
        self.rules.report_long_lines(path).then_some(length)
    }
}

/// An item of `src`, and the folder that it is relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The folder of the configuration file.
    pub folder: Spot,
    /// A path from there, which may hold wildcards.
    pub path: String,
}

impl Source {
    /// What ruff takes where nothing is said.
    fn default_in(folder: &Spot) -> Vec<Self> {
        [".", "src"].map(|path| Self { folder: folder.clone(), path: path.to_owned() }).into()
    }
}

/// More items than these of one setting are not read: each pattern is compiled, and each folder looked into.
const MOST_ITEMS: usize = 1000;

/// Warns of settings of which not everything is read.
fn warn_of_masses(
    table: &dyn TableLike,
    keys: &[&str],
    file: &SourceFile,
    warnings: &mut Vec<Diagnostic>,
) {
    for key in keys {
        let Some(item) = table.get(key) else { continue };
        let listed = item.as_array().map(Array::len);
        let count = listed.or_else(|| Some(item.as_table_like()?.len())).unwrap_or_default();
        if count > MOST_ITEMS {
            let message = format!("of `{key}`, which has {count} items, {MOST_ITEMS} are read");
            let place = span(item.span());
            let warning = Diagnostic::warning("unsupported-setting", file, place, message);
            warnings.push(warning.help("patterns such as `tests/*` stand for many"));
        }
    }
}

/// Reads the table of one configuration file over what the file that it extends says.
///
/// `view` is how the file's folder sees the project's paths. Values of the wrong type are passed over; ruff
/// itself reports them.
fn read(
    ruff: &dyn TableLike,
    folder: &Spot,
    view: Option<&(RelPath, RelPath)>,
    file: &SourceFile,
    settings: &mut Settings,
    warnings: &mut Vec<Diagnostic>,
) {
    read_format(ruff, &mut settings.format);
    warn_of_masses(ruff, &["src"], file, warnings);
    if let Some(sources) = ruff.get("src").and_then(Item::as_array) {
        let source = |path: &str| Source { folder: folder.clone(), path: path.to_owned() };
        let paths = sources.iter().filter_map(|s| s.as_str()).take(MOST_ITEMS);
        settings.sources = paths.map(source).collect();
    }
    // Ruff still takes the settings of the linter outside their table.
    for lint in [Some(ruff), descend(ruff, &["lint"])].into_iter().flatten() {
        settings.rules.read(lint, view);
        warn_of_masses(lint, &["per-file-ignores", "extend-per-file-ignores"], file, warnings);
        if let Some(isort) = descend(lint, &["isort"]) {
            isort::read(isort, &mut settings.imports, file, warnings);
            if let Some(same) = boolean(isort, "detect-same-package") {
                settings.same_package = same;
            }
        }
        if let Some(style) = descend(lint, &["pycodestyle"]) {
            let length = integer(style, "max-line-length").and_then(|n| u16::try_from(n).ok());
            settings.longest_line = length.or(settings.longest_line);
        }
    }
}

fn read_format(ruff: &dyn TableLike, style: &mut Style) {
    if let Some(length) = integer(ruff, "line-length").and_then(|n| u16::try_from(n).ok()) {
        style.line_length = length.clamp(1, 320);
    }
    if let Some(width) = integer(ruff, "indent-width").and_then(|n| u8::try_from(n).ok()) {
        style.indent_width = width.clamp(1, 16);
    }
    let Some(format) = descend(ruff, &["format"]) else { return };
    match format.get("quote-style").and_then(Item::as_str) {
        Some("single") => style.quote_style = QuoteStyle::Single,
        Some("preserve") => style.quote_style = QuoteStyle::Preserve,
        Some("double") => style.quote_style = QuoteStyle::Double,
        _ => {}
    }
    match format.get("indent-style").and_then(Item::as_str) {
        Some("tab") => style.indent_style = IndentStyle::Tab,
        Some("space") => style.indent_style = IndentStyle::Space,
        _ => {}
    }
    // `auto` keeps what a file has, and a new file has line feeds; `native` would differ by machine, and
    // so the output of this crate follows the more common one.
    match format.get("line-ending").and_then(Item::as_str) {
        Some("cr-lf") => style.line_ending = LineEnding::CrLf,
        Some("lf" | "auto" | "native") => style.line_ending = LineEnding::Lf,
        _ => {}
    }
    if let Some(skip) = boolean(format, "skip-magic-trailing-comma") {
        style.skip_magic_trailing_comma = skip;
    }
    if let Some(code) = boolean(format, "docstring-code-format") {
        style.docstring_code = code;
    }
    if format.contains_key("docstring-code-line-length") {
        // `dynamic`, the default, is no integer.
        let length = integer(format, "docstring-code-line-length");
        style.docstring_code_line_length = length.and_then(|n| u16::try_from(n).ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings of one file in the project's root, and the warnings.
    fn warned(name: &str, text: &str, base: Settings) -> Option<(Settings, Vec<Diagnostic>)> {
        let file = SourceFile::new(name, text);
        let document = files::parsed(&file)?;
        let (ruff, _) = files::ruff(&file, &document)?;
        let (mut settings, mut warnings) = (base, Vec::new());
        let root = Spot::inside(RelPath::root());
        let view = (RelPath::root(), RelPath::root());
        read(ruff, &root, Some(&view), &file, &mut settings, &mut warnings);
        Some((settings, warnings))
    }

    fn read_one(name: &str, text: &str, base: Settings) -> Option<Settings> {
        warned(name, text, base).map(|(settings, _)| settings)
    }

    #[test]
    fn a_pyproject_without_ruff_does_not_count() {
        let text = "[project]\nname = 'x'\n";
        assert_eq!(read_one("pyproject.toml", text, Settings::default()), None);
        assert!(read_one("ruff.toml", "", Settings::default()).is_some());
    }

    #[test]
    fn settings_are_read_from_both_kinds_of_file() {
        let text = "[tool.ruff]\nline-length = 100\n[tool.ruff.format]\nquote-style = 'single'\n\
                    [tool.ruff.lint.isort]\nforce-single-line = true\nknown-first-party = ['a']\n";
        let settings = read_one("pyproject.toml", text, Settings::default()).unwrap();
        assert_eq!(settings.format.line_length, 100);
        assert_eq!(settings.format.quote_style, QuoteStyle::Single);
        assert!(settings.imports.force_single_line);
        assert!(settings.imports.first_party.contains(&"a".into()));
        let same = read_one("ruff.toml", "line-length = 100\n", Settings::default()).unwrap();
        assert_eq!(same.format.line_length, 100);
    }

    #[test]
    fn code_in_docstrings_is_laid_out_where_the_project_wants() {
        let text = "[format]\ndocstring-code-format = true\ndocstring-code-line-length = 60\n";
        let fixed = read_one("ruff.toml", text, Settings::default()).unwrap();
        assert!(fixed.format.docstring_code);
        assert_eq!(fixed.format.docstring_code_line_length, Some(60));
        let kept = read_one("ruff.toml", "[format]\n", fixed.clone()).unwrap();
        assert_eq!(kept, fixed);
        let dynamic = "[format]\ndocstring-code-line-length = 'dynamic'\n";
        let dynamic = read_one("ruff.toml", dynamic, fixed).unwrap();
        assert_eq!(dynamic.format.docstring_code_line_length, None);
    }

    #[test]
    fn values_of_the_wrong_type_are_passed_over() {
        let settings = read_one("ruff.toml", "line-length = 'x'\n", Settings::default()).unwrap();
        assert_eq!(settings.format.line_length, 88);
    }

    #[test]
    fn long_lines_are_reported_where_the_rule_is_on() {
        let reported = |lint: &str, path: &str| {
            let text = format!("line-length = 70\n[lint]\n{lint}\n");
            let settings = read_one("ruff.toml", &text, Settings::default()).unwrap();
            settings.reported_length(&RelPath::parse(path).unwrap())
        };
        for (lint, on) in [
            ("", false),
            ("select = ['E']", true),
            ("select = ['ALL']", true),
            ("select = ['E4', 'F']", false),
            ("extend-select = ['E501']", true),
            ("select = ['E']\nignore = ['E501']", false),
            ("select = ['E501']\nignore = ['E5']", true),
            ("select = ['E5']\nextend-ignore = ['E5']", false),
        ] {
            assert_eq!(reported(lint, "src/a/b.py"), on.then_some(70), "{lint}");
        }
        let ignores = |pattern: &str| {
            format!("select = ['E']\nper-file-ignores = {{ '{pattern}' = ['E5'] }}")
        };
        for (pattern, path, on) in [
            ("tests/*", "tests/nodes/x/test_a.py", false),
            ("tests/*", "src/a/b.py", true),
            ("b.py", "src/a/b.py", false),
            ("!src/**", "src/a/b.py", true),
            ("!src/**", "tests/a.py", false),
            ("[", "tests/a.py", true),
        ] {
            assert_eq!(reported(&ignores(pattern), path), on.then_some(70), "{pattern} {path}");
        }
        let longer = "select = ['E']\npycodestyle.max-line-length = 90";
        assert_eq!(reported(longer, "a.py"), Some(90));
    }

    #[test]
    fn imports_for_annotations_are_reported_unless_ruff_knows_pydantic() {
        let reported = |lint: &str| {
            let text = format!("[lint]\n{lint}\n");
            let settings = read_one("ruff.toml", &text, Settings::default()).unwrap();
            settings.rules.report_typing_imports()
        };
        let told = "flake8-type-checking.runtime-evaluated-base-classes = ['pydantic.BaseModel']";
        assert!(reported("select = ['TC']") && reported("extend-select = ['TCH003']"));
        assert!(reported("select = ['ALL']\nignore = ['TC001']"));
        assert!(!reported("select = ['TC004', 'F']") && !reported(""));
        assert!(!reported(&format!("select = ['TC']\n{told}")));
    }

    #[test]
    fn a_file_speaks_over_the_one_that_it_extends() {
        let base = "[lint]\nselect = ['E']\nper-file-ignores = { 'a.py' = ['E'] }\n\
                    isort.known-first-party = ['x']\nisort.from-first = true\n";
        let base = read_one("ruff.toml", base, Settings::default()).unwrap();
        let file = RelPath::parse("a.py").unwrap();
        assert_eq!(base.reported_length(&file), None);
        let text = "[lint]\nper-file-ignores = {}\nisort.known-first-party = ['y']\n";
        let settings = read_one("ruff.toml", text, base.clone()).unwrap();
        assert_eq!(settings.reported_length(&file), Some(88));
        assert_eq!(settings.imports.first_party, vec!["y".into()]);
        assert!(settings.imports.from_first);
        let off = read_one("ruff.toml", "[lint]\nselect = []\n", settings).unwrap();
        assert_eq!(off.reported_length(&file), None);
    }

    #[test]
    fn settings_that_are_not_rendered_are_named() {
        let named = |isort: &str| {
            let text = format!("[lint.isort]\n{isort}\n");
            let (_, warnings) = warned("ruff.toml", &text, Settings::default()).unwrap();
            let name = |one: &Diagnostic| {
                assert!(!one.is_error());
                one.primary.file.slice(one.primary.span).to_owned()
            };
            warnings.iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(named("forced-separate = ['a']"), ["forced-separate"]);
        assert_eq!(named("import-heading = { future = 'F' }"), ["import-heading"]);
        assert_eq!(named("required-imports = ['import a as b']"), ["required-imports"]);
        for fine in [
            "forced-separate = []",
            "required-imports = ['from __future__ import annotations', 'import os.path']",
            "combine-as-imports = true",
            "relative-imports-order = 'closest-to-furthest'",
        ] {
            assert_eq!(named(fine), Vec::<String>::new(), "{fine}");
        }
    }
}
