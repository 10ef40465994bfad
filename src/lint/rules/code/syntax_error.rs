use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Subject, rule};
use crate::source::Span;

use super::finding;

rule! {
    /// A Python file of the node is no Python.
    ///
    /// # What it checks
    ///
    /// That every Python file of the node, of its tests and of the modules that the contract names can be parsed.
    ///
    /// # Why
    ///
    /// Whatever imports the file fails: a runtime that loads the handler, `onex validate`, the tests. The other
    /// rules read what they can of the rest of the file.
    ///
    /// # Example
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced
    ///     pass
    /// ```
    ///
    /// # Instead
    ///
    /// ```python
    /// # handlers/handler_order_placed.py
    /// class HandlerOrderPlaced:
    ///     pass
    /// ```
    SyntaxError, "syntax-error", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for source in subject.sources.written() {
        // What follows the first error is often no more than its echo.
        let Some(problem) = source.module().problems.first() else { continue };
        let line = source.file.span_of_line(problem.line);
        let before = source.file.slice(line).chars().take(problem.column - 1);
        let start =
            line.start + u32::try_from(before.map(char::len_utf8).sum::<usize>()).unwrap_or(0);
        let span = Span::new(start.min(line.end), line.end);
        let message = format!("this file is no valid Python: {}", problem.message);
        found.push(
            finding(Severity::Error, ID, source, span, message)
                .help("correct the syntax; `python -m py_compile FILE` shows what Python says"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::sample::Sample;

    #[test]
    fn the_first_error_of_a_file_is_reported_at_its_place() {
        let sample =
            Sample::new().edit("node.py", "super().__init__(container)", "super(.__init__(");
        let found = sample.of_rule(super::ID);
        assert_eq!(found.len(), 1);
        let at = found[0].primary.file.position(found[0].primary.span.start);
        assert_eq!((at.line, at.column > 9), (35, true), "{:?}", found[0]);
    }

    #[test]
    fn nesting_that_nobody_writes_is_a_finding_too() {
        let sample = Sample::new().file("handlers/deep.py", &"(".repeat(5000));
        assert_eq!(
            sample.lines(super::ID),
            ["deep.py:1 error: this file is no valid Python: brackets are nested too deep"]
        );
    }
}
