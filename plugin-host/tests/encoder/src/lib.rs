//! Makes components of WIT, whose functions trap, and encodes worlds. Only tests
//! use it.

mod module;

pub use wit_parser;

use std::path::Path;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata, metadata};
use wit_parser::{Function, Resolve, UnresolvedPackageGroup, WorldId};

/// A WIT text, read.
///
/// # Errors
///
/// A text, where it is no WIT or has no such world.
pub fn read(wit: &str, world: &str) -> Result<(Resolve, WorldId), String> {
    read_beside(Resolve::default(), wit, world)
}

/// A WIT text that names packages of a folder, read.
///
/// # Errors
///
/// A text, where one of both is no WIT, or the text has no such world.
pub fn read_with(folder: &Path, wit: &str, world: &str) -> Result<(Resolve, WorldId), String> {
    let mut resolve = Resolve::default();
    resolve
        .push_dir(folder)
        .map_err(|error| format!("{error:#}"))?;
    read_beside(resolve, wit, world)
}

fn read_beside(mut resolve: Resolve, wit: &str, world: &str) -> Result<(Resolve, WorldId), String> {
    let group = UnresolvedPackageGroup::parse("plugin.wit", wit)
        .map_err(|(map, error)| error.render(&map))?;
    let package = resolve
        .push_group(group)
        .map_err(|error| format!("{error:#}"))?;
    let world = resolve
        .select_world(&[package], Some(world))
        .map_err(|error| format!("{error:#}"))?;
    Ok((resolve, world))
}

/// A component that imports what is used of what its world does, and exports all.
///
/// # Errors
///
/// A text, where no component can have such a world.
pub fn component(
    resolve: &Resolve,
    world: WorldId,
    is_used: impl Fn(&Function) -> bool,
) -> Result<Vec<u8>, String> {
    let mut module = module::traps(resolve, world, &is_used);
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8)
        .and_then(|()| {
            ComponentEncoder::default()
                // What the world says is what it is to be.
                .merge_imports_based_on_semver(false)
                .module(&module)?
                .encode()
        })
        .map_err(|error| format!("{error:#}"))
}

/// A world, encoded as bindings for hosts hold it.
///
/// # Errors
///
/// A text, where it cannot be.
pub fn world(resolve: &Resolve, world: WorldId) -> Result<Vec<u8>, String> {
    metadata::encode(resolve, world, StringEncoding::UTF8, None)
        .map_err(|error| format!("{error:#}"))
}

/// Whether a component could stand where one of a world is asked for, as the
/// component model's own validator sees it.
///
/// # Errors
///
/// A text, where it could not.
pub fn targets(resolve: &Resolve, world: WorldId, component: &[u8]) -> Result<(), String> {
    wit_component::targets(resolve, world, component).map_err(|error| format!("{error:#}"))
}
