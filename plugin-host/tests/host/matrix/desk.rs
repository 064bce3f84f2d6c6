//! The application behind every version of the interface.

use plugin_host::resource::{Resource, ResourceTable};

#[derive(Default)]
pub(crate) struct Desk {
    journals: ResourceTable,
    /// What plugins wrote, under the titles of their journals.
    pub(super) written: Vec<String>,
}

/// What a plugin's handles to journals stand for.
pub(crate) struct Journal {
    title: String,
}

impl Desk {
    pub(super) fn stock(&self, sku: &str, warehouse: &str) -> u32 {
        match (sku, warehouse) {
            ("tea", "main") => 10,
            _ => 0,
        }
    }

    pub(super) fn is_known(&self, customer: &str) -> bool {
        ["Ann", "Bob"].contains(&customer)
    }

    pub(super) fn open(&mut self, title: String) -> Resource<Journal> {
        let opened = self.journals.push(Journal { title });
        opened.expect("there is room")
    }

    pub(super) fn write(&mut self, journal: &Resource<Journal>, text: &str) {
        let journal = self.journals.get(journal).expect("the handle is live");
        self.written.push(format!("{}: {text}", journal.title));
    }

    pub(super) fn close(&mut self, journal: Resource<Journal>) {
        self.journals.delete(journal).expect("the handle is live");
    }
}
