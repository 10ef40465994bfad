//! The changes of a plan as lines with marks and reasons, and as unified diffs.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use similar::TextDiff;

use super::Report;
use super::human::{in_line, visible};
use crate::plan::merge::Conflict;
use crate::plan::{Change, FileChange, Obstacle};
use crate::workspace::shown;

/// The plan, a line per file that changes, then the counts.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    for change in &report.plan.changes {
        let left_out = change.change == Change::LeftOut && change.drift.is_some();
        let told = if left_out { Some(('?', AnsiColor::Magenta)) } else { mark(&change.change) };
        let Some((mark, colour)) = told else { continue };
        let style = Style::new().bold().fg_color(Some(colour.into()));
        let path = visible(&shown(&report.root, &change.path));
        let _ = write!(text, "{style}{mark}{style:#} {path}");
        if let Change::Moved { from, .. } = &change.change {
            let _ = write!(text, " (from {})", visible(&shown(&report.root, from)));
        }
        if let Change::Conflict(obstacle) = &change.change {
            // It may quote a line of the file.
            let _ = write!(text, "  {}", in_line(&obstacle.to_string()));
        }
        if !change.reasons.is_empty() {
            let _ = write!(text, "  {}", visible(&change.reasons.join(", ")));
        }
        text.push('\n');
        if let Change::Conflict(Obstacle::Merge(conflict)) = &change.change {
            text.push_str(&hunks(report, change, conflict));
        }
        if report.diff {
            text.push_str(&painted(&diff(report, change)));
        } else {
            text.push_str(&lost(change));
        }
    }
    text.push_str(&notes(report));
    let _ = writeln!(text, "{}", counts(report));
    text
}

/// What was ambiguous, and what else is worth knowing.
pub(super) fn notes(report: &Report) -> String {
    report.notes.iter().map(|note| format!("note: {}\n", visible(note))).collect()
}

/// Every change as a unified diff.
pub(super) fn diffs(report: &Report) -> String {
    report.plan.changes.iter().map(|change| painted(&diff(report, change))).collect()
}

/// A unified diff in colours.
pub(super) fn painted(diff: &str) -> String {
    let coloured = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    let line = |line: &str| {
        let style = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => Style::new().bold(),
            [b'@', b'@', ..] => coloured(AnsiColor::Cyan),
            [b'+', ..] => coloured(AnsiColor::Green),
            [b'-', ..] => coloured(AnsiColor::Red),
            _ => Style::new(),
        };
        format!("{style}{line}{style:#}\n")
    };
    diff.lines().map(line).collect()
}

/// One change as a unified diff; empty where no text changes.
pub(super) fn diff(report: &Report, change: &FileChange) -> String {
    let path = shown(&report.root, &change.path);
    let (from, before, after) = match &change.change {
        Change::Created { text } => ("/dev/null".to_owned(), "", text.as_str()),
        Change::Updated { before, after } => (path.clone(), before.as_str(), after.as_str()),
        Change::Moved { from, before, after, .. } => {
            (shown(&report.root, from), before.as_str(), after.as_str())
        }
        Change::Removed { before } => (path.clone(), before.as_str(), ""),
        Change::Kept | Change::LeftOut | Change::Orphaned | Change::Conflict(_) => {
            return String::new();
        }
    };
    let to =
        if matches!(change.change, Change::Removed { .. }) { "/dev/null".to_owned() } else { path };
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().header(&from, &to).to_string();
    visible(&text)
}

/// More lines of one file that are dropped are counted, not shown.
const MOST_DROPPED: usize = 20;

/// The lines of the user's that go.
fn lost(change: &FileChange) -> String {
    let mut text = String::new();
    if change.lost.is_empty() {
        return text;
    }
    let _ = writeln!(text, "    drops:");
    for line in change.lost.iter().take(MOST_DROPPED) {
        let _ = writeln!(text, "      | {}", visible(line));
    }
    if change.lost.len() > MOST_DROPPED {
        let _ = writeln!(text, "      and {} more lines", change.lost.len() - MOST_DROPPED);
    }
    text
}

/// The places of a conflict: all three versions, with their lines.
fn hunks(report: &Report, change: &FileChange, conflict: &Conflict) -> String {
    let path = visible(&shown(&report.root, &change.path));
    let mut text = String::new();
    for hunk in conflict.hunks() {
        let versions = [
            ("yours", format!("{path}:{}", hunk.yours.line), &hunk.yours.lines),
            ("base", format!("as rendered last, line {}", hunk.base.line), &hunk.base.lines),
            ("contract", format!("as rendered now, line {}", hunk.theirs.line), &hunk.theirs.lines),
        ];
        for (name, place, lines) in versions {
            let _ = writeln!(text, "    {name} ({place}):");
            for line in lines {
                let _ = writeln!(text, "      | {}", visible(line));
            }
        }
    }
    text
}

fn mark(change: &Change) -> Option<(char, AnsiColor)> {
    match change {
        Change::Created { .. } => Some(('+', AnsiColor::Green)),
        Change::Updated { .. } => Some(('~', AnsiColor::Yellow)),
        Change::Moved { .. } => Some(('>', AnsiColor::Cyan)),
        Change::Removed { .. } => Some(('-', AnsiColor::Red)),
        Change::Orphaned => Some(('?', AnsiColor::Magenta)),
        Change::Conflict(_) => Some(('!', AnsiColor::Red)),
        Change::Kept | Change::LeftOut => None,
    }
}

/// `2 created, 1 updated, 14 unchanged`.
fn counts(report: &Report) -> String {
    let count = |fits: fn(&Change) -> bool| {
        report.plan.changes.iter().filter(|change| fits(&change.change)).count()
    };
    let counted = [
        (count(|c| matches!(c, Change::Created { .. })), "created"),
        (count(|c| matches!(c, Change::Updated { .. })), "updated"),
        (count(|c| matches!(c, Change::Moved { .. })), "moved"),
        (count(|c| matches!(c, Change::Removed { .. })), "removed"),
        (count(|c| matches!(c, Change::Orphaned)), "orphaned"),
        (count(|c| matches!(c, Change::Conflict(_))), "in conflict"),
    ];
    let unchanged = count(|c| matches!(c, Change::Kept | Change::LeftOut));
    let mut parts: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if parts.is_empty() {
        parts.push("nothing to do".to_owned());
    }
    parts.push(format!("{unchanged} unchanged"));
    parts.join(", ")
}
