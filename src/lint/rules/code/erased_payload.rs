use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Role, Subject, rule};

use super::finding;

rule! {
    /// An envelope is built for `BaseModel`, so that its payload loses all fields.
    ///
    /// # What it checks
    ///
    /// That no call builds a `ModelEventEnvelope[BaseModel](..)`. In tests this is a warning.
    ///
    /// # Why
    ///
    /// Pydantic writes a payload as the class in the brackets has it, and `BaseModel` has no fields: what is
    /// published is `{}`. The bare `ModelEventEnvelope(..)` and one with the event's own class keep everything.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope
    /// from pydantic import BaseModel
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     def wrap(self, event):
    ///         return ModelEventEnvelope[BaseModel](payload=event)
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.events.model_event_envelope import ModelEventEnvelope
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     def wrap(self, event):
    ///         return ModelEventEnvelope(payload=event)
    /// ```
    ErasedPayload, "erased-payload", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in subject.sources.written() {
        let severity = match source.role {
            Role::Test => Severity::Warning,
            Role::Node | Role::Handler | Role::Model | Role::Init | Role::Other => Severity::Error,
        };
        for call in source.facts().calls.iter().map(|placed| &placed.call) {
            let Some((outer, [argument])) = call.callee.subscript() else { continue };
            if outer.is_framework("ModelEventEnvelope") && argument.is_named("pydantic.BaseModel") {
                found.push(
                    finding(severity, ID, source, call.callee.span, "this envelope loses every field of its payload")
                        .help("call `ModelEventEnvelope(..)` without brackets, or with the event's own class"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const IMPORTS: &str = "import pydantic\nfrom pydantic import BaseModel as Base\nfrom \
                           omnibase_core.models.events.model_event_envelope import ModelEventEnvelope\n";

    fn of(path: &str, line: &str) -> Vec<String> {
        Sample::new().file(path, &format!("{IMPORTS}{line}\n")).lines(super::ID)
    }

    #[test]
    fn it_is_found_under_any_name() {
        let one = ["more.py:4 error: this envelope loses every field of its payload"];
        assert_eq!(of("handlers/more.py", "e = ModelEventEnvelope[Base](payload=1)"), one);
        assert_eq!(
            of("handlers/more.py", "e = ModelEventEnvelope[pydantic.BaseModel](payload=1)"),
            one
        );
        assert_eq!(of("handlers/more.py", "f(ModelEventEnvelope[Base](payload=1))"), one);
        let test = of(
            "tests/nodes/node_order_payment_orchestrator/test_more.py",
            "ModelEventEnvelope[Base]()",
        );
        assert_eq!(
            test,
            ["test_more.py:4 warning: this envelope loses every field of its payload"]
        );
    }

    #[test]
    fn annotations_and_other_classes_are_fine() {
        assert!(
            of("handlers/more.py", "e: ModelEventEnvelope[Base] = ModelEventEnvelope(payload=1)")
                .is_empty()
        );
        assert!(of("handlers/more.py", "e = ModelEventEnvelope[object](payload=1)").is_empty());
    }
}
