//! Ctrl-C and its kin wait while files are written: the run stops before its first change, or completes.

#[cfg(unix)]
mod signals {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};

    /// Holds the signals back until [`Interrupt::end`].
    #[derive(Debug)]
    pub(in super::super) struct Interrupt {
        /// Whether a signal does what it does to any program.
        passes: Arc<AtomicBool>,
        /// The signal that came.
        came: Arc<AtomicUsize>,
    }

    impl Interrupt {
        /// Begins to hold them back. Where that cannot be had, they do what they do to any program, which is no
        /// worse than a kill.
        pub(in super::super) fn hold() -> Self {
            let passes = Arc::new(AtomicBool::new(false));
            let came = Arc::new(AtomicUsize::new(0));
            for signal in [SIGINT, SIGTERM] {
                let _ = flag::register_conditional_default(signal, passes.clone());
                if let Ok(number) = usize::try_from(signal) {
                    let _ = flag::register_usize(signal, came.clone(), number);
                }
            }
            Self { passes, came }
        }

        /// Whether one came.
        pub(in super::super) fn came(&self) -> bool {
            self.came.load(Ordering::SeqCst) != 0
        }

        /// Lets them pass again, the one that came first of all: it ends the program.
        pub(in super::super) fn end(self) {
            self.passes.store(true, Ordering::SeqCst);
            if let Ok(signal) = i32::try_from(self.came.load(Ordering::SeqCst))
                && signal != 0
            {
                let _ = low_level::emulate_default_handler(signal);
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    /// There is nothing to hold back here: an interrupted run is settled by the next.
    #[derive(Debug)]
    pub(in super::super) struct Interrupt;

    impl Interrupt {
        pub(in super::super) fn hold() -> Self {
            Self
        }

        pub(in super::super) fn came(&self) -> bool {
            false
        }

        pub(in super::super) fn end(self) {}
    }
}

pub(super) use signals::Interrupt;
