//! Whether a folder or file is the user's alone, by what the system says of it.
//! Looks at none itself.

use std::fs::Metadata;

/// What counts of a folder or file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    kind: Kind,
    owner: u32,
    mode: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
    /// A link, a pipe, a device.
    Other,
}

/// Why something is not the user's alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    #[error("it is something else")]
    Kind,
    #[error("it belongs to user {0}")]
    Owner(u32),
    #[error("others have rights to it, by its mode {0:o}")]
    Mode(u32),
}

impl Seen {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let kind = if metadata.is_dir() {
            Kind::Folder
        } else if metadata.is_file() {
            Kind::File
        } else {
            Kind::Other
        };
        let (owner, mode) = owner_and_mode(metadata);
        Self { kind, owner, mode }
    }

    /// A folder must be the user's, and closed to everybody else: who may write
    /// there could put code into it.
    pub(super) fn as_folder(self, user: u32) -> Result<(), Flaw> {
        self.check(Kind::Folder, user, 0o077)
    }

    /// A file must be the user's, and nobody else's to write.
    pub(super) fn as_file(self, user: u32) -> Result<(), Flaw> {
        self.check(Kind::File, user, 0o022)
    }

    fn check(self, kind: Kind, user: u32, refused: u32) -> Result<(), Flaw> {
        if self.kind != kind {
            Err(Flaw::Kind)
        } else if self.owner != user {
            Err(Flaw::Owner(self.owner))
        } else if self.mode & refused != 0 {
            Err(Flaw::Mode(self.mode))
        } else {
            Ok(())
        }
    }
}

#[cfg(unix)]
fn owner_and_mode(metadata: &Metadata) -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    (metadata.uid(), metadata.mode() & 0o7777)
}

/// Where the system has other rights than these, nothing is checked.
#[cfg(not(unix))]
fn owner_and_mode(_: &Metadata) -> (u32, u32) {
    (user(), 0o600)
}

/// The user whom the process runs as.
#[cfg(unix)]
pub(super) fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub(super) fn user() -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: u32 = 1000;

    #[test]
    fn only_a_folder_that_is_the_users_alone_will_do() {
        for (kind, owner, mode, expected) in [
            (Kind::Folder, USER, 0o700, Ok(())),
            (Kind::Folder, USER, 0o500, Ok(())),
            (Kind::Folder, USER, 0o2700, Ok(())),
            (Kind::File, USER, 0o700, Err(Flaw::Kind)),
            (Kind::Other, USER, 0o777, Err(Flaw::Kind)),
            (Kind::Folder, 1001, 0o700, Err(Flaw::Owner(1001))),
            // Not even what belongs to the administrator.
            (Kind::Folder, 0, 0o700, Err(Flaw::Owner(0))),
            (Kind::Folder, USER, 0o750, Err(Flaw::Mode(0o750))),
            (Kind::Folder, USER, 0o710, Err(Flaw::Mode(0o710))),
            (Kind::Folder, USER, 0o701, Err(Flaw::Mode(0o701))),
            (Kind::Folder, USER, 0o720, Err(Flaw::Mode(0o720))),
            (Kind::Folder, USER, 0o702, Err(Flaw::Mode(0o702))),
            (Kind::Folder, USER, 0o1777, Err(Flaw::Mode(0o1777))),
        ] {
            let seen = Seen { kind, owner, mode };
            assert_eq!(seen.as_folder(USER), expected, "{seen:?}");
        }
    }

    #[test]
    fn only_a_file_that_nobody_else_may_write_will_do() {
        for (kind, owner, mode, expected) in [
            (Kind::File, USER, 0o600, Ok(())),
            (Kind::File, USER, 0o400, Ok(())),
            (Kind::File, USER, 0o644, Ok(())),
            (Kind::Folder, USER, 0o600, Err(Flaw::Kind)),
            (Kind::Other, USER, 0o600, Err(Flaw::Kind)),
            (Kind::File, 1001, 0o600, Err(Flaw::Owner(1001))),
            (Kind::File, 0, 0o600, Err(Flaw::Owner(0))),
            (Kind::File, USER, 0o620, Err(Flaw::Mode(0o620))),
            (Kind::File, USER, 0o602, Err(Flaw::Mode(0o602))),
        ] {
            let seen = Seen { kind, owner, mode };
            assert_eq!(seen.as_file(USER), expected, "{seen:?}");
        }
    }
}
