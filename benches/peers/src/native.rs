//! A shared library through `dlopen`, with nothing between it and the process.

use crate::cases::{self, Case};
use crate::subject::{Subject, repeat};
use anyhow::Result;
use libloading::{Library, library_filename};
use std::convert::Infallible;
use std::env;
use std::hint::black_box;
use std::slice;
use std::time::Duration;

/// As in the library.
#[repr(C)]
struct Bytes {
    start: *mut u8,
    length: usize,
    capacity: usize,
}

pub(crate) struct Native {
    nothing: extern "C" fn(),
    add: extern "C" fn(u32, u32) -> u32,
    echo: unsafe extern "C" fn(*const u8, usize) -> Bytes,
    free: unsafe extern "C" fn(Bytes),
    pings: extern "C" fn(u32, extern "C" fn(u32) -> u32) -> u32,
    /// Behind all of them.
    _library: Library,
}

impl Native {
    pub(crate) fn new() -> Result<Self> {
        // Beside this program.
        let file = env::current_exe()?.with_file_name(library_filename("native"));
        // SAFETY: it is the package `native`, whose functions have these types.
        unsafe {
            let library = Library::new(file)?;
            Ok(Self {
                nothing: *library.get(b"nothing")?,
                add: *library.get(b"add")?,
                echo: *library.get(b"echo")?,
                free: *library.get(b"free")?,
                pings: *library.get(b"pings")?,
                _library: library,
            })
        }
    }

    /// Gives bytes, and takes those that come back into a vector of ours.
    fn echo(&self, bytes: &[u8]) -> Vec<u8> {
        // SAFETY: it reads this many bytes, and what it gives is valid until it is
        // given back.
        unsafe {
            let theirs = (self.echo)(bytes.as_ptr(), bytes.len());
            let ours = slice::from_raw_parts(theirs.start, theirs.length).to_vec();
            (self.free)(theirs);
            ours
        }
    }
}

impl Subject for Native {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let time = match case {
            Case::Nothing => repeat(times, || Ok((self.nothing)())),
            Case::Add => repeat(times, || {
                Ok::<_, Infallible>((self.add)(black_box(3), 4)).map(drop)
            }),
            Case::Echo(bytes) => {
                let text = cases::text(bytes);
                repeat(times, || {
                    black_box(self.echo(black_box(text.as_bytes())));
                    Ok(())
                })
            }
            Case::Bytes(count) => {
                let bytes = vec![7; count];
                repeat(times, || {
                    black_box(self.echo(black_box(&bytes)));
                    Ok(())
                })
            }
            Case::Ping(count) => repeat(times, || {
                black_box((self.pings)(black_box(count), ping));
                Ok(())
            }),
            _ => return Ok(None),
        };
        let Ok(time) = time;
        Ok(Some(time))
    }
}

extern "C" fn ping(value: u32) -> u32 {
    value
}
