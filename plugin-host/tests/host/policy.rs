//! What is granted by a policy file, and what becomes of it when files change.

use crate::grants::{component, load, plugin};
use plugin_host::{
    Access, Blame, Candidate, Error, ErrorKind, Grants, Host, Plugin, Policy, PolicyError,
};
use std::fs;

const ASKED: &str = "clock = 'real'\nenvironment = ['LANG', 'PATH']\nconfig = true\n\
                     directories = { '/data' = 'read-only' }";

fn all() -> Grants {
    Grants::none()
        .grant_real_clock()
        .grant_config([("colour", "red"), ("a \"b\"\n", "'''\n\\")])
        .grant_environment("LANG", "de_DE.UTF-8")
        .and_then(|grants| grants.inherit_environment("PATH"))
        .and_then(|grants| grants.grant_directory("/data", "/usr/share", Access::ReadOnly))
        .expect("paths and names")
}

/// A policy that grants it all to the plugin of a folder.
fn granted(candidate: &Candidate) -> Policy {
    let mut policy = Policy::default();
    policy.grant(candidate, all()).expect("it asks for that");
    policy
}

/// A host with this policy.
fn host_with(policy: Policy) -> Host {
    let host = Host::builder().policy(policy).build();
    host.expect("the engine starts")
}

#[cfg(unix)]
#[test]
fn a_policy_is_written_for_people_and_read_back_as_it_was() {
    let (folder, candidate) = plugin(ASKED, "");
    let mut policy = granted(&candidate);
    let other = Candidate::from_bytes("acme.other", component("")).expect("a component");
    policy.grant(&other, Grants::none()).expect("nothing");

    let path = folder.path().join("policy.toml");
    policy.save(&path).expect("there is room");
    assert_eq!(
        fs::read_to_string(&path).expect("it is there"),
        format!(
            r#"[plugins."acme.other"]
digest = "{digest}"

[plugins."acme.other".asked]

[plugins."acme.other".granted]

[plugins."plain"]
digest = "{digest}"
version = "1.0.0"

[plugins."plain".asked]
clock = "real"
config = true
directories = {{ "/data" = "read-only" }}
environment = ["LANG", "PATH"]

[plugins."plain".granted]
clock = "real"
config = {{ "a \"b\"\n" = """
'''
\\""", colour = "red" }}
directories = {{ "/data" = {{ access = "read-only", path = "/usr/share" }} }}
environment = {{ LANG = "de_DE.UTF-8", PATH = {{ inherit = true }} }}
"#,
            digest = candidate.digest()
        )
    );
    let read = Policy::from_file(&path).expect("it was just written");
    assert_eq!(read, policy);
    assert_eq!(read.grants(&candidate).expect("they hold"), all());
    let ids: Vec<&str> = read.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["acme.other", "plain"]);
}

#[test]
fn a_hosts_policy_grants_and_code_takes_its_place() {
    let (_folder, candidate) = plugin(ASKED, "");
    let host = host_with(granted(&candidate));
    let plugin = load(host.plugin(&candidate)).expect("it is granted that");
    assert_eq!(Plugin::granted(&plugin), all().capabilities());
    let plugin = load(host.plugin(&candidate).grants(Grants::none())).expect("less will do");
    assert!(Plugin::granted(&plugin).is_empty());

    let other = Candidate::from_bytes("other", component("")).expect("a component");
    let plugin = load(host.plugin(&other)).expect("the policy does not name it");
    assert!(Plugin::granted(&plugin).is_empty());
}

#[test]
fn a_plugin_that_changed_is_refused_with_what_it_asks_for_now() {
    let (_folder, old) = plugin(ASKED, "");
    let policy = granted(&old);
    let other_code = "(core module)";
    let asks = [ASKED, "\nrandom = 'secure'"].concat();
    let fewer = "clock = 'real'";
    for (asked, code, difference) in [
        (ASKED, other_code, "it asks for the same"),
        (
            &*asks,
            other_code,
            "it now also asks for secure random numbers",
        ),
        (
            fewer,
            other_code,
            "it no longer asks for the directory `/data`, read-only and the environment \
             variable `LANG` and the environment variable `PATH` and settings",
        ),
        (
            "directories = { '/data' = 'read-write' }\nconfig = true\nclock = 'real'",
            other_code,
            "it now also asks for the directory `/data`, read-write, and no longer asks for the \
             environment variable `LANG` and the environment variable `PATH`",
        ),
        // The bytes are the same, and the folder's manifest is another.
        (&*asks, "", "it now also asks for secure random numbers"),
    ] {
        let (_folder, new) = plugin(asked, code);
        let error = load(host_with(policy.clone()).plugin(&new)).expect_err(difference);
        assert!(
            matches!(error.kind(), ErrorKind::GrantOutdated { .. }),
            "{error}"
        );
        assert_eq!(error.blame(), Blame::Mismatch);
        let changed = match code {
            "" => "its manifest changed since it was granted capabilities".to_owned(),
            _ => format!(
                "it changed since it was granted capabilities, from {} to {}",
                old.digest(),
                new.digest()
            ),
        };
        assert_eq!(
            error.to_string(),
            format!(
                "plugin `plain`: {changed}: {difference}; grant anew what it is to have, or \
                 revoke the grant"
            )
        );
        let not_granted = host_with(policy.clone()).plugin(&new).not_granted();
        not_granted.expect_err("nothing holds for it");
    }
}

#[test]
fn a_plugin_that_asks_for_the_same_can_be_granted_the_same() {
    let (_folder, old) = plugin(ASKED, "");
    let (_other, new) = plugin(ASKED, "(core module)");
    let mut policy = granted(&old);
    let entry = policy.get(new.id()).expect("it was granted something");
    let same = entry.grants().expect("what is inherited is there");
    policy.grant(&new, same).expect("it asks for that");
    load(host_with(policy.clone()).plugin(&new)).expect("it was granted anew");
    load(host_with(policy).plugin(&old)).expect_err("the grant moved on");
}

#[test]
fn a_policy_takes_no_grant_beyond_what_is_asked_and_stays_as_it_was() {
    let (_folder, candidate) = plugin(ASKED, "");
    let mut policy = granted(&candidate);
    let error = policy
        .grant(&candidate, all().grant_secure_random())
        .expect_err("it does not ask for that");
    assert!(matches!(error.kind(), ErrorKind::NotAsked(_)), "{error}");
    assert_eq!(policy, granted(&candidate));
}

#[test]
fn what_is_revoked_is_not_granted_any_more() {
    let (_folder, candidate) = plugin(ASKED, "");
    let mut policy = granted(&candidate);
    let revoked = policy.revoke(candidate.id()).expect("it was granted");
    assert_eq!(revoked.asked(), candidate.asked());
    assert!(revoked.binding().holds(candidate.digest()));
    assert_eq!(policy.revoke(candidate.id()), None);
    assert_eq!(policy.grants(&candidate).expect("nothing"), Grants::none());
    assert_eq!(policy.to_string(), "");
}

#[test]
fn a_variable_that_is_gone_is_named_when_it_is_to_be_inherited() {
    let (_folder, candidate) = plugin("environment = ['NO_SUCH_VARIABLE']", "");
    let policy = Policy::parse(&format!(
        "[plugins.plain]\ndigest = '{}'\nasked.environment = ['NO_SUCH_VARIABLE']\n\
         granted.environment.NO_SUCH_VARIABLE.inherit = true",
        candidate.digest()
    ));
    let error = load(host_with(policy.expect("a policy")).plugin(&candidate));
    let error = error.expect_err("it is not set");
    assert_eq!(error.blame(), Blame::Environment);
    assert_eq!(
        error.to_string(),
        "plugin `plain`: cannot inherit the environment variable `NO_SUCH_VARIABLE`, which is \
         not set: set it for the application, or grant a value"
    );
}

#[cfg(unix)]
#[test]
fn relative_paths_are_seen_from_the_file_and_taken_as_they_are_from_a_text() {
    let (folder, candidate) = plugin(ASKED, "");
    let text = granted(&candidate)
        .to_string()
        .replace("/usr/share", "data");
    let path = folder.path().join("policy.toml");
    fs::write(&path, &text).expect("a file");
    let read = Policy::from_file(&path).expect("a policy").to_string();
    let absolute = folder.path().join("data").display().to_string();
    assert!(read.contains(&absolute), "{read}");
    assert_eq!(Policy::parse(&text).expect("a policy").to_string(), text);

    let relative = Grants::none().grant_directory("/data", "data", Access::ReadOnly);
    let mut policy = Policy::default();
    policy
        .grant(&candidate, relative.expect("a path"))
        .expect("it asks for that");
    let here = std::env::current_dir().expect("there is one").join("data");
    let here = format!("path = \"{}\"", here.display());
    assert!(policy.to_string().contains(&here), "{policy}");

    // Saved, a path goes on meaning what it meant to the process.
    let parsed = Policy::parse(&text).expect("a policy");
    parsed.save(&path).expect("it can be written");
    let saved = Policy::from_file(&path).expect("a policy").to_string();
    assert!(saved.contains(&here), "{saved}");
}

#[test]
fn a_policy_that_cannot_be_saved_leaves_the_old_one() {
    let (folder, candidate) = plugin(ASKED, "");
    let policy = granted(&candidate);
    let missing = folder.path().join("missing/policy.toml");
    let error = policy.save(&missing).expect_err("there is no such folder");
    assert_eq!(error.blame(), Blame::Environment);
    assert_eq!(error.path(), Some(&*missing));
    let start = format!(
        "policy file `{}`: cannot save it, and what was there is as it was: ",
        missing.display()
    );
    assert!(error.to_string().starts_with(&start), "{error}");

    // A folder is in its place.
    let error = policy.save(folder.path()).expect_err("it is a folder");
    assert!(matches!(
        error.kind(),
        ErrorKind::Policy(PolicyError::Save(_))
    ));
    let names = fs::read_dir(folder.path()).expect("it is there").count();
    assert_eq!(names, 1, "nothing is left behind");
}

#[test]
fn a_file_that_is_no_policy_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.toml");
    let refusal = |bytes: &[u8]| -> Error {
        fs::write(&path, bytes).expect("a file");
        Policy::from_file(&path).expect_err("it is none")
    };
    let name = format!("policy file `{}`: ", path.display());
    let large = "it has 1048577 bytes, and a policy may have 1048576: revoke grants of old plugins";
    for (bytes, message) in [
        (&vec![b'#'; 1024 * 1024 + 1][..], large),
        (b"a\xff", "it is not UTF-8 after byte 1: write it as UTF-8"),
        (
            b"[plugin]",
            "unknown key `plugin` in line 1: did you mean `plugins`?",
        ),
    ] {
        let error = refusal(bytes);
        assert_eq!(error.blame(), Blame::Application);
        assert_eq!(error.to_string(), format!("{name}{message}"));
    }
    fs::write(&path, vec![b'#'; 1024 * 1024]).expect("a file");
    assert_eq!(
        Policy::from_file(&path).expect("comments"),
        Policy::default()
    );

    let error = Policy::from_file(folder.path().join("none")).expect_err("it is not there");
    assert_eq!(error.blame(), Blame::Environment);
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
}

#[test]
fn a_text_that_is_no_policy_is_refused_too() {
    let error = Policy::parse("[plugin]").expect_err("it is none");
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "policy: unknown key `plugin` in line 1: did you mean `plugins`?"
    );
}

#[test]
fn what_could_not_be_read_back_is_not_kept() {
    let (folder, candidate) = plugin(ASKED, "");
    let refusal = |path: std::path::PathBuf| {
        let grants = Grants::none().grant_directory("/data", path, Access::ReadOnly);
        let mut policy = Policy::default();
        let refused = policy.grant(&candidate, grants.expect("a path"));
        assert_eq!(policy, Policy::default());
        refused.expect_err("it cannot be kept").to_string()
    };
    assert_eq!(
        refusal("".into()),
        "plugin `plain`: the directory `` cannot be kept in a policy: its path is empty"
    );
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let path = std::ffi::OsString::from_vec(b"/a\xff".to_vec());
        assert_eq!(
            refusal(path.into()),
            "plugin `plain`: the directory `/a\u{fffd}` cannot be kept in a policy: its path is \
             no Unicode"
        );
    }

    let mut policy = Policy::default();
    let large = Grants::none().grant_config([("key", "x".repeat(1024 * 1024))]);
    policy.grant(&candidate, large).expect("it asks for that");
    let path = folder.path().join("policy.toml");
    let error = policy.save(&path).expect_err("nobody would read it");
    assert!(matches!(
        error.kind(),
        ErrorKind::Policy(PolicyError::TooLarge { .. })
    ));
    assert!(!path.exists());
}
