//! How far a long run is, on a terminal.
//!
//! In: how much there is to do, and each piece of it once it is done. Out: one line on standard error, gone when the work
//! is. Nothing where that is no terminal, where a CI service watches, and where the work is done before anybody wonders.

use std::io::{IsTerminal as _, stderr};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Nobody wonders before this.
const PATIENCE: Duration = Duration::from_millis(300);

/// The line; shared by all threads that do the work.
#[derive(Debug)]
pub struct Progress {
    begun: Instant,
    is_wanted: bool,
    count: u64,
    what: &'static str,
    done: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// Begins work on so many things, `what` in the plural.
    #[must_use]
    pub fn over(count: usize, what: &'static str) -> Self {
        let is_watched = stderr().is_terminal() && std::env::var_os("CI").is_none();
        let is_capable = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Self {
            begun: Instant::now(),
            is_wanted: is_watched && is_capable,
            count: u64::try_from(count).unwrap_or(u64::MAX),
            what,
            done: AtomicU64::new(0),
            bar: OnceLock::new(),
        }
    }

    /// One more of them is done.
    pub fn step(&self) {
        if !self.is_wanted {
            return;
        }
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.bar.get().is_some() || self.begun.elapsed() > PATIENCE {
            self.bar.get_or_init(|| self.shown()).set_position(done);
        }
    }

    fn shown(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.count), ProgressDrawTarget::stderr());
        let form = format!("{{bar:30}} {{percent:>3}}% of {} {}", self.count, self.what);
        // The form is ours: one that is none would show in the first test.
        bar.with_style(
            ProgressStyle::with_template(&form).unwrap_or_else(|_| ProgressStyle::default_bar()),
        )
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
