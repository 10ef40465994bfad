//! A report as GitHub's workflow commands, which become annotations of a pull request.
//!
//! What a contract contains reaches the log of a privileged job, so whatever could end a command or begin another is
//! escaped: a finding is one line, and its properties hold no `,` or `:` of their own.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::human::visible;
use super::{Problem, Report};
use crate::diagnostic::{Diagnostic, Severity};

/// Prints the report.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for problem in &report.problems {
        writeln!(out, "{}", problem_line(problem))?;
    }
    for diagnostic in &report.diagnostics {
        writeln!(out, "{}", line(diagnostic))?;
    }
    Ok(())
}

fn line(diagnostic: &Diagnostic) -> String {
    let file = &diagnostic.primary.file;
    let start = file.position(diagnostic.primary.span.start);
    let end = file.position(diagnostic.primary.span.end);
    let mut place =
        format!("file={},line={},endLine={}", property(file.path()), start.line, end.line);
    // GitHub takes columns within one line alone.
    if start.line == end.line {
        let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
    }
    let mut message = diagnostic.message.clone();
    for related in &diagnostic.related {
        let at = related.file.position(related.span.start);
        let _ = write!(message, "\n{}:{}: {}", related.file.path(), at.line, related.text);
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    command(diagnostic.severity, &format!(" {place},title={}", property(diagnostic.rule)), &message)
}

fn problem_line(problem: &Problem) -> String {
    let file = problem.file.as_ref().map(|file| format!("file={},", property(file)));
    let place = format!(" {}title={}", file.unwrap_or_default(), property(problem.rule));
    let help = problem.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    command(problem.severity, &place, &format!("{}{help}", problem.message))
}

fn command(severity: Severity, properties: &str, message: &str) -> String {
    format!("::{}{properties}::{}", severity.as_str(), data(message))
}

/// The text of a command.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};

    #[test]
    fn a_finding_is_an_annotation() {
        let file = SourceFile::new("src/c.yaml", "name: a\nname: b\n");
        let finding = Diagnostic::error("duplicate-key", &file, Span::new(8, 12), "twice")
            .related(Span::new(0, 4), "first here")
            .help("remove one");
        assert_eq!(
            line(&finding),
            "::error file=src/c.yaml,line=2,endLine=2,col=1,endColumn=5,title=duplicate-key::\
             twice%0Asrc/c.yaml:1: first here%0Ahelp: remove one"
        );
    }

    #[test]
    fn nothing_of_a_contract_is_a_command() {
        let hostile =
            "x\r\n::stop-commands::y\n::error file=a,line=1::z %0A \u{1b}[2J\u{2028}::add-mask::q";
        let file = SourceFile::new("a,title=x::\n::error::.yaml", "x: 1\n");
        let finding = Diagnostic::warning("odd", &file, Span::new(0, 1), hostile)
            .related(Span::new(0, 1), hostile)
            .help(hostile);
        let problem = Problem::new("odd", hostile).about("a\n::b").help(hostile);
        for line in [line(&finding), problem_line(&problem)] {
            assert_eq!(line.lines().count(), 1, "{line}");
            assert!(!line.contains(['\r', '\n', '\u{1b}', '\u{2028}']), "{line}");
            let properties = line.trim_start_matches("::").split("::").next().unwrap();
            let values = properties.split_once(' ').unwrap().1.split(',');
            let names: Vec<&str> = values.map(|value| value.split('=').next().unwrap()).collect();
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
        }
    }
}
