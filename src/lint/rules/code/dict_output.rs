use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};

use super::emission::emitted;
use super::{finding, outputs};

rule! {
    /// An event or an intent is a dict.
    ///
    /// # What it checks
    ///
    /// That the tuples given to `events` and `intents` hold no dict.
    ///
    /// # Why
    ///
    /// omnibase_infra publishes only those events that are models: a dict is dropped and the dispatch reports
    /// success. A dict among the intents raises `ValidationError` when the output is passed on.
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
    ///             correlation_id=envelope.correlation_id or uuid4(),
    ///             handler_id="HandlerOrderPlaced",
    ///             events=({"event_type": "OrderValidated", "total": 12},),
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
    /// from shop.nodes.node_order_payment_orchestrator.models import ModelOrderValidated
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id or uuid4(),
    ///             handler_id="HandlerOrderPlaced",
    ///             events=(ModelOrderValidated(total=12),),
    ///         )
    /// ```
    DictOutput, "dict-output", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (source, placed) in outputs(subject) {
        for (name, message, consequence, help) in [
            (
                "events",
                "this event is a dict",
                "dropped, and the dispatch reports success",
                "make it a model that the contract publishes",
            ),
            (
                "intents",
                "this intent is a dict",
                "the framework raises ValidationError",
                "make it a `ModelIntent` with a typed payload",
            ),
        ] {
            let Some(keyword) = placed.call.keyword(name) else { continue };
            for dict in emitted(source.facts(), &keyword.value, placed.place).dicts() {
                found.push(
                    finding(subject.wiring_severity(), ID, source, dict.span, message)
                        .label(consequence)
                        .help(help),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const EVENTS: &str = "events=(ModelOrderPaid(order_id=event.order_id),),";

    fn with(after: &str) -> Vec<String> {
        Sample::new().edit(FILE, EVENTS, after).lines(super::ID)
    }

    #[test]
    fn dicts_are_found_wherever_they_come_from() {
        let one = ["handler_payment_taken.py:78 error: this event is a dict"];
        assert_eq!(with("events=({'a': 1},),"), one);
        assert_eq!(with("events=[dict(a=1)],"), one);
        assert_eq!(with("events=tuple({'a': n} for n in range(3)),"), one);
        assert_eq!(
            with("intents=({'intent_type': 'x'},),"),
            ["handler_payment_taken.py:78 error: this intent is a dict"]
        );
        let kept = Sample::new().edit(FILE, EVENTS, "events=(paid,),").edit(
            FILE,
            "event = envelope.payload",
            "paid = {'a': 1}",
        );
        assert_eq!(
            kept.lines(super::ID),
            ["handler_payment_taken.py:73 error: this event is a dict"]
        );
    }

    #[test]
    fn a_dict_within_a_model_is_a_field() {
        assert!(with("events=(ModelOrderPaid(order_id={'a': 1}),),").is_empty());
        assert!(with("events=made(),").is_empty());
    }
}
