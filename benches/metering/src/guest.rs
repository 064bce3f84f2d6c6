//! The jobs as a plugin.

use crate::work::Work;
use std::cell::RefCell;

plugin_sdk::generate!({ path: "wit", world: "work" });

thread_local! {
    static WORK: RefCell<Option<Work>> = const { RefCell::new(None) };
}

struct Worker;

impl Guest for Worker {
    fn prepare(job: Job) {
        let work = match job {
            Job::Sort => Work::sort(),
            Job::Hash => Work::hash(),
            Job::Parse => Work::parse(),
            Job::Blur => Work::blur(),
        };
        WORK.set(Some(work));
    }

    fn run() -> u64 {
        WORK.with_borrow(|work| work.as_ref().map_or(0, Work::run))
    }
}

plugin_sdk::export!(Worker);
