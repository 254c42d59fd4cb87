//! Price tests: propose, schedule, read.

mod plan;
mod question;
mod reading;
mod schedule;

pub use plan::{Blocks, CostEstimate, Layout, PriceTestPlan, TestProposal, TestValue};
pub use question::{PriceTestQuestion, TestGroup, TestLimits};
pub use reading::{
    DropReason, DroppedDays, PriceComparison, ReadingOptions, StopReason, TestDay, TestReading, TestVerdict,
};
pub use schedule::{DayRole, ScheduledDay, ScheduledPrice, TestSchedule};
