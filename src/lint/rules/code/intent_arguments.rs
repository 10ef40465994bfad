use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::lint::{Source, Subject, rule};
use crate::python::facts::{Call, Value, ValueKind};
use crate::source::Span;

use super::{finding, runtime_code, span_of};

rule! {
    /// An intent is made with arguments that `ModelIntent` refuses.
    ///
    /// # What it checks
    ///
    /// That `ModelIntent(..)` is given `intent_type`, `target` and `payload` by name, none of them empty, no
    /// argument that it does not have, and a payload that is a model.
    ///
    /// # Why
    ///
    /// `ModelIntent` forbids unknown fields and checks that the payload has an `intent_type` of its own: anything
    /// else raises `ValidationError`, and the event is not answered. The framework's template writes
    /// `target_pattern`; the field is `target`.
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
    ///             intent_type="payment.process",
    ///             target_pattern="payment://orders",
    ///             payload={"order_id": event.order_id},
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
    IntentArguments, "intent-arguments", Error
}

/// The fields of `ModelIntent`, those first that must be given.
const FIELDS: [&str; 7] =
    ["intent_type", "target", "payload", "intent_id", "priority", "lease_id", "epoch"];

/// How many of them must be given.
const REQUIRED: usize = 3;

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        let calls = source.facts().calls.iter().filter(|placed| !placed.place.expects_error);
        for call in calls.map(|placed| &placed.call) {
            if call.callee.is_framework("ModelIntent") {
                look_at(source, call, found);
            }
        }
    }
}

fn look_at(source: &Source, call: &Call, found: &mut Vec<Diagnostic>) {
    let mut report = |span: Span, message: String, help: String| {
        found.push(finding(Severity::Error, ID, source, span, message).help(help));
    };
    for keyword in &call.keywords {
        let Some(name) = keyword.name.as_ref().map(|name| name.value.as_str()) else { continue };
        if !FIELDS.contains(&name) {
            let help = match name {
                "target_pattern" => "the field is `target`".to_owned(),
                _ => nearest(name, FIELDS).map_or_else(
                    || format!("it has {}", FIELDS.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                ),
            };
            report(span_of(keyword), format!("`ModelIntent` has no field `{name}`"), help);
        } else if keyword.value.text() == Some("") {
            let message = format!("the `{name}` of this intent is empty");
            report(span_of(keyword), message, "say who is to do what".to_owned());
        } else if name == "payload" && is_no_model(&keyword.value) {
            let message = "the payload of an intent is a model, not a plain value".to_owned();
            let help = "make it a model with the field `intent_type: Literal[\"..\"] = \"..\"`";
            report(span_of(keyword), message, help.to_owned());
        }
    }
    if let Some(first) = call.arguments.first().filter(|_| !call.is_open()) {
        let message = "`ModelIntent` takes its fields by name".to_owned();
        report(first.span, message, "write `intent_type=..`".to_owned());
    } else if !call.is_open() && !has_unknown(call) {
        let required = FIELDS.iter().take(REQUIRED);
        let missing: Vec<&str> =
            required.copied().filter(|name| call.keyword(name).is_none()).collect();
        if !missing.is_empty() {
            let message = format!("this intent is made without `{}`", missing.join("` and `"));
            report(
                call.callee.span,
                message,
                "all of intent_type, target and payload are needed".to_owned(),
            );
        }
    }
}

/// Whether a field has a name that is none, which stands for one that is missing.
fn has_unknown(call: &Call) -> bool {
    let names = call.keywords.iter().filter_map(|keyword| keyword.name.as_ref());
    names.into_iter().any(|name| !FIELDS.contains(&name.value.as_str()))
}

fn is_no_model(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Dict(_)
        | ValueKind::List(_)
        | ValueKind::Tuple(_)
        | ValueKind::Set(_)
        | ValueKind::Text(_)
        | ValueKind::Literal
        | ValueKind::None => true,
        ValueKind::Call(call) => call.callee.is_named("dict"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_order_placed.py";
    const TARGET: &str = "                    target=\"node_payment_effect\",\n";

    fn with(before: &str, after: &str) -> Vec<String> {
        Sample::new().edit(FILE, before, after).lines(super::ID)
    }

    #[test]
    fn unknown_missing_and_empty_fields_are_found() {
        assert_eq!(
            with("target=\"", "target_pattern=\""),
            ["handler_order_placed.py:82 error: `ModelIntent` has no field `target_pattern`",]
        );
        assert_eq!(
            with(TARGET, ""),
            ["handler_order_placed.py:80 error: this intent is made without `target`"]
        );
        assert_eq!(
            with("=\"node_payment_effect\"", "=''"),
            ["handler_order_placed.py:82 error: the `target` of this intent is empty"]
        );
        assert_eq!(
            with("intent_type=", ""),
            ["handler_order_placed.py:81 error: `ModelIntent` takes its fields by name"]
        );
    }

    #[test]
    fn a_payload_is_a_model() {
        let one = [
            "handler_order_placed.py:83 error: the payload of an intent is a model, not a plain value",
        ];
        assert_eq!(with("payload=ModelPaymentProcessIntentPayload", "payload=dict"), one);
        assert!(with("payload=ModelPaymentProcessIntentPayload", "payload=payload_for").is_empty());
        assert!(with(TARGET, "**rest,\n").is_empty());
    }
}
