//! The stages as `onex new` and `onex regenerate` compose them, over a tree in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use onex_scaffold::contract::{self, Contract};
use onex_scaffold::diagnostic::Diagnostic;
use onex_scaffold::lock::{self, Lock};
use onex_scaffold::node::{self, HandlerStyle, Node};
use onex_scaffold::plan::Plan;
use onex_scaffold::plan::regenerate::{self, Input, Managed, Options};
use onex_scaffold::project::{self, Place, Project, Wish};
use onex_scaffold::python::Identifier;
use onex_scaffold::render::{self, Ownership, RenderedFile};
use onex_scaffold::source::SourceFile;
use onex_scaffold::workspace::{Disk, Found, RelPath, Workspace};

/// The files of a project.
pub(super) type Tree = BTreeMap<RelPath, String>;

/// Why there is no plan: the contracts cannot be used.
#[derive(Debug)]
pub(super) struct Refused(pub(super) String);

/// A project that holds a pyproject.toml and an empty package.
static PROJECT: LazyLock<Project> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pyproject.toml"), "[project]\nname = \"app\"\n").unwrap();
    std::fs::create_dir_all(folder.path().join("src/app")).unwrap();
    std::fs::write(folder.path().join("src/app/__init__.py"), "").unwrap();
    let workspace = Workspace::open(folder.path()).unwrap();
    let place = Place::Standing(folder.path().to_owned());
    project::detect(&place, &workspace, Wish::default()).unwrap().project
});

/// What the tree is before any node is in it.
pub(super) fn empty() -> Tree {
    Tree::from([(path("src/app/__init__.py"), String::new())])
}

pub(super) fn path(text: &str) -> RelPath {
    RelPath::parse(text).unwrap()
}

/// A node as it is read from the tree.
struct Read {
    folder: RelPath,
    contract: Contract,
    lock: Lock,
}

/// A node as it is rendered.
struct Rendered {
    node: Node,
    files: Vec<RenderedFile>,
    referred: Vec<RenderedFile>,
    fingerprint: String,
}

fn refused(found: &[Diagnostic]) -> Refused {
    let said: Vec<String> = found.iter().map(|d| format!("{}: {}", d.rule, d.message)).collect();
    Refused(said.join("\n"))
}

fn parsed(text: &str) -> Result<Contract, Refused> {
    let (contract, found) = contract::parse(&SourceFile::new("contract.yaml", text.to_owned()));
    let usable = !found.iter().any(Diagnostic::is_error);
    contract.filter(|_| usable).ok_or_else(|| refused(&found))
}

fn disk(tree: &Tree, paths: impl IntoIterator<Item = RelPath>) -> Disk {
    let found = |path: RelPath| {
        let found = tree.get(&path).map_or(Found::Absent, |text| Found::Text(text.clone()));
        (path, found)
    };
    paths.into_iter().map(found).collect()
}

/// What stands at the paths and above them, as [`Workspace::survey`] gives it.
fn survey(tree: &Tree, paths: &[RelPath]) -> Disk {
    let folders: BTreeSet<RelPath> = tree.keys().flat_map(RelPath::ancestors).collect();
    let mut surveyed = disk(tree, paths.iter().rev().cloned());
    let mut names: BTreeMap<RelPath, BTreeSet<String>> = BTreeMap::new();
    for path in tree.keys().chain(&folders) {
        names.entry(path.parent()).or_default().insert(path.name().to_owned());
    }
    for folder in paths.iter().flat_map(RelPath::ancestors).filter(|f| folders.contains(f)) {
        surveyed = surveyed.and([(folder.clone(), Found::Folder)].into_iter().collect());
        let inside = names.get(&folder).into_iter().flatten().cloned().collect();
        surveyed = surveyed.with_names(folder, inside);
    }
    surveyed
}

fn lock_of(text: &str) -> Lock {
    Lock::parse(&SourceFile::new("onex.lock", text.to_owned()))
        .unwrap_or_else(|problem| panic!("{}\n{text}", problem.message))
}

pub(super) fn locks(tree: &Tree) -> Vec<Lock> {
    let locks = tree.iter().filter(|(path, _)| path.name() == lock::FILE_NAME);
    locks.map(|(_, text)| lock_of(text)).collect()
}

/// The paths that locks list, and where those are of which the folder was moved with its lock.
fn listed(tree: &Tree) -> BTreeSet<RelPath> {
    let locks = tree.iter().filter(|(path, _)| path.name() == lock::FILE_NAME);
    let mut listed = BTreeSet::new();
    for (path, text) in locks {
        let lock = lock_of(text);
        let was = PROJECT.module_folder(&lock.module);
        for file in &lock.files {
            listed.extend(file.path.moved(&was, &path.parent()));
            listed.insert(file.path.clone());
        }
    }
    listed
}

/// Who owns each file that a lock lists.
pub(super) fn owners(tree: &Tree) -> BTreeMap<RelPath, Ownership> {
    let locks = locks(tree);
    let files = locks.into_iter().flat_map(|lock| lock.files);
    let mut owners: BTreeMap<RelPath, Ownership> = BTreeMap::new();
    for file in files {
        let owner = owners.entry(file.path).or_insert(file.ownership);
        // One contract defines what the others only refer to.
        *owner = (*owner).min(file.ownership);
    }
    owners
}

/// `onex new`: adds a node to the tree.
pub(super) fn with_new(
    tree: &Tree,
    folder: &str,
    style: HandlerStyle,
    text: &str,
) -> Result<Tree, Refused> {
    let project = &*PROJECT;
    let contract = parsed(text)?;
    let paths = node::paths_to_read(&contract, project);
    let resolved = |disk: &Disk| {
        node::resolve(&contract, project, disk, style).map_err(|found| refused(&found))
    };
    let (mut node, _) = resolved(&disk(tree, paths.clone()))?;
    let mut others = Vec::new();
    if !node.standing.is_empty() {
        others = locks(tree);
        let scaffolded = |path: &RelPath| {
            let mut files = others.iter().filter_map(|lock| lock.file(path));
            files.any(|file| file.ownership == Ownership::Scaffolded)
        };
        let unmanaged = paths.into_iter().filter(|path| !scaffolded(path));
        (node, _) = resolved(&disk(tree, unmanaged))?;
    }
    let files: Vec<RenderedFile> = rendered(&node, text)?;
    let referred = node.referred.iter().map(|file| project.module_file(file));
    let referred: Vec<RenderedFile> = referred
        .filter_map(|path| {
            let text = tree.get(&path)?.clone();
            Some(RenderedFile { path, ownership: Ownership::Generated, text })
        })
        .collect();
    let fingerprint = lock::digest(&contract::canonical(&contract.root));
    let lock_path = project.module_folder(&node.module).ours(lock::FILE_NAME);
    let paths = files.iter().chain(&referred).map(|file| file.path.clone());
    let paths: Vec<RelPath> = paths.chain([lock_path]).collect();
    let managed = [Managed {
        node: &node,
        files: &files,
        referred: &referred,
        lock: None,
        contract: &fingerprint,
    }];
    let options = Options::default();
    let plan = regenerate::plan(Input {
        project,
        nodes: &managed,
        others: &others,
        disk: &survey(tree, &paths),
        options: &options,
    })
    .plan;
    if let Some((path, obstacle)) = plan.conflicts().next() {
        return Err(Refused(format!("{path}: {obstacle}")));
    }
    let mut tree = applied(tree, &plan).map_err(Refused)?;
    let folder = project.nodes_folder().folder(&Identifier::parse(folder).unwrap());
    tree.insert(folder.ours("contract.yaml"), text.to_owned());
    Ok(tree)
}

fn rendered(node: &Node, text: &str) -> Result<Vec<RenderedFile>, Refused> {
    render::render(node, &PROJECT, text).map_err(|error| Refused(error.to_string()))
}

fn read(tree: &Tree) -> Result<Vec<Read>, Refused> {
    let locks = tree.iter().filter(|(path, _)| path.name() == lock::FILE_NAME);
    let read = locks.filter_map(|(path, text)| {
        let folder = path.parent();
        let contract = tree.get(&folder.ours("contract.yaml"))?;
        Some((folder, contract, text))
    });
    read.map(|(folder, contract, text)| {
        Ok(Read { folder, contract: parsed(contract)?, lock: lock_of(text) })
    })
    .collect()
}

fn render_node(
    read: &Read,
    managed: &BTreeSet<RelPath>,
    tree: &Tree,
    defined: Disk,
) -> Result<Rendered, Refused> {
    let paths = node::paths_to_read(&read.contract, &PROJECT).into_iter();
    let disk = disk(tree, paths.filter(|path| !managed.contains(path))).and(defined);
    let resolved = node::resolve(&read.contract, &PROJECT, &disk, read.lock.style);
    let (node, _) = resolved.map_err(|found| refused(&found))?;
    if node.folder.as_str() != read.folder.name() {
        return Err(Refused(format!("misplaced: {}", node.folder)));
    }
    let files = rendered(&node, read.contract.file.text())?;
    let fingerprint = lock::digest(&contract::canonical(&read.contract.root));
    Ok(Rendered { node, files, referred: Vec::new(), fingerprint })
}

/// All nodes in two rounds: what one defines, the others see as it is rendered.
fn render_all(read: &[Read], tree: &Tree) -> Result<Vec<Rendered>, Refused> {
    let managed = listed(tree);
    let first = read.iter().map(|read| render_node(read, &managed, tree, Disk::default()));
    let first = first.collect::<Result<Vec<_>, _>>()?;
    let mut defined: BTreeMap<RelPath, (usize, RenderedFile)> = BTreeMap::new();
    for (index, rendered) in first.iter().enumerate() {
        let shared: BTreeSet<RelPath> = rendered
            .node
            .models
            .iter()
            .filter(|model| model.file.strip_prefix(&rendered.node.module).is_none())
            .map(|model| PROJECT.module_file(&model.file))
            .collect();
        for file in &rendered.files {
            if shared.contains(&file.path) && file.ownership == Ownership::Generated {
                let known = defined.entry(file.path.clone()).or_insert((index, file.clone()));
                if known.1.text != file.text {
                    return Err(Refused(format!("{} is defined twice", file.path)));
                }
            }
        }
    }
    let mut all = Vec::new();
    for (index, (read, rendered)) in read.iter().zip(first).enumerate() {
        let scaffolds = rendered.files.iter().filter(|f| f.ownership == Ownership::Scaffolded);
        let referred: Vec<RenderedFile> = scaffolds
            .filter_map(|file| defined.get(&file.path))
            .filter(|(owner, _)| *owner != index)
            .map(|(_, file)| file.clone())
            .collect();
        all.push(if referred.is_empty() {
            rendered
        } else {
            let texts = referred.iter().map(|f| (f.path.clone(), Found::Text(f.text.clone())));
            let again = render_node(read, &managed, tree, texts.collect())?;
            Rendered { referred, ..again }
        });
    }
    Ok(all)
}

/// What `onex regenerate` would do; the nodes in the order of their folders, or the other way round.
pub(super) fn planned(tree: &Tree, options: &Options, turned: bool) -> Result<Plan, Refused> {
    let mut read = read(tree)?;
    if turned {
        read.reverse();
    }
    let rendered = render_all(&read, tree)?;
    let pairs = read.iter().zip(&rendered);
    let managed: Vec<Managed<'_>> = pairs
        .map(|(read, rendered)| Managed {
            node: &rendered.node,
            files: &rendered.files,
            referred: &rendered.referred,
            lock: Some(&read.lock),
            contract: &rendered.fingerprint,
        })
        .collect();
    let mut paths: BTreeSet<RelPath> = regenerate::paths(&PROJECT, &managed).collect();
    paths.extend(read.iter().map(|read| read.folder.ours(lock::FILE_NAME)));
    let disk = survey(tree, &paths.into_iter().collect::<Vec<_>>());
    let input = Input { project: &PROJECT, nodes: &managed, others: &[], disk: &disk, options };
    Ok(regenerate::plan(input).plan)
}

/// The tree once a plan is carried out; or what the plan takes for granted and is not so.
pub(super) fn applied(tree: &Tree, plan: &Plan) -> Result<Tree, String> {
    let mut after = tree.clone();
    let listed = listed(tree);
    let writes = plan.writes();
    for write in &writes {
        if tree.get(&write.path).map(String::as_str) != write.replaces {
            return Err(format!("{} does not hold what is replaced", write.path));
        }
        if write.replaces.as_ref() == Some(&write.text) {
            return Err(format!("{} is written as it was", write.path));
        }
        after.insert(write.path.clone(), write.text.to_owned());
    }
    for removal in plan.removals() {
        if !listed.contains(&removal.path) {
            return Err(format!("{} is removed, and no lock lists it", removal.path));
        }
        if tree.get(&removal.path).map(String::as_str) != Some(removal.text) {
            return Err(format!("{} does not hold what is removed", removal.path));
        }
        if writes.iter().any(|write| write.path == removal.path) {
            return Err(format!("{} is written and removed", removal.path));
        }
        after.remove(&removal.path);
    }
    Ok(after)
}
