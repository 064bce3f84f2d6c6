//! Looks for the target that plugins are built for, and has rustup add it.

fn main() -> Result<(), plugin_sdk_build::BuildError> {
    // Once: a script that builds plugins looks again.
    println!("cargo:rerun-if-changed=build.rs");
    plugin_sdk_build::require_target()
}
