//! The application behind every version of the interface.

#[derive(Default)]
pub(crate) struct Desk {
    /// What plugins wrote, under the titles of their journals.
    pub(super) written: Vec<String>,
}

/// What a plugin's handles to journals stand for.
pub(crate) struct Journal {
    pub(super) title: String,
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

    pub(super) fn write(&mut self, journal: &Journal, text: &str) {
        self.written.push(format!("{}: {text}", journal.title));
    }
}
