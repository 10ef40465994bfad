use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::python::facts::ParameterKind;
use crate::source::Span;

use super::{finding, runtime_code};

rule! {
    /// A function or a class says too little by its name, or does too much.
    ///
    /// # What it checks
    ///
    /// What `onex validate --strict` counts: a plain function called `process`, `execute`, `run`, `do`,
    /// `perform`, `manage`, `control`, `work`, `operate` or `action`; one written in camelCase; one with more
    /// than five parameters (`self` among them, `__init__` excepted); a class with more than ten plain methods;
    /// and outside of `handlers`, `services` and `errors`, a class named like a manager, helper, service or the
    /// like.
    ///
    /// # Why
    ///
    /// `onex validate --strict` refuses the package for each of them.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     def process(self, order):
    ///         return order
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     def validate_order(self, order):
    ///         return order
    /// ```
    GenericName, "generic-name", Warning
}

const GENERIC: [&str; 10] = [
    "process", "execute", "run", "do", "perform", "manage", "control", "work", "operate", "action",
];

/// Words in the name of a class that do not say what it is.
pub(in crate::lint) const VAGUE: [&str; 9] = [
    "Manager",
    "Handler",
    "Helper",
    "Utility",
    "Util",
    "Service",
    "Controller",
    "Processor",
    "Worker",
];

const MAX_PARAMETERS: usize = 5;
const MAX_METHODS: usize = 10;

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in runtime_code(subject) {
        let facts = source.facts();
        let mut report = |span: Span, message: String, help: &str| {
            found.push(finding(Severity::Warning, ID, source, span, message).help(help));
        };
        for function in facts.functions.iter().filter(|function| !function.is_async) {
            let name = &function.name;
            if GENERIC.contains(&name.value.as_str()) {
                let message = format!("`{}` does not say what it does", name.value);
                report(name.span, message, "name it for what it does: `validate_order`");
            } else if is_camel_case(&name.value) {
                let message = format!("`{}` is written in camelCase", name.value);
                report(name.span, message, "write it in snake_case");
            }
            let positional = function.parameters.iter();
            let count = positional.filter(|p| p.kind == ParameterKind::Positional).count();
            if count > MAX_PARAMETERS && name.value != "__init__" {
                let message = format!("`{}` takes {count} parameters", name.value);
                report(name.span, message, "take a model that holds them");
            }
        }
        let in_place = source
            .path
            .ancestors()
            .any(|folder| matches!(folder.name(), "handlers" | "services" | "errors"));
        for (index, class) in facts.classes.iter().enumerate() {
            let name = &class.name;
            let methods = facts.methods(index).filter(|(_, method)| !method.is_async).count();
            if methods > MAX_METHODS {
                let message = format!("`{}` has {methods} methods", name.value);
                report(name.span, message, "divide what it does among several classes");
            }
            if let Some(word) = VAGUE.iter().find(|word| !in_place && name.value.contains(*word)) {
                let message = format!("`{}` is called a {}", name.value, word.to_lowercase());
                report(
                    name.span,
                    message,
                    "name it for what it is, or move it below `handlers` or `services`",
                );
            }
        }
    }
}

/// `getOrder`: begins small and has capitals, without a line between words.
fn is_camel_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.contains('_')
        && name.contains(|c: char| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    fn of(path: &str, text: &str) -> Vec<String> {
        Sample::new().file(path, text).lines(super::ID)
    }

    #[test]
    fn names_and_sizes_are_found() {
        let handler = |text: &str| of("handlers/more.py", text);
        assert_eq!(
            handler("def run(): ...\n"),
            ["more.py:1 warning: `run` does not say what it does"]
        );
        assert_eq!(
            handler("\ndef getOrder(): ...\n"),
            ["more.py:2 warning: `getOrder` is written in camelCase"]
        );
        assert_eq!(
            handler("def total(a, b, c, d, e, f): ...\n"),
            ["more.py:1 warning: `total` takes 6 parameters"]
        );
        let methods: String = (0..11).map(|n| format!("    def m{n}(self): ...\n")).collect();
        assert_eq!(
            handler(&format!("class A:\n{methods}")),
            ["more.py:1 warning: `A` has 11 methods"]
        );
        assert_eq!(
            of("models/more.py", "class OrderManager: ...\n"),
            ["more.py:1 warning: `OrderManager` is called a manager"]
        );
    }

    #[test]
    fn what_strict_validation_passes_is_passed() {
        assert!(
            of("handlers/more.py", "async def process(): ...\nclass OrderManager: ...\n")
                .is_empty()
        );
        assert!(of("handlers/more.py", "def f(a, b, c, d, e, *, g=1, **k): ...\n").is_empty());
    }
}
