use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::node::HandlerStyle;
use crate::python::facts::{Facts, Found, Operator, Place, Value, ValueKind, trace};

use super::{finding, maker};

rule! {
    /// A test compares the events or intents of an output with a list.
    ///
    /// # What it checks
    ///
    /// That `==` and `!=` do not hold `events`, `intents` or `projections` of what a handler answered against a
    /// list.
    ///
    /// # Why
    ///
    /// The fields are tuples, and a tuple never equals a list: `assert output.intents == []` always fails, and
    /// `!= []` always holds, whatever the handler did.
    ///
    /// # Example
    ///
    /// ```python
    /// # tests/nodes/node_order_payment_orchestrator/test_handler_order_placed.py
    /// from shop.nodes.node_order_payment_orchestrator.handlers import HandlerOrderPlaced
    ///
    ///
    /// async def test_emits_nothing(envelope):
    ///     output = await HandlerOrderPlaced().handle(envelope)
    ///     assert output.events == []
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # tests/nodes/node_order_payment_orchestrator/test_handler_order_placed.py
    /// from shop.nodes.node_order_payment_orchestrator.handlers import HandlerOrderPlaced
    ///
    ///
    /// async def test_emits_nothing(envelope):
    ///     output = await HandlerOrderPlaced().handle(envelope)
    ///     assert output.events == ()
    /// ```
    ListComparison, "list-comparison", Warning
}

const FIELDS: [&str; 3] = ["events", "intents", "projections"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    // There, `handle` returns an event, whose fields may be lists.
    if subject.style == HandlerStyle::DefinitionB {
        return;
    }
    for source in subject.sources.written() {
        let facts = source.facts();
        let comparisons = facts.comparisons.iter();
        for comparison in comparisons.filter(|c| c.operator != Operator::Other) {
            let sides =
                [(&comparison.left, &comparison.right), (&comparison.right, &comparison.left)];
            for (field, list) in sides {
                let is_list = matches!(list.kind, ValueKind::List(_) | ValueKind::ListOf(_));
                let Some(name) = field_of_output(facts, field, comparison.place) else { continue };
                if is_list {
                    let always = match comparison.operator {
                        Operator::NotEqual => "always true",
                        Operator::Equal | Operator::Other => "never true",
                    };
                    let message = format!("`{name}` is a tuple, so this is {always}");
                    let help = match &list.kind {
                        ValueKind::List(items) if items.is_empty() => "compare with `()`",
                        _ => "compare with a tuple",
                    };
                    found.push(
                        finding(Severity::Warning, ID, source, comparison.span, message).help(help),
                    );
                }
            }
        }
    }
}

/// The field, if the value is one of what a handler answered.
fn field_of_output<'a>(facts: &'a Facts, value: &'a Value, place: Place) -> Option<&'a str> {
    match &value.kind {
        ValueKind::Attribute(outer, field) => {
            let answered = trace(facts, outer, place);
            (FIELDS.contains(&field.as_str()) && are_answers(&answered)).then_some(field)
        }
        ValueKind::Name(name) => {
            let (variable, field) = name.rsplit_once('.')?;
            let assigned = facts.assignments.iter().filter(|assigned| {
                assigned.target.value == variable && assigned.place.function == place.function
            });
            let mut values = Vec::new();
            for assigned in assigned {
                if !assigned.element.is_empty() {
                    return None;
                }
                values.extend(trace(facts, assigned.value.as_ref()?, assigned.place));
            }
            (FIELDS.contains(&field) && are_answers(&values)).then_some(field)
        }
        _ => None,
    }
}

/// Whether all values are calls of `handle`, or outputs that are made right there.
fn are_answers(values: &[Found<'_>]) -> bool {
    let is_answer = |found: &Found<'_>| {
        found.value.call().is_some_and(|call| {
            let handle = match &call.callee.kind {
                ValueKind::Attribute(_, name) => name == "handle",
                ValueKind::Name(name) => name.ends_with(".handle"),
                _ => false,
            };
            handle || maker(call).is_some()
        })
    };
    !values.is_empty() && values.iter().all(is_answer)
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    const FILE: &str = "tests/nodes/node_order_payment_orchestrator/test_handler_payment_taken.py";
    const LINE: &str = "        assert output.projections == ()\n";

    fn with(after: &str) -> Vec<String> {
        Sample::new().edit(FILE, LINE, &format!("        {after}\n")).lines(super::ID)
    }

    #[test]
    fn lists_on_either_side_are_found() {
        assert_eq!(
            with("assert output.intents == []"),
            [
                "test_handler_payment_taken.py:42 warning: `intents` is a tuple, so this is never true"
            ]
        );
        assert_eq!(
            with("assert [1] != output.events"),
            [
                "test_handler_payment_taken.py:42 warning: `events` is a tuple, so this is always true"
            ]
        );
        assert_eq!(
            with("assert (await HandlerPaymentTaken().handle(envelope)).events == [1]").len(),
            1
        );
        assert_eq!(with("assert output.events == [x for x in ()]").len(), 1);
    }

    #[test]
    fn what_is_no_output_may_hold_lists() {
        assert!(with("assert bus.events == []").is_empty());
        assert!(with("assert list(output.events) == []").is_empty());
        assert!(with("assert output.events == () and output.metrics == []").is_empty());
    }
}
