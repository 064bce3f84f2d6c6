//! Resources that live in the application: how they are lent, given, made and
//! returned.

mod lists;
mod stale;

use plugin_host::{Blame, Candidate, ErrorKind, Host, Lent, Loader, Plugin, Prepared};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

plugin_host::world! {
    path: "tests/wit/docs",
    world: "docs",
    with: {
        "test:docs/document.doc": crate::lent::Page,
        "test:docs/document.stamp": crate::lent::Stamp,
    },
    fallible: ["document.open"],
    error: Burnt,
}

/// A document, which tells when it ends.
#[derive(Debug)]
pub(crate) struct Page {
    title: String,
    ends: Arc<AtomicUsize>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.ends.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Stamp(u32);

#[derive(Debug)]
pub(crate) struct Burnt;

impl fmt::Display for Burnt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the archive burnt down")
    }
}

impl std::error::Error for Burnt {}

#[derive(Default)]
struct Desk {
    ends: Arc<AtomicUsize>,
    /// The titles of what the guest dropped.
    dropped: Vec<String>,
}

impl Desk {
    fn page(&self, title: &str) -> Page {
        page(title, &self.ends)
    }
}

impl document::Host for Desk {
    fn titles(&mut self, docs: Vec<&mut Page>) -> Vec<String> {
        docs.iter().map(|doc| doc.title.clone()).collect()
    }

    fn title_of(&mut self, doc: Option<&mut Page>) -> String {
        doc.map_or_else(|| "nothing".to_owned(), |doc| doc.title.clone())
    }

    fn find(&mut self, title: String) -> Option<Page> {
        (title != "nothing").then(|| self.page(&title))
    }

    fn bind(&mut self, docs: Vec<(String, Page)>) -> Result<(Page, u32), String> {
        let mut bound = String::new();
        let count = docs.len() as u32;
        for (name, doc) in docs {
            if doc.title == "none" {
                return Err(format!("{name} is missing"));
            }
            bound += &doc.title;
        }
        Ok((self.page(&bound), count))
    }

    fn open(&mut self, title: String) -> Result<Page, Burnt> {
        match title.as_str() {
            "ashes" => Err(Burnt),
            title => Ok(self.page(title)),
        }
    }
}

impl document::HostDoc for Desk {
    fn new(&mut self, title: String) -> Page {
        self.page(&title)
    }

    fn title(&mut self, doc: &mut Page) -> String {
        assert_ne!(doc.title, "host", "the application's own");
        doc.title.clone()
    }

    fn rename(&mut self, doc: &mut Page, title: String) {
        doc.title = title;
    }

    fn append(&mut self, doc: &mut Page, other: &mut Page) {
        doc.title += &other.title;
    }

    fn copies(&mut self, doc: Page, count: u32) -> Vec<Page> {
        (0..count).map(|_| self.page(&doc.title)).collect()
    }

    fn drop(&mut self, doc: Page) {
        self.dropped.push(doc.title.clone());
    }
}

impl document::HostStamp for Desk {}

impl DocsDocsImports for Desk {
    fn sign(&mut self, doc: &mut Page) -> String {
        doc.title += ", signed";
        doc.title.clone()
    }
}

type Docs = Plugin<DocsDocs<Desk>>;

fn page(title: &str, ends: &Arc<AtomicUsize>) -> Page {
    Page {
        title: title.to_owned(),
        ends: Arc::clone(ends),
    }
}

fn loader() -> Loader {
    let host = Host::builder().build().expect("the engine starts");
    let bytes = std::fs::read(test_guests::DOCS).expect("the guest was built");
    host.plugin(&Candidate::from_bytes("docs", bytes).expect("it is a component"))
}

/// A fresh plugin; compiled once for all tests.
fn plugin() -> Docs {
    static PREPARED: LazyLock<Prepared<DocsDocs<Desk>>> = LazyLock::new(|| {
        let prepared = loader().prepare();
        prepared.expect("it fits")
    });
    PREPARED.start().expect("it starts")
}

fn state(plugin: &mut Docs) -> &mut Desk {
    Plugin::state(plugin).expect("there is an instance")
}

/// A page, which counts among the ends of those of the plugin's.
fn new(plugin: &mut Docs, title: &str) -> Page {
    state(plugin).page(title)
}

fn lend(plugin: &mut Docs, title: &str) -> Lent<Page> {
    let page = new(plugin, title);
    Lent::new(plugin, page).expect("there is an instance")
}

fn ends(plugin: &mut Docs) -> usize {
    state(plugin).ends.load(Ordering::Relaxed)
}

#[test]
fn a_page_is_lent_read_changed_and_taken_back() {
    let mut plugin = plugin();
    let lent = lend(&mut plugin, "minutes");
    assert_eq!(plugin.check().read(&lent).expect("it succeeds"), "minutes");
    let renamed = plugin.check().rename(&lent, "Minutes");
    renamed.expect("it succeeds");
    let there = lent.get(&mut plugin).expect("its instance is there");
    assert_eq!(there.title, "Minutes");
    there.title += " of May";
    assert_eq!(
        plugin.review(&lent).expect("it succeeds"),
        "Minutes of May, signed"
    );
    let page = lent.take(&mut plugin).expect("its instance is there");
    assert_eq!(page.title, "Minutes of May, signed");
    assert_eq!(ends(&mut plugin), 0);
}

#[test]
fn pages_are_lent_and_given_alone_in_options_and_in_lists() {
    let mut plugin = plugin();
    let (a, b) = (lend(&mut plugin, "a"), lend(&mut plugin, "b"));
    let mut check = plugin.check();
    assert_eq!(check.read_some(Some(&a)).expect("it succeeds"), "a");
    assert_eq!(check.read_some(None).expect("it succeeds"), "nothing");
    assert_eq!(check.read_both(&a, &b).expect("it succeeds"), ["a", "b"]);

    let [c, d, e, f] = ["c", "d", "e", "f"].map(|title| new(&mut plugin, title));
    let mut check = plugin.check();
    check.keep(c).expect("it succeeds");
    assert_eq!(check.keep_some(Some(d)).expect("it succeeds"), 1);
    assert_eq!(check.keep_some(None).expect("it succeeds"), 0);
    assert_eq!(check.keep_all(vec![e, f]).expect("it succeeds"), 2);
    assert_eq!(ends(&mut plugin), 0);
    assert_eq!(plugin.check().forget().expect("it succeeds"), 4);
    assert_eq!(state(&mut plugin).dropped, ["c", "d", "e", "f"]);
    assert_eq!(ends(&mut plugin), 4);
}

#[test]
fn pages_come_back_in_every_composition() {
    let mut plugin = plugin();
    let made = plugin.check().make("new").expect("it succeeds");
    assert_eq!(made.title, "new");
    let pages = ["a", "b", "c"].map(|title| new(&mut plugin, title));
    let kept = plugin.check().keep_all(pages.into());
    assert_eq!(kept.expect("it succeeds"), 3);
    let error = plugin.check().give_back(true).expect("it succeeds");
    let last = error
        .expect_err("it was asked to fail")
        .expect("there is one");
    assert_eq!(last.title, "c");
    assert_eq!(state(&mut plugin).dropped, ["a", "b"]);

    plugin.check().keep(last).expect("it succeeds");
    let back = plugin.check().give_back(false).expect("it succeeds");
    let back = back.unwrap_or_default();
    assert_eq!((&*back[0].0.title, &*back[0].1, back.len()), ("c", "c", 1));
    let stamp = plugin.check().stamped(Stamp(7)).expect("it succeeds");
    assert_eq!(stamp, Stamp(7));
}

#[test]
fn functions_of_the_application_take_and_return_pages_in_every_composition() {
    let mut plugin = plugin();
    let page = new(&mut plugin, "a");
    let mut check = plugin.check();
    assert_eq!(check.copy(page, 2).expect("it succeeds"), ["a", "a"]);
    let bound = check.bind(&["a".into(), "b".into()]).expect("it succeeds");
    assert_eq!(bound.as_deref(), Ok("2: ab"));
    let bound = check.bind(&["none".into()]).expect("it succeeds");
    assert_eq!(bound, Err("none is missing".to_owned()));
    assert_eq!(check.find("a").expect("it succeeds"), "a");
    assert_eq!(check.find("nothing").expect("it succeeds"), "nothing");
    assert_eq!(check.open("b").expect("it succeeds"), "b");
    let error = check.open("ashes").expect_err("the application fails");
    assert!(error.application_error::<Burnt>().is_some());
}

#[test]
fn the_guests_resources_and_the_applications_go_side_by_side() {
    let mut plugin = plugin();
    let (a, b) = (lend(&mut plugin, "a"), lend(&mut plugin, "b"));
    let note = plugin.check().note().new(&a).expect("it succeeds");
    let mut check = plugin.check();
    assert!(check.compare(&note, &a).expect("it succeeds"));
    assert!(!check.compare(&note, &b).expect("it succeeds"));
    let page = b.take(&mut plugin).expect("its instance is there");
    let mut check = plugin.check();
    check.note().attach(&note, page).expect("it succeeds");
    assert_eq!(check.note().text(&note).expect("it succeeds"), "a + b");

    let page = a.take(&mut plugin).expect("its instance is there");
    let (note, page) = plugin.check().noted(page).expect("it succeeds");
    let lent = Lent::new(&mut plugin, page).expect("there is an instance");
    let mut check = plugin.check();
    assert!(check.compare(&note, &lent).expect("it succeeds"));
    let mut other = self::plugin();
    let theirs = lend(&mut other, "a");
    let error = plugin.check().compare(&note, &theirs);
    let error = error.expect_err("it is lent to another plugin");
    assert!(
        matches!(error.kind(), ErrorKind::StaleHandle { resource, .. } if resource == "doc"),
        "{error}"
    );
}

#[test]
fn what_is_given_ends_when_the_guest_drops_it_or_with_the_instance() {
    let mut plugin = plugin();
    let page = new(&mut plugin, "given");
    plugin.check().keep(page).expect("it succeeds");
    assert_eq!(plugin.check().forget().expect("it succeeds"), 1);
    assert_eq!(ends(&mut plugin), 1);

    let all = Arc::clone(&state(&mut plugin).ends);
    let page = new(&mut plugin, "given to a call that fails");
    plugin.check().fail_with(page).expect_err("it panics");
    assert_eq!(all.load(Ordering::Relaxed), 2);

    let all = Arc::clone(&state(&mut plugin).ends);
    let page = new(&mut plugin, "kept");
    plugin.check().keep(page).expect("it succeeds");
    drop(plugin);
    assert_eq!(all.load(Ordering::Relaxed), 1);
}

#[test]
fn what_is_given_to_a_refused_call_ends() {
    let (mut plugin, mut other) = (plugin(), plugin());
    let (note, theirs) = {
        let page = new(&mut plugin, "a");
        let (_, page) = plugin.check().noted(page).expect("it succeeds");
        let lent = lend(&mut other, "b");
        (other.check().note().new(&lent).expect("it succeeds"), page)
    };
    let error = plugin.check().note().attach(&note, theirs);
    error.expect_err("the note is another plugin's");
    assert_eq!(ends(&mut plugin), 1);
}

#[test]
fn the_page_of_a_handle_that_was_dropped_ends_when_one_is_lent_next() {
    let mut plugin = plugin();
    for _ in 0..1_000 {
        drop(lend(&mut plugin, "dropped"));
    }
    assert_eq!(ends(&mut plugin), 999);
    let lent = lend(&mut plugin, "lent");
    assert_eq!(ends(&mut plugin), 1_000);
    drop(lend(&mut plugin, "dropped"));
    assert_eq!(plugin.check().read(&lent).expect("it succeeds"), "lent");
    assert_eq!(ends(&mut plugin), 1_001);

    let dropped = std::thread::spawn(move || drop(lent)).join();
    dropped.expect("nothing panics");
    let used = Plugin::total_usage(&plugin).calls;
    Plugin::drop_resources(&mut plugin).expect("there is nothing to fail");
    assert_eq!(ends(&mut plugin), 1_002);
    let calls = Plugin::total_usage(&plugin).calls;
    assert_eq!(calls, used, "the guest is not entered");
    let dropped = &state(&mut plugin).dropped;
    assert!(dropped.is_empty(), "the guest owned none");
}

#[test]
fn taking_a_page_back_leaves_what_has_its_number_next() {
    let mut plugin = plugin();
    let first = lend(&mut plugin, "first");
    drop(first.take(&mut plugin).expect("its instance is there"));
    let second = lend(&mut plugin, "second");
    Plugin::drop_resources(&mut plugin).expect("there is nothing to do");
    assert_eq!(plugin.check().read(&second).expect("it is there"), "second");
}

#[test]
fn a_guest_that_passes_one_page_twice_is_told_so() {
    let mut plugin = plugin();
    let lent = lend(&mut plugin, "a");
    let error = plugin.check().append_to_itself(&lent);
    let error = error.expect_err("one page is not two");
    assert_eq!(error.blame(), Blame::Plugin);
    assert_eq!(
        error.to_string(),
        "plugin `docs`: `check.append-to-itself` failed: it passed one resource to \
         `document.doc.append` twice in one call; report this to its author"
    );
}
