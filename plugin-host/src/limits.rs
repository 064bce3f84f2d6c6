//! What a plugin may use. Plain data: nothing here enforces anything.

use std::time::Duration;

/// One mebibyte, in bytes.
pub const MIB: u64 = 1024 * 1024;

/// The budgets of one plugin.
///
/// Every budget but fuel is always armed; fuel is counted where a limit is
/// named, because metering is compiled into the plugin's code.
///
/// | budget | unit | default | counted over |
/// |---|---|---|---|
/// | [`fuel`](Self::fuel) | wasm instructions, about | none | one call |
/// | [`deadline`](Self::deadline) | wall time | 1 s | one call |
/// | [`start_fuel`](Self::start_fuel) | wasm instructions, about | as `fuel` | one start of an instance |
/// | [`start_deadline`](Self::start_deadline) | wall time | 2 s | one start of an instance |
/// | [`memory`](Self::memory) | bytes | 64 MiB | the life of an instance |
/// | [`table_elements`](Self::table_elements) | elements | 100,000 | the life of an instance |
/// | [`memories`](Self::memories) | memories | 10 | the life of an instance |
/// | [`instances`](Self::instances) | core instances, and tables | 100 | the life of an instance |
/// | [`handles`](Self::handles) | resource handles | 10,000 | the life of an instance |
/// | [`host_calls`](Self::host_calls) | calls | 1,000,000 | one call, or one start |
/// | [`value`](Self::value) | bytes | 16 MiB | one value handed to the host |
/// | [`output`](Self::output) | bytes kept | 64 KiB | stdout, stderr and log, each |
/// | [`output_lines`](Self::output_lines) | lines or records kept | 1,000 | stdout, stderr and log, each |
/// | [`component`](Self::component) | bytes | 64 MiB | the file |
///
/// What one call can hand to the host is therefore at most `value` times
/// `host_calls`. The stack of wasm, and what all plugins together may use, are
/// in [`HostLimits`](crate::HostLimits).
///
/// ```
/// use plugin_host::{Limits, MIB};
/// use std::time::Duration;
///
/// let limits = Limits::default()
///     .fuel(50_000_000)
///     .memory(32 * MIB)
///     .deadline(Duration::from_millis(100));
/// assert_eq!(limits.fuel, Some(50_000_000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Instructions that one call may execute, or `None` for no metering.
    pub fuel: Option<u64>,
    /// How long one call may take by the wall clock.
    ///
    /// It also ends a guest that sleeps or waits, for files too. A call is
    /// ended on a tick of 5 ms after its deadline and never before; a busy
    /// machine adds to that. Deadlines above a minute cost each call a lock.
    ///
    /// A call that a host function of another plugin makes, on its own thread,
    /// ends no later than that plugin's.
    pub deadline: Duration,
    /// Instructions that one start of an instance may execute, or `None` for as
    /// many as a call.
    pub start_fuel: Option<u64>,
    /// How long one start of an instance may take by the wall clock.
    pub start_deadline: Duration,
    /// Bytes of linear memory, over all memories, initial pages included.
    pub memory: u64,
    /// Elements of tables, over all tables, initial ones included. One table has at
    /// most a million.
    pub table_elements: u64,
    /// Linear memories that a component may have, however small; one module has at
    /// most 100. Toolchains make one. Each takes some address space and, where it
    /// begins with data, a file descriptor for as long as the component is loaded.
    pub memories: u64,
    /// Core instances that a component may be made of, and as many tables.
    /// Toolchains make about ten.
    pub instances: u64,
    /// Handles to resources that a plugin may hold at once: its own, the
    /// application's, and those of WASI, such as open files.
    pub handles: u64,
    /// How often one call may call out: to the application, to this library's
    /// services and to WASI, destructors of resources included.
    pub host_calls: u64,
    /// How many bytes the plugin may hand over at once: in the arguments of one
    /// call out, or in the result of a call.
    ///
    /// Counted by what they take in the host's memory; exactly by their length
    /// where they go to this library's services or to WASI. It also bounds what
    /// a plugin asks of those at once, such as random bytes.
    pub value: u64,
    /// How many bytes of stdout, of stderr and of log records are kept.
    ///
    /// The newest are kept and the rest is counted; a plugin that writes more
    /// is not stopped.
    pub output: u64,
    /// How many lines of stdout and of stderr, and how many log records, are
    /// kept; the newest, as with `output`.
    pub output_lines: u64,
    /// The size in bytes up to which a component file is read at all.
    pub component: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: None,
            deadline: Duration::from_secs(1),
            start_fuel: None,
            start_deadline: Duration::from_secs(2),
            memory: 64 * MIB,
            table_elements: 100_000,
            memories: 10,
            instances: 100,
            handles: 10_000,
            host_calls: 1_000_000,
            value: 16 * MIB,
            output: 64 * 1024,
            output_lines: 1000,
            component: 64 * MIB,
        }
    }
}

impl Limits {
    /// Whether they name fuel at all.
    pub(crate) fn meters(&self) -> bool {
        self.fuel.is_some() || self.start_fuel.is_some()
    }

    /// Sets the instructions that one call may execute, and turns metering on.
    #[must_use]
    pub fn fuel(mut self, instructions: u64) -> Self {
        self.fuel = Some(instructions);
        self
    }

    /// Sets how long one call may take.
    #[must_use]
    pub fn deadline(mut self, wall_time: Duration) -> Self {
        self.deadline = wall_time;
        self
    }

    /// Sets the instructions that one start of an instance may execute.
    #[must_use]
    pub fn start_fuel(mut self, instructions: u64) -> Self {
        self.start_fuel = Some(instructions);
        self
    }

    /// Sets how long one start of an instance may take.
    #[must_use]
    pub fn start_deadline(mut self, wall_time: Duration) -> Self {
        self.start_deadline = wall_time;
        self
    }

    /// Sets the bytes of linear memory.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// Sets the number of table elements.
    #[must_use]
    pub fn table_elements(mut self, elements: u64) -> Self {
        self.table_elements = elements;
        self
    }

    /// Sets the number of linear memories.
    #[must_use]
    pub fn memories(mut self, memories: u64) -> Self {
        self.memories = memories;
        self
    }

    /// Sets the number of core instances and of tables.
    #[must_use]
    pub fn instances(mut self, instances: u64) -> Self {
        self.instances = instances;
        self
    }

    /// Sets the number of resource handles.
    #[must_use]
    pub fn handles(mut self, handles: u64) -> Self {
        self.handles = handles;
        self
    }

    /// Sets how often one call may call out to the host.
    #[must_use]
    pub fn host_calls(mut self, calls: u64) -> Self {
        self.host_calls = calls;
        self
    }

    /// Sets the bytes that may be handed over at once.
    #[must_use]
    pub fn value(mut self, bytes: u64) -> Self {
        self.value = bytes;
        self
    }

    /// Sets how many bytes of each kind of output are kept.
    #[must_use]
    pub fn output(mut self, bytes: u64) -> Self {
        self.output = bytes;
        self
    }

    /// Sets how many lines of each kind of output are kept.
    #[must_use]
    pub fn output_lines(mut self, lines: u64) -> Self {
        self.output_lines = lines;
        self
    }

    /// Sets the size up to which a component file is read.
    #[must_use]
    pub fn component(mut self, bytes: u64) -> Self {
        self.component = bytes;
        self
    }
}
