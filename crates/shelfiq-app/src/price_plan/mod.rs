//! The prices of the whole shop together: the best under shared limits, what can be had, and taking a plan.
//!
//! Only products take part whose answer to price the data tell, whose cost is known, that have a forecast and are not
//! under test; the others keep their prices and are counted by the reason.

mod board;
mod front;
mod plan;
mod take;

pub use board::LeftOut;
pub use front::{FrontRequest, FrontView, PlanPoint, front};
pub use plan::{GapRequest, PlanChange, PlanRequest, PlanTotals, PlanView, plan};
pub use take::{PRICES_MAX, PlannedPrice, Refused, Taken, take};
