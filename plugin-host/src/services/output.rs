//! Keeps the newest of what a plugin writes, within a bound, and counts the rest.

use super::log::LogRecord;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a plugin wrote last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output {
    /// The end of its standard output. Not safe to print as it is.
    pub stdout: String,
    /// The end of its standard error. Not safe to print as it is.
    pub stderr: String,
    /// The newest of its log records, oldest first.
    pub log: Vec<LogRecord>,
    /// Bytes of stdout and stderr that were dropped to stay within the limits.
    pub dropped_bytes: u64,
    /// Log records that were dropped to stay within the limits.
    pub dropped_records: u64,
}

/// The collecting side, shared by a plugin and its instances.
#[derive(Clone)]
pub(crate) struct Collector {
    pub(crate) stdout: Stream,
    pub(crate) stderr: Stream,
    log: Arc<Mutex<Records>>,
}

/// One of the two standard streams.
#[derive(Clone)]
pub(crate) struct Stream(Arc<Mutex<Tail>>);

struct Tail {
    bytes: VecDeque<u8>,
    /// Line ends among the bytes.
    ends: usize,
    limit: usize,
    lines: usize,
    dropped: u64,
}

struct Records {
    /// Each with its size.
    records: VecDeque<(usize, LogRecord)>,
    size: usize,
    limit: usize,
    lines: usize,
    dropped: u64,
}

impl Collector {
    /// Keeps up to `limit` bytes and `lines` lines or records of each kind.
    pub(crate) fn new(limit: u64, lines: u64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let lines = usize::try_from(lines).unwrap_or(usize::MAX);
        let stream = || {
            Stream(Arc::new(Mutex::new(Tail {
                bytes: VecDeque::new(),
                ends: 0,
                limit,
                lines,
                dropped: 0,
            })))
        };
        Self {
            stdout: stream(),
            stderr: stream(),
            log: Arc::new(Mutex::new(Records {
                records: VecDeque::new(),
                size: 0,
                limit,
                lines,
                dropped: 0,
            })),
        }
    }

    pub(crate) fn log(&self, record: LogRecord) {
        let mut log = lock(&self.log);
        let size = record.size();
        log.size += size;
        log.records.push_back((size, record));
        while log.size > log.limit || log.records.len() > log.lines {
            let Some((size, _oldest)) = log.records.pop_front() else {
                break;
            };
            log.size -= size;
            log.dropped += 1;
        }
    }

    pub(crate) fn snapshot(&self) -> Output {
        let (stdout, dropped_stdout) = self.stdout.text();
        let (stderr, dropped_stderr) = self.stderr.text();
        let log = lock(&self.log);
        Output {
            stdout,
            stderr,
            log: log
                .records
                .iter()
                .map(|(_, record)| record.clone())
                .collect(),
            dropped_bytes: dropped_stdout + dropped_stderr,
            dropped_records: log.dropped,
        }
    }
}

impl Stream {
    fn text(&self) -> (String, u64) {
        let mut tail = lock(&self.0);
        let text = String::from_utf8_lossy(tail.bytes.make_contiguous()).into_owned();
        (text, tail.dropped)
    }

    pub(super) fn push(&self, bytes: &[u8]) {
        let mut tail = lock(&self.0);
        let fitting = &bytes[bytes.len().saturating_sub(tail.limit)..];
        tail.dropped += (bytes.len() - fitting.len()) as u64;
        let excess = (tail.bytes.len() + fitting.len()).saturating_sub(tail.limit);
        tail.drop_oldest(excess);
        tail.bytes.extend(fitting);
        tail.ends += ends(fitting.iter());
        tail.drop_lines();
    }
}

impl Tail {
    fn drop_oldest(&mut self, count: usize) {
        self.ends -= ends(self.bytes.iter().take(count));
        self.bytes.drain(..count);
        self.dropped += count as u64;
    }

    fn drop_lines(&mut self) {
        let unfinished = self.bytes.back().is_some_and(|byte| *byte != b'\n');
        let excess = (self.ends + usize::from(unfinished)).saturating_sub(self.lines);
        if excess > 0 {
            let mut ends = (0..self.bytes.len()).filter(|at| self.bytes[*at] == b'\n');
            // All of it, where the unfinished line is too much too.
            let last = ends.nth(excess - 1);
            self.drop_oldest(last.map_or(self.bytes.len(), |at| at + 1));
        }
    }
}

fn ends<'a>(bytes: impl Iterator<Item = &'a u8>) -> usize {
    bytes.filter(|byte| **byte == b'\n').count()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::log::Level;
    use super::*;

    #[test]
    fn the_newest_output_is_kept_and_the_rest_is_counted() {
        let collector = Collector::new(8, 10);
        collector.stdout.push(b"abcdef");
        collector.stdout.push(b"ghij");
        collector.stderr.push(b"0123456789");
        let output = collector.snapshot();
        assert_eq!(output.stdout, "cdefghij");
        assert_eq!(output.stderr, "23456789");
        assert_eq!(output.dropped_bytes, 4);
    }

    #[test]
    fn the_newest_records_are_kept_and_the_rest_is_counted() {
        let collector = Collector::new(200, 10);
        for i in 0..10 {
            collector.log(LogRecord {
                level: Level::Info,
                message: format!("record {i}"),
                fields: Vec::new(),
            });
        }
        let output = collector.snapshot();
        let kept: Vec<String> = output.log.iter().map(ToString::to_string).collect();
        assert_eq!(kept, ["info: record 8", "info: record 9"]);
        assert_eq!(output.dropped_records, 8);
    }

    #[test]
    fn lines_and_records_are_bounded_in_number_too() {
        let collector = Collector::new(1000, 2);
        collector.stdout.push(b"a\nb\n");
        collector.stdout.push(b"\n\n\nlast");
        collector.stderr.push(b"a\nb\nc\n");
        for _ in 0..5 {
            collector.log(LogRecord::new(Level::Info, String::new(), Vec::new()));
        }
        let output = collector.snapshot();
        assert_eq!(output.stdout, "\nlast");
        assert_eq!(output.stderr, "b\nc\n");
        assert_eq!(output.dropped_bytes, 6 + 2);
        assert_eq!((output.log.len(), output.dropped_records), (2, 3));
    }
}
