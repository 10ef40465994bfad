use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// The contract does not say its version, or not as the framework wants it.
    ///
    /// # What it checks
    ///
    /// That `contract_version` is a mapping of `major`, `minor` and `patch`, and that no top-level `version`
    /// stands in its place.
    ///
    /// # Why
    ///
    /// The framework's `ModelYamlContract`, and with it `onex validate`, refuses a contract without it, one
    /// whose version is text, and one with a top-level `version`. The runtimes read it as 0.0.0 and go on,
    /// hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// contract_version: "1.0.0"
    /// # as text
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// contract_version: {major: 1, minor: 0, patch: 0}
    /// # three numbers
    /// ```
    ContractVersion, "contract-version", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let root = subject.root();
    let wanted = "write `contract_version: { major: 1, minor: 0, patch: 0 }`";
    let warn =
        |span, message: &str| subject.finding(Severity::Warning, ID, span, message).help(wanted);
    match root.entry("contract_version") {
        None => found.push(warn(subject.anchor(), "the contract has no `contract_version`")),
        Some((key, value)) => match &subject.contract.contract_version {
            Some(version) if version.value.as_text => {
                found.push(warn(value.span, "`contract_version` is text, and must be a mapping"));
            }
            Some(_) => {}
            None => {
                let span = if value.as_scalar().is_some() { value.span } else { key.span };
                found.push(warn(span, "`contract_version` is no version"));
            }
        },
    }
    if let Some((key, _)) = root.entry("version") {
        let help = "rename it to `contract_version`, or remove it where that is there already";
        let message = "the framework refuses a top-level `version`";
        found.push(subject.finding(Severity::Warning, ID, key.span, message).help(help));
    }
}
