//! What a host offers to the plugins of a world and demands of them. Reads each
//! world once in a process.

use crate::services;
use crate::surface::Surface;
use crate::world::World;
use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// What plugins of `W` may import, of the application and of this library, and
/// what they must export.
pub(crate) fn offer<W: World>() -> Arc<Surface> {
    static OFFERS: LazyLock<Offers> = LazyLock::new(Offers::default);
    OFFERS.of(TypeId::of::<W>(), W::WIT)
}

/// The offers of all worlds that were asked for.
#[derive(Default)]
struct Offers(Mutex<HashMap<TypeId, Arc<Surface>>>);

impl Offers {
    fn of(&self, world: TypeId, wit: &[u8]) -> Arc<Surface> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let offer = known.entry(world).or_insert_with(|| {
            let [base, wasi] = services::WORLDS;
            let offer = Surface::of_worlds(&[wit, base, wasi]);
            Arc::new(offer.expect("the macro refuses worlds that cannot be read"))
        });
        Arc::clone(offer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::provides;

    #[test]
    fn a_world_is_read_once() {
        let offers = Offers::default();
        let [wit, _] = services::WORLDS;
        let first = offers.of(TypeId::of::<u8>(), wit);
        assert!(Arc::ptr_eq(
            &first,
            &offers.of(TypeId::of::<u8>(), b"not read")
        ));
        assert!(!Arc::ptr_eq(&first, &offers.of(TypeId::of::<u16>(), wit)));
    }

    #[test]
    fn wasi_is_offered_in_the_versions_that_the_linker_matches() {
        let [wit, _] = services::WORLDS;
        let offer = Offers::default().of(TypeId::of::<u8>(), wit);
        for name in [
            "plugin-host:base/log@0.1.0",
            "wasi:io/poll@0.2.0",
            "wasi:io/poll@0.2.99",
            "wasi:config/store@0.2.0-rc.1",
            "wasi:logging/logging",
            "wasi:logging/logging@0.1.0-draft",
        ] {
            assert!(provides(&offer, name), "{name}");
        }
        for name in [
            "wasi:io/poll",
            "wasi:io/poll@0.2",
            "wasi:io/poll@0.3.0",
            "wasi:io/poll@0.20.0",
            "wasi:config/store",
            "wasi:config/store@0.2.0",
            "wasi:logging/logging@0.1.0",
            "wasi:http/types@0.2.0",
        ] {
            assert!(!provides(&offer, name), "{name}");
        }
    }
}
