//! Builds the guests that are measured.

fn main() -> Result<(), plugin_sdk_build::BuildError> {
    let guests = plugin_sdk_build::Guests::new()
        .folder("guest")
        .folder("guest-least")
        .folder("metering");
    for component in guests.folder("../example-plugins/search").build()? {
        let name = component.name.to_uppercase().replace('-', "_");
        println!("cargo:rustc-env={name}={}", component.path.display());
    }
    Ok(())
}
