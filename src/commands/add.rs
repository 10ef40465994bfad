//! `onex add`: something more in a contract, and the node in step with it.
//!
//! The contract is edited in place, and the rest of the plan is the one that `onex regenerate` would make of the
//! edited text. Nothing is written before a yes: at a terminal that is asked for, elsewhere `--yes` gives it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::managed::{self, Outcome};
use super::trouble::Trouble;
use super::{Exit, finish};
use crate::ask::terminal::{self, Terminal};
use crate::ask::{Choice, Prompter as _, Reply, Stopped};
use crate::cli::{AddTo, Addition};
use crate::contract::edit::EditProblem;
use crate::contract::{self, Contract, add};
use crate::diagnostic::Diagnostic;
use crate::node::{NodeKind, naming};
use crate::plan::regenerate::Options;
use crate::plan::{Change, FileChange};
use crate::python::Identifier;
use crate::render::Ownership;
use crate::report::{Format, Listing, Problem, Report};
use crate::source::SourceFile;
use crate::spec::{self, Given, names};
use crate::workspace::{Disk, RelPath, Workspace};

/// Runs the command.
#[must_use]
pub fn run(what: &Addition) -> Exit {
    let (Addition::Route(arguments) | Addition::Intent(arguments) | Addition::Step(arguments)) =
        what;
    match planned(what, arguments) {
        Ok(outcome) => carry_out(outcome, arguments),
        Err(trouble) => finish(trouble.report("add"), arguments.format),
    }
}

/// The edited contract, and everything that follows from it.
fn planned(what: &Addition, arguments: &AddTo) -> Result<Outcome, Trouble> {
    let (root, folder) = node(&arguments.node)?;
    let workspace = Workspace::open(&managed::shown_root(&root))?;
    let path = folder.ours("contract.yaml");
    let before = text_of(&workspace.read([path.clone()])?, &path, &workspace)?;
    let (contract, found) = contract::parse(&before);
    let contract = match contract {
        Some(contract) if !found.iter().any(Diagnostic::is_error) => contract,
        Some(_) | None => return Err(found.into()),
    };
    let after = added(&contract, &folder, given(what, arguments))?;
    let texts = BTreeMap::from([(path.clone(), after.clone())]);
    let mut outcome =
        managed::plan_as_if(&root, &[root.join(folder.as_str())], &Options::default(), &texts)?;
    let change = Change::Updated { before: before.text().to_owned(), after };
    let mut edited = FileChange::new(path, Ownership::Yours, change);
    edited.reasons = reasons(what, arguments);
    outcome.plan.changes.push(edited);
    outcome.plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(outcome)
}

/// The project's root and the node's folder in it.
fn node(named: &Path) -> Result<(PathBuf, RelPath), Trouble> {
    let absolute = std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
    if absolute.join("contract.yaml").is_file() {
        let root = crate::workspace::project_above(&absolute);
        let inside = root.as_ref().and_then(|root| absolute.strip_prefix(root).ok());
        let inside =
            inside.and_then(Path::to_str).and_then(|path| RelPath::parse(&path.replace('\\', "/")));
        if let (Some(root), Some(folder)) = (root, inside) {
            return Ok((root, folder));
        }
    }
    let word = named.to_str().unwrap_or_default();
    let folder = naming::folder_for_name(word, NodeKind::Orchestrator).ok();
    let other = naming::folder_for_contract_name(word).ok();
    for (root, _) in managed::projects(&[])? {
        let workspace = Workspace::open(&root)?;
        for name in [&folder, &other].into_iter().flatten() {
            if let Some(path) = managed::folder_of(&workspace, name)? {
                return Ok((root, path));
            }
        }
    }
    let message = format!("there is no node `{}`", named.display().to_string().escape_debug());
    Err(Problem::new("no-such-node", message)
        .help("name a node's folder, or the node in it")
        .into())
}

fn text_of(disk: &Disk, path: &RelPath, workspace: &Workspace) -> Result<SourceFile, Trouble> {
    let shown = workspace.shown(path);
    match disk.text(path) {
        Some(text) => Ok(SourceFile::new(shown, text)),
        None => {
            let problem = Problem::new("no-contract", format!("{shown} cannot be read as text"));
            Err(problem.help("restore the contract").into())
        }
    }
}

fn given(what: &Addition, arguments: &AddTo) -> Given {
    let mut given = Given { models: arguments.models.clone(), ..Given::default() };
    match what {
        Addition::Route(_) => given.routes.clone_from(&arguments.answers),
        Addition::Intent(_) => given.intents.clone_from(&arguments.answers),
        Addition::Step(_) => given.steps.clone_from(&arguments.answers),
    }
    given
}

fn reasons(what: &Addition, arguments: &AddTo) -> Vec<String> {
    let word = match what {
        Addition::Route(_) => "route",
        Addition::Intent(_) => "intent",
        Addition::Step(_) => "step",
    };
    let count = arguments.answers.len();
    vec![if count == 1 { format!("{word} added") } else { format!("{count} {word}s added") }]
}

/// The text of the contract with what was given.
fn added(contract: &Contract, folder: &RelPath, mut given: Given) -> Result<String, Trouble> {
    given.name = Some(folder.name().to_owned());
    given.known = Some(add::known(contract));
    let package = package(contract, folder)?;
    let producer = add::producer(contract).or_else(|| names::producer(package.as_str()));
    let (answers, found) = spec::read(&given, &producer.unwrap_or_else(|| "app".to_owned()));
    let Some((mut answers, _)) = answers else { return Err(found.into()) };
    // The folder is the one that the contract stands in, whatever the convention makes of its name.
    if let Ok(name) = Identifier::parse(folder.name()) {
        answers.folder = name;
    }
    add::add(contract, &answers, &package).map_err(|problem| impossible(&problem, contract).into())
}

fn impossible(problem: &EditProblem, contract: &Contract) -> Problem {
    let shown = contract.file.path();
    let problem = Problem::new("not-editable", format!("{shown}: {problem}"));
    problem.about(shown).help("add it by hand, then: onex regenerate")
}

/// The package that the node lives in: the folder above `nodes`, which is how handlers are imported.
fn package(contract: &Contract, folder: &RelPath) -> Result<Identifier, Trouble> {
    let parts: Vec<&str> = folder.as_str().split('/').collect();
    let nodes = parts.len().checked_sub(3).and_then(|at| parts.get(at));
    let package = nodes.and_then(|name| Identifier::parse(name).ok());
    package.ok_or_else(|| {
        let shown = contract.file.path();
        let problem = Problem::new("no-package", format!("{shown} is in no package's `nodes`"));
        problem.help("move the node to `<package>/nodes/<node>`").into()
    })
}

/// Shows the plan, asks, and does it.
fn carry_out(outcome: Outcome, arguments: &AddTo) -> Exit {
    let Outcome { mut workspace, plan, notes, diagnostics, problems, unmanaged, .. } = outcome;
    let unusable = diagnostics.iter().any(Diagnostic::is_error);
    let mut report = Report {
        command: "add",
        dry_run: arguments.dry_run,
        root: workspace.root().to_owned(),
        diagnostics,
        problems: problems.into_iter().map(Problem::warning).collect(),
        listing: if unusable { Listing::Nothing } else { Listing::Marks },
        diff: arguments.diff,
        notes,
        ..Report::default()
    };
    for folder in unmanaged {
        let shown = workspace.shown(&folder);
        let note = format!("{shown} has no lock: only its contract is edited; onex adopt {shown}");
        report.notes.push(note);
    }
    for (path, obstacle) in plan.conflicts() {
        let shown = workspace.shown(path);
        let problem = Problem::new("conflict", format!("{shown}: {obstacle}")).about(shown);
        report.problems.push(problem.help(format!("{}; nothing was changed", obstacle.help())));
    }
    let in_conflict = plan.conflicts().next().is_some();
    let (writes, removals) = (plan.writes(), plan.removals());
    report.plan = plan;
    if unusable || in_conflict {
        report.summary = Some("nothing was changed".to_owned());
        return match finish(report, arguments.format) {
            Exit::CouldNotRun if in_conflict && !unusable => Exit::Findings,
            exit => exit,
        };
    }
    if arguments.dry_run {
        report.summary = Some("nothing was written: this was a dry run".to_owned());
        return finish(report, arguments.format);
    }
    let asks = !arguments.yes && arguments.format == Format::Text && terminal::is_there();
    if !arguments.yes && !asks {
        report.problems.push(
            Problem::new("missing-answer", "nobody is there to say yes: --yes is missing")
                .help("give --yes to write this, or --dry-run to see it"),
        );
        return finish(report, arguments.format);
    }
    report.written = !asks;
    let exit = finish(report, arguments.format);
    let wanted = if asks { said_yes() } else { Ok(true) };
    let done = match wanted {
        Ok(true) => workspace.write(&writes, &removals).map_err(Trouble::from),
        Ok(false) => Err(Problem::new("stopped", "nothing was written").into()),
        Err(stopped) => {
            Err(Problem::new("terminal", stopped.to_string()).help("give --yes instead").into())
        }
    };
    match done {
        Ok(()) => exit,
        Err(trouble) => finish(trouble.report("add"), arguments.format),
    }
}

/// Asks the one question; going back from it is a no.
fn said_yes() -> Result<bool, Stopped> {
    let options = [("yes", "write it"), ("no", "leave everything as it is")];
    let options = options.map(|(option, meaning)| (option.to_owned(), meaning.to_owned())).to_vec();
    let mut terminal = Terminal::open()?;
    match terminal.choice(&Choice { label: "Write it", options, default: 0 }, None) {
        Ok(reply) => Ok(reply == Reply::Given(0)),
        Err(Stopped::Interrupted) => Ok(false),
        Err(lost) => Err(lost),
    }
}
