use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, Subject, rule};
use crate::python::facts::{Class, Value};

use super::finding;

rule! {
    /// The node is no orchestrator of the framework, or is built from the wrong container.
    ///
    /// # What it checks
    ///
    /// That the class in node.py derives from `NodeOrchestrator`, and that its `__init__` takes a
    /// `ModelONEXContainer`, not the value wrapper `ModelContainer`. A base class of another package may itself be an
    /// orchestrator and is not reported.
    ///
    /// # Why
    ///
    /// `NodeOrchestrator` brings the workflow, the routing to handlers and the checks that keep results out of an
    /// orchestrator. `ModelContainer` wraps one value and resolves no services: what `NodeOrchestrator` asks of its
    /// container is not there.
    ///
    /// # Example
    ///
    /// ```python
    /// # node.py
    /// from omnibase_core.nodes import NodeCompute
    ///
    ///
    /// class NodeOrderPaymentOrchestrator(NodeCompute):
    ///     """Derives from another archetype."""
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
    ///     """Derives from the framework's orchestrator."""
    /// ```
    NodeBase, "node-base", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let expected = subject.node.map(|node| node.class_name.to_string());
    for source in subject.sources.written().filter(|source| source.role == Role::Node) {
        let facts = source.facts();
        for (index, class) in facts.classes.iter().enumerate().filter(|(_, c)| c.is_top_level) {
            let name = &class.name.value;
            if expected.as_ref() == Some(name) && has_wrong_base(class) {
                let message = format!("`{name}` does not derive from `NodeOrchestrator`");
                let help = format!(
                    "write `class {name}(NodeOrchestrator):` and import it from `omnibase_core.nodes`"
                );
                let span = class.bases.first().map_or(class.name.span, |base| base.span);
                found.push(finding(Severity::Warning, ID, source, span, message).help(help));
            }
            let init = facts.method(index, "__init__").filter(|_| is_orchestrator(class));
            let parameters = init.map(|(_, init)| init.arguments()).unwrap_or_default();
            for annotation in parameters.iter().filter_map(|p| p.annotation.as_ref()) {
                if annotation.walk().any(|part| part.is_framework("ModelContainer")) {
                    let message =
                        format!("`{name}` is built from a `ModelContainer`, which wraps one value");
                    let help = "take a `ModelONEXContainer` of \
                                `omnibase_core.models.container.model_onex_container`";
                    found.push(
                        finding(Severity::Warning, ID, source, annotation.span, message).help(help),
                    );
                }
            }
        }
    }
}

fn is_orchestrator(class: &Class) -> bool {
    class.bases.iter().any(|base| base.outer().last_name() == Some("NodeOrchestrator"))
}

/// Whether no base can be an orchestrator: there is none, or all are classes that are known to be none.
fn has_wrong_base(class: &Class) -> bool {
    const OTHERS: [&str; 4] = ["NodeCompute", "NodeEffect", "NodeReducer", "NodeCoreBase"];
    let is_other = |base: &Value| {
        let base = base.outer();
        OTHERS.iter().any(|other| base.is_framework(other))
            || ["object", "abc.ABC", "typing.Protocol", "typing.Generic", "pydantic.BaseModel"]
                .iter()
                .any(|other| base.is_named(other))
    };
    class.bases.iter().all(is_other)
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    fn of(base: &str) -> Vec<String> {
        let sample = Sample::new().edit("node.py", "Orchestrator(NodeOrchestrator)", base);
        sample.lines(super::ID)
    }

    #[test]
    fn a_class_that_cannot_be_an_orchestrator_is_found() {
        let expected = ["node.py:15 warning: `NodeOrderPaymentOrchestrator` does not derive from \
                         `NodeOrchestrator`"];
        assert_eq!(of("Orchestrator"), expected);
        assert_eq!(of("Orchestrator(object)"), expected);
    }

    #[test]
    fn a_base_that_is_not_known_may_be_one() {
        assert!(of("Orchestrator(HouseOrchestrator)").is_empty());
        assert!(of("Orchestrator(Mixin, NodeOrchestrator)").is_empty());
    }

    #[test]
    fn the_wrapper_is_no_container() {
        let node = Sample::new().read("node.py");
        let node = node
            .replace("model_onex_container", "model_container")
            .replace("ModelONEXContainer", "ModelContainer");
        assert_eq!(Sample::new().file("node.py", &node).lines(super::ID).len(), 1);
    }
}
