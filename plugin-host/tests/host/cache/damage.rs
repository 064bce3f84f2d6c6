//! Entries that are not what was written there.

use super::{COMPILED, READ, ask_watched, cache, candidate, files, host, metered, only_file, put};
use plugin_host::{Cache, Digest};
use std::fs;

/// How many bytes follow the code.
const TRAILER: usize = 116;

const NO_ENTRY: &str =
    "it is cut short, was written by another version of this library, or is no entry";

/// Loads the plugin whose entry is wrong: it is compiled, its entry is what it
/// was before, and the next load reads that. Hands out what was told.
fn recovers(cache: &Cache, good: &[u8], what: &str) -> String {
    let file = only_file(cache);
    let (number, messages) = ask_watched(cache, &candidate(7));
    assert_eq!(number, 7, "{what}");
    let (compiled, told) = messages.split_last().expect("something is told");
    assert_eq!(compiled, COMPILED, "{what}");
    assert_eq!(fs::read(&file).expect("it is there"), good, "{what}");
    assert_eq!(ask_watched(cache, &candidate(7)).1, [READ], "{what}");
    assert!(cache.problem().is_none());
    let told = told.join("; ");
    told.replace(&file.display().to_string(), "ENTRY")
}

/// A cache with one entry, and what that holds.
fn filled() -> (tempfile::TempDir, Cache, Vec<u8>) {
    let (parent, cache) = cache();
    assert_eq!(ask_watched(&cache, &candidate(7)).1, [COMPILED]);
    let good = fs::read(only_file(&cache)).expect("it is there");
    (parent, cache, good)
}

#[test]
fn an_entry_with_a_flipped_bit_is_compiled_anew() {
    let (_parent, cache, good) = filled();
    let file = only_file(&cache);
    let code = good.len() - TRAILER;
    for (byte, expected) in [
        (0, "its code is damaged"),
        (code / 4, "its code is damaged"),
        (code / 2, "its code is damaged"),
        (code / 4 * 3, "its code is damaged"),
        (code - 1, "its code is damaged"),
        (code, NO_ENTRY),
        (code + 8, NO_ENTRY),
        (code + 12, "it is another entry's"),
        (code + 44, "it is another entry's"),
        (code + 76, "its length is not what it says"),
        (code + 83, "its length is not what it says"),
        (code + 84, "its code is damaged"),
        (code + 115, "its code is damaged"),
    ] {
        let mut bad = good.clone();
        bad[byte] ^= 1 << (byte % 8);
        put(&file, bad);
        let told = recovers(&cache, &good, &format!("byte {byte}"));
        assert_eq!(told, format!("`ENTRY` is compiled anew: {expected}"));
    }
}

#[test]
fn an_entry_of_another_length_is_compiled_anew() {
    let (_parent, cache, good) = filled();
    let file = only_file(&cache);
    for length in [0, 1, 115, 116, 117, good.len() / 2, good.len() - 1] {
        put(&file, &good[..length]);
        let told = recovers(&cache, &good, &format!("length {length}"));
        assert_eq!(told, format!("`ENTRY` is compiled anew: {NO_ENTRY}"));
    }
    put(&file, [&good[..], b"\0"].concat());
    recovers(&cache, &good, "longer");
    for other in [[b"\0", &good[..]].concat(), good[1..].to_vec()] {
        put(&file, other);
        let told = recovers(&cache, &good, "other code");
        let flaw = "its length is not what it says";
        assert_eq!(told, format!("`ENTRY` is compiled anew: {flaw}"));
    }
}

#[test]
fn an_entry_of_other_settings_or_another_plugin_is_compiled_anew() {
    let (_parent, cache, good) = filled();
    let file = only_file(&cache);
    let other = |fill: &dyn Fn(&Cache)| {
        let (_parent, cache) = super::cache();
        fill(&cache);
        fs::read(only_file(&cache)).expect("it is there")
    };
    let of_metered = other(&|cache| {
        super::ask(&metered(cache), &candidate(7));
    });
    let of_other = other(&|cache| {
        super::ask(&host(cache), &candidate(8));
    });
    for bad in [of_metered, of_other] {
        put(&file, bad);
        let told = recovers(&cache, &good, "another's");
        assert_eq!(told, "`ENTRY` is compiled anew: it is another entry's");
    }
}

#[test]
fn the_engine_refuses_code_that_is_not_its_own_in_a_sound_entry() {
    let (_parent, cache, good) = filled();
    let file = only_file(&cache);
    super::ask(&metered(&cache), &candidate(7));
    let mut both = files(&cache);
    both.retain(|other| *other != file);
    let metered = fs::read(&both[0]).expect("it is there");
    fs::remove_file(&both[0]).expect("it is there");
    // The key is right, and so are length and digest of what follows.
    let trailer = |entry: &[u8]| entry[entry.len() - TRAILER..].to_vec();
    let code = &metered[..metered.len() - TRAILER];
    let (key, rest) = (&trailer(&good)[..76], &trailer(&metered)[76..]);
    put(&file, [code, key, rest].concat());
    let told = recovers(&cache, &good, "metered code");
    assert!(told.starts_with("not of this engine: "), "{told}");

    let nonsense = b"\x7fELF and then nothing of use";
    let mut crafted = [&nonsense[..], key].concat();
    crafted.extend((nonsense.len() as u64).to_le_bytes());
    crafted.extend(Digest::of(nonsense).as_bytes());
    put(&file, crafted);
    let told = recovers(&cache, &good, "nonsense");
    assert!(told.starts_with("not of this engine: "), "{told}");
}

#[cfg(unix)]
#[test]
fn an_entry_that_anybody_may_write_to_is_compiled_anew() {
    use std::os::unix::fs::PermissionsExt;
    let (_parent, cache, good) = filled();
    let file = only_file(&cache);
    for mode in [0o420, 0o402, 0o600, 0o666] {
        super::set_mode(&file, mode);
        let told = recovers(&cache, &good, "open");
        assert_eq!(
            told,
            format!("`ENTRY` is compiled anew: it may be changed, by its mode {mode:o}")
        );
        let metadata = fs::metadata(&file).expect("it is there");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o400);
    }
}

#[cfg(unix)]
#[test]
fn an_entry_with_a_second_name_is_compiled_anew() {
    let (parent, cache, good) = filled();
    let file = only_file(&cache);
    let elsewhere = parent.path().join("elsewhere");
    fs::hard_link(&file, &elsewhere).expect("a hard link");
    let told = recovers(&cache, &good, "a hard link");
    assert_eq!(told, "`ENTRY` is compiled anew: it has 2 names");
    // It is another file now, and that one is as it was.
    put(&elsewhere, "other");
    assert_eq!(fs::read(&file).expect("it is there"), good);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_in_the_place_of_an_entry_is_not_read() {
    let (parent, cache, good) = filled();
    let file = only_file(&cache);
    // A pipe, which nobody writes into.
    fs::remove_file(&file).expect("it is there");
    let made = std::process::Command::new("mkfifo").arg(&file).status();
    assert!(made.expect("it runs").success());
    let told = recovers(&cache, &good, "a pipe");
    assert_eq!(told, "`ENTRY` is compiled anew: it is something else");

    // A link, even to an entry that would do.
    let elsewhere = parent.path().join("elsewhere");
    fs::rename(&file, &elsewhere).expect("it is ours");
    std::os::unix::fs::symlink(&elsewhere, &file).expect("a link");
    let (number, messages) = ask_watched(&cache, &candidate(7));
    assert_eq!(number, 7);
    assert!(!messages.contains(&READ.to_owned()), "{messages:?}");
    assert!(!file.is_symlink());
    assert_eq!(ask_watched(&cache, &candidate(7)).1, [READ]);
}
