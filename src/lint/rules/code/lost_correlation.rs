use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::facts::{Function, Value, trace};

use super::{envelope_of, finding, function_around, outputs, span_of};

rule! {
    /// An output does not carry the ids of the event that it answers.
    ///
    /// # What it checks
    ///
    /// That a handler which is given an envelope, or the ids themselves, passes them on: no `uuid4()` as
    /// `input_envelope_id` or as `correlation_id`, and no `envelope.correlation_id` without a fallback.
    ///
    /// # Why
    ///
    /// What follows from an event is found by its correlation id. A fresh one cuts the chain: traces end at this
    /// node, and RuntimeLocal takes the answer for somebody else's and waits until it times out. An envelope may
    /// come without a correlation id, and `None` is refused when the output is made.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from uuid import uuid4
    ///
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=uuid4(),
    ///             handler_id="HandlerOrderPlaced",
    ///         )
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from uuid import uuid4
    ///
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id or uuid4(),
    ///             handler_id="HandlerOrderPlaced",
    ///         )
    /// ```
    LostCorrelation, "lost-correlation", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (source, placed) in outputs(subject) {
        let facts = source.facts();
        let Some(function) = function_around(facts, placed) else { continue };
        for (parameter, field) in
            [("input_envelope_id", "envelope_id"), ("correlation_id", "correlation_id")]
        {
            let Some(keyword) = placed.call.keyword(parameter) else { continue };
            let Some(known) = known_id(function, parameter, field) else { continue };
            let values = trace(facts, &keyword.value, placed.place);
            let [only] = values.as_slice() else { continue };
            let report = |message: String, help: String| {
                finding(Severity::Warning, ID, source, span_of(keyword), message).help(help)
            };
            let fallback = match parameter {
                "correlation_id" if known.contains('.') => format!("write `{known} or uuid4()`"),
                _ => format!("write `{known}`"),
            };
            if is_fresh(only.value) {
                let message = format!("a new `{parameter}` cuts the answer off from its event");
                found.push(report(message, fallback));
            } else if parameter == "correlation_id"
                && known.contains('.')
                && only.value.is_named(&known)
            {
                let message = format!("`{known}` is None where the envelope has no correlation id");
                found.push(report(message, fallback));
            }
        }
    }
}

/// The expression for an id that the function has been given.
fn known_id(function: &Function, parameter: &str, field: &str) -> Option<String> {
    if let Some(envelope) = envelope_of(function) {
        return Some(format!("{envelope}.{field}"));
    }
    let arguments = function.arguments().iter();
    let mut names = arguments.map(|argument| argument.name.value.as_str());
    names.find(|name| *name == parameter).map(str::to_owned)
}

fn is_fresh(value: &Value) -> bool {
    value.call().is_some_and(|call| {
        call.arguments.is_empty() && matches!(call.callee.name(), Some("uuid.uuid4" | "uuid.uuid1"))
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";

    fn with(before: &str, after: &str) -> Vec<String> {
        Sample::new().edit(FILE, before, after).lines(super::ID)
    }

    #[test]
    fn fresh_ids_and_ids_that_may_be_missing_are_found() {
        assert_eq!(
            with("=envelope.correlation_id or uuid4()", "=uuid4()"),
            [
                "handler_payment_taken.py:76 warning: a new `correlation_id` cuts the answer off from its event"
            ]
        );
        assert_eq!(
            with("input_envelope_id=envelope.envelope_id", "input_envelope_id=uuid4()"),
            [
                "handler_payment_taken.py:75 warning: a new `input_envelope_id` cuts the answer off from its event"
            ]
        );
        assert_eq!(
            with("=envelope.correlation_id or uuid4()", "=envelope.correlation_id"),
            [
                "handler_payment_taken.py:76 warning: `envelope.correlation_id` is None where the envelope has \
             no correlation id"
            ]
        );
    }

    #[test]
    fn ids_by_another_way_are_left_alone() {
        assert!(with("=envelope.correlation_id or uuid4()", "=event.correlation_id").is_empty());
        let bare = Sample::of("seed_template", "src/myapp/nodes/node_order_workflow_orchestrator")
            .edit(
                "handlers/handler_order_placed.py",
                "input_envelope_id=input_",
                "input_envelope_id=",
            );
        assert!(bare.lines(super::ID).is_empty());
    }
}
