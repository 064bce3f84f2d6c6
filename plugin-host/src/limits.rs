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
/// | [`fuel`](Self::fuel) | wasm instructions, about | none | one call, or one start |
/// | [`deadline`](Self::deadline) | wall time | 1 s | one call, or one start |
/// | [`memory`](Self::memory) | bytes | 64 MiB | the life of an instance |
/// | [`table_elements`](Self::table_elements) | elements | 100,000 | the life of an instance |
/// | [`host_calls`](Self::host_calls) | calls | 1,000,000 | one call, or one start |
/// | [`output`](Self::output) | bytes kept | 64 KiB | stdout, stderr and log, each |
/// | [`component`](Self::component) | bytes | 64 MiB | the file |
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
    /// It also ends a guest that sleeps or waits. A call is ended on a tick of
    /// 5 ms after its deadline and never before; a busy machine adds to that.
    /// Deadlines above three seconds cost each call a lock.
    pub deadline: Duration,
    /// Bytes of linear memory, over all memories, initial pages included.
    pub memory: u64,
    /// Elements of tables, over all tables.
    pub table_elements: u64,
    /// How often one call may call the application and this library's services.
    pub host_calls: u64,
    /// How many bytes of stdout, of stderr and of log records are kept.
    ///
    /// The newest are kept and the rest is counted; a plugin that writes more
    /// is not stopped.
    pub output: u64,
    /// The size in bytes up to which a component file is read at all.
    pub component: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: None,
            deadline: Duration::from_secs(1),
            memory: 64 * MIB,
            table_elements: 100_000,
            host_calls: 1_000_000,
            output: 64 * 1024,
            component: 64 * MIB,
        }
    }
}

impl Limits {
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

    /// Sets how often one call may call out to the host.
    #[must_use]
    pub fn host_calls(mut self, calls: u64) -> Self {
        self.host_calls = calls;
        self
    }

    /// Sets how many bytes of each kind of output are kept.
    #[must_use]
    pub fn output(mut self, bytes: u64) -> Self {
        self.output = bytes;
        self
    }

    /// Sets the size up to which a component file is read.
    #[must_use]
    pub fn component(mut self, bytes: u64) -> Self {
        self.component = bytes;
        self
    }
}
