use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::facts::{Keyword, ValueKind};

use super::{Maker, finding, maker, members, outputs, span_of};

rule! {
    /// A handler of an orchestrator gives a result or projections.
    ///
    /// # What it checks
    ///
    /// That neither `ModelHandlerOutput.for_orchestrator(..)` nor a `ModelHandlerOutput` with the kind `ORCHESTRATOR`
    /// is given `result` or `projections`.
    ///
    /// # Why
    ///
    /// An orchestrator says what happened (events) and what is to be done (intents); results are for compute nodes,
    /// projections for reducers. `for_orchestrator` has no such parameters and raises `TypeError`; the constructor
    /// raises `ModelOnexError` (contract violation). Either way the event is not answered.
    ///
    /// # Example
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
    ///             result={"total": 12},
    ///         )
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    /// from shop.nodes.node_order_payment_orchestrator.models import ModelOrderValidated
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id,
    ///             handler_id="HandlerOrderPlaced",
    ///             events=(ModelOrderValidated(total=12),),
    ///         )
    /// ```
    TypedResult, "typed-result", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (source, placed) in outputs(subject) {
        let is_direct = maker(&placed.call) == Some(Maker::Constructor);
        for name in ["result", "projections"] {
            let Some(keyword) = placed.call.keyword(name) else { continue };
            if is_direct && is_empty(keyword) {
                continue;
            }
            let message = format!("an orchestrator gives no `{name}`");
            let raised = if is_direct {
                "the framework raises ModelOnexError here"
            } else {
                "`for_orchestrator` has no such parameter and raises TypeError"
            };
            let help =
                "say what happened in `events=(..)` and what is to be done in `intents=(..)`";
            found.push(
                finding(Severity::Error, ID, source, span_of(keyword), message)
                    .label(raised)
                    .help(help),
            );
        }
    }
}

/// `result=None`, `projections=()`: what the constructor takes as nothing.
fn is_empty(keyword: &Keyword) -> bool {
    keyword.value.kind == ValueKind::None
        || members(&keyword.value).is_some_and(|(items, _)| items.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const EVENTS: &str = "            events=(ModelOrderPaid(order_id=event.order_id),),";

    #[test]
    fn results_and_projections_are_found_in_both_forms() {
        let sample = |more: &str| Sample::new().edit(FILE, EVENTS, more).lines(super::ID);
        assert_eq!(
            sample("            result=event,"),
            ["handler_payment_taken.py:78 error: an orchestrator gives no `result`"]
        );
        assert_eq!(
            sample(&format!("{EVENTS}\n            projections=(event,),")),
            ["handler_payment_taken.py:79 error: an orchestrator gives no `projections`"]
        );
        let direct = Sample::new()
            .edit(FILE, "ModelHandlerOutput.for_orchestrator(", "ModelHandlerOutput[None](")
            .edit(
                FILE,
                EVENTS,
                "            node_kind=EnumNodeKind.ORCHESTRATOR,\n            result=1,",
            );
        assert_eq!(direct.lines(super::ID).len(), 1);
    }

    #[test]
    fn nothing_is_no_result_and_other_kinds_may_give_one() {
        let direct = |arguments: &str| {
            Sample::new()
                .edit(FILE, "ModelHandlerOutput.for_orchestrator(", "ModelHandlerOutput[None](")
                .edit(FILE, EVENTS, arguments)
                .lines(super::ID)
        };
        assert!(
            direct("node_kind=EnumNodeKind.ORCHESTRATOR, result=None, projections=(),").is_empty()
        );
        assert!(direct("node_kind=EnumNodeKind.COMPUTE, result=1,").is_empty());
    }
}
