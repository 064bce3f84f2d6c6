//! Every kind of change to a world.

mod functions;
mod interfaces;
mod members;
mod names;
mod types;

use super::dice::Dice;
use super::model::{Shape, Wit};

/// A kind of change.
pub(super) struct Edit {
    pub(super) name: &'static str,
    /// None where there is nothing to change so.
    pub(super) apply: fn(&mut Wit, &mut Dice) -> Option<()>,
}

macro_rules! edits {
    ($($name:literal: $apply:expr,)*) => {
        &[$(Edit { name: $name, apply: $apply }),*]
    };
}

/// All of them, in the order of the table in `wit-check`'s documentation.
pub(super) const EDITS: &[Edit] = edits! {
    "add an imported interface": |wit, dice| interfaces::add(wit, false, dice),
    "add an exported interface": |wit, dice| interfaces::add(wit, true, dice),
    "add a function": functions::add,
    "add a function of the world": functions::add_to_world,
    "add a resource": types::add_resource,
    "add a method": functions::add_method,
    "remove an imported interface": |wit, dice| interfaces::remove(wit, false, dice),
    "remove an exported interface": |wit, dice| interfaces::remove(wit, true, dice),
    "remove a function": functions::remove,
    "remove a function of the world": functions::remove_from_world,
    "remove a resource": types::remove_resource,
    "remove a method": functions::remove_method,
    "add a parameter": functions::add_param,
    "remove a parameter": functions::remove_param,
    "change a parameter": functions::change_param,
    "change a result": functions::change_result,
    "add or remove a result": functions::toggle_result,
    "make a function async": functions::make_async,
    "take a stream or a future": functions::take_stream,
    "own what was borrowed or borrow": functions::own_or_borrow,
    "make a method static": functions::change_role,
    "add a field": |wit, dice| members::add(wit, Shape::Record, dice),
    "remove a field": |wit, dice| members::remove(wit, Shape::Record, dice),
    "rename a field": |wit, dice| members::rename(wit, Shape::Record, dice),
    "reorder fields": |wit, dice| members::reorder(wit, Shape::Record, dice),
    "change a field": |wit, dice| members::change(wit, Shape::Record, dice),
    "add a variant's case": |wit, dice| members::add(wit, Shape::Variant, dice),
    "remove a variant's case": |wit, dice| members::remove(wit, Shape::Variant, dice),
    "rename a variant's case": |wit, dice| members::rename(wit, Shape::Variant, dice),
    "reorder a variant's cases": |wit, dice| members::reorder(wit, Shape::Variant, dice),
    "change a variant's case": |wit, dice| members::change(wit, Shape::Variant, dice),
    "add an enum's case": |wit, dice| members::add(wit, Shape::Enum, dice),
    "remove an enum's case": |wit, dice| members::remove(wit, Shape::Enum, dice),
    "rename an enum's case": |wit, dice| members::rename(wit, Shape::Enum, dice),
    "reorder an enum's cases": |wit, dice| members::reorder(wit, Shape::Enum, dice),
    "add a flag": |wit, dice| members::add(wit, Shape::Flags, dice),
    "remove a flag": |wit, dice| members::remove(wit, Shape::Flags, dice),
    "rename a flag": |wit, dice| members::rename(wit, Shape::Flags, dice),
    "reorder flags": |wit, dice| members::reorder(wit, Shape::Flags, dice),
    "make an enum of flags or flags of an enum": members::swap_shape,
    "change what an alias stands for": types::change_alias,
    "say a type by an alias": types::say_by_alias,
    "move a type": |wit, dice| types::move_to_other(wit, false, dice),
    "move a resource": |wit, dice| types::move_to_other(wit, true, dice),
    "swap parameters of one type": functions::swap_params,
    "rename a parameter": functions::rename_param,
    "rename a type": |wit, dice| types::rename(wit, false, dice),
    "add an unused type": types::add_unused,
    "remove an unused type": types::remove_unused,
    "rename a resource": |wit, dice| types::rename(wit, true, dice),
    "rename a function": functions::rename,
    "rename an interface": interfaces::rename,
    "add a world": names::add_world,
    "remove a world": names::remove_world,
    "rename the world": names::rename_world,
    "rename a package": names::rename_package,
    "document a function": |wit, dice| names::note(wit, "/// What it does.\n    ", dice),
    "say since when": names::since,
    "deprecate a function": names::deprecate,
    "step the version on its track": |wit, dice| names::step(wit, true, dice),
    "step the version to another track": |wit, dice| names::step(wit, false, dice),
    "step the version to a pre-release": names::pre_release,
    "have no version, or one": names::toggle_version,
    "keep another version beside": interfaces::keep_beside,
};
