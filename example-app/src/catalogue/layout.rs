//! Lays one product out over its rows again.
//!
//! Three things stay together however variants were dropped or reordered: what
//! is said of the whole product stands on the row that is now first, an image's
//! row follows the variant's row that it followed, and a cell whose value did
//! not change keeps its text.

use crate::bindings::types::Product;

use super::columns::{Columns, Role};
use super::group::Group;
use super::line::Line;
use super::values::{write_handle, write_product, write_variant};

/// The rows of a product as they are to be written.
///
/// `kept` says which of the group's rows the product's variants are on, in
/// their new order; at least one.
pub(super) fn layout<'a>(
    columns: &Columns,
    group: &'a Group,
    product: &Product,
    kept: &[usize],
) -> Vec<Line<'a>> {
    let order = order(group, kept);
    let mut lines: Vec<Line<'a>> = order
        .iter()
        .map(|row| Line::new(&group.rows[*row].record))
        .collect();

    let mut variants = product.variants.iter();
    for (row, line) in order.iter().zip(&mut lines) {
        if group.rows[*row].id.is_some()
            && let Some(variant) = variants.next()
        {
            write_variant(columns, variant, line);
        }
    }

    write_handle(columns, group, product, &mut lines);
    write_product(columns, group, product, &mut lines[0]);
    // `order` starts with a variant's row, so 0 means that nothing moved.
    if order[0] != 0 {
        match order.iter().position(|row| *row == 0) {
            Some(place) => move_from_kept(columns, group, &mut lines, place),
            None => move_from_removed(columns, group, &mut lines),
        }
    }
    lines
}

/// The group's rows in the order in which they are written: the kept variants,
/// each followed by the images that follow it.
fn order(group: &Group, kept: &[usize]) -> Vec<usize> {
    let mut is_kept = vec![false; group.rows.len()];
    for row in kept {
        is_kept[*row] = true;
    }
    // Images below a dropped variant go to the kept one above it, or else to
    // the one that is now first.
    let mut images = vec![Vec::new(); group.rows.len()];
    let mut above = kept[0];
    for (index, row) in group.rows.iter().enumerate() {
        if row.id.is_none() {
            images[above].push(index);
        } else if is_kept[index] {
            above = index;
        }
    }
    let mut order = Vec::with_capacity(group.rows.len());
    for row in kept {
        order.push(*row);
        order.append(&mut images[*row]);
    }
    order
}

/// Moves what the group's first row says of the product to the row that is now
/// first, where that row does not speak for itself.
fn move_from_kept(columns: &Columns, group: &Group, lines: &mut [Line<'_>], place: usize) {
    for column in columns.of_role(Role::Product) {
        if lines[0].original(column).is_empty() {
            lines[place].set(column, "");
            fill(columns, group, &mut lines[0], column);
        }
    }
}

/// As [`move_from_kept`], where the group's first row is not written at all. Its
/// image leads the product's gallery, so it moves to the first row without one.
fn move_from_removed(columns: &Columns, group: &Group, lines: &mut [Line<'_>]) {
    for column in columns.of_role(Role::Product) {
        if lines[0].original(column).is_empty() {
            fill(columns, group, &mut lines[0], column);
        }
    }
    // The image's cells belong together: all of them move, or none.
    let mut images = columns.of_role(Role::Image);
    let free = |line: &&mut Line<'_>| {
        columns
            .of_role(Role::Image)
            .all(|column| line.original(column).is_empty())
    };
    if images.any(|column| !group.own(Some(column)).is_empty())
        && let Some(line) = lines.iter_mut().find(free)
    {
        for column in columns.of_role(Role::Image) {
            line.set(column, group.own(Some(column)));
        }
    }
}

/// Copies a cell of the group's first row. Those with values that plugins know
/// are written already.
fn fill(columns: &Columns, group: &Group, line: &mut Line<'_>, column: usize) {
    if !columns.is_product_value(column) {
        line.set(column, group.own(Some(column)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::fixture::{rewrite, rows_of};

    /// One product over four rows: three variants, the second followed by a row
    /// with only an image.
    const FILE: &str = "\
Handle,Title,Tags,Option1 Name,Option1 Value,Variant Price,Cost per item,Image Src,Image Position,Shelf
mug,Mug,\"hot,new\",Size,S,50,20,a.jpg,1,B-1
mug,,,,M,60.0,,,,
mug,,,,,,,b.jpg,2,
mug,,,,L,\"1,000.00\",,,,
";

    fn rows(plugin: impl Fn(&mut Product)) -> Vec<String> {
        rows_of(FILE, plugin)
    }

    #[test]
    fn a_removed_first_row_leaves_its_product_and_image_cells_to_the_next() {
        let rows = rows(|mug| {
            mug.variants.remove(0);
        });
        assert_eq!(
            rows,
            [
                "mug,Mug,\"hot,new\",Size,M,60.0,,a.jpg,1,B-1",
                "mug,,,,,,,b.jpg,2,",
                "mug,,,,L,\"1,000.00\",,,,",
            ]
        );
    }

    #[test]
    fn changed_product_values_stand_on_the_row_that_is_now_first() {
        let rows = rows(|mug| {
            mug.variants.remove(0);
            mug.title = "Cup".to_owned();
            mug.tags.clear();
        });
        assert_eq!(rows[0], "mug,Cup,,Size,M,60.0,,a.jpg,1,B-1");
    }

    #[test]
    fn an_image_moves_past_rows_that_have_their_own() {
        let file = "Handle,Variant Price,Image Src,Image Position,Image Alt Text\n\
                    mug,1,a.jpg,1,front\nmug,2,b.jpg,2,\nmug,3,,,\n";
        let rows = rows_of(file, |mug| {
            mug.variants.remove(0);
        });
        assert_eq!(rows, ["mug,2,b.jpg,2,", "mug,3,a.jpg,1,front"]);
    }

    #[test]
    fn an_image_that_finds_no_free_row_goes_with_its_own() {
        let file = "Handle,Variant Price,Image Src\nmug,1,a.jpg\nmug,2,b.jpg\n";
        let rows = rows_of(file, |mug| {
            mug.variants.remove(0);
        });
        assert_eq!(rows, ["mug,2,b.jpg"]);
    }

    #[test]
    fn cells_of_the_row_that_is_now_first_are_not_overwritten() {
        let file = "Handle,Title,Shelf,Variant Price\nmug,Mug,A,1\nmug,,B,2\n";
        let removed = rows_of(file, |mug| {
            mug.variants.remove(0);
        });
        assert_eq!(removed, ["mug,Mug,B,2"]);
        let reordered = rows_of(file, |mug| mug.variants.reverse());
        assert_eq!(reordered, ["mug,Mug,B,2", "mug,,A,1"]);
    }

    #[test]
    fn the_product_keeps_the_values_that_plugins_saw() {
        let file = "Handle,Title,Variant Price\nmug,Mug,1\nmug,Other,2\n";
        let removed = rows_of(file, |mug| {
            mug.variants.remove(0);
        });
        assert_eq!(removed, ["mug,Mug,2"]);
        let reordered = rows_of(file, |mug| mug.variants.reverse());
        assert_eq!(reordered, ["mug,Mug,2", "mug,Mug,1"]);
    }

    #[test]
    fn reordered_variants_leave_product_cells_first_and_images_in_place() {
        let rows = rows(|mug| mug.variants.reverse());
        assert_eq!(
            rows,
            [
                "mug,Mug,\"hot,new\",Size,L,\"1,000.00\",,,,B-1",
                "mug,,,,M,60.0,,,,",
                "mug,,,,,,,b.jpg,2,",
                "mug,,,,S,50,20,a.jpg,1,",
            ]
        );
    }

    #[test]
    fn images_of_a_removed_variant_follow_the_kept_one_above_it() {
        let rows = rows(|mug| {
            mug.variants.remove(1);
        });
        assert_eq!(
            rows,
            [
                "mug,Mug,\"hot,new\",Size,S,50,20,a.jpg,1,B-1",
                "mug,,,,,,,b.jpg,2,",
                "mug,,,,L,\"1,000.00\",,,,",
            ]
        );
    }

    #[test]
    fn images_without_a_kept_variant_above_follow_the_first() {
        let rows = rows(|mug| {
            mug.variants.drain(..2);
        });
        assert_eq!(
            rows,
            [
                "mug,Mug,\"hot,new\",Size,L,\"1,000.00\",,a.jpg,1,B-1",
                "mug,,,,,,,b.jpg,2,",
            ]
        );
    }

    #[test]
    fn the_first_is_the_one_that_is_now_first() {
        let file = "Handle,Variant Price,Image Src\nmug,1,a\nmug,,b\nmug,2,c\nmug,3,d\n";
        let rows = rows_of(file, |mug| {
            mug.variants.remove(0);
            mug.variants.reverse();
        });
        assert_eq!(rows, ["mug,3,d", "mug,,b", "mug,2,c"]);
    }

    #[test]
    fn products_are_written_in_the_order_in_which_they_came_back() {
        let file = "Handle,Variant Price\na,1\na,2\nb,1\nc,1\n";
        let written = rewrite(file, &[&|products| products.reverse()]);
        assert_eq!(written, "Handle,Variant Price\nc,1\nb,1\na,1\na,2\n");
    }
}
