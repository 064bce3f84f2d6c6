//! What is granted in code, against what a manifest asks for.

use crate::rogue::{RogueRogue, Shop, candidate, host_builder};
use plugin_host::{
    Access, Blame, Candidate, Capability, Error, ErrorKind, Grants, Host, Loader, Plugin, Reason,
};
use std::fs;
use tempfile::TempDir;

plugin_host::world! {
    inline: "
        package test:grants;
        world plain { export f: func(); }",
}

/// A component that knows nothing of this library, with these imports.
pub(crate) fn component(imports: &str) -> Vec<u8> {
    let text = format!(
        r#"(component {imports}
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func (export "f") (canon lift (core func $i "f"))))"#
    );
    wat::parse_str(text).expect("the text is a component")
}

/// Such a component in a folder whose `plugin.toml` asks for this.
pub(crate) fn plugin(asked: &str, imports: &str) -> (TempDir, Candidate) {
    let folder = tempfile::tempdir().expect("a folder");
    let plugin = folder.path().join("plain");
    fs::create_dir(&plugin).expect("a folder");
    fs::write(plugin.join("plain.wasm"), component(imports)).expect("a file");
    let manifest = format!("id = 'plain'\nversion = '1.0.0'\n[capabilities]\n{asked}");
    fs::write(plugin.join("plugin.toml"), manifest).expect("a file");
    let mut found = host().discover(folder.path());
    assert_eq!(found.len(), 1);
    let candidate = found.remove(0).expect("it is a component");
    (folder, candidate)
}

pub(crate) fn host() -> Host {
    Host::builder().build().expect("the engine starts")
}

pub(crate) fn load(loader: Loader) -> Result<Plugin<GrantsPlain<()>>, Error> {
    loader.load()
}

fn texts(capabilities: impl IntoIterator<Item = Capability>) -> Vec<String> {
    let capabilities = capabilities.into_iter();
    capabilities.map(|one| one.to_string()).collect()
}

#[test]
fn what_is_asked_and_granted_is_held() {
    let (_folder, candidate) = plugin(
        "clock = 'real'\nenvironment = ['LANG']\ndirectories = { '/data' = 'read-write' }",
        "",
    );
    let grants = Grants::none()
        .grant_real_clock()
        .grant_directory("/data", "/srv", Access::ReadOnly)
        .expect("a path");
    let loader = host().plugin(&candidate).grants(grants);
    assert_eq!(
        texts(loader.not_granted().expect("there is no policy")),
        [
            "the directory `/data`, read-write",
            "the environment variable `LANG`"
        ]
    );
    let plugin = load(loader).expect("less than is asked is no reason to refuse");
    assert_eq!(
        texts(Plugin::granted(&plugin).iter()),
        ["the directory `/data`, read-only", "the real clock"]
    );
}

#[test]
fn more_than_is_asked_is_refused_and_named() {
    let (_folder, candidate) = plugin("directories = { '/data' = 'read-only' }", "");
    let directory = |guest, access| {
        let grants = Grants::none().grant_directory(guest, "/srv", access);
        grants.expect("a path")
    };
    let ways_out = "and its manifest does not ask for that: take the grant back, or let its \
                    author ask for it in plugin.toml under [capabilities]";
    for (grants, what) in [
        (Grants::none().grant_real_clock(), "the real clock"),
        (
            Grants::none().grant_secure_random(),
            "secure random numbers",
        ),
        (
            Grants::none().inherit_stdio(),
            "the application's stdout and stderr",
        ),
        (
            Grants::none().grant_traced_stdio(),
            "its output among the application's traces",
        ),
        (Grants::none().grant_config([("k", "v")]), "settings"),
        (
            Grants::none().inherit_environment("PATH").expect("set"),
            "the environment variable `PATH`",
        ),
        (
            directory("/data", Access::ReadWrite),
            "the directory `/data`, read-write",
        ),
        (
            directory("/data/sub", Access::ReadOnly),
            "the directory `/data/sub`, read-only",
        ),
        (
            directory("/", Access::ReadOnly).grant_real_clock(),
            "the directory `/`, read-only and the real clock",
        ),
    ] {
        let error = load(host().plugin(&candidate).grants(grants)).expect_err(what);
        assert!(matches!(error.kind(), ErrorKind::NotAsked(_)), "{error}");
        assert_eq!(error.blame(), Blame::Application);
        assert_eq!(
            error.to_string(),
            format!("plugin `plain`: it is granted {what}, {ways_out}")
        );
    }
}

#[test]
fn a_component_without_a_manifest_asks_for_nothing_and_so_gets_nothing() {
    let candidate = Candidate::from_bytes("plain", component("")).expect("it is a component");
    assert!(candidate.asked().is_empty());
    load(host().plugin(&candidate)).expect("it is granted nothing");
    let none: [(&str, &str); 0] = [];
    load(host().plugin(&candidate).config(none)).expect("no settings are never too much");
    load(host().plugin(&candidate).config([("k", "v")])).expect_err("settings are a grant");
}

#[test]
fn what_the_sdk_puts_into_a_component_is_what_it_asks() {
    assert_eq!(
        texts(candidate().asked().iter()),
        [
            "the directory `/data`, read-write",
            "the directory `/in`, read-only",
            "the directory `/out`, read-write",
            "the environment variable `CUPS`",
            "the environment variable `TEA`",
            "the real clock",
            "secure random numbers",
            "the application's stdout and stderr",
            "settings",
        ]
    );
    let host = host_builder().build().expect("the engine starts");
    let grants = Grants::none().grant_config([("colour", "red")]);
    let mut rogue = host
        .plugin(&candidate())
        .grants(grants)
        .load_with::<RogueRogue<Shop>>(Shop::open)
        .expect("it asks for settings");
    let answer = rogue.act("read settings").expect("the call succeeds");
    assert!(answer.contains("red"), "{answer}");
}

#[test]
fn settings_given_beside_grants_leave_the_others_be() {
    let (_folder, candidate) = plugin("clock = 'real'\nconfig = true", "");
    let loader = host().plugin(&candidate).config([("k", "v")]);
    let plugin = load(loader.grants(Grants::none().grant_real_clock()));
    let granted = Plugin::granted(&plugin.expect("both are asked for"));
    assert_eq!(texts(granted.iter()), ["the real clock", "settings"]);
}

const CLOCK: &str = r#"(import "wasi:clocks/wall-clock@0.2.0" (instance))"#;
const SOCKETS: &str = r#"(import "wasi:sockets/tcp@0.2.0" (instance))"#;
const FREE: &str = r#"(import "wasi:cli/exit@0.2.0" (instance))"#;

fn strict() -> Host {
    let host = Host::builder().strict().build();
    host.expect("the engine starts")
}

#[test]
fn a_strict_host_refuses_what_another_loads_with_nothing() {
    let (_folder, candidate) = plugin("clock = 'real'\nconfig = true", &[CLOCK, FREE].concat());
    load(host().plugin(&candidate)).expect("by default it gets nothing");

    let error = load(strict().plugin(&candidate)).expect_err("it is granted nothing");
    assert_eq!(error.blame(), Blame::Mismatch);
    assert_eq!(
        error.to_string(),
        "plugin `plain`: it asks for the real clock, and this host is strict: grant it, or build \
         the host without `strict`; \
         it asks for settings, and this host is strict: grant it, or build the host without \
         `strict`; \
         it imports `wasi:clocks/wall-clock@0.2.0`, which needs the real clock, and this host is \
         strict: grant that, which its plugin.toml must ask for, or build the host without \
         `strict`"
    );

    let grants = Grants::none().grant_real_clock();
    let loader = strict().plugin(&candidate).grants(grants);
    let reasons = loader.reasons::<GrantsPlain<()>>();
    assert_eq!(
        reasons,
        [Reason::NotGranted {
            capability: Capability::Config
        }]
    );
    load(loader.config([("k", "v")])).expect("it is granted all that it asks for");
}

#[test]
fn a_strict_host_refuses_the_network_for_now() {
    let candidate = Candidate::from_bytes("plain", component(SOCKETS)).expect("a component");
    load(host().plugin(&candidate)).expect("by default it finds none");
    let error = load(strict().plugin(&candidate)).expect_err("it cannot be granted");
    assert_eq!(
        error.to_string(),
        "plugin `plain`: it imports `wasi:sockets/tcp@0.2.0`, which needs the network, and that \
         cannot be granted: use a plugin that does without, or build the host without `strict`"
    );
}

#[test]
fn a_strict_host_takes_a_plugin_that_needs_nothing() {
    let candidate = Candidate::from_bytes("plain", component(FREE)).expect("a component");
    load(strict().plugin(&candidate)).expect("it asks for nothing");
}

#[test]
fn a_grant_that_cannot_be_is_an_error_of_this_library_too() {
    let grant = || -> Result<Grants, Error> {
        let grants = Grants::none().grant_directory("data", "/", Access::ReadOnly)?;
        Ok(grants)
    };
    let error = grant().expect_err("it is relative");
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "cannot grant a directory: guest path \"data\" must start with `/`"
    );
}
