//! `wasi:config/store`, which serves the settings of `plugin-host:base/config`.

use crate::services::HasServices;
use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, Linker, Lower};

/// The drafts of this interface that guests were built with.
pub(super) const VERSIONS: &[&str] = &["0.2.0-draft", "0.2.0-rc.1"];

/// How the interface says that a setting cannot be had, which never happens.
#[derive(ComponentType, Lower)]
#[component(variant)]
#[expect(dead_code, reason = "the interface has them")]
enum Failure {
    #[component(name = "upstream")]
    Upstream(String),
    #[component(name = "io")]
    Io(String),
}

type Entries = Vec<(String, String)>;

pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    for version in VERSIONS {
        let mut store = linker.instance(&format!("wasi:config/store@{version}"))?;
        store.func_wrap(
            "get",
            |mut data: StoreContextMut<'_, D>, (key,): (String,)| {
                let value: Result<_, Failure> = Ok(data.data_mut().services().setting(&key)?);
                Ok((value,))
            },
        )?;
        store.func_wrap("get-all", |mut data: StoreContextMut<'_, D>, (): ()| {
            let entries: Result<Entries, Failure> = Ok(data.data_mut().services().settings()?);
            Ok((entries,))
        })?;
    }
    Ok(())
}
