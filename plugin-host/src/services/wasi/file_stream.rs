//! A stream of a file, of which an instance may have so many at once.

use bytes::Bytes;
use std::sync::Arc;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, InputStream, OutputStream, Pollable, StreamResult,
};

/// Gives out room for streams, and gets it back when a stream is dropped.
#[derive(Default)]
pub(super) struct Room(Arc<()>);

/// What a stream holds while it lives.
pub(super) struct Place(#[expect(dead_code, reason = "counted by being held")] Arc<()>);

impl Room {
    /// A place, where fewer than `limit` are taken.
    pub(super) fn take(&self, limit: usize) -> Option<Place> {
        // The room itself holds one.
        (Arc::strong_count(&self.0) <= limit).then(|| Place(Arc::clone(&self.0)))
    }
}

/// A stream of a file, and its place.
pub(super) struct FileStream<S> {
    stream: S,
    _place: Place,
}

impl<S> FileStream<S> {
    pub(super) fn new(stream: S, place: Place) -> Self {
        Self {
            stream,
            _place: place,
        }
    }
}

#[async_trait]
impl Pollable for FileStream<DynInputStream> {
    async fn ready(&mut self) {
        self.stream.ready().await;
    }
}

#[async_trait]
impl Pollable for FileStream<DynOutputStream> {
    async fn ready(&mut self) {
        self.stream.ready().await;
    }
}

#[async_trait]
impl InputStream for FileStream<DynInputStream> {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        self.stream.read(size)
    }

    async fn blocking_read(&mut self, size: usize) -> StreamResult<Bytes> {
        self.stream.blocking_read(size).await
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}

#[async_trait]
impl OutputStream for FileStream<DynOutputStream> {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.stream.write(bytes)
    }

    async fn blocking_write_and_flush(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.stream.blocking_write_and_flush(bytes).await
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.stream.flush()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.stream.check_write()
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_given_back_can_be_taken_again() {
        let room = Room::default();
        let places = [room.take(2), room.take(2)];
        assert!(places.iter().all(Option::is_some));
        assert!(room.take(2).is_none());
        drop(places);
        assert!(room.take(2).is_some());
    }
}
