//! Which entries go when there are too many bytes. Removes none itself.

use super::key::Key;
use std::time::{Duration, SystemTime};

/// An entry in a folder, by what the system says of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    /// In bytes.
    pub(super) size: u64,
    /// When it was last read or written.
    pub(super) used: SystemTime,
}

/// How far ahead another machine's clock may be, where they share a folder.
const AHEAD: Duration = Duration::from_secs(60);

/// The entries to remove so that no more than `limit` bytes are left, those first
/// that were used the longest ago. `newest` stays: it was just written.
///
/// What was used in the future was used before the clock was set back, and
/// counts as the oldest: it would otherwise outlive all that is in use.
pub(super) fn to_evict(
    mut entries: Vec<Entry>,
    newest: &Key,
    limit: u64,
    now: SystemTime,
) -> Vec<Entry> {
    let mut bytes: u64 = entries.iter().map(|entry| entry.size).sum();
    entries.retain(|entry| entry.key != *newest);
    entries.sort_by_key(|entry| {
        let future = entry.used > now + AHEAD;
        (!future, entry.used, entry.key)
    });
    entries
        .into_iter()
        .take_while(|entry| {
            let over = bytes > limit;
            bytes = bytes.saturating_sub(entry.size);
            over
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    fn key(name: char) -> Key {
        Key {
            component: Digest::of(name.to_string().as_bytes()),
            engine: Digest::of(b"engine"),
        }
    }

    #[test]
    fn what_was_used_longest_ago_goes_until_the_rest_fits() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        // Name, size and the seconds since it was used.
        for (entries, limit, expected) in [
            (&[('a', 10, 3), ('b', 10, 2), ('c', 10, 1)][..], 30, ""),
            (&[('a', 10, 3), ('b', 10, 2), ('c', 10, 1)], 29, "a"),
            (&[('b', 10, 2), ('a', 10, 3), ('c', 10, 1)], 20, "a"),
            (&[('a', 10, 3), ('b', 10, 2), ('c', 10, 1)], 19, "ab"),
            // A large one may make room enough, and a small one not.
            (&[('a', 50, 3), ('b', 10, 2), ('c', 10, 1)], 25, "a"),
            (&[('a', 1, 3), ('b', 50, 2), ('c', 10, 1)], 25, "ab"),
            // What was written just now stays, whatever its time says.
            (&[('a', 10, 3), ('n', 10, 9)], 10, "a"),
            (&[('a', 10, 3), ('n', 10, 9)], 5, "a"),
            // Of the future, and a little ahead.
            (&[('a', 10, 3), ('f', 10, -90_000)], 10, "f"),
            (&[('a', 10, 3), ('f', 10, -30)], 10, "a"),
            (&[], 0, ""),
        ] {
            let entries = entries.iter().map(|&(name, size, ago)| Entry {
                key: key(name),
                size,
                used: match u64::try_from(ago) {
                    Ok(ago) => now - Duration::from_secs(ago),
                    Err(_) => now + Duration::from_secs(i64::unsigned_abs(ago)),
                },
            });
            let gone = to_evict(entries.collect(), &key('n'), limit, now);
            let gone: Vec<Key> = gone.iter().map(|entry| entry.key).collect();
            assert_eq!(gone, expected.chars().map(key).collect::<Vec<_>>());
        }
    }
}
