//! Reads a catalogue in batches.
//!
//! Holds one batch and the row after it, however long the input is.

use std::io::{Chain, Cursor, Read};
use std::num::NonZeroUsize;
use std::sync::Arc;

use csv::StringRecord;

use super::columns::{self, Columns};
use super::dialect::{BYTE_ORDER_MARK, Dialect};
use super::group::Group;
use super::quotes::Quotes;
use super::row_ids::RowIds;
use super::text::Text;
use super::{Batch, CatalogueError};

/// How much of the input may be looked at to recognise its line ends.
const HEAD: u64 = 64 * 1024;

/// A file from its start on, whose encoding and quotes are looked at.
type Checked<R> = Quotes<Text<Chain<Cursor<Vec<u8>>, R>>>;

/// A catalogue that is being read.
#[derive(Debug)]
pub(crate) struct Reader<R> {
    input: csv::Reader<Checked<R>>,
    dialect: Dialect,
    columns: Arc<Columns>,
    ids: RowIds,
    /// The row that showed that the product before it was complete.
    ahead: Option<StringRecord>,
    rows: u64,
}

impl<R: Read> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// If the input cannot be read, is not UTF-8, has quotes where CSV has none, or
    /// has no column `Handle`.
    pub(crate) fn new(mut input: R) -> Result<Self, CatalogueError> {
        let mut head = Vec::new();
        input
            .by_ref()
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(CatalogueError::Read)?;
        let dialect = Dialect::of(&head);
        if dialect.byte_order_mark {
            head.drain(..BYTE_ORDER_MARK.len());
        }
        let mut input = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Quotes::new(Text::new(Cursor::new(head).chain(input))));
        let names = read(&mut input, 0)?.unwrap_or_default();
        let columns = Columns::new(names).ok_or(CatalogueError::NoHandleColumn)?;
        Ok(Self {
            input,
            dialect,
            columns: Arc::new(columns),
            ids: RowIds::default(),
            ahead: None,
            rows: 0,
        })
    }

    /// The next `size` products with all of their rows, or fewer at the end;
    /// none where there are no more.
    ///
    /// # Errors
    ///
    /// If the input cannot be read, is not UTF-8, ends inside quotes, or its first
    /// row does not say which product it belongs to.
    pub(crate) fn next_batch(
        &mut self,
        size: NonZeroUsize,
    ) -> Result<Option<Batch>, CatalogueError> {
        let mut groups: Vec<Group> = Vec::new();
        while let Some(record) = self.next_row()? {
            let handle_column = Some(self.columns.handle);
            let handle = columns::cell(&record, handle_column);
            let full = groups.len() == size.get();
            match groups.last_mut() {
                Some(above) if handle.is_empty() || handle == above.own(handle_column) => {
                    above.push(record, &self.columns, &mut self.ids);
                }
                None if handle.is_empty() => return Err(CatalogueError::NoProduct),
                _ if full => {
                    self.ahead = Some(record);
                    break;
                }
                _ => groups.push(Group::new(record, &mut self.ids)),
            }
        }
        if groups.is_empty() {
            return Ok(None);
        }
        Ok(Some(Batch::new(Arc::clone(&self.columns), groups)))
    }

    /// How many rows were read into batches so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows - u64::from(self.ahead.is_some())
    }

    /// The columns, for a writer.
    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The form of the file, for a writer.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The row that was read ahead, or the next one.
    fn next_row(&mut self) -> Result<Option<StringRecord>, CatalogueError> {
        if let Some(record) = self.ahead.take() {
            return Ok(Some(record));
        }
        let record = read(&mut self.input, self.columns.names.len())?;
        self.rows += u64::from(record.is_some());
        Ok(record)
    }
}

/// Reads one record, expected to have about so many cells.
fn read<R: Read>(
    input: &mut csv::Reader<R>,
    cells: usize,
) -> Result<Option<StringRecord>, CatalogueError> {
    let mut record = StringRecord::with_capacity(512, cells);
    match input.read_record(&mut record) {
        Ok(true) => Ok(Some(record)),
        Ok(false) => Ok(None),
        Err(error) => Err(CatalogueError::reading(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::catalogue::fixture::{ALL, batch};

    /// The batches of a file, as their products' handles with row counts.
    fn batches(file: &str, size: usize) -> Vec<Vec<(String, usize)>> {
        let size = NonZeroUsize::new(size).expect("a batch takes a product");
        let mut reader = Reader::new(file.as_bytes()).expect("the header is in order");
        let mut batches = Vec::new();
        while let Some(batch) = reader.next_batch(size).expect("the rows are in order") {
            let products = batch.products().into_iter();
            batches.push(
                products
                    .map(|product| (product.handle, product.variants.len()))
                    .collect(),
            );
        }
        batches
    }

    /// Why a file is refused, be it for its header or for a row.
    fn refusal(file: impl AsRef<[u8]>) -> CatalogueError {
        match Reader::new(file.as_ref()) {
            Err(error) => error,
            Ok(mut reader) => reader.next_batch(ALL).expect_err("it should be refused"),
        }
    }

    #[test]
    fn consecutive_rows_with_one_handle_are_one_product() {
        let file = "Handle,Variant Price\nmug,1\nmug,2\nlamp,3\n";
        let expected = vec![("mug".to_owned(), 2), ("lamp".to_owned(), 1)];
        assert_eq!(batches(file, 10), [expected]);
    }

    #[test]
    fn an_empty_handle_continues_the_product_above() {
        let file = "Handle,Variant Price\nmug,1\n,2\n,3\nlamp,4\n";
        let expected = vec![("mug".to_owned(), 3), ("lamp".to_owned(), 1)];
        assert_eq!(batches(file, 10), [expected]);
    }

    #[test]
    fn a_handle_that_comes_again_later_is_another_product() {
        let file = "Handle,Variant Price\nmug,1\nlamp,2\nmug,3\n";
        let handles: Vec<_> = batch(file)
            .products()
            .into_iter()
            .map(|product| product.handle)
            .collect();
        assert_eq!(handles, ["mug", "lamp", "mug"]);
    }

    #[test]
    fn a_product_is_never_split_over_two_batches() {
        let file = "Handle,Variant Price\na,1\na,2\nb,1\n,2\n,3\nc,1\n";
        let of = |handle: &str, rows| (handle.to_owned(), rows);
        assert_eq!(batches(file, 1), [[of("a", 2)], [of("b", 3)], [of("c", 1)]]);
        assert_eq!(
            batches(file, 2),
            [vec![of("a", 2), of("b", 3)], vec![of("c", 1)]]
        );
        assert_eq!(batches(file, 3).len(), 1);
    }

    #[test]
    fn rows_are_counted_when_they_are_in_a_batch() {
        let file = "Handle,Variant Price\na,1\na,2\nb,1\n";
        let mut reader = Reader::new(file.as_bytes()).expect("the header is in order");
        assert_eq!(reader.rows(), 0);
        for rows in [2, 3, 3] {
            reader
                .next_batch(NonZeroUsize::MIN)
                .expect("the rows are in order");
            assert_eq!(reader.rows(), rows);
        }
    }

    #[test]
    fn a_header_alone_gives_no_batch() {
        for file in ["Handle,Title", "Handle,Title\n", "Handle,Title\r\n\r\n"] {
            assert!(batches(file, 1).is_empty(), "{file:?}");
        }
    }

    #[test]
    fn row_ids_are_unique_over_all_batches() {
        let file = "Handle,Variant Price\na,1\na,2\nb,1\nc,1\n";
        let mut reader = Reader::new(file.as_bytes()).expect("the header is in order");
        let mut ids = std::collections::HashSet::new();
        while let Some(batch) = reader
            .next_batch(NonZeroUsize::MIN)
            .expect("the rows are in order")
        {
            for product in batch.products() {
                ids.extend(product.variants.iter().map(|variant| variant.row));
            }
        }
        assert_eq!(ids.len(), 4);
    }

    #[test]
    fn values_come_from_their_columns_wherever_those_are() {
        let file = "Variant Price,Variant Image,Tags,Handle,Variant Grams,Title,Body (HTML),\
                    Vendor,Type,Variant SKU,Variant Compare At Price,Variant Inventory Qty\n\
                    9.99,i.jpg,\" a,b , c \",mug,500.0,A Mug,<p>Hot</p>,\
                    Acme,Mug,M-1,\"1,000.00\",-2\n";
        let product = batch(file).products().remove(0);
        assert_eq!(product.handle, "mug");
        assert_eq!(product.title, "A Mug");
        assert_eq!(product.description, "<p>Hot</p>");
        assert_eq!(product.vendor, "Acme");
        assert_eq!(product.product_type, "Mug");
        assert_eq!(product.tags, ["a", "b", "c"]);
        let variant = &product.variants[0];
        assert_eq!(variant.sku.as_deref(), Some("M-1"));
        assert_eq!(variant.price, Some(999));
        assert_eq!(variant.compare_at_price, None);
        assert_eq!(variant.quantity, Some(-2));
        assert_eq!(variant.weight, Some(500));
        assert_eq!(variant.image.as_deref(), Some("i.jpg"));
    }

    #[test]
    fn missing_columns_and_short_rows_give_no_values() {
        for file in ["Handle\nmug\n", "Handle,Title,Variant Price\nmug\n"] {
            let product = batch(file).products().remove(0);
            assert_eq!(product.title, "");
            assert!(product.tags.is_empty());
            assert_eq!(product.variants.len(), 1);
            assert_eq!(product.variants[0].price, None);
        }
    }

    #[test]
    fn what_is_said_of_the_product_comes_from_its_first_row() {
        let file = "Handle,Title\nmug,First\nmug,Second\n";
        assert_eq!(batch(file).products()[0].title, "First");
    }

    #[test]
    fn rows_with_only_an_image_are_no_variants() {
        let file = "Handle,Variant Price,Image Src\nmug,1,a.jpg\nmug,,b.jpg\nmug,2,\n";
        assert_eq!(batches(file, 1), [[("mug".to_owned(), 2)]]);
    }

    #[test]
    fn a_first_row_is_a_variant_even_if_it_says_nothing() {
        let file = "Handle,Variant Price,Image Src\nmug,,a.jpg\n";
        assert_eq!(batches(file, 1), [[("mug".to_owned(), 1)]]);
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_first_column() {
        let file = "\u{feff}Handle,Title\nmug,Mug\n";
        assert_eq!(batch(file).products()[0].handle, "mug");
    }

    #[test]
    fn an_endless_input_is_read_batch_by_batch() {
        let mut count = 0;
        let rows = std::iter::from_fn(|| {
            count += 1;
            Some(format!("mug-{count},Mug\n").into_bytes())
        });
        let file = b"Handle,Title\n".chain(Rows {
            rows,
            rest: io::Cursor::default(),
        });
        let mut reader = Reader::new(file).expect("the header is in order");
        for _ in 0..3 {
            let batch = reader.next_batch(ALL).expect("the rows are in order");
            assert_eq!(batch.expect("it never ends").rows_in(), 1_000);
        }
    }

    /// Reads rows as they are made up.
    struct Rows<I> {
        rows: I,
        rest: io::Cursor<Vec<u8>>,
    }

    impl<I: Iterator<Item = Vec<u8>>> Read for Rows<I> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.rest.position() == self.rest.get_ref().len() as u64 {
                self.rest = io::Cursor::new(self.rows.next().unwrap_or_default());
            }
            self.rest.read(buffer)
        }
    }

    #[test]
    fn a_file_without_a_handle_column_is_refused() {
        for file in ["", "\n", "Title,Price\nMug,1\n", "Handle;Title\nmug;Mug\n"] {
            let error = refusal(file);
            assert!(matches!(error, CatalogueError::NoHandleColumn), "{file:?}");
        }
    }

    #[test]
    fn a_first_row_without_a_handle_is_refused() {
        for file in [
            "Handle,Title\n,Mug\nmug,Mug\n",
            "Handle,Title\r\n,Mug\r\nmug,Mug\r\n",
        ] {
            let error = refusal(file);
            assert!(matches!(error, CatalogueError::NoProduct), "{error:?}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_with_their_line() {
        for (file, expected) in [
            (&b"Handle,T\xFCte\n"[..], 1),
            (b"Handle,Title\nmug,Mug\nt\xFCte,Bag\n", 3),
            (b"Handle,Title\r\nmug,Mug\r\nt\xFCte,Bag\r\n", 3),
            (b"Handle,Title\nmug,\"one\ntwo\nthr\xFCe\nfour\"\n", 4),
            (b"\xEF\xBB\xBFHandle,Title\nmug,T\xFCte", 2),
        ] {
            let error = refusal(file);
            assert!(
                matches!(error, CatalogueError::NotUtf8 { line } if line == expected),
                "{error:?} for {}",
                file.escape_ascii()
            );
        }
    }

    #[test]
    fn a_failing_input_is_reported_with_its_cause() {
        #[derive(Debug)]
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("disk on fire"))
            }
        }
        let error = Reader::new(Failing).expect_err("it should fail");
        assert!(
            matches!(&error, CatalogueError::Read(cause) if cause.to_string() == "disk on fire")
        );

        let long = "Handle,Title\n".to_owned() + &"mug,Mug\n".repeat(HEAD as usize);
        let mut reader =
            Reader::new(long.as_bytes().chain(Failing)).expect("the header is in order");
        let error = reader.next_batch(ALL).expect_err("it should fail");
        assert!(matches!(error, CatalogueError::Read(_)));
    }
}
