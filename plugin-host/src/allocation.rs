//! Where the memory of instances comes from: a choice, and what it costs.

/// Where a host's instances get their memory from.
///
/// Each linear memory takes 4 GiB of address space, so that compiled code needs
/// to check no bounds; it is only reserved, and no memory is used up by it. Where
/// a process may have less address space, as under `ulimit -v`, the next best is
/// taken: [`Host::allocation`](crate::Host::allocation) tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Allocation {
    /// From a pool that is reserved when the host is built: 4 GiB of address space
    /// for each of [`HostLimits::instances`](crate::HostLimits::instances), and one
    /// memory for each. It makes starting an instance several times cheaper.
    #[default]
    Pooled,
    /// Reserved for each instance when it starts.
    OnDemand,
    /// Made as large as is needed, and moved when it grows. Compiled code checks
    /// each access, which makes it slower by a fifth or more.
    Checked,
}

impl Allocation {
    /// What is tried, the best first.
    pub(crate) fn and_less(self) -> impl Iterator<Item = Self> {
        let all = [Self::Pooled, Self::OnDemand, Self::Checked];
        all.into_iter().filter(move |other| *other >= self)
    }
}
