//! The whole program, run as its users run it.

mod bad_folder;
mod lock;
mod program;
mod ranking;
mod sample;
mod usage;
