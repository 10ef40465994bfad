use crate::diagnostic::nearest;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// `failure_recovery_strategy` is no member of the framework's enum.
    ///
    /// # What it checks
    ///
    /// That `failure_recovery_strategy` is RETRY, ROLLBACK, COMPENSATE or ABORT, in upper case.
    ///
    /// # Why
    ///
    /// The contract's own model takes any text; `ModelCoordinationRules`, which a running workflow is described
    /// with, takes the enum's names in upper case alone.
    ///
    /// # Example
    ///
    /// ```yaml
    /// workflow_coordination:
    ///   workflow_definition:
    ///     execution_graph:
    ///       nodes:
    ///         - {node_id: "receive", node_type: EFFECT_GENERIC}
    ///     coordination_rules:
    ///       failure_recovery_strategy: retry
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
    ///     coordination_rules:
    ///       failure_recovery_strategy: RETRY
    /// ```
    FailureRecovery, "failure-recovery", Warning
}

const STRATEGIES: [&str; 4] = ["RETRY", "ROLLBACK", "COMPENSATE", "ABORT"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let workflow = subject.contract.workflow.as_ref();
    let Some(strategy) = workflow.and_then(|w| w.failure_recovery_strategy.as_ref()) else {
        return;
    };
    if STRATEGIES.contains(&strategy.value.as_str()) {
        return;
    }
    let message = format!("`{}` is no failure recovery strategy of the framework", strategy.value);
    let help = match nearest(&strategy.value, STRATEGIES) {
        Some(near) => format!("write `failure_recovery_strategy: {near}`"),
        None => format!("one of {}", STRATEGIES.join(", ")),
    };
    found.push(subject.finding(Severity::Warning, ID, strategy.span, message).help(help));
}
