use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::Role;
use crate::lint::emitted::emitted;
use crate::lint::{Subject, rule};

rule! {
    /// The contract routes an intent that no handler raises.
    ///
    /// # What it checks
    ///
    /// That every intent of `intent_routing_table` is raised by a `ModelIntent` in the handlers' code.
    ///
    /// # Why
    ///
    /// The route is dead. It may be that the handler is still to be written, hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing_table: {"payment.process": "node_payment_effect", "payment.refund": "node_payment_effect"}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing_table: {"payment.process": "node_payment_effect"}
    /// ```
    IntentNeverRaised, "intent-never-raised", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let emitted = emitted(subject.sources);
    // A type that cannot be read off may be any; and before there is code, nothing can be raised.
    if emitted.is_open || subject.sources.of(Role::Handler).next().is_none() {
        return;
    }
    for route in &subject.contract.intents {
        let kind = &route.intent_type;
        if !emitted.intents.iter().any(|(_, raised)| raised.value == kind.value) {
            let message = format!("no handler raises the intent `{}`", kind.value);
            let finding = subject.finding(Severity::Warning, ID, kind.span, message);
            found.push(finding.help("raise it with a `ModelIntent`, or remove the route"));
        }
    }
}
