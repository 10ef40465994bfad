use crate::contract::Yaml;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// The contract sets no time limit for one operation.
    ///
    /// # What it checks
    ///
    /// That `performance.single_operation_max_ms` is a number of at least 1.
    ///
    /// # Why
    ///
    /// `ModelContractOrchestrator` refuses an orchestrator without it; the runtimes do not look.
    ///
    /// # Example
    ///
    /// ```yaml
    /// performance: {}
    /// # sets no limit
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// performance: {single_operation_max_ms: 30000}
    /// # half a minute
    /// ```
    MissingPerformance, "missing-performance", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let limit = subject.root().get("performance").and_then(|p| p.get("single_operation_max_ms"));
    if limit.and_then(Yaml::as_int).is_some_and(|limit| limit >= 1) {
        return;
    }
    let (span, message) = match limit {
        Some(limit) => (limit.span, "`single_operation_max_ms` must be a number of at least 1"),
        None => (
            subject.key("performance"),
            "the contract has no `performance.single_operation_max_ms`",
        ),
    };
    let finding = subject.finding(Severity::Warning, ID, span, message);
    found.push(finding.help("add `performance: { single_operation_max_ms: 30000 }`"));
}
