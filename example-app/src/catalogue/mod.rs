//! The product file that Shopify exports: read in batches, changed by plugins,
//! written back.
//!
//! Knows rows, cells and values, and the rules that `catalog.wit` states for
//! what plugins hand back. Knows nothing of plugins themselves, of files or of
//! the terminal.
//!
//! [`Reader`] groups rows into products and hands them out as [`Batch`]es.
//! [`Batch::apply`] takes what a plugin made of one, and [`Writer`] lays the
//! products out over rows again.

mod batch;
mod cell;
mod changes;
mod columns;
mod dialect;
mod error;
mod fault;
#[cfg(test)]
mod fixture;
mod generate;
mod group;
mod layout;
mod ledger;
mod line;
mod quotes;
mod reader;
mod row_counts;
mod row_ids;
mod text;
mod values;
mod writer;

pub(crate) use batch::Batch;
pub(crate) use error::CatalogueError;
pub(crate) use generate::generate;
pub(crate) use reader::Reader;
pub(crate) use row_counts::RowCounts;
pub(crate) use writer::Writer;
