//! What is known of a call that failed, as data and as text for a person.

use crate::limits::Limits;
use crate::printable::printable;
use crate::services::Output;
use crate::usage::Usage;
use std::fmt;

/// What is known of a call that failed.
///
/// Printed, it is a text of several lines for whoever wrote or runs the plugin.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The call, or `start`.
    pub call: String,
    /// What it was allowed.
    pub limits: Limits,
    /// What it used until it failed.
    pub usage: Usage,
    /// The end of what the plugin wrote.
    pub output: Output,
    /// Where in the plugin it failed, innermost first.
    pub backtrace: Vec<Frame>,
}

/// One function that was running when a plugin failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The demangled name, where the plugin carries names.
    pub function: Option<String>,
    /// The source file and line, where the plugin carries debug information.
    pub place: Option<(String, u32)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "call: {}", self.call)?;
        let usage = &self.usage;
        if let (Some(used), Some(allowed)) = (usage.fuel, self.limits.fuel) {
            writeln!(f, "fuel: {used} of {allowed} instructions")?;
        }
        writeln!(f, "deadline: {:?}", self.limits.deadline)?;
        writeln!(
            f,
            "memory: {} of {} bytes",
            usage.peak_memory, self.limits.memory
        )?;
        writeln!(
            f,
            "host calls: {} of {}",
            usage.host_calls, self.limits.host_calls
        )?;
        if !self.backtrace.is_empty() {
            writeln!(f, "backtrace, innermost first:")?;
            for frame in &self.backtrace {
                let function = frame.function.as_deref().unwrap_or("unknown function");
                write!(f, "  {}", printable(function))?;
                if let Some((file, line)) = &frame.place {
                    write!(f, " at {}:{line}", printable(file))?;
                }
                writeln!(f)?;
            }
            if self.backtrace.iter().all(|frame| frame.place.is_none()) {
                writeln!(
                    f,
                    "  (build the plugin with `debug = 1` in its profile for files and lines)"
                )?;
            }
        }
        for record in &self.output.log {
            writeln!(f, "log: {record}")?;
        }
        for (name, text) in [
            ("stderr", &self.output.stderr),
            ("stdout", &self.output.stdout),
        ] {
            for line in text.lines() {
                writeln!(f, "{name}: {}", printable(line))?;
            }
        }
        Ok(())
    }
}
