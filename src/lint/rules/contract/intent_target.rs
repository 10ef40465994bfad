use crate::diagnostic::guess;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// An intent is routed to a node that this project does not have.
    ///
    /// # What it checks
    ///
    /// That the targets of `intent_routing_table` are nodes of the project, as far as the project has nodes
    /// beside this one.
    ///
    /// # Why
    ///
    /// The intent fails when it is raised and no such node is deployed. It may live in another project, hence a
    /// warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing_table: {"payment.process": "node_paymnt_effect"}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing_table: {"payment.process": "node_payment_effect"}
    /// ```
    ///
    /// ```yaml
    /// # src/shop/nodes/node_payment_effect/contract.yaml
    /// name: "node_payment_effect"
    /// node_type: EFFECT_GENERIC
    /// ```
    IntentTarget, "intent-target", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let names = || {
        subject.neighbours().filter_map(|other| other.name.as_ref()).map(|name| name.value.as_str())
    };
    for route in &subject.contract.intents {
        let target = &route.target;
        let named = subject.neighbours_named(&target.value).next().is_some();
        if named || subject.has_neighbour_in(&target.value) {
            continue;
        }
        let message = format!(
            "the intent `{}` goes to `{}`, which is no node of this project",
            route.intent_type.value, target.value
        );
        let help = guess(found, &target.value, names()).map_or_else(
            || "make sure that it is deployed beside this project".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        found.push(subject.finding(Severity::Warning, ID, target.span, message).help(help));
    }
}
