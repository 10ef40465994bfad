//! One line per finding: `path:line:column: error[rule] message`.

use std::io::{self, Write as _};

use super::Report;
use super::human::in_line;
use crate::diagnostic::Diagnostic;

/// Prints the report.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for problem in &report.problems {
        let (severity, rule) = (problem.severity.as_str(), problem.rule);
        // The place in front is not said again.
        let line = match &problem.file {
            Some(file) => {
                let message = problem.message.strip_prefix(&format!("{file} "));
                let message = message.unwrap_or(&problem.message);
                format!("{file}: {severity}[{rule}] {message}")
            }
            None => format!("{severity}[{rule}] {}", problem.message),
        };
        writeln!(out, "{}", in_line(&line))?;
    }
    for diagnostic in &report.diagnostics {
        writeln!(out, "{}", line(diagnostic))?;
    }
    Ok(())
}

fn line(diagnostic: &Diagnostic) -> String {
    let file = &diagnostic.primary.file;
    let at = file.position(diagnostic.primary.span.start);
    let severity = diagnostic.severity.as_str();
    in_line(&format!(
        "{}:{}:{}: {severity}[{}] {}",
        file.path(),
        at.line,
        at.column,
        diagnostic.rule,
        diagnostic.message
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};

    #[test]
    fn a_finding_is_one_line_whatever_it_says() {
        let file = SourceFile::new("a\nb.yaml", "x: 1\ny: 2\n");
        let finding = Diagnostic::warning("odd", &file, Span::new(5, 6), "one\ntwo\u{1b}[2J");
        assert_eq!(line(&finding), "a\\nb.yaml:2:1: warning[odd] one\\ntwo\\u{1b}[2J");
    }
}
