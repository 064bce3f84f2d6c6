//! An application that depends on plugin-host alone, with every type that WIT has, on
//! both sides of its world. Whether it compiles is the test.

plugin_host::world! {
    inline: "
        package test:alone;

        interface types {
            flags rights { read, write }
            enum side { left, right }
            variant shape { empty, side(side), text(string), rights(rights) }
            record all {
                a: bool, b: u8, c: s8, d: u16, e: s16, f: u32, g: s32, h: u64, i: s64,
                j: f32, k: f64, l: char, m: string, n: rights, o: side, p: shape,
                q: tuple<u8, string>, r: option<rights>, s: list<shape>,
                t: result<u8, string>, u: result<_, side>, v: result<rights>, w: result,
            }
            type other = list<all>;
            resource page {
                constructor(title: string);
                title: func() -> string;
                both: static func(a: borrow<page>, b: page) -> page;
            }
        }

        interface tools {
            use types.{all, rights, other};
            flags mine { only }
            resource cart {
                constructor();
                add: func(all: all) -> rights;
                new-mine: static func() -> mine;
            }
            swap: func(all: other, mine: mine) -> list<rights>;
        }

        world plugin {
            use types.{rights, page};
            flags local { here, there }
            import types;
            import check: func(rights: rights, local: local) -> local;
            import nested: interface { flags deep { a, b } g: func(d: deep) -> deep; }
            export tools;
            export lend: func(page: borrow<page>, local: local) -> rights;
        }",
    with: { "test:alone/types.page": crate::Page },
}

/// What the application lends.
#[derive(Debug)]
pub struct Page(pub String);

#[cfg(test)]
mod tests {
    use super::types::Rights;

    #[test]
    fn flags_are_sets_of_bits() {
        let rights = Rights::READ | Rights::WRITE;
        assert!(rights.contains(Rights::READ) && rights != Rights::READ);
    }
}
