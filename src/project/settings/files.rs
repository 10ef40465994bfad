//! Where ruff's configuration lies: in the project, and in the folders above it.
//!
//! In: a [`Workspace`] and a folder. Out: the [`Settings`] that ruff takes for files in that folder, and what is
//! odd about them. As for ruff, the nearest file counts, whether it lies in the project or above it, and what that
//! one `extend`s. Rendering is to give the same text for everybody who has the repository, so nothing outside it
//! is read: a warning says which file ruff takes on this machine. Without a repository there is no such border.

use std::borrow::Cow;
use std::collections::BTreeSet;

use globset::Glob;
use toml_edit::{Document, Item, TableLike};

use super::{Settings, Source};
use crate::diagnostic::Diagnostic;
use crate::project::pyproject::{MAX_TOML, Pyproject};
use crate::project::toml::{descend, span};
use crate::python::Identifier;
use crate::source::{SourceFile, Span, Spanned};
use crate::workspace::{Above, RelPath, Workspace, WorkspaceError, shown};

/// The names of ruff's configuration files in one folder, in the order in which ruff prefers them.
pub const RUFF_FILES: [&str; 3] = [".ruff.toml", "ruff.toml", "pyproject.toml"];

/// A file or folder in the project or above it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// How many folders above the project's root the path begins.
    pub(super) up: usize,
    /// The path from there.
    pub(super) path: RelPath,
}

impl Spot {
    /// A path in the project.
    #[must_use]
    pub fn inside(path: RelPath) -> Self {
        Self { up: 0, path }
    }
}

/// A project and the folders above it.
#[derive(Debug)]
pub struct Surroundings<'a> {
    project: &'a Workspace,
    /// The one in its root, which is not read again: with an entry for each node it can be long.
    pyproject: Option<&'a Pyproject>,
    above: Vec<Above>,
}

impl<'a> Surroundings<'a> {
    /// Those of a project, and its pyproject.toml where that was read already.
    #[must_use]
    pub fn of(project: &'a Workspace, pyproject: Option<&'a Pyproject>) -> Self {
        Self { project, pyproject, above: project.above() }
    }

    fn above(&self, up: usize) -> Option<&Above> {
        self.above.get(up.checked_sub(1)?)
    }

    fn read(&self, spot: &Spot) -> Result<Option<SourceFile>, WorkspaceError> {
        let path = &spot.path;
        if spot.up == 0 {
            let disk = self.project.read([path.clone()])?;
            return Ok(disk.text(path).map(|text| SourceFile::new(self.project.shown(path), text)));
        }
        // What cannot be read up there is not there for ruff either.
        let read = |above: &Above| {
            let disk =
                Workspace::open(&above.folder).and_then(|ws| ws.read([path.clone()])).ok()?;
            Some(SourceFile::new(shown(&above.folder, path), disk.text(path)?))
        };
        Ok(self.above(spot.up).and_then(read))
    }

    /// A configuration file taken apart; nothing where there is none, or one that ruff itself reports.
    fn configuration(&self, spot: &Spot) -> Result<Option<Configuration<'a>>, WorkspaceError> {
        let root = || Spot::inside(RelPath::root().ours("pyproject.toml"));
        if let Some(known) = self.pyproject.filter(|_| *spot == root()) {
            let (file, document) = (known.file().clone(), Cow::Borrowed(known.document()));
            return Ok(Some(Configuration { file, document }));
        }
        let Some(file) = self.read(spot)? else { return Ok(None) };
        let document = parsed(&file).map(Cow::Owned);
        Ok(document.map(|document| Configuration { file, document }))
    }

    fn list(&self, spot: &Spot) -> Result<Vec<(String, bool)>, WorkspaceError> {
        if spot.up == 0 {
            return self.project.list(&spot.path);
        }
        let list = |above: &Above| Workspace::open(&above.folder)?.list(&spot.path);
        Ok(self.above(spot.up).and_then(|above| list(above).ok()).unwrap_or_default())
    }

    /// A path that was written in a file of this folder; nothing where it leads out of the repository.
    fn resolve(&self, folder: &Spot, text: &str) -> Option<Spot> {
        // ruff takes `~` for the home folder.
        if text.starts_with('~') {
            return None;
        }
        let mut spot = folder.clone();
        let mut rest = text;
        while spot.path.resolve(rest).is_none() {
            rest = rest.trim_start_matches("./").strip_prefix("..")?.trim_start_matches('/');
            spot = self.parent(&spot)?;
        }
        let path = spot.path.resolve(rest)?;
        Some(self.nearest(Spot { path, ..spot }))
    }

    fn parent(&self, spot: &Spot) -> Option<Spot> {
        if spot.path != RelPath::root() {
            return Some(Spot { up: spot.up, path: spot.path.parent() });
        }
        let above = self.above(spot.up + 1)?;
        above.shared.then(|| Spot { up: spot.up + 1, path: RelPath::root() })
    }

    /// The same place, seen from the project where it lies in that.
    fn nearest(&self, spot: Spot) -> Spot {
        let below = self.above(spot.up).and_then(|above| spot.path.below(&above.project));
        below.map_or(spot, Spot::inside)
    }

    /// How a folder sees the paths of the project: how much is taken off them, and what goes before.
    pub(super) fn view(&self, folder: &Spot) -> Option<(RelPath, RelPath)> {
        match self.above(folder.up) {
            None => Some((folder.path.clone(), RelPath::root())),
            Some(above) => Some((RelPath::root(), above.project.below(&folder.path)?)),
        }
    }

    /// The top-level modules that ruff takes for the project's own: whatever lies in its `src` folders.
    ///
    /// `to_be_made` are packages with the folders that they will be in.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn own_modules(
        &self,
        sources: &[Source],
        to_be_made: &[(&RelPath, &str)],
    ) -> Result<BTreeSet<String>, WorkspaceError> {
        let mut modules = BTreeSet::new();
        for source in sources {
            for folder in self.expanded(source)? {
                let planned =
                    to_be_made.iter().filter(|(at, _)| Spot::inside((*at).clone()) == folder);
                modules.extend(planned.map(|(_, name)| (*name).to_owned()));
                for (name, is_folder) in self.list(&folder)? {
                    let module = if is_folder { Some(&*name) } else { name.strip_suffix(".py") };
                    let module = module.filter(|module| Identifier::parse(module).is_ok());
                    modules.extend(module.map(str::to_owned));
                }
            }
        }
        Ok(modules)
    }

    /// The folders that an item of `src` stands for: it may hold wildcards.
    fn expanded(&self, source: &Source) -> Result<Vec<Spot>, WorkspaceError> {
        let is_pattern = |part: &str| part.contains(['*', '?', '[']);
        let parts: Vec<&str> = source.path.split('/').collect();
        let fixed = parts.iter().take_while(|part| !is_pattern(part)).count();
        let (fixed, patterns) = parts.split_at(fixed);
        let mut folders: Vec<Spot> =
            self.resolve(&source.folder, &fixed.join("/")).into_iter().collect();
        for pattern in patterns {
            let Ok(glob) = Glob::new(pattern) else { return Ok(Vec::new()) };
            let glob = glob.compile_matcher();
            let mut next = Vec::new();
            for folder in folders {
                let names = self.list(&folder)?.into_iter().filter(|(name, is_folder)| {
                    *is_folder && !name.starts_with('.') && glob.is_match(name)
                });
                next.extend(names.filter_map(|(name, _)| self.resolve(&folder, &name)));
            }
            folders = next;
        }
        Ok(folders)
    }
}

/// The settings that hold in a folder of the project, and what is odd about them.
///
/// # Errors
/// When a configuration file of the project cannot be read.
pub fn nearest(
    surroundings: &Surroundings<'_>,
    folder: &RelPath,
) -> Result<(Settings, Vec<Diagnostic>), WorkspaceError> {
    let inside = std::iter::once(folder.clone()).chain(folder.ancestors()).map(Spot::inside);
    let above = (1..=surroundings.above.len()).map(|up| Spot { up, path: RelPath::root() });
    for folder in inside.chain(above) {
        let shared = surroundings.above(folder.up).is_none_or(|above| above.shared);
        for name in RUFF_FILES {
            let at = Spot { up: folder.up, path: folder.path.ours(name) };
            if !shared {
                if let Some(warning) = passed_over(surroundings, &at)? {
                    return Ok((unset(), vec![warning]));
                }
                continue;
            }
            let mut chain = Chain { surroundings, seen: BTreeSet::new(), warnings: Vec::new() };
            if let Some(mut settings) = chain.read(&at)? {
                if settings.sources.is_empty() {
                    settings.sources = Source::default_in(&folder);
                }
                return Ok((settings, chain.warnings));
            }
        }
    }
    Ok((unset(), Vec::new()))
}

fn unset() -> Settings {
    let sources = Source::default_in(&Spot::inside(RelPath::root()));
    Settings { sources, ..Settings::default() }
}

/// The warning of a file with settings that lies outside the repository.
fn passed_over(
    surroundings: &Surroundings<'_>,
    at: &Spot,
) -> Result<Option<Diagnostic>, WorkspaceError> {
    let Some(Configuration { file, document }) = surroundings.configuration(at)? else {
        return Ok(None);
    };
    let Some((_, place)) = ruff(&file, &document) else { return Ok(None) };
    let message = "ruff takes these settings, which lie outside the repository and are not read";
    Ok(Some(Diagnostic::warning("settings-outside", &file, place, message).help(
        "add [tool.ruff] to the project's pyproject.toml: what is emitted must not depend on the machine",
    )))
}

/// More files than this extend each other only to exhaust the stack. Neither they nor a ring of files stop anything: what
/// was read so far stands.
const MAX_CHAIN: usize = 64;

/// A configuration file.
struct Configuration<'a> {
    file: SourceFile,
    document: Cow<'a, Document<String>>,
}

/// A configuration file and those that it extends.
struct Chain<'a> {
    surroundings: &'a Surroundings<'a>,
    seen: BTreeSet<Spot>,
    warnings: Vec<Diagnostic>,
}

impl Chain<'_> {
    fn read(&mut self, at: &Spot) -> Result<Option<Settings>, WorkspaceError> {
        self.seen.insert(at.clone());
        let Some(Configuration { file, document }) = self.surroundings.configuration(at)? else {
            return Ok(None);
        };
        let Some((ruff, _)) = ruff(&file, &document) else { return Ok(None) };
        let folder = Spot { up: at.up, path: at.path.parent() };
        let base = match extends(ruff) {
            Some(extended) => self.extended(&folder, &file, &extended)?,
            None => None,
        };
        let mut settings = base.unwrap_or_default();
        let view = self.surroundings.view(&folder);
        super::read(ruff, &folder, view.as_ref(), &file, &mut settings, &mut self.warnings);
        Ok(Some(settings))
    }

    fn extended(
        &mut self,
        folder: &Spot,
        file: &SourceFile,
        extended: &Spanned<String>,
    ) -> Result<Option<Settings>, WorkspaceError> {
        let base = self.surroundings.resolve(folder, &extended.value);
        let (rule, message) = match &base {
            None => ("settings-outside", "ruff's settings outside the repository are not read"),
            Some(base) if self.seen.contains(base) => (
                "endless-settings",
                "these settings extend themselves in the end; ruff refuses that",
            ),
            Some(_) if self.seen.len() >= MAX_CHAIN => {
                ("endless-settings", "no more files that extend each other are read")
            }
            Some(base) => return self.read(base),
        };
        let warning = Diagnostic::warning(rule, file, extended.span, message);
        self.warnings.push(
            warning.help("repeat line-length and the settings of [format] and [lint] in this file"),
        );
        Ok(None)
    }
}

/// The file that a configuration file `extend`s, relative to its folder, and where it says so.
fn extends(ruff: &dyn TableLike) -> Option<Spanned<String>> {
    let extend = ruff.get("extend")?;
    Some(Spanned::new(extend.as_str()?.to_owned(), span(extend.span())))
}

/// A text as TOML; ruff itself reports a file that is none.
pub(super) fn parsed(file: &SourceFile) -> Option<Document<String>> {
    let text = file.text();
    if text.len() > MAX_TOML { None } else { Document::parse(text.to_owned()).ok() }
}

/// The table of ruff's settings in a file, and where it begins; nothing where it has none: a pyproject.toml
/// without `[tool.ruff]` does not count for ruff either.
pub(super) fn ruff<'a>(
    file: &SourceFile,
    document: &'a Document<String>,
) -> Option<(&'a dyn TableLike, Span)> {
    let root: &dyn TableLike = document.as_table();
    if file.path().ends_with("pyproject.toml") {
        let tool = descend(root, &["tool"])?;
        let place = tool.get("ruff").and_then(Item::span);
        Some((descend(tool, &["ruff"])?, span(place)))
    } else {
        Some((root, Span::new(0, 0)))
    }
}
