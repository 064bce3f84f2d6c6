//! The verdict of candidates: reading each from its bytes, and judging it.
//! Nothing is compiled.

use benches::hosted::{CallsCalls, State};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use plugin_host::{Candidate, Host};
use std::hint::black_box;
use wasm_encoder::{
    CodeSection, ComponentSection, CustomSection, Function, FunctionSection, Module, ModuleSection,
    TypeSection,
};

/// Functions in the module that makes a component large, and instructions in each.
const FUNCTIONS: u32 = 18_000;
const INSTRUCTIONS: u32 = 1_000;

fn verdicts(criterion: &mut Criterion) {
    let host = Host::builder().build().expect("the engine starts");
    let guest = std::fs::read(benches::GUEST).expect("the guest was built");
    let small: Vec<Vec<u8>> = (0..1_000).map(|i| numbered(&guest, i)).collect();
    let large = large(guest);
    let mut group = criterion.benchmark_group("verdict");
    group.sample_size(10);
    let name = format!("1,000 of {} KB", small[0].len() / 1_000);
    group.bench_function(name, |bencher| {
        bencher.iter_batched(
            || small.clone(),
            |all| all.into_iter().for_each(|bytes| judge(&host, bytes)),
            BatchSize::PerIteration,
        );
    });
    let name = format!("one of {} MB", large.len() / 1_000_000);
    group.bench_function(name, |bencher| {
        bencher.iter_batched(
            || large.clone(),
            |bytes| judge(&host, bytes),
            BatchSize::PerIteration,
        );
    });
    group.finish();
    assert_eq!(host.usage().compiled, 0);
}

fn judge(host: &Host, bytes: Vec<u8>) {
    let candidate = Candidate::from_bytes("guest", black_box(bytes)).expect("it is a component");
    let reasons = host.plugin(&candidate).reasons::<CallsCalls<State>>();
    assert!(black_box(reasons).is_empty());
}

/// The guest with bytes of its own.
fn numbered(guest: &[u8], number: u32) -> Vec<u8> {
    let mut bytes = guest.to_vec();
    let section = CustomSection {
        name: "number".into(),
        data: number.to_le_bytes().to_vec().into(),
    };
    section.append_to_component(&mut bytes);
    bytes
}

/// The guest with a module of many functions.
fn large(mut guest: Vec<u8>) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut body = Function::new([]);
    for _ in 0..INSTRUCTIONS {
        body.instructions().nop();
    }
    body.instructions().end();
    for _ in 0..FUNCTIONS {
        functions.function(0);
        code.function(&body);
    }
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&code);
    ModuleSection(&module).append_to_component(&mut guest);
    guest
}

criterion_group!(benches, verdicts);
criterion_main!(benches);
