use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Source, Subject, rule};
use crate::python::facts::Value;

use super::{finding, runtime_code};

rule! {
    /// An intent and its payload name different types.
    ///
    /// # What it checks
    ///
    /// That the `intent_type` given to `ModelIntent` is the one that the class of its payload has as its default,
    /// where both are plain texts in the node's own files.
    ///
    /// # Why
    ///
    /// Intents are routed by the type of the payload; the type of the intent is only compared with it, and a
    /// difference is logged. Whoever reads the handler sees one type, and another is carried out.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.reducer.model_intent import ModelIntent
    ///
    /// from shop.nodes.node_order_payment_orchestrator.models import (
    ///     ModelPaymentProcessIntentPayload,
    /// )
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     def ask(self, event):
    ///         return ModelIntent(
    ///             intent_type="fulfilment.start",
    ///             target="fulfilment://orders",
    ///             payload=ModelPaymentProcessIntentPayload(order_id=event.order_id, total=1),
    ///         )
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.reducer.model_intent import ModelIntent
    ///
    /// from shop.nodes.node_order_payment_orchestrator.models import (
    ///     ModelPaymentProcessIntentPayload,
    /// )
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     def ask(self, event):
    ///         return ModelIntent(
    ///             intent_type="payment.process",
    ///             target="payment://orders",
    ///             payload=ModelPaymentProcessIntentPayload(order_id=event.order_id, total=1),
    ///         )
    /// ```
    IntentTypeMismatch, "intent-type-mismatch", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        for placed in &source.facts().calls {
            if !placed.call.callee.is_framework("ModelIntent") {
                continue;
            }
            let Some(given) = placed.call.keyword("intent_type") else { continue };
            let Some(payload) = placed.call.keyword("payload") else { continue };
            let class = payload.value.call().and_then(|call| call.callee.last_name());
            let (Some(written), Some(class)) = (given.value.text(), class) else { continue };
            let Some((file, own)) = type_of(subject, class) else { continue };
            if own.text().is_some_and(|own| own != written) {
                let own_type = own.text().unwrap_or_default();
                let message =
                    format!("this intent is `{written}`, but its payload is `{own_type}`");
                found.push(
                    finding(Severity::Warning, ID, source, given.value.span, message)
                        .related_in(&file.file, own.span, "routed by this type")
                        .help(format!("write \"{own_type}\", or pass the payload of `{written}`")),
                );
            }
        }
    }
}

/// The default of `intent_type` in the one class of a name.
fn type_of<'a>(subject: &Subject<'a>, class: &str) -> Option<(&'a Source, &'a Value)> {
    let naming = subject.sources.all().filter(|source| source.file.text().contains(class));
    let mut classes = naming.filter_map(|source| {
        let (_, class) = source.facts().class(class)?;
        Some((source, class))
    });
    let (source, class) = classes.next()?;
    let member = class.members.iter().find(|member| member.name.value == "intent_type")?;
    let value = member.value.as_ref()?;
    classes.next().is_none().then_some((source, value))
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_order_placed.py";

    #[test]
    fn both_places_are_shown() {
        let sample = Sample::new().edit(FILE, "=\"payment.process\"", "=\"payment.cancel\"");
        let found = sample.of_rule(super::ID);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message,
            "this intent is `payment.cancel`, but its payload is `payment.process`"
        );
        assert!(
            found[0].related[0].file.path().ends_with("model_payment_process_intent_payload.py")
        );
    }

    #[test]
    fn a_payload_from_elsewhere_is_not_known() {
        let sample = Sample::new().edit(FILE, "=\"payment.process\"", "=\"payment.cancel\"").edit(
            FILE,
            "payload=ModelPaymentProcessIntentPayload",
            "payload=ModelElsewhere",
        );
        assert!(sample.lines(super::ID).is_empty());
    }
}
