//! The terminal as somebody who answers.
//!
//! The terminal is in raw mode as long as a [`Terminal`] lives, and as it was before once it is dropped, however
//! that comes about. Ctrl-C is a key like any other here, so that nothing is killed half-way with a hidden cursor.
//! Everything is drawn on standard error: standard output is for what the command has to say.

use std::io::{self, BufWriter, IsTerminal as _, Stderr, Write as _};

use crossterm::cursor::{Hide, MoveToColumn, MoveUp, Show};
use crossterm::event::{
    self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyEventKind,
    KeyModifiers,
};
use crossterm::terminal::{self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use crossterm::{QueueableCommand as _, cursor};

use super::frame::{Canvas, Frame, Note};
use super::line::Line;
use super::{Choice, Choices, Prompter, Reply, Stopped, Text};

/// Whether somebody can be asked: both ends are a terminal that can be drawn on, and this is no run of a machine.
#[must_use]
pub fn is_there() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stderr().is_terminal() && !set("CI") && !is_dumb
}

/// A terminal in raw mode.
pub struct Terminal {
    /// Buffered, so that a frame arrives whole.
    out: BufWriter<Stderr>,
    colours: bool,
    unicode: bool,
    /// The rows of each answered question, with what was said behind it, and the width that they were drawn at.
    blocks: Vec<(usize, usize)>,
}

impl Terminal {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When it cannot be put into raw mode.
    pub fn open() -> io::Result<Self> {
        let out = io::stderr();
        let colours = anstream::AutoStream::choice(&out) != anstream::ColorChoice::Never;
        terminal::enable_raw_mode()?;
        let mut terminal = Self {
            out: BufWriter::new(out),
            colours,
            unicode: knows_unicode(),
            blocks: vec![(0, 0)],
        };
        // Where that is not known, what is pasted arrives as keys.
        let _ = terminal.out.queue(EnableBracketedPaste);
        terminal.out.flush()?;
        Ok(terminal)
    }

    fn canvas(&self) -> Canvas {
        let (width, height) = terminal::size().unwrap_or((80, 24));
        // Some terminals do not know their size and say zero.
        let or =
            |value: u16, otherwise: usize| if value == 0 { otherwise } else { usize::from(value) };
        Canvas { width: or(width, 80), height: or(height, 24), unicode: self.unicode }
    }

    fn print(&mut self, line: &str) -> io::Result<()> {
        if self.colours {
            self.out.write_all(line.as_bytes())
        } else {
            self.out.write_all(anstream::adapter::strip_str(line).to_string().as_bytes())
        }
    }

    /// Draws a frame over the one that stands, whose cursor is in row `row`; gives the row of the new one's.
    ///
    /// It is told where a frame begins and ends, so that nobody sees a half of it.
    fn draw(&mut self, frame: &Frame, row: usize) -> io::Result<usize> {
        self.out.queue(BeginSynchronizedUpdate)?;
        self.wipe(row)?;
        for (index, line) in frame.lines.iter().enumerate() {
            if index > 0 {
                self.out.write_all(b"\r\n")?;
            }
            self.print(line)?;
        }
        let last = frame.lines.len().saturating_sub(1);
        let row = match frame.cursor {
            Some((row, column)) => {
                self.up(last.saturating_sub(row))?;
                self.out
                    .queue(MoveToColumn(u16::try_from(column).unwrap_or(u16::MAX)))?
                    .queue(Show)?;
                row
            }
            None => {
                self.out.queue(Hide)?;
                last
            }
        };
        self.out.queue(EndSynchronizedUpdate)?.flush()?;
        Ok(row)
    }

    /// Clears everything from `rows` above the cursor on.
    fn wipe(&mut self, rows: usize) -> io::Result<()> {
        self.up(rows)?;
        self.out.queue(MoveToColumn(0))?.queue(Clear(ClearType::FromCursorDown))?;
        Ok(())
    }

    /// Zero rows would be read as one.
    fn up(&mut self, rows: usize) -> io::Result<()> {
        if rows > 0 {
            self.out.queue(MoveUp(u16::try_from(rows).unwrap_or(u16::MAX)))?;
        }
        Ok(())
    }

    /// Puts what is left of a question in its place.
    fn settle(&mut self, label: &str, answer: &str, row: usize) -> io::Result<()> {
        let canvas = self.canvas();
        self.wipe(row)?;
        let lines = canvas.done(label, answer);
        for line in &lines {
            self.print(line)?;
            self.out.write_all(b"\r\n")?;
        }
        self.out.queue(Show)?;
        self.blocks.push((lines.len(), canvas.width));
        self.out.flush()
    }

    /// Writes lines that belong to the question before them, and take so many rows.
    fn write_lines<'t>(
        &mut self,
        lines: impl Iterator<Item = &'t str>,
        rows: usize,
    ) -> io::Result<()> {
        for line in lines {
            self.print(line)?;
            self.out.write_all(b"\r\n")?;
        }
        if let Some((block, _)) = self.blocks.last_mut() {
            *block += rows;
        }
        self.out.flush()
    }

    /// Takes a question away that is not answered.
    fn withdraw(&mut self, row: usize) -> io::Result<()> {
        self.wipe(row)?;
        self.out.queue(Show)?.flush()
    }

    /// What happens next.
    fn next() -> io::Result<Happening> {
        loop {
            match event::read()? {
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    return Ok(Happening::Key(key));
                }
                Event::Paste(text) => return Ok(Happening::Pasted(text)),
                Event::Resize(..) => return Ok(Happening::Resized),
                Event::Key(_) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => {}
            }
        }
    }

    /// The next key; nothing where the screen is to be drawn again. There is nothing to paste into a list.
    fn key() -> io::Result<Option<KeyEvent>> {
        match Self::next()? {
            Happening::Key(key) => Ok(Some(key)),
            Happening::Pasted(_) | Happening::Resized => Ok(None),
        }
    }
}

/// What a person does with a terminal.
enum Happening {
    /// A key is pressed.
    Key(KeyEvent),
    /// A text is pasted, which answers nothing by itself, whatever lines it has.
    Pasted(String),
    /// The size is another.
    Resized,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // What cannot be restored cannot be told either.
        let _ = self.out.queue(DisableBracketedPaste);
        let _ = self.out.queue(cursor::Show).and_then(|out| out.flush());
        let _ = terminal::disable_raw_mode();
    }
}

/// Whether the locale is one of UTF-8, by the variables that say so, the strongest first.
fn knows_unicode() -> bool {
    if cfg!(windows) {
        return true;
    }
    let set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(set);
    let locale = locale.and_then(|name| std::env::var(name).ok()).unwrap_or_default();
    let locale = locale.to_ascii_lowercase().replace('-', "");
    locale.contains("utf8")
}

/// What a key means in every question.
enum Common {
    Enter,
    Back,
    Stop,
    Other,
}

fn common(key: KeyEvent) -> Common {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c' | 'd') if control => Common::Stop,
        KeyCode::Enter => Common::Enter,
        KeyCode::Esc | KeyCode::BackTab => Common::Back,
        _ => Common::Other,
    }
}

impl Prompter for Terminal {
    fn text(
        &mut self,
        question: &Text<'_>,
        before: Option<&str>,
    ) -> Result<Reply<String>, Stopped> {
        let mut line =
            Line::new(before.filter(|before| *before != question.default).unwrap_or_default());
        let mut row = 0;
        loop {
            let text = line.text();
            let meant = if text.is_empty() { &question.default } else { &text };
            let checked = (question.check)(meant);
            let note = match &checked {
                Ok(note) => Note::Means(note.clone()),
                // Nothing is wrong with an answer that has not begun.
                Err(_) if text.is_empty() => Note::Means(String::new()),
                Err(problem) => Note::Wrong(problem.clone()),
            };
            let canvas = self.canvas();
            let frame = canvas.text(
                question.label,
                line.before(),
                &text,
                &question.default,
                &note,
                question.help,
            );
            row = self.draw(&frame, row)?;
            let key = match Self::next()? {
                Happening::Key(key) => key,
                Happening::Pasted(text) => {
                    line.paste(&text);
                    continue;
                }
                Happening::Resized => continue,
            };
            match common(key) {
                Common::Stop => {
                    self.withdraw(row)?;
                    return Err(Stopped::Interrupted);
                }
                Common::Back => {
                    self.withdraw(row)?;
                    return Ok(Reply::Back);
                }
                Common::Enter if checked.is_ok() => {
                    let meant = meant.clone();
                    self.settle(question.label, &meant, row)?;
                    return Ok(Reply::Given(meant));
                }
                Common::Enter => {}
                Common::Other => edit(&mut line, key, &question.default),
            }
        }
    }

    fn choice(
        &mut self,
        question: &Choice<'_>,
        before: Option<usize>,
    ) -> Result<Reply<usize>, Stopped> {
        let last = question.options.len().saturating_sub(1);
        let mut at = before.unwrap_or(question.default).min(last);
        let mut row = 0;
        loop {
            let frame = self.canvas().list(question.label, &question.options, at, None);
            row = self.draw(&frame, row)?;
            let Some(key) = Self::key()? else { continue };
            match common(key) {
                Common::Stop => {
                    self.withdraw(row)?;
                    return Err(Stopped::Interrupted);
                }
                Common::Back => {
                    self.withdraw(row)?;
                    return Ok(Reply::Back);
                }
                Common::Enter => {
                    let answer = question.options.get(at).map(|(option, _)| option.clone());
                    self.settle(question.label, &answer.unwrap_or_default(), row)?;
                    return Ok(Reply::Given(at));
                }
                Common::Other => at = moved(at, last, key),
            }
        }
    }

    fn choices(
        &mut self,
        question: &Choices<'_>,
        before: Option<&[usize]>,
    ) -> Result<Reply<Vec<usize>>, Stopped> {
        let options: Vec<(String, String)> =
            question.options.iter().map(|option| (option.clone(), String::new())).collect();
        let last = options.len().saturating_sub(1);
        let mut chosen = before.unwrap_or(&question.default).to_vec();
        let (mut at, mut row) = (0, 0);
        loop {
            let frame = self.canvas().list(question.label, &options, at, Some(&chosen));
            row = self.draw(&frame, row)?;
            let Some(key) = Self::key()? else { continue };
            match common(key) {
                Common::Stop => {
                    self.withdraw(row)?;
                    return Err(Stopped::Interrupted);
                }
                Common::Back => {
                    self.withdraw(row)?;
                    return Ok(Reply::Back);
                }
                Common::Enter => {
                    chosen.sort_unstable();
                    let names = chosen.iter().filter_map(|index| question.options.get(*index));
                    let names: Vec<&str> = names.map(String::as_str).collect();
                    let answer =
                        if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                    self.settle(question.label, &answer, row)?;
                    return Ok(Reply::Given(chosen));
                }
                Common::Other if key.code == KeyCode::Char(' ') => {
                    let count = chosen.len();
                    chosen.retain(|index| *index != at);
                    if chosen.len() == count && !options.is_empty() {
                        chosen.push(at);
                    }
                }
                Common::Other => at = moved(at, last, key),
            }
        }
    }

    fn say(&mut self, text: &str) -> Result<(), Stopped> {
        let lines = super::frame::wrap(text, self.canvas().width.saturating_sub(1));
        self.write_lines(lines.iter().map(String::as_str), lines.len())?;
        Ok(())
    }

    fn show(&mut self, text: &str) -> Result<(), Stopped> {
        // What is too long for a row is broken by the terminal, which takes it for one line when it is copied.
        self.write_lines(text.lines(), super::frame::rows(text, self.canvas().width))?;
        Ok(())
    }

    fn forget(&mut self) -> Result<(), Stopped> {
        let Canvas { width, height, .. } = self.canvas();
        if self.blocks.len() < 2 {
            return Ok(());
        }
        let Some((rows, drawn_at)) = self.blocks.pop() else { return Ok(()) };
        // What has left the screen, or was broken anew by another width, stays where it is.
        if drawn_at == width && rows < height {
            self.wipe(rows)?;
            self.out.flush()?;
        }
        Ok(())
    }
}

/// What a key does to a line.
fn edit(line: &mut Line, key: KeyEvent, default: &str) {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('a') if control => line.home(),
        KeyCode::Char('e') if control => line.end(),
        KeyCode::Char('u') if control => line.delete_before(),
        KeyCode::Char('k') if control => line.delete_behind(),
        KeyCode::Char('w') if control => line.delete_word(),
        KeyCode::Char('h') if control => line.backspace(),
        KeyCode::Char(character) if !control && !crate::python::is_hidden(character) => {
            line.insert(character);
        }
        KeyCode::Backspace => line.backspace(),
        KeyCode::Delete => line.delete(),
        KeyCode::Left => line.left(),
        KeyCode::Right => line.right(),
        KeyCode::Home => line.home(),
        KeyCode::End => line.end(),
        KeyCode::Tab if line.text().is_empty() => *line = Line::new(default),
        _ => {}
    }
}

/// Where the cursor of a list goes.
fn moved(at: usize, last: usize, key: KeyEvent) -> usize {
    match key.code {
        KeyCode::Up | KeyCode::Char('k') => at.checked_sub(1).unwrap_or(last),
        KeyCode::Down | KeyCode::Char('j') | KeyCode::Tab => {
            if at < last {
                at + 1
            } else {
                0
            }
        }
        KeyCode::Home => 0,
        KeyCode::End => last,
        _ => at,
    }
}
