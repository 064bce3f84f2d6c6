//! Where the compiled code of a plugin comes from: what the application ships, else
//! the cache, else the compiler.

use crate::candidate::Candidate;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::shipped::ShippedError;
use wasmtime::component::Component;

/// The compiled code of the bytes that were judged. Reads the candidate's file only
/// where it must be compiled; `compiling` is called with its size before that.
/// Where `wanted` is an error, nothing is waited for any more.
pub(crate) fn component(
    engine: &Engine,
    candidate: &Candidate,
    limits: &Limits,
    wanted: impl Fn() -> Result<(), ErrorKind>,
    compiling: impl FnOnce(u64),
) -> Result<Component, Error> {
    let digest = candidate.digest();
    let shipped = engine.shipped.as_ref();
    let unusable = match shipped.map(|shipped| shipped.component(&engine.wasmtime, digest)) {
        Some(Ok(Some(component))) => return Ok(component),
        Some(Err(problem)) => Some(problem),
        Some(Ok(None)) | None => None,
    };
    let compile = || {
        candidate.with_bytes(limits, |bytes| {
            let _slot = engine.compiles.take();
            let compiled = wanted().and_then(|()| {
                compiling(bytes.len() as u64);
                engine.totals.compiles();
                compile(engine, bytes)
            });
            compiled.map_err(|kind| candidate.error(kind))
        })
    };
    let compiled = match &engine.cache {
        Some(cache) => {
            let is_wanted = || wanted().is_ok();
            cache.component(&engine.wasmtime, digest, is_wanted, compile)
        }
        None => compile(),
    };
    compiled.map_err(|error| named(error, unusable, candidate))
}

/// Says why what is shipped cannot be used, where that would have been the way.
fn named(error: Error, unusable: Option<ShippedError>, candidate: &Candidate) -> Error {
    match (error.kind(), unusable) {
        (ErrorKind::NoCompiler, Some(problem)) => candidate.error(ErrorKind::Shipped(problem)),
        _ => error,
    }
}

#[cfg(feature = "compile")]
fn compile(engine: &Engine, bytes: &[u8]) -> Result<Component, ErrorKind> {
    Component::from_binary(&engine.wasmtime, bytes)
        .map_err(|error| ErrorKind::Compile(format!("{error:#}")))
}

#[cfg(not(feature = "compile"))]
fn compile(_: &Engine, _: &[u8]) -> Result<Component, ErrorKind> {
    Err(ErrorKind::NoCompiler)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Blame;
    use std::path::PathBuf;

    #[test]
    fn who_has_no_compiler_is_told_what_there_is_of_the_plugin() {
        let bytes = wat::parse_str("(component)").expect("a component");
        let plugin = Candidate::from_bytes("search", bytes).expect("a component");
        let damaged = || {
            let path = PathBuf::from("search.cwasm");
            Some(ShippedError::Damaged { path })
        };
        let told = |kind, unusable| named(plugin.error(kind), unusable, &plugin);
        let error = told(ErrorKind::NoCompiler, None);
        assert_eq!(error.blame(), Blame::Application);
        assert_eq!(
            error.to_string(),
            "plugin `search`: this application was built without a compiler, and neither ships \
             this plugin compiled nor has a cache that holds it: turn on the feature `compile` \
             of plugin-host"
        );
        let error = told(ErrorKind::NoCompiler, damaged());
        assert_eq!(error.blame(), Blame::Environment);
        assert_eq!(
            error.to_string(),
            "plugin `search`: this application was built without a compiler, and what it ships \
             cannot be used: `search.cwasm` is not what this application was built with: \
             install it again"
        );
        let unfit = ShippedError::Unfit {
            path: PathBuf::from("search.cwasm"),
            target: "here".to_owned(),
            detail: "no".to_owned(),
        };
        let error = told(ErrorKind::NoCompiler, Some(unfit));
        assert_eq!(error.blame(), Blame::Application);
        // What the compiler refuses is for itself.
        let error = told(ErrorKind::Compile("no".to_owned()), damaged());
        assert!(matches!(error.kind(), ErrorKind::Compile(_)));
    }
}
