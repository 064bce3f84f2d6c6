//! rhai: the functions written in its language, which is interpreted.

use crate::cases::{self, Case};
use crate::subject::{Subject, repeat};
use ::rhai::{AST, Blob, Engine, Scope};
use anyhow::{Result, anyhow};
use std::hint::black_box;
use std::time::Duration;

const GUEST: &str = "
    fn nothing() {}
    fn add(a, b) { a + b }
    fn echo(value) { value }
    fn pings(times) {
        let sum = 0;
        for i in 0..times { sum ^= ping(i); }
        sum
    }";

pub(crate) struct Rhai {
    engine: Engine,
    guest: AST,
}

impl Rhai {
    pub(crate) fn new() -> Result<Self> {
        let mut engine = Engine::new();
        engine.register_fn("ping", |value: i64| value);
        let guest = engine.compile(GUEST)?;
        Ok(Self { engine, guest })
    }
}

impl Subject for Rhai {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let (engine, guest) = (&self.engine, &self.guest);
        let mut scope = Scope::new();
        let time = match case {
            Case::Nothing => repeat(times, || {
                engine.call_fn::<()>(&mut scope, guest, "nothing", ())
            }),
            Case::Add => repeat(times, || {
                let args = (black_box(3_i64), 4_i64);
                engine
                    .call_fn::<i64>(&mut scope, guest, "add", args)
                    .map(drop)
            }),
            Case::Echo(bytes) => {
                let text = cases::text(bytes);
                repeat(times, || {
                    let args = (black_box(&text).clone(),);
                    engine
                        .call_fn::<String>(&mut scope, guest, "echo", args)
                        .map(drop)
                })
            }
            Case::Bytes(count) => {
                let bytes: Blob = vec![7; count];
                repeat(times, || {
                    let args = (black_box(&bytes).clone(),);
                    engine
                        .call_fn::<Blob>(&mut scope, guest, "echo", args)
                        .map(drop)
                })
            }
            Case::Ping(count) => repeat(times, || {
                let args = (black_box(i64::from(count)),);
                engine
                    .call_fn::<i64>(&mut scope, guest, "pings", args)
                    .map(drop)
            }),
            _ => return Ok(None),
        };
        time.map(Some).map_err(|error| anyhow!("{error}"))
    }
}
