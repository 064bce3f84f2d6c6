//! What came out for one subject in one case.

use serde::Serialize;

/// What came out for one subject in one case.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) case: String,
    pub(crate) subject: &'static str,
    /// The median of the rounds, for one call.
    pub(crate) ns: f64,
    /// The distance between the quartiles as a part of the median.
    pub(crate) spread: f64,
    /// How many times what bare wasmtime takes: the median of the rounds' ratios, since
    /// a slow moment of the machine meets both sides of one.
    pub(crate) ratio_to_bare: Option<f64>,
}

impl Figure {
    /// Of what one call took in each round, at least one, and what bare wasmtime took in
    /// the same rounds.
    pub(crate) fn new(
        case: &str,
        subject: &'static str,
        rounds: &[f64],
        bare: Option<&[f64]>,
    ) -> Self {
        let ns = part(rounds, 0.5);
        let ratios = |bare: &[f64]| -> Vec<f64> {
            rounds
                .iter()
                .zip(bare)
                .map(|(own, bare)| own / bare)
                .collect()
        };
        Self {
            case: case.to_owned(),
            subject,
            ns,
            spread: (part(rounds, 0.75) - part(rounds, 0.25)) / ns,
            ratio_to_bare: bare.map(|bare| part(&ratios(bare), 0.5)),
        }
    }
}

/// Below which this part of the numbers lies: 0.5 is the median.
fn part(numbers: &[f64], part: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_quartiles_do_not_see_outliers() {
        let rounds = [104.0, 100.0, 9000.0, 98.0, 96.0];
        let figure = Figure::new("add", "native", &rounds, None);
        assert_eq!(figure.ns, 100.0);
        assert_eq!(figure.spread, 0.06);
        assert_eq!(figure.ratio_to_bare, None);
    }

    #[test]
    fn rounds_that_are_slow_for_all_are_not_seen_in_the_ratio() {
        let (own, bare) = ([110.0, 220.0, 330.0], [100.0, 200.0, 100.0]);
        let figure = Figure::new("add", "plugin-host", &own, Some(&bare));
        assert_eq!((figure.ns, figure.ratio_to_bare), (220.0, Some(1.1)));
    }
}
