//! Where results go: a file that appears whole or not at all, or a stream.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// An output being written.
pub(crate) enum Output {
    /// Put in its place when it is finished; dropped before that, it leaves
    /// nothing behind.
    File {
        temporary: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
    /// Stdout, a device or a pipe: what was written is out.
    Stream(BufWriter<Box<dyn Write>>),
}

impl Output {
    /// Opens a file, or stdout for `-`.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stream(BufWriter::new(Box::new(io::stdout()))));
        }
        let doing = || format!("cannot write `{}`", path.display());
        // Through a link, what it points at is replaced and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let existing = fs::metadata(&path).ok();
        if existing
            .as_ref()
            .is_some_and(|existing| !existing.is_file())
        {
            let stream = File::options()
                .write(true)
                .open(&path)
                .with_context(doing)?;
            return Ok(Self::Stream(BufWriter::new(Box::new(stream))));
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".catalog-").suffix(".tmp");
        if let Some(existing) = existing {
            builder.permissions(existing.permissions());
        } else {
            #[cfg(unix)]
            // As any new file: what the user's umask leaves of it.
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let temporary = builder
            .tempfile_in(folder)
            .with_context(|| format!("cannot write to the folder `{}`", folder.display()))?;
        Ok(Self::File {
            temporary: BufWriter::new(temporary),
            path,
        })
    }

    /// Whether nothing is out before `finish`.
    pub(crate) fn is_all_or_nothing(&self) -> bool {
        matches!(self, Self::File { .. })
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::File { temporary, path } => {
                let doing = || format!("cannot write `{}`", path.display());
                let temporary = temporary
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)
                    .with_context(doing)?;
                temporary.as_file().sync_all().with_context(doing)?;
                temporary.persist(&path).with_context(doing)?;
            }
            Self::Stream(mut stream) => stream.flush().context("cannot write the output")?,
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File { temporary, .. } => temporary.write(bytes),
            Self::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File { temporary, .. } => temporary.flush(),
            Self::Stream(stream) => stream.flush(),
        }
    }
}
