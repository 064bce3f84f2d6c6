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
        let bare = turns
            .iter()
            .find(|(index, ..)| children[*index].name == BARE)
            .map(|(.., took)| took.as_slice());
        let figure = |(index, _, took): &(usize, _, Vec<f64>)| {
            Figure::new(case, children[*index].name, took, bare)
        };
        figures.extend(turns.iter().map(figure));
    }
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
