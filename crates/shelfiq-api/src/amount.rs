//! Amounts on the wire: exact decimals as text beside their currency.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::Money;
use utoipa::ToSchema;

use crate::error::ApiError;

/// An amount of money.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct MoneyBody {
    /// Exact amount in major units, with the currency's decimals.
    #[schema(example = "12.90")]
    pub(crate) amount: String,
    /// ISO 4217 code.
    #[schema(example = "EUR")]
    pub(crate) currency: String,
}

impl From<Money> for MoneyBody {
    fn from(money: Money) -> Self {
        Self { amount: money.to_major().to_string(), currency: money.currency().to_string() }
    }
}

/// The amount in major units that a field of a request holds.
pub(crate) fn amount_in(field: &str, text: &str) -> Result<Decimal, ApiError> {
    text.trim().parse().map_err(|_| ApiError::invalid(field, "must be an amount such as 12.90"))
}
