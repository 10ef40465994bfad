use crate::diagnostic::nearest;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

rule! {
    /// `intent_consumption` holds something else than a table of intents.
    ///
    /// # What it checks
    ///
    /// That `intent_consumption` has `intent_routing_table` with at least one intent, and no other key.
    ///
    /// # Why
    ///
    /// `ModelContractIntentConsumption` forbids other keys and an empty table; the loader of the runtime reads
    /// the table alone, so that whatever stands beside it has no effect.
    ///
    /// # Example
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing: {"payment.process": "node_payment_effect"}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// intent_consumption:
    ///   intent_routing_table: {"payment.process": "node_payment_effect"}
    /// ```
    IntentTable, "intent-table", Warning
}

const TABLE: &str = "intent_routing_table";

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some((own, block)) = subject.root().entry("intent_consumption") else { return };
    let warn = |span, message: String, help: String| {
        subject.finding(Severity::Warning, ID, span, message).help(help)
    };
    for (key, _) in block.entries().iter().filter(|(key, _)| key.as_str() != Some(TABLE)) {
        let name = key.as_str().unwrap_or_default();
        let help = if nearest(name, [TABLE]).is_some() && block.get(TABLE).is_none() {
            format!("did you mean `{TABLE}`?")
        } else {
            "remove it: nothing reads it".to_owned()
        };
        found.push(warn(
            key.span,
            format!(
                "`intent_consumption` has the key `{name}`, which the framework's model forbids"
            ),
            help,
        ));
    }
    let is_empty = match block.get(TABLE) {
        Some(table) => table.is_null() || table.as_mapping().is_some_and(<[_]>::is_empty),
        None => block.as_mapping().is_some_and(<[_]>::is_empty),
    };
    if is_empty && !block.is_null() {
        let help =
            "add `\"payment.process\": \"node_payment_effect\"`, or remove `intent_consumption`"
                .to_owned();
        found.push(warn(own.span, "the table of intents is empty".to_owned(), help));
    }
}
