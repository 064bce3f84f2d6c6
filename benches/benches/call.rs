//! A call through `plugin-host`, every budget armed, beside the same call of the
//! same component through wasmtime alone.

use benches::bare::{self, Bare};
use benches::{adapted, hosted};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const TEXT: &str = "sixteen bytes...";
const RUNS: &str = "the call succeeds";

fn calls(criterion: &mut Criterion) {
    let Bare { store, calls } = &mut bare::instance().expect("the guest runs");
    let mut plugin = hosted::plugin().expect("the guest runs");

    let mut add = criterion.benchmark_group("add(u32, u32)");
    add.bench_function("wasmtime", |bencher| {
        bencher.iter(|| calls.call_add(&mut *store, black_box(3), 4).expect(RUNS));
    });
    add.bench_function("plugin-host", |bencher| {
        bencher.iter(|| plugin.add(black_box(3), 4).expect(RUNS));
    });
    let mut adapted = adapted::plugin().expect("the guest runs");
    add.bench_function("plugin-host, behind an adapter", |bencher| {
        bencher.iter(|| adapted.calls().add(black_box(3), 4).expect(RUNS));
    });
    add.finish();

    let mut echo = criterion.benchmark_group("echo of 16 bytes");
    echo.bench_function("wasmtime", |bencher| {
        bencher.iter(|| calls.call_echo(&mut *store, black_box(TEXT)).expect(RUNS));
    });
    echo.bench_function("plugin-host", |bencher| {
        bencher.iter(|| plugin.echo(black_box(TEXT)).expect(RUNS));
    });
    echo.finish();

    let mut ping = criterion.benchmark_group("1,000 calls to the host");
    ping.bench_function("wasmtime", |bencher| {
        bencher.iter(|| calls.call_ping(&mut *store, black_box(1_000)).expect(RUNS));
    });
    ping.bench_function("plugin-host", |bencher| {
        bencher.iter(|| plugin.ping(black_box(1_000)).expect(RUNS));
    });
    ping.finish();
}

criterion_group!(benches, calls);
criterion_main!(benches);
