//! Anomalies: values outside what their own past makes likely.
//!
//! A [`Detector`] watches one series. Each value is judged by what came before it and nothing else, so a batch over
//! history gives exactly the verdicts that the stream would have given: [`detect`] is a loop over
//! [`Detector::observe`]. [`find_outliers`] looks at tables instead: rows that are unlike the others. [`discoveries`] bounds
//! the share of false alarms among many series, [`Feedback`] learns from dismissed ones, [`causes`] explains them;
//! [`stability`] and its neighbours watch what models are fed with.
//!
//! How a value is judged: it is put on a scale where its noise is even (`stabilise`), compared with an expectation from
//! level and seasons (`expectation`), divided by a robust scale of past errors (`spread`), and its distance is turned
//! into the probability of a distance at least as large (`tail`), learnt from the series' own past. An alarm
//! rings when that probability falls below [`DetectorConfig::false_alarm_rate`]: the rate of alarms on a series in
//! which nothing happens.

mod brain;
mod cadence;
mod change_points;
mod counts;
mod detector;
mod discovery;
mod distinct;
mod drift;
mod error;
mod expectation;
mod explain;
mod feedback;
mod forest;
mod model;
mod outliers;
mod season;
mod series;
mod shift;
mod slow;
mod spread;
mod stabilise;
mod stillness;
mod tail;
mod trend;
mod usual;
mod verdict;
mod vigilance;
mod window;

pub use cadence::{Cadence, Stamps, readable_stamp};
pub use change_points::{Change, change_points};
pub use detector::{Detector, DetectorConfig};
pub use discovery::{FALSE_SHARE_DEFAULT, conformal_p_values, discoveries, discovery_level};
pub use drift::{
    ColumnCounts, ErrorWatch, QualityChange, SampleTest, Stability, quality_drift, same_distribution, stability,
};
pub use error::AnomalyError;
pub use explain::{Cause, Drivers, Turn, causes};
pub use feedback::{Answers, Feedback};
pub use outliers::{OutlierConfig, OutlierModel, OutlierVerdict, find_outliers};
pub use series::{Series, detect, detect_all};
pub use trend::{Trend, trend};
pub use verdict::{AnomalyKind, Band, Direction, Verdict, Wording};
