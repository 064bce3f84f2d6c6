//! What Linux says of this process.

use anyhow::{Context, Result};
use std::fs;

/// A number of `/proc/self/status`, in KiB.
///
/// # Errors
///
/// Where there is no such file, or no such line in it.
pub fn status(name: &str) -> Result<u64> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("Linux tells")?.parse()?)
}

/// How many mappings there are.
///
/// # Errors
///
/// Where there is no such file.
pub fn maps() -> Result<usize> {
    Ok(fs::read_to_string("/proc/self/maps")?.lines().count())
}
