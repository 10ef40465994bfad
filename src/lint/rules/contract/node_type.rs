use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// `node_type` is no name that the framework's models know.
    ///
    /// # What it checks
    ///
    /// That `node_type` is `ORCHESTRATOR_GENERIC`, in whatever case.
    ///
    /// # Why
    ///
    /// `ModelYamlContract` and `onex validate` refuse any other word, `orchestrator` among them. The runtimes
    /// go by the beginning of the word, hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// node_type: orchestrator
    /// # the short word
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// node_type: ORCHESTRATOR_GENERIC
    /// # the name of the enum
    /// ```
    NodeType, "node-type", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let help = "write `node_type: ORCHESTRATOR_GENERIC`";
    let warn =
        |span, message: String| subject.finding(Severity::Warning, ID, span, message).help(help);
    match &subject.contract.node_type {
        None => found.push(warn(subject.anchor(), "the contract has no `node_type`".to_owned())),
        Some(kind) if kind.value.eq_ignore_ascii_case("ORCHESTRATOR_GENERIC") => {}
        Some(kind) => {
            let message = format!("`{}` is no node type of the framework", kind.value);
            found.push(warn(kind.span, message));
        }
    }
}
