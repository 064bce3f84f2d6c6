//! Changes to functions.

use crate::compat::random::dice::Dice;
use crate::compat::random::generate;
use crate::compat::random::model::{Function, Role, Ty, Wit};

/// One of the functions that `is` says, with the interface that it is in.
fn pick<'w>(
    wit: &'w mut Wit,
    dice: &mut Dice,
    is: impl Fn(&Function) -> bool,
) -> Option<(Option<usize>, &'w mut Function)> {
    let interfaces = wit.interfaces.len();
    let mut functions: Vec<(Option<usize>, &mut Function)> = wit
        .places()
        .into_iter()
        .enumerate()
        .flat_map(|(i, functions)| {
            let interface = (i < interfaces).then_some(i);
            functions.iter_mut().map(move |f| (interface, f))
        })
        .filter(|(_, function)| is(function))
        .collect();
    if functions.is_empty() {
        return None;
    }
    let index = dice.below(functions.len());
    Some(functions.swap_remove(index))
}

fn remove_where(wit: &mut Wit, dice: &mut Dice, is: impl Fn(&Function) -> bool) -> Option<()> {
    let name = pick(wit, dice, is)?.1.name.clone();
    for functions in wit.places() {
        functions.retain(|function| function.name != name);
    }
    Some(())
}

pub(super) fn add(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let i = dice.below(wit.interfaces.len());
    let function = generate::free(wit, Some(i), dice);
    wit.interfaces[i].functions.push(function);
    Some(())
}

pub(super) fn add_to_world(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let function = generate::free(wit, None, dice);
    if dice.in_hundred(50) {
        wit.world.imported.push(function);
    } else {
        wit.world.exported.push(function);
    }
    Some(())
}

pub(super) fn add_method(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let resources = super::types::resources(wit);
    let (interface, id) = dice.pick(&resources)?;
    let function = generate::method(wit, interface, id, dice);
    wit.interfaces[interface].functions.push(function);
    Some(())
}

pub(super) fn remove(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    remove_where(wit, dice, |f| f.role == Role::Free)
}

pub(super) fn remove_from_world(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let world = wit.world.imported.iter().chain(&wit.world.exported);
    let names: Vec<String> = world.map(|f| f.name.clone()).collect();
    remove_where(wit, dice, |f| names.contains(&f.name))
}

pub(super) fn remove_method(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    remove_where(wit, dice, |f| f.resource().is_some())
}

pub(super) fn rename(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let name = wit.fresh("g");
    pick(wit, dice, |f| !matches!(f.role, Role::Constructor(_)))?
        .1
        .name = name;
    Some(())
}

/// Does something with a function that has so many parameters, and a type that
/// may be another one's.
fn with_type(
    wit: &mut Wit,
    dice: &mut Dice,
    is_param: bool,
    is: impl Fn(&Function) -> bool,
    change: impl FnOnce(&mut Function, usize, Ty),
) -> Option<()> {
    let (interface, function) = pick(wit, dice, is)?;
    let name = function.name.clone();
    let at = dice.below(function.params.len().max(1));
    let ty = generate::ty(wit, interface, is_param, dice);
    let (_, function) = pick(wit, dice, |f| f.name == name)?;
    change(function, at, ty);
    Some(())
}

pub(super) fn add_param(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let name = wit.fresh("a");
    with_type(
        wit,
        dice,
        true,
        |_| true,
        |function, at, ty| {
            let at = at.min(function.params.len());
            function.params.insert(at, (name, ty));
        },
    )
}

pub(super) fn remove_param(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let (_, function) = pick(wit, dice, |f| !f.params.is_empty())?;
    function.params.remove(dice.below(function.params.len()));
    Some(())
}

pub(super) fn change_param(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let has_params = |f: &Function| !f.params.is_empty();
    with_type(wit, dice, true, has_params, |function, at, ty| {
        function.params[at].1 = ty;
    })
}

pub(super) fn change_result(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let has_result = |f: &Function| f.result.is_some();
    with_type(wit, dice, false, has_result, |f, _, ty| f.result = Some(ty))
}

pub(super) fn toggle_result(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let may_have_one = |f: &Function| !matches!(f.role, Role::Constructor(_));
    with_type(wit, dice, false, may_have_one, |f, _, ty| {
        f.result = if f.result.is_some() { None } else { Some(ty) };
    })
}

pub(super) fn make_async(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let may_be = |f: &Function| !matches!(f.role, Role::Constructor(_));
    pick(wit, dice, may_be)?.1.is_async = true;
    Some(())
}

pub(super) fn take_stream(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let is_future = dice.in_hundred(50);
    let (_, function) = pick(wit, dice, |f| !f.params.is_empty())?;
    let (_, ty) = function.params.first_mut()?;
    let inner = Box::new(Ty::Primitive("u8"));
    *ty = if is_future {
        Ty::Future(inner)
    } else {
        Ty::Stream(inner)
    };
    Some(())
}

pub(super) fn own_or_borrow(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let resources: Vec<_> = wit.defs().map(|(_, def)| def.id).collect();
    let resources: Vec<_> = resources
        .into_iter()
        .filter(|id| wit.is_resource(*id))
        .collect();
    let is_handle = move |ty: &Ty| match ty {
        Ty::Borrow(_) => true,
        Ty::Named(id) => resources.contains(id),
        _ => false,
    };
    let has_handle = |f: &Function| f.params.iter().any(|(_, ty)| is_handle(ty));
    let (_, function) = pick(wit, dice, has_handle)?;
    let (_, ty) = function.params.iter_mut().find(|(_, ty)| is_handle(ty))?;
    *ty = match ty {
        Ty::Borrow(id) => Ty::Named(*id),
        Ty::Named(id) => Ty::Borrow(*id),
        _ => return None,
    };
    Some(())
}

pub(super) fn change_role(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let is = |f: &Function| matches!(f.role, Role::Method(_) | Role::Static(_));
    let (_, function) = pick(wit, dice, is)?;
    function.role = match function.role {
        Role::Method(id) => Role::Static(id),
        Role::Static(id) => Role::Method(id),
        _ => return None,
    };
    Some(())
}

pub(super) fn swap_params(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let twins = |f: &Function| f.params.windows(2).position(|pair| pair[0].1 == pair[1].1);
    let (_, function) = pick(wit, dice, |f| twins(f).is_some())?;
    let at = twins(function)?;
    function.params.swap(at, at + 1);
    Some(())
}

pub(super) fn rename_param(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let name = wit.fresh("a");
    let (_, function) = pick(wit, dice, |f| !f.params.is_empty())?;
    let at = dice.below(function.params.len());
    function.params[at].0 = name;
    Some(())
}

/// One of all functions but constructors, which may say more of itself.
pub(super) fn any<'w>(
    wit: &'w mut Wit,
    dice: &mut Dice,
) -> Option<(Option<usize>, &'w mut Function)> {
    pick(wit, dice, |_| true)
}
