//! LuaJIT through mlua: the functions written in Lua.

use crate::cases::{self, Case};
use crate::subject::{Subject, repeat};
use anyhow::{Result, anyhow};
use mlua::{BString, Function, Lua};
use std::hint::black_box;
use std::time::Duration;

const GUEST: &str = "
    function nothing() end
    function add(a, b) return (a + b) % 4294967296 end
    function echo(text) return text end
    function pings(times)
        local sum = 0
        for i = 0, times - 1 do sum = bit.bxor(sum, ping(i)) end
        return sum
    end";

pub(crate) struct LuaJit {
    lua: Lua,
}

impl LuaJit {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            lua: start().map_err(error)?,
        })
    }

    fn time(&self, case: Case, times: u64) -> mlua::Result<Option<Duration>> {
        let function = |name: &str| self.lua.globals().get::<Function>(name);
        let time = match case {
            Case::Nothing => {
                let nothing = function("nothing")?;
                repeat(times, || nothing.call::<()>(()))
            }
            Case::Add => {
                let add = function("add")?;
                repeat(times, || add.call::<u32>((black_box(3_u32), 4_u32)))
            }
            Case::Echo(bytes) => {
                let (echo, text) = (function("echo")?, cases::text(bytes));
                repeat(times, || echo.call::<String>(black_box(text.as_str())))
            }
            Case::Bytes(count) => {
                let (echo, bytes) = (function("echo")?, vec![7; count]);
                repeat(times, || {
                    let theirs = self.lua.create_string(black_box(&bytes))?;
                    echo.call::<BString>(theirs)
                })
            }
            Case::Ping(count) => {
                let pings = function("pings")?;
                repeat(times, || pings.call::<u32>(black_box(count)))
            }
            Case::Start => repeat(times, start),
            Case::OneCall => repeat(times, || {
                let lua = start()?;
                let add = lua.globals().get::<Function>("add")?;
                add.call::<u32>((black_box(3_u32), 4_u32))
            }),
            _ => return Ok(None),
        };
        time.map(Some)
    }
}

impl Subject for LuaJit {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        self.time(case, times).map_err(error)
    }
}

fn start() -> mlua::Result<Lua> {
    let lua = Lua::new();
    let ping = lua.create_function(|_, value: u32| Ok(value))?;
    lua.globals().set("ping", ping)?;
    lua.load(GUEST).exec()?;
    Ok(lua)
}

fn error(error: mlua::Error) -> anyhow::Error {
    anyhow!("{error}")
}
