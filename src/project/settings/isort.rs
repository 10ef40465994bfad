//! The settings of `[lint.isort]`.
//!
//! In: the table, and the [`ImportStyle`] of the file that this one extends. Out: that style with what the table
//! says, and a warning for each setting that changes imports of ours in a way that is not rendered. Settings that
//! are about forms of import that are never emitted (relative ones, `as`) are passed over.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, Key, TableLike};

use super::{MOST_ITEMS, warn_of_masses};
use crate::diagnostic::Diagnostic;
use crate::project::toml::{boolean, integer, span, strings};
use crate::python::imports::{ImportStyle, ModulePattern, Required, Section};
use crate::python::{DottedPath, Identifier};
use crate::source::SourceFile;

/// What changes the block, but is not rendered.
const NOT_RENDERED: [&str; 2] = ["forced-separate", "import-heading"];

/// Settings that name modules by patterns.
const KNOWN: [&str; 4] =
    ["known-first-party", "known-third-party", "known-local-folder", "extra-standard-library"];

/// Reads the table.
pub(super) fn read(
    isort: &dyn TableLike,
    style: &mut ImportStyle,
    file: &SourceFile,
    warnings: &mut Vec<Diagnostic>,
) {
    warn_of_masses(isort, &KNOWN, file, warnings);
    read_sections(isort, style);
    read_order(isort, style);
    if let Some(single) = boolean(isort, "force-single-line") {
        style.force_single_line = single;
    }
    set(isort, "single-line-exclusions", &mut style.single_line_exclusions);
    if let Some(lines) = count(isort, "lines-between-types") {
        style.lines_between_types = lines;
    }
    if let Some(lines) = count(isort, "lines-after-imports") {
        style.lines_after = lines.min(2);
    }
    let mut unrendered: Vec<&str> =
        NOT_RENDERED.into_iter().filter(|key| isort.get(key).is_some_and(is_set)).collect();
    if isort.contains_key("required-imports") {
        let lines = strings(isort, "required-imports");
        let required: Vec<Option<Required>> = lines.iter().map(|line| required(line)).collect();
        if required.iter().any(Option::is_none) {
            unrendered.push("required-imports");
        }
        style.required = required.into_iter().flatten().collect();
    }
    warnings.extend(unrendered.into_iter().map(|key| not_rendered(isort, key, file)));
}

fn read_sections(isort: &dyn TableLike, style: &mut ImportStyle) {
    let [first_party, third_party, local_folder, standard_library] = KNOWN;
    patterns(isort, first_party, &mut style.first_party);
    patterns(isort, third_party, &mut style.third_party);
    patterns(isort, local_folder, &mut style.local_folder);
    patterns(isort, standard_library, &mut style.standard_library);
    if let Some(sections) = isort.get("sections").and_then(Item::as_table_like) {
        let mut left = MOST_ITEMS;
        let section = |(name, _): (&str, &Item)| {
            let mut modules = Vec::new();
            patterns(sections, name, &mut modules);
            modules.truncate(left);
            left -= modules.len();
            (name.to_owned(), modules)
        };
        style.sections = sections.iter().take(MOST_ITEMS).map(section).collect::<BTreeMap<_, _>>();
    }
    if let Some(order) = isort.get("section-order").and_then(Item::as_array) {
        style.section_order =
            order.iter().filter_map(|name| name.as_str()).map(Section::named).collect();
    }
    if let Some(section) = isort.get("default-section").and_then(Item::as_str) {
        style.default_section = Section::named(section);
    }
    if let Some(none) = boolean(isort, "no-sections") {
        style.no_sections = none;
    }
    if isort.contains_key("no-lines-before") {
        style.no_lines_before =
            strings(isort, "no-lines-before").iter().map(|name| Section::named(name)).collect();
    }
}

fn read_order(isort: &dyn TableLike, style: &mut ImportStyle) {
    for (key, choice) in [
        ("force-sort-within-sections", &mut style.force_sort_within_sections),
        ("from-first", &mut style.from_first),
        ("length-sort", &mut style.length_sort),
        ("length-sort-straight", &mut style.length_sort_straight),
        ("case-sensitive", &mut style.case_sensitive),
        ("order-by-type", &mut style.order_by_type),
    ] {
        *choice = boolean(isort, key).unwrap_or(*choice);
    }
    for (key, names) in [
        ("force-to-top", &mut style.force_to_top),
        ("constants", &mut style.constants),
        ("classes", &mut style.classes),
        ("variables", &mut style.variables),
    ] {
        set(isort, key, names);
    }
}

fn set(isort: &dyn TableLike, key: &str, names: &mut BTreeSet<String>) {
    if isort.contains_key(key) {
        *names = strings(isort, key);
    }
}

fn patterns(table: &dyn TableLike, key: &str, modules: &mut Vec<ModulePattern>) {
    if table.contains_key(key) {
        let patterns = strings(table, key);
        *modules =
            patterns.iter().take(MOST_ITEMS).map(|pattern| pattern.as_str().into()).collect();
    }
}

/// A number of lines; `-1` leaves it to ruff, as does its absence.
fn count(isort: &dyn TableLike, key: &str) -> Option<usize> {
    integer(isort, key).and_then(|n| usize::try_from(n).ok())
}

/// `import a.b` or `from a.b import c`.
fn required(line: &str) -> Option<Required> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["import", module] => Some(Required::Module(DottedPath::parse(module).ok()?)),
        ["from", module, "import", name] => {
            let module = match *module {
                // No contract may name it, and so it is no path for the parser.
                "__future__" => DottedPath::ours("__future__"),
                module => DottedPath::parse(module).ok()?,
            };
            Some(Required::Name(module, Identifier::parse(name).ok()?))
        }
        _ => None,
    }
}

fn is_set(item: &Item) -> bool {
    item.as_array().is_none_or(|array| !array.is_empty())
        && item.as_table_like().is_none_or(|table| !table.is_empty())
}

fn not_rendered(isort: &dyn TableLike, key: &str, file: &SourceFile) -> Diagnostic {
    let place = isort.key(key).and_then(Key::span).or_else(|| isort.get(key)?.span());
    let message = format!("`{key}` of ruff's isort is not taken into account");
    Diagnostic::warning("unsupported-setting", file, span(place), message)
        .help("emitted imports may need: ruff check --select I --fix")
}
