//! Docstrings that the user replaced.
//!
//! In: base, yours and theirs, with names as theirs has them. Out: base and theirs with the user's docstring wherever
//! the user left nothing of the one that was rendered: there is no line of it left that the contract could change.

use std::collections::BTreeMap;
use std::ops::Range;

use ruff_python_ast::{Expr, Stmt, helpers::is_docstring_stmt};
use ruff_text_size::Ranged;

use crate::python::Tree;

/// Base and theirs with the docstrings that the user wrote in the place of rendered ones; nothing where there are none.
pub(super) fn settled(base: &str, yours: &str, theirs: &str) -> Option<(String, String)> {
    let [in_base, in_yours, in_theirs] = [docstrings(base), docstrings(yours), docstrings(theirs)];
    let mut edits: Vec<(Range<usize>, Range<usize>, &str)> = Vec::new();
    for (owner, range) in &in_yours {
        let (Some(old), Some(new)) = (in_base.get(owner), in_theirs.get(owner)) else { continue };
        let text = |text: &'_ str, range: &Range<usize>| {
            text.get(range.clone()).unwrap_or_default().to_owned()
        };
        let (before, now) = (text(base, old), text(theirs, new));
        let own = yours.get(range.clone()).unwrap_or_default();
        if before != now && own != before && own != now && !share_a_line(&before, own) {
            edits.push((old.clone(), new.clone(), own));
        }
    }
    if edits.is_empty() {
        return None;
    }
    let replaced = |text: &str, mut places: Vec<(Range<usize>, &str)>| {
        places.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let mut text = text.to_owned();
        for (range, own) in places {
            text.replace_range(range, own);
        }
        text
    };
    let in_base = edits.iter().map(|(old, _, own)| (old.clone(), *own)).collect();
    let in_theirs = edits.iter().map(|(_, new, own)| (new.clone(), *own)).collect();
    Some((replaced(base, in_base), replaced(theirs, in_theirs)))
}

fn share_a_line(one: &str, other: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        let text = text.trim_matches(['"', '\'']);
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let known = lines(one);
    lines(other).iter().any(|line| known.contains(line))
}

/// The docstrings of a module, its classes and their methods, by what they belong to.
fn docstrings(text: &str) -> BTreeMap<String, Range<usize>> {
    let mut found = BTreeMap::new();
    if let Ok(tree) = Tree::of(text) {
        add(tree.body(), "", 0, &mut found);
    }
    found
}

fn add(body: &[Stmt], owner: &str, depth: usize, found: &mut BTreeMap<String, Range<usize>>) {
    if let Some(Stmt::Expr(first)) = body.first().filter(|first| is_docstring_stmt(first))
        && let Expr::StringLiteral(literal) = &*first.value
    {
        let range = literal.range();
        found.insert(owner.to_owned(), range.start().to_usize()..range.end().to_usize());
    }
    // Nothing that is rendered is nested deeper than a method in a class.
    for statement in body.iter().filter(|_| depth < 2) {
        let (name, body) = match statement {
            Stmt::ClassDef(class) => (&class.name, &class.body),
            Stmt::FunctionDef(function) => (&function.name, &function.body),
            _ => continue,
        };
        add(body, &format!("{owner}.{name}"), depth + 1, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_docstring_of_the_users_own_stays() {
        let base = "\"\"\"Old.\"\"\"\n\n\nclass A:\n    \"\"\"Old A.\n\n    More.\n    \"\"\"\n";
        let yours = base.replace("Old.", "Mine.");
        let theirs = base.replace("Old", "New");
        let (new_base, new_theirs) = settled(base, &yours, &theirs).unwrap();
        assert_eq!(new_base, yours);
        assert_eq!(new_theirs, theirs.replace("New.", "Mine."));
    }

    #[test]
    fn what_is_left_of_a_docstring_is_merged_as_ever() {
        let base = "class A:\n    \"\"\"Old.\n\n    More.\n    \"\"\"\n";
        assert_eq!(settled(base, &base.replace("More", "Mine"), &base.replace("Old", "New")), None);
        assert_eq!(settled(base, &base.replace("Old", "Mine"), base), None);
    }
}
