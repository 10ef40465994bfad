//! Paths below a project's root, which cannot leave it.

use std::fmt;
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use crate::python::Identifier;

/// A path below the project's root: parts with `/` between them, none of them `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(String);

/// Whether a path is written as we write most: nothing in it has to be looked at twice.
fn is_plain(text: &str) -> bool {
    let mut before = b'/';
    let parts_are_plain = text.bytes().all(|byte| {
        let begins = std::mem::replace(&mut before, byte) == b'/';
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => true,
            b'.' | b'/' => !begins,
            _ => false,
        }
    });
    parts_are_plain && before != b'/'
}

impl RelPath {
    /// The root itself.
    #[must_use]
    pub fn root() -> Self {
        Self(String::new())
    }

    /// Reads a path; gives nothing for one that is absolute, leaves the root or holds a strange character.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if is_plain(text) {
            return Some(Self(text.to_owned()));
        }
        let mut parts = Vec::new();
        for part in text.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." || part.contains(|c: char| matches!(c, '\\' | ':') || c.is_control()) {
                return None;
            }
            parts.push(part);
        }
        (!text.starts_with('/')).then(|| Self(parts.join("/")))
    }

    /// A path that was written relative to this folder, `..` included, as long as it stays below the root.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Option<Self> {
        let mut folder = self.clone();
        let mut rest = text;
        loop {
            let (first, behind) = rest.split_once('/').unwrap_or((rest, ""));
            match first {
                ".." if folder.0.is_empty() => return None,
                ".." => folder = folder.parent(),
                "." => {}
                _ => break,
            }
            rest = behind;
        }
        let below = Self::parse(rest)?;
        Some(folder.with(&below))
    }

    /// A file or folder of ours in this folder.
    #[must_use]
    pub fn ours(&self, name: &'static str) -> Self {
        self.joined(name)
    }

    /// A folder below this one, named by an identifier.
    #[must_use]
    pub fn folder(&self, name: &Identifier) -> Self {
        self.joined(name.as_str())
    }

    /// The folders below this one that the parts of a module name.
    #[must_use]
    pub fn folders(&self, names: &[Identifier]) -> Self {
        let mut path = self.clone();
        path.0.reserve(names.iter().map(|name| name.as_str().len() + 1).sum());
        for name in names {
            path.push(name.as_str());
        }
        path
    }

    /// A Python file in this folder.
    #[must_use]
    pub fn python_file(&self, stem: &Identifier) -> Self {
        let mut path = self.joined(stem.as_str());
        path.0.push_str(".py");
        path
    }

    pub(super) fn joined(&self, part: &str) -> Self {
        let mut path = Self(String::with_capacity(self.0.len() + part.len() + ".py".len() + 1));
        path.0.push_str(&self.0);
        path.push(part);
        path
    }

    fn push(&mut self, part: &str) {
        if !self.0.is_empty() {
            self.0.push('/');
        }
        self.0.push_str(part);
    }

    /// The same path seen from a folder that it lies in, or is; nothing where it does not.
    #[must_use]
    pub fn below(&self, folder: &Self) -> Option<Self> {
        if folder.0.is_empty() {
            return Some(self.clone());
        }
        let rest = self.0.strip_prefix(folder.as_str())?;
        if rest.is_empty() {
            Some(Self::root())
        } else {
            Some(Self(rest.strip_prefix('/')?.to_owned()))
        }
    }

    /// Whether the path is a folder, or lies in it.
    #[must_use]
    pub fn lies_in(&self, folder: &Self) -> bool {
        let rest = self.0.strip_prefix(folder.as_str());
        rest.is_some_and(|rest| folder.0.is_empty() || rest.is_empty() || rest.starts_with('/'))
    }

    /// The path from another root, of which this is a folder.
    #[must_use]
    pub fn with(&self, below: &Self) -> Self {
        if below.0.is_empty() { self.clone() } else { self.joined(&below.0) }
    }

    /// Where a path lies once the folder `from` is called `to`; nothing where it is not in that folder.
    #[must_use]
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        let rest = self.0.strip_prefix(from.as_str())?.strip_prefix('/')?;
        Some(to.joined(rest))
    }

    /// The folder that holds this; the root's is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.split().0.to_owned())
    }

    /// The folders above this, the nearest first and the root last; none for the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        let above = |path: &Self| (!path.0.is_empty()).then(|| path.parent());
        std::iter::successors(above(self), above)
    }

    /// The parts, from the root on.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.split().1
    }

    /// Whether one of the folders above this has a name.
    #[must_use]
    pub fn is_below_any(&self, name: &str) -> bool {
        let mut above = self.split().0.as_bytes().split(|byte| *byte == b'/');
        above.any(|folder| folder == name.as_bytes())
    }

    /// The folder that holds this and the last part. It is asked for so often that the search is for a byte: one for a
    /// character prepares itself first.
    fn split(&self) -> (&str, &str) {
        let Some(at) = self.0.bytes().rposition(|byte| byte == b'/') else { return ("", &self.0) };
        (self.0.get(..at).unwrap_or_default(), self.0.get(at + 1..).unwrap_or_default())
    }

    /// The path with `/` between its parts; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the path is on a disk that knows neither case nor how letters are composed.
    #[must_use]
    pub fn folded(&self) -> String {
        folded(&self.0)
    }

    /// For the system: the root is `.` there.
    pub(super) fn on_disk(&self) -> &Path {
        Path::new(if self.0.is_empty() { "." } else { &self.0 })
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a name is on a disk that knows neither case nor how letters are composed.
#[must_use]
pub fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfd().collect::<String>().to_lowercase().nfc().collect()
}

/// Whether two names are the same once folded.
pub(crate) fn same_folded(one: &str, other: &str) -> bool {
    let are_ascii = || one.is_ascii() && other.is_ascii();
    one.eq_ignore_ascii_case(other) || !are_ascii() && folded(one) == folded(other)
}

/// A path below a root as people see it from where they stand.
#[must_use]
pub fn shown(root: &Path, path: &RelPath) -> String {
    // Asked for every file that is read: most roots need no look at their parts.
    match root.to_str() {
        Some(".") => return path.0.clone(),
        Some(root) if root.starts_with('/') && !root.ends_with('/') && !path.0.is_empty() => {
            return format!("{root}/{path}");
        }
        Some(_) | None => {}
    }
    let full = root.join(path.as_str());
    full.strip_prefix(".").unwrap_or(&full).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::parse(text).unwrap()
    }

    #[test]
    fn relative_paths_are_resolved_inside_the_root_alone() {
        let resolved = |text| path("a/b").resolve(text);
        assert_eq!(resolved("../c.toml"), Some(path("a/c.toml")));
        assert_eq!(resolved("./../../c.toml"), Some(path("c.toml")));
        assert_eq!(resolved("c/d"), Some(path("a/b/c/d")));
        assert_eq!(resolved(".."), Some(path("a")));
        for bad in ["../../../c", "/c", "c/../d", "~\\x"] {
            assert_eq!(resolved(bad), None, "{bad}");
        }
    }

    #[test]
    fn paths_stay_below_the_root() {
        assert_eq!(path("./a//b/").as_str(), "a/b");
        for bad in ["../a", "a/../b", "/a", "C:\\a", "a\\b", "a\nb"] {
            assert_eq!(RelPath::parse(bad), None, "{bad}");
        }
        assert_eq!(path("a/b").parent(), path("a"));
        assert_eq!(path("a").parent(), RelPath::root());
        let above: Vec<RelPath> = path("a/b/c").ancestors().collect();
        assert_eq!(above, [path("a/b"), path("a"), RelPath::root()]);
        assert_eq!(RelPath::root().ancestors().count(), 0);
    }
}
