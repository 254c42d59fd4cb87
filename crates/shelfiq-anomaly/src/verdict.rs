//! What the detector says about one value, and the sentence for a person.

use serde::{Deserialize, Serialize};

/// What kind of strange a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyKind {
    /// One value above its band.
    Spike,
    /// One value below its band.
    Drop,
    /// Several values in a row off to one side: the level moved. Said once, then the new level is learnt.
    LevelShift,
    /// A level that moved a little with every value, and has come far. Said once, then looked for anew.
    Drift,
    /// The same value for far longer than ever before: a frozen counter, a product that stopped selling. Said once.
    Flatline,
    /// No value where one was always there; told of each missing value, or of the first value after a gap.
    Missing,
    /// A value never seen before in a series that never varied.
    NewExtreme,
}

impl AnomalyKind {
    /// The name as stored and as written to files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spike => "spike",
            Self::Drop => "drop",
            Self::LevelShift => "level_shift",
            Self::Drift => "drift",
            Self::Flatline => "flatline",
            Self::Missing => "missing",
            Self::NewExtreme => "new_extreme",
        }
    }
}

/// On which side of the expectation a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Above.
    Above,
    /// Below.
    Below,
}

/// What was expected before the value came, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// The expected value.
    pub expected: f64,
    /// Lower end: values below it are anomalies.
    pub lo: f64,
    /// Upper end: values above it are anomalies.
    pub hi: f64,
}

/// The judgement on one value, from what came before it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The expectation; `None` while the detector still learns what is usual.
    pub band: Option<Band>,
    /// How strange the value is: 0 usual, 0.5 the threshold, towards 1 ever stranger. 0 while learning.
    pub score: f64,
    /// Probability of something at least as strange in a series in which nothing happens. 1 while learning.
    pub p_value: f64,
    /// What kind of anomaly it is; `None` if it is none.
    pub kind: Option<AnomalyKind>,
    /// On which side of the expectation the value (or the new level) lies; `None` if it is no anomaly or has no side.
    pub direction: Option<Direction>,
    /// For a level shift or a drift the values that moved, for a flatline the values that stayed the same, for missing ones
    /// their number in a row, else 1.
    pub run_length: u32,
}

impl Verdict {
    /// A verdict without judgement.
    pub(crate) const fn undecided(band: Option<Band>) -> Self {
        Self { band, score: 0.0, p_value: 1.0, kind: None, direction: None, run_length: 1 }
    }

    /// Whether the value is an anomaly.
    #[must_use]
    pub const fn is_anomaly(&self) -> bool {
        self.kind.is_some()
    }
}

/// The words around the numbers of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording<'a> {
    /// What follows the value, for example `sold`, `GBP` or nothing.
    pub after_value: &'a str,
    /// When, as a person writes it, for example `2011-03-04`.
    pub when: &'a str,
    /// In what part of the season, for example `Friday`; `None` leaves it out.
    pub season: Option<&'a str>,
    /// Decimals of the series' values.
    pub decimals: usize,
}

impl Wording<'_> {
    /// One sentence with the numbers: "38 sold on 2011-03-04; 9–21 expected on a Friday".
    ///
    /// `value` is the value judged, NaN if it was missing. A verdict that is no anomaly gives an empty text.
    #[must_use]
    pub fn sentence(&self, value: f64, verdict: &Verdict) -> String {
        let Some(kind) = verdict.kind else { return String::new() };
        let number = |value: f64| format_number(value, self.decimals);
        let words = if self.after_value.is_empty() { String::new() } else { format!(" {}", self.after_value) };
        let on = if self.when.is_empty() { String::new() } else { format!(" on {}", self.when) };
        let expected = verdict.band.map_or_else(String::new, |band| {
            let season = self.season.map(|season| format!(" on a {season}")).unwrap_or_default();
            let (lo, hi) = (number(band.lo), number(band.hi));
            if lo == hi { format!("; {lo} expected{season}") } else { format!("; {lo}–{hi} expected{season}") }
        });
        match kind {
            AnomalyKind::Spike | AnomalyKind::Drop => format!("{}{words}{on}{expected}", number(value)),
            AnomalyKind::LevelShift | AnomalyKind::Drift => {
                let side = match verdict.direction {
                    Some(Direction::Below) => "lower",
                    _ => "higher",
                };
                let about =
                    verdict.band.map(|band| format!(", {} expected", number(band.expected))).unwrap_or_default();
                let moved = if kind == AnomalyKind::Drift {
                    format!("the level has drifted {side} over the last {} values", verdict.run_length)
                } else {
                    format!("the last {} values lie at a {side} level", verdict.run_length)
                };
                format!("{}{words}{on}{about}; {moved}", number(value))
            }
            AnomalyKind::Flatline => {
                format!(
                    "{}{words}{on}, unchanged for {} values; never that long before",
                    number(value),
                    verdict.run_length
                )
            }
            AnomalyKind::Missing if !value.is_nan() => {
                let values = if verdict.run_length == 1 { "value is" } else { "values are" };
                format!("{} {values} missing before this one{on}; never that many before", verdict.run_length)
            }
            AnomalyKind::Missing if verdict.run_length > 1 => {
                format!("No value{on}, number {} in a row; never that many before{expected}", verdict.run_length)
            }
            AnomalyKind::Missing => format!("No value{on}, where one was always there{expected}"),
            AnomalyKind::NewExtreme => format!("{}{words}{on}; never seen before{expected}", number(value)),
        }
    }
}

/// At most `decimals` decimals, none of them trailing zeros.
fn format_number(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e15 {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
