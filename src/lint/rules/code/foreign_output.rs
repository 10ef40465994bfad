use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Source, Subject, rule};
use crate::python::facts::{Facts, Place, Value, trace};
use crate::source::Span;

use super::{Maker, finding, handlers, maker};

rule! {
    /// A handler of an orchestrator answers as another kind of node would.
    ///
    /// # What it checks
    ///
    /// That the handlers which the contract names do not return what `ModelHandlerOutput.for_compute`, `for_effect`
    /// or `for_reducer` make, nor a `ModelOrchestratorOutput`.
    ///
    /// # Why
    ///
    /// The output names the kind of node that it comes from, and each kind may give other things: what a runtime
    /// does with a result or with projections of an orchestrator is nowhere promised, and intents cannot be given
    /// at all. `ModelOrchestratorOutput` is what the workflow engine reports; as an answer it is published like an
    /// event.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_compute(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id,
    ///             handler_id="HandlerOrderPlaced",
    ///             result={"total": 12},
    ///         )
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    /// from shop.nodes.node_order_payment_orchestrator.models import ModelOrderValidated
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id,
    ///             handler_id="HandlerOrderPlaced",
    ///             events=(ModelOrderValidated(total=12),),
    ///         )
    /// ```
    ForeignOutput, "foreign-output", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for handler in handlers(subject) {
        for name in ["handle", "handle_async"] {
            let Some((at, method)) = handler.facts.method(handler.index, name) else { continue };
            let place = Place { function: Some(at), ..method.place };
            for value in method.returned.iter().filter_map(|(_, value)| value.as_ref()) {
                found.extend(look_at(handler.source, handler.facts, value, place));
            }
        }
    }
}

fn look_at(source: &Source, facts: &Facts, value: &Value, place: Place) -> Vec<Diagnostic> {
    let report = |span: Span, message: String| {
        let help =
            "build it with `ModelHandlerOutput.for_orchestrator(..)`, from events and intents";
        finding(Severity::Warning, ID, source, span, message).help(help)
    };
    let calls = trace(facts, value, place).into_iter().filter_map(|found| found.value.call());
    let made = calls.filter_map(|call| match maker(call) {
        Some(Maker::Builder(builder)) if builder != "for_orchestrator" => {
            Some(report(call.callee.span, format!("`{builder}` is for another kind of node")))
        }
        Some(_) => None,
        None if call.callee.is_framework("ModelOrchestratorOutput") => {
            let message = "a handler does not return a `ModelOrchestratorOutput`";
            Some(report(call.callee.span, message.to_owned()))
        }
        None => None,
    });
    made.collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";

    #[test]
    fn other_builders_are_found_through_variables() {
        for builder in ["for_effect", "for_compute", "for_reducer", "for_void_compute"] {
            let sample = Sample::new().edit(FILE, "for_orchestrator", builder);
            assert_eq!(sample.lines(super::ID).len(), 1, "{builder}");
        }
        let kept = Sample::new()
            .edit(
                FILE,
                "return ModelHandlerOutput.for_orchestrator",
                "out = ModelHandlerOutput.for_effect",
            )
            .edit(FILE, "order_id),),\n        )", "order_id),),\n        )\n        return out");
        assert_eq!(
            kept.lines(super::ID),
            ["handler_payment_taken.py:74 warning: `for_effect` is for another kind of node"]
        );
    }

    #[test]
    fn an_output_that_is_not_returned_is_somebody_elses() {
        let sample = Sample::new().edit(
            FILE,
            "        event = envelope.payload",
            "        event = envelope.payload\n        ModelHandlerOutput.for_effect()",
        );
        assert!(sample.lines(super::ID).is_empty());
    }
}
