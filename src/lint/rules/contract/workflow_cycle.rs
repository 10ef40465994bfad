use std::collections::BTreeMap;

use crate::contract::WorkflowStep;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::source::Spanned;

rule! {
    /// Steps of the workflow wait for each other in a ring.
    ///
    /// # What it checks
    ///
    /// That following `depends_on` in `workflow_coordination.workflow_definition.execution_graph` never leads back
    /// to the step that one started from.
    ///
    /// # Why
    ///
    /// The framework's `ModelContractWorkflowDefinition` refuses a graph with a cycle, so no code can load the
    /// contract as a typed model; `onex validate` does not look. No step of a ring could ever be the first.
    ///
    /// # Example
    ///
    /// ```yaml
    /// workflow_coordination:
    ///   workflow_definition:
    ///     execution_graph:
    ///       nodes:
    ///         - { node_id: "receive", node_type: EFFECT_GENERIC, depends_on: ["pay"] }
    ///         - { node_id: "pay", node_type: EFFECT_GENERIC, depends_on: ["receive"] }
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// workflow_coordination:
    ///   workflow_definition:
    ///     execution_graph:
    ///       nodes:
    ///         - { node_id: "receive", node_type: EFFECT_GENERIC }
    ///         - { node_id: "pay", node_type: EFFECT_GENERIC, depends_on: ["receive"] }
    /// ```
    WorkflowCycle, "workflow-cycle", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(workflow) = &subject.contract.workflow else { return };
    let steps: BTreeMap<&str, &WorkflowStep> =
        workflow.steps.iter().map(|step| (step.id.value.as_str(), step)).collect();
    let mut settled = BTreeMap::new();
    for step in &workflow.steps {
        let mut walk = Walk { steps: &steps, settled: &mut settled, path: Vec::new() };
        if let Some(ring) = walk.from(step) {
            found.extend(finding(subject, &ring));
        }
    }
}

/// A step that waits, and the entry of its `depends_on` that leads on.
type Edge<'a> = (&'a WorkflowStep, &'a Spanned<String>);

struct Walk<'a, 'b> {
    steps: &'b BTreeMap<&'a str, &'a WorkflowStep>,
    /// Steps that all paths were followed from.
    settled: &'b mut BTreeMap<&'a str, ()>,
    path: Vec<Edge<'a>>,
}

impl<'a> Walk<'a, '_> {
    /// The first ring that can be reached from a step. A loop of its own: a chain may be longer than the stack
    /// is deep.
    fn from(&mut self, start: &'a WorkflowStep) -> Option<Vec<Edge<'a>>> {
        let mut open = vec![(start, start.depends_on.iter())];
        while let Some((step, rest)) = open.last_mut() {
            let step = *step;
            let Some(next) = rest.next().filter(|_| !self.is_settled(step)) else {
                self.settled.insert(&step.id.value, ());
                open.pop();
                self.path.pop();
                continue;
            };
            let Some(target) = self.steps.get(next.value.as_str()).copied() else { continue };
            self.path.push((step, next));
            let id = &target.id.value;
            if let Some(begin) = self.path.iter().position(|(on_path, _)| on_path.id.value == *id) {
                for (member, _) in &self.path {
                    self.settled.insert(&member.id.value, ());
                }
                return Some(self.path.split_off(begin));
            }
            if self.is_settled(target) {
                self.path.pop();
                continue;
            }
            open.push((target, target.depends_on.iter()));
        }
        None
    }

    fn is_settled(&self, step: &WorkflowStep) -> bool {
        self.settled.contains_key(step.id.value.as_str())
    }
}

fn finding(subject: &Subject<'_>, ring: &[Edge<'_>]) -> Option<Diagnostic> {
    let ((first, edge), others) = ring.split_first()?;
    let mut ids: Vec<&str> = ring.iter().map(|(step, _)| step.id.value.as_str()).collect();
    ids.push(&first.id.value);
    let message = if others.is_empty() {
        format!("step `{}` waits for itself", first.id.value)
    } else {
        format!("steps wait for each other: {}", ids.join(" -> "))
    };
    let finding = subject
        .finding(Severity::Error, ID, edge.span, message)
        .label(format!("`{}` waits for `{}`", first.id.value, edge.value))
        .help("remove one of these dependencies");
    Some(others.iter().fold(finding, |finding, (step, edge)| {
        finding.related(edge.span, format!("`{}` waits for `{}`", step.id.value, edge.value))
    }))
}
