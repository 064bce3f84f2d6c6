//! The ratios as a picture: bars on a logarithmic scale, readable on light and on
//! dark ground.

use crate::figure::Figure;
use crate::table::{short, time};
use std::fmt::Write;

const LEFT: f64 = 130.0;
const WIDTH: f64 = 520.0;
const RIGHT: f64 = 150.0;
const BAR: f64 = 15.0;
const GAP: f64 = 28.0;

const STYLE: &str = "
    text { font: 11px sans-serif; fill: #24292f }
    .case { font-weight: bold }
    .line { stroke: #8c959f; stroke-width: 0.5 }
    .one { stroke: #57606a; stroke-width: 1.5 }
    .bar { fill: #8c959f }
    .plugin-host { fill: #1a7f37 }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .bar { fill: #6e7681 }
        .plugin-host { fill: #3fb950 }
        .one { stroke: #c9d1d9 }
    }";

/// An SVG with a group of bars for each case. The line at 1 is bare wasmtime.
pub(crate) fn svg(figures: &[Figure]) -> String {
    let ratios = || figures.iter().filter_map(|figure| figure.ratio_to_bare);
    let low = ratios().fold(1.0_f64, f64::min).log10().floor();
    let high = ratios()
        .fold(1.0_f64, f64::max)
        .log10()
        .ceil()
        .max(low + 1.0);
    let x = |ratio: f64| LEFT + (ratio.log10() - low) / (high - low) * WIDTH;

    let mut body = String::new();
    let mut y = 20.0;
    let mut case = "";
    for figure in figures {
        let Some(ratio) = figure.ratio_to_bare else {
            continue;
        };
        if figure.case != case {
            case = &figure.case;
            y += GAP;
            add(
                &mut body,
                format_args!(r#"<text class="case" x="8" y="{}">{case}</text>"#, y - 6.0),
            );
        }
        let (from, to) = (x(ratio.min(1.0)), x(ratio.max(1.0)));
        let middle = y + BAR - 5.0;
        let (subject, width) = (figure.subject, (to - from).max(1.5));
        let height = BAR - 4.0;
        add(
            &mut body,
            format_args!(
                r#"<text x="{:.1}" y="{middle:.1}" text-anchor="end">{subject}</text>"#,
                LEFT - 8.0
            ),
        );
        add(
            &mut body,
            format_args!(
                r#"<rect class="bar {subject}" x="{from:.1}" y="{y:.1}" width="{width:.1}" height="{height}"/>"#
            ),
        );
        add(
            &mut body,
            format_args!(
                r#"<text x="{:.1}" y="{middle:.1}">{} × · {}</text>"#,
                to + 6.0,
                short(ratio),
                time(figure.ns)
            ),
        );
        y += BAR;
    }

    let mut axis = String::new();
    for power in low as i32..=high as i32 {
        let at = x(10_f64.powi(power));
        let class = if power == 0 { "one" } else { "line" };
        add(
            &mut axis,
            format_args!(
                r#"<line class="{class}" x1="{at:.1}" x2="{at:.1}" y1="20" y2="{y:.1}"/>"#
            ),
        );
        add(
            &mut axis,
            format_args!(
                r#"<text x="{at:.1}" y="14" text-anchor="middle">{} ×</text>"#,
                10_f64.powi(power)
            ),
        );
    }
    let (width, height) = (LEFT + WIDTH + RIGHT, y + 10.0);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">\n\
         <style>{STYLE}\n</style>\n{axis}{body}</svg>\n"
    )
}

fn add(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes all");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_times_as_long_is_one_step_to_the_right() {
        let mut figures =
            ["wasmtime-best", "extism"].map(|name| Figure::new("add", name, &[1.0], None));
        figures[0].ratio_to_bare = Some(1.0);
        figures[1].ratio_to_bare = Some(10.0);
        let svg = svg(&figures);
        let bar = r#"<rect class="bar extism" x="130.0" y="63.0" width="520.0" height="11"/>"#;
        assert!(svg.contains(bar), "{svg}");
    }
}
