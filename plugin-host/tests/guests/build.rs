//! Builds the guests below this folder, and lists where they are.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut code = String::new();
    for component in plugin_sdk_build::Guests::new().folders_in(".").build()? {
        let name = component.name.replace('-', "_").to_uppercase();
        writeln!(
            code,
            "/// The component built from `{}`.\npub const {name}: &str = {:?};",
            component.name,
            component.path.display().to_string()
        )?;
    }
    let output = PathBuf::from(env::var("OUT_DIR")?).join("guests.rs");
    fs::write(output, code)?;
    Ok(())
}
