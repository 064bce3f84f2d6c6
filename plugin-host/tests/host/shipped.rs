//! Plugins that an application ships compiled: that their code is used, and that no
//! other is.

use super::cache::{component, number, watched};
use plugin_host::{Cache, Candidate, Host, HostBuilder, Limits, Shipped, ShippedError};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const READ: &str = "read from what is shipped";

/// What these tests run on, and nothing that only newer processors have.
fn target() -> String {
    let system = match std::env::consts::OS {
        "macos" => "apple-darwin",
        "windows" => "pc-windows-msvc",
        _ => "unknown-linux-gnu",
    };
    format!("{}-{system}", std::env::consts::ARCH)
}

fn candidate(number: u32) -> Candidate {
    Candidate::from_bytes("number", component(number, 0)).expect("it is a component")
}

fn metered() -> HostBuilder {
    Host::builder().limits(Limits::default().fuel(1_000_000))
}

/// One plugin, shipped for hosts of this builder.
fn ship(host: HostBuilder, target: &str) -> (TempDir, Shipped) {
    let folder = tempfile::tempdir().expect("a folder");
    let shipped = ship_to(folder.path(), host, target);
    (folder, shipped)
}

fn ship_to(folder: &Path, host: HostBuilder, target: &str) -> Shipped {
    let mut precompiler = host.precompiler(target).expect("it compiles for that");
    precompiler.add(&candidate(7)).expect("it compiles");
    let index = precompiler.write(folder).expect("there is room");
    Shipped::new(folder, index.leak()).expect("it is an index")
}

fn only_file(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder).expect("it is there");
    let mut files: Vec<_> = files
        .map(|file| file.expect("it can be read").path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

/// Puts other bytes in the place of a file.
fn put(file: &Path, bytes: impl AsRef<[u8]>) {
    fs::remove_file(file).expect("it is ours");
    fs::write(file, bytes).expect("there is room");
}

/// Loads the plugin where what is shipped cannot be used: it is compiled. Hands out
/// what was told.
fn compiles(host: HostBuilder, shipped: &Shipped) -> String {
    let host = host.shipped(shipped.clone()).build();
    let host = host.expect("the engine starts");
    let (seven, told) = watched(|| number(host.plugin(&candidate(7))));
    assert_eq!(seven.expect("it loads and answers"), 7);
    assert_eq!(host.usage().compiled, 1);
    let problem = shipped.problem().expect("it is told").to_string();
    assert_eq!(told, [format!("what is shipped is not used: {problem}")]);
    problem
}

#[test]
fn what_is_shipped_loads_without_the_compiler_or_the_cache() {
    let (folder, shipped) = ship(metered(), &target());
    let cache = Cache::folder(folder.path().join("cache"));
    let host = metered().shipped(shipped.clone()).cache(cache.clone());
    let host = host.build().expect("the engine starts");
    let (seven, told) = watched(|| number(host.plugin(&candidate(7))));
    assert_eq!(seven.expect("it loads and answers"), 7);
    assert_eq!(told, [READ]);
    assert_eq!(host.usage().compiled, 0);
    assert!(shipped.contains(candidate(7).digest()));

    // What is not shipped goes its usual way.
    let eight = number(host.plugin(&candidate(8)));
    assert_eq!(eight.expect("it loads and answers"), 8);
    assert_eq!(host.usage().compiled, 1);
    assert!(!shipped.contains(candidate(8).digest()));
    assert_eq!(cache.usage().expect("it can be used").entries, 1);
    assert!(shipped.problem().is_none());
}

#[test]
fn code_for_any_processor_of_a_target_has_all_that_plugins_may_use() {
    // Of the instructions in it, some are not those of the first processors.
    let text = r#"(component
        (core module $m (func (export "number") (result i32)
            (i32.trunc_f32_u (f32.floor (f32x4.extract_lane 1 (f32x4.floor
                (f32x4.splat (f32.const 7.5))))))
            (i32.popcnt (i32.const 0))
            (i32x4.extract_lane 0 (i8x16.shuffle
                15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0
                (v128.const i64x2 0 0) (v128.const i64x2 0 0)))
            i32.add
            i32.add))
        (core instance $i (instantiate $m))
        (func (export "number") (result u32) (canon lift (core func $i "number"))))"#;
    let plugin = wat::parse_str(text).expect("the text is a component");
    let plugin = Candidate::from_bytes("number", plugin).expect("it is a component");
    let folder = tempfile::tempdir().expect("a folder");
    let mut precompiler = Host::builder().precompiler(&target()).expect("it runs");
    precompiler.add(&plugin).expect("it compiles");
    let index = precompiler.write(folder.path()).expect("there is room");
    let shipped = Shipped::new(folder.path(), index.leak()).expect("it is an index");
    let host = Host::builder().shipped(shipped).build();
    let host = host.expect("the engine starts");
    let seven = number(host.plugin(&plugin));
    assert_eq!(seven.expect("it loads and answers"), 7);
    assert_eq!(host.usage().compiled, 0);
}

// Windows replaces no file that is in use.
#[cfg(not(windows))]
#[test]
fn what_is_not_as_it_was_built_is_told_and_never_run() {
    let (folder, shipped) = ship(Host::builder(), &target());
    let file = only_file(folder.path());
    let good = fs::read(&file).expect("it is there");
    let damaged = format!(
        "`{}` is not what this application was built with: install it again",
        file.display()
    );
    let mut flipped = vec![];
    for byte in [0, good.len() / 3, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[byte] ^= 0x10;
        flipped.push(bad);
    }
    let cut = [0, 1, good.len() / 2, good.len() - 1].map(|length| good[..length].to_vec());
    let long = [&good[..], b"\0"].concat();
    // The code of another plugin, which would fit.
    let other = {
        let folder = tempfile::tempdir().expect("a folder");
        let mut precompiler = Host::builder().precompiler(&target()).expect("it runs");
        precompiler.add(&candidate(8)).expect("it compiles");
        precompiler.write(folder.path()).expect("there is room");
        fs::read(only_file(folder.path())).expect("it is there")
    };
    for bad in flipped.into_iter().chain(cut).chain([long, other]) {
        put(&file, bad);
        assert_eq!(compiles(Host::builder(), &shipped), damaged);
    }

    // A folder.
    fs::remove_file(&file).expect("it is there");
    fs::create_dir(&file).expect("there is room");
    assert_eq!(compiles(Host::builder(), &shipped), damaged);

    // Of a problem, the first one is kept.
    fs::remove_dir(&file).expect("it is there");
    assert_eq!(shipped.problem().expect("it is told").to_string(), damaged);
    let shipped = Shipped::new(folder.path(), index_of(&good)).expect("it is an index");
    let missing = compiles(Host::builder(), &shipped);
    let start = format!("cannot read `{}`: ", file.display());
    assert!(missing.starts_with(&start), "{missing}");
    fs::write(&file, good).expect("there is room");
    assert!(number_of(&shipped).ends_with(READ));
}

/// The index of one plugin's code.
fn index_of(code: &[u8]) -> &'static str {
    let component = *candidate(7).digest();
    let (digest, length) = (plugin_host::Digest::of(code), code.len());
    let start = format!("plugin-host shipped 1 {}", target());
    format!("{start}\n{component} {digest} {length}\n").leak()
}

/// What is told when the plugin is loaded.
fn number_of(shipped: &Shipped) -> String {
    let host = Host::builder().shipped(shipped.clone()).build();
    let host = host.expect("the engine starts");
    let (seven, told) = watched(|| number(host.plugin(&candidate(7))));
    assert_eq!(seven.expect("it loads and answers"), 7);
    told.join("; ")
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_what_is_shipped_is_not_waited_for() {
    let (folder, shipped) = ship(Host::builder(), &target());
    let file = only_file(folder.path());
    fs::remove_file(&file).expect("it is there");
    let made = std::process::Command::new("mkfifo").arg(&file).status();
    assert!(made.expect("it runs").success());
    let problem = compiles(Host::builder(), &shipped);
    assert!(problem.ends_with("install it again"), "{problem}");
}

#[test]
fn code_for_other_settings_or_another_system_does_not_fit() {
    let problem = |target: &str| {
        let (folder, shipped) = ship(Host::builder(), target);
        let problem = compiles(metered(), &shipped);
        let file = only_file(folder.path()).display().to_string();
        (problem.replace(&file, "FILE"), shipped)
    };
    let (told, _) = problem(&target());
    assert_eq!(
        told,
        format!(
            "`FILE`, compiled for {}, does not fit: Module was compiled without fuel support but \
             it is enabled for the host; compile it with the settings of this host, for this \
             machine, and with this version of wasmtime",
            target()
        )
    );
    let other = format!("{}-unknown-freebsd", std::env::consts::ARCH);
    let (told, shipped) = problem(&other);
    let start = format!(
        "`FILE`, compiled for {other}, does not fit: \
         Module was compiled for operating system 'freebsd'; "
    );
    assert!(told.starts_with(&start), "{told}");
    assert!(matches!(
        shipped.problem(),
        Some(ShippedError::Unfit { .. })
    ));
}

#[test]
fn what_is_no_target_is_refused() {
    let error = Host::builder().precompiler("a potato").err();
    let error = error.expect("it is none").to_string();
    let start = "the engine failed: it compiles nothing for `a potato`: ";
    assert!(error.starts_with(start), "{error}");
}

// Windows replaces no file that is in use.
#[cfg(not(windows))]
#[test]
fn what_is_written_anew_leaves_alone_what_runs() {
    let (folder, shipped) = ship(Host::builder(), &target());
    let file = only_file(folder.path());
    let (good, mut open) = (fs::read(&file).expect("it is there"), fs::File::open(&file));
    let again = ship_to(folder.path(), metered(), &target());
    assert_ne!(
        fs::read(only_file(folder.path())).expect("it is there"),
        good
    );
    // Whoever has the one open that was there has it as it was.
    let mut read = Vec::new();
    let open = open.as_mut().expect("it is there");
    std::io::Read::read_to_end(open, &mut read).expect("it is open");
    assert_eq!(read, good);
    let problem = compiles(Host::builder(), &shipped);
    assert!(problem.ends_with("install it again"), "{problem}");
    let host = metered().shipped(again).build().expect("the engine starts");
    let seven = number(host.plugin(&candidate(7)));
    assert_eq!(seven.expect("it loads and answers"), 7);
    assert_eq!(host.usage().compiled, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn what_others_may_put_or_write_there_is_copied_and_all_else_mapped() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, shipped) = ship(Host::builder(), &target());
    let file = only_file(folder.path());
    let path = file.canonicalize().expect("it is there");
    let host = Host::builder().shipped(shipped.clone()).build();
    let host = host.expect("the engine starts");
    for (mode, folder_mode, mapped) in [
        (0o444, 0o700, true),
        (0o644, 0o755, true),
        (0o664, 0o755, false),
        (0o646, 0o755, false),
        // They may put a link there, to a file of their choice.
        (0o444, 0o775, false),
        (0o444, 0o1777, false),
    ] {
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
        set(&file, mode).expect("it is ours");
        set(folder.path(), folder_mode).expect("it is ours");
        let plugin = host.plugin(&candidate(7));
        let plugin = plugin.prepare::<super::cache::CachedNumber<()>>();
        let _plugin = plugin.expect("it loads");
        let maps = fs::read_to_string("/proc/self/maps").expect("Linux has it");
        let found = maps.contains(path.to_str().expect("it is text"));
        assert_eq!(found, mapped, "{mode:o} in {folder_mode:o}");
    }
    assert_eq!(host.usage().compiled, 0);
    assert!(shipped.problem().is_none());
}
