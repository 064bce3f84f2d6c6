//! Whether a folder or file is the user's alone, by what the system says of it.
//! Looks at none itself.

use std::fs::Metadata;

/// What counts of a folder or file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    kind: Kind,
    owner: u32,
    mode: u32,
    /// How many names it has; one that was removed while it is open has none.
    names: u64,
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
pub(crate) enum Flaw {
    #[error("it is something else")]
    Kind,
    #[error("it belongs to user {0}")]
    Owner(u32),
    #[error("it may be changed, by its mode {0:o}")]
    Mode(u32),
    #[error("it has {0} names")]
    Names(u64),
}

impl Seen {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let kind = if metadata.is_dir() {
            Kind::Folder
        } else if metadata.is_file() {
            Kind::File
        } else {
            Kind::Other
        };
        let (owner, mode, names) = rights(metadata);
        Self {
            kind,
            owner,
            mode,
            names,
        }
    }

    /// A folder must be the user's, and closed to everybody else: who may write
    /// there could put code into it.
    pub(crate) fn as_folder(self, user: u32) -> Result<(), Flaw> {
        self.check(Kind::Folder, user, 0o077)
    }

    /// A file must be the user's, and nobody's to write, so that nobody does by
    /// mistake. It must have no second name, by which it came from elsewhere.
    pub(crate) fn as_file(self, user: u32) -> Result<(), Flaw> {
        self.check(Kind::File, user, 0o222)?;
        match self.names {
            0 | 1 => Ok(()),
            names => Err(Flaw::Names(names)),
        }
    }

    /// Whether nobody may write to a file but the user and the administrator, as
    /// far as is known.
    pub(crate) fn is_out_of_reach(self, user: u32) -> bool {
        self.is_of_user_or_administrator(Kind::File, user)
    }

    /// The same of a folder, and of what is put there.
    pub(crate) fn is_folder_out_of_reach(self, user: u32) -> bool {
        self.is_of_user_or_administrator(Kind::Folder, user)
    }

    fn is_of_user_or_administrator(self, kind: Kind, user: u32) -> bool {
        let fits = |owner| self.check(kind, owner, 0o022).is_ok();
        cfg!(unix) && (fits(user) || fits(0))
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
fn rights(metadata: &Metadata) -> (u32, u32, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.uid(), metadata.mode() & 0o7777, metadata.nlink())
}

/// Where the system has other rights than these, nothing is checked.
#[cfg(not(unix))]
fn rights(_: &Metadata) -> (u32, u32, u64) {
    (user(), 0o400, 1)
}

/// The user whom the process runs as.
#[cfg(unix)]
pub(crate) fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub(crate) fn user() -> u32 {
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
            let seen = seen(kind, owner, mode, 2);
            assert_eq!(seen.as_folder(USER), expected, "{seen:?}");
        }
    }

    #[test]
    fn only_a_file_that_nobody_writes_to_will_do() {
        for (kind, owner, mode, names, expected) in [
            (Kind::File, USER, 0o400, 1, Ok(())),
            (Kind::File, USER, 0o444, 1, Ok(())),
            (Kind::File, USER, 0o500, 1, Ok(())),
            // It was removed since it was opened.
            (Kind::File, USER, 0o400, 0, Ok(())),
            (Kind::File, USER, 0o400, 2, Err(Flaw::Names(2))),
            (Kind::Folder, USER, 0o400, 1, Err(Flaw::Kind)),
            (Kind::Other, USER, 0o400, 1, Err(Flaw::Kind)),
            (Kind::File, 1001, 0o400, 1, Err(Flaw::Owner(1001))),
            (Kind::File, 0, 0o400, 1, Err(Flaw::Owner(0))),
            (Kind::File, USER, 0o600, 1, Err(Flaw::Mode(0o600))),
            (Kind::File, USER, 0o420, 1, Err(Flaw::Mode(0o420))),
            (Kind::File, USER, 0o402, 1, Err(Flaw::Mode(0o402))),
        ] {
            let seen = seen(kind, owner, mode, names);
            assert_eq!(seen.as_file(USER), expected, "{seen:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_the_users_or_the_administrators_is_out_of_others_reach() {
        for (kind, owner, mode, expected) in [
            (Kind::File, USER, 0o644, true),
            (Kind::File, 0, 0o755, true),
            (Kind::File, 1001, 0o644, false),
            (Kind::File, 0, 0o664, false),
            (Kind::File, USER, 0o646, false),
            (Kind::Other, 0, 0o644, false),
        ] {
            let seen = seen(kind, owner, mode, 3);
            assert_eq!(seen.is_out_of_reach(USER), expected, "{seen:?}");
        }
    }

    fn seen(kind: Kind, owner: u32, mode: u32, names: u64) -> Seen {
        Seen {
            kind,
            owner,
            mode,
            names,
        }
    }
}
