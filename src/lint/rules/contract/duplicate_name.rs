use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};

rule! {
    /// Two contracts of the project have the same name.
    ///
    /// # What it checks
    ///
    /// That no other contract of the project has this contract's `name`.
    ///
    /// # Why
    ///
    /// The auto-wiring keeps the first that it discovers and drops the other, whichever that is.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # src/shop/nodes/node_other_orchestrator/contract.yaml
    /// name: "node_order_payment_orchestrator"
    /// node_type: EFFECT_GENERIC
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// # src/shop/nodes/node_other_orchestrator/contract.yaml
    /// name: "node_other_orchestrator"
    /// node_type: EFFECT_GENERIC
    /// ```
    DuplicateName, "duplicate-name", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(name) = &subject.contract.name else { return };
    for other in subject.neighbours_named(&name.value) {
        let Some(same) = &other.name else { continue };
        let message =
            format!("two contracts are called `{}`, and only one of them is wired", name.value);
        let finding = subject.finding(subject.wiring_severity(), ID, name.span, message);
        found.push(
            finding
                .related_in(&other.file, same.span, "the other")
                .help("give each node a name of its own: that of its folder"),
        );
    }
}
