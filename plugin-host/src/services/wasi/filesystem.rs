//! `wasi:filesystem/types` whose waits end at the deadline, on regular files and
//! directories alone.
//!
//! Opens no FIFO, device or socket: a read of one may never return, and the
//! thread that waits for it is then lost to every plugin of the process. What
//! another process puts in a file's place between looking and opening is not
//! read, but opening it may still cost a thread.

use super::file_stream::FileStream;
use super::io::CHUNK;
use crate::services::Services;
use crate::services::waiting::wait;
use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::WasiFilesystemCtxView;
use wasmtime_wasi::p2::bindings::filesystem::types as stock;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    HostDescriptor as Stock, HostDirectoryEntryStream as StockListing,
};
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    Advice, Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry,
    DirectoryEntryStream, ErrorCode, Filesize, Host, HostDescriptor, HostDirectoryEntryStream,
    MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, FsError, FsResult, IoError};

/// Descriptors that one instance may hold. The process has few, and all plugins
/// share them.
const OPEN: usize = 128;

/// Streams of files that one instance may hold: each may buffer a chunk.
const STREAMS: usize = 64;

/// Directories that one instance may list at once: the host holds all names.
const LISTINGS: usize = 8;

/// Bytes that one call writes at most; it says how many it wrote.
const WRITE: usize = 1024 * 1024;

type Fd = Resource<Descriptor>;

impl Services {
    /// Counts a call on files in which `bytes` bytes move, and waits for it no
    /// longer than the deadline.
    fn on_files<T>(
        &mut self,
        bytes: usize,
        operation: impl AsyncFnOnce(&mut WasiFilesystemCtxView<'_>) -> FsResult<T>,
    ) -> FsResult<T> {
        let counted = self.meter.enter_service(bytes as u64);
        counted.map_err(FsError::trap)?;
        let mut files = WasiFilesystemCtxView {
            ctx: &mut self.files.granted,
            table: &mut self.table,
        };
        wait(&self.meter, operation(&mut files)).map_err(FsError::trap)?
    }
}

/// What may be opened: it answers within the time of a disk.
fn answers(kind: stock::DescriptorType) -> bool {
    use stock::DescriptorType as Kind;
    matches!(kind, Kind::RegularFile | Kind::Directory)
}

/// Whether a link to `target` can lead out of the directory that holds it, for
/// anyone who follows it: an application may read what its plugin left there.
fn leads_out(target: &str) -> bool {
    let mut parts = target.split(['/', '\\']);
    let absolute = target.starts_with(['/', '\\']) || target.contains(':');
    absolute || parts.any(|part| part == "..")
}

/// Refuses a path that leads to something that may never answer; `may_be_new`
/// where it may lead to nothing yet.
async fn look(
    files: &mut WasiFilesystemCtxView<'_>,
    fd: &Fd,
    flags: stock::PathFlags,
    path: &str,
    may_be_new: bool,
) -> FsResult<()> {
    use stock::ErrorCode as Code;
    match Stock::stat_at(files, same(fd), flags, path.to_owned()).await {
        // Links are not followed here; who opens one gets the right error.
        Ok(stat) if stat.type_ == stock::DescriptorType::SymbolicLink => Ok(()),
        Ok(stat) if answers(stat.type_) => Ok(()),
        Ok(_) => Err(Code::NotPermitted.into()),
        Err(error) => match error.downcast().map_err(FsError::trap)? {
            Code::NoEntry if may_be_new => Ok(()),
            code => Err(code.into()),
        },
    }
}

fn same(fd: &Fd) -> Fd {
    Resource::new_borrow(fd.rep())
}

impl Host for Services {
    fn convert_error_code(&mut self, error: FsError) -> wasmtime::Result<ErrorCode> {
        Ok(error.downcast()?.into())
    }

    fn filesystem_error_code(
        &mut self,
        error: Resource<IoError>,
    ) -> wasmtime::Result<Option<ErrorCode>> {
        self.meter.enter_service(0)?;
        let error = self.table.get(&error)?.downcast_ref::<std::io::Error>();
        Ok(error.map(|error| stock::ErrorCode::from(error).into()))
    }
}

impl HostDescriptor for Services {
    fn open_at(
        &mut self,
        fd: Fd,
        path_flags: PathFlags,
        path: String,
        open: OpenFlags,
        flags: DescriptorFlags,
    ) -> FsResult<Fd> {
        if self.files.open >= OPEN {
            self.on_files(path.len(), async |_| Ok(()))?;
            return Err(stock::ErrorCode::InsufficientMemory.into());
        }
        let creates = open.contains(OpenFlags::CREATE);
        let path_flags = stock::PathFlags::from(path_flags);
        let opened = self.on_files(path.len(), async |files| {
            look(files, &fd, path_flags, &path, creates).await?;
            let opened =
                Stock::open_at(files, fd, path_flags, path, open.into(), flags.into()).await?;
            let kind = Stock::get_type(files, same(&opened)).await?;
            if !answers(kind) {
                Stock::drop(files, opened).map_err(FsError::trap)?;
                return Err(stock::ErrorCode::NotPermitted.into());
            }
            Ok(opened)
        })?;
        self.files.open += 1;
        Ok(opened)
    }

    fn drop(&mut self, fd: Fd) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        self.table.delete(fd)?;
        self.files.open -= 1;
        Ok(())
    }

    fn read(&mut self, fd: Fd, len: Filesize, offset: Filesize) -> FsResult<(Vec<u8>, bool)> {
        let len = len.min(CHUNK);
        self.on_files(len as usize, async |files| {
            Stock::read(files, fd, len, offset).await
        })
    }

    fn write(&mut self, fd: Fd, mut bytes: Vec<u8>, offset: Filesize) -> FsResult<Filesize> {
        // A write that outlives its call keeps what it writes.
        bytes.truncate(WRITE);
        self.on_files(bytes.len(), async |files| {
            Stock::write(files, fd, bytes, offset).await
        })
    }

    fn read_via_stream(&mut self, fd: Fd, offset: Filesize) -> FsResult<Resource<DynInputStream>> {
        let stream = self.on_files(0, async |files| Stock::read_via_stream(files, fd, offset))?;
        let stream = self.table.delete(stream)?;
        let place = self.files.streams.take(STREAMS);
        let place = place.ok_or(stock::ErrorCode::InsufficientMemory)?;
        let stream: DynInputStream = Box::new(FileStream::new(stream, place));
        Ok(self.table.push(stream)?)
    }

    fn write_via_stream(
        &mut self,
        fd: Fd,
        offset: Filesize,
    ) -> FsResult<Resource<DynOutputStream>> {
        let stream = self.on_files(0, async |files| Stock::write_via_stream(files, fd, offset))?;
        self.output_stream(stream)
    }

    fn append_via_stream(&mut self, fd: Fd) -> FsResult<Resource<DynOutputStream>> {
        let stream = self.on_files(0, async |files| Stock::append_via_stream(files, fd))?;
        self.output_stream(stream)
    }

    fn read_directory(&mut self, fd: Fd) -> FsResult<Resource<DirectoryEntryStream>> {
        if self.files.listings >= LISTINGS {
            self.on_files(0, async |_| Ok(()))?;
            return Err(stock::ErrorCode::InsufficientMemory.into());
        }
        let listing = self.on_files(0, async |files| Stock::read_directory(files, fd).await)?;
        self.files.listings += 1;
        Ok(listing)
    }

    fn symlink_at(&mut self, fd: Fd, target: String, path: String) -> FsResult<()> {
        self.on_files(target.len() + path.len(), async |files| {
            if leads_out(&target) {
                return Err(stock::ErrorCode::NotPermitted.into());
            }
            Stock::symlink_at(files, fd, target, path).await
        })
    }

    fn advise(&mut self, fd: Fd, offset: Filesize, len: Filesize, advice: Advice) -> FsResult<()> {
        self.on_files(0, async |files| {
            Stock::advise(files, fd, offset, len, advice.into()).await
        })
    }

    fn sync_data(&mut self, fd: Fd) -> FsResult<()> {
        self.on_files(0, async |files| Stock::sync_data(files, fd).await)
    }

    fn sync(&mut self, fd: Fd) -> FsResult<()> {
        self.on_files(0, async |files| Stock::sync(files, fd).await)
    }

    fn get_flags(&mut self, fd: Fd) -> FsResult<DescriptorFlags> {
        let flags = self.on_files(0, async |files| Stock::get_flags(files, fd).await)?;
        Ok(flags.into())
    }

    fn get_type(&mut self, fd: Fd) -> FsResult<DescriptorType> {
        let kind = self.on_files(0, async |files| Stock::get_type(files, fd).await)?;
        Ok(kind.into())
    }

    fn set_size(&mut self, fd: Fd, size: Filesize) -> FsResult<()> {
        self.on_files(0, async |files| Stock::set_size(files, fd, size).await)
    }

    fn set_times(&mut self, fd: Fd, read: NewTimestamp, written: NewTimestamp) -> FsResult<()> {
        self.on_files(0, async |files| {
            Stock::set_times(files, fd, read.into(), written.into()).await
        })
    }

    fn set_times_at(
        &mut self,
        fd: Fd,
        path_flags: PathFlags,
        path: String,
        read: NewTimestamp,
        written: NewTimestamp,
    ) -> FsResult<()> {
        self.on_files(path.len(), async |files| {
            let flags = path_flags.into();
            // Where it follows links, the stock host opens what it finds.
            look(files, &fd, flags, &path, false).await?;
            Stock::set_times_at(files, fd, flags, path, read.into(), written.into()).await
        })
    }

    fn stat(&mut self, fd: Fd) -> FsResult<DescriptorStat> {
        let stat = self.on_files(0, async |files| Stock::stat(files, fd).await)?;
        Ok(stat.into())
    }

    fn stat_at(&mut self, fd: Fd, path_flags: PathFlags, path: String) -> FsResult<DescriptorStat> {
        let stat = self.on_files(path.len(), async |files| {
            Stock::stat_at(files, fd, path_flags.into(), path).await
        })?;
        Ok(stat.into())
    }

    fn create_directory_at(&mut self, fd: Fd, path: String) -> FsResult<()> {
        self.on_files(path.len(), async |files| {
            Stock::create_directory_at(files, fd, path).await
        })
    }

    fn remove_directory_at(&mut self, fd: Fd, path: String) -> FsResult<()> {
        self.on_files(path.len(), async |files| {
            Stock::remove_directory_at(files, fd, path).await
        })
    }

    fn unlink_file_at(&mut self, fd: Fd, path: String) -> FsResult<()> {
        self.on_files(path.len(), async |files| {
            Stock::unlink_file_at(files, fd, path).await
        })
    }

    fn readlink_at(&mut self, fd: Fd, path: String) -> FsResult<String> {
        self.on_files(path.len(), async |files| {
            Stock::readlink_at(files, fd, path).await
        })
    }

    fn link_at(
        &mut self,
        fd: Fd,
        path_flags: PathFlags,
        path: String,
        new_fd: Fd,
        new_path: String,
    ) -> FsResult<()> {
        self.on_files(path.len() + new_path.len(), async |files| {
            Stock::link_at(files, fd, path_flags.into(), path, new_fd, new_path).await
        })
    }

    fn rename_at(&mut self, fd: Fd, path: String, new_fd: Fd, new_path: String) -> FsResult<()> {
        self.on_files(path.len() + new_path.len(), async |files| {
            Stock::rename_at(files, fd, path, new_fd, new_path).await
        })
    }

    fn is_same_object(&mut self, a: Fd, b: Fd) -> wasmtime::Result<bool> {
        self.meter.enter_service(0)?;
        let mut files = WasiFilesystemCtxView {
            ctx: &mut self.files.granted,
            table: &mut self.table,
        };
        wait(&self.meter, Stock::is_same_object(&mut files, a, b))?
    }

    fn metadata_hash(&mut self, fd: Fd) -> FsResult<MetadataHashValue> {
        let hash = self.on_files(0, async |files| Stock::metadata_hash(files, fd).await)?;
        Ok(hash.into())
    }

    fn metadata_hash_at(
        &mut self,
        fd: Fd,
        path_flags: PathFlags,
        path: String,
    ) -> FsResult<MetadataHashValue> {
        let hash = self.on_files(path.len(), async |files| {
            Stock::metadata_hash_at(files, fd, path_flags.into(), path).await
        })?;
        Ok(hash.into())
    }
}

impl Services {
    /// Gives a stream its place among those of this instance.
    fn output_stream(
        &mut self,
        stream: Resource<DynOutputStream>,
    ) -> FsResult<Resource<DynOutputStream>> {
        let stream = self.table.delete(stream)?;
        let place = self.files.streams.take(STREAMS);
        let place = place.ok_or(stock::ErrorCode::InsufficientMemory)?;
        let stream: DynOutputStream = Box::new(FileStream::new(stream, place));
        Ok(self.table.push(stream)?)
    }
}

impl HostDirectoryEntryStream for Services {
    fn read_directory_entry(
        &mut self,
        listing: Resource<DirectoryEntryStream>,
    ) -> FsResult<Option<DirectoryEntry>> {
        let entry = self.on_files(0, async |files| {
            StockListing::read_directory_entry(files, listing).await
        })?;
        Ok(entry.map(Into::into))
    }

    fn drop(&mut self, listing: Resource<DirectoryEntryStream>) -> wasmtime::Result<()> {
        self.meter.enter_service(0)?;
        self.table.delete(listing)?;
        self.files.listings -= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_out_are_told_from_those_that_stay() {
        for target in ["a", "a/b", "./a", "..a", "a..", "a/"] {
            assert!(!leads_out(target), "{target}");
        }
        for target in ["/a", "..", "../a", "a/../..", "a\\..\\b", "\\a", "C:a"] {
            assert!(leads_out(target), "{target}");
        }
    }
}
