//! Files that attack whoever reads them.

use super::{Attacker, attacks};
use crate::section::{section, with_section};
use plugin_host::{Candidate, Error, Host};

/// Has these bytes read.
fn read(bytes: Vec<u8>) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    move |_| {
        let candidate = Candidate::from_bytes("vandal", bytes.clone())?;
        Ok(Box::new(move || Ok(candidate.id().to_string())))
    }
}

fn parsed(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is a component")
}

fn component(text: &str) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    read(parsed(text))
}

/// An empty component with this section of the manifest's name.
fn with_manifest(data: &[u8]) -> Vec<u8> {
    with_section(parsed("(component)"), data)
}

fn manifest(json: &str) -> Vec<u8> {
    let mut data = 1u32.to_le_bytes().to_vec();
    data.extend((json.len() as u32).to_le_bytes());
    data.extend(json.as_bytes());
    data
}

const HONEST: &str = r#"{"id":"acme.pricing","version":"1.0.0"}"#;

/// Thirty instances on each of three levels.
fn nested_instances() -> String {
    let instances = "(instance (instantiate $c))".repeat(30);
    format!(
        "(component (component $c (component $c (component $c) {instances}) {instances})
            {instances})"
    )
}

/// One type with long names, used often.
fn long_names() -> String {
    let functions: String = (0..100)
        .map(|i| format!("(export \"f{i}{}\" (func))", "x".repeat(1000)))
        .collect();
    let imports: String = (0..20)
        .map(|i| format!("(import \"i{i}\" (instance (type $t)))"))
        .collect();
    format!("(component (type $t (instance {functions})) {imports})")
}

/// A list of a list of a list, and so on.
fn nested_types(depth: usize) -> String {
    let types: String = (1..depth)
        .map(|i| format!("(type $t{i} (list $t{}))", i - 1))
        .collect();
    format!("(component (type $t0 (list u8)) {types})")
}

/// Each type holds the one before twice: written out, it would be endless.
fn doubling_types(depth: usize) -> String {
    let types: String = (1..depth)
        .map(|i| format!("(type $t{i} (tuple $t{0} $t{0}))", i - 1))
        .collect();
    format!("(component (type $t0 (tuple u8 u8)) {types})")
}

/// Components beside each other, each of which makes ten of the one before.
fn aliased_instances(levels: usize) -> String {
    let last = levels - 1;
    let levels: String = (1..levels)
        .map(|i| {
            format!(
                "(component $c{i} (alias outer 1 $c{} (component $p)) {})",
                i - 1,
                "(instance (instantiate $p))".repeat(10)
            )
        })
        .collect();
    format!("(component (component $c0) {levels} (instance (instantiate $c{last})))")
}

/// Components within components, each a few bytes.
fn nested_components(depth: usize) -> Vec<u8> {
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";
    (0..depth).fold(EMPTY.to_vec(), |inner, _| {
        [EMPTY.to_vec(), section(4, inner.len() as u32, &inner)].concat()
    })
}

/// Elements that every instance holds in memory that no limit sees.
fn many_elements() -> String {
    format!(
        "(component (core module $m (func $f) (elem func {})) {})",
        "$f ".repeat(20_000),
        "(core instance (instantiate $m))".repeat(90)
    )
}

fn many_globals() -> String {
    format!(
        "(component (core module $m {}) {})",
        "(global i32 (i32.const 0))".repeat(50_000),
        "(core instance (instantiate $m))".repeat(90)
    )
}

fn cut_short(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 3);
    bytes
}

attacks! {
    is_empty: read(Vec::new()) => "component: NotWasm";
    is_text: read(b"(component)".to_vec()) => "component: Text";
    is_a_core_module: read(parsed("(module)")) => "component: CoreModule";
    is_native_code: read(b"\x7fELF\x02\x01\x01".to_vec()) => "component: NativeCode";
    ends_too_early: read(cut_short(parsed(&nested_types(10)))) => "component: Damaged";
    has_a_section_that_lies_about_its_size: read(
        [parsed("(component)"), section(7, 0xffff_fff0, &[1])].concat()
    ) => "component: Damaged";
    has_a_count_that_lies: read(
        // A section of types that says it holds four billion.
        [parsed("(component)"), section(7, 5, &[0xff, 0xff, 0xff, 0xff, 0x0f])].concat()
    ) => "component: Damaged";
    multiplies_when_it_is_instantiated: component(&nested_instances())
        => "component: TooManyInstances";
    multiplies_by_aliases: component(&aliased_instances(9)) => "component: TooManyInstances";
    hands_components_on: component(
        "(component (component $c) (component $d (import \"c\" (component)))
            (instance (instantiate $d (with \"c\" (component $c)))))"
    ) => "component: HandsComponentsOn";
    nests_without_end: read(nested_components(5_000)) => "component: TooDeep";
    has_millions_of_elements: component(&many_elements()) => "component: TooManyParts";
    has_names_without_end: component(&long_names()) => "component: TooManyNames";
    has_deeply_nested_types: component(&nested_types(2_000)) => "component: Damaged";
    has_types_that_double: component(&doubling_types(60)) => "component: Damaged";
    has_millions_of_globals: component(&many_globals()) => "component: TooManyParts";
    carries_two_manifests: read(
        [with_manifest(&manifest(HONEST)), with_manifest(&manifest(HONEST))[8..].to_vec()].concat()
    ) => "component: SecondManifest";
    carries_a_manifest_of_a_hundred_megabytes: read(with_manifest(&vec![b' '; 100 << 20]))
        => "component: Manifest(TooLarge";
    carries_a_manifest_that_lies_about_its_size: read(
        with_manifest(&[1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, b'{'])
    ) => "component: Manifest(Truncated";
    carries_a_manifest_that_is_not_utf8: read(
        with_manifest(&[1, 0, 0, 0, 2, 0, 0, 0, 0xff, 0xff])
    ) => "component: Manifest(NotUtf8";
    carries_a_manifest_that_drives_the_terminal: read(
        with_manifest(&manifest("{\"id\":\"\u{1b}[2Jacme\",\"version\":\"1.0.0\"}"))
    ) => "component: Manifest(Invalid";
    carries_a_manifest_with_a_path_for_an_id: read(
        with_manifest(&manifest(r#"{"id":"../acme","version":"1.0.0"}"#))
    ) => "component: Manifest(Invalid";
    forges_another_plugins_id: read(with_manifest(&manifest(HONEST)))
        // An id is a claim: what is granted to it is bound to the digest.
        => "fine: acme.pricing";
}
