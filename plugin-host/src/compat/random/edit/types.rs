//! Changes to types as a whole.

use crate::compat::random::dice::Dice;
use crate::compat::random::generate;
use crate::compat::random::model::{Def, Id, Kind, Ty, Wit};

/// Where all resources are.
pub(super) fn resources(wit: &Wit) -> Vec<(usize, Id)> {
    let defs = wit
        .defs()
        .filter(|(_, def)| matches!(def.kind, Kind::Resource));
    defs.map(|(home, def)| (home, def.id)).collect()
}

pub(super) fn add_resource(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let i = dice.below(wit.interfaces.len());
    generate::resource(wit, i, dice);
    Some(())
}

/// With all functions that mention it.
pub(super) fn remove_resource(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let (home, id) = dice.pick(&resources(wit))?;
    if wit.defs().any(|(_, def)| def.mentions().contains(&id)) {
        return None;
    }
    for functions in wit.places() {
        functions.retain(|function| !function.mentions().contains(&id));
    }
    wit.interfaces[home].types.retain(|def| def.id != id);
    Some(())
}

pub(super) fn change_alias(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let aliases = wit
        .defs()
        .filter(|(_, def)| matches!(def.kind, Kind::Alias(_)));
    let aliases: Vec<(usize, Id)> = aliases.map(|(home, def)| (home, def.id)).collect();
    let (home, id) = dice.pick(&aliases)?;
    let ty = generate::ty(wit, Some(home), false, dice);
    wit.def_mut(id)?.kind = Kind::Alias(ty);
    Some(())
}

/// An alias for the first parameter of a function.
pub(super) fn say_by_alias(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let places = wit.interfaces.iter().enumerate();
    let places: Vec<(usize, usize)> = places
        .flat_map(|(i, interface)| {
            let functions = interface.functions.iter().enumerate();
            functions
                .filter(|(_, f)| matches!(f.params.first(), Some((_, ty)) if !has_borrow(ty)))
                .map(move |(f, _)| (i, f))
        })
        .collect();
    let (i, f) = dice.pick(&places)?;
    let name = wit.fresh("t");
    let id = wit.next;
    let param = &mut wit.interfaces[i].functions[f].params.first_mut()?.1;
    let kind = Kind::Alias(std::mem::replace(param, Ty::Named(id)));
    wit.interfaces[i].types.push(Def { id, name, kind });
    Some(())
}

fn has_borrow(ty: &Ty) -> bool {
    match ty {
        Ty::Borrow(_) => true,
        Ty::Primitive(_) | Ty::Named(_) => false,
        Ty::List(ty) | Ty::Option(ty) | Ty::Stream(ty) | Ty::Future(ty) => has_borrow(ty),
        Ty::Result(ok, err) => ok.iter().chain(err).any(|ty| has_borrow(ty)),
        Ty::Tuple(types) => types.iter().any(has_borrow),
    }
}

/// To another interface, with its functions if it is a resource.
pub(super) fn move_to_other(wit: &mut Wit, is_resource: bool, dice: &mut Dice) -> Option<()> {
    let defs = wit
        .defs()
        .filter(|(_, def)| matches!(def.kind, Kind::Resource) == is_resource);
    let defs: Vec<(usize, Id)> = defs.map(|(home, def)| (home, def.id)).collect();
    let (from, id) = dice.pick(&defs)?;
    let functions: Vec<_> = wit.interfaces[from]
        .functions
        .iter()
        .filter(|f| f.resource() == Some(id))
        .cloned()
        .collect();
    let mut mentions = wit.home(id)?.1.mentions();
    functions.iter().for_each(|f| mentions.extend(f.mentions()));
    mentions.remove(&id);
    let lowest = mentions
        .iter()
        .filter_map(|id| Some(wit.home(*id)?.0))
        .max();
    let lowest = lowest.unwrap_or(0);
    let mut users = wit.users(id);
    let others_use_it = wit.interfaces[from]
        .functions
        .iter()
        .any(|f| f.resource() != Some(id) && f.mentions().contains(&id))
        || wit.interfaces[from]
            .types
            .iter()
            .any(|def| def.mentions().contains(&id));
    if is_resource && !others_use_it {
        users.remove(&from);
    }
    let highest = users.first().copied().unwrap_or(usize::MAX);
    let highest = highest.min(wit.interfaces.len() - 1);
    let targets: Vec<usize> = (lowest..=highest).filter(|to| *to != from).collect();
    let to = dice.pick(&targets)?;
    let at = wit.interfaces[from]
        .types
        .iter()
        .position(|def| def.id == id)?;
    let def = wit.interfaces[from].types.remove(at);
    wit.interfaces[to].types.push(def);
    wit.interfaces[from]
        .functions
        .retain(|f| f.resource() != Some(id));
    wit.interfaces[to].functions.extend(functions);
    Some(())
}

pub(super) fn rename(wit: &mut Wit, is_resource: bool, dice: &mut Dice) -> Option<()> {
    let defs = wit
        .defs()
        .filter(|(_, def)| matches!(def.kind, Kind::Resource) == is_resource);
    let ids: Vec<Id> = defs.map(|(_, def)| def.id).collect();
    let id = dice.pick(&ids)?;
    let name = wit.fresh("t");
    wit.def_mut(id)?.name = name;
    Some(())
}

pub(super) fn add_unused(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let i = dice.below(wit.interfaces.len());
    generate::def(wit, i, dice);
    Some(())
}

pub(super) fn remove_unused(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let unused = wit
        .defs()
        .filter(|(_, def)| !matches!(def.kind, Kind::Resource) && wit.users(def.id).is_empty());
    let unused: Vec<(usize, Id)> = unused.map(|(home, def)| (home, def.id)).collect();
    let (home, id) = dice.pick(&unused)?;
    wit.interfaces[home].types.retain(|def| def.id != id);
    Some(())
}
