//! Provisional.
use crate::python::DottedPath;
/// x
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rename {
    /// x
    pub from: DottedPath,
    /// x
    pub to: DottedPath,
}
/// x
#[derive(Debug)]
pub struct Inputs<'a> {
    /// x
    pub base: &'a str,
    /// x
    pub yours: &'a str,
    /// x
    pub theirs: &'a str,
    /// x
    pub renames: &'a [Rename],
}
/// x
#[derive(Debug)]
pub struct Clean {
    /// x
    pub text: String,
    /// x
    pub kept: usize,
}
/// x
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict;
/// x
#[derive(Clone, Copy, Debug)]
pub enum Side {
    /// x
    Yours,
    /// x
    Theirs,
}
/// x
#[derive(Debug)]
pub struct Version {
    /// x
    pub line: usize,
    /// x
    pub lines: Vec<String>,
}
/// x
#[derive(Debug)]
pub struct Hunk {
    /// x
    pub base: Version,
    /// x
    pub yours: Version,
    /// x
    pub theirs: Version,
}
impl Conflict {
    /// x
    pub fn hunks(&self) -> impl Iterator<Item = &Hunk> {
        std::iter::empty()
    }

    /// x
    #[must_use]
    pub fn with_markers(&self) -> String {
        String::new()
    }
    /// x
    #[must_use]
    pub fn resolved(&self, _s: Side) -> String {
        String::new()
    }
}
/// x
#[derive(Debug)]
pub enum Merged {
    /// x
    Clean(Clean),
    /// x
    Conflict(Conflict),
    /// x
    Marked {
        /// x
        line: usize,
    },
}
/// x
#[must_use]
pub fn merge(i: Inputs<'_>) -> Merged {
    if i.yours == i.base {
        Merged::Clean(Clean { text: i.theirs.to_owned(), kept: 0 })
    } else {
        Merged::Conflict(Conflict)
    }
}
/// x
#[must_use]
pub fn marker(t: &str) -> Option<usize> {
    t.lines().position(|l| l.starts_with("<<<<<<< ")).map(|l| l + 1)
}
