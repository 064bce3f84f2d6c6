//! One row on its way out: the cells as they were read, and what changed.

use csv::StringRecord;

use super::columns;

/// A row to write.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The row as it was read.
    pub(super) record: &'a StringRecord,
    /// The new texts, by column. No cell is set twice.
    edits: Vec<(usize, String)>,
}

impl<'a> Line<'a> {
    /// A row that is written as it was read.
    pub(super) fn new(record: &'a StringRecord) -> Self {
        Self {
            record,
            edits: Vec::new(),
        }
    }

    /// The text of one cell as it was read.
    pub(super) fn original(&self, column: usize) -> &'a str {
        columns::cell(self.record, Some(column))
    }

    /// Gives a cell another text. A row that ends before the column becomes
    /// longer only where there is something to write.
    pub(super) fn set(&mut self, column: usize, text: &str) {
        if self.original(column) != text {
            self.edits.push((column, text.to_owned()));
        }
    }

    /// The changed cells, or none where the record can be written as it is.
    pub(super) fn changed(&self) -> Option<Vec<&str>> {
        if self.edits.is_empty() {
            return None;
        }
        let mut cells: Vec<&str> = self.record.iter().collect();
        for (column, text) in &self.edits {
            if cells.len() <= *column {
                cells.resize(column + 1, "");
            }
            cells[*column] = text;
        }
        Some(cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_set_to_its_own_text_is_no_change() {
        let record = StringRecord::from(vec!["mug", "Mug"]);
        let mut line = Line::new(&record);
        line.set(1, "Mug");
        line.set(5, "");
        assert_eq!(line.changed(), None);
    }

    #[test]
    fn a_short_row_grows_to_the_changed_column() {
        let record = StringRecord::from(vec!["mug"]);
        let mut line = Line::new(&record);
        line.set(2, "9.99");
        assert_eq!(line.changed(), Some(vec!["mug", "", "9.99"]));
    }
}
