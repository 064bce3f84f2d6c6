//! Takes the application's snippet out of the README, and builds the guest that
//! is made of the other one.

use std::path::PathBuf;
use std::{env, fs};

const README: &str = "../../../README.md";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed={README}");
    let snippet = snippet(&fs::read_to_string(README)?, "src/main.rs")?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("host.rs"), snippet)?;
    for component in plugin_sdk_build::Guests::new().folder("guest").build()? {
        println!("cargo:rustc-env=README_GUEST={}", component.path.display());
    }
    Ok(())
}

include!("snippet.rs");
