//! A plugin's stdout and stderr: always captured, and where granted handed on.

use crate::grants::Grants;
use crate::printable::printable;
use crate::services::output::{Collector, Stream};
use bytes::Bytes;
use plugin_host_manifest::{self as manifest, PluginId};
use std::io::Write as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{DynOutputStream, OutputStream, Pollable, StreamError, StreamResult};

/// Bytes of one line that become part of an event.
const LINE: usize = 4096;

/// Bytes that may be written before the stream is asked again.
const AT_ONCE: usize = 64 * 1024;

/// Whose turn it is to write to the process's streams. One at a time, so that a
/// reader who does not read costs one thread and not one for each plugin.
static TURN: Semaphore = Semaphore::const_new(1);

/// The two standard streams of one instance.
pub(in crate::services) struct Stdio {
    stdout: Sink,
    stderr: Sink,
}

/// Where one of them goes.
#[derive(Clone)]
struct Sink {
    captured: Stream,
    also: Also,
    /// What goes to the process's stream, which may not take it at once.
    writing: Arc<tokio::sync::Mutex<Option<Writing>>>,
}

type Writing = Pin<Box<dyn Future<Output = ()> + Send>>;

#[derive(Clone)]
enum Also {
    Nowhere,
    Traced(Arc<Mutex<Lines>>),
    Inherited(Inherited),
}

#[derive(Clone, Copy)]
enum Inherited {
    Stdout,
    Stderr,
}

impl Stdio {
    pub(in crate::services) fn new(plugin: &PluginId, grants: &Grants, output: &Collector) -> Self {
        let sink = |captured: &Stream, name, inherited| Sink {
            captured: captured.clone(),
            writing: Arc::default(),
            also: match grants.stdio {
                manifest::Stdio::Traced => Also::Traced(Arc::new(Mutex::new(Lines {
                    plugin: plugin.clone(),
                    stream: name,
                    line: Vec::new(),
                }))),
                manifest::Stdio::Inherited => Also::Inherited(inherited),
                _ => Also::Nowhere,
            },
        };
        Self {
            stdout: sink(&output.stdout, "stdout", Inherited::Stdout),
            stderr: sink(&output.stderr, "stderr", Inherited::Stderr),
        }
    }

    pub(super) fn stdout(&self) -> DynOutputStream {
        self.stdout.stream()
    }

    pub(super) fn stderr(&self) -> DynOutputStream {
        self.stderr.stream()
    }
}

impl Sink {
    fn stream(&self) -> DynOutputStream {
        Box::new(Writer(self.clone()))
    }
}

/// One handle of the guest's to a standard stream. All handles to one stream
/// share what is being written: a guest may have thousands.
struct Writer(Sink);

#[async_trait]
impl OutputStream for Writer {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let sink = &self.0;
        sink.captured.push(&bytes);
        match &sink.also {
            Also::Nowhere => {}
            Also::Traced(lines) => lines
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(&bytes),
            Also::Inherited(to) => match sink.writing.try_lock() {
                Ok(mut writing) if writing.is_none() => {
                    *writing = Some(Box::pin(to.write(bytes)));
                }
                _ => {
                    let error = wasmtime::Error::msg("wrote before the stream was ready");
                    return Err(StreamError::Trap(error));
                }
            },
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        let ready = self.0.writing.try_lock();
        let ready = ready.is_ok_and(|writing| writing.is_none());
        Ok(if ready { AT_ONCE } else { 0 })
    }

    async fn cancel(&mut self) {
        self.ready().await;
    }
}

#[async_trait]
impl Pollable for Writer {
    async fn ready(&mut self) {
        let mut writing = self.0.writing.lock().await;
        if let Some(bytes) = &mut *writing {
            bytes.await;
            *writing = None;
        }
    }
}

impl Inherited {
    /// Writes to the process's stream, which nobody may be reading.
    async fn write(self, bytes: Bytes) {
        let Ok(turn) = TURN.acquire().await else {
            return;
        };
        let write = tokio::task::spawn_blocking(move || {
            // Held until it is written, even where nobody waits for it any more.
            let _turn = turn;
            // A stream that is closed takes nothing, which is no fault of the plugin's.
            let _ = match self {
                Self::Stdout => std::io::stdout().write_all(&bytes),
                Self::Stderr => std::io::stderr().write_all(&bytes),
            };
        });
        let _ = write.await;
    }
}

/// Collects lines, each of which becomes an event.
struct Lines {
    plugin: PluginId,
    stream: &'static str,
    /// The start of a line whose end is yet to come.
    line: Vec<u8>,
}

impl Lines {
    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = piece.strip_suffix(b"\n").unwrap_or(piece);
            // One byte more than is shown tells that there was more.
            let room = (LINE + 1).saturating_sub(self.line.len());
            self.line.extend(&text[..text.len().min(room)]);
            if text.len() < piece.len() {
                self.emit();
            }
        }
    }

    fn emit(&mut self) {
        let text = String::from_utf8_lossy(&self.line[..self.line.len().min(LINE)]);
        tracing::info!(
            target: "plugin_host::plugin",
            plugin = %self.plugin,
            stream = self.stream,
            "{}{}",
            printable(text.strip_suffix('\r').unwrap_or(&text)),
            if self.line.len() > LINE { "…" } else { "" },
        );
        self.line.clear();
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if !self.line.is_empty() {
            self.emit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    /// Collects the messages of events.
    struct Messages(Arc<Mutex<Vec<String>>>);

    impl tracing::field::Visit for Messages {
        fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
            if field.name() == "message" {
                let mut messages = self.0.lock().expect("nothing panics");
                messages.push(format!("{value:?}"));
            }
        }
    }

    impl Subscriber for Messages {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "plugin_host::plugin"
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            event.record(&mut Self(Arc::clone(&self.0)));
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[test]
    fn each_line_becomes_an_event_that_is_safe_to_print() {
        let messages = Arc::new(Mutex::new(Vec::new()));
        tracing::subscriber::with_default(Messages(Arc::clone(&messages)), || {
            let mut lines = Lines {
                plugin: "plugin".parse().expect("an id"),
                stream: "stdout",
                line: Vec::new(),
            };
            lines.push(b"one\r\ntw");
            lines.push(b"o\n\n\x1b[31mred\xff\n");
            lines.push(&[b'x'; LINE + 5]);
            lines.push(b"\nlast");
        });
        let messages = messages.lock().expect("nothing panics");
        let long = format!("{}…", "x".repeat(LINE));
        let expected = ["one", "two", "", "\\u{1b}[31mred\u{fffd}", &long, "last"];
        assert_eq!(*messages, expected);
    }
}
