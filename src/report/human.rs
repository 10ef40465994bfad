//! A report for people: findings as rustc shows them, changes as cargo does.
//!
//! Text of files and names is shown so that it cannot steer the terminal: what does not print is made visible.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstream::ColorChoice;
use clap::builder::styling::{AnsiColor, Style};

use super::{Listing, Problem, Report, changes};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::plan::Change;
use crate::python::is_hidden;
use crate::source::{SourceFile, Span};
use crate::workspace::shown;

/// Where the width of the terminal is not known.
const WIDTH: usize = 140;

/// Prints findings to standard error and results to standard output, in colour where a terminal takes it.
///
/// # Errors
/// When either cannot be written.
pub fn print(report: &Report) -> io::Result<()> {
    let mut trouble = anstream::stderr().lock();
    if matches!(report.listing, Listing::Findings | Listing::Drift) {
        let width = width(terminal_size::terminal_size_of(io::stdout()));
        findings(&mut anstream::stdout().lock(), report, width)?;
    } else {
        findings(&mut trouble, report, width(terminal_size::terminal_size_of(io::stderr())))?;
    }
    for problem in &report.problems {
        let text = problem_text(problem);
        if report.listing == Listing::Drift {
            writeln!(anstream::stdout().lock(), "{text}\n")?;
        } else {
            writeln!(trouble, "{text}")?;
        }
    }
    let mut text = match report.listing {
        Listing::Verbs => changes_text(report),
        Listing::Marks => changes::text(report),
        Listing::Nothing | Listing::Findings | Listing::Drift if report.diff => {
            changes::diffs(report)
        }
        Listing::Nothing | Listing::Findings | Listing::Drift => String::new(),
    };
    if report.listing != Listing::Marks {
        text.push_str(&changes::notes(report));
    }
    if let Some(summary) = &report.summary {
        let _ = writeln!(text, "{}", visible(summary));
    }
    // At once: without colours the stream would be written piece by piece.
    if anstream::AutoStream::choice(&io::stdout()) == ColorChoice::Never {
        text = anstream::adapter::strip_str(&text).to_string();
    }
    anstream::stdout().lock().write_all(text.as_bytes())
}

/// Prints what clap has to say of a command line, which may quote words of it.
///
/// # Errors
/// When it cannot be written.
pub fn print_usage(error: &clap::Error, words: &[OsString]) -> io::Result<()> {
    let steers = |word: &OsString| word.to_string_lossy().chars().any(is_hidden);
    if words.iter().any(steers) {
        anstream::stderr().lock().write_all(visible(&error.render().to_string()).as_bytes())
    } else {
        error.print()
    }
}

fn width(terminal: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}

fn findings(out: &mut impl io::Write, report: &Report, width: usize) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        writeln!(out, "{}\n", diagnostic_text(diagnostic, width))?;
    }
    Ok(())
}

/// What was done, a line each, then what to do next.
fn changes_text(report: &Report) -> String {
    let mut text = String::new();
    if !report.succeeded() {
        return text;
    }
    for change in &report.plan.changes {
        let Some((verb, colour)) = verb(&change.change, report.written) else { continue };
        let style = Style::new().bold().fg_color(Some(colour.into()));
        let path = visible(&shown(&report.root, &change.path));
        let _ = writeln!(text, "{style}{verb:>12}{style:#} {path}");
    }
    if report.dry_run {
        text.push_str("\nNothing was written: this was a dry run.\n");
    }
    if let Some(command) = &report.same_again {
        let _ = writeln!(text, "\nThe same without questions:\n{}", visible(command));
    }
    if !report.next_steps.is_empty() {
        text.push_str("\nNext:\n");
    }
    for step in &report.next_steps {
        let _ = writeln!(text, "  {}", visible(step));
    }
    text
}

fn verb(change: &Change, written: bool) -> Option<(&'static str, AnsiColor)> {
    match change {
        Change::Created { .. } => {
            Some((if written { "Created" } else { "Would create" }, AnsiColor::Green))
        }
        Change::Updated { .. } => {
            Some((if written { "Updated" } else { "Would update" }, AnsiColor::Green))
        }
        Change::Kept => Some((if written { "Kept" } else { "Would keep" }, AnsiColor::Cyan)),
        // A conflict is told as a problem, with the next step; the others are changes of what stands.
        Change::Conflict(_)
        | Change::Moved { .. }
        | Change::LeftOut
        | Change::Removed { .. }
        | Change::Orphaned => None,
    }
}

fn problem_text(problem: &Problem) -> String {
    let title = level(problem.severity).primary_title(in_line(&problem.message)).id(problem.rule);
    let mut text = Renderer::styled().render(&[Group::with_title(title)]);
    if let Some(help) = &problem.help {
        let style = Style::new().bold();
        let _ = write!(text, "\n  = {style}help{style:#}: {}", visible(help));
    }
    text
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

fn diagnostic_text(diagnostic: &Diagnostic, width: usize) -> String {
    let title =
        level(diagnostic.severity).primary_title(in_line(&diagnostic.message)).id(diagnostic.rule);
    let mut group = Group::with_title(title);
    for (file, labels) in labels_by_file(diagnostic) {
        group = match snippet(file, &labels) {
            Some(snippet) => group.element(snippet),
            None => group.element(origin(file, &labels)),
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    Renderer::styled().term_width(width).render(&[group])
}

/// A label, and whether it is the primary one.
type Marked<'a> = (&'a Label, AnnotationKind);

/// The labels by file: the primary one's file comes first.
fn labels_by_file(diagnostic: &Diagnostic) -> Vec<(&SourceFile, Vec<Marked<'_>>)> {
    let primary = (&diagnostic.primary.file, vec![(&diagnostic.primary, AnnotationKind::Primary)]);
    let mut first = vec![primary];
    let mut others: BTreeMap<&str, (&SourceFile, Vec<Marked<'_>>)> = BTreeMap::new();
    for label in &diagnostic.related {
        let context = (label, AnnotationKind::Context);
        match first.iter_mut().find(|(file, _)| **file == label.file) {
            Some((_, labels)) => labels.push(context),
            None => {
                let entry = others.entry(label.file.path());
                entry.or_insert_with(|| (&label.file, Vec::new())).1.push(context);
            }
        }
    }
    first.extend(others.into_values());
    first
}

/// A longer line is none that anybody reads: its place is told, and the line is not shown.
const LONGEST_LINE: usize = 2000;

/// Labels with more text between them than this are not shown together, nor is the renderer given more to look through.
const LARGEST_WINDOW: usize = 64 << 10;

/// The lines of the labels, with those labels; nothing where that is more than anybody reads.
fn snippet(
    file: &SourceFile,
    labels: &[Marked<'_>],
) -> Option<Snippet<'static, Annotation<'static>>> {
    let spans = || labels.iter().map(|(label, _)| inside(file.text(), label.span));
    let line_of = |at: usize| file.position(u32::try_from(at).unwrap_or(u32::MAX)).line;
    let first = line_of(spans().map(|span| span.start).min()?);
    let last = line_of(spans().map(|span| span.end).max()?);
    let start = file.span_of_line(first).range().start;
    let end = file.span_of_line(last + 1).range().start.max(file.span_of_line(last).range().end);
    let window = file.text().get(start..end).filter(|window| window.len() <= LARGEST_WINDOW)?;
    if window.lines().any(|line| line.len() > LONGEST_LINE) {
        return None;
    }
    let annotations = labels.iter().zip(spans()).map(|((label, kind), span)| {
        let annotation = kind.span(span.start - start..span.end - start);
        let is_bare = label.text.is_empty();
        if is_bare { annotation } else { annotation.label(in_line(&label.text)) }
    });
    let snippet = Snippet::source(printable(window)).line_start(first).path(visible(file.path()));
    Some(snippet.annotations(annotations))
}

/// Where a finding begins in a file.
fn origin(file: &SourceFile, labels: &[Marked<'_>]) -> Origin<'static> {
    let at = file.position(labels.first().map_or(0, |(label, _)| label.span.start));
    Origin::path(visible(file.path())).line(at.line).char_column(at.column)
}

/// The span as far as the text has it, at boundaries of characters: the renderer takes no other.
fn inside(text: &str, span: Span) -> std::ops::Range<usize> {
    let range = span.range();
    let start = text.floor_char_boundary(range.start);
    start..text.ceil_char_boundary(range.end).max(start)
}

/// The text of a file with what does not print replaced by marks of the same length in bytes, so that spans
/// still fit. The renderer itself replaces the control characters of ASCII.
fn printable(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mark = |character: char| match (is_hidden(character), character.len_utf8()) {
        (true, 2) => "\u{b7}".to_owned(),
        (true, 3) => "\u{2426}".to_owned(),
        (true, 4) => "\u{b7}\u{b7}".to_owned(),
        (true | false, _) => character.to_string(),
    };
    text.chars().map(mark).collect()
}

/// A text of ours, with what does not print made visible; its lines stay.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) && character != '\n' {
            let _ = write!(shown, "{}", character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The same on one line.
pub(super) fn in_line(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::plan::{FileChange, Plan};
    use crate::render::Ownership;
    use crate::workspace::RelPath;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn change(path: &str, change: Change) -> FileChange {
        let path = RelPath::parse(path).unwrap();
        FileChange::new(path, Ownership::Scaffolded, change)
    }

    fn report(written: bool) -> Report {
        let updated = Change::Updated { before: String::new(), after: String::new() };
        let changes = vec![
            change("a.py", Change::Created { text: String::new() }),
            change("b.py", updated),
            change("c.py", Change::Kept),
        ];
        let plan = Arc::new(Plan { changes });
        Report { root: "..".into(), written, dry_run: !written, plan, ..Report::default() }
    }

    #[test]
    fn changes_are_lines_with_a_verb() {
        let mut done = report(true);
        done.next_steps = vec!["cd x".to_owned()];
        assert_eq!(
            plain(&changes_text(&done)),
            "     Created ../a.py\n     Updated ../b.py\n        Kept ../c.py\n\nNext:\n  cd x\n"
        );
        assert_eq!(
            plain(&changes_text(&report(false))),
            "Would create ../a.py\nWould update ../b.py\n  Would keep ../c.py\n\n\
             Nothing was written: this was a dry run.\n"
        );
    }

    #[test]
    fn a_failed_run_lists_no_changes() {
        let mut failed = report(false);
        failed.problems.push(Problem::new("x", "y"));
        assert_eq!(changes_text(&failed), "");
    }

    #[test]
    fn findings_are_underlined_with_their_labels_and_help() {
        let file = SourceFile::new("c.yaml", "name: a\nname: b\n");
        let diagnostic =
            Diagnostic::error("duplicate-key", &file, Span::new(8, 12), "`name` is there twice")
                .label("again")
                .related(Span::new(0, 4), "first here")
                .help("remove one of them");
        assert_eq!(
            plain(&diagnostic_text(&diagnostic, 80)),
            "error[duplicate-key]: `name` is there twice
 --> c.yaml:2:1
  |
1 | name: a
  | ---- first here
2 | name: b
  | ^^^^ again
  |
  = help: remove one of them"
        );
    }

    #[test]
    fn trouble_without_a_place_is_told_with_its_help() {
        let problem = Problem::new("no-project", "there is none").help("make one");
        let text = plain(&problem_text(&problem));
        assert_eq!(text, "error[no-project]: there is none\n  = help: make one");
    }

    #[test]
    fn labels_in_other_files_get_blocks_of_their_own() {
        let file = SourceFile::new("c.yaml", "a: 1\n");
        let other = SourceFile::new("m.py", "class A: ...\n");
        let text = plain(&diagnostic_text(
            &Diagnostic::warning("x", &file, Span::new(0, 1), "two files").related_in(
                &other,
                Span::new(6, 7),
                "here",
            ),
            80,
        ));
        assert!(text.contains("warning[x]: two files\n --> c.yaml:1:1"), "{text}");
        assert!(text.contains("::: m.py:1:7"), "{text}");
    }

    #[test]
    fn nothing_of_a_file_reaches_the_terminal_as_a_command() {
        let hostile = "a\u{1b}[2J\u{9b}31m\u{202e}\u{e0041}b\u{7}: 1\r\nb: 2\n";
        let path = "c\u{1b}]8;;x\u{7}.yaml";
        let file = SourceFile::new(path, hostile);
        let end = u32::try_from(hostile.find(": 1").unwrap()).unwrap();
        let diagnostic = Diagnostic::error("x", &file, Span::new(0, end), hostile)
            .label(hostile)
            .related_in(&SourceFile::new("d\u{9b}", hostile), Span::new(0, end), hostile)
            .help(hostile);
        let text = diagnostic_text(&diagnostic, 80)
            + &problem_text(&Problem::new("y", hostile).help(hostile));
        // What is left after the styles of our own are taken out.
        let styles = without_styles(&text);
        for character in styles.chars().filter(|c| *c != '\n') {
            assert!(!is_hidden(character), "{character:?} in {text:?}");
        }
    }

    /// Takes out `ESC [ digits m` alone, which is all that styling writes: a general strip would hide a failure.
    fn without_styles(text: &str) -> String {
        let mut parts = text.split("\u{1b}[");
        let mut plain = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
            match rest.strip_prefix('m') {
                Some(rest) => plain.push_str(rest),
                None => {
                    plain.push_str("\u{1b}[");
                    plain.push_str(part);
                }
            }
        }
        plain
    }

    #[test]
    fn a_span_that_does_not_fit_is_cut() {
        let file = SourceFile::new("c.yaml", "ä\n");
        let diagnostic = Diagnostic::error("x", &file, Span::new(1, 99), "m");
        assert!(plain(&diagnostic_text(&diagnostic, 80)).contains("c.yaml:1:1"));
        let empty = Diagnostic::error("x", &SourceFile::new("e.yaml", ""), Span::default(), "m");
        assert!(plain(&diagnostic_text(&empty, 80)).contains("e.yaml"));
    }

    #[test]
    fn a_line_that_nobody_reads_is_not_shown() {
        let file = SourceFile::new("c.yaml", "a: 1\nb: ".to_owned() + &"x".repeat(LONGEST_LINE));
        let diagnostic = Diagnostic::error("x", &file, Span::new(8, 9), "m")
            .related(Span::new(0, 1), "first")
            .help("h");
        let text = plain(&diagnostic_text(&diagnostic, 80));
        assert_eq!(text, "error[x]: m\n--> c.yaml:2:4\n = help: h");
    }

    #[test]
    fn replaced_characters_keep_the_length() {
        for character in ['\u{85}', '\u{200b}', '\u{e0041}', 'ä', '中'] {
            assert_eq!(printable(&character.to_string()).len(), character.len_utf8());
        }
    }
}
