//! Writes a catalogue in the form in which it was read.

use std::io::{Read, Write};

use super::dialect::BYTE_ORDER_MARK;
use super::{Batch, CatalogueError, Reader, RowCounts};

/// A catalogue that is being written.
///
/// Has to be [finished](Self::finish): that is what finds out whether all of it
/// was written.
#[derive(Debug)]
pub(crate) struct Writer<W: Write> {
    output: csv::Writer<W>,
    counts: RowCounts,
}

impl<W: Write> Writer<W> {
    /// Writes the header that the reader found.
    ///
    /// # Errors
    ///
    /// Where the output fails.
    pub(crate) fn new<R: Read>(mut output: W, reader: &Reader<R>) -> Result<Self, CatalogueError> {
        let dialect = reader.dialect();
        if dialect.byte_order_mark {
            output
                .write_all(BYTE_ORDER_MARK)
                .map_err(CatalogueError::Write)?;
        }
        let mut output = csv::WriterBuilder::new()
            .flexible(true)
            .quote_style(csv::QuoteStyle::Necessary)
            .terminator(dialect.terminator())
            .from_writer(output);
        output
            .write_byte_record(reader.columns().names.as_byte_record())
            .map_err(CatalogueError::writing)?;
        Ok(Self {
            output,
            counts: RowCounts::default(),
        })
    }

    /// Writes what a batch became.
    ///
    /// # Errors
    ///
    /// Where the output fails.
    pub(crate) fn write(&mut self, batch: &Batch) -> Result<(), CatalogueError> {
        for line in batch.lines() {
            match line.changed() {
                None => self.output.write_byte_record(line.record.as_byte_record()),
                Some(cells) => self.output.write_record(&cells),
            }
            .map_err(CatalogueError::writing)?;
            self.counts.rows_out += 1;
        }
        self.counts.rows_in += batch.rows_in();
        self.counts.rows_removed += batch.rows_removed();
        Ok(())
    }

    /// Writes what is still buffered, and accounts for all rows of the input.
    ///
    /// # Errors
    ///
    /// Where the output fails, or where a row that was read was neither written
    /// nor removed by a plugin, be it for a batch that was never written.
    pub(crate) fn finish<R: Read>(
        mut self,
        reader: &Reader<R>,
    ) -> Result<RowCounts, CatalogueError> {
        self.output.flush().map_err(CatalogueError::Write)?;
        let counts = RowCounts {
            rows_in: reader.rows(),
            ..self.counts
        };
        if counts.balance() {
            Ok(counts)
        } else {
            Err(CatalogueError::RowsLost(counts))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::num::NonZeroUsize;

    use super::*;
    use crate::bindings::types::Product;
    use crate::catalogue::fixture::{ALL, Plugin, batch, cells, rewrite, rewrite_in_batches};
    use crate::catalogue::generate;

    /// Files in every form that is to survive.
    const FILES: [&str; 12] = [
        "Handle,Title\n",
        "Handle,Title\r\n",
        "Handle\nmug\nlamp\n",
        "Handle,Title,Variant Price\nmug,Mug,50\nmug,,9.9\n,,\nlamp,Lamp,\"1,000.00\"\n",
        "\u{feff}Handle,Title\r\nmug,\"Mug, \"\"big\"\"\"\r\n",
        "Handle,Title,Body (HTML)\nmug,Mug,\"<p>one\ntwo</p>\r\n\"\nlamp,Lamp,\"\n\"\n",
        "Variant Price,Shelf,Handle,Shelf\n 1 ,a,mug,b\n,c,mug,d\n",
        "Handle,Title,Tags\nmug\nlamp,Lamp,\"a,b , c,,\",more,and more\n",
        "Handle,Variant Price,Image Src\nmug,1,a\nmug,,b\nmug,2,c\nmug,,d\nmug,,e\n",
        "Handle,Variant Price\nmug,1\nlamp,1\nmug,1\n",
        "Handle,Variant Grams,Variant Inventory Qty\nmug,500.0,many\nmug,0.5,-3\n",
        "Handle,Title\n\"mug\",5\" wide\n東京,\"Größe\"\n",
    ];

    #[test]
    fn an_unchanged_file_is_written_cell_by_cell_as_it_was() {
        let mut generated = Vec::new();
        generate(300, 5, &mut generated).expect("a vector can be written");
        let generated = String::from_utf8(generated).expect("cells are UTF-8");
        let files = FILES.iter().copied().chain([generated.as_str()]);
        let keep: Plugin<'_> = &|_| ();
        for file in files {
            for size in [1, 2, 1_000] {
                let size = NonZeroUsize::new(size).expect("a batch takes a product");
                let written = rewrite_in_batches(file, size, &[keep, keep]);
                assert_eq!(cells(&written), cells(file), "{written:?}");
            }
        }
    }

    #[test]
    fn what_is_written_reads_back_as_what_was_handed_back() {
        let mut generated = Vec::new();
        generate(200, 11, &mut generated).expect("a vector can be written");
        let generated = String::from_utf8(generated).expect("cells are UTF-8");
        for round in 0..20 {
            // Anything that drops, reorders and changes, by the ids as dice.
            let dice = |row: u64, sides: u64| (row.rotate_left(round * 3) >> 7) % sides;
            let shuffle = |products: &mut Vec<Product>| {
                products.retain(|product| dice(product.variants[0].row, 9) > 0);
                products.sort_by_key(|product| dice(product.variants[0].row, 40));
                for product in products {
                    let last = product.variants[product.variants.len() - 1].row;
                    product
                        .variants
                        .retain(|variant| variant.row == last || dice(variant.row, 3) > 0);
                    product.variants.sort_by_key(|variant| dice(variant.row, 7));
                    match dice(last, 6) {
                        0 => product.handle.push_str("-new"),
                        1 => product.title = "\"New\", and\nbetter".to_owned(),
                        2 => product.tags = vec![" new ".to_owned(), "a,b".to_owned()],
                        3 => product.description.clear(),
                        _ => {}
                    }
                    for variant in &mut product.variants {
                        match dice(variant.row, 5) {
                            0 => variant.price = Some(1),
                            1 => variant.sku = None,
                            2 => variant.quantity = Some(-1),
                            3 => variant.weight = variant.weight.map(|weight| weight + 1),
                            _ => {}
                        }
                    }
                }
            };
            let mut left = batch(&generated);
            for _ in 0..2 {
                let mut products = left.products();
                shuffle(&mut products);
                left.apply(products).expect("it keeps the rules");
            }
            let written = rewrite(&generated, &[&shuffle, &shuffle]);
            assert_eq!(values(&batch(&written)), values(&left));
        }
    }

    /// A batch without its row ids, as text to compare.
    fn values(batch: &Batch) -> Vec<String> {
        let mut products = batch.products();
        let variants = products
            .iter_mut()
            .flat_map(|product| &mut product.variants);
        variants.for_each(|variant| variant.row = 0);
        products
            .iter()
            .map(|product| format!("{product:?}"))
            .collect()
    }

    #[test]
    fn lines_end_as_they_did_in_the_input() {
        let file = "\u{feff}Handle,Title\r\nmug,\"a\nb\"\r\n";
        assert_eq!(rewrite(file, &[]), file);
        let file = "Handle,Title\nmug,\"a\r\nb\"\n";
        assert_eq!(rewrite(file, &[]), file);
    }

    #[test]
    fn an_input_without_rows_is_written_as_its_header() {
        assert_eq!(rewrite("Handle,Shelf,Shelf", &[]), "Handle,Shelf,Shelf\n");
    }

    #[test]
    fn every_row_is_written_or_removed() {
        let file = "Handle,Variant Price\na,1\na,2\na,\nb,1\nb,2\nc,1\n";
        let mut reader = Reader::new(file.as_bytes()).expect("the header is in order");
        let mut writer = Writer::new(io::sink(), &reader).expect("a sink can be written");
        let mut batch = reader
            .next_batch(ALL)
            .expect("the rows are in order")
            .expect("there is a product");
        let mut products = batch.products();
        products.remove(2);
        products[0].variants.remove(0);
        products[1].variants.clear();
        batch.apply(products).expect("it keeps the rules");
        writer.write(&batch).expect("a sink can be written");
        let counts = RowCounts {
            rows_in: 6,
            rows_out: 2,
            rows_removed: 4,
        };
        let finished = writer.finish(&reader).expect("all rows are accounted for");
        assert_eq!(finished, counts);
    }

    #[test]
    fn a_batch_that_was_never_written_is_noticed() {
        let file = "Handle,Variant Price\na,1\nb,1\n";
        let mut reader = Reader::new(file.as_bytes()).expect("the header is in order");
        let writer = Writer::new(io::sink(), &reader).expect("a sink can be written");
        reader.next_batch(ALL).expect("the rows are in order");
        let error = writer.finish(&reader).expect_err("two rows are missing");
        let counts = RowCounts {
            rows_in: 2,
            rows_out: 0,
            rows_removed: 0,
        };
        assert!(matches!(error, CatalogueError::RowsLost(lost) if lost == counts));
    }

    #[test]
    fn a_full_disk_is_noticed_at_the_end_at_the_latest() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        // Short output fails when it is flushed, long output when it is written.
        for header in ["Handle".to_owned(), "Handle,".repeat(10_000)] {
            let reader = Reader::new(header.as_bytes()).expect("the header is in order");
            let error = Writer::new(Full, &reader)
                .and_then(|writer| writer.finish(&reader))
                .expect_err("the disk is full");
            assert!(matches!(
                error,
                CatalogueError::Write(cause) if cause.kind() == io::ErrorKind::StorageFull
            ));
        }
    }
}
