//! Directories that were granted, and the ways out of them.

use super::{act, folder, granted, refused, with};
use crate::rogue::{RogueRogue, Shop, limits, loader};
use plugin_host::{Access, Blame, Grants};
use std::fs;

#[test]
fn a_directory_for_reading_is_read_and_not_written() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadOnly);
    assert_eq!(act(&mut plugin, "read /data/file"), "inside");
    assert_eq!(act(&mut plugin, "list /data"), "file sub");
    assert_eq!(act(&mut plugin, "look /data/file"), "6 bytes");
    for what in [
        "write /data/file x",
        "write /data/new x",
        "append /data/file x",
        "truncate /data/file",
        "shorten /data/file",
        "touch /data/file",
        "stamp /data/file",
        "make /data/new",
        "remove /data/file",
        "remove-folder /data/sub",
        "rename /data/file /data/new",
        "hard-link /data/file /data/new",
        "link file /data/new",
    ] {
        refused(&mut plugin, what);
    }
    assert_eq!(act(&mut plugin, "list /data"), "file sub");
    assert_eq!(act(&mut plugin, "read /data/file"), "inside");
}

#[test]
fn a_directory_for_writing_is_written() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadWrite);
    for what in [
        "write /data/new one",
        "append /data/new two",
        "hard-link /data/new /data/sub/same",
        "rename /data/new /data/sub/moved",
        "make /data/folder",
        "remove-folder /data/folder",
        "remove /data/file",
        "touch /data/sub/same",
        "stamp /data/sub",
    ] {
        assert_eq!(act(&mut plugin, what), "done", "{what}");
    }
    let inside = |name| fs::read_to_string(folder.path().join("in").join(name));
    assert_eq!(inside("sub/moved").expect("it is there"), "onetwo");
    assert_eq!(inside("sub/same").expect("it is there"), "onetwo");
}

#[cfg(unix)]
#[test]
fn links_within_a_directory_are_made_and_followed() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadWrite);
    for what in [
        "write /data/sub/new one",
        "link sub/new /data/link",
        "stamp /data/link",
    ] {
        assert_eq!(act(&mut plugin, what), "done", "{what}");
    }
    assert_eq!(act(&mut plugin, "read /data/link"), "one");
    assert_eq!(act(&mut plugin, "read-link /data/link"), "sub/new");
}

#[test]
fn a_directory_that_is_not_there_fails_the_start() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let granted = Grants::none().grant_directory("/data", &missing, Access::ReadOnly);
    let error = loader(limits())
        .grants(granted.expect("the path is one"))
        .load_with::<RogueRogue<Shop>>(Shop::open)
        .expect_err("there is nothing to open");
    let reason = fs::metadata(&missing).expect_err("it is not there");
    assert_eq!(error.blame(), Blame::Environment);
    assert_eq!(
        error.to_string(),
        format!(
            "plugin `test.rogue`: cannot open the directory `{}` that it was granted as \
             `/data`: {reason}",
            missing.display()
        )
    );
}

#[test]
fn granted_numbers_of_files_are_open_at_once() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadOnly);
    let open: usize = act(&mut plugin, "open /data/file 1000")
        .parse()
        .expect("a number");
    assert!((100..=128).contains(&open), "{open}");
    assert_eq!(act(&mut plugin, "read-often /data/file 1000"), "1000");
}

#[cfg(unix)]
#[test]
fn no_path_leads_out_of_a_directory() {
    use std::os::unix::fs::symlink;

    let folder = folder();
    let inside = folder.path().join("in");
    let secret = folder.path().join("secret");
    let link = |target: &std::path::Path, name: &str| {
        symlink(target, inside.join(name)).expect("a link");
    };
    link(&secret, "absolute");
    link("../secret".as_ref(), "up");
    link("sub/../../secret".as_ref(), "winding");
    link("..".as_ref(), "parent");
    link("up".as_ref(), "chained");
    link("/".as_ref(), "root");
    link("/proc/self/root".as_ref(), "proc");

    for access in [Access::ReadOnly, Access::ReadWrite] {
        let mut plugin = with(&folder, access);
        for path in [
            "/data/../secret",
            "/data/sub/../../secret",
            "/data/./../in/../secret",
            "/data//../secret",
            "/data/file/../../secret",
            "../secret",
            "/secret",
            "/data/absolute",
            "/data/absolute/",
            "/data/up",
            "/data/up/",
            "/data/up/.",
            "/data/winding",
            "/data/chained",
            "/data/parent/secret",
            "/data/parent/in/../secret",
            "/data/root/etc/passwd",
            "/data/proc/etc/passwd",
            "/proc/self/environ",
            "/dev/zero",
            "/etc/passwd",
            "/data/proc/self/environ",
        ] {
            for verb in [
                "read",
                "look",
                "list",
                "append-x",
                "truncate",
                "remove-folder",
            ] {
                let what = match verb {
                    "append-x" => format!("append {path} x"),
                    _ => format!("{verb} {path}"),
                };
                refused(&mut plugin, &what);
            }
            refused(&mut plugin, &format!("write {path} x"));
            // A link itself may get another name, which leads nowhere either.
            act(&mut plugin, &format!("hard-link {path} /data/out"));
            refused(&mut plugin, "read /data/out");
            let _ = fs::remove_file(inside.join("out"));
            refused(&mut plugin, &format!("rename /data/file {path}/x"));
        }
        for path in [
            "/data/..",
            "/data/../",
            "/data/parent",
            "/data/parent/",
            "/data/root/",
        ] {
            refused(&mut plugin, &format!("list {path}"));
            refused(&mut plugin, &format!("make {path}/made"));
            refused(&mut plugin, &format!("write {path}/made x"));
        }
        // Out by a new name.
        refused(&mut plugin, "rename /data/file /data/../file");
        refused(&mut plugin, "rename /data/file /data/parent/file");
        refused(&mut plugin, "hard-link /data/file /data/../file");
        refused(&mut plugin, "hard-link /data/file /data/parent/file");
    }
    let names = fs::read_dir(folder.path()).expect("it is there").count();
    assert_eq!(names, 2, "only `in` and `secret`");
    assert_eq!(fs::read_to_string(secret).expect("it is there"), "outside");
}

#[cfg(unix)]
#[test]
fn a_guest_makes_no_link_that_leads_out() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadWrite);
    for target in [
        "../secret",
        "..",
        "/etc/passwd",
        "sub/../../secret",
        "sub/..",
    ] {
        refused(&mut plugin, &format!("link {target} /data/link"));
    }
    assert_eq!(act(&mut plugin, "link sub /data/link"), "done");
    assert_eq!(act(&mut plugin, "rename /data/link /data/sub/link"), "done");
    refused(&mut plugin, "read /data/sub/link/file");
}

#[test]
fn what_is_only_read_is_not_reached_through_another_directory() {
    let folder = folder();
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let mut plugin = granted(
        Grants::none()
            .grant_directory("/in", folder.path().join("in"), Access::ReadOnly)
            .and_then(|grants| {
                grants.grant_directory("/out", folder.path().join("out"), Access::ReadWrite)
            })
            .expect("the paths are some"),
    );
    for what in [
        "rename /in/file /out/file",
        "hard-link /in/file /out/file",
        "write /out/../in/file x",
        "link ../in/file /out/file",
        "link /in/file /out/file",
    ] {
        refused(&mut plugin, what);
    }
    assert_eq!(act(&mut plugin, "write /out/file mine"), "done");
    refused(&mut plugin, "rename /out/file /in/file");
    refused(&mut plugin, "hard-link /out/file /in/other");
    assert_eq!(act(&mut plugin, "read /in/file"), "inside");
}
