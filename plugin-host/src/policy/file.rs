//! Replaces a file as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes `text` to a file beside `path`, and puts that in its place once all of
/// it is on the disk. Where that fails, `path` is as it was.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one, and what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    replace_with(&path, |file| file.write_all(text.as_bytes()))
}

fn replace_with(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let (temporary, mut file) = create_beside(path)?;
    let written = match fs::metadata(path) {
        Ok(old) => file.set_permissions(old.permissions()),
        Err(_) => Ok(()),
    };
    let written = written
        .and_then(|()| write(&mut file))
        .and_then(|()| file.sync_all());
    // Windows renames no file that is open.
    drop(file);
    let replaced = written.and_then(|()| fs::rename(&temporary, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    #[cfg(unix)]
    if let (Ok(()), Some(folder)) = (&replaced, path.parent()) {
        // The new name outlasts a power cut too, where the system can see to it.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    replaced
}

/// A new file in the folder of `path` that nobody else may read: a policy may
/// hold secrets.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Some(name) = path.file_name() else {
        return Err(io::Error::other("its path names no file"));
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    loop {
        let (process, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{process}-{next}.new"));
        let temporary = path.with_file_name(temporary);
        match options.open(&temporary) {
            // Left behind by a process of this number that was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return Ok((temporary, opened?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("it is there");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        for text in ["one", "two and more", ""] {
            replace(&path, text).expect("there is room");
            assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
        }
        assert_eq!(names(folder.path()), ["policy.toml"]);
    }

    #[test]
    fn a_disk_that_is_full_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        replace(&path, "old").expect("there is room");
        let full = replace_with(&path, |file| {
            file.write_all(b"ne")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        let error = full.expect_err("the disk is full");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "old");
        assert_eq!(names(folder.path()), ["policy.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay_and_a_new_file_is_its_owners() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        let mode = |path: &Path| {
            let metadata = fs::metadata(path).expect("it is there");
            metadata.permissions().mode() & 0o777
        };
        replace(&path, "new").expect("there is room");
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        let link = folder.path().join("link.toml");
        symlink(&path, &link).expect("a link");
        replace(&link, "through the link").expect("there is room");
        assert_eq!(mode(&path), 0o640);
        assert!(link.is_symlink());
        let text = fs::read_to_string(&path).expect("it is there");
        assert_eq!(text, "through the link");
    }
}
