use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::facts::Value;

use super::{HandlerCode, Maker, finding, handlers, maker};

rule! {
    /// A handler calls itself by another name than the contract does.
    ///
    /// # What it checks
    ///
    /// That the property `handler_id` of a handler which the contract names returns the name of its class, where
    /// it returns a plain text, and that a text given as `handler_id=` to an output is that name too.
    ///
    /// # Why
    ///
    /// `NodeOrchestrator` looks its handlers up in the registry by the name that the contract's `handler_routing`
    /// has, and that is the class name. Under any other id (the framework's documentation shows
    /// `handler-order-placed`) the routing finds no handler, and `validate_handler_routing()` reports it as not
    /// found. Only the automatic wiring of omnibase_infra does not ask for the id.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     @property
    ///     def handler_id(self) -> str:
    ///         return "handler-order-placed"
    ///
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id,
    ///             handler_id=self.handler_id,
    ///         )
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     @property
    ///     def handler_id(self) -> str:
    ///         return "HandlerOrderPlaced"
    ///
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id,
    ///             handler_id=self.handler_id,
    ///         )
    /// ```
    HandlerIdMismatch, "handler-id-mismatch", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for handler in handlers(subject) {
        let name = &handler.class.name.value;
        for value in ids(handler) {
            let Some(id) = value.text().filter(|id| !id.is_empty() && id != name) else { continue };
            let message =
                format!("the id of `{name}` is `{id}`, but the contract names it `{name}`");
            let finding = finding(Severity::Warning, ID, handler.source, value.span, message)
                .help(format!("write \"{name}\""));
            found.push(handler.named.iter().fold(finding, |finding, span| {
                finding.related_in(subject.file(), *span, "the routing looks it up by this name")
            }));
        }
    }
}

/// What the property returns, and what outputs are given.
fn ids<'a>(handler: &HandlerCode<'a>) -> Vec<&'a Value> {
    let property = handler.facts.method(handler.index, "handler_id");
    let returned = property.into_iter().flat_map(|(_, method)| &method.returned);
    let returned = returned.filter_map(|(_, value)| value.as_ref());
    let calls = handler.facts.calls.iter().filter(|placed| {
        placed.place.class == Some(handler.index)
            && maker(&placed.call) == Some(Maker::Builder("for_orchestrator"))
    });
    let passed = calls.filter_map(|placed| Some(&placed.call.keyword("handler_id")?.value));
    returned.chain(passed).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";

    #[test]
    fn both_the_property_and_the_argument_are_held_against_the_contract() {
        let property =
            Sample::new().edit(FILE, "return \"HandlerPaymentTaken\"", "return \"payment\"");
        let found = property.of_rule(super::ID);
        assert_eq!(found.len(), 1);
        assert!(found[0].related[0].file.path().ends_with("contract.yaml"));
        let argument = Sample::new().edit(
            FILE,
            "handler_id=self.handler_id",
            "handler_id='handler-payment-taken'",
        );
        assert_eq!(
            argument.lines(super::ID),
            ["handler_payment_taken.py:77 warning: the id of `HandlerPaymentTaken` is \
             `handler-payment-taken`, but the contract names it `HandlerPaymentTaken`"]
        );
    }

    #[test]
    fn what_is_computed_is_not_guessed() {
        let sample = Sample::new().edit(
            FILE,
            "return \"HandlerPaymentTaken\"",
            "return type(self).__name__",
        );
        assert!(sample.lines(super::ID).is_empty());
    }
}
