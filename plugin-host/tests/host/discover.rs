//! What is found in a folder, what is read from it, and what is refused.

use crate::rogue::{RogueRogue, Shop, host_builder};
use crate::slashes::below;
use plugin_host::{Blame, Candidate, Error, ErrorKind, Extern, Host, Limits};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn host() -> Host {
    host_builder().build().expect("the engine starts")
}

fn rogue() -> Vec<u8> {
    fs::read(test_guests::ROGUE).expect("the guest was built")
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

/// Ids and errors, in order, without the folder's own path.
fn found(folder: &Path) -> Vec<String> {
    let found = host()
        .discover(folder)
        .into_iter()
        .map(|found| match found {
            Ok(candidate) => candidate.id().to_string(),
            Err(error) => error.to_string(),
        });
    found.map(|text| below(folder, &text)).collect()
}

const CALCULATOR: &str = r#"(component
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))"#;

#[test]
fn one_bad_file_never_hides_the_others() {
    let small = wat::parse_str(CALCULATOR).expect("the text is a component");
    let core = wat::parse_str("(module)").expect("the text is a module");
    let rogue = rogue();
    let folder = folder(&[
        ("a-truncated.wasm", &rogue[..rogue.len() / 2]),
        ("b-core.wasm", &core),
        ("c-text.wasm", b"this is a text file"),
        ("d-wat.wasm", CALCULATOR.as_bytes()),
        ("e-native.cwasm", b"\x7fELF and so on"),
        ("f-native.wasm", b"\x7fELF and so on"),
        ("g-empty.wasm", b""),
        ("h upper.WASM", b"passed over"),
        ("h good.wasm", &small),
        ("i-twice.wasm", &rogue),
        ("j-twice.wasm", &rogue),
        (".hidden.wasm", b"passed over"),
        ("notes.txt", b"passed over"),
        ("no-plugin/notes.txt", b"passed over"),
        ("w_!.wasm", &small),
    ]);
    let found = found(folder.path());
    assert!(
        found[0].starts_with(
            "plugin file `a-truncated.wasm`: the component is damaged, copy or build it again: "
        ),
        "{}",
        found[0]
    );
    assert_eq!(
        found[1..],
        [
            "plugin file `b-core.wasm`: this is a core WebAssembly module, and a plugin is a \
             component: build it for wasm32-wasip2",
            "plugin file `c-text.wasm`: this is not a WebAssembly file: remove it, or put the \
             built component in its place",
            "plugin file `d-wat.wasm`: this is WebAssembly text, and a plugin is its binary \
             form: convert it, for example with `wasm-tools parse`",
            "plugin file `e-native.cwasm`: this is compiled native code, which could do anything, \
             and a plugin is a component: remove it",
            "plugin file `f-native.wasm`: this is compiled native code, which could do anything, \
             and a plugin is a component: remove it",
            "plugin file `g-empty.wasm`: this is not a WebAssembly file: remove it, or put the \
             built component in its place",
            "h-good",
            "test.rogue",
            "plugin file `j-twice.wasm`: its id `test.rogue` is taken by `i-twice.wasm`, \
             which comes first: remove one of the two",
            "plugin file `w_!.wasm`: it has no manifest, and its file name cannot be its id: \
             plugin id \"w_!\" contains '!': only lower-case ASCII letters, digits, `-`, `_` and \
             `.` are allowed",
        ]
    );
}

#[test]
fn a_folder_that_cannot_be_read_is_one_error() {
    let found = host().discover("/no/such/folder");
    let [Err(error)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(error.blame(), Blame::Environment);
    assert!(
        error
            .to_string()
            .starts_with("plugin file `/no/such/folder`: cannot read it: ")
    );
}

#[test]
fn a_plugin_folder_holds_a_manifest_and_one_component() {
    let small = wat::parse_str(CALCULATOR).expect("the text is a component");
    let rogue = rogue();
    let folder = folder(&[
        (
            "a/plugin.toml",
            b"id = 'from.folder'\nversion = '2.0.0'\npriority = 3",
        ),
        ("a/built.wasm", &small),
        // What the folder leaves out is taken from the component's own.
        ("b/plugin.toml", b"priority = 9"),
        ("b/built.wasm", &rogue),
        ("c/plugin.toml", b"id = 'c'\nversion = '1.0.0'"),
        ("d/plugin.toml", b"id = 'd'\nversion = '1.0.0'"),
        ("d/one.wasm", &small),
        ("d/two.wasm", &small),
        ("e/plugin.toml", b"id = 'e'\nversion = '1.0.0'\npriorty = 3"),
        ("e/built.wasm", &small),
        ("f/plugin.toml", b"id = 'f'"),
        ("f/built.wasm", &small),
    ]);
    assert_eq!(
        found(folder.path()),
        [
            "from.folder",
            "test.rogue",
            "plugin file `c`: the folder has a plugin.toml and no component: \
             put the built .wasm file there",
            "plugin file `d`: the folder has 2 components, and a plugin is one: remove the others",
            "plugin file `e/plugin.toml`: plugin.toml: unknown key `priorty` in line 3: \
             did you mean `priority`?",
            "plugin file `f/plugin.toml`: plugin.toml: the manifest has no `version`: \
             set it in plugin.toml, as there is no Cargo package",
        ]
    );
    let candidates: Vec<Candidate> = host()
        .discover(folder.path())
        .into_iter()
        .filter_map(Result::ok)
        .collect();
    let manifest = candidates[1].manifest().expect("it has one");
    assert_eq!(manifest.priority, 9);
    assert!(
        manifest.host.is_empty(),
        "the folder's manifest stands in place of its own"
    );
    assert_eq!(manifest.version.to_string(), "0.3.0");
}

#[test]
fn a_candidate_tells_what_its_bytes_say() {
    let candidate = Candidate::from_bytes("any", rogue()).expect("it is a component");
    let manifest = candidate.manifest().expect("the SDK put one in");
    assert_eq!(candidate.id().as_str(), "test.rogue");
    assert_eq!(
        candidate.version().map(ToString::to_string).as_deref(),
        Some("0.3.0")
    );
    assert_eq!(manifest.priority, 5);
    assert_eq!(manifest.host["tests"].to_string(), ">=1.0");
    assert!(candidate.digest().to_string().starts_with("sha256:"));
    let imports: Vec<_> = candidate.imports().collect();
    let shop = Extern::Interface(vec!["stock".into(), "work".into()]);
    assert!(
        imports.contains(&("test:rogue/shop@0.1.0", &shop)),
        "{imports:?}"
    );
    assert!(
        candidate
            .exports()
            .any(|export| export == ("act", &Extern::Function))
    );
}

fn load(host: &Host, candidate: &Candidate) -> Error {
    let loaded = host.load_with::<RogueRogue<Shop>>(candidate, Shop::open);
    loaded.expect_err("it does not fit")
}

#[test]
fn a_component_for_another_world_is_refused_with_every_reason() {
    let bytes = fs::read(test_guests::SHAPES).expect("the guest was built");
    let candidate = Candidate::from_bytes("shapes", bytes).expect("it is a component");
    let error = load(&host(), &candidate);
    assert_eq!(error.blame(), Blame::Mismatch);
    assert_eq!(
        error.to_string(),
        "plugin `shapes`: it imports `greet`, which this application does not provide: \
         use a plugin made for this application; \
         it imports `test:shapes/kinds@0.1.0`, which this application does not provide: \
         use a plugin made for this application; \
         it does not export `act`, which every plugin of this application must: \
         use a plugin made for this application"
    );
}

#[test]
fn an_application_that_is_too_old_is_told_so() {
    let host = Host::builder()
        .application("tests", "0.9.0".parse().expect("a version"))
        .build()
        .expect("the engine starts");
    let candidate = Candidate::from_bytes("rogue", rogue()).expect("it is a component");
    assert_eq!(
        load(&host, &candidate).to_string(),
        "plugin `test.rogue`: it requires tests >=1.0, and this is tests 0.9.0: \
         upgrade the application"
    );
}

#[test]
fn names_that_match_with_other_types_are_refused_and_not_run() {
    let bytes = wat::parse_str(
        r#"(component
            (core module $m (func (export "act") (result i32) i32.const 0))
            (core instance $i (instantiate $m))
            (func (export "act") (result u32) (canon lift (core func $i "act"))))"#,
    );
    let candidate = Candidate::from_bytes("liar", bytes.expect("the text is a component"));
    let error = load(&host(), &candidate.expect("it is a component"));
    assert_eq!(error.blame(), Blame::Mismatch);
    assert_eq!(
        error.to_string(),
        "plugin `liar`: in `act`, act is a function of 1 parameter here and a function of 0 \
         parameters in the plugin: build the plugin against this application's WIT; \
         in `act`, act → result is string here and u32 in the plugin: build the plugin against \
         this application's WIT"
    );
}

#[test]
fn a_file_that_changed_since_it_was_discovered_is_not_loaded() {
    let folder = folder(&[("rogue.wasm", &rogue())]);
    let path = folder.path().join("rogue.wasm");
    let candidate = Candidate::from_file(&path, &Limits::default()).expect("it is a component");
    let mut bytes = rogue();
    // A custom section more: still a component, but another one.
    bytes.extend([0, 2, 1, b'x']);
    fs::write(&path, bytes).expect("the file is writable");
    let error = load(&host(), &candidate);
    assert!(matches!(error.kind(), ErrorKind::Changed { .. }));
    assert!(error.to_string().ends_with("discover it again"));

    fs::remove_file(&path).expect("the file is there");
    let error = load(&host(), &candidate);
    assert!(matches!(error.kind(), ErrorKind::Io(_)));
    assert_eq!(error.blame(), Blame::Environment);
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let folder = folder(&[("rogue.wasm", &rogue())]);
    let path = folder.path().join("rogue.wasm");
    let error =
        Candidate::from_file(&path, &Limits::default().component(1000)).expect_err("it is larger");
    assert!(error.to_string().ends_with(&format!(
        "it has {} bytes, and at most 1000 are read: raise `Limits::component` to allow it",
        rogue().len()
    )));
}

#[test]
fn a_second_manifest_is_refused_wherever_it_stands() {
    // A custom section of the component's own, beside that in its module.
    let name = b"plugin-host:manifest";
    let mut section = vec![name.len() as u8];
    section.extend(name);
    section.extend([1, 0, 0, 0, 2, 0, 0, 0, b'{', b'}']);
    let mut bytes = rogue();
    bytes.extend([0, section.len() as u8]);
    bytes.extend(section);
    let error = Candidate::from_bytes("twice", bytes).expect_err("which one holds?");
    assert_eq!(
        error.to_string(),
        "plugin file `twice`: it carries more than one manifest: report this to its author"
    );
}

#[test]
fn no_damaged_component_makes_the_reader_panic() {
    let bytes = rogue();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..2_000 {
        let mut damaged = bytes.clone();
        for _ in 0..=random(3) {
            let at = random(damaged.len());
            damaged[at] = random(256) as u8;
        }
        damaged.truncate(bytes.len() - random(2) * random(bytes.len()));
        let _ = Candidate::from_bytes("damaged", damaged);
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_folder_is_not_waited_for() {
    let folder = folder(&[]);
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join("pipe.wasm"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    assert_eq!(
        found(folder.path()),
        ["plugin file `pipe.wasm`: cannot read it: it is no regular file"]
    );
}

#[test]
fn nothing_is_compiled_before_a_plugin_is_loaded() {
    let small = wat::parse_str(CALCULATOR).expect("the text is a component");
    let rogue = rogue();
    let names: Vec<String> = (0..100).map(|i| format!("{i}.wasm")).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*small)).collect();
    files.push(("rogue.wasm", &rogue));
    let folder = folder(&files);

    let host = host();
    let found: Vec<Candidate> = host.discover(folder.path()).into_iter().flatten().collect();
    assert_eq!(found.len(), 101);
    let fit = |candidate: &&Candidate| {
        let reasons = host.plugin(candidate).reasons::<RogueRogue<Shop>>();
        reasons.is_empty()
    };
    let fit: Vec<&Candidate> = found.iter().filter(fit).collect();
    assert_eq!(fit.len(), 1);
    let refused = host.load_with::<RogueRogue<Shop>>(&found[0], Shop::open);
    assert!(refused.is_err());
    assert_eq!(host.usage().compiled, 0);

    let prepared = host
        .plugin(fit[0])
        .prepare_with::<RogueRogue<Shop>>(Shop::open);
    let prepared = prepared.expect("it fits");
    assert_eq!(host.usage().compiled, 1);
    let started = [prepared.start(), prepared.start()];
    assert!(started.iter().all(Result::is_ok));
    assert_eq!(host.usage().compiled, 1);
}
