//! Changes to which interfaces a world has.

use crate::compat::random::dice::Dice;
use crate::compat::random::generate;
use crate::compat::random::model::{Id, Package, Wit};
use std::collections::HashMap;

fn list(wit: &mut Wit, is_exported: bool) -> &mut Vec<usize> {
    if is_exported {
        &mut wit.world.exports
    } else {
        &mut wit.world.imports
    }
}

pub(super) fn add(wit: &mut Wit, is_exported: bool, dice: &mut Dice) -> Option<()> {
    let name = wit.fresh("i");
    let i = wit.interfaces.len();
    generate::interface(wit, wit.packages.len() - 1, name, dice);
    list(wit, is_exported).push(i);
    Some(())
}

pub(super) fn remove(wit: &mut Wit, is_exported: bool, dice: &mut Dice) -> Option<()> {
    let list = list(wit, is_exported);
    let index = dice.pick(&(0..list.len()).collect::<Vec<_>>())?;
    list.remove(index);
    Some(())
}

pub(super) fn rename(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let name = wit.fresh("i");
    let i = dice.below(wit.interfaces.len());
    wit.interfaces[i].name = name;
    Some(())
}

/// A copy of a package in another version, whose interfaces are imported and
/// exported like the original's.
pub(super) fn keep_beside(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    // What it uses of others it goes on using; nothing but the world uses it.
    let main = wit.packages.len() - 1;
    let original = (main > 0).then(|| dice.below(main))?;
    let (name, version) = {
        let package = &wit.packages[original];
        (package.name.clone(), package.version.clone())
    };
    let versions = ["0.1.0", "0.1.1", "1.1.0", "1.9.0", "2.0.0", "3.0.0-rc.1"];
    let other = dice.pick(&versions).filter(|other| **other != version)?;
    if dice.in_hundred(50) {
        wit.packages[original].version = (*other).to_owned();
        wit.packages.insert(main, Package { name, version });
    } else {
        let version = (*other).to_owned();
        wit.packages.insert(main, Package { name, version });
    }
    // Interfaces come in the order of their packages: the copies before those of
    // the last package.
    for interface in &mut wit.interfaces {
        if interface.package == main {
            interface.package = main + 1;
        }
    }
    let start = wit.interfaces.iter().filter(|i| i.package < main).count();
    let copied: Vec<usize> = (0..start)
        .filter(|i| wit.interfaces[*i].package == original)
        .collect();
    let shift = |i: &mut usize| {
        if *i >= start {
            *i += copied.len();
        }
    };
    wit.world.imports.iter_mut().for_each(shift);
    wit.world.exports.iter_mut().for_each(shift);
    let mut ids: HashMap<Id, Id> = HashMap::new();
    for i in &copied {
        for def in wit.interfaces[*i].types.clone() {
            wit.next += 1;
            ids.insert(def.id, wit.next);
        }
    }
    let rename = |id: Id| ids.get(&id).copied().unwrap_or(id);
    for (offset, i) in copied.iter().enumerate() {
        let mut copy = wit.interfaces[*i].clone();
        copy.package = main;
        for def in &mut copy.types {
            def.id = rename(def.id);
            def.kind
                .types()
                .into_iter()
                .for_each(|ty| ty.rename(&rename));
        }
        for function in &mut copy.functions {
            function.role = function.role.with(&rename);
            function
                .types()
                .into_iter()
                .for_each(|ty| ty.rename(&rename));
        }
        wit.interfaces.insert(start + offset, copy);
        for is_exported in [false, true] {
            let list = list(wit, is_exported);
            if list.contains(i) {
                list.push(start + offset);
            }
        }
    }
    Some(())
}
