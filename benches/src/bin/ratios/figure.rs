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
    /// How many times what bare wasmtime takes.
    pub(crate) ratio_to_bare: Option<f64>,
}

impl Figure {
    /// Of what one call took in each round, at least one.
    pub(crate) fn new(case: &str, subject: &'static str, mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        let at = |part: f64| rounds[((rounds.len() - 1) as f64 * part).round() as usize];
        let ns = at(0.5);
        Self {
            case: case.to_owned(),
            subject,
            ns,
            spread: (at(0.75) - at(0.25)) / ns,
            ratio_to_bare: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_quartiles_do_not_see_outliers() {
        let figure = Figure::new("add", "native", vec![104.0, 100.0, 9000.0, 98.0, 96.0]);
        assert_eq!(figure.ns, 100.0);
        assert_eq!(figure.spread, 0.06);
    }
}
