//! `onex new orchestrator` at a terminal: what is not said is asked, what would be written is shown, and then it is
//! written or not.
//!
//! The answers become the flags that say the same, and everything from there on is the run that these flags would
//! have had.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::decision::{self, Decision};
use super::super::{Exit, finish, shell};
use super::{Ready, Trouble, ready, report_for, tell, working_directory};
use crate::ask::terminal;
use crate::ask::{Session, Turn};
use crate::cli::NewOrchestrator;
use crate::plan::{Change, Plan};
use crate::project::{self, DetectError, Detected, PackageProblem, Place, Wish};
use crate::report::{Format, Report};
use crate::spec;
use crate::wizard::{self, Filled, Ground, Preset, Site};
use crate::workspace::Workspace;

/// Whether questions are to be asked: somebody is there, and neither a contract nor answers were given.
pub(super) fn is_wanted(arguments: &NewOrchestrator) -> bool {
    let lists = [&arguments.routes, &arguments.models, &arguments.intents, &arguments.steps];
    let answered = arguments.contract.is_some() || lists.iter().any(|list| !list.is_empty());
    !answered && !arguments.yes && arguments.format == Format::Text && terminal::is_there()
}

/// Runs the command with questions.
pub(super) fn orchestrator(arguments: &NewOrchestrator) -> Exit {
    match asked(arguments) {
        Ok(Decision::Yes((answered, ready, mut report))) => {
            report.same_again = Some(command_line(&answered));
            if !arguments.dry_run
                && let Err(trouble) = ready.write(&mut report)
            {
                tell(trouble, &mut report);
            }
            finish(report, arguments.format)
        }
        Ok(Decision::Left(left)) => left.report("new"),
        Err(trouble) => {
            let mut report = report_for(arguments);
            tell(trouble, &mut report);
            finish(report, arguments.format)
        }
    }
}

/// A node that is ready to be written, the flags that say so, and what is told of it.
type Prepared = (NewOrchestrator, Ready, Report);

/// Asks, until there is a yes or a no.
fn asked(arguments: &NewOrchestrator) -> Result<Decision<Prepared>, Trouble> {
    let ground = Folders { working_directory: working_directory()? };
    let preset = preset(arguments);
    decision::after(|session| {
        let filled = wizard::interview(session, &ground, &preset)?;
        confirmed(session, filled_in(arguments, &filled, &ground))
    })
}

/// Shows what would be written, and asks whether to.
fn confirmed(
    session: &mut Session<'_>,
    answered: NewOrchestrator,
) -> Result<Decision<Prepared>, Turn> {
    let mut report = report_for(&answered);
    let mut ready = match ready(&answered, &mut report) {
        Ok(Some(ready)) if report.succeeded() => ready,
        outcome => {
            if let Err(trouble) = outcome {
                tell(trouble, &mut report);
            }
            let Report { diagnostics, problems, .. } = report;
            return decision::refused(session, &Trouble { diagnostics, problems });
        }
    };
    // Nobody has to wait for an answer.
    ready.workspace.release();
    let contract = ready.contract.text();
    let tree = tree(&report.plan);
    let root = report.root.display();
    session
        .show(&format!("\nThe contract:\n\n{contract}\nWhat is written in {root}:\n\n{tree}"))?;
    let dry_run = answered.dry_run;
    decision::write_it(session, (answered, ready, report), dry_run)
}

/// The files of a plan, each below its folder.
fn tree(plan: &Plan) -> String {
    let mut text = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut files: Vec<(&str, &Change)> =
        plan.changes.iter().map(|change| (change.path.as_str(), &change.change)).collect();
    files.sort_by_key(|(path, _)| path.split('/').collect::<Vec<_>>());
    for (path, change) in files {
        let parts: Vec<&str> = path.split('/').collect();
        let Some((name, folders)) = parts.split_last() else { continue };
        let shared = open.iter().zip(folders).take_while(|(a, b)| a == b).count();
        for (depth, folder) in folders.iter().enumerate().skip(shared) {
            let _ = writeln!(text, "{}{folder}/", "  ".repeat(depth + 1));
        }
        let remark = match change {
            Change::Created { .. } => "",
            Change::Updated { .. } => "  (updated)",
            Change::Kept => "  (kept as it is)",
            Change::Moved { .. } => "  (moved)",
            Change::Removed { .. } => "  (removed)",
            Change::LeftOut => "  (left out)",
            Change::Orphaned => "  (no longer needed)",
            Change::Conflict(_) => "  (in the way)",
        };
        let _ = writeln!(text, "{}{name}{remark}", "  ".repeat(folders.len() + 1));
        open = folders.to_vec();
    }
    text
}

fn preset(arguments: &NewOrchestrator) -> Preset {
    Preset {
        path: arguments.path.as_ref().map(|path| path.display().to_string()),
        package: arguments.package.clone(),
        name: arguments.name.clone(),
        description: arguments.description.clone(),
        producer: arguments.producer.clone(),
        style: arguments.handler_style,
    }
}

/// The flags that say what was answered.
fn filled_in(arguments: &NewOrchestrator, filled: &Filled, ground: &Folders) -> NewOrchestrator {
    let given = spec::given(&filled.answers);
    let is_here = arguments.path.is_none() && Path::new(&filled.path) == ground.found();
    let (license_header, tests) = match &filled.remembered {
        Some(choices) if arguments.license_header.is_empty() => {
            (choices.license_header.clone(), Some(choices.tests.clone()))
        }
        Some(choices) => (arguments.license_header.clone(), Some(choices.tests.clone())),
        None => (arguments.license_header.clone(), arguments.tests.clone()),
    };
    NewOrchestrator {
        name: given.name,
        description: given.description,
        producer: given.producer,
        routes: given.routes,
        models: given.models,
        intents: given.intents,
        steps: given.steps,
        path: (!is_here).then(|| PathBuf::from(&filled.path)),
        package: filled.package.clone(),
        handler_style: filled.style,
        license_header,
        tests,
        remember: arguments.remember || filled.remembered.is_some(),
        ..arguments.clone()
    }
}

/// The command that these arguments come from, as a shell takes it, a flag to a line.
fn command_line(arguments: &NewOrchestrator) -> String {
    let given = super::answers::given(arguments);
    let mut words = given.words().into_iter();
    let mut lines = vec![format!(
        "  onex new orchestrator {}",
        words.next().map(|name| shell::word(&name)).unwrap_or_default()
    )];
    let path = arguments.path.as_ref().map(|path| path.display().to_string());
    lines.extend(path.map(|path| format!("    --path {}", shell::path(&path))));
    let texts = [
        ("--package", arguments.package.clone()),
        ("--handler-style", arguments.handler_style.map(|style| style.as_str().to_owned())),
        ("--tests", arguments.tests.clone()),
    ];
    let texts = texts.into_iter().filter_map(|(flag, text)| Some((flag, text?)));
    let headers = arguments.license_header.iter().map(|line| ("--license-header", line.clone()));
    lines.extend(
        texts.chain(headers).map(|(flag, text)| format!("    {}", shell::flag(flag, &text))),
    );
    while let (Some(flag), Some(text)) = (words.next(), words.next()) {
        lines.push(format!("    {}", shell::flag(&flag, &text)));
    }
    let switches = [("--remember", arguments.remember), ("--dry-run", arguments.dry_run)];
    lines.extend(switches.iter().filter(|(_, on)| *on).map(|(switch, _)| format!("    {switch}")));
    lines.join(" \\\n")
}

/// The projects that the file system holds.
struct Folders {
    working_directory: PathBuf,
}

impl Folders {
    /// The folder that is meant where none is named.
    fn found(&self) -> PathBuf {
        let place = Place::find(None, &self.working_directory);
        // Nothing is meant by no path at all.
        place.map_or_else(|_| PathBuf::new(), |place| place.root().to_owned())
    }
}

/// A folder for a project where the working directory is none and cannot become one.
const ELSEWHERE: &str = "my-nodes";

impl Ground for Folders {
    fn here(&self) -> String {
        let found = self.found();
        if found.as_os_str().is_empty() {
            ELSEWHERE.to_owned()
        } else {
            found.display().to_string()
        }
    }

    fn look(&self, path: &str, package: Option<&str>) -> Result<Site, String> {
        let with_help = |problem: String, help: String| format!("{problem}; {help}");
        let place = Place::find(Some(Path::new(path)), &self.working_directory)
            .map_err(|problem| with_help(problem.to_string(), problem.help()))?;
        let workspace = Workspace::open(place.root()).map_err(|error| error.to_string())?;
        let is_new = matches!(place, Place::Free(_));
        match project::detect(&place, &workspace, Wish { given: package, named: None }) {
            Ok(Detected { project, pyproject, .. }) => {
                let nodes = workspace.list(&project.nodes_folder()).map_err(|e| e.to_string())?;
                let choices =
                    pyproject.as_ref().map(|p| p.table(&["tool", "onex", "scaffold"]).is_some());
                let what = if is_new { "a new project" } else { "a project" };
                Ok(Site {
                    shown: format!(
                        "{what}, package {} in {}, tests in {}",
                        project.package,
                        project.package_folder(),
                        project.tests
                    ),
                    is_new,
                    packages: Vec::new(),
                    producer: super::answers::producer(&project),
                    tests: project.tests.as_str().to_owned(),
                    style: project.scaffold.handler_style,
                    has_chosen: choices.unwrap_or_default(),
                    nodes: nodes.into_iter().map(|(name, _)| name).collect(),
                    package: project.package.to_string(),
                })
            }
            Err(DetectError::Package(PackageProblem::Several(packages))) => Ok(Site {
                shown: "a project with several packages".to_owned(),
                is_new,
                packages: packages.iter().map(|package| package.name.to_string()).collect(),
                package: String::new(),
                producer: String::new(),
                tests: String::new(),
                style: crate::node::HandlerStyle::default(),
                has_chosen: true,
                nodes: Vec::new(),
            }),
            Err(DetectError::Package(problem)) => {
                Err(with_help(problem.to_string(), problem.help()))
            }
            Err(error) => Err(error.to_string()),
        }
    }
}
