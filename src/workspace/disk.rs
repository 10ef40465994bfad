//! What stood at some paths, as a value: every stage behind reading works on it alone.

use std::collections::BTreeMap;

use super::path::RelPath;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Absent,
    /// A file of UTF-8 text.
    Text(String),
    /// A file whose bytes are no UTF-8.
    Binary,
    /// A folder.
    Folder,
    /// Neither a file nor a folder: a pipe, a device.
    Special,
}

/// What stood at some paths at the moment of reading.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    found: BTreeMap<RelPath, Found>,
    names: BTreeMap<RelPath, Vec<String>>,
}

impl Disk {
    /// What stands at a path; paths that were not read count as absent.
    #[must_use]
    pub fn at(&self, path: &RelPath) -> &Found {
        self.found.get(path).unwrap_or(&Found::Absent)
    }

    /// Whether a path was looked at.
    #[must_use]
    pub fn knows(&self, path: &RelPath) -> bool {
        self.found.contains_key(path)
    }

    /// The text of a file, where one is there.
    #[must_use]
    pub fn text(&self, path: &RelPath) -> Option<&str> {
        match self.at(path) {
            Found::Text(text) => Some(text),
            Found::Absent | Found::Binary | Found::Folder | Found::Special => None,
        }
    }

    /// Every file of text, sorted by path.
    pub fn texts(&self) -> impl Iterator<Item = (&RelPath, &str)> {
        self.found.iter().filter_map(|(path, found)| match found {
            Found::Text(text) => Some((path, text.as_str())),
            Found::Absent | Found::Binary | Found::Folder | Found::Special => None,
        })
    }

    /// Whether anything stands at a path.
    #[must_use]
    pub fn exists(&self, path: &RelPath) -> bool {
        *self.at(path) != Found::Absent
    }

    /// The names in a folder, sorted; none for a folder that was not looked into.
    #[must_use]
    pub fn names_in(&self, folder: &RelPath) -> &[String] {
        self.names.get(folder).map_or(&[], Vec::as_slice)
    }

    /// The same with the names that a folder holds.
    #[must_use]
    pub fn with_names(mut self, folder: RelPath, names: Vec<String>) -> Self {
        self.names.insert(folder, names);
        self
    }

    /// Adds what stands at more paths.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.found.extend(other.found);
        self.names.extend(other.names);
        self
    }
}

impl IntoIterator for Disk {
    type Item = (RelPath, Found);
    type IntoIter = std::collections::btree_map::IntoIter<RelPath, Found>;

    /// What stands at each of the paths that were looked at.
    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl FromIterator<(RelPath, Found)> for Disk {
    fn from_iter<I: IntoIterator<Item = (RelPath, Found)>>(found: I) -> Self {
        Self { found: found.into_iter().collect(), names: BTreeMap::new() }
    }
}
