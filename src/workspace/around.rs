//! Where projects are: looked at from outside, before one is opened.

use std::path::{Component, Path, PathBuf};

use super::path::RelPath;
use super::{HOME, Workspace};

/// What stands where a project is to be made or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Nothing, or a folder without files.
    Free,
    /// A folder with a pyproject.toml.
    Project,
    /// A folder with other things.
    Taken,
    /// No folder.
    NotAFolder,
}

/// Looks at a folder without opening it as a project.
#[must_use]
pub fn ground(folder: &Path) -> Ground {
    if !folder.exists() {
        return Ground::Free;
    }
    if folder.join("pyproject.toml").is_file() {
        return Ground::Project;
    }
    match std::fs::read_dir(folder) {
        // A fresh repository counts as empty, and so does what a run of ours was stopped in.
        Ok(entries) => {
            let foreign = entries.flatten().any(|entry| {
                let name = entry.file_name();
                name != ".git" && name != HOME
            });
            if foreign { Ground::Taken } else { Ground::Free }
        }
        Err(_) => Ground::NotAFolder,
    }
}

/// The name of a folder, which need not be there and may be written `.` or `..`.
#[must_use]
pub fn folder_name(folder: &Path) -> Option<String> {
    let absolute = std::path::absolute(real(folder)).ok()?;
    absolute.file_name()?.to_str().map(str::to_owned)
}

/// The folders below a folder that hold a pyproject.toml, sorted; hidden folders are passed over, what git ignores, and
/// what lies inside another project.
#[must_use]
pub fn projects_below(folder: &Path) -> Vec<PathBuf> {
    let found = Workspace::open(folder)
        .and_then(|workspace| workspace.below(&RelPath::root(), |name| name == "pyproject.toml"));
    let mut folders: Vec<RelPath> = found.unwrap_or_default().iter().map(RelPath::parent).collect();
    folders.retain(|folder| *folder != RelPath::root());
    folders.sort();
    let mut outermost: Vec<RelPath> = Vec::new();
    for folder in folders {
        if !folder.ancestors().any(|above| outermost.contains(&above)) {
            outermost.push(folder);
        }
    }
    outermost.iter().map(|project| folder.join(project.as_str())).collect()
}

/// Whether a folder of this name is where Python's packages are installed.
#[must_use]
pub fn is_where_packages_are(name: &str) -> bool {
    matches!(name, "site-packages" | "dist-packages")
}

/// The folder that imports of a package start from: the nearest one upwards without an `__init__.py`.
#[must_use]
pub fn package_root(path: &Path) -> PathBuf {
    let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
    let outside = folder.ancestors().find(|folder| !folder.join("__init__.py").is_file());
    outside.unwrap_or(folder).to_owned()
}

/// The nearest folder upwards, itself included, that holds a pyproject.toml.
#[must_use]
pub fn project_above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|f| f.join("pyproject.toml").is_file()).map(Path::to_owned)
}

/// The path without links; the path itself where it does not exist.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A folder above a project's root: what tools read of it is read alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Above {
    /// The folder, as people see it from where they stand.
    pub folder: PathBuf,
    /// The project's root, from there.
    pub project: RelPath,
    /// Whether it belongs to the repository that the project is in, and so is the same for everybody who has
    /// that; where there is no repository, each folder counts.
    pub shared: bool,
}

impl Workspace {
    /// The folders above the root, the nearest first; a folder with a strange name ends them.
    #[must_use]
    pub fn above(&self) -> Vec<Above> {
        let real_root = real(&self.root);
        let repository = real_root.ancestors().position(|folder| folder.join(".git").exists());
        let (mut shown, mut project) = (self.root.clone(), String::new());
        let mut above = Vec::new();
        for (index, below) in real_root.ancestors().enumerate() {
            let (Some(folder), Some(name)) = (below.parent(), below.file_name()) else { break };
            let Some(name) = name.to_str() else { break };
            let tail = if project.is_empty() { project } else { format!("/{project}") };
            project = format!("{name}{tail}");
            let Some(from_there) = RelPath::parse(&project) else { break };
            shown = shown_parent(&shown, folder);
            let shared = repository.is_none_or(|at| index < at);
            above.push(Above { folder: shown.clone(), project: from_there, shared });
        }
        above
    }
}

/// The folder that holds another, as short as it can be said.
fn shown_parent(folder: &Path, parent: &Path) -> PathBuf {
    let named = matches!(folder.components().next_back(), Some(Component::Normal(_)));
    let shown = match folder.parent().filter(|_| named) {
        Some(above) if above.as_os_str().is_empty() => PathBuf::from("."),
        Some(above) => above.to_owned(),
        None => folder.join(".."),
    };
    // A link leads to a folder that is held by another one than the link is.
    if real(&shown) == parent { shown } else { parent.to_owned() }
}
