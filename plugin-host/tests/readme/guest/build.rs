//! Takes the guest's snippet out of the README.

use std::path::PathBuf;
use std::{env, fs};

const README: &str = "../../../../README.md";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed={README}");
    let snippet = snippet(&fs::read_to_string(README)?, "src/lib.rs")?;
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("guest.rs"),
        snippet,
    )?;
    Ok(())
}

include!("../snippet.rs");
