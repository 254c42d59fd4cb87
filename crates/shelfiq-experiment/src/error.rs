//! What can go wrong in experiments.

use shelfiq_core::{ErrorKind, MoneyError};
use shelfiq_pricing::PricingError;

/// Why a question about an experiment has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ExperimentError {
    /// A number or a list of the question makes no sense.
    #[error("{quantity} is {value}: it must be {expected}")]
    Invalid {
        /// What it is.
        quantity: &'static str,
        /// As given.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// An amount could not be computed, or comes in another currency.
    #[error("an amount of the experiment could not be computed")]
    Money(#[from] MoneyError),
    /// The price question behind a test has no answer.
    #[error("the prices of the test could not be judged")]
    Pricing(#[from] PricingError),
}

impl ExperimentError {
    /// What the receiver can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}

/// `Invalid` unless the number is finite and `valid`.
pub(crate) fn check(
    quantity: &'static str,
    number: f64,
    valid: bool,
    expected: &'static str,
) -> Result<(), ExperimentError> {
    if number.is_finite() && valid {
        return Ok(());
    }
    Err(ExperimentError::Invalid { quantity, value: number.to_string(), expected })
}
