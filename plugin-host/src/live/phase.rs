//! What a plugin is at, in one byte: a call looks at nothing else before it begins.

/// What the next call meets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Phase(u8);

const WATCHED: u8 = 1;
const ENTERED: u8 = 2;

impl Phase {
    /// It needs nothing but counters.
    pub(super) const PLAIN: Self = Self(0);
    /// It needs more: it is timed or traced, its instance ends with it, its deadline
    /// lies beyond what the clock covers by itself, or it is in a scope or in a host
    /// function.
    pub(super) const WATCHED: Self = Self(WATCHED);

    #[inline]
    pub(super) fn is_plain(self) -> bool {
        self == Self::PLAIN
    }

    /// Whether a call is in the guest: a panic of the application's leaves it so.
    #[inline]
    pub(super) fn is_entered(self) -> bool {
        self.0 & ENTERED != 0
    }

    #[inline]
    pub(super) fn enter(&mut self) {
        self.0 |= ENTERED;
    }

    /// Leaves the guest after a plain call, or says that this was none.
    #[inline]
    pub(super) fn leave_plainly(&mut self) -> bool {
        let plain = self.0 == ENTERED;
        if plain {
            *self = Self::PLAIN;
        }
        plain
    }

    #[inline]
    pub(super) fn leave(&mut self) {
        self.0 &= !ENTERED;
    }
}
