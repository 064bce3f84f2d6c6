//! Other ways to run plugins, one a process: measures what it is told on
//! standard input. `ratios` starts it with a subject and the component.

#[path = "../../src/cases.rs"]
mod cases;
mod extism;
mod luajit;
mod native;
mod rhai;
#[path = "../../src/subject.rs"]
mod subject;
mod wasm_link;

use anyhow::{Context, Result, bail};
use extism::{Extism, Limits};
use std::env;
use subject::{Subject, serve};

fn main() -> Result<()> {
    let mut args = env::args().skip(1);
    let name = args.next().context("which subject?")?;
    let guest = args.next().context("which component?")?;
    let mut subject: Box<dyn Subject> = match name.as_str() {
        "extism" => Box::new(Extism::new(Limits::None)?),
        "extism-limits" => Box::new(Extism::new(Limits::All)?),
        "wasm-link" => Box::new(wasm_link::WasmLink::new(&guest)?),
        "luajit" => Box::new(luajit::LuaJit::new()?),
        "rhai" => Box::new(rhai::Rhai::new()?),
        "native" => Box::new(native::Native::new()?),
        _ => bail!("no subject `{name}`"),
    };
    serve(subject.as_mut())
}
