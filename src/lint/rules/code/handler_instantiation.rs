use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, Subject, rule};
use crate::python::facts::PlacedCall;

use super::{finding, is_class_name};

rule! {
    /// Code builds a handler, or another worker, itself.
    ///
    /// # What it checks
    ///
    /// That the class in node.py makes no objects (other than models, enums and exceptions), and that no handler
    /// makes another handler.
    ///
    /// # Why
    ///
    /// Runtimes build the handlers that the contract names, hand them what they need, and route events to them. A
    /// handler that is called directly gets no envelope, its events are published by nobody, and the two cannot
    /// be tested or replaced apart.
    ///
    /// # Example
    ///
    /// ```python
    /// # node.py
    /// from omnibase_core.nodes import NodeOrchestrator
    ///
    /// from shop.executors import StepExecutor
    ///
    ///
    /// class NodeOrderPaymentOrchestrator(NodeOrchestrator):
    ///     def __init__(self, container):
    ///         super().__init__(container)
    ///         self.executor = StepExecutor()
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # node.py
    /// from omnibase_core.nodes import NodeOrchestrator
    ///
    ///
    /// class NodeOrderPaymentOrchestrator(NodeOrchestrator):
    ///     def __init__(self, container):
    ///         super().__init__(container)
    /// ```
    HandlerInstantiation, "handler-instantiation", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let known: Vec<&str> =
        subject.entries().iter().map(|entry| entry.handler.name.value.as_str()).collect();
    for source in subject.sources.written() {
        for placed in &source.facts().calls {
            let Some(name) = placed.call.callee.outer().last_name() else { continue };
            let is_found = match source.role {
                Role::Node => is_worker(name) && placed.place.class.is_some(),
                Role::Handler => known.contains(&name) || is_handler(placed, name),
                Role::Model | Role::Init | Role::Test | Role::Other => false,
            };
            if !is_found || placed.is_raised || placed.place.function.is_none() {
                continue;
            }
            let message = match source.role {
                Role::Node => format!("the node makes a `{name}` itself"),
                _ => format!("a handler makes a `{name}` itself"),
            };
            let help = "route the event to it in the contract's `handler_routing`";
            found
                .push(finding(Severity::Warning, ID, source, placed.call.span, message).help(help));
        }
    }
}

/// A class that does something, by its name.
fn is_worker(name: &str) -> bool {
    let data = ["Model", "Enum", "UUID"].iter().any(|prefix| name.starts_with(prefix));
    let error = ["Error", "Exception", "Warning"].iter().any(|suffix| name.ends_with(suffix));
    is_class_name(name) && !data && !error
}

/// `HandlerX` out of a package of handlers.
fn is_handler(placed: &PlacedCall, name: &str) -> bool {
    let path = placed.call.callee.outer().name().unwrap_or_default();
    let of_handlers =
        path.split('.').any(|part| part == "handlers" || part.starts_with("handler_"));
    of_handlers && is_worker(name) && name.starts_with("Handler")
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const SUPER: &str = "        super().__init__(container)";

    #[test]
    fn nodes_and_handlers_make_no_handlers() {
        let node = Sample::new().edit("node.py", SUPER, "        super().__init__(StepExecutor())");
        assert_eq!(
            node.lines(super::ID),
            ["node.py:35 warning: the node makes a `StepExecutor` itself"]
        );
        let import = "from shop.nodes.node_order_payment_orchestrator.handlers.handler_order_placed import HandlerOrderPlaced\n";
        let handler = Sample::new()
            .edit(FILE, "from uuid import uuid4\n", &format!("from uuid import uuid4\n{import}"))
            .edit(
                FILE,
                "event = envelope.payload",
                "event = HandlerOrderPlaced().handle(envelope)",
            );
        assert_eq!(
            handler.lines(super::ID),
            ["handler_payment_taken.py:74 warning: a handler makes a `HandlerOrderPlaced` itself"]
        );
    }

    #[test]
    fn data_and_errors_may_be_made() {
        let node = |what: &str| {
            let after = format!("{SUPER}\n        {what}");
            Sample::new().edit("node.py", SUPER, &after).lines(super::ID)
        };
        assert!(node("raise ValueError(ModelX(), container)").is_empty());
        let handler = Sample::new().edit(
            FILE,
            "event = envelope.payload",
            "event = ModelX(HandlerError('x'))",
        );
        assert!(handler.lines(super::ID).is_empty());
    }
}
