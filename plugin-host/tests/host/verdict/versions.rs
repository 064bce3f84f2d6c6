//! Plugins that were built for other versions, or have less or more.

use super::{cases, plugin};

#[test]
fn what_is_asynchronous_needs_another_host() {
    cases! {
        ["count: func(" => "count: async func("] => breaks [
            "its `count` of `acme:shop/stock@1.2.0` is asynchronous, and this host runs \
             synchronous plugins: build it for WASI 0.2, without async functions, streams and \
             futures",
        ];
        ["run: func(" => "run: async func("] => breaks [
            "its `run` is asynchronous, and this host runs synchronous plugins: build it for \
             WASI 0.2, without async functions, streams and futures",
        ];
        ["apply: func(batch: list<product>" => "apply: func(batch: stream<product>"] => breaks [
            "its `apply` of `acme:shop/transform@1.2.0` is asynchronous, and this host runs \
             synchronous plugins: build it for WASI 0.2, without async functions, streams and \
             futures",
        ];
        ["find: func(id: row-id) -> option<product>"
            => "find: func(id: row-id) -> future<product>"] => breaks [
            "its `find` of `acme:shop/stock@1.2.0` is asynchronous, and this host runs \
             synchronous plugins: build it for WASI 0.2, without async functions, streams and \
             futures",
        ];
        ["price: u64" => "price: future<u64>"] => breaks [
            "its `[method]basket.add` of `acme:shop/stock@1.2.0` is asynchronous, and this host \
             runs synchronous plugins: build it for WASI 0.2, without async functions, streams \
             and futures",
            "its `find` of `acme:shop/stock@1.2.0` is asynchronous, and this host runs \
             synchronous plugins: build it for WASI 0.2, without async functions, streams and \
             futures",
            "its `apply` of `acme:shop/transform@1.2.0` is asynchronous, and this host runs \
             synchronous plugins: build it for WASI 0.2, without async functions, streams and \
             futures",
            "its `draw` of `acme:shop/transform@1.2.0` is asynchronous, and this host runs \
             synchronous plugins: build it for WASI 0.2, without async functions, streams and \
             futures",
        ];
        ["export run:" => "export later: async func(); export run:"] => breaks [
            "it is asynchronous, and this host runs synchronous plugins: build it for WASI 0.2, \
             without async functions, streams and futures",
        ];
    }
}

#[test]
fn what_is_missing_is_named() {
    cases! {
        ["import stock;" => "import stock; import burn: func();"] => breaks [
            "it imports `burn`, which this application does not provide: use a plugin made for \
             this application",
        ];
        ["import stock;" => "import stock; import mine: interface { f: func(); }"] => breaks [
            "it imports `mine`, which this application does not provide: use a plugin made for \
             this application",
        ];
        ["export run: func(times: u32) -> list<u8>;" => ""] => links [
            "it does not export `run`, which every plugin of this application must: use a plugin \
             made for this application",
        ];
        ["export transform;" => ""] => links [
            "it does not export `acme:shop/transform@1.2.0`, which every plugin of this \
             application must: use a plugin made for this application",
        ];
        ["fill: func(basket: borrow<basket>);" => ""] => links [
            "it does not export `fill` of `acme:shop/transform@1.2.0`, which every plugin with \
             that interface must: upgrade the plugin",
        ];
        ["import greet: func(name: string) -> string;" => ""] => links [];
        ["import greet: func(name: string) -> string;"
            => "import greet: interface { f: func(); }"] => breaks [
            "it imports `greet`, which this application does not provide: use a plugin made for \
             this application",
        ];
        ["export run: func(times: u32) -> list<u8>;"
            => "export run: interface { f: func(); }"] => links [
            "it does not export `run`, which every plugin of this application must: use a plugin \
             made for this application",
        ];
        ["export run:" => "export more: func(); export run:"] => links [];
        ["fill: func(" => "empty: func(); fill: func("] => links [];
    }
}

#[test]
fn what_is_used_counts_and_not_the_version() {
    cases! {
        ["@1.2.0" => "@1.5.0"] => links [];
        ["@1.2.0" => "@1.0.0"] => links [];
        ["@1.2.0" => "@1.5.0",
         "count: func(" => "unused-forecast: func(days: u32) -> u32; count: func("] => links [];
        ["@1.2.0" => "@1.5.0",
         "count: func(" => "forecast: func(days: u32) -> u32; count: func("] => breaks [
            "it needs `forecast` of `acme:shop/stock@1.5.0`, and this application has 1.2.0: \
             upgrade the application",
        ];
        ["@1.2.0" => "@1.5.0",
         "count: func(" => "forecast: func(days: u32) -> u32; order: func(); count: func("] => breaks [
            "it needs `forecast` of `acme:shop/stock@1.5.0`, and this application has 1.2.0: \
             upgrade the application",
            "it needs `order` of `acme:shop/stock@1.5.0`, and this application has 1.2.0: \
             upgrade the application",
        ];
        ["count: func(" => "forecast: func(days: u32) -> u32; count: func("] => breaks [
            "it imports `forecast` of `acme:shop/stock@1.2.0`, which this application does not \
             provide: use a plugin made for this application",
        ];
        ["@1.2.0" => "@1.0.0", "draw: func(shape: shape) -> tuple<u8, char>;" => ""] => links [
            "it does not export `draw` of `acme:shop/transform@1.2.0`, which every plugin with \
             that interface must: upgrade the plugin",
        ];
        ["@1.2.0" => "@1.5.0", "price: u64" => "price: u32"] => breaks [
            "in `acme:shop/stock@1.5.0`, basket.add → param item → product.price is u64 here and \
             u32 in the plugin: upgrade the application",
        ];
        ["@1.2.0" => "@1.0.0", "price: u64" => "price: u32"] => breaks [
            "in `acme:shop/stock@1.0.0`, basket.add → param item → product.price is u64 here and \
             u32 in the plugin: upgrade the plugin",
        ];
        ["@1.2.0" => "@1.0.0", "fast, safe" => "fast"] => links [
            "in `acme:shop/transform@1.2.0`, apply → param options → options.safe is a flag here \
             and missing in the plugin: upgrade the plugin",
        ];
        ["@1.2.0" => "@2.0.0"] => breaks [
            "it needs `acme:shop/stock@2.0.0`, and this application has 1.2.0: upgrade the \
             application",
            "it needs `acme:shop/transform@2.0.0`, and this application has 1.2.0: upgrade the \
             application",
        ];
        ["@1.2.0" => "@0.9.0"] => breaks [
            "it was built for `acme:shop/stock@0.9.0`, and this application has 1.2.0: upgrade \
             the plugin",
            "it was built for `acme:shop/transform@0.9.0`, and this application has 1.2.0: \
             upgrade the plugin",
        ];
        ["@1.2.0" => "@1.2.0-beta.1"] => breaks [
            "it was built for `acme:shop/stock@1.2.0-beta.1`, and this application has 1.2.0: \
             upgrade the plugin",
            "it was built for `acme:shop/transform@1.2.0-beta.1`, and this application has \
             1.2.0: upgrade the plugin",
        ];
        ["@1.2.0" => ""] => breaks [
            "it was built for `acme:shop/stock`, and this application has 1.2.0: upgrade the \
             plugin",
            "it was built for `acme:shop/transform`, and this application has 1.2.0: upgrade the \
             plugin",
        ];
    }
}

#[test]
fn wasi_of_the_next_generation_needs_another_host() {
    let importing = |name: &str| {
        let text = format!(r#"(component (import "{name}" (instance (export "f" (func)))))"#);
        let bytes = wat::parse_str(text).expect("the text is a component");
        super::verdict(&bytes).remove(0)
    };
    assert_eq!(
        importing("wasi:cli/stdout@0.3.0"),
        "its import `wasi:cli/stdout@0.3.0` is asynchronous, and this host runs synchronous \
         plugins: build it for WASI 0.2, without async functions, streams and futures"
    );
    assert_eq!(
        importing("wasi:http/types@0.2.3"),
        "it imports `wasi:http/types@0.2.3`, which this application does not provide: use a \
         plugin made for this application"
    );
}
