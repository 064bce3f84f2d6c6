//! What is known of a call that failed, as data and as text for a person.

use super::classify::START;
use crate::limits::Limits;
use crate::printable::one_line;
use crate::services::Output;
use crate::usage::Usage;
use std::fmt;
use std::time::Duration;

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
    /// How long it ran until it failed, in real time.
    ///
    /// It counts from the last tick of the deadlines' clock before the call, which
    /// saves calls that succeed a look at the time: it is never too short, and
    /// about 5 ms too long at most, or more if the machine is too busy for that
    /// clock. With [`Loader::measure_time`](crate::Loader::measure_time) it is exact.
    pub elapsed: Duration,
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
        self.budgets(f)?;
        self.frames(f)?;
        for record in &self.output.log {
            writeln!(f, "log: {record}")?;
        }
        for (name, text) in [
            ("stderr", &self.output.stderr),
            ("stdout", &self.output.stdout),
        ] {
            for line in text.lines() {
                writeln!(f, "{name}: {}", one_line(line))?;
            }
        }
        Ok(())
    }
}

impl Report {
    /// A line for each budget, with what was used of it.
    fn budgets(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (limits, usage) = (&self.limits, &self.usage);
        let (fuel, deadline) = if self.call == START {
            (limits.start_fuel.or(limits.fuel), limits.start_deadline)
        } else {
            (limits.fuel, limits.deadline)
        };
        if let (Some(used), Some(allowed)) = (usage.fuel, fuel) {
            writeln!(f, "fuel: {used} of {allowed} instructions")?;
        } else if let (1.., Some(allowed)) = (usage.uncounted, fuel) {
            writeln!(
                f,
                "fuel: up to {allowed} instructions, not counted since it was stopped midway"
            )?;
        }
        writeln!(f, "time: about {:?} of {deadline:?}", self.elapsed)?;
        writeln!(
            f,
            "memory: {} of {} bytes",
            usage.peak_memory, limits.memory
        )?;
        writeln!(
            f,
            "tables: {} of {} elements",
            usage.peak_table_elements, limits.table_elements
        )?;
        writeln!(
            f,
            "host calls: {} of {}",
            usage.host_calls, limits.host_calls
        )?;
        writeln!(
            f,
            "to services: {} bytes, at most {} at once",
            usage.service_bytes, limits.value
        )
    }

    fn frames(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.backtrace.is_empty() {
            return Ok(());
        }
        writeln!(f, "backtrace, innermost first:")?;
        for frame in &self.backtrace {
            let function = frame.function.as_deref().unwrap_or("unknown function");
            write!(f, "  {}", one_line(function))?;
            if let Some((file, line)) = &frame.place {
                write!(f, " at {}:{line}", one_line(file))?;
            }
            writeln!(f)?;
        }
        if self.backtrace.iter().all(|frame| frame.function.is_none()) {
            writeln!(
                f,
                "  (for names, build the plugin with `strip = \"debuginfo\"` in its profile)"
            )
        } else if self.backtrace.iter().all(|frame| frame.place.is_none()) {
            writeln!(
                f,
                "  (for files and lines, build the plugin with `debug = 1` in its profile, and \
                 the host with `HostBuilder::source_lines`)"
            )
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_name_forges_no_line() {
        let report = Report {
            call: "act".to_owned(),
            limits: Limits::default(),
            elapsed: Duration::ZERO,
            usage: Usage::default(),
            output: Output::default(),
            backtrace: vec![Frame {
                function: Some("boom\nlog: error: forged".to_owned()),
                place: Some(("a\u{202e}b\nstderr: forged".to_owned(), 1)),
            }],
        };
        let text = report.to_string();
        assert!(text.contains(r"  boom\nlog: error: forged at a\u{202e}b\nstderr: forged:1"));
        assert!(
            !text
                .lines()
                .any(|line| line.starts_with("log:") || line.starts_with("stderr:"))
        );
    }
}
