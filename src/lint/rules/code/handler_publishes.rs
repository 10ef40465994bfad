use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

use super::{HandlerCode, finding, handlers};

rule! {
    /// A handler publishes by itself.
    ///
    /// # What it checks
    ///
    /// That no handler calls `publish` on something, unless the runtime hands it a bus: `__init__` takes a
    /// parameter that is called like a bus or a publisher.
    ///
    /// # Why
    ///
    /// A handler says what happened and the runtime publishes it, on the contract's topic and with the ids of the
    /// event that it answers. What a handler publishes past the runtime is in no contract, no trace and no test
    /// of the output.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from shop.bus import bus
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         await bus.publish(envelope.payload)
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return None
    /// ```
    HandlerPublishes, "handler-publishes", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for handler in handlers(subject) {
        if is_given_a_bus(handler) {
            continue;
        }
        for placed in &handler.facts.calls {
            let callee = &placed.call.callee;
            let publishes = callee.name().is_some_and(|name| name.contains('.'))
                && matches!(
                    callee.last_name(),
                    Some("publish" | "publish_envelope" | "publish_raw")
                );
            if publishes && placed.place.class == Some(handler.index) {
                let message = format!("`{}` publishes by itself", handler.class.name.value);
                let help =
                    "give the event to `events=(..)`, or return it: the runtime publishes it";
                found.push(
                    finding(Severity::Warning, ID, handler.source, placed.call.span, message)
                        .help(help),
                );
            }
        }
    }
}

fn is_given_a_bus(handler: &HandlerCode<'_>) -> bool {
    let init = handler.facts.method(handler.index, "__init__");
    let parameters = init.map(|(_, init)| init.arguments()).unwrap_or_default();
    parameters.iter().any(|parameter| {
        let name = &parameter.name.value;
        name.ends_with("bus") || name.contains("publisher") || name == "container"
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const EVENT: &str = "event = envelope.payload";

    #[test]
    fn publishing_past_the_runtime_is_found() {
        for (call, line) in [
            ("await bus.publish(1)", 73),
            ("self.bus.publish_envelope(1, x)", 73),
            ("x = (\n            await a.b.publish(1)\n        )", 74),
        ] {
            let sample = Sample::new().edit(FILE, EVENT, call);
            assert_eq!(
                sample.lines(super::ID),
                [format!(
                    "handler_payment_taken.py:{line} warning: `HandlerPaymentTaken` publishes by itself"
                )]
            );
        }
    }

    #[test]
    fn a_bus_that_the_runtime_hands_over_may_be_used() {
        let class = "class HandlerPaymentTaken:\n";
        let sample = Sample::new()
            .edit(FILE, class, &format!("{class}    def __init__(self, event_bus): ...\n\n"))
            .edit(FILE, EVENT, "await self.bus.publish(1)");
        assert!(sample.lines(super::ID).is_empty());
        assert!(Sample::new().edit(FILE, EVENT, "publish(envelope)").lines(super::ID).is_empty());
    }
}
