//! Reading and completing tables of a TOML document.
//!
//! In: tables and items of `toml_edit`. Out: values, spans, tables that were missing. What a key means is the
//! business of those who ask.

use std::collections::BTreeSet;

use toml_edit::{Item, Table, TableLike};

use crate::source::Span;

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

/// The integer at a key.
pub(super) fn integer(table: &dyn TableLike, key: &str) -> Option<i64> {
    table.get(key).and_then(Item::as_integer)
}

/// The truth value at a key.
pub(super) fn boolean(table: &dyn TableLike, key: &str) -> Option<bool> {
    table.get(key).and_then(Item::as_bool)
}

/// A span out of the parser's range.
pub(super) fn span(range: Option<std::ops::Range<usize>>) -> Span {
    let range = range.unwrap_or_default();
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(at(range.start), at(range.end))
}

/// The strings of an array in their order; other items are passed over.
pub(super) fn in_order(table: &dyn TableLike, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(Item::as_array);
    array
        .map(|a| a.iter().filter_map(|i| i.as_str()).map(str::to_owned).collect())
        .unwrap_or_default()
}

/// Walks down a path of tables, making those that are missing without headers of their own.
pub(super) fn ensure_table<'a>(
    table: &'a mut dyn TableLike,
    path: &[&str],
) -> Option<&'a mut dyn TableLike> {
    let Some((key, rest)) = path.split_first() else { return Some(table) };
    if !table.contains_key(key) {
        let mut missing = Table::new();
        missing.set_implicit(!rest.is_empty());
        table.insert(key, Item::Table(missing));
    }
    ensure_table(table.get_mut(key)?.as_table_like_mut()?, rest)
}

/// Keeps CRLF where the file had it: the editing library writes line feeds for what it adds.
pub(super) fn with_line_endings_of(original: &str, edited: String) -> String {
    if original.contains("\r\n") {
        edited.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        edited
    }
}
