//! Takes the rounds: which subject runs when, and how often.

use crate::BARE;
use crate::child::Child;
use crate::figure::Figure;
use anyhow::{Context, Result};
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
        for child in &mut *children {
            if let Some(times) = calibrate(child, case)? {
                turns.push(Turns {
                    child,
                    times,
                    took: Vec::with_capacity(rounds),
                });
            }
        }
        for _ in 0..rounds {
            for turn in &mut turns {
                turn.take(case)?;
            }
            eprint!(".");
        }
        eprintln!();
        let took = turns.into_iter().map(|turn| (turn.child.name, turn.took));
        figures.extend(of_case(case, &took.collect::<Vec<_>>()));
    }
    Ok(figures)
}

/// One subject's turns in one case.
struct Turns<'a> {
    child: &'a mut Child,
    /// How often the case goes into one.
    times: u64,
    /// Nanoseconds of one call, in each round.
    took: Vec<f64>,
}

impl Turns<'_> {
    fn take(&mut self, case: &str) -> Result<()> {
        let time = self.child.run(case, self.times)?;
        let time = time.with_context(|| format!("{} has {case} no more", self.child.name))?;
        self.took.push(time.as_nanos() as f64 / self.times as f64);
        Ok(())
    }
}

/// The figures of a case, from what one call took each subject in each round.
fn of_case(case: &str, took: &[(&'static str, Vec<f64>)]) -> Vec<Figure> {
    let bare = took.iter().find(|(subject, _)| *subject == BARE);
    let bare = bare.map(|(_, rounds)| rounds.as_slice());
    let figures = took.iter();
    figures
        .map(|(subject, rounds)| Figure::new(case, subject, rounds, bare))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ratio_is_to_bare_wasmtime_in_the_same_round() {
        let took = [
            ("plugin-host", vec![110.0, 220.0, 110.0]),
            (BARE, vec![100.0, 200.0, 100.0]),
            ("native", vec![10.0, 20.0, 10.0]),
        ];
        let ratios = |took| -> Vec<_> {
            let figures = of_case("add", took).into_iter();
            figures.map(|figure| figure.ratio_to_bare).collect()
        };
        assert_eq!(ratios(&took), [Some(1.1), Some(1.0), Some(0.1)]);
        assert_eq!(ratios(&took[..1]), [None]);
    }
}
