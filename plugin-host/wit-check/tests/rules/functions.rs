//! Signatures must match; names of parameters are not looked at by wasmtime.

use crate::holds;

#[test]
fn signatures_must_match() {
    holds(
        "interface i { record r { n: u8 } f: .. ; } world w { import i; }",
        &[
            (
                "func(a: u8)",
                "func(a: u8, b: u8)",
                &["major a:b/i.f (imports): parameter `b` added"],
            ),
            (
                "func(a: u8, b: u8)",
                "func(b: u8)",
                &["major a:b/i.f (imports): parameter `a` removed"],
            ),
            (
                "func(a: list<option<r>>)",
                "func(a: list<r>)",
                &["major a:b/i.f (imports): parameter `a` was `list<option<r>>` and is `list<r>`"],
            ),
            (
                "func() -> result<r, string>",
                "func() -> result<r>",
                &["major a:b/i.f (imports): result was `result<r, string>` and is `result<r>`"],
            ),
            (
                "func() -> tuple<u8, char>",
                "func()",
                &["major a:b/i.f (imports): result `tuple<u8, char>` removed"],
            ),
            (
                "func(a: result<_, u8>)",
                "func(a: result)",
                &["major a:b/i.f (imports): parameter `a` was `result<_, u8>` and is `result`"],
            ),
            (
                "func(a: list<u8, 4>)",
                "func(a: list<u8, 5>)",
                &["major a:b/i.f (imports): parameter `a` was `list<u8, 4>` and is `list<u8, 5>`"],
            ),
            (
                "func()",
                "async func()",
                &["major a:b/i.f (imports): became `async`"],
            ),
            (
                "async func() -> stream<u8>",
                "func() -> future<u8>",
                &[
                    "major a:b/i.f (imports): is no longer `async`",
                    "major a:b/i.f (imports): result was `stream<u8>` and is `future<u8>`",
                ],
            ),
        ],
    );
}

#[test]
fn renamed_parameters_link_and_swapped_ones_deceive() {
    holds(
        "interface i { f: func(..); } world w { export i; }",
        &[
            (
                "a: u8",
                "b: u8",
                &["minor a:b/i.f (exports): parameter `a` renamed to `b`"],
            ),
            (
                "source: u8, sink: u8",
                "sink: u8, source: u8",
                &[
                    "major a:b/i.f (exports): parameter `sink` is where `source` was",
                    "major a:b/i.f (exports): parameter `source` is where `sink` was",
                ],
            ),
            (
                "a: u8",
                "b: u16",
                &[
                    "major a:b/i.f (exports): parameter `a` was `u8` and is `u16`",
                    "minor a:b/i.f (exports): parameter `a` renamed to `b`",
                ],
            ),
        ],
    );
}
