//! Builds the guest that is measured.

fn main() -> Result<(), plugin_sdk_build::BuildError> {
    for component in plugin_sdk_build::Guests::new().folder("guest").build()? {
        println!("cargo:rustc-env=BENCH_GUEST={}", component.path.display());
    }
    Ok(())
}
