//! `onex new`: a contract in, a node out.
//!
//! Composes the stages: contract, project, node, files, plan. Everything that is wrong with the input is told at
//! once, and nothing is written unless everything can be.

use std::path::Path;

use super::next_steps::{self, Runner};
use super::{Exit, finish};
use crate::cli::{Elsewhere, NewKind, NewOrchestrator};
use crate::contract::{self, Contract};
use crate::diagnostic::Diagnostic;
use crate::node::resolve::node_folder;
use crate::node::{self, ClassPath, Node, NodeKind, naming};
use crate::plan::{self, Edit, Plan};
use crate::project::{
    self, DetectError, Detected, PackageProblem, Place, PlaceProblem, Project, Pyproject,
    Registration, Wish,
};
use crate::python::Identifier;
use crate::render::engine::TemplateError;
use crate::render::{self, RenderError};
use crate::report::{Format, Problem, Report};
use crate::source::SourceFile;
use crate::workspace::{
    MAX_FILE, RelPath, Workspace, WorkspaceError, programs, read_anywhere, read_standard_input,
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
    let mut report = Report { command: "new", dry_run: arguments.dry_run, ..Report::default() };
    if let Err(trouble) = build(arguments, &mut report) {
        report.diagnostics.extend(trouble.diagnostics);
        report.problems.extend(trouble.problems);
    }
    finish(report, arguments.format)
}

/// The whole run, as far as it gets: what it finds goes to the report, what stops it comes back.
fn build(arguments: &NewOrchestrator, report: &mut Report) -> Result<(), Trouble> {
    let source = read_contract(&arguments.contract)?;
    let (contract, found) = contract::parse(&source);
    report.diagnostics.extend(found);
    let Some(contract) = contract else { return Ok(()) };

    let place = Place::find(arguments.path.as_deref(), &working_directory()?)?;
    report.root = place.root().to_owned();
    let mut workspace = Workspace::open(place.root())?;
    let wish = Wish { given: arguments.package.as_deref(), named: named_package(&contract) };
    let Detected { project, pyproject, warnings } = project::detect(&place, &workspace, wish)?;
    report.diagnostics.extend(warnings);

    // Where the contract names no folder, resolving says so.
    if let Some(folder) = node_folder(&contract, &project, &mut Vec::new()) {
        same_name(arguments.name.as_deref(), &folder)?;
        refuse_standing(&workspace, &project.nodes_folder().folder(&folder), &source)?;
    }
    let style = arguments.handler_style.unwrap_or(project.scaffold.handler_style);
    let disk = workspace.read(node::paths_to_read(&contract, &project))?;
    let (node, warnings) = node::resolve(&contract, &project, &disk, style)?;
    report.diagnostics.extend(warnings);
    if !report.succeeded() {
        return Ok(());
    }

    report.plan = planned(&workspace, &project, pyproject.as_ref(), &node, &source, report)?;
    if !arguments.dry_run {
        workspace.write(&report.plan.writes())?;
        report.written = true;
        report.next_steps = match &pyproject {
            None => next_steps::for_new(place.root(), uv_is_there()),
            Some(pyproject) => {
                let runner = Runner::of(pyproject, &workspace.list(&RelPath::root())?);
                next_steps::for_standing(place.root(), &project, pyproject, runner, &node.folder)
            }
        };
    }
    Ok(())
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
    node: &Node,
    source: &SourceFile,
    report: &mut Report,
) -> Result<Plan, Trouble> {
    let mut files = render::render(node, project, source.text())?;
    let mut edits = Vec::new();
    match pyproject {
        None => files.extend(render::project::new_project(project, node)?),
        Some(pyproject) => match pyproject.with_entry_point(&node.folder, &shell(node))? {
            Registration::Standing => edits.push(edit(pyproject, pyproject.text().to_owned())),
            Registration::Added(text) => edits.push(edit(pyproject, text)),
            Registration::Impossible(warning) => report.diagnostics.push(*warning),
        },
    }
    let paths: Vec<RelPath> = files.iter().map(|file| file.path.clone()).collect();
    let plan = plan::plan(&files, &edits, &workspace.survey(&paths)?, merge_init);
    for (path, obstacle) in plan.conflicts() {
        let shown = workspace.shown(path);
        let problem = Problem::new("conflict", format!("{shown} cannot be written: {obstacle}"));
        let help = format!("{}; nothing was written", obstacle.help());
        report.problems.push(problem.about(shown).help(help));
    }
    Ok(plan)
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

/// What stops a run.
#[derive(Debug, Default)]
struct Trouble {
    diagnostics: Vec<Diagnostic>,
    problems: Vec<Problem>,
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem], ..Self::default() }
    }
}

impl From<Vec<Diagnostic>> for Trouble {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, ..Self::default() }
    }
}

impl From<Box<Diagnostic>> for Trouble {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        vec![*diagnostic].into()
    }
}

impl From<PlaceProblem> for Trouble {
    fn from(problem: PlaceProblem) -> Self {
        Problem::new("no-project", problem.to_string()).help(problem.help()).into()
    }
}

impl From<PackageProblem> for Trouble {
    fn from(problem: PackageProblem) -> Self {
        Problem::new("no-package", problem.to_string()).help(problem.help()).into()
    }
}

impl From<WorkspaceError> for Trouble {
    fn from(error: WorkspaceError) -> Self {
        let help = match error {
            WorkspaceError::Read { .. } => "check that it may be read and lies in the project",
            WorkspaceError::Write { .. } => "check that the folder may be written and has room",
            WorkspaceError::LeftOver { .. } => "remove these files, then run again",
            WorkspaceError::TooLarge { .. } => {
                "no file of a node needs to be as large; move it away"
            }
        };
        Problem::new("workspace", error.to_string()).help(help).into()
    }
}

impl From<DetectError> for Trouble {
    fn from(error: DetectError) -> Self {
        match error {
            DetectError::Workspace(error) => error.into(),
            DetectError::Package(problem) => problem.into(),
            DetectError::Invalid(diagnostics) => diagnostics.into(),
            DetectError::NoText(_) => Problem::new("invalid-pyproject", error.to_string())
                .help("save it as a file of UTF-8 text")
                .into(),
        }
    }
}

impl From<RenderError> for Trouble {
    fn from(error: RenderError) -> Self {
        Problem::new("render", error.to_string()).into()
    }
}

impl From<TemplateError> for Trouble {
    fn from(error: TemplateError) -> Self {
        Problem::new("render", error.to_string()).into()
    }
}
