//! Folders that cannot be used, and those that are made.

use super::{ask, candidate, host, watched};
use plugin_host::Cache;
use std::fs;

/// Loads twice with a cache that cannot be used: it works, and why is told once.
fn works_without(cache: &Cache, problem: &str) {
    let (host, told) = watched(|| host(cache));
    let warning = format!("plugins are compiled anew at each load: {problem}");
    assert_eq!(told, [warning]);
    for _ in 0..2 {
        let (number, told) = watched(|| ask(&host, &candidate(7)));
        assert_eq!(number, 7);
        assert!(told.is_empty(), "{told:?}");
    }
    let of_host = host.cache().expect("it has one").problem();
    assert_eq!(of_host.expect("it is told").to_string(), problem);
    assert_eq!(cache.problem().expect("it is told").to_string(), problem);
    assert_eq!(
        cache.usage().expect_err("it cannot be used").to_string(),
        problem
    );
    assert_eq!(
        cache.clear().expect_err("it cannot be used").to_string(),
        problem
    );
}

fn parent() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_file_in_the_place_of_the_folder_is_told_and_plugins_load() {
    let parent = parent();
    let path = parent.path().join("file");
    fs::write(&path, "a file").expect("there is room");
    let problem = format!(
        "`{}` is no folder: remove it, or name another folder for the cache",
        path.display()
    );
    works_without(&Cache::folder(&path), &problem);
    assert_eq!(fs::read(&path).expect("it is there"), b"a file");
}

#[test]
fn a_folder_that_cannot_be_made_is_told_and_plugins_load() {
    let parent = parent();
    let path = parent.path().join("file");
    fs::write(&path, "a file").expect("there is room");
    let path = path.join("below");
    let error = fs::create_dir_all(&path).expect_err("there is a file in its way");
    let attempt = if cfg!(windows) { "make" } else { "open" };
    let problem = format!("cannot {attempt} `{}`: {error}", path.display());
    works_without(&Cache::folder(&path), &problem);
}

#[test]
fn a_name_that_is_none_is_told_and_plugins_load() {
    for name in ["", ".", "..", "a/b", "/a", "a/", "../a"] {
        let problem = format!(
            "`{name}` cannot be the name of an application's folder: \
             give a name without separators"
        );
        works_without(&Cache::user(name), &problem);
    }
}

#[cfg(unix)]
mod unix {
    use super::super::child::{answer, child, child_of_shell};
    use super::super::{COMPILED, READ, ask_watched, cache, files, only_file, path, usage};
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        let metadata = fs::metadata(path).expect("it is there");
        metadata.permissions().mode() & 0o7777
    }

    #[test]
    fn a_folder_and_what_is_in_it_are_made_for_the_user_alone() {
        let parent = parent();
        let path = parent.path().join("a").join("b");
        let cache = Cache::folder(&path);
        assert_eq!(ask(&host(&cache), &candidate(7)), 7);
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&parent.path().join("a")), 0o700);
        let files = fs::read_dir(&path).expect("it is there");
        let modes = files.map(|file| mode(&file.expect("it can be read").path()));
        let mut modes: Vec<_> = modes.collect();
        modes.sort_unstable();
        // The entry, which nobody writes to again, and a lock.
        assert_eq!(modes, [0o400, 0o600]);
    }

    #[test]
    fn a_folder_that_is_open_to_others_is_told_and_not_used() {
        for open in [0o755, 0o710, 0o701, 0o770, 0o1777] {
            let parent = parent();
            let path = parent.path().join("open");
            fs::create_dir(&path).expect("there is room");
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).expect("it is ours");
            let problem = format!(
                "`{}` is open to others than its owner, with mode {open:o}: \
                 remove it, or name another folder for the cache",
                path.display()
            );
            works_without(&Cache::folder(&path), &problem);
            assert_eq!(fs::read_dir(&path).expect("it is there").count(), 0);
        }
    }

    #[test]
    fn a_link_to_a_folder_is_told_and_not_followed() {
        let parent = parent();
        let (path, folder) = (parent.path().join("link"), parent.path().join("folder"));
        assert_eq!(ask(&host(&Cache::folder(&folder)), &candidate(7)), 7);
        symlink(&folder, &path).expect("a link");
        let problem = format!(
            "`{}` is no folder: remove it, or name another folder for the cache",
            path.display()
        );
        works_without(&Cache::folder(&path), &problem);
        // By whatever name.
        for end in ["", "."] {
            works_without(&Cache::folder(path.join(end)), &problem);
        }
    }

    #[test]
    fn a_folder_that_is_closed_while_it_is_used_is_not_used_any_more() {
        let (_parent, cache) = cache();
        let host = host(&cache);
        assert_eq!(ask(&host, &candidate(7)), 7);
        fs::set_permissions(path(&cache), fs::Permissions::from_mode(0o777)).expect("it is ours");
        let (number, told) = watched(|| ask(&host, &candidate(7)));
        assert_eq!(number, 7);
        assert!(told[0].contains("with mode 777"), "{told:?}");
    }

    #[test]
    fn a_folder_that_is_removed_while_it_is_used_is_made_again() {
        let (_parent, cache) = cache();
        let host = host(&cache);
        assert_eq!(ask(&host, &candidate(7)), 7);
        fs::remove_dir_all(path(&cache)).expect("it is ours");
        assert_eq!(ask(&host, &candidate(7)), 7);
        assert_eq!(usage(&cache).entries, 1);
        assert!(cache.problem().is_none());
    }

    #[test]
    fn a_full_disk_is_told_and_leaves_nothing() {
        let (_parent, cache) = cache();
        // No file may grow beyond a few kilobytes.
        let child = child_of_shell("trap '' XFSZ; ulimit -f 8", "load", &cache).spawn();
        let answer = answer(child.expect("it starts"));
        let start = format!("7 true cannot write `{}/", path(&cache).display());
        assert!(answer.starts_with(&start), "{answer}");
        assert!(
            answer.ends_with(".new`: File too large (os error 27)"),
            "{answer}"
        );
        assert!(files(&cache).is_empty());
        assert_eq!(ask_watched(&cache, &candidate(7)).1, [COMPILED]);
    }

    #[test]
    fn what_is_in_an_entrys_way_is_told_and_plugins_load() {
        let (_parent, cache) = cache();
        let host = host(&cache);
        assert_eq!(ask(&host, &candidate(7)), 7);
        let entry = only_file(&cache);
        fs::remove_file(&entry).expect("it is there");
        fs::create_dir(&entry).expect("there is room");
        assert_eq!(ask(&host, &candidate(7)), 7);
        let problem = cache.problem().expect("it is told").to_string();
        assert!(problem.starts_with("cannot write `"), "{problem}");
        assert_eq!(only_file(&cache), entry);
        // It keeps none of the others from being removed.
        for number in 10..20 {
            assert_eq!(ask(&host, &candidate(number)), number);
        }
        let error = cache.clear().expect_err("it is no file").to_string();
        assert!(error.starts_with("cannot remove `"), "{error}");
        assert_eq!(only_file(&cache), entry);
    }

    #[test]
    fn a_folder_that_takes_no_new_files_is_still_read() {
        let (_parent, cache) = cache();
        assert_eq!(ask(&host(&cache), &candidate(7)), 7);
        for lock in 0..256 {
            let lock = path(&cache).join(format!("{lock:02x}.lock"));
            let _ = fs::remove_file(&lock);
            fs::create_dir(&lock).expect("there is room");
        }
        let of_host = host(&cache);
        assert_eq!(
            watched(|| ask(&of_host, &candidate(7))),
            (7, vec![READ.to_owned()])
        );
        assert!(cache.problem().is_none());
        assert_eq!(ask(&of_host, &candidate(8)), 8);
        let problem = cache.problem().expect("it is told").to_string();
        assert!(problem.starts_with("cannot lock `"), "{problem}");
        assert_eq!(usage(&cache).entries, 1);
    }

    #[test]
    fn the_users_folder_is_among_the_caches() {
        let (parent, cache) = cache();
        let answers = |variables: &[(&str, &Path)]| {
            let mut child = child("user", &cache);
            child.env_remove("XDG_CACHE_HOME").env_remove("HOME");
            child.envs(variables.iter().copied());
            answer(child.spawn().expect("it starts"))
        };
        let (home, caches) = (parent.path().join("home"), parent.path().join("caches"));
        let at = |path: &Path| path.join("catalog/plugin-host").display().to_string();
        if cfg!(target_os = "macos") {
            assert_eq!(
                answers(&[("HOME", &home)]),
                at(&home.join("Library/Caches"))
            );
        } else {
            assert_eq!(answers(&[("HOME", &home)]), at(&home.join(".cache")));
            let both = [("HOME", &*home), ("XDG_CACHE_HOME", &*caches)];
            assert_eq!(answers(&both), at(&caches));
        }
    }
}
