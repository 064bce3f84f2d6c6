//! Many plugins at once: found and loaded in parallel, watched, cancelled, loaded
//! when they are needed, and sharing what they can.

mod cancel;
#[cfg(unix)]
mod descriptors;
mod lazy;
mod parallel;
mod progress;
mod sharing;

use plugin_host::{CodeOrigin, Host, HostBuilder, HostLimits, Progress};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

plugin_host::world! {
    inline: "
        package test:many;
        world number { export number: func() -> u32; }",
}

type Plugin = plugin_host::Plugin<ManyNumber<()>>;

/// A plugin that knows one number, with data in its memory.
fn component(number: u32) -> Vec<u8> {
    let text = format!(
        r#"(component
            (core module $m
                (memory 1)
                (data (i32.const 0) "{number}")
                (func (export "number") (result i32) (i32.const {number})))
            (core instance $i (instantiate $m))
            (func (export "number") (result u32) (canon lift (core func $i "number"))))"#
    );
    wat::parse_str(text).expect("the text is a component")
}

/// One that has no such function.
fn unfit() -> Vec<u8> {
    wat::parse_str("(component)").expect("the text is a component")
}

/// A folder with these files.
fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        put(folder.path(), name, bytes);
    }
    folder
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).expect("there is room");
}

fn build(builder: HostBuilder) -> Host {
    builder.build().expect("the engine starts")
}

fn with_threads(threads: u64) -> HostBuilder {
    Host::builder().host_limits(HostLimits::default().threads(threads))
}

/// What a host tells, in few words.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn add(&self, progress: &Progress<'_>) {
        let words = match progress {
            Progress::Discovering { done, of } => format!("discovering {done} of {of}"),
            Progress::Compiling { plugin, bytes } => {
                assert!(*bytes > 100, "{bytes}");
                format!("compiling {plugin}")
            }
            Progress::Loaded { plugin, code, time } => {
                assert!(!time.is_zero());
                let code = match code {
                    CodeOrigin::Compiled => "compiled",
                    CodeOrigin::Stored => "stored",
                    CodeOrigin::Shared => "shared",
                    other => panic!("{other:?}"),
                };
                format!("loaded {plugin}, {code}")
            }
            Progress::Refused { error } => format!("refused: {error}"),
            Progress::Loading { done, of } => format!("loading {done} of {of}"),
            other => panic!("{other:?}"),
        };
        self.0.lock().expect("no panic").push(words);
    }

    /// A host that tells it here.
    fn watch(&self, builder: HostBuilder) -> HostBuilder {
        let told = self.clone();
        builder.progress(move |progress| told.add(&progress))
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no panic"))
    }
}
