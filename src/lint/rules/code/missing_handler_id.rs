use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

use super::{finding, outputs, span_of};

rule! {
    /// An output does not say which handler it comes from.
    ///
    /// # What it checks
    ///
    /// That `ModelHandlerOutput.for_orchestrator(..)` is given a `handler_id`, and that this is not empty.
    ///
    /// # Why
    ///
    /// The parameter can be left out, but its default, the empty text, is refused when the output is made:
    /// `ValidationError`, and the event is not answered.
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
    ///             events=(ModelOrderValidated(total=12),),
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
    MissingHandlerId, "missing-handler-id", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (source, placed) in outputs(subject) {
        let call = &placed.call;
        let (span, message) = match call.keyword("handler_id") {
            Some(keyword) if keyword.value.text() == Some("") => {
                (span_of(keyword), "the `handler_id` of this output is empty")
            }
            Some(_) => continue,
            None if call.is_open() || call.arguments.len() > BEFORE => continue,
            None => (call.callee.span, "this output is made without a `handler_id`"),
        };
        found.push(
            finding(Severity::Error, ID, source, span, message)
                .label("the framework raises ValidationError")
                .help("pass the name of the handler's class, as the contract's routing has it"),
        );
    }
}

/// How many parameters stand before it.
const BEFORE: usize = 2;

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const ID: &str = "            handler_id=self.handler_id,\n";

    fn with(after: &str) -> Vec<String> {
        Sample::new().edit(FILE, ID, after).lines(super::ID)
    }

    #[test]
    fn missing_and_empty_ids_are_found() {
        assert_eq!(
            with(""),
            ["handler_payment_taken.py:74 error: this output is made without a `handler_id`"]
        );
        assert_eq!(
            with("            handler_id='',\n"),
            ["handler_payment_taken.py:77 error: the `handler_id` of this output is empty"]
        );
    }

    #[test]
    fn an_id_by_position_or_from_elsewhere_is_one() {
        assert!(with("            **more,\n").is_empty());
        let all = Sample::new().edit(
            FILE,
            "for_orchestrator(",
            "for_orchestrator(one, two, 'HandlerPaymentTaken', **rest, ",
        );
        assert!(all.lines(super::ID).is_empty());
    }
}
