use crate::diagnostic::nearest;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// A step of the workflow is done by a kind of node that does not exist.
    ///
    /// # What it checks
    ///
    /// That `node_type` of every step is `COMPUTE_GENERIC`, `EFFECT_GENERIC`, `REDUCER_GENERIC` or
    /// `ORCHESTRATOR_GENERIC`.
    ///
    /// # Why
    ///
    /// The models take any text here, so that nothing else notices; readers and tools of the graph do not know
    /// the word.
    ///
    /// # Example
    ///
    /// ```yaml
    /// workflow_coordination:
    ///   workflow_definition:
    ///     execution_graph:
    ///       nodes:
    ///         - {node_id: "receive", node_type: EFECT_GENERIC}
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
    /// ```
    StepNodeType, "step-node-type", Warning
}

const KINDS: [&str; 5] = [
    "COMPUTE_GENERIC",
    "EFFECT_GENERIC",
    "ORCHESTRATOR_GENERIC",
    "REDUCER_GENERIC",
    "RUNTIME_HOST_GENERIC",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for step in subject.contract.workflow.iter().flat_map(|workflow| &workflow.steps) {
        let warn = |span, message: String, help: String| {
            subject.finding(Severity::Warning, ID, span, message).help(help)
        };
        match &step.node_type {
            None => {
                let message =
                    format!("step `{}` does not say what kind of node does it", step.id.value);
                let help =
                    "add `node_type: EFFECT_GENERIC`, or another of the four kinds".to_owned();
                found.push(warn(step.id.span, message, help));
            }
            Some(kind) if KINDS.contains(&kind.value.to_uppercase().as_str()) => {}
            Some(kind) => {
                let message = format!("`{}` is no kind of node", kind.value);
                let short = format!("{}_GENERIC", kind.value.to_uppercase());
                let meant = KINDS.into_iter().find(|known| *known == short);
                let meant = meant.or_else(|| nearest(&kind.value, KINDS));
                let help = meant.map_or_else(
                    || format!("one of {}", KINDS.join(", ")),
                    |near| format!("write `node_type: {near}`"),
                );
                found.push(warn(kind.span, message, help));
            }
        }
    }
}
