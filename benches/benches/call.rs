//! Every case through `plugin-host`, every budget armed, beside the same case
//! through wasmtime alone.

use benches::{SUBJECTS, cases::CASES, subject};
use criterion::{Criterion, criterion_group, criterion_main};

const RUNS: &str = "the guest runs";

fn calls(criterion: &mut Criterion) {
    let mut subjects = SUBJECTS.map(|name| (name, subject(name).expect(RUNS)));
    for (name, case) in CASES {
        let mut group = criterion.benchmark_group(name);
        for (subject, run) in &mut subjects {
            group.bench_function(*subject, |bencher| {
                bencher.iter_custom(|times| {
                    let time = run.run(case, times).expect(RUNS);
                    time.expect("it has every case")
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, calls);
criterion_main!(benches);
