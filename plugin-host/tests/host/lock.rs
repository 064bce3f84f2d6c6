//! Which release of a plugin may run, by a policy's locks.

use crate::grants::{component, load};
use plugin_host::{Blame, Candidate, Digest, Error, ErrorKind, Grants, Host, Policy};
use std::fs;
use tempfile::TempDir;

/// Other bytes than without it.
const OTHER: &str = "(core module)";

/// A plugin folder whose `plugin.toml`, where there is one, says this.
fn release(manifest: Option<&str>, imports: &str) -> (TempDir, Candidate) {
    let folder = tempfile::tempdir().expect("a folder");
    let plugin = folder.path().join("plain");
    let component = component(imports);
    match manifest {
        None => fs::write(plugin.with_extension("wasm"), component).expect("a file"),
        Some(manifest) => {
            fs::create_dir(&plugin).expect("a folder");
            fs::write(plugin.join("plain.wasm"), component).expect("a file");
            let manifest = format!("id = 'plain'\n{manifest}");
            fs::write(plugin.join("plugin.toml"), manifest).expect("a file");
        }
    }
    let host = Host::builder().build().expect("the engine starts");
    let mut found = host.discover(folder.path());
    assert_eq!(found.len(), 1);
    let candidate = found.remove(0).expect("it is a component");
    (folder, candidate)
}

/// A release of this version.
fn version(version: &str, imports: &str) -> (TempDir, Candidate) {
    let manifest = format!("version = '{version}'\ncapabilities.config = true");
    release(Some(&manifest), imports)
}

fn locked(candidate: &Candidate) -> Policy {
    let mut policy = Policy::default();
    policy.lock(candidate).expect("nothing is granted");
    policy
}

fn host_with(policy: &Policy) -> Host {
    let host = Host::builder().policy(policy.clone()).build();
    host.expect("the engine starts")
}

fn settings() -> Grants {
    Grants::none().grant_config([("colour", "red")])
}

/// How a host with this policy refuses a plugin.
fn refusal(policy: &Policy, candidate: &Candidate) -> Error {
    let error = load(host_with(policy).plugin(candidate)).expect_err("it is another release");
    let checked = policy.check_lock(candidate).expect_err("likewise");
    assert_eq!(checked.to_string(), error.to_string());
    error
}

#[test]
fn another_release_than_the_locked_one_is_refused_with_what_changed() {
    let (_folder, old) = version("1.2.0", "");
    let (a, b) = (
        Digest::of(&component("")),
        Digest::of(&component(OTHER)).to_string(),
    );
    let policy = locked(&old);
    load(host_with(&policy).plugin(&old)).expect("it is the locked one");
    for ((folder, new), found, what) in [
        (
            version("1.2.0", OTHER),
            format!("version 1.2.0, {b}"),
            "it has other bytes under the same version, so it was rebuilt or tampered with: find \
             out which",
        ),
        (
            version("1.3.0-rc.1", OTHER),
            format!("version 1.3.0-rc.1, {b}"),
            "its version and its bytes changed: look at what is new",
        ),
        (
            release(None, OTHER),
            format!("no version, {b}"),
            "its version and its bytes changed: look at what is new",
        ),
        // A `plugin.toml` says the version, whatever the bytes.
        (
            version("1.2.0+2", ""),
            format!("version 1.2.0+2, {a}"),
            "its bytes are the same, and its manifest's version changed: look at why",
        ),
    ] {
        // Nothing of it is read again, let alone compiled.
        drop(folder);
        let error = refusal(&policy, &new);
        assert!(matches!(error.kind(), ErrorKind::LockOutdated { .. }));
        assert_eq!(error.blame(), Blame::Mismatch);
        assert_eq!(
            error.to_string(),
            format!(
                "plugin `plain`: it is not the locked one: locked is version 1.2.0, {a}, found is \
                 {found}; {what}, then lock it again, or put the locked one back"
            )
        );
    }
}

#[test]
fn a_plugin_without_a_version_is_locked_by_its_bytes() {
    let (_folder, old) = release(None, "");
    let policy = locked(&old);
    load(host_with(&policy).plugin(&old)).expect("it is the locked one");
    let (_folder, new) = release(None, OTHER);
    assert_eq!(
        refusal(&policy, &new).to_string(),
        format!(
            "plugin `plain`: it is not the locked one: locked is no version, {}, found is no \
             version, {}; its bytes changed: look at what is new, then lock it again, or put the \
             locked one back",
            old.digest(),
            new.digest()
        )
    );
    let error = refusal(&policy, &new);
    let ErrorKind::LockOutdated { locked, found } = error.kind() else {
        panic!("it is another release");
    };
    assert_eq!((&locked.version, &found.version), (&None, &None));
    assert_eq!(
        (&locked.digest, &found.digest),
        (old.digest(), new.digest())
    );
}

#[test]
fn a_host_of_locked_plugins_refuses_others_and_any_host_honours_a_lock() {
    let (_folder, candidate) = version("1.2.0", "");
    let (_other, changed) = version("1.2.0", OTHER);
    let mut granted = Policy::default();
    granted.grant(&candidate, settings()).expect("it asks");
    for policy in [None, Some(Policy::default()), Some(granted)] {
        let builder = match policy {
            None => Host::builder(),
            Some(policy) => Host::builder().policy(policy),
        };
        let open = builder.clone().build().expect("the engine starts");
        load(open.plugin(&candidate)).expect("nothing locks it");
        let host = builder.locked().build().expect("the engine starts");
        let error = load(host.plugin(&candidate)).expect_err("it is not locked");
        assert_eq!(error.blame(), Blame::Application);
        assert_eq!(
            error.to_string(),
            "plugin `plain`: it is not locked, and this host loads locked plugins alone: look at \
             it, then lock it in the host's policy"
        );
        host.plugin(&candidate).granted().expect_err("likewise");
    }
    let locked = Host::builder().policy(locked(&candidate)).locked();
    let host = locked.build().expect("the engine starts");
    load(host.plugin(&candidate)).expect("it is locked");
    let error = load(host.plugin(&changed)).expect_err("it is another");
    assert!(matches!(error.kind(), ErrorKind::LockOutdated { .. }));
}

#[test]
fn a_lock_holds_whoever_grants_and_is_told_before_a_grant_that_does_not_hold() {
    let (_folder, old) = version("1.2.0", "");
    let (_other, new) = version("1.2.0", OTHER);
    let mut policy = locked(&old);
    let code = host_with(&policy).plugin(&new).grants(Grants::none());
    let error = load(code).expect_err("code grants, and does not lock");
    assert!(matches!(error.kind(), ErrorKind::LockOutdated { .. }));

    policy.grant(&old, settings()).expect("it asks for that");
    assert!(matches!(
        refusal(&policy, &new).kind(),
        ErrorKind::LockOutdated { .. }
    ));
    policy.unlock(old.id()).expect("it was locked");
    let error = load(host_with(&policy).plugin(&new)).expect_err("it was granted to another");
    assert!(matches!(error.kind(), ErrorKind::GrantOutdated { .. }));
    let code = host_with(&policy).plugin(&new).grants(Grants::none());
    load(code).expect("it runs without, since it is not locked any more");
}

#[test]
fn locking_keeps_what_is_granted_and_consents_to_nothing() {
    let (_folder, old) = version("1.2.0", "");
    let (_other, new) = version("1.3.0", OTHER);
    let mut policy = Policy::default();
    policy.grant(&old, settings()).expect("it asks for that");
    policy.lock(&old).expect("it is the one that was granted");
    assert_eq!(policy.grants(&old).expect("it holds"), settings());

    let before = policy.clone();
    let error = policy.lock(&new).expect_err("nobody granted it anything");
    assert!(matches!(error.kind(), ErrorKind::GrantOutdated { .. }));
    assert_eq!(policy, before);

    policy.grant(&new, settings()).expect("somebody looked");
    let entry = policy.get(new.id()).expect("it was granted");
    assert!(entry.is_locked(), "the lock moved along");
    assert_eq!(entry.version(), new.version());
    load(host_with(&policy).plugin(&new)).expect("grant and lock are of one release");
    assert!(matches!(
        refusal(&policy, &old).kind(),
        ErrorKind::LockOutdated { .. }
    ));

    // Where nothing is granted, there is nothing to consent to.
    policy.grant(&new, Grants::none()).expect("less will do");
    policy.lock(&old).expect("nothing is granted");
    assert_eq!(policy, locked(&old));
}

#[test]
fn a_lock_and_a_grant_are_taken_back_one_without_the_other() {
    let (_folder, candidate) = version("1.2.0", "");
    let id = candidate.id();
    let mut granted = Policy::default();
    granted.grant(&candidate, settings()).expect("it asks");
    let mut both = granted.clone();
    both.lock(&candidate).expect("the grant holds");

    let mut policy = both.clone();
    assert_eq!(policy.unlock(id).as_ref(), both.get(id));
    assert_eq!(policy, granted);
    assert_eq!(policy.unlock(id), None);

    let mut policy = both.clone();
    assert_eq!(policy.revoke(id).as_ref(), both.get(id));
    assert_eq!(policy, locked(&candidate));
    assert_eq!(policy.revoke(id), None, "nothing is granted");
    assert!(policy.unlock(id).is_some_and(|entry| entry.is_locked()));
    assert_eq!(policy, Policy::default());
}

#[test]
fn a_lock_is_written_for_people_and_keeps_what_they_wrote() {
    let (folder, candidate) = version("1.2.0", "");
    let path = folder.path().join("policy.toml");
    let digest = candidate.digest();
    let lock =
        format!("[plugins.\"plain\"]\ndigest = \"{digest}\"\nversion = \"1.2.0\"\nlocked = true\n");
    locked(&candidate).save(&path).expect("there is room");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), lock);

    // As an earlier version wrote it, and somebody went over it.
    let written = format!(
        "# Ask Jane.\n[plugins.plain] # since May\ndigest = '{digest}'\n\
         asked.config = true\ngranted.config = {{ colour = 'red' }} # not blue\n"
    );
    fs::write(&path, &written).expect("a file");
    let mut policy = Policy::from_file(&path).expect("a policy");
    assert_eq!(policy.grants(&candidate).expect("it holds"), settings());
    assert!(!policy.get(candidate.id()).expect("it is there").is_locked());
    policy.lock(&candidate).expect("the grant holds");
    policy.save(&path).expect("there is room");
    assert_eq!(
        fs::read_to_string(&path).expect("it is there"),
        written + "version = \"1.2.0\"\nlocked = true\n"
    );
    assert_eq!(Policy::from_file(&path).expect("a policy"), policy);
}

#[cfg(unix)]
#[test]
fn a_relative_path_stays_relative_where_its_grant_stays() {
    let manifest = "version = '1.2.0'\ncapabilities.directories = { '/data' = 'read-only' }";
    let (folder, candidate) = release(Some(manifest), "");
    let path = folder.path().join("policy.toml");
    let written = format!(
        "[plugins.plain]\ndigest = '{}'\nasked.directories.'/data' = 'read-only'\n\
         granted.directories.'/data' = {{ path = 'data', access = 'read-only' }}\n",
        candidate.digest()
    );
    fs::write(&path, &written).expect("a file");
    let mut policy = Policy::from_file(&path).expect("a policy");
    policy.lock(&candidate).expect("the grant holds");
    policy.save(&path).expect("there is room");
    let text = fs::read_to_string(&path).expect("it is there");
    assert!(text.starts_with(&written), "{text}");
    assert_eq!(Policy::from_file(&path).expect("a policy"), policy);
}

/// Grants and locks in every order, of two plugins and two releases of one.
#[test]
fn whatever_is_done_to_a_policy_it_is_read_as_it_was_written() {
    let (folder, old) = version("1.2.0-rc.1+linux", "");
    let (_other, new) = version("1.3.0", OTHER);
    let bare = Candidate::from_bytes("acme.bare", component("")).expect("a component");
    let deeds: [&dyn Fn(&mut Policy); 8] = [
        &|policy| drop(policy.lock(&old)),
        &|policy| drop(policy.lock(&new)),
        &|policy| drop(policy.lock(&bare)),
        &|policy| drop(policy.grant(&old, settings())),
        &|policy| drop(policy.grant(&new, Grants::none())),
        &|policy| drop(policy.grant(&bare, Grants::none())),
        &|policy| drop(policy.revoke(old.id())),
        &|policy| drop((policy.unlock(old.id()), policy.unlock(bare.id()))),
    ];
    let path = folder.path().join("policy.toml");
    let mut policies = vec![Policy::default()];
    let mut next = 0;
    while let Some(policy) = policies.get(next).cloned() {
        next += 1;
        let text = policy.to_string();
        assert_eq!(Policy::parse(&text).expect("it was written"), policy);
        for deed in deeds {
            let mut done = policy.clone();
            deed(&mut done);
            fs::write(&path, format!("# Ask Jane.\n{text}# The end.\n")).expect("a file");
            done.save(&path).expect("there is room");
            assert_eq!(Policy::from_file(&path).expect("it was written"), done);
            if !policies.contains(&done) {
                policies.push(done);
            }
        }
    }
    assert!(policies.len() > 20, "{} policies", policies.len());
}

#[test]
fn what_is_no_lock_is_named_with_its_line() {
    let digest = format!("digest = 'sha256:{}'", "0".repeat(64));
    for (text, message) in [
        (
            "[plugins.a]\nlocked = true".to_owned(),
            "`plugins.a` in line 1 has no `digest`: it must be a digest such as `sha256:` and 64 \
             hex digits",
        ),
        (
            "[plugins.a]\ndigest = 'latest'\nlocked = true".to_owned(),
            "`plugins.a.digest` in line 2 must be a digest such as `sha256:` and 64 hex digits, \
             not \"latest\": a digest starts with `sha256:`",
        ),
        (
            format!("[plugins.a]\n{digest}\nlocked = 'yes'"),
            "`plugins.a.locked` in line 3 must be `true` or `false`, not `'yes'`",
        ),
        (
            format!("[plugins.a]\n{digest}\nversion = 1.2"),
            "`plugins.a.version` in line 3 must be a version such as `1.2.0`, not `1.2`",
        ),
        (
            format!("[plugins.a]\n{digest}\nversion = '^1.2.0'"),
            "`plugins.a.version` in line 3 must be a version such as `1.2.0`, not \"^1.2.0\": \
             unexpected character '^' while parsing major version number",
        ),
        (
            format!("[plugins.a]\n{digest}\nlock = true"),
            "unknown key `plugins.a.lock` in line 3: did you mean `plugins.a.locked`?",
        ),
        (
            format!("[plugins.a]\n{digest}\n[plugins.'a']\n{digest}\nlocked = true"),
            "invalid TOML in line 3: duplicate key",
        ),
        (
            format!("[plugins.a]\n{digest}\nlocked = tr"),
            "invalid TOML in line 3: invalid boolean, expected `true`",
        ),
    ] {
        let error = Policy::parse(&text).expect_err(message);
        assert_eq!(error.blame(), Blame::Application);
        assert_eq!(error.to_string(), format!("policy: {message}"));
    }
}
