//! One interface at three versions: every plugin that was built for one of them,
//! on the application of every other. 0.1.1 adds to 0.1.0 what plugins may
//! import; 0.2.0 changes what orders are.

mod application;
mod desk;
mod guide;
mod together;
mod v0_1_0;
mod v0_1_1;
mod v0_2_0;

use desk::Desk;
use plugin_host::{Blame, Candidate, Error, ErrorKind, Host, Limits, Loader, Plugin, World};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use tempfile::TempDir;

/// What the guide calls each plugin, and its component.
const PLUGINS: [(&str, &str); 4] = [
    ("built for 0.1.0", test_guests::ORDERS_0_1_0),
    (
        "built for 0.1.1, uses what 0.1.0 has",
        test_guests::ORDERS_0_1_1_PLAIN,
    ),
    (
        "built for 0.1.1, uses what that added",
        test_guests::ORDERS_0_1_1,
    ),
    ("built for 0.2.0", test_guests::ORDERS_0_2_0),
];

const HOSTS: [&str; 3] = ["0.1.0", "0.1.1", "0.2.0"];

/// What becomes of a plugin on a host.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// With what it wrote and answered.
    Runs(Vec<String>),
    /// With every reason.
    Refused(Vec<String>),
}

/// Each plugin on each host; compiled once for all tests.
static MATRIX: LazyLock<[[Outcome; 3]; 4]> = LazyLock::new(|| {
    PLUGINS.map(|(_, component)| {
        [
            meet::<v0_1_0::OrdersPlugin<Desk>>(component, |plugin| v0_1_0::check(plugin)),
            meet::<v0_1_1::OrdersPlugin<Desk>>(component, |plugin| v0_1_1::check(plugin)),
            meet::<v0_2_0::OrdersPlugin<Desk>>(component, |plugin| v0_2_0::check(plugin)),
        ]
    })
});

/// A plugin in a file of its own.
struct Installed {
    _folder: TempDir,
    file: PathBuf,
    loader: Loader,
}

impl Installed {
    fn new(component: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("plugin.wasm");
        fs::copy(component, &file).expect("the guest was built");
        let candidate = Candidate::from_file(&file, &Limits::default());
        let host = Host::builder().build().expect("the engine starts");
        let loader = host.plugin(&candidate.expect("it is a component"));
        Self {
            _folder: folder,
            file,
            loader,
        }
    }

    /// Loads it without its file: what cannot be read is not compiled.
    fn load_without_file<W: World<State = Desk>>(self) -> Error {
        fs::remove_file(&self.file).expect("it is there");
        let loaded = self.loader.load::<W>();
        loaded.expect_err("there is nothing to compile")
    }
}

fn meet<W: World<State = Desk>>(component: &str, check: fn(&mut W) -> Vec<String>) -> Outcome {
    let plugin = Installed::new(component);
    let reasons = plugin.loader.reasons::<W>();
    if reasons.is_empty() {
        let loaded = plugin.loader.load::<W>();
        let mut plugin = loaded.expect("nothing was said against it");
        let answers = check(&mut plugin);
        let desk = Plugin::state(&mut plugin).expect("an instance is there");
        return Outcome::Runs([desk.written.split_off(0), answers].concat());
    }
    let error = plugin.load_without_file::<W>();
    assert!(
        matches!(error.kind(), ErrorKind::Unfit(given) if *given == reasons),
        "{error}"
    );
    Outcome::Refused(reasons.iter().map(ToString::to_string).collect())
}

/// Holds a plugin to what becomes of it on each host.
macro_rules! on_hosts {
    ($component:ident: $($outcome:ident [$($line:literal),* $(,)?])*) => {
        let at = PLUGINS.iter().position(|plugin| plugin.1 == test_guests::$component);
        let outcomes = &MATRIX[at.expect("it is in the table")];
        let expected = [$(Outcome::$outcome(vec![$($line.to_owned()),*])),*];
        assert_eq!(outcomes, &expected);
    };
}

#[test]
fn a_plugin_goes_on_where_the_interface_grew_and_not_where_its_types_changed() {
    on_hosts! { ORDERS_0_1_0:
        Runs [
            "stock: 2 waits for gold",
            "1 Ann: paid",
            "2 Bob: held, too little gold",
            "3 Cid: open",
            "4 rejected: nothing is ordered",
        ]
        Runs [
            "stock: 2 waits for gold",
            "1 Ann: paid",
            "2 Bob: held, too little gold",
            "3 Cid: open",
            "4 rejected: nothing is ordered",
        ]
        Refused [
            "it was built for `acme:orders/shop@0.1.0`, and this application has 0.2.0: upgrade \
             the plugin",
            "it was built for `acme:orders/review@0.1.0`, and this application has 0.2.0: \
             upgrade the plugin",
        ]
    }
}

#[test]
fn a_newer_plugin_that_uses_nothing_new_runs_on_the_older_host() {
    on_hosts! { ORDERS_0_1_1_PLAIN:
        Runs [
            "notes: 2 says: a gift",
            "1 Ann: paid",
            "2 Bob: held, it has a note",
            "3 Cid: open",
            "4 Ann: open",
        ]
        Runs [
            "notes: 2 says: a gift",
            "1 Ann: paid",
            "2 Bob: held, it has a note",
            "3 Cid: open",
            "4 Ann: open",
        ]
        Refused [
            "it was built for `acme:orders/shop@0.1.1`, and this application has 0.2.0: upgrade \
             the plugin",
            "it was built for `acme:orders/review@0.1.1`, and this application has 0.2.0: \
             upgrade the plugin",
        ]
    }
}

#[test]
fn a_newer_plugin_that_uses_what_is_new_needs_the_newer_host() {
    on_hosts! { ORDERS_0_1_1:
        Refused [
            "it needs `acme:orders/customers@0.1.1`, and this application has 0.1.0: upgrade the \
             application",
        ]
        Runs [
            "newcomers: ask Cid for an address",
            "1 Ann: paid",
            "2 Bob: open",
            "3 Cid: held, a new customer",
            "4 Ann: open",
        ]
        Refused [
            "it was built for `acme:orders/customers@0.1.1`, and this application has 0.2.0: \
             upgrade the plugin",
            "it was built for `acme:orders/shop@0.1.1`, and this application has 0.2.0: upgrade \
             the plugin",
            "it was built for `acme:orders/review@0.1.1`, and this application has 0.2.0: \
             upgrade the plugin",
        ]
    }
}

#[test]
fn a_plugin_of_the_next_track_runs_on_that_alone() {
    on_hosts! { ORDERS_0_2_0:
        Refused [
            "it needs `acme:orders/shop@0.2.0`, and this application has 0.1.0: upgrade the \
             application",
            "it needs `acme:orders/review@0.2.0`, and this application has 0.1.0: upgrade the \
             application",
        ]
        Refused [
            "it needs `acme:orders/shop@0.2.0`, and this application has 0.1.1: upgrade the \
             application",
            "it needs `acme:orders/review@0.2.0`, and this application has 0.1.1: upgrade the \
             application",
        ]
        Runs [
            "warehouses: 2 says: a gift",
            "warehouses: 3 left as JJD7",
            "warehouses: 4 says: nothing",
            "1 Ann: paid",
            "2 Bob: held, too little tea in overseas",
            "3 Cid: shipped, JJD7",
            "4 Dora: held, too little tea in main",
            "5 Ann: open",
        ]
    }
}

#[test]
fn a_refusal_names_the_plugin_and_every_reason() {
    let plugin = Installed::new(test_guests::ORDERS_0_2_0);
    let error = plugin.load_without_file::<v0_1_0::OrdersPlugin<Desk>>();
    assert_eq!(
        error.to_string(),
        "plugin `orders-0-2-0`: it needs `acme:orders/shop@0.2.0`, and this application has \
         0.1.0: upgrade the application; it needs `acme:orders/review@0.2.0`, and this \
         application has 0.1.0: upgrade the application"
    );
    assert_eq!(error.blame(), Blame::Mismatch);
}

/// Shows that a refusal without the file is one before compiling.
#[test]
fn what_fits_is_not_compiled_without_its_file() {
    let plugin = Installed::new(test_guests::ORDERS_0_1_0);
    let error = plugin.load_without_file::<v0_1_0::OrdersPlugin<Desk>>();
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
}
