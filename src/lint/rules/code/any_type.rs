use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};

use super::{finding, runtime_code};

rule! {
    /// An annotation says `Any`.
    ///
    /// # What it checks
    ///
    /// That no annotation of the node's code holds `typing.Any`, be it alone or in `dict[str, Any]`.
    ///
    /// # Why
    ///
    /// `Any` switches the type checker off for everything that touches the value, and the framework's validator
    /// of types refuses it. `object` says the same about a value without giving up the checks.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// from typing import Any
    ///
    ///
    /// class HandlerOrderPlaced:
    ///     def total(self, order: dict[str, Any]) -> int:
    ///         return 0
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     def total(self, order: dict[str, object]) -> int:
    ///         return 0
    /// ```
    AnyType, "any-type", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        for part in source.facts().annotations.iter().flat_map(|annotation| annotation.value.walk())
        {
            if part.is_named("typing.Any") {
                let help = "write a model, a type, or `object` where it can be anything";
                found.push(
                    finding(
                        Severity::Warning,
                        ID,
                        source,
                        part.span,
                        "`Any` switches type checking off",
                    )
                    .help(help),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    fn of(text: &str) -> Vec<String> {
        Sample::new().file("handlers/more.py", text).lines(super::ID)
    }

    #[test]
    fn it_is_found_in_parameters_results_and_fields() {
        let one =
            |line: usize| vec![format!("more.py:{line} warning: `Any` switches type checking off")];
        assert_eq!(of("from typing import Any\ndef f(x: Any) -> None: ...\n"), one(2));
        assert_eq!(of("import typing\ndef f() -> dict[str, typing.Any]: ...\n"), one(2));
        assert_eq!(of("from typing import Any\nclass A:\n    x: 'list[Any]'\n"), one(3));
    }

    #[test]
    fn outside_annotations_it_does_no_harm() {
        assert!(of("from typing import Any, cast\nx = cast(Any, 1)\n").is_empty());
    }
}
