//! `onex new`: a contract or answers in, a node out.
//!
//! Composes the stages: contract, project, node, files, plan. Everything that is wrong with the input is told at
//! once, and nothing is written unless everything can be.

mod answers;
mod ask;
mod choices;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::next_steps::{self, Runner};
use super::trouble::Trouble;
use super::{Exit, enter, finish, nodes, writing_unless};
use crate::cli::{Elsewhere, NewKind, NewOrchestrator};
use crate::contract::{self, Contract};
use crate::lock::{self, Lock};
use crate::node::resolve::node_folder;
use crate::node::{self, ClassPath, HandlerStyle, Node, NodeKind, naming};
use crate::parallel;
use crate::plan::regenerate::{self, Input, Managed, Options};
use crate::plan::{self, Edit, FileChange, Plan};
use crate::project::{self, Detected, Place, Project, Pyproject, Registration, Scaffold, Wish};
use crate::python::Identifier;
use crate::render::{self, Ownership, RenderedFile, engine};
use crate::report::{Format, Problem, Report};
use crate::source::SourceFile;
use crate::spec::{self, Origins};
use crate::workspace::{
    MAX_FILE, RelPath, Workspace, programs, read_anywhere, read_standard_input,
};

/// Runs the command.
#[must_use]
pub fn run(kind: &NewKind) -> Exit {
    match kind {
        NewKind::Orchestrator(arguments) => orchestrator(arguments),
        NewKind::Compute(rest) => elsewhere("compute", rest),
        NewKind::Effect(rest) => elsewhere("effect", rest),
        NewKind::Reducer(rest) => elsewhere("reducer", rest),
    }
}

/// A kind of node that is the framework's to write.
fn elsewhere(kind: &str, rest: &Elsewhere) -> Exit {
    let name = rest.rest.first().and_then(|word| word.to_str());
    let name = name.filter(|name| Identifier::parse(&name.replace('-', "_")).is_ok());
    let message =
        format!("`onex new {kind}` does not exist: only orchestrator nodes are written here");
    let help = format!(
        "the framework's own scaffold: onex new node {} --type {kind}",
        name.unwrap_or("NAME")
    );
    let problems = vec![Problem::new("unknown-kind", message).help(help)];
    finish(Report { command: "new", problems, ..Report::default() }, Format::Text)
}

fn orchestrator(arguments: &NewOrchestrator) -> Exit {
    if ask::is_wanted(arguments) {
        return ask::orchestrator(arguments);
    }
    let mut report = report_for(arguments);
    // Templates are compiled while the contract and the project are read.
    let outcome = parallel::beside(engine::warm_up, || match ready(arguments, &mut report) {
        Ok(Some(ready)) if !arguments.dry_run => ready.write(&mut report),
        Ok(_) => Ok(()),
        Err(trouble) => Err(trouble),
    });
    if let Err(trouble) = outcome {
        tell(trouble, &mut report);
    }
    finish(report, arguments.format)
}

fn report_for(arguments: &NewOrchestrator) -> Report {
    Report { command: "new", dry_run: arguments.dry_run, ..Report::default() }
}

fn tell(trouble: Trouble, report: &mut Report) {
    report.diagnostics.extend(trouble.diagnostics);
    report.problems.extend(trouble.problems);
}

/// A node whose files are in the plan of the report, and the project that they go to.
struct Ready {
    place: Place,
    workspace: Workspace,
    project: Project,
    pyproject: Option<Pyproject>,
    folder: Identifier,
    contract: SourceFile,
}

/// Everything but the writing, as far as it gets: what it finds goes to the report, what stops it comes back. Gives
/// nothing where what it found stops it.
fn ready(arguments: &NewOrchestrator, report: &mut Report) -> Result<Option<Ready>, Trouble> {
    let given = match &arguments.contract {
        Some(path) => {
            let (contract, found) = contract::parse(&read_contract(path)?);
            report.diagnostics.extend(found);
            let Some(contract) = contract else { return Ok(None) };
            Some(contract)
        }
        None => {
            answers::refuse_missing(arguments)?;
            None
        }
    };
    let place = Place::find(arguments.path.as_deref(), &working_directory()?)?;
    report.root = place.root().to_owned();
    let workspace = enter(place.root(), writing_unless(arguments.dry_run))?;
    let named = given.as_ref().and_then(named_package);
    let wish = Wish { given: arguments.package.as_deref(), named };
    let Detected { mut project, pyproject, warnings } = project::detect(&place, &workspace, wish)?;
    report.diagnostics.extend(warnings);
    choices::take(arguments, &mut project, &workspace)?;
    let (contract, origins) = match given {
        Some(contract) => (contract, Origins::default()),
        None => answers::contract(arguments, &project)?,
    };

    // Where the contract names no folder, resolving says so.
    if let Some(folder) = node_folder(&contract, &project) {
        same_name(arguments.name.as_deref(), &folder)?;
        refuse_standing(&workspace, &project.nodes_folder().folder(&folder), &contract.file)?;
    }
    let before = report.diagnostics.len();
    let style = project.scaffold.handler_style;
    let told = |found| spec::blame(found, &contract, &origins);
    let resolved = resolved(&contract, &project, &workspace, style, report).map_err(|trouble| {
        Trouble { diagnostics: told(trouble.diagnostics), problems: trouble.problems }
    })?;
    let warnings = report.diagnostics.split_off(before);
    report.diagnostics.extend(told(warnings));
    if !report.succeeded() {
        return Ok(None);
    }
    let remember = arguments.remember.then_some(&project.scaffold);
    let plan = planned(&workspace, &project, pyproject.as_ref(), &resolved, remember, report)?;
    report.plan = Arc::new(plan);
    let folder = resolved.node.folder.clone();
    let contract = contract.file.clone();
    Ok(Some(Ready { place, workspace, project, pyproject, folder, contract }))
}

impl Ready {
    /// Carries out the plan of the report, unless it holds conflicts.
    fn write(mut self, report: &mut Report) -> Result<(), Trouble> {
        self.workspace.write(&report.plan.writes(), &report.plan.removals())?;
        report.written = true;
        let root = self.place.root();
        report.next_steps = match &self.pyproject {
            None => next_steps::for_new(root, uv_is_there()),
            Some(pyproject) => {
                let runner = Runner::of(pyproject, &self.workspace.list(&RelPath::root())?);
                next_steps::for_standing(root, &self.project, pyproject, runner, &self.folder)
            }
        };
        Ok(())
    }
}

fn read_contract(path: &Path) -> Result<SourceFile, Trouble> {
    if path == Path::new("-") {
        return Ok(contract::yaml::text_of(&read_standard_input(MAX_FILE)?, "standard input")?);
    }
    let bytes = read_anywhere(path, MAX_FILE).map_err(|error| {
        Problem::new("no-contract", error.to_string()).help("give --contract with a contract.yaml")
    })?;
    Ok(contract::yaml::text_of(&bytes, &path.display().to_string())?)
}

fn working_directory() -> Result<std::path::PathBuf, Trouble> {
    std::env::current_dir().map_err(|cause| {
        Problem::new("workspace", format!("cannot tell the working directory: {cause}"))
            .help("change to a folder that exists")
            .into()
    })
}

/// The package that the contract's handlers live in, else its events, else its own models.
fn named_package(contract: &Contract) -> Option<&str> {
    let entries = || contract.routing.iter().flat_map(|routing| &routing.entries);
    let handlers = entries().map(|entry| &entry.handler);
    let events = entries().filter_map(|entry| entry.event_model.as_ref());
    let own = [contract.input_model.as_ref(), contract.output_model.as_ref()].into_iter().flatten();
    let modules = handlers.chain(events).chain(own).filter_map(|class| class.module.as_ref());
    let mut packages = modules.filter_map(|module| module.value.split('.').next());
    packages.find(|package| !package.is_empty() && !package.starts_with("omnibase_"))
}

/// Refuses a NAME that is not the one that the contract gives.
fn same_name(name: Option<&str>, folder: &Identifier) -> Result<(), Trouble> {
    let Some(name) = name else { return Ok(()) };
    if naming::means(name, folder, NodeKind::Orchestrator) {
        return Ok(());
    }
    let message = match naming::folder_for_name(name, NodeKind::Orchestrator) {
        Ok(derived) => {
            format!("the name gives `{derived}`, but the contract is that of `{folder}`")
        }
        Err(problem) => format!("`{name}` cannot be a node's name: it {problem}"),
    };
    let help = format!("leave the name out, or give {folder}");
    Err(Problem::new("name-mismatch", message).help(help).into())
}

/// Renders everything and compares it with what stands; conflicts are told to the report.
fn planned(
    workspace: &Workspace,
    project: &Project,
    pyproject: Option<&Pyproject>,
    resolved: &Resolved<'_>,
    remember: Option<&Scaffold>,
    report: &mut Report,
) -> Result<Plan, Trouble> {
    let Resolved { node, contract, locks } = resolved;
    let text = contract.file.text();
    let (yours, files): (Vec<RenderedFile>, Vec<RenderedFile>) =
        render::render_on_every_core(node, project, text)?
            .into_iter()
            .partition(|file| file.ownership == Ownership::Yours);
    let mut around = yours;
    let mut edits = Vec::new();
    match pyproject {
        None => {
            around.extend(render::project::new_project(project, node)?);
            choices::remember_in_new(&mut around, remember)?;
        }
        Some(pyproject) => {
            let after = match pyproject.with_entry_point(&node.folder, &shell(node))? {
                Registration::Standing => Some(pyproject.text().to_owned()),
                Registration::Added(text) => Some(text),
                Registration::Impossible(warning) => {
                    report.diagnostics.push(*warning);
                    None
                }
            };
            let after = choices::remember(pyproject, after, remember)?;
            edits.extend(after.map(|text| edit(pyproject, text)));
        }
    }
    let referred: Vec<RelPath> =
        node.referred.iter().map(|file| project.module_file(file)).collect();
    let lock_path = project.module_folder(&node.module).ours(lock::FILE_NAME);
    let paths = files.iter().chain(&around).map(|file| file.path.clone());
    let paths: Vec<RelPath> = paths.chain(referred.iter().cloned()).chain([lock_path]).collect();
    let disk = workspace.survey(&paths)?;
    let referred: Vec<RenderedFile> = referred
        .into_iter()
        .filter_map(|path| {
            let text = disk.text(&path)?.to_owned();
            Some(RenderedFile { path, ownership: Ownership::Generated, text })
        })
        .collect();
    let fingerprint = lock::digest(&contract::canonical(&contract.root));
    let managed =
        [Managed { node, files: &files, referred: &referred, lock: None, contract: &fingerprint }];
    let options = Options::default();
    let input = Input { project, nodes: &managed, others: locks, disk: &disk, options: &options };
    let mut plan = plan::plan(&around, &edits, &disk, merge_init);
    let of_node = regenerate::plan(input).plan;
    // Nothing drifted: nothing was there.
    plan.changes
        .extend(of_node.changes.into_iter().map(|change| FileChange { drift: None, ..change }));
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    // The files of a new project and those of its node are planned apart, and both have the tests' packages.
    plan.changes.dedup_by(|a, b| a.path == b.path);
    for (path, obstacle) in plan.conflicts() {
        let shown = workspace.shown(path);
        let problem = Problem::new("conflict", format!("{shown} cannot be written: {obstacle}"));
        let help = format!("{}; nothing was written", obstacle.help());
        report.problems.push(problem.about(shown).help(help));
    }
    Ok(plan)
}

/// A node, and what it was made from.
struct Resolved<'a> {
    node: Node,
    contract: &'a Contract,
    /// The locks of the nodes that it shares files with.
    locks: Vec<Lock>,
}

/// Resolves the contract; models that other nodes brought in are seen as their locks have them, not as somebody
/// has edited them since.
fn resolved<'a>(
    contract: &'a Contract,
    project: &Project,
    workspace: &Workspace,
    style: HandlerStyle,
    report: &mut Report,
) -> Result<Resolved<'a>, Trouble> {
    let paths = node::paths_to_read(contract, project);
    let disk = workspace.read(paths.clone())?;
    let (node, warnings) = node::resolve(contract, project, &disk, style)?;
    let standing: Vec<RelPath> =
        node.standing.iter().map(|file| project.module_file(file)).collect();
    if standing.is_empty() {
        report.diagnostics.extend(warnings);
        return Ok(Resolved { node, contract, locks: Vec::new() });
    }
    let folders = nodes::possible_folders(project, workspace)?;
    // What the node may refer to in another's package starts as what that one has there.
    let wanted: BTreeSet<&RelPath> = paths.iter().collect();
    let is_wanted = |path: &RelPath| path.name() == "__init__.py" || wanted.contains(path);
    let locks = nodes::locks(workspace, project, folders, &is_wanted)?;
    let is_managed = |path: &RelPath| locks.iter().any(|lock| lock.file(path).is_some());
    let (node, warnings) = if standing.iter().any(is_managed) {
        let unmanaged = paths.into_iter().filter(|path| {
            let locked = locks.iter().filter_map(|lock| lock.file(path));
            !locked.into_iter().any(|file| file.ownership == Ownership::Scaffolded)
        });
        node::resolve(contract, project, &workspace.read(unmanaged)?, style)?
    } else {
        (node, warnings)
    };
    report.diagnostics.extend(warnings);
    Ok(Resolved { node, contract, locks })
}

fn refuse_standing(
    workspace: &Workspace,
    folder: &RelPath,
    source: &SourceFile,
) -> Result<(), Trouble> {
    let disk = workspace.read(plan::signs_of_a_node(folder))?;
    if !plan::node_stands(folder, source.text(), &disk) {
        return Ok(());
    }
    let shown = workspace.shown(folder);
    let message = format!("a node stands in {shown} already, and nothing of it is overwritten");
    let help = format!("edit its contract, then: onex regenerate {shown}");
    Err(Problem::new("node-exists", message).about(shown).help(help).into())
}

/// The class that the entry point names.
fn shell(node: &Node) -> ClassPath {
    let module = node.module.child(Identifier::ours("node"));
    ClassPath { module, name: node.class_name.clone() }
}

fn edit(pyproject: &Pyproject, after: String) -> Edit {
    let path = RelPath::root().ours("pyproject.toml");
    Edit { path, before: pyproject.text().to_owned(), after }
}

fn merge_init(existing: &str, rendered: &str) -> Result<String, String> {
    crate::python::merge_init(existing, rendered).map_err(|problem| problem.to_string())
}

fn uv_is_there() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    !programs("uv", &path).is_empty()
}
