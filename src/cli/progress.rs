//! How far a long command is, for whoever watches the terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error. Where that is no terminal, nothing is drawn.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar for so many lines, with what is done to them.
    pub(super) fn new(lines: usize, what: &'static str) -> Self {
        let lines = u64::try_from(lines).unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(lines), ProgressDrawTarget::stderr());
        // A template that is refused leaves the plain style of the library.
        if let Ok(style) =
            ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}  {per_sec}  {eta}")
        {
            bar.set_style(style);
        }
        Self(bar.with_message(what))
    }

    /// Moves the bar to how many are done.
    pub(super) fn counter(&self) -> impl Fn(usize) + Send + Sync + 'static {
        let bar = self.0.clone();
        move |done| bar.set_position(u64::try_from(done).unwrap_or(u64::MAX))
    }

    /// Takes the bar away.
    pub(super) fn clear(self) {
        self.0.finish_and_clear();
    }
}
