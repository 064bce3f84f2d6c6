//! Guests that have the application call them while they call it.

use super::{Attacker, attacks};
use plugin_host::{Candidate, Error, Host, Plugin};
use std::sync::{Arc, Mutex, TryLockError, Weak};

plugin_host::world! {
    inline: "
        package test:reentry;
        world guest {
            import again: func();
            export attack: func();
        }",
    fallible: ["again"],
    error: crate::hostile::reentry::Busy,
}

type Shared = Mutex<Option<Plugin<ReentryGuest<State>>>>;

/// The application's state, from which it finds the plugin that calls it.
struct State(Weak<Shared>);

/// The plugin is in a call.
#[derive(Debug, thiserror::Error)]
#[error("the plugin is in a call")]
pub(crate) struct Busy;

impl ReentryGuestImports for State {
    fn again(&mut self) -> Result<(), Busy> {
        let plugin = self.0.upgrade().expect("it is making a call");
        match plugin.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Busy),
            _ => unreachable!("the call that is running holds the lock"),
        }
    }
}

fn reenters() -> impl Fn(&Host) -> Result<Attacker, Error> {
    let bytes = wat::parse_str(
        r#"(component
            (import "again" (func $again))
            (core func $again (canon lower (func $again)))
            (core module $m
                (import "" "again" (func $again))
                (func (export "attack") (call $again)))
            (core instance $i (instantiate $m
                (with "" (instance (export "again" (func $again))))))
            (func (export "attack") (canon lift (core func $i "attack"))))"#,
    );
    let candidate = Candidate::from_bytes("again", bytes.expect("a component")).expect("one");
    move |host| {
        let shared = Arc::<Shared>::default();
        let state = Arc::downgrade(&shared);
        let plugin = host.load_with(&candidate, move |_| Ok(State(Weak::clone(&state))))?;
        *shared.lock().expect("nothing panicked") = Some(plugin);
        Ok(Box::new(move || {
            let mut plugin = shared.lock().expect("nothing panicked");
            let plugin = plugin.as_mut().expect("it was just put there");
            plugin.attack().map(|()| "it returned".to_owned())
        }))
    }
}

attacks! {
    has_itself_called: reenters() => "other: HostFunction(Busy)";
}
