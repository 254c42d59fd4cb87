//! Demand models: fit, predict, back-test, intervals.
//!
//! [`forecast_all`] tries every suitable model on rolling origins inside each [`Series`], weighs them by how far
//! they missed, and answers with mean, median and calibrated intervals per period. [`forecast`] does the same for
//! one series alone, [`backtest`] scores all models on the past, and [`series_of_table`] makes series of a plain
//! table. [`reconcile`] makes forecasts of a [`Hierarchy`] add up, and [`explain`] takes one apart.
//!
//! # How it works
//! 1. *History*: gaps are filled, impossible values let go, stock-outs imputed, the season is found, demand is
//!    classed.
//!    What the calendar does to all series together (holidays, the season of the year) is taken out, and put back on
//!    what is expected.
//! 2. *Trial*: each model of the registry forecasts from up to four past origins and from the present. What it
//!    learns at an origin ends there.
//! 3. *Experience*: similar series are weighed by the mixture of models that would have served them best together at
//!    those origins; a series' own few origins shift the shares, and the largest are kept.
//! 4. *Intervals*: the ensemble's own misses at past origins, scaled per series and pooled over similar series, say
//!    how far it may be off (split conformal prediction); sparse demand and small counts get their own distribution
//!    with calibrated levels.
//!
//! # In parts
//! Steps 1 and 2 look at one series, steps 3 and 4 at what many have in common. [`learn`] finds the latter, as an
//! [`Experience`] that can be stored; with it any part of the series is [forecast](Experience::forecast) anywhere, with the
//! answers of [`forecast_all`] over all of them. [`Experience::fit`] keeps what trials found for a series, so that a
//! [forecast](Experience::forecast_fitted) after new sales only continues the models that count.
//!
//! Everything is a function of its arguments: no clock, no randomness, and the same result on any number of threads.
//!
//! To add a model: a file in `model/`, and a line in the registry of `model.rs`.

mod admission;
mod backtest;
mod calendar;
mod calendar_effects;
mod counts;
mod demand_class;
mod dice;
mod drivers;
mod ensemble;
mod exact;
mod experience;
mod explain;
mod fitted;
mod forecast;
mod global;
mod group;
mod hierarchy;
mod history;
mod linear;
mod metrics;
mod model;
mod occasions;
mod optimise;
mod options;
mod outcome;
mod pupil;
mod reconcile;
mod season;
mod series;
mod spikes;
mod spread;
mod stacking;
mod table;
mod trial;
mod tried;
mod yearly;

pub use backtest::{Backtest, BacktestOptions, ModelSummary, Score, backtest};
pub use calendar::{Calendar, Frequency, PeriodUnit, Stamp};
pub use demand_class::DemandClass;
pub use experience::{Experience, learn, train};
pub use explain::{Cause, ExplainedStep, Explanation, Part, explain};
pub use fitted::Fitted;
pub use forecast::{forecast, forecast_all};
pub use hierarchy::{Hierarchy, HierarchyError};
pub use metrics::Errors;
pub use options::{ForecastOptions, Level, LevelError, Missing, Season, ValueRange};
pub use outcome::{Cumulative, Forecast, Interval, Member, Skill, Status, Step};
pub use reconcile::{Reliability, add_up_to, reconcile, shown};
pub use series::{Regressor, Series, SeriesError};
pub use table::{ExtraColumn, ExtraValues, LongTable, TableError, series_of_table};
