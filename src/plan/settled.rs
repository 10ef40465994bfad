//! Whether a node is in step, as far as the node alone can tell: then no plan has anything to say of it.
//!
//! In: a node with its rendered files and its lock, and what stands. Out: what became of each of its files, or nothing
//! where the node has to be planned. Most nodes of most runs need no more than this, so it compares texts and takes
//! none apart.

use std::collections::BTreeSet;

use super::regenerate::Managed;
use super::with_line_feeds;
use crate::lock::{self, Listed, Lock, LockedFile};
use crate::render::{Ownership, RenderedFile};
use crate::workspace::RelPath;

/// A file of a node that is in step.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'a> {
    /// The file as it is rendered.
    pub file: &'a RenderedFile,
    /// Who owns it.
    pub ownership: Ownership,
    /// Whether what stands is what is rendered; else somebody worked on it.
    pub is_rendered: bool,
}

/// What stands, for whoever asks whether a node is in step.
pub trait Standing {
    /// The text of a file; nothing where there is none.
    fn text(&self, path: &RelPath) -> Option<&str>;

    /// Whether somebody has conflict markers to settle in a file.
    fn is_marked(&self, path: &RelPath) -> bool;
}

/// The files of a node that is in step; nothing for one that has to be planned.
///
/// It is in step when its lock is, to the byte, what this run would write, every generated file is what is rendered,
/// and every scaffolded one is there and holds no conflict markers. `lock_text` is the text of the lock as it stands.
#[must_use]
pub fn settled<'a>(
    node: &Managed<'a>,
    lock_text: &str,
    standing: &impl Standing,
) -> Option<Vec<Settled<'a>>> {
    let lock = node.lock?;
    if lock.module != node.node.module || !lock.former.is_empty() {
        return None;
    }
    let files = node.files.iter().filter(|file| file.ownership != Ownership::Yours);
    let settled: Vec<Settled<'a>> =
        files.map(|file| one(lock.file(&file.path)?, file, standing)).collect::<Option<_>>()?;
    (expected(node, lock, &settled) == with_line_feeds(lock_text)).then_some(settled)
}

/// The paths of a lock that nothing needs any more, now that the node is rendered anew.
#[must_use]
pub fn left_over(node: &Managed<'_>) -> bool {
    let rendered: BTreeSet<&RelPath> =
        node.files.iter().chain(node.referred).map(|file| &file.path).collect();
    let listed = node.lock.iter().flat_map(|lock| &lock.files);
    listed.into_iter().any(|file| !rendered.contains(&file.path))
}

fn one<'a>(
    locked: &LockedFile,
    file: &'a RenderedFile,
    standing: &impl Standing,
) -> Option<Settled<'a>> {
    let text = standing.text(&file.path)?;
    // What was there before the node was managed stays what it was then.
    let ownership = if locked.adopted { locked.ownership } else { file.ownership };
    let is_rendered = text == file.text || with_line_feeds(text) == file.text;
    let is_in_step = match ownership {
        Ownership::Generated => is_rendered,
        Ownership::Scaffolded => is_rendered || !standing.is_marked(&file.path),
        Ownership::Yours => true,
    };
    is_in_step.then_some(Settled { file, ownership, is_rendered })
}

/// The text of the lock as a plan would have it for a node in step: that the contract says the same in other words
/// changes nothing.
fn expected(node: &Managed<'_>, lock: &Lock, settled: &[Settled<'_>]) -> String {
    let own = settled.iter().map(|settled| Listed {
        path: &settled.file.path,
        ownership: settled.ownership,
        sha256: lock::digest(&settled.file.text).into(),
        base: (settled.ownership == Ownership::Scaffolded).then_some(&settled.file.text),
        adopted: lock.file(&settled.file.path).is_some_and(|locked| locked.adopted),
    });
    let referred = node.referred.iter().map(|file| Listed {
        path: &file.path,
        ownership: Ownership::Generated,
        sha256: lock::digest(&file.text).into(),
        base: None,
        adopted: false,
    });
    let mut files: Vec<Listed<'_>> = own.chain(referred).collect();
    files.sort_by(|a, b| a.path.cmp(b.path));
    let head = Lock {
        module: node.node.module.clone(),
        style: node.node.style,
        contract: lock.contract.clone(),
        entries: Lock::entries_of(node.node),
        former: Vec::new(),
        files: Vec::new(),
    };
    head.text_with(files)
}
