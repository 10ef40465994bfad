use crate::diagnostic::{Diagnostic, MOST_FINDINGS, Severity};
use crate::lint::{Role, Subject, rule};

use super::{finding, is_class_name};

rule! {
    /// Code reads a name that nothing binds.
    ///
    /// # What it checks
    ///
    /// That every name which is read while the code runs is bound somewhere: by an assignment, an import, a
    /// parameter, a definition, or by Python itself. A name that is only imported under `if TYPE_CHECKING:` is
    /// not bound when the code runs. Annotations are not looked at, and modules with `from x import *` neither.
    /// In tests this is a warning: no runtime loads them.
    ///
    /// # Why
    ///
    /// The code raises `NameError` when it gets there. The framework's template had this mistake
    /// (`input_envelope_id` and `correlation_id` were not defined in its handlers), and `onex validate` passes
    /// it.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, event):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=input_envelope_id,
    ///             correlation_id=correlation_id,
    ///             handler_id="HandlerOrderPlaced",
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
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id,
    ///             handler_id="HandlerOrderPlaced",
    ///         )
    /// ```
    UndefinedName, "undefined-name", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in subject.sources.written() {
        // Half of a text binds half of its names.
        if !source.module().problems.is_empty() {
            continue;
        }
        let severity = match source.role {
            Role::Test => Severity::Warning,
            Role::Node | Role::Handler | Role::Model | Role::Init | Role::Other => Severity::Error,
        };
        // One that is not shown tells that there are more.
        for unbound in source.facts().unbound.iter().take(MOST_FINDINGS + 1) {
            let name = &unbound.name.value;
            let report =
                |message: String| finding(severity, ID, source, unbound.name.span, message);
            found.push(match unbound.imported_for_typing {
                Some(import) => report(format!(
                    "`{name}` is imported for type checkers alone, but read at run time"
                ))
                .related(import, "not run")
                .help("import it outside `if TYPE_CHECKING:`"),
                None => report(format!("nothing defines `{name}`")).help(help(name)),
            });
        }
    }
}

fn help(name: &str) -> String {
    match name {
        "input_envelope_id" => "take the envelope and read `envelope.envelope_id`".to_owned(),
        "correlation_id" => "take the envelope and read `envelope.correlation_id`".to_owned(),
        _ if is_class_name(name) => format!("import `{name}`"),
        _ => "assign it, import it, or take it as a parameter".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";

    #[test]
    fn names_are_missing_or_there_for_type_checkers_alone() {
        let missing = Sample::new().edit(FILE, "=envelope.envelope_id", "=input_envelope_id");
        assert_eq!(
            missing.lines(super::ID),
            ["handler_payment_taken.py:75 error: nothing defines `input_envelope_id`"]
        );
        let typing = Sample::new().edit(
            FILE,
            "        event = envelope.payload",
            "        event = ModelPaymentTakenEvent()",
        );
        let found = typing.of_rule(super::ID);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].related.len(), 1);
        let import = Sample::new().edit(FILE, "from uuid import uuid4\n", "");
        assert_eq!(
            import.lines(super::ID),
            ["handler_payment_taken.py:75 error: nothing defines `uuid4`"]
        );
    }

    #[test]
    fn tests_are_not_what_runtimes_load() {
        let path = "tests/nodes/node_order_payment_orchestrator/test_more.py";
        let sample = Sample::new().file(path, "def test_it() -> None:\n    assert nothing\n");
        assert_eq!(sample.lines(super::ID), ["test_more.py:2 warning: nothing defines `nothing`"]);
    }
}
