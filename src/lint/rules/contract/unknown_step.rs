use std::collections::BTreeSet;

use crate::diagnostic::guess;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// A step of the workflow waits for one that is not there.
    ///
    /// # What it checks
    ///
    /// That every id in `depends_on` is the `node_id` of a step.
    ///
    /// # Why
    ///
    /// The framework's `ModelContractWorkflowDefinition` refuses the graph: such a step could never begin.
    ///
    /// # Example
    ///
    /// ```yaml
    /// workflow_coordination:
    ///   workflow_definition:
    ///     execution_graph:
    ///       nodes:
    ///         - {node_id: "receive", node_type: EFFECT_GENERIC}
    ///         - {node_id: "pay", node_type: EFFECT_GENERIC, depends_on: ["recieve"]}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// workflow_coordination:
    ///   workflow_definition:
    ///     execution_graph:
    ///       nodes:
    ///         - {node_id: "receive", node_type: EFFECT_GENERIC}
    ///         - {node_id: "pay", node_type: EFFECT_GENERIC, depends_on: ["receive"]}
    /// ```
    UnknownStep, "unknown-step", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(workflow) = &subject.contract.workflow else { return };
    let ids = || workflow.steps.iter().map(|step| step.id.value.as_str());
    let known: BTreeSet<&str> = ids().collect();
    for step in &workflow.steps {
        for need in step.depends_on.iter().filter(|need| !known.contains(need.value.as_str())) {
            let message =
                format!("step `{}` waits for `{}`, which is no step", step.id.value, need.value);
            let others = ids().filter(|id| *id != step.id.value);
            let help = guess(found, &need.value, others).map_or_else(
                || "name a step's `node_id`, or remove it".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            found.push(subject.finding(Severity::Error, ID, need.span, message).help(help));
        }
    }
}
