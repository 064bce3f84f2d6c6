//! Compiled plugins on disk: that they are used, by whom, and that nothing else is.

mod child;
mod damage;
mod eviction;
mod folder;
mod kills;
mod sharing;

use plugin_host::{Cache, CacheUsage, Candidate, Error, ErrorKind, Host, Limits, Loader, Plugin};
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;
use tempfile::TempDir;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

plugin_host::world! {
    inline: "
        package test:cached;
        world number { export number: func() -> u32; }",
}

const COMPILED: &str = "writing to the cache";
const READ: &str = "read from the cache";

/// A plugin that knows one number, and carries this many bytes of data.
pub(super) fn component(number: u32, data: usize) -> Vec<u8> {
    let text = format!(
        r#"(component
            (core module $m
                (memory {})
                (data (i32.const 0) "{}")
                (func (export "number") (result i32) (i32.const {number})))
            (core instance $i (instantiate $m))
            (func (export "number") (result u32) (canon lift (core func $i "number"))))"#,
        data / 65_536 + 1,
        "x".repeat(data),
    );
    wat::parse_str(text).expect("the text is a component")
}

fn candidate(number: u32) -> Candidate {
    Candidate::from_bytes("number", component(number, 0)).expect("it is a component")
}

fn host(cache: &Cache) -> Host {
    let host = Host::builder().cache(cache.clone()).build();
    host.expect("the engine starts")
}

/// A host whose plugins count fuel.
fn metered(cache: &Cache) -> Host {
    let limits = Limits::default().fuel(1_000_000);
    let host = Host::builder().limits(limits).cache(cache.clone()).build();
    host.expect("the engine starts")
}

pub(super) fn number(loader: Loader) -> Result<u32, Error> {
    let mut plugin: Plugin<CachedNumber<()>> = loader.load()?;
    plugin.number()
}

/// The number that a plugin says.
fn ask(host: &Host, candidate: &Candidate) -> u32 {
    number(host.plugin(candidate)).expect("it loads and answers")
}

/// The same, by a host of its own, and the messages about it.
fn ask_watched(cache: &Cache, candidate: &Candidate) -> (u32, Vec<String>) {
    watched(|| ask(&host(cache), candidate))
}

/// A cache in a folder that is not there yet.
fn cache() -> (TempDir, Cache) {
    let parent = tempfile::tempdir().expect("a folder");
    let cache = Cache::folder(parent.path().join("compiled"));
    (parent, cache)
}

fn usage(cache: &Cache) -> CacheUsage {
    cache.usage().expect("it can be used")
}

fn path(cache: &Cache) -> &Path {
    cache.path().expect("it has one")
}

/// The files of a cache, but for those that are for locks.
fn files(cache: &Cache) -> Vec<PathBuf> {
    let files = fs::read_dir(path(cache)).expect("it is there");
    let files = files.map(|file| file.expect("it can be read").path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_none_or(|end| end != "lock"))
        .collect();
    files.sort();
    files
}

/// The one file of a cache.
fn only_file(cache: &Cache) -> PathBuf {
    let mut files = files(cache);
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

/// Puts other bytes into an entry, which nothing but a test does in its place.
fn put(file: &Path, bytes: impl AsRef<[u8]>) {
    #[cfg(unix)]
    set_mode(file, 0o600);
    fs::write(file, bytes).expect("there is room");
    #[cfg(unix)]
    set_mode(file, 0o400);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// What the library tells on this thread while `run` runs.
pub(super) fn watched<R>(run: impl FnOnce() -> R) -> (R, Vec<String>) {
    // One for the process: `tracing` may pass over one that is for a thread,
    // where another thread without any is the first to come to an event.
    static GLOBAL: Once = Once::new();
    GLOBAL.call_once(|| {
        tracing::subscriber::set_global_default(Messages).expect("it is the only one");
        tracing::callsite::rebuild_interest_cache();
    });
    MESSAGES.take();
    let result = run();
    (result, MESSAGES.take())
}

thread_local! {
    static MESSAGES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Messages;

impl tracing::field::Visit for Messages {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            let message = format!("{value:?}");
            child::overhear(&message);
            MESSAGES.with_borrow_mut(|messages| messages.push(message));
        }
    }
}

impl Subscriber for Messages {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "plugin_host" && metadata.is_event()
    }

    /// Calls are spans of a finer level, and those of other tests stay quick.
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn a_plugin_that_was_compiled_once_loads_without_the_compiler() {
    let (_parent, cache) = cache();
    let plugin = candidate(7);
    assert_eq!(ask_watched(&cache, &plugin), (7, vec![COMPILED.to_owned()]));
    assert_eq!(ask_watched(&cache, &plugin), (7, vec![READ.to_owned()]));
    // Another plugin is another entry.
    let other = candidate(8);
    assert_eq!(ask_watched(&cache, &other), (8, vec![COMPILED.to_owned()]));
    assert_eq!(ask_watched(&cache, &plugin), (7, vec![READ.to_owned()]));
    assert!(cache.problem().is_none());
}

#[test]
fn a_file_that_changed_is_refused_although_its_code_is_kept() {
    let (parent, cache) = cache();
    let host = host(&cache);
    let path = parent.path().join("number.wasm");
    fs::write(&path, component(7, 0)).expect("there is room");
    let found = Candidate::from_file(&path, &Limits::default()).expect("it is a component");
    assert_eq!(ask(&host, &found), 7);
    assert_eq!(watched(|| ask(&host, &found)), (7, vec![READ.to_owned()]));

    fs::write(&path, component(8, 0)).expect("there is room");
    let error = number(host.plugin(&found)).expect_err("it changed");
    assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
    // The same bytes again, in another file of its name.
    fs::remove_file(&path).expect("it is there");
    let error = number(host.plugin(&found)).expect_err("it is not there");
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
    fs::write(&path, component(7, 0)).expect("there is room");
    assert_eq!(watched(|| ask(&host, &found)), (7, vec![READ.to_owned()]));

    // And where it is more than may be read.
    let small = Limits::default().component(10);
    let error = number(host.plugin(&found).limits(small)).expect_err("it is larger");
    assert!(matches!(error.kind(), ErrorKind::Component(_)), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn code_is_mapped_from_its_entry_and_good_when_that_is_removed() {
    let (_parent, cache) = cache();
    let (host, plugin) = (host(&cache), candidate(7));
    assert_eq!(ask(&host, &plugin), 7);
    let mut plugin: Plugin<CachedNumber<()>> = host.load(&plugin).expect("it loads");
    let entry = only_file(&cache).canonicalize().expect("it is there");
    let mapped = || {
        let maps = fs::read_to_string("/proc/self/maps").expect("Linux has it");
        maps.contains(entry.to_str().expect("it is text"))
    };
    assert!(mapped());
    cache.clear().expect("it can be cleared");
    assert_eq!(plugin.number().expect("it answers"), 7);
    drop(plugin);
    assert!(!mapped());
}

#[test]
fn hosts_of_other_settings_have_entries_of_their_own() {
    let (_parent, cache) = cache();
    let plugin = candidate(7);
    let (plain, metered) = (host(&cache), metered(&cache));
    for expected in [COMPILED, READ] {
        for host in [&plain, &metered] {
            let (answer, messages) = watched(|| {
                let mut plugin: Plugin<CachedNumber<()>> = host.load(&plugin).expect("it loads");
                let number = plugin.number().expect("it answers");
                (number, Plugin::last_usage(&plugin).fuel.is_some())
            });
            assert_eq!(answer, (7, std::ptr::eq(host, &metered)));
            assert_eq!(messages, [expected]);
        }
    }
    assert_eq!(usage(&cache).entries, 2);
}

#[test]
fn a_cache_tells_what_it_holds_and_can_be_cleared() {
    let (_parent, cache) = cache();
    let host = host(&cache);
    assert_eq!(usage(&cache), CacheUsage::default());
    ask(&host, &candidate(1));
    let one = fs::metadata(only_file(&cache)).expect("it is there").len();
    ask(&host, &candidate(2));
    let held = usage(&cache);
    assert_eq!(held.entries, 2);
    assert!(held.bytes > one, "{held:?}");
    let total = files(&cache)
        .into_iter()
        .map(|file| fs::metadata(file).expect("it is there").len());
    assert_eq!(held.bytes, total.sum::<u64>());

    // What is not an entry is not removed.
    let other = path(&cache).join("notes.txt");
    fs::write(&other, "not an entry").expect("there is room");
    let of_this_host = host.cache().expect("it has one");
    of_this_host.clear().expect("it can be cleared");
    assert_eq!(usage(&cache), CacheUsage::default());
    assert_eq!(only_file(&cache), other);
    assert_eq!(ask(&host, &candidate(1)), 1);
}

#[test]
fn what_the_engine_refuses_leaves_nothing() {
    let (_parent, cache) = cache();
    let bytes = wat::parse_str(
        r#"(component
            (core module $m (memory i64 1) (func (export "number") (result i32) unreachable))
            (core instance $i (instantiate $m))
            (func (export "number") (result u32) (canon lift (core func $i "number"))))"#,
    );
    let refused = Candidate::from_bytes("refused", bytes.expect("a component"));
    let refused = refused.expect("its kind and size are fine");
    let host = host(&cache);
    for _ in 0..2 {
        let error = number(host.plugin(&refused)).expect_err("64-bit memories are off");
        assert!(matches!(error.kind(), ErrorKind::Compile(_)), "{error}");
    }
    assert!(files(&cache).is_empty());
    assert!(cache.problem().is_none());
}

#[test]
fn a_host_without_a_cache_has_none() {
    let host = Host::builder().build().expect("the engine starts");
    assert!(host.cache().is_none());
}
