//! A subject's process, which measures when it is asked to.

use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child as Process, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A subject that waits for its turn.
pub(crate) struct Child {
    pub(crate) name: &'static str,
    process: Process,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Child {
    /// Starts the process.
    pub(crate) fn start(name: &'static str, program: &Path, args: &[&str]) -> Result<Self> {
        let mut process = Command::new(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let questions = process.stdin.take();
        let answers = process.stdout.take().expect("it is piped");
        Ok(Self {
            name,
            process,
            questions,
            answers: BufReader::new(answers),
        })
    }

    /// Has a case measured so many times in a row; none where the subject has no
    /// such case.
    pub(crate) fn run(&mut self, case: &str, times: u64) -> Result<Option<Duration>> {
        let failed = || format!("{} failed at {case}", self.name);
        let questions = self.questions.as_mut().expect("it is piped until the end");
        writeln!(questions, "{case} {times}").with_context(failed)?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        match answer.trim() {
            "-" => Ok(None),
            time => {
                let nanoseconds = time.parse().with_context(failed)?;
                Ok(Some(Duration::from_nanos(nanoseconds)))
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // The process ends with its input.
        self.questions = None;
        let _ = self.process.wait();
    }
}
