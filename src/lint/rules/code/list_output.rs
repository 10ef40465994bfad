use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::facts::{ValueKind, trace};

use super::{finding, outputs};

rule! {
    /// Events or intents are given as a list.
    ///
    /// # What it checks
    ///
    /// That what is given to `events` and `intents` is a tuple, where it is written down.
    ///
    /// # Why
    ///
    /// The fields are tuples. A list is turned into one when the output is made, but it is an error for mypy, and
    /// whoever compares the output with a list (`output.events == []`) compares a tuple and is always wrong.
    ///
    /// # Example
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
    ///             events=[ModelOrderValidated(total=12)],
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
    ListOutput, "list-output", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (source, placed) in outputs(subject) {
        for name in ["events", "intents"] {
            let Some(keyword) = placed.call.keyword(name) else { continue };
            for value in trace(source.facts(), &keyword.value, placed.place) {
                if !matches!(value.value.kind, ValueKind::List(_) | ValueKind::ListOf(_)) {
                    continue;
                }
                let message = format!("`{name}` is a tuple, this is a list");
                let help = match &value.value.kind {
                    ValueKind::List(items) if items.len() == 1 => "write `(item,)`",
                    ValueKind::List(items) if items.is_empty() => "write `()`",
                    _ => "write `tuple(..)` around it, or round brackets",
                };
                found.push(
                    finding(Severity::Warning, ID, source, value.value.span, message).help(help),
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
    fn lists_of_all_kinds_are_found() {
        let one = ["handler_payment_taken.py:78 warning: `events` is a tuple, this is a list"];
        assert_eq!(with("events=[ModelOrderPaid()],"), one);
        assert_eq!(with("events=[],"), one);
        assert_eq!(with("events=[x for x in event.lines],"), one);
        assert_eq!(with("events=() if event.order_id else [event],"), one);
    }

    #[test]
    fn what_becomes_a_tuple_is_one() {
        assert!(with("events=tuple([x for x in event.lines]),").is_empty());
        assert!(with("events=(*made, event),").is_empty());
        assert!(with("events=made(),").is_empty());
    }
}
