use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest;
use crate::lint::{Subject, rule};
use crate::lint::{local, wiring};

rule! {
    /// RuntimeLocal never sees the event that ends the workflow.
    ///
    /// # What it checks
    ///
    /// That `terminal_event` is there, is one of `event_bus.publish_topics`, and is a topic that RuntimeLocal
    /// publishes to: an entry's output goes to the entry that takes it, else to the first of `publish_topics`.
    ///
    /// # Why
    ///
    /// RuntimeLocal refuses a contract with handlers and without `terminal_event`, and waits for one that is
    /// never published until it times out. A warning for handler styles that RuntimeLocal cannot run.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// terminal_event: "onex.evt.billing.invoice-closed.v1"
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// terminal_event: "onex.evt.billing.invoice-opened.v1"
    /// ```
    TerminalEvent, "terminal-event", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    let entries = subject.entries();
    // Without a list of handlers, RuntimeLocal calls the default handler and waits for nothing; without topics
    // it has more to miss.
    if subject.written_entries().is_empty() || wiring::subscribed(contract).is_empty() {
        return;
    }
    let severity = subject.local_severity();
    let terminals = local::terminals(contract);
    let Some(terminal) = &contract.terminal_event else {
        if terminals.is_empty() {
            let message =
                "the contract has no `terminal_event`, and RuntimeLocal refuses to run it";
            let span = contract.routing.as_ref().map_or_else(|| subject.anchor(), |r| r.span);
            let finding = subject.finding(severity, ID, span, message);
            found.push(finding.help("add `terminal_event:` with the topic that ends the workflow"));
        }
        return;
    };
    let published = wiring::published(contract);
    if published.is_empty() {
        return;
    }
    if !published.iter().any(|topic| topic.value == terminal.value) {
        let message = format!(
            "`terminal_event` is `{}`, which is not in `event_bus.publish_topics`",
            terminal.value
        );
        let help = nearest(&terminal.value, published.iter().map(|topic| topic.value.as_str()))
            .map_or_else(
                || "take one of `event_bus.publish_topics`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
        found.push(subject.finding(severity, ID, terminal.span, message).help(help));
        return;
    }
    let reached =
        (0..entries.len()).filter_map(|index| local::output_topic(contract, entries, index));
    let reached: Vec<&str> = reached.collect();
    // Where RuntimeLocal cannot call the handlers, what it would wait for is of no interest.
    if subject.runs_locally() && !terminals.iter().any(|terminal| reached.contains(terminal)) {
        let message = format!(
            "RuntimeLocal waits for `{}` in vain: it publishes to {} alone",
            terminal.value,
            quoted(&reached)
        );
        let help = "put the topic of the last event first in `event_bus.publish_topics`, or end the workflow with the first of them";
        found.push(subject.finding(severity, ID, terminal.span, message).help(help));
    }
}

fn quoted(topics: &[&str]) -> String {
    let topics: BTreeSet<String> = topics.iter().map(|topic| format!("`{topic}`")).collect();
    topics.into_iter().collect::<Vec<_>>().join(", ")
}
