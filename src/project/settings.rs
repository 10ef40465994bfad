//! The project's ruff settings, as far as they change what is emitted.
//!
//! In: the texts of the configuration files above a folder, nearest first. Out: [`Settings`]. Ruff takes
//! the nearest file alone (plus what that one `extend`s), and so do we.

use std::collections::BTreeSet;

use toml_edit::{Document, DocumentMut, Item, TableLike};

use crate::diagnostic::Diagnostic;
use crate::python::format::{IndentStyle, LineEnding, QuoteStyle, Style};
use crate::python::imports::ImportStyle;
use crate::source::{SourceFile, Spanned};
use crate::workspace::{RelPath, Workspace, WorkspaceError};

/// What the project's configuration says about emitted Python.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    /// `ruff format`.
    pub format: Style,
    /// `ruff check --select I`.
    pub imports: ImportStyle,
    /// `src`: the folders that ruff looks for the project's own modules in; ruff's default where empty.
    pub sources: Vec<String>,
}

/// The names of ruff's configuration files in one folder, in the order in which ruff prefers them.
pub const RUFF_FILES: [&str; 3] = [".ruff.toml", "ruff.toml", "pyproject.toml"];

/// Reads the ruff settings of one configuration file.
///
/// Gives nothing where the file has none: a pyproject.toml without `[tool.ruff]` does not count for ruff
/// either. Values of the wrong type are passed over; ruff itself reports them.
#[must_use]
pub fn read(file_name: &str, text: &str, base: Settings) -> Option<Settings> {
    let document: DocumentMut = text.parse().ok()?;
    let root: &dyn TableLike = document.as_table();
    let ruff = if file_name == "pyproject.toml" { descend(root, &["tool", "ruff"])? } else { root };
    let mut settings = base;
    read_format(ruff, &mut settings.format);
    if let Some(sources) = ruff.get("src").and_then(Item::as_array) {
        settings.sources = sources.iter().filter_map(|s| s.as_str()).map(str::to_owned).collect();
    }
    if let Some(isort) = descend(ruff, &["lint", "isort"]).or_else(|| descend(ruff, &["isort"])) {
        read_isort(isort, &mut settings.imports);
    }
    Some(settings)
}

/// The file that a configuration file `extend`s, relative to its folder, and where it says so.
#[must_use]
pub fn extends(file_name: &str, text: &str) -> Option<Spanned<String>> {
    let document = Document::parse(text).ok()?;
    let root: &dyn TableLike = document.as_table();
    let ruff = if file_name == "pyproject.toml" { descend(root, &["tool", "ruff"])? } else { root };
    let extend = ruff.get("extend")?;
    Some(Spanned::new(extend.as_str()?.to_owned(), super::pyproject::span(extend.span())))
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

fn read_isort(isort: &dyn TableLike, style: &mut ImportStyle) {
    style.first_party.extend(strings(isort, "known-first-party"));
    style.third_party.extend(strings(isort, "known-third-party"));
    if let Some(single) = boolean(isort, "force-single-line") {
        style.force_single_line = single;
    }
    if let Some(within) = boolean(isort, "force-sort-within-sections") {
        style.force_sort_within_sections = within;
    }
    if let Some(by_type) = boolean(isort, "order-by-type") {
        style.order_by_type = by_type;
    }
    if let Some(lines) = integer(isort, "lines-after-imports").and_then(|n| usize::try_from(n).ok())
    {
        style.lines_after = lines.min(2);
    }
}

/// The settings that hold in a folder: the nearest configuration file, upwards to the project's root, and
/// what it extends.
///
/// Nothing outside the project is read. A file that extends one there is read without it, and a warning
/// says so.
///
/// # Errors
/// When a configuration file cannot be read.
pub fn nearest(
    workspace: &Workspace,
    folder: &RelPath,
) -> Result<(Settings, Vec<Diagnostic>), WorkspaceError> {
    let folders = std::iter::once(folder.clone()).chain(folder.ancestors());
    for path in folders.flat_map(|folder| RUFF_FILES.map(|name| folder.ours(name))) {
        let mut chain = Chain { workspace, seen: BTreeSet::new(), warnings: Vec::new() };
        if let Some(settings) = chain.read(&path)? {
            return Ok((settings, chain.warnings));
        }
    }
    Ok((Settings::default(), Vec::new()))
}

/// A configuration file and those that it extends.
struct Chain<'a> {
    workspace: &'a Workspace,
    seen: BTreeSet<RelPath>,
    warnings: Vec<Diagnostic>,
}

impl Chain<'_> {
    fn read(&mut self, path: &RelPath) -> Result<Option<Settings>, WorkspaceError> {
        // A file that extends itself in the end: ruff refuses it, and what was read so far stands.
        if !self.seen.insert(path.clone()) {
            return Ok(None);
        }
        let disk = self.workspace.read([path.clone()])?;
        let Some(text) = disk.text(path) else { return Ok(None) };
        let base = match extends(path.name(), text) {
            Some(extended) => self.extended(path, text, &extended)?,
            None => None,
        };
        Ok(read(path.name(), text, base.unwrap_or_default()))
    }

    fn extended(
        &mut self,
        path: &RelPath,
        text: &str,
        extended: &Spanned<String>,
    ) -> Result<Option<Settings>, WorkspaceError> {
        // ruff takes `~` for the home folder.
        let inside =
            (!extended.value.starts_with('~')).then(|| path.parent().resolve(&extended.value));
        match inside.flatten() {
            Some(base) => self.read(&base),
            None => {
                let file = SourceFile::new(self.workspace.shown(path), text);
                let message = "ruff's settings outside the project are not read";
                let warning =
                    Diagnostic::warning("settings-outside", &file, extended.span, message);
                self.warnings.push(warning.help(
                    "repeat line-length and the settings of [format] and [lint.isort] in this file",
                ));
                Ok(None)
            }
        }
    }
}

/// The table at a path of keys, whatever form it is written in.
pub(super) fn descend<'a>(table: &'a dyn TableLike, path: &[&str]) -> Option<&'a dyn TableLike> {
    path.iter().try_fold(table, |table, key| table.get(key)?.as_table_like())
}

/// The strings of an array; other items are passed over.
pub(super) fn strings(table: &dyn TableLike, key: &str) -> BTreeSet<String> {
    let array = table.get(key).and_then(Item::as_array);
    array
        .map(|a| a.iter().filter_map(|item| item.as_str()).map(str::to_owned).collect())
        .unwrap_or_default()
}

fn integer(table: &dyn TableLike, key: &str) -> Option<i64> {
    table.get(key).and_then(Item::as_integer)
}

fn boolean(table: &dyn TableLike, key: &str) -> Option<bool> {
    table.get(key).and_then(Item::as_bool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pyproject_without_ruff_does_not_count() {
        assert_eq!(read("pyproject.toml", "[project]\nname = 'x'\n", Settings::default()), None);
        assert!(read("ruff.toml", "", Settings::default()).is_some());
    }

    #[test]
    fn settings_are_read_from_both_kinds_of_file() {
        let text = "[tool.ruff]\nline-length = 100\n[tool.ruff.format]\nquote-style = 'single'\n\
                    [tool.ruff.lint.isort]\nforce-single-line = true\nknown-first-party = ['a']\n";
        let settings = read("pyproject.toml", text, Settings::default()).unwrap();
        assert_eq!(settings.format.line_length, 100);
        assert_eq!(settings.format.quote_style, QuoteStyle::Single);
        assert!(settings.imports.force_single_line);
        assert!(settings.imports.first_party.contains("a"));
        let same = read("ruff.toml", "line-length = 100\n", Settings::default()).unwrap();
        assert_eq!(same.format.line_length, 100);
    }

    #[test]
    fn code_in_docstrings_is_laid_out_where_the_project_wants() {
        let text = "[format]\ndocstring-code-format = true\ndocstring-code-line-length = 60\n";
        let fixed = read("ruff.toml", text, Settings::default()).unwrap();
        assert!(fixed.format.docstring_code);
        assert_eq!(fixed.format.docstring_code_line_length, Some(60));
        let kept = read("ruff.toml", "[format]\n", fixed.clone()).unwrap();
        assert_eq!(kept, fixed);
        let dynamic = "[format]\ndocstring-code-line-length = 'dynamic'\n";
        let dynamic = read("ruff.toml", dynamic, fixed).unwrap();
        assert_eq!(dynamic.format.docstring_code_line_length, None);
    }

    #[test]
    fn values_of_the_wrong_type_are_passed_over() {
        let settings = read("ruff.toml", "line-length = 'x'\n", Settings::default()).unwrap();
        assert_eq!(settings.format.line_length, 88);
    }
}
