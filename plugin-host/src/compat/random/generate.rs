//! Makes random worlds.

use super::dice::Dice;
use super::model::{Def, Function, Id, Interface, Kind, Package, Role, Shape, Ty, Wit, World};

const PRIMITIVES: &[&str] = &[
    "bool", "u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64", "char", "string",
];

const VERSIONS: &[&str] = &[
    "",
    "0.0.4",
    "0.1.0",
    "0.3.1",
    "1.0.0",
    "1.2.0",
    "1.2.3",
    "2.0.1",
    "1.0.0-rc.1",
    "0.2.0-draft",
];

/// A world of a few packages.
pub(super) fn wit(dice: &mut Dice) -> Wit {
    let mut wit = Wit {
        world: World {
            name: "plugin".to_owned(),
            ..World::default()
        },
        other_worlds: vec!["other".to_owned()],
        ..Wit::default()
    };
    let version = dice.pick(VERSIONS).expect("there are some");
    for package in 0..=dice.below(2) {
        let own = dice.pick(VERSIONS).expect("there are some");
        let version = if dice.in_hundred(70) { version } else { own };
        wit.packages.push(Package {
            name: format!("p{package}"),
            version: version.to_owned(),
        });
        for _ in 0..=dice.below(2) {
            let name = wit.fresh("i");
            interface(&mut wit, package, name, dice);
        }
    }
    for interface in 0..wit.interfaces.len() {
        if dice.in_hundred(60) {
            wit.world.imports.push(interface);
        }
        if dice.in_hundred(40) {
            wit.world.exports.push(interface);
        }
    }
    for _ in 0..dice.below(3) {
        let function = free(&mut wit, None, dice);
        wit.world.imported.push(function);
    }
    for _ in 0..dice.below(3) {
        let function = free(&mut wit, None, dice);
        wit.world.exported.push(function);
    }
    wit
}

/// Adds an interface, which is the last.
pub(super) fn interface(wit: &mut Wit, package: usize, name: String, dice: &mut Dice) {
    let i = wit.interfaces.len();
    wit.interfaces.push(Interface {
        package,
        name,
        types: Vec::new(),
        functions: Vec::new(),
    });
    for _ in 0..dice.below(3) {
        def(wit, i, dice);
    }
    for _ in 0..dice.below(3) {
        resource(wit, i, dice);
    }
    for _ in 0..=dice.below(2) {
        let function = free(wit, Some(i), dice);
        wit.interfaces[i].functions.push(function);
    }
}

/// Adds a type to an interface, and gives it.
pub(super) fn def(wit: &mut Wit, interface: usize, dice: &mut Dice) -> Id {
    let kind = match dice.below(10) {
        0 | 1 => Kind::Alias(ty(wit, Some(interface), false, dice)),
        2..=4 => members(Shape::Record, wit, interface, dice),
        5 | 6 => members(Shape::Variant, wit, interface, dice),
        7 | 8 => members(Shape::Enum, wit, interface, dice),
        _ => members(Shape::Flags, wit, interface, dice),
    };
    let name = wit.fresh("t");
    let id = wit.next;
    wit.interfaces[interface].types.push(Def { id, name, kind });
    id
}

fn members(shape: Shape, wit: &mut Wit, interface: usize, dice: &mut Dice) -> Kind {
    let count = 1 + dice.below(4);
    let members = (0..count).map(|_| member(shape, wit, interface, dice));
    Kind::Members(shape, members.collect())
}

pub(super) fn member(
    shape: Shape,
    wit: &mut Wit,
    interface: usize,
    dice: &mut Dice,
) -> (String, Option<Ty>) {
    let has_type = match shape {
        Shape::Record => true,
        Shape::Variant => dice.in_hundred(60),
        Shape::Enum | Shape::Flags => false,
    };
    let ty = has_type.then(|| ty(wit, Some(interface), false, dice));
    (wit.fresh("m"), ty)
}

/// Adds a resource with some functions to an interface, and gives it.
pub(super) fn resource(wit: &mut Wit, interface: usize, dice: &mut Dice) -> Id {
    let name = wit.fresh("r");
    let id = wit.next;
    let kind = Kind::Resource;
    wit.interfaces[interface].types.push(Def { id, name, kind });
    if dice.in_hundred(50) {
        let mut function = free(wit, Some(interface), dice);
        function.role = Role::Constructor(id);
        function.result = None;
        wit.interfaces[interface].functions.push(function);
    }
    for _ in 0..dice.below(3) {
        let function = method(wit, interface, id, dice);
        wit.interfaces[interface].functions.push(function);
    }
    id
}

pub(super) fn method(wit: &mut Wit, interface: usize, id: Id, dice: &mut Dice) -> Function {
    let mut function = free(wit, Some(interface), dice);
    let is_static = dice.in_hundred(40);
    function.role = if is_static {
        Role::Static(id)
    } else {
        Role::Method(id)
    };
    function
}

/// A function that may stand in an interface, or in the world.
pub(super) fn free(wit: &mut Wit, interface: Option<usize>, dice: &mut Dice) -> Function {
    let mut params: Vec<(String, Ty)> = Vec::new();
    for _ in 0..dice.below(4) {
        let again = params.last().filter(|_| dice.in_hundred(30));
        let ty = match again {
            Some((_, ty)) => ty.clone(),
            None => ty(wit, interface, true, dice),
        };
        params.push((wit.fresh("a"), ty));
    }
    let has_result = dice.in_hundred(70);
    let name = wit.fresh(if interface.is_some() { "g" } else { "w" });
    Function {
        name,
        role: Role::Free,
        params,
        result: has_result.then(|| ty(wit, interface, false, dice)),
        is_async: false,
        note: String::new(),
    }
}

/// A type that an interface may mention, or the world.
pub(super) fn ty(wit: &Wit, interface: Option<usize>, is_param: bool, dice: &mut Dice) -> Ty {
    ty_within(wit, interface, is_param, 2, dice)
}

fn ty_within(
    wit: &Wit,
    interface: Option<usize>,
    is_param: bool,
    depth: usize,
    dice: &mut Dice,
) -> Ty {
    let primitive = |dice: &mut Dice| Ty::Primitive(dice.pick(PRIMITIVES).expect("some"));
    let choice = dice.below(100);
    if choice < 35 || (choice >= 80 && depth == 0) {
        return primitive(dice);
    }
    if choice < 80 {
        let last = interface.unwrap_or(wit.interfaces.len());
        let ids = wit.defs().filter(|(home, _)| *home <= last);
        let ids: Vec<Id> = ids.map(|(_, def)| def.id).collect();
        let Some(id) = dice.pick(&ids) else {
            return primitive(dice);
        };
        return if is_param && wit.is_resource(id) && dice.in_hundred(60) {
            Ty::Borrow(id)
        } else {
            Ty::Named(id)
        };
    }
    let one = |dice: &mut Dice| ty_within(wit, interface, is_param, depth - 1, dice);
    match choice {
        80..=85 => Ty::List(Box::new(one(dice))),
        86..=90 => Ty::Option(Box::new(one(dice))),
        91..=95 => {
            let ok = dice.in_hundred(70).then(|| Box::new(one(dice)));
            let err = dice.in_hundred(70).then(|| Box::new(one(dice)));
            Ty::Result(ok, err)
        }
        _ => Ty::Tuple((0..=dice.below(3)).map(|_| one(dice)).collect()),
    }
}
