//! What a run would change: one [`Change`] per file, computed before anything is written.
//!
//! In: rendered files, the new text of pyproject.toml, and what stands on [`Disk`]. Out: a [`Plan`], which the
//! commands print or hand to [`crate::workspace::Workspace::write`]. Reads nothing and writes nothing itself.

pub mod dropped;
pub mod matching;
pub mod merge;
mod origin;
pub mod regenerate;
mod relative;
pub mod settled;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::render::{Ownership, RenderedFile};
use crate::workspace::{Disk, Found, RelPath, Removal, Write, same_folded};

/// Everything that a run would do, in the order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One per file.
    pub changes: Vec<FileChange>,
}

/// What happens to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Which file, from the project's root.
    pub path: RelPath,
    /// Who owns it afterwards.
    pub ownership: Ownership,
    /// What happens.
    pub change: Change,
    /// Why, in a few words each.
    pub reasons: Vec<String>,
    /// What kind of difference this is to `onex check`; nothing where there is none.
    pub drift: Option<Drift>,
    /// Lines that somebody wrote and that go with this: never silently.
    pub lost: Vec<String>,
}

impl FileChange {
    /// A change without reasons.
    #[must_use]
    pub fn new(path: RelPath, ownership: Ownership, change: Change) -> Self {
        Self { path, ownership, change, reasons: Vec::new(), drift: None, lost: Vec::new() }
    }
}

/// How what stands differs from what the contract says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drift {
    /// The contract changed, and the file was not regenerated.
    Stale,
    /// A generated file was changed by hand.
    Edited,
    /// A file that belongs to the node is not there.
    Missing,
    /// A file that nothing in the contract needs any more.
    Orphaned,
    /// Only the templates or the project's settings changed.
    Outdated,
    /// A generated file differs in layout alone.
    Reformatted,
    /// Markers of a merge are left in the file.
    Conflicted,
}

impl Drift {
    /// The word that output uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Edited => "edited",
            Self::Missing => "missing",
            Self::Orphaned => "orphaned",
            Self::Outdated => "outdated",
            Self::Reformatted => "reformatted",
            Self::Conflicted => "conflicted",
        }
    }
}

/// The cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing stands there.
    Created {
        /// The new text.
        text: String,
    },
    /// The file gets what it lacks, and keeps the rest.
    Updated {
        /// The text that stands.
        before: String,
        /// The text that it becomes.
        after: String,
    },
    /// The file moves, and its text with it.
    Moved {
        /// Where it stands.
        from: RelPath,
        /// The text that stands there.
        before: String,
        /// The text that it becomes.
        after: String,
        /// The text of the untouched file that it replaces, where one is there.
        over: Option<String>,
    },
    /// The file stands as it should.
    Kept,
    /// The file is the user's, who deleted it.
    LeftOut,
    /// The file goes.
    Removed {
        /// The text that stands.
        before: String,
    },
    /// Nothing needs the file any more, but it is the user's work.
    Orphaned,
    /// Something is in the way.
    Conflict(Obstacle),
}

/// What is in the way of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A file with another text.
    OtherText,
    /// A file that is no UTF-8 text.
    Binary,
    /// A folder.
    Folder,
    /// A pipe, a device or a link that leads nowhere.
    Special,
    /// What should be a folder above the file is none.
    NoFolder(RelPath),
    /// A name that differs in case, or in how letters are composed, alone, which many disks take for the same.
    SameButForCase(RelPath),
    /// Two of the files that were rendered have one path.
    Twice,
    /// An `__init__.py` that cannot be added to.
    Unmergeable(String),
    /// The contract's change and the user's cannot both be had.
    Merge(Box<merge::Conflict>),
    /// Markers of an earlier merge stand in the file, at this line.
    Marked(usize),
    /// The merged file would read names that nothing defines.
    Unbound(Vec<String>),
    /// The file was the user's, and its text comes from the contract now.
    NowGenerated,
    /// The file that moves here and the one that stands here both hold work of the user's.
    BothEdited(RelPath),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherText => f.write_str("a file with another text stands there"),
            Self::Binary => f.write_str("a file that is no UTF-8 text stands there"),
            Self::Folder => f.write_str("a folder stands there"),
            Self::Special => f.write_str("a pipe, a device or a link that leads nowhere is there"),
            Self::NoFolder(path) => write!(f, "{path} is no folder"),
            Self::SameButForCase(path) if !path.as_str().is_ascii() => {
                write!(f, "{path} differs from it in case, or in how letters are composed, alone")
            }
            Self::SameButForCase(path) => {
                write!(f, "{path} differs from it in upper and lower case alone")
            }
            Self::Twice => f.write_str("the contract gives two files of that name"),
            Self::Unmergeable(why) => write!(f, "its imports cannot be added to: {why}"),
            Self::Merge(_) => f.write_str("the contract's change and yours meet in it"),
            Self::Marked(line) => write!(f, "conflict markers are left in line {line}"),
            Self::Unbound(names) => write!(
                f,
                "your code uses `{}`, which the contract's change takes away",
                names.join("`, `")
            ),
            Self::NowGenerated => f.write_str(
                "its fields come from the contract's definitions now, and you edited it",
            ),
            Self::BothEdited(from) => {
                write!(f, "{from} is to be carried on here, and you edited both")
            }
        }
    }
}

impl Obstacle {
    /// The next step.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::OtherText | Self::Binary | Self::Folder | Self::Special | Self::NoFolder(_) => {
                "move it away, then run again"
            }
            Self::SameButForCase(_) => "rename one of them, then run again",
            Self::Twice => "rename one of the classes or modules in the contract",
            Self::Unmergeable(_) => "mend the file, then run again",
            Self::Merge(_) => {
                "--conflict markers writes both into the file; --conflict ours or theirs decides for one"
            }
            Self::Marked(_) => "settle what stands between the markers, then run again",
            Self::Unbound(_) => {
                "let your code do without, then run again; --conflict markers writes the merge all the same"
            }
            Self::NowGenerated => {
                "move your fields into the definitions, then: onex regenerate --conflict theirs"
            }
            Self::BothEdited(_) => {
                "bring your lines together in one of the two and delete the other, then run again"
            }
        }
    }
}

/// The new text of a file that stands, such as pyproject.toml with one more entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Which file.
    pub path: RelPath,
    /// The text that was edited.
    pub before: String,
    /// The text that it becomes; the same where nothing is to change.
    pub after: String,
}

/// Adds to an `__init__.py` what the rendered one has and it lacks, or says why that cannot be done.
pub type MergeInit = fn(existing: &str, rendered: &str) -> Result<String, String>;

/// Compares what was rendered with what stands.
#[must_use]
pub fn plan(files: &[RenderedFile], edits: &[Edit], disk: &Disk, merge: MergeInit) -> Plan {
    let spellings = Spellings::of(files);
    let of_file = |file: &RenderedFile| {
        let change = match obstacle(&file.path, disk, &spellings) {
            Some(obstacle) => Change::Conflict(obstacle),
            None => change(file, disk, merge),
        };
        FileChange::new(file.path.clone(), file.ownership, change)
    };
    let mut changes: Vec<FileChange> = files.iter().map(of_file).collect();
    changes.extend(edits.iter().map(Edit::change));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Plan { changes }
}

impl Edit {
    fn change(&self) -> FileChange {
        let (before, after) = (self.before.clone(), self.after.clone());
        let change = if before == after { Change::Kept } else { Change::Updated { before, after } };
        FileChange::new(self.path.clone(), Ownership::Yours, change)
    }
}

impl Change {
    /// The text that the file has afterwards, where that is new.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Created { text } => Some(text),
            Self::Updated { after, .. } | Self::Moved { after, .. } => Some(after),
            Self::Kept
            | Self::LeftOut
            | Self::Removed { .. }
            | Self::Orphaned
            | Self::Conflict(_) => None,
        }
    }
}

impl Plan {
    /// What is to be written; nothing at all while there is a conflict.
    #[must_use]
    pub fn writes(&self) -> Vec<Write<'_>> {
        if self.conflicts().next().is_some() {
            return Vec::new();
        }
        let left = self.left();
        let writes = self.changes.iter().filter_map(|change| {
            let path = change.path.clone();
            match &change.change {
                Change::Created { text } => {
                    let replaces = left.get(&path).copied();
                    Some(Write { path, text, replaces })
                }
                Change::Moved { after, over, .. } => {
                    Some(Write { path, text: after, replaces: over.as_deref() })
                }
                Change::Updated { before, after } => {
                    Some(Write { path, text: after, replaces: Some(before) })
                }
                Change::Kept
                | Change::LeftOut
                | Change::Removed { .. }
                | Change::Orphaned
                | Change::Conflict(_) => None,
            }
        });
        // Where one file takes the place of another, it may have the text that stands there.
        writes.filter(|write| write.replaces != Some(write.text)).collect()
    }

    /// What is to be deleted; nothing at all while there is a conflict.
    #[must_use]
    pub fn removals(&self) -> Vec<Removal<'_>> {
        if self.conflicts().next().is_some() {
            return Vec::new();
        }
        self.emptied().map(|(path, text)| Removal { path: path.clone(), text }).collect()
    }

    /// The texts that files have afterwards, as far as they are new.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<RelPath, &str> {
        let changes = self.changes.iter();
        changes.filter_map(|change| Some((change.path.clone(), change.change.text()?))).collect()
    }

    /// The paths where nothing stands afterwards.
    pub fn vacated(&self) -> impl Iterator<Item = &RelPath> {
        self.emptied().map(|(path, _)| path)
    }

    /// The places where nothing stands afterwards, with what stands there now.
    fn emptied(&self) -> impl Iterator<Item = (&RelPath, &String)> {
        let filled = self.filled();
        self.changes.iter().filter_map(move |change| match &change.change {
            Change::Removed { before } => Some((&change.path, before)),
            Change::Moved { from, before, .. } => {
                (!filled.contains(from)).then_some((from, before))
            }
            Change::Created { .. }
            | Change::Updated { .. }
            | Change::Kept
            | Change::LeftOut
            | Change::Orphaned
            | Change::Conflict(_) => None,
        })
    }

    /// The paths that files are written to where none of theirs stood.
    fn filled(&self) -> BTreeSet<&RelPath> {
        let is_new = |change: &&FileChange| {
            matches!(change.change, Change::Created { .. } | Change::Moved { .. })
        };
        self.changes.iter().filter(is_new).map(|change| &change.path).collect()
    }

    /// The places that files leave, with what stands there: another file may take one in the same run.
    fn left(&self) -> BTreeMap<&RelPath, &str> {
        let left = self.changes.iter().filter_map(|change| match &change.change {
            Change::Moved { from, before, .. } => Some((from, before.as_str())),
            Change::Created { .. }
            | Change::Updated { .. }
            | Change::Kept
            | Change::LeftOut
            | Change::Removed { .. }
            | Change::Orphaned
            | Change::Conflict(_) => None,
        });
        left.collect()
    }

    /// The files that something is in the way of.
    pub fn conflicts(&self) -> impl Iterator<Item = (&RelPath, &Obstacle)> {
        self.changes.iter().filter_map(|change| match &change.change {
            Change::Conflict(obstacle) => Some((&change.path, obstacle)),
            Change::Created { .. }
            | Change::Updated { .. }
            | Change::Moved { .. }
            | Change::Kept
            | Change::LeftOut
            | Change::Removed { .. }
            | Change::Orphaned => None,
        })
    }
}

/// Whether a node stands in a folder already: one with code, or with another contract than this.
///
/// A folder that holds this contract and no code yet is where the contract was written first.
#[must_use]
pub fn node_stands(folder: &RelPath, contract: &str, disk: &Disk) -> bool {
    let contract_path = folder.ours("contract.yaml");
    let other_contract = match disk.at(&contract_path) {
        Found::Absent => false,
        Found::Text(text) => text != contract,
        Found::Binary | Found::Folder | Found::Special => true,
    };
    other_contract || disk.exists(&folder.ours("node.py")) || disk.exists(&folder.ours("handlers"))
}

/// The paths that [`node_stands`] looks at.
#[must_use]
pub fn signs_of_a_node(folder: &RelPath) -> [RelPath; 3] {
    [folder.ours("contract.yaml"), folder.ours("node.py"), folder.ours("handlers")]
}

/// How the rendered paths, and the folders above them, are spelt: by what they are to a disk that folds names.
struct Spellings(BTreeMap<String, Vec<RelPath>>);

impl Spellings {
    fn of(files: &[RenderedFile]) -> Self {
        Self::of_paths(files.iter().map(|file| file.path.clone()).collect())
    }

    fn of_paths(paths: Vec<RelPath>) -> Self {
        let mut spellings: BTreeMap<String, Vec<RelPath>> = BTreeMap::new();
        // Most files stand beside others.
        let parents: BTreeSet<RelPath> = paths.iter().map(RelPath::parent).collect();
        let above: BTreeSet<RelPath> = parents.iter().flat_map(RelPath::ancestors).collect();
        let folders: BTreeSet<RelPath> = parents.into_iter().chain(above).collect();
        for path in folders.into_iter().chain(paths) {
            spellings.entry(path.folded()).or_default().push(path);
        }
        Self(spellings)
    }

    /// A rendered path that many disks take for this one.
    fn clash(&self, path: &RelPath) -> Option<Obstacle> {
        let alike = self.0.get(&path.folded())?;
        match alike.iter().find(|other| *other != path) {
            Some(other) => Some(Obstacle::SameButForCase(other.clone())),
            None => (alike.len() > 1).then_some(Obstacle::Twice),
        }
    }
}

/// What keeps a file from being written whatever its text.
fn obstacle(path: &RelPath, disk: &Disk, spellings: &Spellings) -> Option<Obstacle> {
    let above: Vec<RelPath> = path.ancestors().collect();
    for folder in above.iter().rev() {
        match disk.at(folder) {
            Found::Absent | Found::Folder => {}
            Found::Text(_) | Found::Binary | Found::Special => {
                return Some(Obstacle::NoFolder(folder.clone()));
            }
        }
    }
    let all = || std::iter::once(path).chain(&above);
    all()
        .find_map(|path| spellings.clash(path))
        .or_else(|| all().find_map(|path| neighbour(path, disk)))
}

/// A name beside a path that many disks take for it, unless the path itself stands.
fn neighbour(path: &RelPath, disk: &Disk) -> Option<Obstacle> {
    let (folder, own) = (path.parent(), path.name());
    let names = disk.names_in(&folder);
    if names.binary_search_by(|name| name.as_str().cmp(own)).is_ok() {
        return None;
    }
    let alike = names.iter().find(|name| same_folded(name, own))?;
    Some(Obstacle::SameButForCase(folder.resolve(alike)?))
}

fn change(file: &RenderedFile, disk: &Disk, merge: MergeInit) -> Change {
    let existing = match disk.at(&file.path) {
        Found::Absent => return Change::Created { text: file.text.clone() },
        Found::Binary => return Change::Conflict(Obstacle::Binary),
        Found::Folder => return Change::Conflict(Obstacle::Folder),
        Found::Special => return Change::Conflict(Obstacle::Special),
        Found::Text(existing) => existing,
    };
    let (standing, rendered) = (with_line_feeds(existing), with_line_feeds(&file.text));
    if standing == rendered {
        return Change::Kept;
    }
    if file.path.name() != "__init__.py" {
        return Change::Conflict(Obstacle::OtherText);
    }
    match merge(&standing, &rendered) {
        Ok(merged) if *merged == *standing => Change::Kept,
        Ok(merged) => {
            let crlf = existing.contains("\r\n");
            let after = if crlf { merged.replace('\n', "\r\n") } else { merged };
            Change::Updated { before: existing.clone(), after }
        }
        Err(why) => Change::Conflict(Obstacle::Unmergeable(why)),
    }
}

/// The text as every tool compares it: a checkout with other line endings is no other text.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::parse(text).unwrap()
    }

    fn file(at: &str, text: &str) -> RenderedFile {
        RenderedFile { path: path(at), ownership: Ownership::Scaffolded, text: text.to_owned() }
    }

    fn disk(found: &[(&str, Found)]) -> Disk {
        found.iter().map(|(at, found)| (path(at), found.clone())).collect()
    }

    fn text(text: &str) -> Found {
        Found::Text(text.to_owned())
    }

    /// Stands in for the merge of imports: what is rendered comes behind what stands.
    fn append(existing: &str, rendered: &str) -> Result<String, String> {
        match existing {
            "broken" => Err("line 1".to_owned()),
            existing if existing.contains(rendered) => Ok(existing.to_owned()),
            existing => Ok(format!("{existing}{rendered}")),
        }
    }

    fn changes(files: &[RenderedFile], disk: &Disk) -> Vec<Change> {
        plan(files, &[], disk, append).changes.into_iter().map(|change| change.change).collect()
    }

    fn only(at: &str, new: &str, found: Found) -> Change {
        changes(&[file(at, new)], &disk(&[(at, found)])).remove(0)
    }

    #[test]
    fn a_file_is_created_kept_or_in_the_way() {
        assert_eq!(only("a.py", "x\n", Found::Absent), Change::Created { text: "x\n".to_owned() });
        assert_eq!(only("a.py", "x\n", text("x\n")), Change::Kept);
        assert_eq!(only("a.py", "x\n", text("x\r\n")), Change::Kept);
        assert_eq!(only("a.py", "x\n", text("y\n")), Change::Conflict(Obstacle::OtherText));
        assert_eq!(only("a.py", "x\n", Found::Binary), Change::Conflict(Obstacle::Binary));
        assert_eq!(only("a.py", "x\n", Found::Folder), Change::Conflict(Obstacle::Folder));
        assert_eq!(only("a.py", "x\n", Found::Special), Change::Conflict(Obstacle::Special));
    }

    #[test]
    fn an_init_file_gets_what_it_lacks() {
        let updated = |before: &str, after: &str| Change::Updated {
            before: before.to_owned(),
            after: after.to_owned(),
        };
        assert_eq!(only("a/__init__.py", "b\n", text("a\n")), updated("a\n", "a\nb\n"));
        assert_eq!(only("a/__init__.py", "b\n", text("a\r\n")), updated("a\r\n", "a\r\nb\r\n"));
        assert_eq!(only("a/__init__.py", "b\n", text("a\nb\n")), Change::Kept);
        let broken = only("a/__init__.py", "b\n", text("broken"));
        assert_eq!(broken, Change::Conflict(Obstacle::Unmergeable("line 1".to_owned())));
    }

    #[test]
    fn a_file_cannot_lie_below_a_file() {
        let found = changes(&[file("a/b/c.py", "")], &disk(&[("a", text(""))]));
        assert_eq!(found, [Change::Conflict(Obstacle::NoFolder(path("a")))]);
    }

    #[test]
    fn names_that_differ_in_case_alone_clash() {
        let clash = |other: &str| Change::Conflict(Obstacle::SameButForCase(path(other)));
        let files = [file("a/Order.py", ""), file("a/order.py", "")];
        assert_eq!(changes(&files, &Disk::default()), [clash("a/order.py"), clash("a/Order.py")]);
        let folders = [file("A/x.py", ""), file("a/y.py", "")];
        assert_eq!(changes(&folders, &Disk::default()), [clash("a"), clash("A")]);
        let twice = [file("a/x.py", "1"), file("a/x.py", "2")];
        assert_eq!(changes(&twice, &Disk::default())[0], Change::Conflict(Obstacle::Twice));
    }

    #[test]
    fn names_on_disk_clash_too_unless_the_very_name_is_there() {
        let names = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            disk(&[("", Found::Folder)]).with_names(RelPath::root(), names)
        };
        let new = [file("nodes/x.py", "")];
        let clash = Change::Conflict(Obstacle::SameButForCase(path("Nodes")));
        assert_eq!(changes(&new, &names(&["Nodes"])), [clash]);
        let both = changes(&new, &names(&["Nodes", "nodes"]));
        assert_eq!(both, [Change::Created { text: String::new() }]);
    }

    #[test]
    fn names_that_differ_in_composition_alone_clash() {
        // The letter as one character, and as a bare one with its accent behind.
        let (composed, apart) = ("caf\u{e9}", "CAFE\u{301}");
        let standing = disk(&[("", Found::Folder)]);
        let standing = standing.with_names(RelPath::root(), vec![apart.to_owned()]);
        let found = changes(&[file(&format!("{composed}/x.py"), "")], &standing);
        assert_eq!(found, [Change::Conflict(Obstacle::SameButForCase(path(apart)))]);
        let files = [file(&format!("{composed}/x.py"), ""), file(&format!("{apart}/y.py"), "")];
        let clash = |other: &str| Change::Conflict(Obstacle::SameButForCase(path(other)));
        assert_eq!(changes(&files, &Disk::default()), [clash(composed), clash(apart)]);
    }

    #[test]
    fn a_conflict_stops_every_write() {
        let files = [file("a.py", "x"), file("b.py", "y")];
        let free = plan(&files, &[], &Disk::default(), append);
        assert_eq!(free.writes().len(), 2);
        let taken = plan(&files, &[], &disk(&[("b.py", text("z"))]), append);
        assert_eq!(taken.writes(), []);
        assert_eq!(taken.conflicts().count(), 1);
    }

    #[test]
    fn an_edit_replaces_the_text_that_it_was_made_from() {
        let edit = |after: &str| Edit {
            path: path("pyproject.toml"),
            before: "a".to_owned(),
            after: after.to_owned(),
        };
        let changed = plan(&[file("z.py", "")], &[edit("b")], &Disk::default(), append);
        let [write, _] = changed.writes().try_into().unwrap();
        assert_eq!((write.path.as_str(), write.replaces), ("pyproject.toml", Some("a")));
        let same = plan(&[], &[edit("a")], &Disk::default(), append);
        assert_eq!(same.changes[0].change, Change::Kept);
    }

    #[test]
    fn a_node_stands_where_there_is_code_or_another_contract() {
        let stands = |found: &[(&str, Found)]| node_stands(&path("n"), "name: a\n", &disk(found));
        assert!(!stands(&[]));
        assert!(!stands(&[("n", Found::Folder), ("n/models", Found::Folder)]));
        assert!(!stands(&[("n/contract.yaml", text("name: a\n"))]));
        assert!(stands(&[("n/contract.yaml", text("name: b\n"))]));
        assert!(stands(&[("n/contract.yaml", text("name: a\n")), ("n/node.py", text(""))]));
        assert!(stands(&[("n/handlers", Found::Folder)]));
    }
}
