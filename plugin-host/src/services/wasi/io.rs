//! `wasi:io` whose waits end at the deadline.
//!
//! The stock sync hosts block past any deadline, and panic inside a tokio task.

use crate::services::Services;
use crate::services::waiting::wait;
use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::io::error;
use wasmtime_wasi::p2::bindings::io::poll as async_poll;
use wasmtime_wasi::p2::bindings::io::streams as async_streams;
use wasmtime_wasi::p2::bindings::sync::io::{poll, streams};
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, DynPollable, IoError, StreamError, StreamResult,
};

/// Bytes that one call reads, skips or hands on at most, and that a stream takes
/// at once. No stream here allows more before it is asked again.
pub(super) const CHUNK: u64 = 64 * 1024;

impl Services {
    /// Counts a call on a stream, in which `bytes` bytes move.
    fn enter_stream(&self, bytes: u64) -> StreamResult<()> {
        self.meter.enter_service(bytes).map_err(StreamError::Trap)
    }

    /// Counts a write, and ends a guest that hands over more than it may.
    fn enter_write(&self, bytes: usize) -> StreamResult<()> {
        self.enter_stream(bytes as u64)?;
        if bytes as u64 > CHUNK {
            // A stream that is busy would hold all of it on the host's side.
            return Err(StreamError::trap("wrote more than `check-write` allows"));
        }
        Ok(())
    }

    /// Waits for a stream operation; a missed deadline ends the guest.
    fn wait_stream<T>(
        &mut self,
        operation: impl AsyncFnOnce(&mut ResourceTable) -> StreamResult<T>,
    ) -> StreamResult<T> {
        wait(&self.meter, operation(&mut self.table)).map_err(StreamError::Trap)?
    }
}

impl error::Host for Services {}

impl error::HostError for Services {
    fn drop(&mut self, error: Resource<IoError>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        self.table.delete(error)?;
        Ok(())
    }

    fn to_debug_string(&mut self, error: Resource<IoError>) -> wasmtime::Result<String> {
        self.meter.enter_service(0)?;
        // Not `Debug`, which would show the guest a backtrace of the host's.
        Ok(self.table.get(&error)?.root_cause().to_string())
    }
}

impl poll::Host for Services {
    fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        self.meter.enter_service(4 * pollables.len() as u64)?;
        wait(
            &self.meter,
            async_poll::Host::poll(&mut self.table, pollables),
        )?
    }
}

impl poll::HostPollable for Services {
    fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        self.meter.enter_service(0)?;
        wait(
            &self.meter,
            async_poll::HostPollable::ready(&mut self.table, pollable),
        )?
    }

    fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        wait(
            &self.meter,
            async_poll::HostPollable::block(&mut self.table, pollable),
        )?
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        async_poll::HostPollable::drop(&mut self.table, pollable)
    }
}

impl streams::Host for Services {
    fn convert_stream_error(
        &mut self,
        error: StreamError,
    ) -> wasmtime::Result<streams::StreamError> {
        streams::Host::convert_stream_error(&mut self.table, error)
    }
}

impl streams::HostInputStream for Services {
    fn read(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<Vec<u8>> {
        let len = len.min(CHUNK);
        self.enter_stream(len)?;
        self.wait_stream(async |table| async_streams::HostInputStream::read(table, stream, len))
    }

    fn blocking_read(
        &mut self,
        stream: Resource<DynInputStream>,
        len: u64,
    ) -> StreamResult<Vec<u8>> {
        let len = len.min(CHUNK);
        self.enter_stream(len)?;
        self.wait_stream(async |table| {
            async_streams::HostInputStream::blocking_read(table, stream, len).await
        })
    }

    fn skip(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<u64> {
        let len = len.min(CHUNK);
        self.enter_stream(len)?;
        self.wait_stream(async |table| async_streams::HostInputStream::skip(table, stream, len))
    }

    fn blocking_skip(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<u64> {
        let len = len.min(CHUNK);
        self.enter_stream(len)?;
        self.wait_stream(async |table| {
            async_streams::HostInputStream::blocking_skip(table, stream, len).await
        })
    }

    fn subscribe(
        &mut self,
        stream: Resource<DynInputStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        self.meter.enter_service(0)?;
        async_streams::HostInputStream::subscribe(&mut self.table, stream)
    }

    fn drop(&mut self, stream: Resource<DynInputStream>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        wait(
            &self.meter,
            async_streams::HostInputStream::drop(&mut self.table, stream),
        )?
    }
}

impl streams::HostOutputStream for Services {
    fn check_write(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<u64> {
        self.enter_stream(0)?;
        let allowed = async_streams::HostOutputStream::check_write(&mut self.table, stream)?;
        Ok(allowed.min(CHUNK))
    }

    fn write(&mut self, stream: Resource<DynOutputStream>, bytes: Vec<u8>) -> StreamResult<()> {
        self.enter_write(bytes.len())?;
        self.wait_stream(async |table| async_streams::HostOutputStream::write(table, stream, bytes))
    }

    fn blocking_write_and_flush(
        &mut self,
        stream: Resource<DynOutputStream>,
        bytes: Vec<u8>,
    ) -> StreamResult<()> {
        self.enter_write(bytes.len())?;
        self.wait_stream(async |table| {
            async_streams::HostOutputStream::blocking_write_and_flush(table, stream, bytes).await
        })
    }

    fn flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        self.enter_stream(0)?;
        self.wait_stream(async |table| async_streams::HostOutputStream::flush(table, stream))
    }

    fn blocking_flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        self.enter_stream(0)?;
        self.wait_stream(async |table| {
            async_streams::HostOutputStream::blocking_flush(table, stream).await
        })
    }

    fn subscribe(
        &mut self,
        stream: Resource<DynOutputStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        self.meter.enter_service(0)?;
        async_streams::HostOutputStream::subscribe(&mut self.table, stream)
    }

    fn write_zeroes(&mut self, stream: Resource<DynOutputStream>, len: u64) -> StreamResult<()> {
        self.enter_stream(len)?;
        self.wait_stream(async |table| {
            // Refuses what `check-write` does not allow before it allocates.
            async_streams::HostOutputStream::write_zeroes(table, stream, len)
        })
    }

    fn blocking_write_zeroes_and_flush(
        &mut self,
        stream: Resource<DynOutputStream>,
        len: u64,
    ) -> StreamResult<()> {
        self.enter_stream(len)?;
        self.wait_stream(async |table| {
            async_streams::HostOutputStream::blocking_write_zeroes_and_flush(table, stream, len)
                .await
        })
    }

    fn splice(
        &mut self,
        to: Resource<DynOutputStream>,
        from: Resource<DynInputStream>,
        len: u64,
    ) -> StreamResult<u64> {
        let len = len.min(CHUNK);
        self.enter_stream(len)?;
        self.wait_stream(async |table| {
            async_streams::HostOutputStream::splice(table, to, from, len)
        })
    }

    fn blocking_splice(
        &mut self,
        to: Resource<DynOutputStream>,
        from: Resource<DynInputStream>,
        len: u64,
    ) -> StreamResult<u64> {
        let len = len.min(CHUNK);
        self.enter_stream(len)?;
        self.wait_stream(async |table| {
            async_streams::HostOutputStream::blocking_splice(table, to, from, len).await
        })
    }

    fn drop(&mut self, stream: Resource<DynOutputStream>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        wait(
            &self.meter,
            async_streams::HostOutputStream::drop(&mut self.table, stream),
        )?
    }
}
