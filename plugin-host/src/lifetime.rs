//! How long an instance lives.

/// How long an instance of a plugin lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lifetime {
    /// Across calls, until one fails. The plugin may keep what it likes in its
    /// memory.
    #[default]
    UntilFailure,
    /// For one call, or for the calls made under one budget. Nothing that the
    /// plugin remembers reaches the next call, its resources neither: calls that
    /// take or return handles to those are made
    /// [under one budget](crate::Plugin::under_one_budget).
    OneCall,
}
