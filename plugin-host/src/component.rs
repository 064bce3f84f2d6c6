//! Reads what a component says of itself. Compiles nothing and trusts nothing.

use crate::digest::Digest;
use crate::extent::{Extent, TooLarge};
use crate::surface::{NoRoom, Surface, validated_types};
use plugin_host_manifest::{Manifest, SECTION_NAME, SectionError, decode};
use wasmparser::{Encoding, Parser, Payload};

/// What the bytes of a component say.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub(crate) surface: Surface,
    pub(crate) manifest: Option<Manifest>,
    pub(crate) digest: Digest,
}

/// Why bytes are no plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// The bytes are not WebAssembly at all.
    #[error("this is not a WebAssembly file: remove it, or put the built component in its place")]
    NotWasm,
    /// The bytes are WebAssembly's text form.
    #[error(
        "this is WebAssembly text, and a plugin is its binary form: convert it, for example with `wasm-tools parse`"
    )]
    Text,
    /// A core module, which has no typed interface.
    #[error(
        "this is a core WebAssembly module, and a plugin is a component: build it for wasm32-wasip2"
    )]
    CoreModule,
    /// Native code, which is never loaded from a plugin folder.
    #[error(
        "this is compiled native code, which could do anything, and a plugin is a component: remove it"
    )]
    NativeCode,
    /// The bytes begin as a component and go wrong.
    #[error("the component is damaged, copy or build it again: {0}")]
    Damaged(String),
    /// The manifest cannot be read.
    #[error("{0}")]
    Manifest(SectionError),
    /// More than one manifest: which one holds would be a matter of who reads.
    #[error("it carries more than one manifest: report this to its author")]
    SecondManifest,
    /// The names of what it imports and exports take more than is read.
    #[error("the names of its imports and exports take more than {limit} bytes: it is no plugin")]
    TooManyNames {
        /// How many bytes of names are read.
        limit: usize,
    },
    /// Components in it are instantiated more often than anyone would need, and
    /// the engine would write each out.
    #[error("it would instantiate its parts more than {limit} times: it is no plugin")]
    TooManyInstances {
        /// How many there may be.
        limit: u64,
    },
    /// Its functions and global variables, once for each time that their module
    /// is instantiated, are more than anyone would need. The engine takes memory
    /// for each.
    #[error("it comes to more than {limit} functions and globals: it is no plugin")]
    TooManyParts {
        /// How many there may be.
        limit: u64,
    },
    /// Components in it nest more deeply than anyone would need.
    #[error("components in it are more than {limit} deep: it is no plugin")]
    TooDeep {
        /// How deep they may be.
        limit: u32,
    },
    /// It hands components from one to another, so that nobody can tell how
    /// often each is instantiated.
    #[error("it imports components or hands them on, which plugins cannot: compose it otherwise")]
    HandsComponentsOn,
    /// More bytes than the limits allow to be read.
    #[error(
        "it has {size} bytes, and at most {limit} are read: raise `Limits::component` to allow it"
    )]
    TooLarge {
        /// The size of the file.
        size: u64,
        /// The limit, [`Limits::component`](crate::Limits::component).
        limit: u64,
    },
}

impl Component {
    /// Reads a component.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ComponentError> {
        check_kind(bytes)?;
        // A plain walk first: it is cheap, and refuses sections that lie about
        // their sizes before anything is built from them.
        let mut manifest = None;
        let mut names = (Vec::new(), Vec::new());
        let mut depth = 0u32;
        let mut extent = Extent::default();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(damaged)?;
            extent.see(&payload);
            match payload {
                Payload::Version { .. } => {
                    depth += 1;
                    if depth > DEPTH {
                        return Err(ComponentError::TooDeep { limit: DEPTH });
                    }
                }
                Payload::End(_) => depth -= 1,
                Payload::CustomSection(section) if section.name() == SECTION_NAME => {
                    if manifest.is_some() {
                        return Err(ComponentError::SecondManifest);
                    }
                    manifest = Some(decode(section.data()).map_err(ComponentError::from)?);
                }
                Payload::ComponentImportSection(section) if depth == 1 => {
                    for import in section {
                        names.0.push(import.map_err(damaged)?.name.name);
                    }
                }
                Payload::ComponentExportSection(section) if depth == 1 => {
                    for export in section {
                        names.1.push(export.map_err(damaged)?.name.name);
                    }
                }
                _ => {}
            }
        }

        extent.check()?;

        let (types, needs_async) = validated_types(bytes).map_err(ComponentError::Damaged)?;
        let (imports, exports) = names;
        let surface =
            Surface::of_component(&types.as_ref(), &imports, &exports, needs_async, NAMES)
                .map_err(|NoRoom| ComponentError::TooManyNames { limit: NAMES })?;
        Ok(Self {
            surface,
            manifest,
            digest: Digest::of(bytes),
        })
    }
}

/// Bytes of names of imports, exports and the types that they use, with a little
/// for each, that are read. A large component of today has some fifty thousand.
const NAMES: usize = 1024 * 1024;

/// How deeply components may nest: reading takes the square of it.
const DEPTH: u32 = 50;

/// Tells what bytes are by their first few, so that the error can.
fn check_kind(bytes: &[u8]) -> Result<(), ComponentError> {
    if bytes.starts_with(b"\x7fELF") {
        return Err(ComponentError::NativeCode);
    }
    if bytes.starts_with(b"(component") || bytes.starts_with(b"(module") {
        return Err(ComponentError::Text);
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(ComponentError::NotWasm);
    }
    match Parser::new(0).parse_all(bytes).next() {
        Some(Ok(Payload::Version {
            encoding: Encoding::Component,
            ..
        })) => Ok(()),
        Some(Ok(_)) => Err(ComponentError::CoreModule),
        Some(Err(error)) => Err(damaged(error)),
        None => Err(ComponentError::NotWasm),
    }
}

fn damaged(error: wasmparser::BinaryReaderError) -> ComponentError {
    ComponentError::Damaged(error.to_string())
}

impl From<TooLarge> for ComponentError {
    fn from(error: TooLarge) -> Self {
        match error {
            TooLarge::Instances { limit } => Self::TooManyInstances { limit },
            TooLarge::Parts { limit } => Self::TooManyParts { limit },
            TooLarge::HandedOn => Self::HandsComponentsOn,
        }
    }
}

impl From<SectionError> for ComponentError {
    fn from(error: SectionError) -> Self {
        match error {
            SectionError::SecondManifest { .. } => Self::SecondManifest,
            error => Self::Manifest(error),
        }
    }
}
