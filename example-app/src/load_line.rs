//! A line that shows what is compiled, where someone looks.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plugin_host::Progress;
use std::io::{self, IsTerminal};

/// What draws the line: nothing where stderr is no terminal. It goes away once all
/// plugins are loaded.
pub(crate) fn load_line() -> impl Fn(Progress<'_>) + Send + Sync + 'static {
    let style = ProgressStyle::with_template("{prefix}compiling `{msg}`");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    let line = ProgressBar::no_length().with_style(style);
    if !io::stderr().is_terminal() {
        line.set_draw_target(ProgressDrawTarget::hidden());
    }
    move |progress| match progress {
        Progress::Compiling { plugin, .. } => {
            line.set_message(plugin.to_string());
            line.tick();
        }
        Progress::Loading { done, of } if done == of => line.finish_and_clear(),
        Progress::Loading { done, of } => line.set_prefix(format!("{done} of {of} loaded, ")),
        _ => {}
    }
}
