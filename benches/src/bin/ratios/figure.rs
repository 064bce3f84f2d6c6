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
    /// The distance between the quartiles of those ratios as a part of their median.
    pub(crate) ratio_spread: Option<f64>,
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
        let ns = quantile(rounds, 0.5);
        let ratios: Option<Vec<f64>> = bare.map(|bare| {
            assert_eq!(rounds.len(), bare.len(), "each round has both");
            rounds
                .iter()
                .zip(bare)
                .map(|(own, bare)| own / bare)
                .collect()
        });
        Self {
            case: case.to_owned(),
            subject,
            ns,
            spread: spread(rounds),
            ratio_to_bare: ratios.as_ref().map(|ratios| quantile(ratios, 0.5)),
            ratio_spread: ratios.as_ref().map(|ratios| spread(ratios)),
        }
    }
}

/// The distance between the quartiles as a part of the median.
fn spread(numbers: &[f64]) -> f64 {
    (quantile(numbers, 0.75) - quantile(numbers, 0.25)) / quantile(numbers, 0.5)
}

/// Below which so large a part of the numbers lies: 0.5 is the median.
fn quantile(numbers: &[f64], part: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() - 1) as f64 * part;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    below + (above - below) * place.fract()
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

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(quantile(&[4.0, 1.0, 2.0, 3.0], 0.5), 2.5);
        assert_eq!(quantile(&[4.0, 1.0], 0.25), 1.75);
        assert_eq!(quantile(&[4.0], 0.75), 4.0);
    }
}
