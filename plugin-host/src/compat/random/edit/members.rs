//! Changes to the members of records, variants, enums and flags.

use crate::compat::random::dice::Dice;
use crate::compat::random::generate;
use crate::compat::random::model::{Id, Kind, Shape, Ty, Wit};

type Members = Vec<(String, Option<Ty>)>;

/// One of the types of a shape that functions use, with its interface.
fn pick(wit: &Wit, shape: Shape, at_least: usize, dice: &mut Dice) -> Option<(usize, Id)> {
    let is =
        |kind: &Kind| matches!(kind, Kind::Members(s, m) if *s == shape && m.len() >= at_least);
    let defs = wit.defs().filter(|(_, def)| is(&def.kind));
    let all: Vec<(usize, Id)> = defs.map(|(home, def)| (home, def.id)).collect();
    let used = all
        .iter()
        .copied()
        .filter(|(_, id)| !wit.users(*id).is_empty());
    dice.pick(&used.collect::<Vec<_>>())
        .or_else(|| dice.pick(&all))
}

fn members(wit: &mut Wit, id: Id) -> Option<&mut Members> {
    match &mut wit.def_mut(id)?.kind {
        Kind::Members(_, members) => Some(members),
        _ => None,
    }
}

pub(super) fn add(wit: &mut Wit, shape: Shape, dice: &mut Dice) -> Option<()> {
    let (home, id) = pick(wit, shape, 1, dice)?;
    let member = generate::member(shape, wit, home, dice);
    let members = members(wit, id)?;
    members.insert(dice.below(members.len() + 1), member);
    Some(())
}

pub(super) fn remove(wit: &mut Wit, shape: Shape, dice: &mut Dice) -> Option<()> {
    let (_, id) = pick(wit, shape, 2, dice)?;
    let members = members(wit, id)?;
    members.remove(dice.below(members.len()));
    Some(())
}

pub(super) fn rename(wit: &mut Wit, shape: Shape, dice: &mut Dice) -> Option<()> {
    let (_, id) = pick(wit, shape, 1, dice)?;
    let name = wit.fresh("m");
    let members = members(wit, id)?;
    let at = dice.below(members.len());
    members[at].0 = name;
    Some(())
}

pub(super) fn reorder(wit: &mut Wit, shape: Shape, dice: &mut Dice) -> Option<()> {
    let (_, id) = pick(wit, shape, 2, dice)?;
    let members = members(wit, id)?;
    let by = 1 + dice.below(members.len() - 1);
    members.rotate_left(by);
    Some(())
}

pub(super) fn change(wit: &mut Wit, shape: Shape, dice: &mut Dice) -> Option<()> {
    let (home, id) = pick(wit, shape, 1, dice)?;
    let ty = generate::ty(wit, Some(home), false, dice);
    let members = members(wit, id)?;
    let at = dice.below(members.len());
    let (_, old) = &mut members[at];
    *old = if shape == Shape::Variant && old.is_some() && dice.in_hundred(30) {
        None
    } else {
        Some(ty)
    };
    Some(())
}

pub(super) fn swap_shape(wit: &mut Wit, dice: &mut Dice) -> Option<()> {
    let (shape, other) = match dice.in_hundred(50) {
        true => (Shape::Enum, Shape::Flags),
        false => (Shape::Flags, Shape::Enum),
    };
    let (_, id) = pick(wit, shape, 1, dice)?;
    if let Kind::Members(shape, _) = &mut wit.def_mut(id)?.kind {
        *shape = other;
    }
    Some(())
}
