//! Builds the example plugins, which the program carries in itself.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut plugins = String::new();
    let guests = plugin_sdk_build::Guests::new().folders_in("../example-plugins");
    for component in guests.build()? {
        let path = component.path.display().to_string();
        write!(plugins, "({:?}, include_bytes!({path:?})),", component.name)?;
    }
    let code = format!("pub(crate) const BUNDLED: &[(&str, &[u8])] = &[{plugins}];");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("bundled.rs"), code)?;
    Ok(())
}
