//! Reads, keeps and makes documents of the application's.

plugin_sdk::generate!({ path: "../../wit/docs", world: "docs" });

use check::{Note, NoteBorrow};
use document::Stamp;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

struct Docs;

static CALLS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static KEPT: RefCell<Vec<Doc>> = const { RefCell::new(Vec::new()) };
}

fn keep(doc: Doc) {
    KEPT.with_borrow_mut(|kept| kept.push(doc));
}

struct Noted {
    text: String,
    attached: RefCell<Vec<Doc>>,
}

impl check::GuestNote for Noted {
    fn new(doc: &Doc) -> Self {
        Self {
            text: doc.title(),
            attached: RefCell::default(),
        }
    }

    fn text(&self) -> String {
        let attached = self.attached.borrow();
        let titles = attached.iter().map(|doc| format!(" + {}", doc.title()));
        self.text.clone() + &titles.collect::<String>()
    }

    fn attach(&self, doc: Doc) {
        self.attached.borrow_mut().push(doc);
    }
}

impl check::Guest for Docs {
    type Note = Noted;

    fn read(doc: &Doc) -> String {
        doc.title()
    }

    fn rename(doc: &Doc, title: String) {
        doc.rename(&title);
    }

    fn read_some(doc: Option<&Doc>) -> String {
        document::title_of(doc)
    }

    fn read_both(a: &Doc, b: &Doc) -> Vec<String> {
        document::titles(&[a, b])
    }

    fn keep(doc: Doc) {
        keep(doc);
    }

    fn keep_some(doc: Option<Doc>) -> u32 {
        doc.map_or(0, |doc| {
            keep(doc);
            1
        })
    }

    fn keep_all(docs: Vec<Doc>) -> u32 {
        let count = docs.len() as u32;
        docs.into_iter().for_each(keep);
        count
    }

    fn forget() -> u32 {
        KEPT.take().len() as u32
    }

    fn compare(note: NoteBorrow<'_>, doc: &Doc) -> bool {
        note.get::<Noted>().text == doc.title()
    }

    fn make(title: String) -> Doc {
        Doc::new(&title)
    }

    fn give_back(fails: bool) -> Result<Vec<(Doc, String)>, Option<Doc>> {
        let mut kept = KEPT.take();
        if fails {
            return Err(kept.pop());
        }
        let named = |doc: Doc| {
            let title = doc.title();
            (doc, title)
        };
        Ok(kept.into_iter().map(named).collect())
    }

    fn noted(doc: Doc) -> (Note, Doc) {
        let text = doc.title();
        let attached = RefCell::default();
        (Note::new(Noted { text, attached }), doc)
    }

    fn copy(doc: Doc, count: u32) -> Vec<String> {
        let copies = Doc::copies(doc, count);
        copies.iter().map(Doc::title).collect()
    }

    fn bind(titles: Vec<String>) -> Result<String, String> {
        let docs = titles.iter().map(|title| (title.clone(), Doc::new(title)));
        let (bound, count) = document::bind(docs.collect())?;
        Ok(format!("{count}: {}", bound.title()))
    }

    fn find(title: String) -> String {
        document::find(&title).map_or_else(|| "nothing".to_owned(), |doc| doc.title())
    }

    fn open(title: String) -> String {
        document::open(&title).title()
    }

    fn append_to_itself(doc: &Doc) {
        doc.append(doc);
    }

    fn stamped(stamp: Stamp) -> Stamp {
        stamp
    }

    fn fail(doc: &Doc) {
        panic!("{} fails", doc.title());
    }

    fn fail_with(doc: Doc) {
        keep(doc);
        panic!("it fails with what it owns");
    }

    fn count() -> u32 {
        CALLS.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl Guest for Docs {
    fn review(doc: &Doc) -> String {
        sign(doc)
    }
}

plugin_sdk::export!(Docs);
