//! Changes to the names of worlds and packages, to versions, and to what is only
//! said of functions.

use super::functions;
use crate::compat::random::dice::Dice;
use crate::compat::random::model::Wit;
use semver::{Prerelease, Version};

pub(super) fn add_world(wit: &mut Wit, _: &mut Dice) -> Option<()> {
    let name = wit.fresh("w");
    wit.other_worlds.push(name);
    Some(())
}

pub(super) fn remove_world(wit: &mut Wit, _: &mut Dice) -> Option<()> {
    wit.other_worlds.pop().map(|_| ())
}

pub(super) fn rename_world(wit: &mut Wit, _: &mut Dice) -> Option<()> {
    wit.world.name = wit.fresh("w");
    Some(())
}

pub(super) fn rename_package(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let name = wit.fresh("p");
    let package = dice.below(wit.packages.len());
    wit.packages[package].name = name;
    Some(())
}

pub(super) fn note(wit: &mut Wit, note: &str, dice: &mut Dice) -> Option<()> {
    functions::any(wit, dice)?.1.note.push_str(note);
    Some(())
}

/// The version of a package that a function is in.
fn version(wit: &Wit, interface: Option<usize>) -> Option<String> {
    let package = match interface {
        Some(interface) => wit.interfaces[interface].package,
        None => wit.packages.len() - 1,
    };
    let version = &wit.packages[package].version;
    (!version.is_empty()).then(|| version.clone())
}

pub(super) fn since(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    annotate(wit, dice, |version| {
        format!("@since(version = {version})\n    ")
    })
}

pub(super) fn deprecate(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    annotate(wit, dice, |version| {
        format!("@since(version = {version})\n    @deprecated(version = {version})\n    ")
    })
}

/// Notes something of one function, wherever it stands.
fn annotate(wit: &mut Wit, dice: &mut Dice, note: impl Fn(&str) -> String) -> Option<()> {
    let (interface, function) = functions::any(wit, dice)?;
    let name = function.name.clone();
    let note = note(&version(wit, interface)?);
    for functions in wit.places() {
        for function in functions
            .iter_mut()
            .filter(|f| f.name == name && f.note.is_empty())
        {
            function.note.clone_from(&note);
        }
    }
    Some(())
}

/// Another version for a package, and often for all.
fn change(
    wit: &mut Wit,
    dice: &mut Dice,
    other: impl Fn(&Version, &mut Dice) -> Version,
) -> Option<()> {
    let only = dice.in_hundred(40).then(|| dice.below(wit.packages.len()));
    let mut is_changed = false;
    for (i, package) in wit.packages.iter_mut().enumerate() {
        if let Ok(version) = package.version.parse()
            && only.is_none_or(|only| only == i)
        {
            package.version = other(&version, dice).to_string();
            is_changed = true;
        }
    }
    is_changed.then_some(())
}

pub(super) fn step(wit: &mut Wit, same_track: bool, dice: &mut Dice) -> Option<()> {
    change(wit, dice, |version, dice| {
        let &Version {
            major,
            minor,
            patch,
            ..
        } = version;
        match (same_track, major, minor) {
            (true, 0, _) => Version::new(0, minor, patch + 1),
            (true, ..) if dice.in_hundred(50) => Version::new(major, minor, patch + 1),
            (true, ..) => Version::new(major, minor + 1, 0),
            (false, 0, 0) => Version::new(0, 1, patch),
            (false, 0, _) if dice.in_hundred(50) => Version::new(0, minor + 1, 0),
            (false, ..) => Version::new(major + 1, minor, 0),
        }
    })
}

pub(super) fn pre_release(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    change(wit, dice, |version, _| Version {
        pre: Prerelease::new("beta.1").expect("it is one"),
        ..version.clone()
    })
}

pub(super) fn toggle_version(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let package = dice.below(wit.packages.len());
    let version = &mut wit.packages[package].version;
    *version = if version.is_empty() {
        "1.0.0".to_owned()
    } else {
        String::new()
    };
    Some(())
}
