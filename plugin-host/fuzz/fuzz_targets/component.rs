//! Fuzzes the way of bytes into the host: inspection, judgement and, where they
//! are few, compilation, start and one call.

#![no_main]

use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};
use plugin_host::{Blame, Candidate, Error, ErrorKind, Host, Limits, MIB, Plugin};
use plugin_host_fuzz::{error, mutate, splice};
use std::sync::LazyLock;
use std::time::Duration;
use world::{ComponentSeed, host};

/// Components above this many bytes are not compiled: that would be most of the
/// time.
const COMPILED: usize = 4096;

/// The world of the seeds.
mod world {
    plugin_host::world! {
        inline: "
            package fuzz:component@1.2.0;
            interface host {
                ping: func(value: u32) -> u32;
                join: func(texts: list<string>) -> string;
            }
            world seed {
                import host;
                export run: func(input: string) -> string;
            }",
    }
}

struct Application;

impl host::Host for Application {
    fn ping(&mut self, value: u32) -> u32 {
        value.wrapping_add(1)
    }

    fn join(&mut self, texts: Vec<String>) -> String {
        texts.concat()
    }
}

static HOST: LazyLock<Host> = LazyLock::new(|| {
    let limits = Limits::default()
        .fuel(100_000)
        .deadline(Duration::from_millis(200))
        .memory(MIB)
        .table_elements(1000)
        .host_calls(100)
        .output(4096);
    let version = "1.2.0".parse().expect("a version");
    let host = Host::builder().application("fuzz", version).limits(limits);
    host.build().expect("the engine starts")
});

fuzz_target!(|bytes: &[u8]| {
    match Candidate::from_bytes("fuzz", bytes) {
        Ok(candidate) => judge(&candidate, bytes.len()),
        Err(refused) => {
            error(&refused);
            assert_eq!(refused.blame(), Blame::Plugin);
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed, fuzzer_mutate)
});

fuzz_crossover!(|data1: &[u8], data2: &[u8], out: &mut [u8], seed: u32| {
    splice(data1, data2, out, seed)
});

fn judge(candidate: &Candidate, size: usize) {
    let loader = HOST.plugin(candidate);
    let reasons = loader.reasons::<ComponentSeed<Application>>();
    // Each is cut where it becomes part of an error, and whole here.
    assert!(reasons.iter().all(|reason| !reason.to_string().is_empty()));
    if size > COMPILED {
        return;
    }
    let prepared = match loader.prepare_with::<ComponentSeed<Application>>(|_| Ok(Application)) {
        Ok(prepared) => prepared,
        Err(refused) => {
            error(&refused);
            let unfit = matches!(refused.kind(), ErrorKind::Unfit(_));
            assert_eq!(unfit, !reasons.is_empty(), "{refused}");
            return;
        }
    };
    assert!(reasons.is_empty(), "{reasons:?}");
    match prepared.start() {
        Ok(mut plugin) => call(&mut plugin),
        Err(failed) => plugins_fault(&failed),
    }
}

fn call(plugin: &mut Plugin<ComponentSeed<Application>>) {
    // Some input; a guest that answers is asked again in the same instance.
    for input in ["", "fuzz"] {
        match plugin.run(input) {
            Ok(_) => {}
            Err(failed) => plugins_fault(&failed),
        }
        let usage = Plugin::last_usage(plugin);
        assert!(usage.fuel.is_none_or(|fuel| fuel <= 100_000), "{usage:?}");
        assert!(
            usage.peak_memory <= MIB && usage.host_calls <= 100,
            "{usage:?}"
        );
    }
    let _ = Plugin::output(plugin);
}

fn plugins_fault(failed: &Error) {
    error(failed);
    assert!(
        matches!(failed.blame(), Blame::Plugin | Blame::Mismatch),
        "{failed:?}"
    );
}
