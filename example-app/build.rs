//! Builds the example plugins and puts them into a folder, as an application
//! would ship them.

use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::var("OUT_DIR")?).join("plugins");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let guests = plugin_sdk_build::Guests::new().folders_in("../example-plugins");
    for component in guests.build()? {
        fs::copy(
            &component.path,
            folder.join(component.name).with_extension("wasm"),
        )?;
    }
    println!("cargo:rustc-env=BUNDLED_PLUGINS={}", folder.display());
    Ok(())
}
