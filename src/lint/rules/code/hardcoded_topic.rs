use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

use super::{finding, runtime_code};

rule! {
    /// Code names a topic.
    ///
    /// # What it checks
    ///
    /// That no string in the node's code is a topic (`onex.evt.orders.order-placed.v1`).
    ///
    /// # Why
    ///
    /// Topics belong to the contract: runtimes subscribe and publish by what it says. A topic in the code goes
    /// its own way when the contract changes, and the framework's validator of topics refuses it.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     def topic(self) -> str:
    ///         return "onex.evt.shop.order-validated.v1"
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     def topic(self) -> str:
    ///         return "order-validated"
    /// ```
    HardcodedTopic, "hardcoded-topic", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        for text in &source.facts().strings {
            if is_topic(&text.value) {
                let message = format!("the topic `{}` stands in the code", text.value);
                let help = "emit the event; the contract's `published_events` say where it goes";
                found.push(finding(Severity::Warning, ID, source, text.span, message).help(help));
            }
        }
    }
}

/// `onex.<kind>.<producer>.<event>.v<N>`
fn is_topic(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let [onex, kind, producer, event, version] = parts.as_slice() else { return false };
    let is_word = |word: &str| {
        let plain =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        !word.is_empty() && word.chars().all(plain)
    };
    let number = version.strip_prefix('v').unwrap_or_default();
    *onex == "onex"
        && ["evt", "cmd", "intent", "dlq", "snapshot"].contains(kind)
        && is_word(producer)
        && is_word(event)
        && !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    fn of(text: &str) -> Vec<String> {
        Sample::new().file("handlers/more.py", text).lines(super::ID)
    }

    #[test]
    fn topics_are_found_wherever_they_stand() {
        let one = |line: usize| {
            vec![format!(
                "more.py:{line} warning: the topic `onex.evt.shop.order-paid.v1` stands in the code"
            )]
        };
        assert_eq!(of("TOPIC = 'onex.evt.shop.order-paid.v1'\n"), one(1));
        assert_eq!(of("def f():\n    g(topic='onex.evt.shop.order-paid.v1')\n"), one(2));
        assert_eq!(of("X = {\n  'a': ['onex.evt.shop.order-paid.v1'],\n}\n"), one(2));
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for other in
            ["onex.evt.shop", "onex.nodes.shop.order.v1", "onex.evt.a.b.version", "a.evt.b.c.v1"]
        {
            assert!(of(&format!("X = '{other}'\n")).is_empty(), "{other}");
        }
        assert!(of("def f():\n    \"onex.evt.shop.order-paid.v1\"\n").is_empty());
    }
}
