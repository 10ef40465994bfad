//! Every node of a project, looked at by itself: read, rendered, and compared with what stands.
//!
//! In: the folders of the nodes. Out: an [`Overview`]. Of a node that is in step with its contract (see
//! [`crate::plan::settled`]) nothing is kept but what others may ask of it and what lint has to say; of the others, all
//! that a plan needs. So the memory of a run grows with what there is to do, not with the project, and the work on one
//! node waits for no other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::nodes::{KnownLock, Read, Told, beside, read_node};
use super::rendered::{Listed, Made, Rendered, defines, disagreement, render_node};
use super::steady::{Findings, Opened, Steady, concerned};
use super::trouble::Trouble;
use crate::contract;
use crate::diagnostic::Diagnostic;
use crate::lint::{self, Ground, Known};
use crate::lock::{self, Lock};
use crate::node;
use crate::parallel;
use crate::plan::merge;
use crate::plan::settled::{self, Settled, Standing};
use crate::project::Project;
use crate::render::{Ownership, RenderedFile};
use crate::report::progress::Progress;
use crate::workspace::{Disk, Found, RelPath, Workspace};

/// What nodes are looked at with.
#[derive(Clone, Copy)]
pub(super) struct Looking<'a> {
    /// The project's files.
    pub(super) workspace: &'a Workspace,
    /// The project.
    pub(super) project: &'a Arc<Project>,
    /// Contracts and locks as if they had these texts.
    pub(super) texts: &'a BTreeMap<RelPath, String>,
    /// The locks of all nodes.
    pub(super) known: &'a BTreeMap<RelPath, KnownLock>,
    /// What they list.
    pub(super) listed: &'a Listed,
    /// What lint looks with; nothing where nobody asks it.
    pub(super) ground: Option<&'a Ground>,
    /// Whether everything is to be planned, in step or not.
    pub(super) plans_all: bool,
    /// Whether the node in a folder is one of those that are asked about.
    pub(super) is_meant: &'a (dyn Fn(&RelPath) -> bool + Sync),
}

/// The nodes of a project.
#[derive(Debug, Default)]
pub(super) struct Overview {
    /// What is to be said of the nodes, whatever becomes of them.
    pub(super) told: Vec<Told>,
    /// The nodes that are in step, by their folders.
    pub(super) steady: BTreeMap<RelPath, Steady>,
    /// The nodes that have to be planned, in the order of their folders.
    pub(super) open: Vec<Opened>,
    /// The folders and locks of nodes that could not be rendered.
    pub(super) unrendered: Vec<(RelPath, Lock)>,
}

/// A node after one look at it.
enum Seen {
    /// There is no node to render, or it cannot be.
    Aside(Option<(RelPath, Lock)>),
    /// It refers to what another node seems to define, and is looked at again once that is known.
    Waiting(Vec<RenderedFile>),
    /// It is in step; with its models that other nodes may refer to.
    Steady(Steady, Vec<RenderedFile>),
    /// It has to be planned.
    Open(Box<Opened>),
}

/// What definitions give outside their nodes' own packages, and which node's they are, by its place.
type Defined = BTreeMap<RelPath, (usize, RenderedFile)>;

impl Overview {
    /// Looks at the nodes in these folders.
    pub(super) fn of(looking: Looking<'_>, folders: &[RelPath]) -> Result<Self, Trouble> {
        let mut overview = Self::default();
        let commons = Commons::default();
        let look = Look { looking, commons: &commons };
        let all = folders.iter().enumerate().collect();
        let mut seen = look.at_all(all, None)?;
        let (defined, disagreements) = look.defined(&seen, folders)?;
        // Models whose fields one node's definitions give are seen by the other nodes as they are rendered now, not as
        // they stand: those that refer to one are looked at again, with that in sight.
        let again = folders.iter().enumerate();
        let again =
            again.filter(|(at, _)| seen.get(*at).is_some_and(|s| s.1.refers(*at, &defined)));
        let again: Vec<(usize, &RelPath)> = again.collect();
        for ((at, _), one) in again.clone().into_iter().zip(look.at_all(again, Some(&defined))?) {
            if let Some(place) = seen.get_mut(at) {
                *place = one;
            }
        }
        overview.told.push(Told { diagnostics: disagreements, ..Told::default() });
        for ((told, one), folder) in seen.into_iter().zip(folders) {
            overview.told.push(told);
            match one {
                Seen::Aside(lock) => overview.unrendered.extend(lock),
                Seen::Waiting(_) => {}
                Seen::Steady(steady, _) => drop(overview.steady.insert(folder.clone(), steady)),
                Seen::Open(open) => overview.open.push(*open),
            }
        }
        let concerned =
            concerned(&overview.open, &overview.steady, looking.project, looking.is_meant);
        let places = folders.iter().enumerate().filter(|(_, folder)| concerned.contains(*folder));
        let look = Look { looking: Looking { plans_all: true, ..looking }, ..look };
        let more = look.at_all(places.collect(), Some(&defined))?;
        for (_, one) in more {
            if let Seen::Open(open) = one {
                overview.steady.remove(&open.read.folder);
                overview.open.push(*open);
            }
        }
        overview.open.sort_by(|a, b| a.read.folder.cmp(&b.read.folder));
        Ok(overview)
    }

    /// Whether one of the nodes brings a model of another package without its fields: another node's definitions may
    /// give them.
    pub(super) fn lacks_definitions(&self, project: &Project) -> bool {
        let is_model = |path: &RelPath, ownership: Ownership| {
            let is_scaffolded = ownership == Ownership::Scaffolded && path.name() != "__init__.py";
            is_scaffolded && !path.lies_in(&project.tests)
        };
        let steady = self.steady.values().flat_map(Steady::outside);
        let open = self.open.iter().flat_map(|open| {
            let files = open.rendered.files.iter();
            let outside = files.filter(|file| !file.path.lies_in(&open.read.folder));
            outside.map(|file| (&file.path, file.ownership))
        });
        steady.chain(open).any(|(path, ownership)| is_model(path, ownership))
    }
}

impl Seen {
    /// Whether it refers to what another node defines; its own place is `at`.
    fn refers(&self, at: usize, defined: &Defined) -> bool {
        let is_anothers = |path: &RelPath| defined.get(path).is_some_and(|(owner, _)| *owner != at);
        match self {
            Self::Aside(_) => false,
            Self::Waiting(_) => true,
            Self::Steady(steady, _) => {
                let outside = steady.outside().filter(|(_, who)| *who == Ownership::Scaffolded);
                outside.map(|(path, _)| path).any(is_anothers)
            }
            Self::Open(open) => {
                let files = open.rendered.files.iter();
                let scaffolded = files.filter(|file| file.ownership == Ownership::Scaffolded);
                scaffolded.map(|file| &file.path).any(is_anothers)
            }
        }
    }

    /// The models that its definitions give outside its own package.
    fn defines<'a>(&'a self, project: &Project) -> Vec<&'a RenderedFile> {
        match self {
            Self::Aside(_) => Vec::new(),
            Self::Waiting(files) | Self::Steady(_, files) => files.iter().collect(),
            Self::Open(open) => defines(&open.rendered, project).collect(),
        }
    }
}

struct Look<'a> {
    looking: Looking<'a>,
    commons: &'a Commons,
}

impl Look<'_> {
    fn at_all(
        &self,
        places: Vec<(usize, &RelPath)>,
        defined: Option<&Defined>,
    ) -> Result<Vec<(Told, Seen)>, Trouble> {
        let progress = Progress::over(places.len(), "nodes");
        let look = |(at, folder): (usize, &RelPath)| {
            let seen = self.at(at, folder, defined);
            progress.step();
            seen
        };
        parallel::map(places, look).into_iter().collect()
    }

    /// Looks at one node; without `defined`, it is not yet known what other nodes define.
    fn at(
        &self,
        at: usize,
        folder: &RelPath,
        defined: Option<&Defined>,
    ) -> Result<(Told, Seen), Trouble> {
        let Looking { workspace, project, texts, known, .. } = self.looking;
        let mut told = Told::default();
        let known = known.get(folder).and_then(KnownLock::lock);
        let Some(read) = read_node(folder, project, workspace, texts, known, &mut told)? else {
            return Ok((told, Seen::Aside(None)));
        };
        let paths = node::paths_to_read(&read.contract, project);
        let of_others = paths.iter().filter_map(|path| defined?.get(path));
        let of_others: Vec<&RenderedFile> =
            of_others.filter(|(owner, _)| *owner != at).map(|(_, file)| file).collect();
        let in_sight =
            of_others.iter().map(|file| (file.path.clone(), Found::Text(file.text.clone())));
        let made = render_node(
            &read,
            project,
            workspace,
            &paths,
            self.looking.listed,
            &in_sight.collect(),
        )?;
        let Made { rendered, found } = made;
        told.diagnostics.extend(found);
        let Some(mut rendered) = rendered else {
            let aside = match beside(&read.lock_source, folder, project) {
                Ok(lock) => Some((folder.clone(), lock)),
                Err(problem) => {
                    told.diagnostics.push(*problem);
                    None
                }
            };
            return Ok((told, Seen::Aside(aside)));
        };
        let is_own = |path: &RelPath| rendered.files.iter().any(|file| file.path == *path);
        let referred = of_others.into_iter().filter(|file| !is_own(&file.path));
        rendered.referred = referred.cloned().collect();
        if defined.is_none() && self.seems_to_refer(&read, &rendered) {
            let defines = defines(&rendered, project).cloned().collect();
            return Ok((told, Seen::Waiting(defines)));
        }
        let seen = self.compared(read, rendered, paths, &mut told)?;
        Ok((told, seen))
    }

    /// Whether the node would bring a model that, by what the locks say, another node's definitions give.
    fn seems_to_refer(&self, read: &Read, rendered: &Rendered) -> bool {
        let files = rendered.files.iter();
        let mut scaffolded = files.filter(|file| file.ownership == Ownership::Scaffolded);
        scaffolded.any(|file| {
            let own = read.lock.file(&file.path).map(|locked| locked.ownership);
            self.looking.listed.is_generated(&file.path) && own != Some(Ownership::Generated)
        })
    }

    fn compared(
        &self,
        read: Read,
        rendered: Rendered,
        paths: Vec<RelPath>,
        told: &mut Told,
    ) -> Result<Seen, Trouble> {
        let Looking { project, plans_all, .. } = self.looking;
        if plans_all || !read.lock_stands {
            return Ok(opened(read, rendered, Disk::default(), told));
        }
        let standing = self.standing(&read.folder, &rendered)?;
        let managed = rendered.managed(&read, "");
        let Some(settled) = settled::settled(&managed, read.lock_source.text(), &standing) else {
            return Ok(opened(read, rendered, standing.own, told));
        };
        let class = rendered.node.class();
        let files = settled.iter().map(|one| (one.file.path.clone(), one.ownership)).collect();
        let defines = defines(&rendered, project).cloned().collect();
        let own = texts(&settled, &rendered.referred, &standing);
        let folder = read.folder.clone();
        let mut steady =
            Steady { folder, class, files, tests: project.tests_of(&read.folder), findings: None };
        if let Some(ground) = self.looking.ground {
            steady.findings = self.findings(ground, read, rendered, (own, paths), told)?;
        }
        Ok(Seen::Steady(steady, defines))
    }

    /// What lint finds in a node that is in step; nothing where it has to look at all of it.
    fn findings(
        &self,
        ground: &Ground,
        read: Read,
        rendered: Rendered,
        (files, paths): (Vec<(RelPath, String, bool)>, Vec<RelPath>),
        told: &Told,
    ) -> Result<Option<Findings>, Trouble> {
        let Looking { workspace, project, .. } = self.looking;
        let folder = read.folder;
        if !ground.is_all_of(&folder) {
            return Ok(None);
        }
        let (contract, found) = (read.contract, told.diagnostics.clone());
        let (node, project) = (rendered.node, project.clone());
        let known = Known { folder, contract, found, project, node, files, paths };
        let Some(gleaned) = lint::known(ground, workspace, known)? else { return Ok(None) };
        let looked = lint::look(ground, &gleaned);
        Ok(Some(Findings { looked, nonconforming: lint::nonconforming_in(ground, &gleaned) }))
    }

    /// What stands where a node's files belong.
    fn standing(&self, folder: &RelPath, rendered: &Rendered) -> Result<Stand, Trouble> {
        let Looking { workspace, project, .. } = self.looking;
        let tests = project.tests_of(folder);
        let files = rendered.files.iter().filter(|file| file.ownership != Ownership::Yours);
        let files = files.chain(&rendered.referred);
        let (own, outside): (Vec<&RelPath>, Vec<&RelPath>) =
            files.map(|file| &file.path).partition(|path| {
                path.lies_in(folder) || tests.as_ref().is_some_and(|tests| path.lies_in(tests))
            });
        let common = |path: &RelPath| Ok((path.clone(), self.commons.at(path, workspace)?));
        Ok(Stand {
            own: workspace.read(own.into_iter().cloned())?,
            common: outside.into_iter().map(common).collect::<Result<_, Trouble>>()?,
        })
    }

    /// The models outside the nodes' own packages that definitions give, and where definitions disagree.
    fn defined(
        &self,
        seen: &[(Told, Seen)],
        folders: &[RelPath],
    ) -> Result<(Defined, Vec<Diagnostic>), Trouble> {
        let project = self.looking.project;
        let mut defined = Defined::new();
        let mut disagreements = Vec::new();
        for (at, (_, one)) in seen.iter().enumerate() {
            for file in one.defines(project) {
                match defined.get(&file.path) {
                    Some((first, known)) if known.text != file.text => {
                        let (first, second) = (folders.get(*first), folders.get(at));
                        disagreements.extend(self.disagreement(first.zip(second), file)?);
                    }
                    Some(_) => {}
                    None => drop(defined.insert(file.path.clone(), (at, file.clone()))),
                }
            }
        }
        Ok((defined, disagreements))
    }

    fn disagreement(
        &self,
        folders: Option<(&RelPath, &RelPath)>,
        file: &RenderedFile,
    ) -> Result<Option<Diagnostic>, Trouble> {
        let Some((first, second)) = folders else { return Ok(None) };
        let Looking { workspace, project, texts, .. } = self.looking;
        let read =
            |folder| read_node(folder, project, workspace, texts, None, &mut Told::default());
        let (Some(first), Some(second)) = (read(first)?, read(second)?) else { return Ok(None) };
        Ok(disagreement(&first, &second, file, project))
    }
}

/// A node that is to be planned, and for that needs the whole of its lock.
fn opened(read: Read, rendered: Rendered, standing: Disk, told: &mut Told) -> Seen {
    match Lock::parse(&read.lock_source) {
        Ok(lock) => {
            let fingerprint = lock::digest(&contract::canonical(&read.contract.root));
            let read = Read { lock, ..read };
            Seen::Open(Box::new(Opened { read, rendered, fingerprint, standing }))
        }
        Err(problem) => {
            told.diagnostics.push(*problem);
            Seen::Aside(None)
        }
    }
}

/// The texts of a node's own files, and of those outside that are what is rendered, each with whether it is.
fn texts(
    settled: &[Settled<'_>],
    referred: &[RenderedFile],
    standing: &Stand,
) -> Vec<(RelPath, String, bool)> {
    let own = settled.iter().filter_map(|one| {
        let path = &one.file.path;
        let text =
            if one.is_rendered { Some(one.file.text.as_str()) } else { standing.own.text(path) };
        Some((path.clone(), text?.to_owned(), one.is_rendered))
    });
    let referred = referred.iter().filter(|file| standing.text(&file.path) == Some(&file.text));
    own.chain(referred.map(|file| (file.path.clone(), file.text.clone(), true))).collect()
}

/// Whether a text holds the markers of a merge that is still to be settled.
fn is_marked(text: Option<&str>) -> bool {
    text.is_some_and(|text| merge::first_marker(text).is_some())
}

/// What stands where the files of one node belong.
struct Stand {
    own: Disk,
    common: BTreeMap<RelPath, Arc<Common>>,
}

impl Standing for Stand {
    fn text(&self, path: &RelPath) -> Option<&str> {
        match self.common.get(path) {
            Some(common) => common.text.as_deref(),
            None => self.own.text(path),
        }
    }

    fn is_marked(&self, path: &RelPath) -> bool {
        match self.common.get(path) {
            Some(common) => common.is_marked,
            None => is_marked(self.own.text(path)),
        }
    }
}

/// The files outside the nodes' own folders, each read once: an `__init__.py` that a thousand nodes have in common is
/// long.
#[derive(Debug, Default)]
struct Commons(Mutex<BTreeMap<RelPath, Arc<Common>>>);

#[derive(Debug)]
struct Common {
    /// Nothing where there is no file of text.
    text: Option<String>,
    is_marked: bool,
}

impl Commons {
    fn at(&self, path: &RelPath, workspace: &Workspace) -> Result<Arc<Common>, Trouble> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(path).cloned();
        if let Some(found) = found {
            return Ok(found);
        }
        let text = workspace.read([path.clone()])?.text(path).map(str::to_owned);
        let is_marked = is_marked(text.as_deref());
        let common = Arc::new(Common { text, is_marked });
        known().insert(path.clone(), common.clone());
        Ok(common)
    }
}
