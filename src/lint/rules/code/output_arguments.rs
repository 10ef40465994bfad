use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::lint::{Subject, rule};

use super::{Maker, finding, maker, outputs, span_of};

rule! {
    /// An output is made with arguments that the framework does not take, or without those that it needs.
    ///
    /// # What it checks
    ///
    /// That `ModelHandlerOutput.for_orchestrator(..)` is given `input_envelope_id` and `correlation_id`, and no
    /// argument that it does not have. (`result` and `projections` are reported by `typed-result`, a missing
    /// `handler_id` by `missing-handler-id`.)
    ///
    /// # Why
    ///
    /// The call raises `TypeError`, so the event is not answered: runtimes count it as a handler that failed.
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
    ///             handler_id="HandlerOrderPlaced",
    ///             event=(ModelOrderValidated(total=12),),
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
    OutputArguments, "output-arguments", Error
}

/// What `for_orchestrator` takes, in its order.
const PARAMETERS: [&str; 9] = [
    "input_envelope_id",
    "correlation_id",
    "handler_id",
    "dispatch_id",
    "events",
    "intents",
    "metrics",
    "logs",
    "processing_time_ms",
];

/// How many of them must be given.
const REQUIRED: usize = 2;

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (source, placed) in outputs(subject) {
        let call = &placed.call;
        if maker(call) == Some(Maker::Constructor) {
            continue;
        }
        let report = |span, message: String| finding(Severity::Error, ID, source, span, message);
        let mut unknown = false;
        for keyword in &call.keywords {
            let Some(name) = keyword.name.as_ref().map(|name| name.value.as_str()) else {
                continue;
            };
            // These have a rule of their own, which says more.
            if PARAMETERS.contains(&name) || matches!(name, "result" | "projections") {
                continue;
            }
            unknown = true;
            let message = format!("`for_orchestrator` takes no `{name}`");
            let help = match nearest(name, PARAMETERS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it takes {}", PARAMETERS.join(", ")),
            };
            found.push(report(span_of(keyword), message).help(help));
        }
        let required = PARAMETERS.iter().take(REQUIRED).skip(call.arguments.len());
        let missing: Vec<&str> =
            required.copied().filter(|name| call.keyword(name).is_none()).collect();
        // A name that is none often stands for one that is missing.
        if !call.is_open() && !unknown && !missing.is_empty() {
            let message = format!("this output is made without `{}`", missing.join("` and `"));
            let help = "copy both ids from the envelope that the event came in";
            found.push(report(call.callee.span, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";

    fn edited(before: &str, after: &str) -> Vec<String> {
        Sample::new().edit(FILE, before, after).lines(super::ID)
    }

    #[test]
    fn unknown_arguments_are_found_with_what_may_have_been_meant() {
        let sample = Sample::new().edit(FILE, "handler_id=self", "handler_ids=self");
        let found = sample.of_rule(super::ID);
        assert_eq!(found[0].message, "`for_orchestrator` takes no `handler_ids`");
        assert_eq!(found[0].help.as_deref(), Some("did you mean `handler_id`?"));
    }

    #[test]
    fn missing_ids_are_found_once() {
        assert_eq!(
            edited("            input_envelope_id=envelope.envelope_id,\n", ""),
            ["handler_payment_taken.py:74 error: this output is made without `input_envelope_id`"]
        );
        assert_eq!(
            edited("            correlation_id=envelope.correlation_id or uuid4(),\n", ""),
            ["handler_payment_taken.py:74 error: this output is made without `correlation_id`"]
        );
    }

    #[test]
    fn what_cannot_be_counted_is_left_alone() {
        let ids = "            input_envelope_id=envelope.envelope_id,\n            \
                   correlation_id=envelope.correlation_id or uuid4(),\n";
        assert!(edited(ids, "            **ids,\n").is_empty());
        assert!(edited(ids, "            *ids,\n").is_empty());
        assert!(edited(ids, "            first, second,\n").is_empty());
    }
}
