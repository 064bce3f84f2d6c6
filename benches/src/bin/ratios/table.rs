//! The figures as tables for people.

use crate::BARE;
use crate::figure::Figure;
use comfy_table::{CellAlignment, Table, presets};

/// Ratios first, then times, each with a line for a case and a column for a
/// subject.
pub(crate) fn tables(figures: &[Figure]) -> String {
    let ratios = table(figures, |figure| {
        match (figure.ratio_to_bare, figure.ratio_spread) {
            (Some(ratio), Some(spread)) => with_spread(&short(ratio), spread),
            _ => String::new(),
        }
    });
    let times = table(figures, |figure| {
        with_spread(&time(figure.ns), figure.spread)
    });
    format!(
        "Times what {BARE} takes: median of the rounds ± distance between the quartiles\n\
         {ratios}\n\n\
         One call: median of the rounds ± distance between the quartiles\n\
         {times}"
    )
}

fn with_spread(median: &str, spread: f64) -> String {
    format!("{median} ±{:.0}%", spread * 100.0)
}

fn table(figures: &[Figure], cell: impl Fn(&Figure) -> String) -> Table {
    let mut cases: Vec<&str> = figures.iter().map(|figure| figure.case.as_str()).collect();
    cases.dedup();
    let mut subjects: Vec<&str> = Vec::new();
    for figure in figures {
        if !subjects.contains(&figure.subject) {
            subjects.push(figure.subject);
        }
    }
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header([&["case"], subjects.as_slice()].concat());
    for case in cases {
        let cells = subjects.iter().map(|subject| {
            let found = |figure: &&Figure| figure.case == case && figure.subject == *subject;
            figures.iter().find(found).map_or(String::new(), &cell)
        });
        let row: Vec<String> = std::iter::once(case.to_owned()).chain(cells).collect();
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A ratio with as many digits as it deserves.
pub(crate) fn short(ratio: f64) -> String {
    match ratio {
        ratio if ratio < 10.0 => format!("{ratio:.2}"),
        ratio if ratio < 100.0 => format!("{ratio:.1}"),
        ratio => format!("{ratio:.0}"),
    }
}

/// A time in the unit that suits it.
pub(crate) fn time(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{} ns", digits(ns)),
        ns if ns < 1e6 => format!("{} µs", digits(ns / 1e3)),
        ns => format!("{} ms", digits(ns / 1e6)),
    }
}

fn digits(number: f64) -> String {
    let places = if number < 10.0 { 1 } else { 0 };
    format!("{number:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_suits_them() {
        let times = [4.21, 96.3, 1_234.0, 41_000.0, 2.5e6, 123e6].map(time);
        assert_eq!(
            times,
            ["4.2 ns", "96 ns", "1.2 µs", "41 µs", "2.5 ms", "123 ms"]
        );
    }

    #[test]
    fn a_case_that_a_subject_has_not_is_left_empty() {
        let figures = [
            Figure::new("add", BARE, &[100.0], Some(&[100.0])),
            Figure::new("start", "native", &[10.0], None),
        ];
        let text = tables(&figures);
        assert_eq!(
            text,
            "Times what wasmtime-best takes: \
             median of the rounds ± distance between the quartiles\n\
             | case  | wasmtime-best | native |\n\
             |-------|---------------|--------|\n\
             | add   |      1.00 ±0% |        |\n\
             | start |               |        |\n\n\
             One call: median of the rounds ± distance between the quartiles\n\
             | case  | wasmtime-best |    native |\n\
             |-------|---------------|-----------|\n\
             | add   |    100 ns ±0% |           |\n\
             | start |               | 10 ns ±0% |"
        );
    }
}
