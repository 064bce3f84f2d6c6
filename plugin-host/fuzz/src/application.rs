//! The application that sequences of calls come from: its world, its state, and
//! every way to load a guest, compiled once.

use plugin_host::{BoxError, Candidate, Host, InstanceContext, Lifetime, Limits, Meter, Prepared};
use seeds::Guest;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub(crate) use world::SequenceGuest;

/// Instructions for one call, where they are counted.
pub(crate) const FUEL: u64 = 2_000_000;
/// Bytes of memory.
pub(crate) const MEMORY: u64 = 4 * PAGE;
/// Bytes of one page of memory.
pub(crate) const PAGE: u64 = 65_536;
/// Host calls for one call.
pub(crate) const HOST_CALLS: u64 = 100;
/// Bytes of each kind of output that are kept.
pub(crate) const OUTPUT: u64 = 2048;

/// Long enough that a busy machine does not end a call that is counted.
const LONG: Duration = Duration::from_secs(10);
/// What a loop costs this fuzzer where nothing else ends it.
const SHORT: Duration = Duration::from_millis(20);

mod world {
    plugin_host::world! {
        inline: "
            package fuzz:sequence@0.1.0;
            interface host {
                mood: func() -> u32;
                ping: func(value: u32) -> u32;
                work: func(fuel: u64);
                refuse: func();
                boom: func();
            }
            world guest {
                import host;
                export add: func(a: u32, b: u32) -> u32;
                export count: func() -> u32;
                export echo: func(text: string) -> string;
                export garble: func(at: u32, length: u32) -> string;
                export abort: func();
                export divide: func(a: u32, b: u32) -> u32;
                export load: func(at: u32) -> u32;
                export spin: func();
                export recurse: func();
                export grow: func(pages: u32) -> s32;
                export hoard: func(pages: u32);
                export ping: func(times: u32) -> u32;
                export work: func(fuel: u64);
                export refuse: func();
                export boom: func();
                export say: func(times: u32);
                export panic: func();
            }",
        fallible: ["host.refuse"],
        error: crate::application::Refused,
    }
}

/// What the next instances do while they start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, arbitrary::Arbitrary)]
pub enum Mood {
    /// Nothing.
    #[default]
    Good = 0,
    /// They abort.
    Abort = 1,
    /// They loop.
    Spin = 2,
    /// They ask for more memory than there is.
    Hoard = 3,
    /// They call the function that fails.
    Refuse = 4,
    /// They call the host too often.
    Ping = 5,
    /// They call the function that panics.
    Boom = 6,
    /// The application cannot make their state.
    Stateless = 7,
}

static MOOD: AtomicU32 = AtomicU32::new(0);

impl Mood {
    /// Puts all instances to come into this mood.
    pub fn set(self) {
        MOOD.store(self as u32, Ordering::Relaxed);
    }
}

/// The application's own error.
#[derive(Debug, thiserror::Error)]
#[error("deliberately refused")]
pub(crate) struct Refused;

/// What the application's own panic carries.
#[derive(Debug)]
pub(crate) struct Boom;

/// The state of one instance.
#[derive(Debug)]
pub(crate) struct Application {
    mood: u32,
    meter: Meter,
}

impl Application {
    fn open(context: InstanceContext) -> Result<Self, BoxError> {
        let mood = MOOD.load(Ordering::Relaxed);
        if mood == Mood::Stateless as u32 {
            return Err(Refused.into());
        }
        Ok(Self {
            mood,
            meter: context.meter,
        })
    }
}

impl world::host::Host for Application {
    fn mood(&mut self) -> u32 {
        self.mood
    }

    fn ping(&mut self, value: u32) -> u32 {
        value.wrapping_add(1)
    }

    fn work(&mut self, fuel: u64) {
        self.meter.charge_fuel(fuel);
        assert!(self.meter.host_calls() <= HOST_CALLS);
        assert!(self.meter.time_left() <= LONG + Duration::from_millis(20));
    }

    fn refuse(&mut self) -> Result<(), Refused> {
        Err(Refused)
    }

    fn boom(&mut self) {
        // Past the panic hook, in which the fuzzer aborts.
        std::panic::resume_unwind(Box::new(Boom))
    }
}

/// How a guest is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, arbitrary::Arbitrary)]
pub struct Setup {
    /// The guest.
    pub guest: Guest,
    /// Whether its instructions are counted.
    pub metered: bool,
    /// Whether each call gets an instance of its own.
    pub one_call: bool,
}

impl Setup {
    /// The limits of a guest so loaded.
    #[must_use]
    pub(crate) fn limits(self) -> Limits {
        let limits = Limits::default()
            .memory(MEMORY)
            .host_calls(HOST_CALLS)
            .output(OUTPUT);
        if self.metered {
            limits.fuel(FUEL).deadline(LONG).start_deadline(LONG)
        } else {
            limits.deadline(SHORT).start_deadline(SHORT)
        }
    }

    /// Compiles and links every guest in every setup.
    pub fn warm_up() {
        LazyLock::force(&PREPARED);
    }

    /// The guest, compiled and linked.
    #[must_use]
    pub(crate) fn prepared(self) -> &'static Prepared<SequenceGuest<Application>> {
        let at = |flag: bool| usize::from(flag);
        let guest = at(self.guest == Guest::Nested);
        &PREPARED[guest][at(self.metered)][at(self.one_call)]
    }

    fn prepare(self) -> Prepared<SequenceGuest<Application>> {
        let bytes = wat::parse_str(self.guest.text()).expect("the text is a component");
        let candidate = Candidate::from_bytes("guest", bytes).expect("the bytes are a component");
        let host = Host::builder().limits(self.limits()).build();
        let host = host.expect("the engine starts");
        let lifetime = if self.one_call {
            Lifetime::OneCall
        } else {
            Lifetime::default()
        };
        let loader = host.plugin(&candidate).lifetime(lifetime);
        loader.prepare_with(Application::open).expect("the guest fits")
    }
}

/// By guest, by whether it is metered, by whether instances serve one call.
type Table = [[[Prepared<SequenceGuest<Application>>; 2]; 2]; 2];

static PREPARED: LazyLock<Table> = LazyLock::new(|| {
    Guest::ALL.map(|guest| {
        [false, true].map(|metered| {
            [false, true].map(|one_call| {
                let setup = Setup {
                    guest,
                    metered,
                    one_call,
                };
                setup.prepare()
            })
        })
    })
});
