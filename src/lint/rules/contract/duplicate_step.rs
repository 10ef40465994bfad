use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// Two steps of the workflow have the same id.
    ///
    /// # What it checks
    ///
    /// That every `node_id` of the execution graph is there once.
    ///
    /// # Why
    ///
    /// The framework's `ModelContractWorkflowDefinition` refuses the graph, and it is not clear which of the
    /// two a `depends_on` means.
    ///
    /// # Example
    ///
    /// ```yaml
    /// workflow_coordination:
    ///   workflow_definition:
    ///     execution_graph:
    ///       nodes:
    ///         - {node_id: "receive", node_type: EFFECT_GENERIC}
    ///         - {node_id: "pay", node_type: EFFECT_GENERIC, depends_on: ["receive"]}
    ///         - {node_id: "pay", node_type: COMPUTE_GENERIC}
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
    ///         - {node_id: "price", node_type: COMPUTE_GENERIC}
    /// ```
    DuplicateStep, "duplicate-step", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = BTreeMap::new();
    for step in subject.contract.workflow.iter().flat_map(|workflow| &workflow.steps) {
        let id = &step.id;
        if let Some(known) = first.get(id.value.as_str()) {
            let message = format!("two steps of the workflow are called `{}`", id.value);
            let finding = subject.finding(Severity::Error, ID, id.span, message);
            found.push(
                finding
                    .label("again here")
                    .related(*known, "first here")
                    .help("give each step an id of its own"),
            );
        } else {
            first.insert(id.value.as_str(), id.span);
        }
    }
}
