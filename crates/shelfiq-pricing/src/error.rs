//! What can go wrong in pricing.

use rust_decimal::Decimal;

use crate::guard_rails::{Bound, Constraint};

/// Why a question about prices has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PricingError {
    /// A number of the problem makes no sense.
    #[error("{quantity} is {value}: it must be {expected}")]
    InvalidProblem {
        /// What the number is.
        quantity: &'static str,
        /// The number as given.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The objective needs a unit cost and there is none.
    #[error("the unit cost is unknown: without it there is no margin to improve")]
    UnknownCost,
    /// Two limits contradict each other.
    #[error("no price respects both {} (at least {}) and {} (at most {})", lo.constraint, tidy(lo.price), hi.constraint, tidy(hi.price))]
    Contradiction {
        /// The limit from below.
        lo: Bound,
        /// The limit from above, which lies lower.
        hi: Bound,
    },
    /// Today's price breaks a limit and no printable price inside the limits exists.
    #[error("today's price breaks {broken}, and no price with an ending you use lies within the limits")]
    NoPrintablePrice {
        /// The limit today's price breaks.
        broken: Constraint,
    },
}

/// A limit to four decimals without trailing zeros: limits come out of divisions.
fn tidy(price: Decimal) -> Decimal {
    price.round_dp(4).normalize()
}
