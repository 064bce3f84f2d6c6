//! Loading a plugin without and with its compiled code in a cache, beside what
//! wasmtime alone takes: to compile, and to read compiled code that is hashed as
//! the cache hashes it.

use benches::{LARGE, SEARCH, bare};
use criterion::{BatchSize, Criterion, SamplingMode, criterion_group, criterion_main};
use plugin_host::{Cache, Candidate, Digest, Host, Limits, World};
use std::fs;
use std::path::Path;
use std::time::Duration;
use wasmtime::Engine;
use wasmtime::component::Component;

plugin_host::world! { path: "../wit/catalog", world: "plugin" }

/// The larger plugins' world.
mod large {
    plugin_host::world! { path: "large/wit", world: "plugin" }
}

struct Shop;

impl inventory::Host for Shop {
    fn stock(&mut self, _: u64) -> Option<i64> {
        None
    }
}

const RUNS: &str = "the plugin loads";

fn loading(criterion: &mut Criterion) {
    let search = fs::read(SEARCH).expect("it was built");
    compare::<CatalogPlugin<Shop>>(criterion, "search", &search, || Shop);
    compare::<large::LargePlugin<()>>(criterion, "5,000 functions", &many_functions(), || ());
    for name in ["javascript", "python"] {
        let file = Path::new(LARGE).join(name).with_extension("wasm");
        match fs::read(&file) {
            Ok(bytes) => compare::<large::LargePlugin<()>>(criterion, name, &bytes, || ()),
            Err(_) => println!("{name}: not measured, since not built: benches/large/build"),
        }
    }
}

fn compare<W: World>(
    criterion: &mut Criterion,
    name: &str,
    bytes: &[u8],
    state: impl Fn() -> W::State + Copy + Send + Sync + 'static,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::folder(folder.path().join("compiled"));
    let host = Host::builder()
        .limits(Limits::default().fuel(1_000_000))
        .cache(cache.clone())
        .build()
        .expect(RUNS);
    let candidate = Candidate::from_bytes("measured", bytes).expect(RUNS);
    let load_candidate = |candidate: &Candidate| {
        let loader = host.plugin(candidate);
        loader.prepare_with::<W>(move |_| Ok(state())).expect(RUNS)
    };
    let load = || load_candidate(&candidate);

    let size = bytes.len() / 1000;
    let mut group = criterion.benchmark_group(format!("load of {name}, {size} kB"));
    // Large ones take seconds to compile: a sample is one load there.
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(2));
    if bytes.len() > 1_000_000 {
        group.sampling_mode(SamplingMode::Flat);
    }
    let engine = bare::engine().expect(RUNS);
    group.bench_function("wasmtime, compiled", |bencher| {
        bencher.iter(|| {
            let component = Component::new(&engine, bytes).expect(RUNS);
            bare::link(&engine, &component).expect(RUNS)
        });
    });
    group.bench_function("plugin-host, compiled and written", |bencher| {
        let clear = || cache.clear().expect("it can be cleared");
        bencher.iter_batched(clear, |()| load(), BatchSize::PerIteration);
    });

    let file = folder.path().join("artifact");
    let component = Component::new(&engine, bytes).expect(RUNS);
    fs::write(&file, component.serialize().expect(RUNS)).expect("there is room");
    group.bench_function("wasmtime, read and hashed", |bencher| {
        bencher.iter(|| read(&engine, bytes, &file));
    });
    group.bench_function("wasmtime, read, hashed and linked", |bencher| {
        bencher.iter(|| bare::link(&engine, &read(&engine, bytes, &file)).expect(RUNS));
    });
    group.bench_function("plugin-host, from the cache", |bencher| {
        load();
        bencher.iter(load);
    });
    // Above, the component was read and hashed before, and here it is each time.
    group.bench_function("plugin-host, read, judged and from the cache", |bencher| {
        bencher.iter(|| load_candidate(&Candidate::from_bytes("measured", bytes).expect(RUNS)));
    });
    assert!(cache.problem().is_none());
    group.finish();
}

/// What cannot be left out: hashing the component, which the entry is found by,
/// and its compiled code, which must be as it was written.
#[expect(unsafe_code, reason = "the engine cannot check native code")]
fn read(engine: &Engine, bytes: &[u8], file: &Path) -> Component {
    std::hint::black_box(Digest::of(bytes));
    std::hint::black_box(Digest::of(&fs::read(file).expect("it is there")));
    // SAFETY: the file was written above, by `Component::serialize`.
    unsafe { Component::deserialize_file(engine, file) }.expect(RUNS)
}

fn many_functions() -> Vec<u8> {
    let function = "(func (param i32 i32) (result i32) (local i32)
        (loop
            (local.set 2 (i32.add (local.get 2) (i32.mul (local.get 0) (local.get 1))))
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if 0 (i32.gt_u (local.get 0) (local.get 2))))
        (i32.load (i32.and (local.get 2) (i32.const 0xfffc))))";
    let text = format!(
        r#"(component
            (core module $m
                (memory 1)
                (func (export "run") (result i32) (i32.const 1))
                {})
            (core instance $i (instantiate $m))
            (func (export "run") (result u32) (canon lift (core func $i "run"))))"#,
        function.repeat(5_000)
    );
    wat::parse_str(text).expect("the text is a component")
}

criterion_group!(benches, loading);
criterion_main!(benches);
