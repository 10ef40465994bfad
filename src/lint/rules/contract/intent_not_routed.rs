use crate::diagnostic::Diagnostic;
use crate::diagnostic::guess;
use crate::lint::emitted::emitted;
use crate::lint::{Subject, rule};

rule! {
    /// A handler raises an intent that the contract routes nowhere.
    ///
    /// # What it checks
    ///
    /// That the `intent_type` of every `ModelIntent` in the handlers' code is in
    /// `intent_consumption.intent_routing_table`.
    ///
    /// # Why
    ///
    /// The runtime looks the effect node of an intent up in that table, and fails the whole message where it
    /// finds none.
    ///
    /// # Example
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing_table: {"payment.take": "node_payment_effect"}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing_table: {"payment.process": "node_payment_effect"}
    /// ```
    IntentNotRouted, "intent-not-routed", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let routes = &subject.contract.intents;
    let listed = || routes.iter().map(|route| route.intent_type.value.as_str());
    for (source, kind) in emitted(subject.sources).intents {
        if listed().any(|known| known == kind.value) {
            continue;
        }
        let message = format!("the intent `{}` is raised here and routed nowhere", kind.value);
        let help = guess(found, &kind.value, listed()).map_or_else(
            || {
                format!(
                    "add `\"{}\": \"node_.._effect\"` to `intent_routing_table` of the contract",
                    kind.value
                )
            },
            |near| format!("did you mean `{near}`, which the contract routes?"),
        );
        let error = Diagnostic::error(ID, &source.file, kind.span, message);
        let finding = Diagnostic { severity: subject.wiring_severity(), ..error };
        found.push(
            finding
                .related_in(
                    subject.file(),
                    subject.key("intent_consumption"),
                    "intents are routed here",
                )
                .help(help),
        );
    }
}
