//! Flags -> the contract that they describe.

use super::Trouble;
use crate::cli::NewOrchestrator;
use crate::contract::{self, Contract};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::report::Problem;
use crate::source::SourceFile;
use crate::spec::{self, Given, Origins, names};

/// Refuses flags that leave out what nothing else can say.
pub(super) fn refuse_missing(arguments: &NewOrchestrator) -> Result<(), Trouble> {
    let mut problems = Vec::new();
    if arguments.name.is_none() {
        let problem = Problem::new("missing-answer", "the node has no name: NAME is missing");
        problems.push(problem.help("onex new orchestrator order_payment --route ..."));
    }
    if arguments.routes.is_empty() {
        let message = "nothing says what the node handles: --route is missing";
        let help = "give --route 'OrderPlaced(order_id: uuid) -> OrderValidated(order_id: uuid)', \
                    or --contract with a contract.yaml";
        problems.push(Problem::new("missing-answer", message).help(help));
    }
    if problems.is_empty() { Ok(()) } else { Err(Trouble { problems, ..Trouble::default() }) }
}

/// What the flags say, in the form that the syntax is read from.
pub(super) fn given(arguments: &NewOrchestrator) -> Given {
    Given {
        name: arguments.name.clone(),
        description: arguments.description.clone(),
        producer: arguments.producer.clone(),
        routes: arguments.routes.clone(),
        models: arguments.models.clone(),
        intents: arguments.intents.clone(),
        steps: arguments.steps.clone(),
        known: None,
    }
}

/// The producer of a project's topics: its choice, else its package.
pub(super) fn producer(project: &Project) -> String {
    let of_package = || names::producer(project.package.as_str());
    // A package without a letter in front is one of the few that give no segment.
    project.scaffold.producer.clone().or_else(of_package).unwrap_or_else(|| "app".to_owned())
}

/// The contract that the flags describe, and where in them its parts come from.
pub(super) fn contract(
    arguments: &NewOrchestrator,
    project: &Project,
) -> Result<(Contract, Origins), Trouble> {
    let (answers, found) = spec::read(&given(arguments), &producer(project));
    let Some((answers, origins)) = answers else { return Err(found.into()) };
    let text = contract::write(&answers, &project.package);
    let (contract, found) = contract::parse(&SourceFile::new("the new contract.yaml", text));
    match contract {
        Some(contract) if !found.iter().any(Diagnostic::is_error) => Ok((contract, origins)),
        Some(contract) => Err(spec::blame(found, &contract, &origins).into()),
        None => Err(found.into()),
    }
}
