//! What the system says of a file, by which most changes to it show. Reads no
//! bytes: what must not change is told by a digest.

use std::fs::Metadata;
use std::time::SystemTime;

/// What the system said of a file at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    identity: Identity,
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            identity: identity(metadata),
        }
    }
}

/// Device, number, and when something was last changed in any way, in seconds and
/// nanoseconds.
#[cfg(unix)]
type Identity = (u64, u64, i64, i64);

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (
        metadata.dev(),
        metadata.ino(),
        metadata.ctime(),
        metadata.ctime_nsec(),
    )
}

#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::time::Duration;

    #[test]
    fn another_size_another_time_or_another_file_is_another_stamp() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plugin.wasm");
        let stamp = || Stamp::of(&fs::metadata(&path).expect("it is there"));
        fs::write(&path, "abc").expect("there is room");
        let first = stamp();
        assert_eq!(stamp(), first);
        let file = fs::File::options().write(true).open(&path);
        let time = SystemTime::now() - Duration::from_secs(60);
        let set = file.and_then(|file| file.set_modified(time));
        set.expect("it is ours");
        let second = stamp();
        assert_ne!(second, first);
        fs::write(&path, "abcd").expect("there is room");
        assert_ne!(stamp(), second);

        // In its place, and as large and as old.
        #[cfg(unix)]
        {
            let before = stamp();
            let other = folder.path().join("other.wasm");
            fs::write(&other, "abcd").expect("there is room");
            let file = fs::File::options().write(true).open(&other);
            let time = before.modified.expect("it has one");
            let set = file.and_then(|file| file.set_modified(time));
            set.expect("it is ours");
            fs::rename(&other, &path).expect("it is ours");
            let after = stamp();
            assert_eq!((after.size, after.modified), (before.size, before.modified));
            assert_ne!(after, before);
        }
    }
}
