use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, guess};
use crate::lint::{Subject, rule};
use crate::python::facts::Call;
use crate::source::Span;

use super::emission::events;
use super::{HandlerCode, finding, handlers, short_name};

rule! {
    /// A handler emits an event that the contract does not publish.
    ///
    /// # What it checks
    ///
    /// That the class of every event which a handler emits stands in `published_events`, by its name without
    /// `Model` or in full, in the `output_events` of its routing entry, or among the events that the node itself
    /// consumes. Only classes whose making can be seen are looked at, and only where the contract publishes
    /// anything.
    ///
    /// # Why
    ///
    /// omnibase_infra looks the topic of an event up in `published_events` and falls back to the terminal topic
    /// when it is not there, without a word: whoever waits for the event never sees it, and whoever waits for the
    /// end of the workflow sees something else.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from uuid import uuid4
    ///
    /// from omnibase_core.models.dispatch.model_handler_output import ModelHandlerOutput
    ///
    /// from shop.models.events import ModelOrderShipped
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     async def handle(self, envelope):
    ///         return ModelHandlerOutput.for_orchestrator(
    ///             input_envelope_id=envelope.envelope_id,
    ///             correlation_id=envelope.correlation_id or uuid4(),
    ///             handler_id="HandlerOrderPlaced",
    ///             events=(ModelOrderShipped(total=12),),
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
    UndeclaredEvent, "undeclared-event", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    // Without any, the contract has a finding of its own, and every event would be one more.
    if contract.published_events.is_empty() {
        return;
    }
    let declared = declared(subject);
    for handler in handlers(subject) {
        // One finding for each class, however often it is made.
        let mut classes: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
        for call in events(handler) {
            let Some(name) = call.callee.outer().last_name() else { continue };
            // What an envelope holds goes where the envelope says.
            if !declared.contains(&short_name(name)) && name != "ModelEventEnvelope" {
                classes.entry(name).or_default().push(call);
            }
        }
        for (name, calls) in classes {
            let report = report(subject, handler, &declared, name, &calls, found);
            found.extend(report);
        }
    }
}

fn report(
    subject: &Subject<'_>,
    handler: &HandlerCode<'_>,
    declared: &BTreeSet<&str>,
    name: &str,
    calls: &[&Call],
    found: &[Diagnostic],
) -> Option<Diagnostic> {
    let (first, others) = calls.split_first()?;
    let help = match guess(found, short_name(name), declared.iter().copied()) {
        Some(near) => format!("did you mean `Model{near}`?"),
        None => format!(
            "add an entry to `published_events`: a topic, and event_type: \"{}\"",
            short_name(name)
        ),
    };
    let message = format!("the contract does not publish `{name}`");
    let mut finding =
        finding(subject.wiring_severity(), ID, handler.source, first.callee.span, message)
            .label("it has no topic")
            .help(help);
    for call in others {
        finding = finding.related(call.callee.span, "here too");
    }
    if let Some(span) = published(subject) {
        finding = finding.related_in(subject.file(), span, "what is published");
    }
    Some(match handler.named.first() {
        Some(span) => finding.related_in(subject.file(), *span, "the entry of this handler"),
        None => finding,
    })
}

/// Where the published events stand.
fn published(subject: &Subject<'_>) -> Option<Span> {
    let events = &subject.contract.published_events;
    let (first, last) = (events.first()?, events.last()?);
    Some(Span::new(first.span.start, last.span.end))
}

/// The names, without `Model`, of all events that have a topic or that the contract lets a handler emit.
fn declared<'a>(subject: &Subject<'a>) -> BTreeSet<&'a str> {
    let contract = subject.contract;
    let types = contract.published_events.iter().chain(&contract.consumed_events);
    let types = types.filter_map(|event| event.event_type.as_ref());
    let entries = subject.entries().iter();
    let outputs = entries.clone().flat_map(|entry| &entry.output_events);
    let consumed = entries.filter_map(|entry| Some(&entry.event_model.as_ref()?.name));
    types.chain(outputs).chain(consumed).map(|name| short_name(&name.value)).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "handlers/handler_payment_taken.py";
    const EVENTS: &str = "events=(ModelOrderPaid(order_id=event.order_id),),";

    fn with(after: &str) -> Vec<String> {
        Sample::new().edit(FILE, EVENTS, after).lines(super::ID)
    }

    #[test]
    fn classes_that_nobody_declared_are_found() {
        assert_eq!(
            with("events=(ModelOrderLost(),),"),
            ["handler_payment_taken.py:78 error: the contract does not publish `ModelOrderLost`"]
        );
        let near =
            Sample::new().edit(FILE, EVENTS, "events=(ModelOrderPayd(),),").of_rule(super::ID);
        assert_eq!(near[0].help.as_deref(), Some("did you mean `ModelOrderPaid`?"));
        assert_eq!(near[0].related.len(), 2);
        assert_eq!(with("events=() if event else (*[ModelOrderLost()],),").len(), 1);
        let local = Sample::local().edit(
            "handlers/handler_delivery_made.py",
            "return ModelInvoiceOpened(",
            "return ModelInvoiceClosed(",
        );
        assert_eq!(local.lines(super::ID).len(), 1);
    }

    #[test]
    fn declared_events_and_what_cannot_be_seen_are_fine() {
        assert!(with("events=(ModelOrderRefused(), ModelPaymentTakenEvent()),").is_empty());
        assert!(with("events=made(event),").is_empty());
        assert!(with("events=(build(ModelOrderLost()),),").is_empty());
    }

    #[test]
    fn a_contract_without_published_events_has_a_finding_of_its_own() {
        let sample =
            Sample::new().yaml("published_events: []\n").edit(FILE, EVENTS, "events=(ModelX(),),");
        assert!(sample.lines(super::ID).is_empty());
    }
}
