//! A merge that needs a person: what could be merged, and the places that could not.
//!
//! In: the pieces of a merged text, some of which hold three versions. Out: the [`Hunk`]s with their lines,
//! the text with markers, or the text with one side taken in every hunk.

use std::borrow::Cow;

use super::DroppedName;
use super::ending::Ending;

/// One version of a place that the two sides changed differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// Line of its first line in that version's file, from 1; where there are no lines, the line before which
    /// they would stand.
    pub line: usize,
    /// Its lines, without line ends.
    pub lines: Vec<String>,
}

/// A place that the user and the contract changed differently, in all three versions.
///
/// Base and yours have the new names where the contract renamed something; their line numbers are those of
/// the files as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunk {
    /// What was rendered last time.
    pub base: Version,
    /// What the user's file has.
    pub yours: Version,
    /// What is rendered now.
    pub theirs: Version,
}

/// Whom every hunk is decided for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The user's file (git's `ours`).
    Yours,
    /// What is rendered now (git's `theirs`).
    Theirs,
}

/// A merge that cannot be finished without a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Uses of names that theirs no longer has, by their lines in yours.
    pub dropped: Vec<DroppedName>,
    pieces: Vec<Piece>,
    endings: [Ending; 3],
    last_of_yours: String,
}

/// A part of a merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// One line that is settled.
    Line(String),
    /// A place that is not.
    Hunk(Hunk),
}

impl Conflict {
    pub(super) fn new(
        pieces: Vec<Piece>,
        endings: [Ending; 3],
        last_of_yours: &str,
        dropped: Vec<DroppedName>,
    ) -> Self {
        Self { dropped, pieces, endings, last_of_yours: last_of_yours.to_owned() }
    }

    /// The places that need a decision, from top to bottom.
    pub fn hunks(&self) -> impl Iterator<Item = &Hunk> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Line(_) => None,
            Piece::Hunk(hunk) => Some(hunk),
        })
    }

    /// The merged text with git's diff3 markers around every hunk.
    #[must_use]
    pub fn with_markers(&self) -> String {
        let mut lines = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Line(line) => lines.push(line.as_str()),
                Piece::Hunk(hunk) => {
                    for (marker, version) in [
                        ("<<<<<<< yours", &hunk.yours),
                        ("||||||| base", &hunk.base),
                        ("=======", &hunk.theirs),
                    ] {
                        lines.push(marker);
                        lines.extend(version.lines.iter().map(String::as_str));
                    }
                    lines.push(">>>>>>> contract");
                }
            }
        }
        let ending = self.ending(lines.last().copied());
        // A marker is a line of its own, so the line that holds the last one is ended.
        let marked = self.pieces.last().is_some_and(|piece| matches!(piece, Piece::Hunk(_)));
        if marked { ending.closed().put(lines) } else { ending.put(lines) }
    }

    /// The merged text with one side taken in every hunk; what could be merged stays merged.
    #[must_use]
    pub fn resolved(&self, side: Side) -> String {
        let mut lines = Vec::new();
        for piece in &self.pieces {
            match (piece, side) {
                (Piece::Line(line), _) => lines.push(line.as_str()),
                (Piece::Hunk(hunk), Side::Yours) => {
                    lines.extend(hunk.yours.lines.iter().map(String::as_str));
                }
                (Piece::Hunk(hunk), Side::Theirs) => {
                    lines.extend(hunk.theirs.lines.iter().map(String::as_str));
                }
            }
        }
        self.ending(lines.last().copied()).put(lines)
    }

    fn ending(&self, last: Option<&str>) -> Ending {
        let [base, yours, theirs] = self.endings;
        Ending::merged(base, yours, theirs, last == Some(&self.last_of_yours))
    }
}

impl Version {
    /// Lines of a version; `at` counts from zero.
    pub(super) fn new<'a>(at: usize, lines: impl IntoIterator<Item = &'a str>) -> Self {
        Self { line: at + 1, lines: lines.into_iter().map(str::to_owned).collect() }
    }
}

impl From<Cow<'_, str>> for Piece {
    fn from(line: Cow<'_, str>) -> Self {
        Self::Line(line.into_owned())
    }
}
