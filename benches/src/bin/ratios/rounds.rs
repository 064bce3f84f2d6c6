//! Takes the rounds: which subject runs when, and how often.

use crate::BARE;
use crate::child::Child;
use crate::figure::Figure;
use anyhow::Result;
use std::time::Duration;

/// How long a subject's turn takes, at least.
const TURN: Duration = Duration::from_millis(5);

/// Measures each case with all subjects in turn, round by round.
pub(crate) fn measure(
    children: &mut [Child],
    cases: &[&str],
    rounds: usize,
) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for case in cases {
        eprint!("{case} ");
        let mut turns = Vec::new();
        for (index, child) in children.iter_mut().enumerate() {
            if let Some(times) = calibrate(child, case)? {
                turns.push((index, times, Vec::with_capacity(rounds)));
            }
        }
        for _ in 0..rounds {
            for (index, times, took) in &mut turns {
                if let Some(time) = children[*index].run(case, *times)? {
                    took.push(time.as_nanos() as f64 / *times as f64);
                }
            }
            eprint!(".");
        }
        eprintln!();
        let turns = turns.into_iter();
        figures.extend(turns.map(|(index, _, took)| Figure::new(case, children[index].name, took)));
    }
    beside_bare(&mut figures);
    Ok(figures)
}

/// How often a case goes into a turn; none where the subject does not have it.
fn calibrate(child: &mut Child, case: &str) -> Result<Option<u64>> {
    let mut times = 1;
    loop {
        let Some(time) = child.run(case, times)? else {
            return Ok(None);
        };
        if time >= TURN {
            return Ok(Some(times));
        }
        let missing = TURN.as_nanos() as f64 / time.as_nanos().max(1) as f64;
        times = (times as f64 * (missing * 1.1).clamp(1.1, 10.0)).ceil() as u64;
    }
}

fn beside_bare(figures: &mut [Figure]) {
    let bare: Vec<(String, f64)> = figures
        .iter()
        .filter(|figure| figure.subject == BARE)
        .map(|figure| (figure.case.clone(), figure.ns))
        .collect();
    for figure in figures {
        let bare = bare.iter().find(|(case, _)| *case == figure.case);
        figure.ratio_to_bare = bare.map(|(_, ns)| figure.ns / ns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ratio_is_to_bare_wasmtime_in_the_same_case() {
        let mut figures = vec![
            Figure::new("add", "plugin-host", vec![110.0]),
            Figure::new("add", BARE, vec![100.0]),
            Figure::new("echo-16", BARE, vec![200.0]),
            Figure::new("echo-16", "native", vec![20.0]),
        ];
        beside_bare(&mut figures);
        let ratios: Vec<_> = figures.iter().map(|figure| figure.ratio_to_bare).collect();
        assert_eq!(ratios, [Some(1.1), Some(1.0), Some(1.0), Some(0.1)]);
    }
}
