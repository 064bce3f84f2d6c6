//! A call through `plugin-host`, every budget armed, beside the same call of the
//! same component through wasmtime alone.

#![expect(missing_docs, reason = "criterion's macros make public items")]

use benches::{bare, hosted};
use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use std::hint::black_box;

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    criterion.benchmark_group(name)
}

fn calls(criterion: &mut Criterion) {
    let mut bare = bare::instance().expect("the guest runs");
    let mut plugin = hosted::plugin().expect("the guest runs");

    let mut add = group(criterion, "add(u32, u32)");
    add.bench_function("wasmtime", |bencher| {
        bencher.iter(|| {
            bare.calls
                .call_add(&mut bare.store, black_box(3), black_box(4))
        });
    });
    add.bench_function("plugin-host", |bencher| {
        bencher.iter(|| plugin.add(black_box(3), black_box(4)));
    });
    add.finish();

    let mut echo = group(criterion, "echo of 16 bytes");
    let text = "sixteen bytes...";
    echo.bench_function("wasmtime", |bencher| {
        bencher.iter(|| bare.calls.call_echo(&mut bare.store, black_box(text)));
    });
    echo.bench_function("plugin-host", |bencher| {
        bencher.iter(|| plugin.echo(black_box(text)));
    });
    echo.finish();

    let mut ping = group(criterion, "1,000 calls to the host");
    ping.bench_function("wasmtime", |bencher| {
        bencher.iter(|| bare.calls.call_ping(&mut bare.store, black_box(1_000)));
    });
    ping.bench_function("plugin-host", |bencher| {
        bencher.iter(|| plugin.ping(black_box(1_000)));
    });
    ping.finish();
}

criterion_group!(benches, calls);
criterion_main!(benches);
