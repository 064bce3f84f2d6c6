//! A world that offers what it does not link, which generated ones never do: the
//! engine's refusal is an error like others.

use super::{Shop, ShopPlugin, candidate, plugin};
use plugin_host::generated::wasmtime::{Result, component::Linker};
use plugin_host::generated::{Live, StoreData};
use plugin_host::{Blame, ErrorKind, Host, World};

struct Unlinked;

impl World for Unlinked {
    type State = Shop;
    type Exports = <ShopPlugin<Shop> as World>::Exports;
    const NAME: &'static str = ShopPlugin::<Shop>::NAME;
    const WIT: &'static [u8] = ShopPlugin::<Shop>::WIT;
    const OPTIONAL: &'static [&'static str] = &[];

    fn link(_: &mut Linker<StoreData<Shop>>) -> Result<()> {
        Ok(())
    }

    fn from_live(_: Live<Shop, Self::Exports>) -> Self {
        Self
    }

    fn live(&self) -> &Live<Shop, Self::Exports> {
        unreachable!("nothing is started")
    }

    fn live_mut(&mut self) -> &mut Live<Shop, Self::Exports> {
        unreachable!("nothing is started")
    }
}

#[test]
fn what_the_engine_alone_refuses_is_told_as_a_mismatch() {
    let candidate = candidate(plugin!());
    let host = Host::builder().build().expect("the engine starts");
    assert_eq!(host.plugin(&candidate).reasons::<Unlinked>(), []);
    let error = host
        .plugin(&candidate)
        .prepare_with::<Unlinked>(|_| Ok(Shop));
    let error = error.expect_err("nothing is linked");
    assert!(matches!(error.kind(), ErrorKind::Types(_)), "{error}");
    assert_eq!(error.blame(), Blame::Mismatch);
    let message = error.to_string();
    assert!(
        message.starts_with(
            "plugin `plugin`: its interface has the names of this application's and other \
             types, use a version made for this application: component imports "
        ),
        "{message}"
    );
}
