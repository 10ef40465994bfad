use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// The contract's name, its folder and the entry point are called differently.
    ///
    /// # What it checks
    ///
    /// That `name` is there, is the name of the folder that the contract stands in, and has the form
    /// `node_<words>`.
    ///
    /// # Why
    ///
    /// `onex node NAME` finds a node by its entry point, which is called like the folder; logs and the
    /// duplicate check of the auto-wiring use the contract's name. Where the two differ, people look for the
    /// one and find nothing.
    ///
    /// # Example
    ///
    /// ```yaml
    /// name: "node_payment_orchestrator"
    /// # in the folder node_order_payment_orchestrator
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// name: "node_order_payment_orchestrator"
    /// # as the folder
    /// ```
    ContractName, "contract-name", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let folder = subject.folder.name();
    let warn = |span, message: String| {
        subject
            .finding(Severity::Warning, ID, span, message)
            .help(format!("write `name: \"{folder}\"`"))
    };
    match &subject.contract.name {
        None => {
            let message = "the contract has no `name`".to_owned();
            found.push(warn(subject.anchor(), message));
        }
        Some(name) if !folder.is_empty() && name.value != folder => {
            let message =
                format!("the contract is called `{}` and its folder `{folder}`", name.value);
            found.push(warn(name.span, message));
        }
        Some(name) if !is_node_name(&name.value) => {
            let message = format!("`{}` is not of the form `node_<words>`", name.value);
            let help =
                "call the folder and the contract `node_..`, in lower case with `_` between words";
            found.push(subject.finding(Severity::Warning, ID, name.span, message).help(help));
        }
        Some(_) => {}
    }
}

fn is_node_name(name: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.strip_prefix("node_").is_some_and(|rest| !rest.is_empty() && rest.chars().all(known))
}
