//! The WIT of all that is served, encoded. What wasmtime-wasi has hosts for is
//! left to it; of the drafts, the traits of ours are generated.

wasmtime::component::bindgen!({
    path: "wit/wasi",
    interfaces: "include plugin-host:wasi/served;",
    imports: { default: trappable },
    with: {
        "wasi:cli": wasmtime_wasi::p2::bindings::sync::cli,
        "wasi:clocks": wasmtime_wasi::p2::bindings::sync::clocks,
        "wasi:filesystem": wasmtime_wasi::p2::bindings::sync::filesystem,
        "wasi:io": wasmtime_wasi::p2::bindings::sync::io,
        "wasi:random": wasmtime_wasi::p2::bindings::sync::random,
        "wasi:sockets": wasmtime_wasi::p2::bindings::sync::sockets,
    },
    include_component_type: true,
});

/// The world of all that is served, encoded.
pub(in crate::services) const WIT: &[u8] = COMPONENT_TYPE;
