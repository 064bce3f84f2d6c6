//! Keeps the newest of what a plugin writes, within a bound, and counts the rest.

use super::log::LogRecord;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

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
    /// Bytes of stdout and stderr that were dropped to stay within the limit.
    pub dropped_bytes: u64,
    /// Log records that were dropped to stay within the limit.
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
    limit: usize,
    dropped: u64,
}

struct Records {
    records: VecDeque<LogRecord>,
    size: usize,
    limit: usize,
    dropped: u64,
}

impl Collector {
    pub(crate) fn new(limit: u64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let stream = || {
            Stream(Arc::new(Mutex::new(Tail {
                bytes: VecDeque::new(),
                limit,
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
                dropped: 0,
            })),
        }
    }

    pub(crate) fn log(&self, record: LogRecord) {
        let mut log = lock(&self.log);
        log.size += record.size();
        log.records.push_back(record);
        while log.size > log.limit {
            let Some(oldest) = log.records.pop_front() else {
                break;
            };
            log.size -= oldest.size();
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
            log: log.records.iter().cloned().collect(),
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

    fn push(&self, bytes: &[u8]) {
        let mut tail = lock(&self.0);
        let fitting = &bytes[bytes.len().saturating_sub(tail.limit)..];
        let excess = (tail.bytes.len() + fitting.len()).saturating_sub(tail.limit);
        tail.bytes.drain(..excess);
        tail.bytes.extend(fitting);
        tail.dropped += (bytes.len() - fitting.len() + excess) as u64;
    }
}

impl OutputStream for Stream {
    fn write(&mut self, bytes: bytes::Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        // Bounds what one `write-zeroes` makes the host allocate.
        Ok(64 * 1024)
    }
}

#[async_trait]
impl Pollable for Stream {
    async fn ready(&mut self) {}
}

impl IsTerminal for Stream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Stream {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl tokio::io::AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
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
        let collector = Collector::new(8);
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
        let collector = Collector::new(200);
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
}
