//! Where results go: a file that appears whole or not at all, or stdout.

use anyhow::{Context, Result};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// An output being written. Dropped before `finish`, it leaves nothing behind.
pub(crate) enum Output {
    File {
        temporary: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
    Stdout(BufWriter<io::Stdout>),
}

impl Output {
    /// Opens a file, or stdout for `-`.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".catalog-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: what the user's umask leaves of it.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temporary = builder
            .tempfile_in(folder)
            .with_context(|| format!("cannot write to the folder `{}`", folder.display()))?;
        Ok(Self::File {
            temporary: BufWriter::new(temporary),
            path: path.to_owned(),
        })
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::File { temporary, path } => {
                let doing = || format!("cannot write `{}`", path.display());
                let temporary = temporary
                    .into_inner()
                    .map_err(|error| error.into_error())
                    .with_context(doing)?;
                temporary.as_file().sync_all().with_context(doing)?;
                temporary.persist(&path).with_context(doing)?;
            }
            Self::Stdout(mut stdout) => stdout.flush().context("cannot write to stdout")?,
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File { temporary, .. } => temporary.write(bytes),
            Self::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File { temporary, .. } => temporary.flush(),
            Self::Stdout(stdout) => stdout.flush(),
        }
    }
}
