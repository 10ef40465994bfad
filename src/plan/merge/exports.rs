//! Lists of names, merged as sets: `__all__`, and the editing of any list in place.
//!
//! In: three `__all__` statements. Out: the user's, with what theirs added and without what theirs dropped.

use std::collections::BTreeSet;
use std::ops::Range;

use super::outline::{Exports, Outline};
use super::weave::Three;
use crate::python::imports::compare_exports;

/// The merged statement, with its comments.
pub(super) fn merged(versions: Three<(&Outline<'_>, &Exports)>) -> String {
    let [(base, old), (yours, mine), (theirs, new)] = versions;
    let names = |exports: &Exports| -> BTreeSet<String> {
        exports.names.iter().map(|(name, _)| name.clone()).collect()
    };
    let (old_names, my_names, new_names) = (names(old), names(mine), names(new));
    let statement = |outline: &Outline<'_>, exports: &Exports| lines_of(outline, &exports.range).1;
    let (offset, text) = lines_of(yours, &mine.range);
    if old_names == new_names || my_names == new_names {
        // Layout and order are all that theirs can have changed.
        let untouched = text == statement(base, old);
        return if untouched { statement(theirs, new) } else { text };
    }
    if my_names == old_names && !text.contains('#') {
        return statement(theirs, new);
    }
    // A comment goes with the line of its name; beside the whole list it stays whatever goes.
    let ends = [mine.range.start, mine.range.end - 1].map(|end| yours.lines.line_of(end));
    let commented = |range: &Range<usize>| {
        let line = yours.lines.line_of(range.start);
        !ends.contains(&line) && yours.lines.split(line).1.is_some()
    };
    let mut kept = Vec::new();
    let mut list = List::default();
    for (name, range) in &mine.names {
        let dropped = old_names.contains(name) && !new_names.contains(name) && !commented(range);
        list.items.push((range.start - offset..range.end - offset, dropped));
        kept.push(name.as_str());
    }
    let sorted = kept.is_sorted_by(|a, b| compare_exports(a, b).is_le());
    for (name, range) in &new.names {
        if my_names.contains(name) || old_names.contains(name) {
            continue;
        }
        let place = kept.iter().position(|other| compare_exports(other, name).is_gt());
        let place = place.filter(|_| sorted).unwrap_or(kept.len());
        let literal = theirs.text.get(range.clone()).unwrap_or_default();
        list.insert.push((place, literal.to_owned()));
    }
    list.edit(&text).unwrap_or_else(|| {
        let literals: Vec<&str> = list.insert.iter().map(|(_, literal)| literal.as_str()).collect();
        format!("__all__ = [{}]", literals.join(", "))
    })
}

/// The physical lines that a range touches, and where they begin.
pub(super) fn lines_of(outline: &Outline<'_>, range: &Range<usize>) -> (usize, String) {
    let first = outline.lines.line_of(range.start);
    let last = outline.lines.line_of(range.end.saturating_sub(1));
    (outline.lines.start(first), outline.lines.get(first..last + 1).join("\n"))
}

/// A list in a text: its items, which of them go, and what comes in.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Where each item stands, and whether it goes.
    pub(super) items: Vec<(Range<usize>, bool)>,
    /// New items, each with the number of the item that it stands before.
    pub(super) insert: Vec<(usize, String)>,
}

impl List {
    /// The text with the list changed and nothing else; nothing where no item stays that others could go beside.
    pub(super) fn edit(&self, text: &str) -> Option<String> {
        let last_kept = self.items.iter().rev().find(|(_, gone)| !gone)?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for (index, (range, gone)) in self.items.iter().enumerate() {
            if *gone {
                edits.push((self.removed(text, index, range), String::new()));
            }
        }
        for (place, item) in &self.insert {
            let next = self.items.iter().skip(*place).find(|(_, gone)| !gone);
            match next {
                Some((range, _)) => edits.push(match own_line(text, range) {
                    Some((line, indent)) => (line.start..line.start, format!("{indent}{item},\n")),
                    None => (range.start..range.start, format!("{item}, ")),
                }),
                None => append(text, &last_kept.0, item, &mut edits),
            }
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut edited = String::with_capacity(text.len());
        let mut at = 0;
        for (range, replacement) in edits {
            edited.push_str(text.get(at..range.start.max(at)).unwrap_or_default());
            edited.push_str(&replacement);
            at = at.max(range.end);
        }
        edited.push_str(text.get(at..).unwrap_or_default());
        Some(edited)
    }

    /// What goes with an item: its line, where it has one to itself, or a comma.
    fn removed(&self, text: &str, index: usize, range: &Range<usize>) -> Range<usize> {
        let alone = |line: &Range<usize>| {
            self.items.iter().filter(|(other, _)| line.contains(&other.start)).count() == 1
        };
        if let Some((line, _)) = own_line(text, range).filter(|(line, _)| alone(line)) {
            return line;
        }
        if let Some(comma) = comma_after(text, range.end) {
            let spaces =
                text.get(comma..).map_or(0, |rest| rest.len() - rest.trim_start_matches(' ').len());
            return range.start..comma + spaces;
        }
        let before = self.items.iter().take(index).rev().find(|(_, gone)| !gone);
        before.map_or(range.start, |(before, _)| before.end)..range.end
    }
}

/// The physical line of an item that begins it and that ends in a comma or a comment, and its indentation.
fn own_line<'t>(text: &'t str, range: &Range<usize>) -> Option<(Range<usize>, &'t str)> {
    let start = text.get(..range.start)?.rfind('\n')? + 1;
    let indent = text.get(start..range.start).filter(|before| before.trim().is_empty())?;
    let end = text.get(range.end..)?.find('\n')? + range.end + 1;
    let rest = text.get(range.end..end)?.split('#').next()?.trim();
    matches!(rest, "" | ",").then_some((start..end, indent))
}

/// The place behind the comma that follows an item on its line.
fn comma_after(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    rest.get(spaces..)?.starts_with(',').then_some(end + spaces + 1)
}

fn append(text: &str, last: &Range<usize>, item: &str, edits: &mut Vec<(Range<usize>, String)>) {
    match own_line(text, last) {
        Some((line, indent)) => {
            if comma_after(text, last.end).is_none() {
                let comma = (last.end..last.end, ",".to_owned());
                if !edits.contains(&comma) {
                    edits.push(comma);
                }
            }
            edits.push((line.end..line.end, format!("{indent}{item},\n")));
        }
        None => edits.push((last.end..last.end, format!(", {item}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edits a list of words: those with a `-` go, `+word` comes in where it stands.
    fn edited(text: &str, gone: &[&str], insert: &[(usize, &str)]) -> Option<String> {
        let open = text.find(['(', '[']).unwrap_or(text.find("import ").map_or(0, |at| at + 6));
        let mut items = Vec::new();
        let mut at = open;
        let end = text.find([')', ']']).unwrap_or(text.len());
        while let Some(start) = text[at..end].find(char::is_alphabetic).map(|found| at + found) {
            if text[at..start].contains('#') && !text[at..start].contains('\n') {
                at = text[start..].find('\n').map_or(end, |found| start + found);
                continue;
            }
            let stop = text[start..]
                .find(|c: char| !c.is_alphanumeric())
                .map_or(end, |found| start + found);
            items.push((start..stop, gone.contains(&&text[start..stop])));
            at = stop;
        }
        let insert = insert.iter().map(|(place, word)| (*place, (*word).to_owned())).collect();
        List { items, insert }.edit(text)
    }

    #[test]
    fn a_list_on_one_line() {
        let list = "from m import a, b, c";
        assert_eq!(edited(list, &["b"], &[]).unwrap(), "from m import a, c");
        assert_eq!(edited(list, &["c"], &[]).unwrap(), "from m import a, b");
        assert_eq!(
            edited(list, &["b", "c"], &[(3, "d"), (3, "e")]).unwrap(),
            "from m import a, d, e"
        );
        assert_eq!(edited(list, &["a"], &[(0, "x")]).unwrap(), "from m import x, b, c");
        assert_eq!(edited("x = [a]", &[], &[(1, "b")]).unwrap(), "x = [a, b]");
        assert_eq!(edited("x = (a,)", &[], &[(1, "b")]).unwrap(), "x = (a, b,)");
        assert_eq!(edited(list, &["a", "b", "c"], &[]), None);
    }

    #[test]
    fn a_list_with_a_line_for_each() {
        let list = "x = [\n    a,\n    b,  # why\n    c\n]";
        assert_eq!(edited(list, &["b"], &[]).unwrap(), "x = [\n    a,\n    c\n]");
        assert_eq!(edited(list, &["c"], &[]).unwrap(), "x = [\n    a,\n    b,  # why\n]");
        assert_eq!(
            edited(list, &["a"], &[(0, "z"), (3, "d"), (3, "e")]).unwrap(),
            "x = [\n    z,\n    b,  # why\n    c,\n    d,\n    e,\n]"
        );
    }

    #[test]
    fn a_list_with_several_on_a_line() {
        let list = "x = [\n    a, b,\n    c, d]";
        assert_eq!(edited(list, &["a"], &[]).unwrap(), "x = [\n    b,\n    c, d]");
        assert_eq!(edited(list, &["b"], &[(4, "e")]).unwrap(), "x = [\n    a, \n    c, d, e]");
        assert_eq!(edited(list, &["c", "d"], &[]).unwrap(), "x = [\n    a, b]");
    }
}
