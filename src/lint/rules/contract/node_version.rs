use crate::contract::Version;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::source::Spanned;

rule! {
    /// `node_version` is text, which the framework's strict contract model refuses.
    ///
    /// # What it checks
    ///
    /// That `node_version`, where it is given, is a mapping of `major`, `minor` and `patch`.
    ///
    /// # Why
    ///
    /// `ModelContractOrchestrator` takes no other form. The runtimes print it and go on, hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// node_version: "1.0.0"
    /// # as text
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// node_version: {major: 1, minor: 0, patch: 0}
    /// # three numbers
    /// ```
    NodeVersion, "node-version", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(value) = subject.root().get("node_version").filter(|value| !value.is_null()) else {
        return;
    };
    let version = subject.contract.node_version.as_ref();
    if version.is_some_and(|version| !version.value.as_text) {
        return;
    }
    let (message, help) = match version {
        Some(Spanned { value: Version { major, minor, patch, .. }, .. }) => (
            "`node_version` is text, and must be a mapping",
            format!("write `node_version: {{ major: {major}, minor: {minor}, patch: {patch} }}`"),
        ),
        None => (
            "`node_version` is no version",
            "write `node_version: { major: 1, minor: 0, patch: 0 }`".to_owned(),
        ),
    };
    found.push(subject.finding(Severity::Warning, ID, value.span, message).help(help));
}
