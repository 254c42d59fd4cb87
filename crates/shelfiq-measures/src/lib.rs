//! Named business quantities: each has a unit, a grain, one formula and an as-of rule.
//!
//! [`MeasureId`] lists them, the catalogue (`src/catalog/`, one file each) defines them, and dashboards, alerts, models
//! and reports all ask for them through [`MeasureEngine`], so that "net revenue" is the same number everywhere.
//!
//! A formula combines [`Component`]s: sums and counts that an engine computes by the SQL given here, exactly, per slice
//! and currency. The combination happens here, in exact decimals; money is rounded once, when
//! [`Amount::booked`] is asked for.

mod answer;
mod catalog;
mod component;
mod engine;
mod formula;
mod measure;
mod period;
mod request;
mod value;

pub use answer::{Delta, MeasureAnswer, MeasureRow, PeriodDays, SliceValue};
pub use component::{Component, Source};
pub use engine::{MeasureEngine, MeasureError};
pub use formula::{ComponentValues, Formula};
pub use measure::{Additivity, Direction, Measure, MeasureId, Unit};
pub use period::{Period, aligned_comparison, periods};
pub use request::{Comparison, Dimension, Filter, MeasureRequest};
pub use value::{Amount, MeasureValue};
