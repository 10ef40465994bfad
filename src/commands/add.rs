//! `onex add`: something more in a contract, and the node in step with it.
//!
//! The contract is edited in place, and the rest of the plan is the one that `onex regenerate` would make of the
//! edited text. Nothing is written before a yes: at a terminal that is asked for ([`ask`]), as is everything that was
//! not said; elsewhere `--yes` gives it.

mod ask;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::managed;
use super::nodes;
use super::outcome::{Outcome, Ready, Run};
use super::trouble::Trouble;
use super::{Exit, Output, finish};
use crate::cli::{AddTo, Addition};
use crate::contract::edit::EditProblem;
use crate::contract::{self, Contract, add};
use crate::diagnostic::Diagnostic;
use crate::node::{NodeKind, naming};
use crate::plan::regenerate::Options;
use crate::plan::{Change, FileChange};
use crate::python::Identifier;
use crate::render::Ownership;
use crate::report::Problem;
use crate::source::SourceFile;
use crate::spec::{self, Given, names};
use crate::wizard::addition::Part;
use crate::workspace::{Access, Disk, RelPath, Workspace};

/// Runs the command.
#[must_use]
pub fn run(what: &Addition) -> Exit {
    let (part, arguments) = match what {
        Addition::Route(arguments) => (Part::Route, arguments),
        Addition::Intent(arguments) => (Part::Intent, arguments),
        Addition::Step(arguments) => (Part::Step, arguments),
    };
    if ask::is_wanted(arguments) {
        return ask::run(part, arguments);
    }
    match without_questions(part, arguments) {
        Ok(outcome) => carry_out(outcome, arguments),
        Err(trouble) => finish(trouble.report("add"), arguments.format),
    }
}

/// The plan of what was said, as long as everything was.
fn without_questions(part: Part, arguments: &AddTo) -> Result<Outcome, Trouble> {
    let word = part.word();
    let example = format!("onex add {word} order_payment {}", example(part));
    let missing = |message: String| Problem::new("missing-answer", message).help(example.clone());
    let Some(named) = &arguments.node else {
        return Err(missing("nothing says which node is meant: NODE is missing".to_owned()).into());
    };
    let target = Target::named(named)?;
    if arguments.answers.is_empty() {
        return Err(missing(format!("nothing says which {word} to add: SPEC is missing")).into());
    }
    planned(part, arguments, &target)
}

fn example(part: Part) -> &'static str {
    match part {
        Part::Route => "'OrderPaid(order_id: uuid) -> OrderShipped(order_id: uuid)'",
        Part::Intent => "'payment.process(order_id: uuid) -> node_payment_effect from OrderPlaced'",
        Part::Step => "'ship_order: effect after take_payment'",
    }
}

/// The node that something is added to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    /// The project's root.
    root: PathBuf,
    /// The node's folder in it.
    folder: RelPath,
}

/// A contract as it stands.
struct Standing {
    path: RelPath,
    contract: Contract,
    package: Identifier,
    producer: String,
}

impl Target {
    /// The node that is named by its folder, or by its name in the project around.
    fn named(named: &Path) -> Result<Self, Trouble> {
        let absolute = std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
        if absolute.join("contract.yaml").is_file() {
            let root = crate::workspace::project_above(&absolute);
            let inside = root.as_ref().and_then(|root| absolute.strip_prefix(root).ok());
            let inside = inside
                .and_then(Path::to_str)
                .and_then(|path| RelPath::parse(&path.replace('\\', "/")));
            if let (Some(root), Some(folder)) = (root, inside) {
                return Ok(Self { root, folder });
            }
        }
        let word = named.to_str().unwrap_or_default();
        let folder = naming::folder_for_name(word, NodeKind::Orchestrator).ok();
        let other = naming::folder_for_contract_name(word).ok();
        for (root, _) in nodes::projects(&[])? {
            let workspace = Workspace::open(&root)?;
            for name in [&folder, &other].into_iter().flatten() {
                if let Some(folder) = nodes::folder_of(&workspace, name)? {
                    return Ok(Self { root, folder });
                }
            }
        }
        let message = format!("there is no node `{}`", named.display().to_string().escape_debug());
        let help = if word.contains(['(', ':', '>', ' ']) {
            "name the node first, then what to add to it"
        } else {
            "name a node's folder, or the node in it"
        };
        Err(Problem::new("no-such-node", message).help(help).into())
    }

    /// The nodes of the project around.
    fn all() -> Result<Vec<Self>, Trouble> {
        let mut all = Vec::new();
        for (root, _) in nodes::projects(&[])? {
            let folders = nodes::folders(&Workspace::open(&root)?)?;
            all.extend(folders.into_iter().map(|folder| Self { root: root.clone(), folder }));
        }
        if all.is_empty() {
            let problem = Problem::new("no-such-node", "no node is there to add to");
            return Err(problem.help("make one: onex new orchestrator").into());
        }
        Ok(all)
    }

    fn standing(&self) -> Result<Standing, Trouble> {
        let workspace = super::enter(&nodes::shown_root(&self.root), Access::Read)?;
        let path = self.folder.ours("contract.yaml");
        let source = text_of(&workspace.read([path.clone()])?, &path, &workspace)?;
        let (contract, found) = contract::parse(&source);
        let contract = match contract {
            Some(contract) if !found.iter().any(Diagnostic::is_error) => contract,
            Some(_) | None => return Err(found.into()),
        };
        let package = package(&contract, &self.folder)?;
        let producer = add::producer(&contract).or_else(|| names::producer(package.as_str()));
        let producer = producer.unwrap_or_else(|| "app".to_owned());
        Ok(Standing { path, contract, package, producer })
    }
}

/// The edited contract, and everything that follows from it.
fn planned(part: Part, arguments: &AddTo, target: &Target) -> Result<Outcome, Trouble> {
    let Target { root, folder } = target;
    let standing = target.standing()?;
    let after = added(&standing, folder, given(part, arguments))?;
    let texts = BTreeMap::from([(standing.path.clone(), after.clone())]);
    let access = super::writing_unless(arguments.dry_run);
    let paths = [root.join(folder.as_str())];
    let mut outcome = managed::plan_as_if(root, &paths, &Options::default(), access, &texts)?;
    let before = standing.contract.file.text().to_owned();
    let change = Change::Updated { before, after };
    let mut edited = FileChange::new(standing.path, Ownership::Yours, change);
    edited.reasons = reasons(part, arguments);
    outcome.plan.changes.push(edited);
    outcome.plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(outcome)
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

fn given(part: Part, arguments: &AddTo) -> Given {
    let mut given = Given { models: arguments.models.clone(), ..Given::default() };
    match part {
        Part::Route => given.routes.clone_from(&arguments.answers),
        Part::Intent => given.intents.clone_from(&arguments.answers),
        Part::Step => given.steps.clone_from(&arguments.answers),
    }
    given
}

fn reasons(part: Part, arguments: &AddTo) -> Vec<String> {
    let word = part.word();
    let count = arguments.answers.len();
    vec![if count == 1 { format!("{word} added") } else { format!("{count} {word}s added") }]
}

/// The text of the contract with what was given.
fn added(standing: &Standing, folder: &RelPath, mut given: Given) -> Result<String, Trouble> {
    let Standing { contract, package, producer, .. } = standing;
    given.name = Some(folder.name().to_owned());
    given.known = Some(add::known(contract));
    let (answers, found) = spec::read(&given, producer);
    let Some((mut answers, _)) = answers else { return Err(found.into()) };
    // The folder is the one that the contract stands in, whatever the convention makes of its name.
    if let Ok(name) = Identifier::parse(folder.name()) {
        answers.folder = name;
    }
    add::add(contract, &answers, package).map_err(|problem| impossible(&problem, contract).into())
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

/// The plan as it is told before it is carried out.
fn told(outcome: Outcome, arguments: &AddTo) -> Ready {
    let AddTo { dry_run, diff, .. } = *arguments;
    let unmanaged = "only its contract is edited";
    outcome.ready(Run { command: "add", dry_run, diff, unmanaged })
}

/// Shows the plan, and does it.
fn carry_out(outcome: Outcome, arguments: &AddTo) -> Exit {
    let mut ready = told(outcome, arguments);
    let mut output = Output::new(arguments.format);
    if ready.stopped.is_some() || arguments.dry_run {
        return ready.tell(&mut output).max(output.end());
    }
    if !arguments.yes {
        ready.report.problems.push(
            Problem::new("missing-answer", "nobody is there to say yes: --yes is missing")
                .help("give --yes to write this, or --dry-run to see it"),
        );
        return ready.tell(&mut output).max(output.end());
    }
    ready.report.written = true;
    let exit = output.say(std::mem::take(&mut ready.report)).max(output.end());
    match ready.carry_out() {
        Ok(()) => exit,
        Err(trouble) => finish(trouble.report("add"), arguments.format),
    }
}
