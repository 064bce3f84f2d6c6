//! Compiled plugins that an application ships: found by what was compiled into the
//! application itself. Writes nothing, and never runs code that the application's
//! own build did not make.

mod error;
mod index;
#[cfg(feature = "compile")]
mod writing;

pub use error::ShippedError;
#[cfg(feature = "compile")]
pub(crate) use writing::write;

use crate::digest::Digest;
use crate::native::Code;
use crate::ownership::{Seen, user};
use index::{Artifact, Index};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use wasmtime::Engine;
use wasmtime::component::Component;

/// A folder of plugins that were compiled when the application was built, for
/// [`HostBuilder::shipped`].
///
/// The application's build compiles them for the target that it is built for, with
/// a [`Precompiler`](crate::Precompiler), and compiles the index of what came out
/// into the application. They then load without a compiler, and a build without
/// the feature `compile` has none. The components are shipped too: they are what
/// is discovered, judged, granted and locked.
///
/// ```no_run
/// // build.rs
/// use plugin_host::{Candidate, Host, Limits};
/// use std::path::PathBuf;
/// use std::{env, fs};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     // What decides is whether they name fuel, as for the application's host.
///     let limits = Limits::default().fuel(50_000_000);
///     let host = Host::builder().limits(limits.clone());
///     let mut precompiler = host.precompiler(&env::var("TARGET")?)?;
///     precompiler.add(&Candidate::from_file("plugins/search.wasm", &limits)?)?;
///     let index = precompiler.write("plugins/compiled")?;
///     fs::write(PathBuf::from(env::var("OUT_DIR")?).join("plugins.index"), index)?;
///     Ok(())
/// }
/// ```
///
/// ```
/// use plugin_host::{Host, Limits, Shipped};
///
/// // include_str!(concat!(env!("OUT_DIR"), "/plugins.index"))
/// const INDEX: &str = "plugin-host shipped 1 x86_64-unknown-linux-gnu\n";
///
/// let shipped = Shipped::new("/usr/share/shop/plugins/compiled", INDEX)?;
/// let host = Host::builder()
///     .limits(Limits::default().fuel(50_000_000))
///     .shipped(shipped)
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is trusted
///
/// Compiled code runs with all rights of the process. Here the application itself
/// says which code that may be: a component is looked up in its index by digest,
/// and only code with the digest that the index has for it runs. So the folder
/// needs no trust: whoever may write there can have a plugin not load, and no more.
/// Files are mapped where nobody may write to them or to the folder but this user
/// and the administrator; others are copied before they are checked. On Windows all
/// are copied.
///
/// What has to be trusted is who builds the application: the index must come from
/// there, which is why it must live as long as the program. One that is read from
/// a file would let whoever writes that file run code.
///
/// Whether code fits is for the engine to tell, by its version, target and
/// settings, which are in the code. A file that is mapped must not be written to
/// while the application runs, as with any library of a program: replace it by
/// another of its name, as package managers do.
///
/// [`HostBuilder::shipped`]: crate::HostBuilder::shipped
#[derive(Clone, Debug)]
#[must_use = "what is shipped is used by the host that is given it"]
pub struct Shipped {
    folder: PathBuf,
    index: Arc<Index>,
    /// The first thing that kept something in it from being used.
    problem: Arc<OnceLock<ShippedError>>,
}

impl Shipped {
    /// The folder that [`Precompiler::write`] wrote, wherever it is now, and the
    /// text that it gave.
    ///
    /// # Errors
    ///
    /// When the text is not such an index.
    ///
    /// [`Precompiler::write`]: crate::Precompiler::write
    pub fn new(folder: impl AsRef<Path>, index: &'static str) -> Result<Self, ShippedError> {
        Ok(Self {
            folder: folder.as_ref().to_owned(),
            index: Arc::new(index.parse()?),
            problem: Arc::default(),
        })
    }

    /// Whether the component of this digest is in the index.
    #[must_use]
    pub fn contains(&self, component: &Digest) -> bool {
        self.index.artifacts.contains_key(component)
    }

    /// Why something that is in the index was not used, by this value or a clone
    /// of it: the first such reason since it was made. Each is also an event of
    /// `tracing`, at level warn.
    #[must_use]
    pub fn problem(&self) -> Option<&ShippedError> {
        self.problem.get()
    }

    /// The component of this digest, where it is shipped.
    pub(crate) fn component(
        &self,
        engine: &Engine,
        digest: &Digest,
    ) -> Result<Option<Component>, ShippedError> {
        let Some(artifact) = self.index.artifacts.get(digest) else {
            return Ok(None);
        };
        let path = self.folder.join(artifact_name(digest));
        let read = self.read(engine, &path, artifact);
        match &read {
            Ok(_) => tracing::debug!(target: "plugin_host", "read from what is shipped"),
            Err(problem) => {
                tracing::warn!(target: "plugin_host", "what is shipped is not used: {problem}");
                let _ = self.problem.set(problem.clone());
            }
        }
        read.map(Some)
    }

    /// Whether nobody else can put a link to a file of their choice there.
    fn folder_is_out_of_reach(&self) -> bool {
        let folder = fs::metadata(&self.folder);
        folder.is_ok_and(|folder| Seen::of(&folder).is_folder_out_of_reach(user()))
    }

    fn read(
        &self,
        engine: &Engine,
        path: &Path,
        artifact: &Artifact,
    ) -> Result<Component, ShippedError> {
        let fail = |error| ShippedError::io("read", path, error);
        let file = open(path).map_err(fail)?;
        let metadata = file.metadata().map_err(fail)?;
        let damaged = || ShippedError::Damaged {
            path: path.to_owned(),
        };
        // Whoever wrote it may have made it as large as they like.
        if !metadata.is_file() || metadata.len() != artifact.length {
            return Err(damaged());
        }
        let code = if Seen::of(&metadata).is_out_of_reach(user()) && self.folder_is_out_of_reach() {
            Code::of_own(file, artifact.length, artifact.digest)
        } else {
            Code::of_foreign(&file, artifact.length, &artifact.digest)
        };
        let code = code.map_err(fail)?.ok_or_else(damaged)?;
        code.component(engine).map_err(|error| ShippedError::Unfit {
            path: path.to_owned(),
            target: self.index.target.clone(),
            detail: format!("{error:#}"),
        })
    }
}

/// The name of the file with the compiled code of a component.
fn artifact_name(component: &Digest) -> String {
    component.hex() + ".cwasm"
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    // A pipe does not wait for somebody at its end.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.open(path)
}
