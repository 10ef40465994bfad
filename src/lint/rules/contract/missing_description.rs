use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// The contract does not say what the node is for.
    ///
    /// # What it checks
    ///
    /// That `description` is there and not empty.
    ///
    /// # Why
    ///
    /// `ModelContractOrchestrator` demands it, and it is what registries and generated documentation show of a
    /// node.
    ///
    /// # Example
    ///
    /// ```yaml
    /// description: ""
    /// # says nothing
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// description: "Takes an order from the till to the warehouse."
    /// # one sentence
    /// ```
    MissingDescription, "missing-description", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let description = subject.contract.description.as_ref();
    if description.is_some_and(|description| !description.value.trim().is_empty()) {
        return;
    }
    let message = match description {
        Some(_) => "`description` is empty",
        None => "the contract has no `description`",
    };
    let finding = subject.finding(Severity::Warning, ID, subject.key("description"), message);
    found.push(finding.help("say in one sentence what the node coordinates"));
}
