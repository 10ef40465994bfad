use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, Source, Subject, rule};
use crate::python::facts::{Class, Facts, Function, Statement, StatementKind, Value, ValueKind};

use super::finding;

rule! {
    /// The node does something itself.
    ///
    /// # What it checks
    ///
    /// That the class in node.py has no method but `__init__`, and that this does nothing but call
    /// `super().__init__(container)`: no other method, `process` least of all, and nothing kept in `self`.
    ///
    /// # Why
    ///
    /// The contract says which handler answers which event, and handlers hold the logic. Runtimes that route by the
    /// contract never call a method of the node, so logic there is dead for them, cannot be tested without the
    /// framework, and does not survive `onex regenerate`.
    ///
    /// # Example
    ///
    /// ```python
    /// # node.py
    /// from omnibase_core.nodes import NodeOrchestrator
    ///
    ///
    /// class NodeOrderPaymentOrchestrator(NodeOrchestrator):
    ///     async def process(self, order):
    ///         return order.total * 2
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
    NodeWithLogic, "node-with-logic", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in subject.sources.written().filter(|source| source.role == Role::Node) {
        let facts = source.facts();
        let classes = facts.classes.iter().enumerate().filter(|(_, class)| is_node(class));
        for (index, class) in classes {
            for (_, method) in facts.methods(index) {
                look_at(source, facts, class, method, found);
            }
        }
    }
}

/// Whether a class of node.py is the node, or made to be one.
fn is_node(class: &Class) -> bool {
    let base = |base: &Value| base.outer().last_name().is_some_and(|name| name.starts_with("Node"));
    class.is_top_level && (class.name.value.starts_with("Node") || class.bases.iter().any(base))
}

fn look_at(
    source: &Source,
    facts: &Facts,
    class: &Class,
    method: &Function,
    found: &mut Vec<Diagnostic>,
) {
    let report = |span, message: String, help: &str| {
        finding(Severity::Warning, ID, source, span, message).help(help)
    };
    let (class, name) = (&class.name.value, &method.name.value);
    if name != "__init__" {
        let message = if name == "process" {
            format!("`{class}.process` takes the place of the framework's own `process`")
        } else {
            format!("`{class}.{name}` is logic in the node")
        };
        found.push(report(
            method.name.span,
            message,
            "move it to a handler, and route to that in the contract",
        ));
        return;
    }
    for statement in method.body.iter().filter(|statement| !is_expected(statement)) {
        let kept = facts.assignments.iter().find(|assigned| {
            assigned.span == statement.span && assigned.target.value.starts_with("self.")
        });
        let message = match kept {
            Some(kept) => format!("`{class}` keeps state of its own in `{}`", kept.target.value),
            None => format!("`{class}.__init__` does more than call `super().__init__(container)`"),
        };
        let help = "leave only `super().__init__(container)`; handlers hold what they need";
        found.push(report(statement.span, message, help));
    }
}

/// The docstring, or `super().__init__(..)`.
fn is_expected(statement: &Statement) -> bool {
    let StatementKind::Expression(value) = &statement.kind else {
        return statement.kind == StatementKind::Nothing;
    };
    let callee = value.call().map(|call| &call.callee.kind);
    matches!(callee, Some(ValueKind::Attribute(outer, name))
        if name == "__init__" && outer.call().is_some_and(|call| call.callee.is_named("super")))
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const SUPER: &str = "        super().__init__(container)";

    fn with(after: &str) -> Vec<String> {
        Sample::new().edit("node.py", SUPER, &format!("{SUPER}\n{after}")).lines(super::ID)
    }

    #[test]
    fn methods_state_and_statements_are_found() {
        assert_eq!(
            with("        self.total, x = 0, 1"),
            [
                "node.py:36 warning: `NodeOrderPaymentOrchestrator` keeps state of its own in `self.total`"
            ]
        );
        assert_eq!(
            with("        print(container)"),
            ["node.py:36 warning: `NodeOrderPaymentOrchestrator.__init__` does more than call \
             `super().__init__(container)`"]
        );
        assert_eq!(
            with("\n    def total(self):\n        return 1"),
            ["node.py:37 warning: `NodeOrderPaymentOrchestrator.total` is logic in the node"]
        );
        assert_eq!(
            with("\n    async def process(self, order):\n        return 1"),
            ["node.py:37 warning: `NodeOrderPaymentOrchestrator.process` takes the place of the \
             framework's own `process`"]
        );
    }

    #[test]
    fn what_is_beside_the_node_is_not_its_own() {
        assert!(with("        pass\n\n\ndef helper():\n    return 1").is_empty());
    }
}
