use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

use super::{finding, handlers};

rule! {
    /// A handler cannot be built by the runtimes.
    ///
    /// # What it checks
    ///
    /// That the handlers which the contract names can be built without arguments: `__init__` has no parameter
    /// without a default, other than those that a runtime fills.
    ///
    /// # Why
    ///
    /// RuntimeLocal builds a handler with nothing but `event_bus` or `state_root`, and fails the run for any
    /// other parameter. The wiring of omnibase_infra also knows `container` and some ports, asks the container
    /// for the class, and quarantines the handler when that has none: its events are dropped. As the container
    /// may be taught the class, this is a warning for the handler styles that RuntimeLocal does not run, and for
    /// contracts without a `terminal_event`, which it does not run either.
    ///
    /// # Example
    ///
    /// ```python
    /// # local: handlers/handler_delivery_made.py
    /// class HandlerDeliveryMade:
    ///     def __init__(self, database):
    ///         self.database = database
    ///
    ///     async def handle(self, request):
    ///         return None
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # local: handlers/handler_delivery_made.py
    /// class HandlerDeliveryMade:
    ///     def __init__(self, database=None):
    ///         self.database = database
    ///
    ///     async def handle(self, request):
    ///         return None
    /// ```
    HandlerConstructor, "handler-constructor", Error
}

/// What RuntimeLocal fills by name.
const LOCAL: [&str; 2] = ["event_bus", "state_root"];

/// What the wiring of omnibase_infra fills by name.
const WIRED: [&str; 8] = [
    "event_bus",
    "container",
    "ownership_query",
    "event_publisher",
    "event_consumer",
    "dispatch_port",
    "provisioner",
    "drain_proof_gate",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    // Without a terminal event, RuntimeLocal does not run the contract at all.
    let runs_locally =
        subject.local_severity() == Severity::Error && subject.contract.terminal_event.is_some();
    let severity = if runs_locally { Severity::Error } else { Severity::Warning };
    for handler in handlers(subject) {
        let Some((_, init)) = handler.facts.method(handler.index, "__init__") else { continue };
        for parameter in init.arguments().iter().filter(|parameter| !parameter.has_default) {
            let name = parameter.name.value.as_str();
            let is_filled =
                if runs_locally { LOCAL.contains(&name) } else { WIRED.contains(&name) };
            if is_filled {
                continue;
            }
            let message =
                format!("`{}` cannot be built without `{name}`", handler.class.name.value);
            let finding = finding(severity, ID, handler.source, parameter.span, message);
            let finding = finding.label("no runtime knows what to pass here").help(format!(
                "give it a default (`{name}=None`), or take what it gives from the event"
            ));
            found.push(handler.named.iter().fold(finding, |finding, span| {
                finding.related_in(subject.file(), *span, "built for this entry")
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const LOCAL: &str = "handlers/handler_delivery_made.py";

    fn wired(parameters: &str) -> Vec<String> {
        let class = "class HandlerPaymentTaken:\n";
        let init = format!("{class}    def __init__(self, {parameters}): ...\n\n");
        Sample::new().edit(FILE, class, &init).lines(super::ID)
    }

    fn local(parameters: &str) -> Vec<String> {
        let class = "class HandlerDeliveryMade:\n";
        let init = format!("{class}    def __init__(self, {parameters}): ...\n\n");
        Sample::local().edit(LOCAL, class, &init).lines(super::ID)
    }

    #[test]
    fn what_nobody_fills_is_found() {
        assert_eq!(wired("store, *, size"), [
            "handler_payment_taken.py:23 warning: `HandlerPaymentTaken` cannot be built without `size`",
            "handler_payment_taken.py:23 warning: `HandlerPaymentTaken` cannot be built without `store`",
        ].into_iter().rev().collect::<Vec<_>>());
        assert_eq!(
            local("container"),
            [
                "handler_delivery_made.py:12 error: `HandlerDeliveryMade` cannot be built without `container`"
            ]
        );
    }

    #[test]
    fn what_has_a_default_or_is_filled_is_fine() {
        assert!(wired("event_bus, container, store=None, *rest, size=1, **more").is_empty());
        assert!(local("event_bus, state_root, store=None").is_empty());
    }
}
