//! Price tests: propose, schedule, read.

mod candidates;
mod outlook;
mod plan;
mod propose;
mod question;
mod read;
mod reading;
mod schedule;
mod tally;
mod turns;
mod value;
mod words;

pub use plan::{Blocks, CostEstimate, Layout, PriceTestPlan, TestProposal, TestValue};
pub use propose::propose_price_test;
pub use question::{PriceTestQuestion, TestGroup, TestLimits};
pub use read::read_price_test;
pub use reading::{
    DropReason, DroppedDays, PriceComparison, ReadingOptions, StopReason, TestDay, TestReading, TestVerdict,
};
pub use schedule::{DayRole, ScheduledDay, ScheduledPrice, TestSchedule, schedule_price_test};
pub(crate) use tally::Tally;
