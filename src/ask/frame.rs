//! What a question looks like: lines that fit the terminal, and the place of the cursor in them.
//!
//! Pure: the width comes in, the lines go out. Styles are escape sequences that [`super::terminal`] takes out where
//! the terminal wants no colours; signs have a form for terminals that know ASCII alone.

use clap::builder::styling::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar;

/// How the terminal can be drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Whether it knows more signs than ASCII's.
    pub unicode: bool,
}

/// Lines, none of them wider than the canvas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The lines, with styles.
    pub lines: Vec<String>,
    /// Row and column of the cursor; nothing where it is hidden.
    pub cursor: Option<(usize, usize)>,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const QUESTION: Style = AnsiColor::Cyan.on_default().bold();
const DONE: Style = AnsiColor::Green.on_default();
const WRONG: Style = AnsiColor::Red.on_default();
const CHOSEN: Style = AnsiColor::Cyan.on_default();

/// The columns that an answer gets behind its label; where there are fewer, it stands below.
const ANSWER: usize = 16;

/// The rows that are left for what an answer means, however long it is.
const NOTE: usize = 3;

/// What stands below a text while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// What it means.
    Means(String),
    /// What is wrong with it.
    Wrong(String),
}

impl Canvas {
    fn sign(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }

    /// The last column stays free: writing to it makes some terminals begin a new line. Nobody can answer in fewer
    /// columns than these.
    fn room(self) -> usize {
        self.width.saturating_sub(1).max(15)
    }

    /// Below this, help is left out: it would push the question off the screen.
    fn is_small(self) -> bool {
        self.height < 8 || self.width < 30
    }

    /// A question that is being answered in words.
    #[must_use]
    pub fn text(
        self,
        label: &str,
        before: &str,
        text: &str,
        default: &str,
        note: &Note,
        help: &str,
    ) -> Frame {
        let mut frame = Frame::default();
        let front = format!("? {label}: ");
        let shown = if text.is_empty() { default } else { text };
        let style = if text.is_empty() { DIM } else { Style::new() };
        // A label that leaves no room for an answer stands on a line of its own.
        let room = self.room();
        let indent = if width(&front) + ANSWER <= room { width(&front) } else { 2 };
        if indent == 2 {
            let wrapped = wrap(front.trim_end(), room);
            frame.lines.extend(wrapped.iter().map(|line| format!("{QUESTION}{line}{QUESTION:#}")));
        }
        let above = frame.lines.len();
        let (row, column) = place(before, room.saturating_sub(indent).max(1));
        let mut rows = cut(shown, room.saturating_sub(indent).max(1));
        if row >= rows.len() {
            rows.push(String::new());
        }
        // Of an answer that is higher than the screen, the part around the cursor is shown, and room is left for what
        // is wrong with it.
        let most = self.height.saturating_sub(above + NOTE).max(1);
        let first = (row + 1).saturating_sub(most).min(rows.len().saturating_sub(most));
        for (index, row) in rows.iter().enumerate().skip(first).take(most) {
            let lead = if index == first && indent > 2 {
                format!("{QUESTION}?{QUESTION:#} {BOLD}{label}:{BOLD:#} ")
            } else {
                " ".repeat(indent)
            };
            frame.lines.push(format!("{lead}{style}{row}{style:#}"));
        }
        frame.cursor = Some((above + row.saturating_sub(first), indent + column));
        let (style, sign, note) = match note {
            Note::Means(note) => (DIM, "", note),
            Note::Wrong(note) => (WRONG, self.sign("✗ ", "! "), note),
        };
        if !note.is_empty() {
            self.below(&mut frame, style, &format!("{sign}{note}"));
        }
        if !help.is_empty() && !self.is_small() {
            self.below(&mut frame, DIM, help);
        }
        frame
    }

    /// Adds lines below the answer, as many as the screen has.
    fn below(self, frame: &mut Frame, style: Style, text: &str) {
        let left = self.height.saturating_sub(frame.lines.len());
        for line in wrap(text, self.room().saturating_sub(2)).iter().take(left) {
            frame.lines.push(format!("  {style}{line}{style:#}"));
        }
    }

    /// A question with answers to choose from; `at` is where the cursor stands, `chosen` what is ticked, if things are.
    #[must_use]
    pub fn list(
        self,
        label: &str,
        options: &[(String, String)],
        at: usize,
        chosen: Option<&[usize]>,
    ) -> Frame {
        let mut frame = Frame::default();
        let room = self.room();
        for line in wrap(&format!("? {label}"), room) {
            let (sign, rest) =
                line.split_at_checked(2).filter(|(s, _)| *s == "? ").unwrap_or(("", &line));
            frame.lines.push(format!("{QUESTION}{sign}{QUESTION:#}{BOLD}{rest}{BOLD:#}"));
        }
        let most = self.height.saturating_sub(frame.lines.len() + 2).max(1);
        let first =
            at.saturating_sub(most.saturating_sub(1)).min(options.len().saturating_sub(most));
        for (index, (option, meaning)) in options.iter().enumerate().skip(first).take(most) {
            let is_here = index == at;
            let pointer = if is_here { self.sign("❯ ", "> ") } else { "  " };
            let tick = match chosen {
                None => "",
                Some(chosen) if chosen.contains(&index) => self.sign("◉ ", "[x] "),
                Some(_) => self.sign("◯ ", "[ ] "),
            };
            let style = if is_here { CHOSEN } else { Style::new() };
            let used = width(pointer) + width(tick);
            let option = shortened(option, room.saturating_sub(used), self.unicode);
            let left = room.saturating_sub(used + width(&option) + 2);
            let meaning =
                if left < 12 { String::new() } else { shortened(meaning, left, self.unicode) };
            let gap = if meaning.is_empty() { "" } else { "  " };
            frame
                .lines
                .push(format!("{style}{pointer}{tick}{option}{style:#}{DIM}{gap}{meaning}{DIM:#}"));
        }
        if !self.is_small() {
            let help = if chosen.is_some() { TICK } else { CHOOSE };
            // Nothing else tells that there are more than the screen holds.
            let place = if options.len() > most {
                format!("{} of {}; ", at + 1, options.len())
            } else {
                String::new()
            };
            let line = shortened(&format!("{place}{help}"), room.saturating_sub(2), self.unicode);
            frame.lines.push(format!("  {DIM}{line}{DIM:#}"));
        }
        frame
    }

    /// What is left of a question that was answered.
    #[must_use]
    pub fn done(self, label: &str, answer: &str) -> Vec<String> {
        let sign = self.sign("✔", "*");
        let room = self.room();
        let front = width(label) + 4;
        let fits = front + width(answer).min(ANSWER) <= room;
        let indent = if fits { front } else { 2 };
        let rows = cut(answer, room.saturating_sub(indent).max(1));
        let head = format!(
            "{DONE}{sign}{DONE:#} {}:",
            shortened(label, room.saturating_sub(3), self.unicode)
        );
        let dim = |row: &String| format!("{}{DIM}{row}{DIM:#}", " ".repeat(indent));
        if indent == 2 {
            return std::iter::once(head).chain(rows.iter().map(dim)).collect();
        }
        let mut lines: Vec<String> = rows.iter().skip(1).map(dim).collect();
        let first = rows.first().map(String::as_str).unwrap_or_default();
        lines.insert(0, format!("{head} {DIM}{first}{DIM:#}"));
        lines
    }
}

const CHOOSE: &str = "up and down, Enter; Esc goes back";
const TICK: &str = "up and down, space to tick, Enter; Esc goes back";

/// Columns that a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// A text in rows of at most `room` columns, cut anywhere: what is typed is not rearranged.
fn cut(text: &str, room: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut used = 0;
    for character in text.chars() {
        let columns = character.width().unwrap_or(0);
        if used + columns > room {
            rows.push(String::new());
            used = 0;
        }
        used += columns;
        if let Some(row) = rows.last_mut() {
            row.push(character);
        }
    }
    rows
}

/// Row and column of the cursor behind a text that is cut in rows.
fn place(before: &str, room: usize) -> (usize, usize) {
    let rows = cut(before, room);
    let column = rows.last().map_or(0, |row| width(row));
    let row = rows.len().saturating_sub(1);
    if column >= room { (row + 1, 0) } else { (row, column) }
}

/// A text in lines of at most `room` columns, broken between words where that can be done; its own lines stay, and
/// their indentation.
#[must_use]
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for own in text.lines() {
        let words = own.trim_start_matches(' ');
        let indent = " ".repeat((own.len() - words.len()).min(room / 2));
        let mut line = indent.clone();
        for word in words.split(' ') {
            if line.len() > indent.len() && width(&line) + 1 + width(word) > room {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            } else if line.len() > indent.len() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.iter().flat_map(|line| cut(line, room.max(1))).collect()
}

/// The rows that a text takes where the terminal breaks its lines; it may have styles.
#[must_use]
pub fn rows(text: &str, width: usize) -> usize {
    let of = |line| cut(&anstream::adapter::strip_str(line).to_string(), width.max(1)).len();
    text.lines().map(of).sum()
}

/// A text of at most `room` columns, with dots where something is left out.
fn shortened(text: &str, room: usize, unicode: bool) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let dots = if unicode { "…" } else { "..." };
    let rows = cut(text, room.saturating_sub(width(dots)).max(1));
    format!("{}{dots}", rows.first().map(String::as_str).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WIDE: Canvas = Canvas { width: 60, height: 20, unicode: true };
    const NARROW: Canvas = Canvas { width: 20, height: 20, unicode: false };

    fn plain(lines: &[String]) -> Vec<String> {
        lines.iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect()
    }

    fn options() -> Vec<(String, String)> {
        ["envelope", "dual"]
            .map(|o| (o.to_owned(), format!("what {o} means to everybody")))
            .to_vec()
    }

    #[test]
    fn a_text_stands_behind_its_label_with_its_meaning_below() {
        let note = Note::Means("node_order_orchestrator".to_owned());
        let frame = WIDE.text("Name", "ord", "order", "x", &note, "Small letters.");
        assert_eq!(
            plain(&frame.lines),
            ["? Name: order", "  node_order_orchestrator", "  Small letters."]
        );
        assert_eq!(frame.cursor, Some((0, 11)));
        let empty = WIDE.text("Name", "", "", "shop", &Note::Means(String::new()), "");
        assert_eq!(plain(&empty.lines), ["? Name: shop"]);
        assert_eq!(empty.cursor, Some((0, 8)));
    }

    #[test]
    fn a_narrow_terminal_gets_more_lines() {
        let note = Note::Wrong("it contains a space".to_owned());
        let frame = NARROW.text(
            "Fields of Order",
            "order_id: uuid, total: ",
            "order_id: uuid, total: int",
            "",
            &note,
            "x",
        );
        assert_eq!(
            plain(&frame.lines),
            [
                "? Fields of Order:",
                "  order_id: uuid, t",
                "  otal: int",
                "  ! it contains a",
                "  space",
            ]
        );
        assert_eq!(frame.cursor, Some((2, 8)));
        assert_eq!(
            plain(&NARROW.done("Fields of Order", "order_id: uuid, total")),
            ["* Fields of Order:", "  order_id: uuid, t", "  otal",]
        );
    }

    #[test]
    fn of_a_very_long_answer_the_part_around_the_cursor_is_shown() {
        let low = Canvas { width: 20, height: 6, unicode: true };
        let text = "abcdefghij".repeat(20);
        let note = Note::Wrong("it is long".to_owned());
        let end = low.text("Fields", &text, &text, "", &note, "");
        assert_eq!(end.lines.len(), 4);
        assert!(plain(&end.lines).iter().any(|line| line.contains("it is long")));
        assert_eq!(end.cursor, Some((2, 15)));
        let start = low.text("Fields", "", &text, "", &note, "");
        assert_eq!(plain(&start.lines)[1], "  abcdefghijabcdefg");
        assert_eq!(start.cursor, Some((1, 2)));
    }

    #[test]
    fn a_list_points_at_one_and_ticks_others() {
        let frame = WIDE.list("Style", &options(), 1, None);
        assert_eq!(
            plain(&frame.lines)[..3],
            [
                "? Style",
                "  envelope  what envelope means to everybody",
                "❯ dual  what dual means to everybody",
            ]
        );
        let ticked = NARROW.list("Style", &options(), 0, Some(&[1]));
        assert_eq!(plain(&ticked.lines), ["? Style", "> [ ] envelope", "  [x] dual"]);
        assert_eq!(ticked.cursor, None);
    }

    #[test]
    fn a_list_that_does_not_fit_is_moved() {
        let low = Canvas { height: 5, ..WIDE };
        let options: Vec<_> = (0..9).map(|index| (index.to_string(), String::new())).collect();
        assert_eq!(plain(&low.list("L", &options, 4, None).lines), ["? L", "  3", "❯ 4"]);
        assert_eq!(plain(&low.list("L", &options, 0, None).lines), ["? L", "❯ 0", "  1"]);
        let higher = Canvas { height: 8, ..WIDE };
        let lines = plain(&higher.list("L", &options, 8, None).lines);
        assert_eq!(lines.last().unwrap(), "  9 of 9; up and down, Enter; Esc goes back");
    }

    #[test]
    fn lines_keep_their_indentation_where_they_are_broken() {
        assert_eq!(wrap("a bc\n  d ef gh\n\n ", 6), ["a bc", "  d ef", "  gh", "", " "]);
    }

    #[test]
    fn rows_are_counted_without_styles() {
        let style = Style::new().bold();
        assert_eq!(rows(&format!("{style}abc{style:#}\n\nabcdefg"), 3), 5);
        assert_eq!(rows("日本語", 3), 3);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_the_terminal(
            width in 16_usize..90, height in 3_usize..30, unicode: bool,
            label in "[a-z ]{1,30}", text in "[ -~é日]{0,60}", help in "[ -~]{0,90}", at in 0_usize..3
        ) {
            let canvas = Canvas { width, height, unicode };
            let options: Vec<_> = (0..3).map(|_| (text.clone(), help.clone())).collect();
            let note = Note::Wrong(help.clone());
            let frames = [
                canvas.text(&label, &text, &text, "", &note, &help).lines,
                canvas.list(&label, &options, at, Some(&[1])).lines,
                canvas.done(&label, &text),
            ];
            for line in frames.iter().flatten() {
                let plain = anstream::adapter::strip_str(line).to_string();
                prop_assert!(super::width(&plain) < width, "{plain:?}");
            }
            let frame = canvas.text(&label, &text, &text, "", &note, &help);
            let (row, column) = frame.cursor.unwrap();
            prop_assert!(row < frame.lines.len() && column < width);
            let label = wrap(&format!("? {label}:"), canvas.room());
            prop_assert!(frame.lines.len() <= height.max(label.len() + 1), "{frame:?}");
        }
    }
}
