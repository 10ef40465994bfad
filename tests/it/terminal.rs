//! The command at a pseudo-terminal: what is typed goes in as keys, what a person would see comes out as a screen.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::project::Project;

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESC: &str = "\u{1b}";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const UP: &str = "\u{1b}[A";
pub(crate) const BACKSPACE: &str = "\u{7f}";

/// What a run ends with that Ctrl-C stopped, and one that got a no.
pub(crate) const INTERRUPTED: u32 = 130;
pub(crate) const NO: u32 = 1;

/// Longer than this no answer takes, on whatever machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal in which the command runs.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn std::io::Write + Send>,
    seen: Arc<Mutex<Seen>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

/// What the command has written.
struct Seen {
    screen: vt100::Parser,
    raw: Vec<u8>,
}

impl Seen {
    /// Whether no frame is half drawn.
    fn is_settled(&self) -> bool {
        let count = |mark: &[u8]| self.raw.windows(mark.len()).filter(|at| *at == mark).count();
        count(b"\x1b[?2026h") == count(b"\x1b[?2026l")
    }

    fn screen(&self) -> String {
        let contents = self.screen.screen().contents();
        let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    }
}

/// How the terminal is, before the command starts.
pub(crate) struct Setup<'a> {
    pub(crate) size: (u16, u16),
    pub(crate) environment: &'a [(&'a str, &'a str)],
}

impl Default for Setup<'_> {
    fn default() -> Self {
        Self { size: (40, 100), environment: &[("LANG", "en_US.UTF-8")] }
    }
}

impl Terminal {
    /// `onex` with these arguments, in the working directory of a project.
    pub(crate) fn start(project: &Project, arguments: &[&str], setup: &Setup<'_>) -> Self {
        let (rows, cols) = setup.size;
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_onex"));
        command.args(arguments);
        command.cwd(project.at(""));
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in setup.environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let keys = pair.master.take_writer().unwrap();
        let mut output = pair.master.try_clone_reader().unwrap();
        let screen = vt100::Parser::new(rows, cols, 2000);
        let seen = Arc::new(Mutex::new(Seen { screen, raw: Vec::new() }));
        let written = Arc::clone(&seen);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = output.read(&mut buffer) {
                if count == 0 {
                    return;
                }
                let read = buffer.get(..count).unwrap_or_default();
                let mut seen = written.lock().unwrap();
                seen.screen.process(read);
                seen.raw.extend_from_slice(read);
            }
        });
        Self { master: pair.master, child, keys, seen, reader: Some(reader) }
    }

    /// Everything on the screen, without the blanks at the ends of lines.
    pub(crate) fn screen(&self) -> String {
        self.seen.lock().unwrap().screen()
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn see(&mut self, text: &str) -> &mut Self {
        self.wait(&format!("{text:?} is not there"), |screen| screen.contains(text))
    }

    /// Waits until a text is no longer on the screen.
    #[track_caller]
    pub(crate) fn miss(&mut self, text: &str) -> &mut Self {
        self.wait(&format!("{text:?} is still there"), |screen| !screen.contains(text))
    }

    #[track_caller]
    fn wait(&mut self, problem: &str, holds: impl Fn(&str) -> bool) -> &mut Self {
        let start = Instant::now();
        let is_there = |seen: &Seen| seen.is_settled() && holds(&seen.screen());
        while !is_there(&self.seen.lock().unwrap()) {
            assert!(start.elapsed() < PATIENCE, "{problem}:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Types keys.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Answers the question with this label: waits for it, types, sees what was typed, and presses Enter.
    #[track_caller]
    pub(crate) fn answer(&mut self, label: &str, text: &str) -> &mut Self {
        self.see(&format!("? {label}"));
        if !text.is_empty() {
            self.keys(text);
            let end: String =
                text.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
            self.see(&end);
        }
        self.keys(ENTER).miss(&format!("? {label}"))
    }

    pub(crate) fn resize(&mut self, rows: u16, cols: u16) -> &mut Self {
        self.seen.lock().unwrap().screen.screen_mut().set_size(rows, cols);
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self
    }

    /// Asserts that the terminal is as a shell left it: the cursor there, lines edited and echoed by the system.
    #[track_caller]
    pub(crate) fn assert_restored(&self) {
        assert!(!self.seen.lock().unwrap().screen.screen().hide_cursor(), "the cursor is hidden");
        #[cfg(unix)]
        {
            let flags = format!("{:?}", self.master.get_termios().unwrap().local_flags);
            for flag in ["ICANON", "ECHO", "ISIG"] {
                assert!(flags.contains(flag), "{flag} is off: {flags}");
            }
        }
    }

    /// Waits for the end; gives the exit code and everything that was written, escape sequences included.
    pub(crate) fn end(mut self) -> (u32, String) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        };
        // The other end is closed, so that the reader comes to the end of what was written.
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.assert_restored();
        let raw = String::from_utf8(self.seen.lock().unwrap().raw.clone()).unwrap();
        (status.exit_code(), raw)
    }
}

/// Compares what is on the screen with the snapshot of that name.
///
/// Each key gives a frame, and the last of them may still be on its way: the screen has some time to become what it is
/// to be.
pub(crate) fn assert_screen(name: &str, terminal: &Terminal) {
    let path = crate::readme::repository().join(format!("snapshots/screens/{name}.snap"));
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let kept = kept.splitn(3, "---\n").last().unwrap_or_default().trim_end();
    let start = Instant::now();
    while start.elapsed() < PATIENCE / 6 && terminal.screen().trim_end() != kept {
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, terminal.screen()));
}

/// The command that is printed at the end, as a shell takes it apart.
fn printed_command(output: &str) -> Vec<String> {
    let plain = anstream::adapter::strip_str(output).to_string().replace('\r', "");
    let command = plain.rsplit("The same without questions:\n").next().unwrap();
    let command = command.split("\n\n").next().unwrap().replace("\\\n", " ");
    let words = std::process::Command::new("sh")
        .args(["-c", &format!("for word in {command}; do printf '%s\\0' \"$word\"; done")])
        .output()
        .unwrap();
    let words = String::from_utf8(words.stdout).unwrap();
    words.split_terminator('\0').map(str::to_owned).collect()
}

/// Runs the printed command in a project that is as the other one was, and compares what came of both.
#[track_caller]
pub(crate) fn assert_same_again(output: &str, asked: &Project, fresh: &Project) {
    let words = printed_command(output);
    assert_eq!(words.first().map(String::as_str), Some("onex"));
    let arguments: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    fresh.run(&arguments).exit(0);
    assert_eq!(fresh.tree(), asked.tree(), "{words:?}");
}
