//! Names that the contract changed, followed in text.
//!
//! In: a text and [`Rename`]s. Out: the text with every name replaced, in code, strings, docstrings and
//! comments alike, all at once, so that two names can be swapped. Lines stay lines: none is added or taken.
//! Works on words, not on syntax, so that a file with a syntax error follows too.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::python::DottedPath;

/// One name that became another: a class, or a module by its dotted path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rename {
    /// The name that base and yours have.
    pub from: DottedPath,
    /// The name that theirs has.
    pub to: DottedPath,
}

/// Renames ready to be applied.
pub(super) struct Renames {
    /// By the first word of the old name; longer names before shorter ones.
    by_word: BTreeMap<String, Vec<(String, String)>>,
}

impl Renames {
    pub(super) fn new(renames: &[Rename]) -> Self {
        let mut by_word: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for rename in renames.iter().filter(|rename| rename.from != rename.to) {
            let pair = (rename.from.to_string(), rename.to.to_string());
            by_word.entry(rename.from.first().to_owned()).or_default().push(pair);
        }
        for pairs in by_word.values_mut() {
            pairs.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        }
        Self { by_word }
    }

    /// The new path of a module, where it has one.
    pub(super) fn of(&self, path: &str) -> Option<&str> {
        let pairs = self.by_word.get(path.split('.').next()?)?;
        pairs.iter().find(|(from, _)| from == path).map(|(_, to)| to.as_str())
    }

    /// The text with every old name replaced; `fixed` ranges get the text that is given with them.
    ///
    /// `fixed` is in order and without overlaps.
    pub(super) fn apply(&self, text: &str, fixed: &[(Range<usize>, String)]) -> String {
        let mut renamed = String::with_capacity(text.len());
        let mut fixed = fixed.iter().peekable();
        let mut at = 0;
        while at < text.len() {
            if let Some((range, replacement)) = fixed.next_if(|(range, _)| range.start <= at) {
                renamed.push_str(replacement);
                at = range.end.max(at);
                continue;
            }
            let limit = fixed.peek().map_or(text.len(), |(range, _)| range.start);
            let rest = text.get(at..limit).unwrap_or_default();
            let word = word_length(rest);
            if word == 0 {
                let other = rest.find(is_word).unwrap_or(rest.len()).max(1);
                renamed.push_str(rest.get(..other).unwrap_or(rest));
                at += other;
                continue;
            }
            let escape = escape_length(text, at);
            renamed.push_str(rest.get(..escape).unwrap_or_default());
            at += escape;
            match self.found(text, at) {
                Some((from, to)) => {
                    renamed.push_str(to);
                    at += from.len();
                }
                None => {
                    renamed.push_str(rest.get(escape..word).unwrap_or_default());
                    at += word - escape;
                }
            }
        }
        renamed
    }

    /// The longest old name that stands at a place where a word begins.
    fn found(&self, text: &str, at: usize) -> Option<&(String, String)> {
        let rest = text.get(at..)?;
        let pairs = self.by_word.get(rest.get(..word_length(rest))?)?;
        let follows_dot = text.get(..at).is_some_and(|before| before.ends_with('.'));
        pairs.iter().find(|(from, _)| {
            let ends = rest.strip_prefix(from.as_str()).is_some_and(|rest| word_length(rest) == 0);
            // `x.a.b` is not the module `a.b`; but `x.Class` is the class.
            ends && !(follows_dot && from.contains('.'))
        })
    }
}

pub(super) fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn word_length(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// In `"\nModel"` the `n` belongs to the escape, not to the word.
fn escape_length(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let backslashes = before.len() - before.trim_end_matches('\\').len();
    let letter =
        text.get(at..).is_some_and(|rest| rest.starts_with(['a', 'b', 'f', 'n', 'r', 't', 'v']));
    usize::from(letter && backslashes % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(pairs: &[(&str, &str)], text: &str) -> String {
        let path = |text: &str| DottedPath::parse(text).unwrap();
        let renames: Vec<Rename> =
            pairs.iter().map(|(from, to)| Rename { from: path(from), to: path(to) }).collect();
        Renames::new(&renames).apply(text, &[])
    }

    #[test]
    fn names_are_whole_words() {
        let text = "ModelA ModelAB XModelA _ModelA ModelA2 ModelÄ m.ModelA[ModelA](ModelA) # ModelA's \"ModelA\"";
        assert_eq!(
            renamed(&[("ModelA", "ModelZ")], text),
            "ModelZ ModelAB XModelA _ModelA ModelA2 ModelÄ m.ModelZ[ModelZ](ModelZ) # ModelZ's \"ModelZ\""
        );
    }

    #[test]
    fn two_names_are_swapped_at_once() {
        assert_eq!(renamed(&[("A", "B"), ("B", "A")], "A(B, A)"), "B(A, B)");
        assert_eq!(renamed(&[("A", "B"), ("B", "C"), ("C", "A")], "A B C"), "B C A");
    }

    #[test]
    fn the_longest_path_wins() {
        let pairs = [("app.a", "app.z"), ("app.a.b", "new.b")];
        assert_eq!(
            renamed(
                &pairs,
                "from app.a import x\nimport app.a.b.c\nimport app.ab, other.app.a, .app.a.x"
            ),
            "from app.z import x\nimport new.b.c\nimport app.ab, other.app.a, .app.a.x"
        );
        assert_eq!(renamed(&pairs, "See app.a.b. And `app.a`."), "See new.b. And `app.z`.");
    }

    #[test]
    fn an_escape_is_no_part_of_a_word() {
        assert_eq!(
            renamed(&[("Model", "M")], r#""\nModel \\nModel \tModel""#),
            r#""\nM \\nModel \tM""#
        );
        assert_eq!(renamed(&[("new", "old")], r#""\new new""#), r#""\new old""#);
    }

    #[test]
    fn fixed_ranges_are_left_alone() {
        let rename = Rename { from: DottedPath::ours("a"), to: DottedPath::ours("b") };
        let renames = Renames::new(&[rename]);
        assert_eq!(renames.apply("a a a", &[(2..3, "a as x".to_owned())]), "b a as x b");
    }
}
