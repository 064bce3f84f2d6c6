//! Extism: bytes in and bytes out, without types.

use crate::cases::{self, Case};
use crate::subject::{Subject, repeat};
use ::extism::{CompiledPlugin, Manifest, PTR, Plugin, PluginBuilder, UserData, Wasm};
use anyhow::Result;
use std::hint::black_box;
use std::time::Duration;

/// Which limits are set: none, or fuel, a deadline and a cap on memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limits {
    None,
    All,
}

pub(crate) struct Extism {
    compiled: CompiledPlugin,
    plugin: Plugin,
}

impl Extism {
    pub(crate) fn new(limits: Limits) -> Result<Self> {
        let wasm = Wasm::data(include_str!("extism.wat"));
        let mut manifest = Manifest::new([wasm]);
        if limits == Limits::All {
            manifest = manifest
                .with_timeout(Duration::from_secs(600))
                .with_memory_max(4096);
        }
        let mut builder = PluginBuilder::new(manifest).with_cache_disabled();
        if limits == Limits::All {
            builder = builder.with_fuel_limit(100_000_000_000);
        }
        let nothing = UserData::new(());
        let builder =
            builder.with_function("ping", [PTR], [PTR], nothing, |_, args, results, _| {
                results[0] = args[0].clone();
                Ok(())
            });
        let compiled = builder.compile()?;
        let plugin = Plugin::new_from_compiled(&compiled)?;
        Ok(Self { compiled, plugin })
    }
}

impl Subject for Extism {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let plugin = &mut self.plugin;
        let time = match case {
            Case::Nothing => repeat(times, || plugin.call::<_, ()>("nothing", ())),
            Case::Add => repeat(times, || add(plugin)),
            Case::Echo(bytes) => {
                let text = cases::text(bytes);
                repeat(times, || plugin.call::<_, String>("echo", black_box(&text)))
            }
            Case::Bytes(count) => {
                let bytes = vec![7_u8; count];
                repeat(times, || {
                    plugin.call::<_, Vec<u8>>("echo", black_box(&bytes))
                })
            }
            Case::Ping(count) => repeat(times, || {
                let count = black_box(u64::from(count)).to_le_bytes();
                plugin.call::<_, Vec<u8>>("ping", &count[..])
            }),
            // This guest has nothing to leave out.
            Case::Start | Case::StartLeast => {
                repeat(times, || Plugin::new_from_compiled(&self.compiled))
            }
            Case::OneCall | Case::OneCallLeast => repeat(times, || {
                add(&mut Plugin::new_from_compiled(&self.compiled)?)
            }),
            _ => return Ok(None),
        };
        Ok(Some(time?))
    }
}

fn add(plugin: &mut Plugin) -> Result<u64> {
    let [a, b] = [black_box(3_u32), 4].map(u32::to_le_bytes);
    let sum = plugin.call::<_, &[u8]>("add", &[a, b].concat())?;
    Ok(u64::from_le_bytes(sum.try_into()?))
}
