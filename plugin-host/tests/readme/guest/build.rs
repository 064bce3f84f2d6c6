//! Takes the guest's snippets out of the README.

use std::path::PathBuf;
use std::{env, fs};

const README: &str = "../../../../README.md";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed={README}");
    let readme = fs::read_to_string(README)?;
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    for (file, copy) in [("src/lib.rs", "guest.rs"), ("src/tests.rs", "tests.rs")] {
        fs::write(folder.join(copy), snippet(&readme, file)?)?;
    }
    Ok(())
}

include!("../snippet.rs");
