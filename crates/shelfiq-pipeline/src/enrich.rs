//! What sources leave to be worked out: countries as codes, unit prices from line amounts, codes where there is no Sku.

use rust_decimal::{Decimal, RoundingStrategy};
use shelfiq_core::{Quantity, Sku};

use crate::country::country_code;
use crate::draft::RowDrafts;

/// Decimal places that the tables keep of a unit price.
pub(crate) const PRICE_PLACES: u32 = 6;

/// Completes the drafts of a row.
pub(crate) fn enrich(drafts: &mut RowDrafts) {
    for line in &mut drafts.lines {
        if let Some(written) = line.country_as_written.take() {
            line.country = country_code(&written);
            line.country_as_written = line.country.is_none().then_some(written);
        }
    }
}

/// Splits the amount of a line into a price for each unit and what is left over: 29.00 for 3 units is 9.66 each and 0.02.
/// The price has no more places than the amount needs to divide evenly, or two where it cannot.
pub(crate) fn unit_price(amount: Decimal, quantity: Quantity) -> (Decimal, Decimal) {
    let units = Decimal::from(quantity.units());
    if units.is_zero() {
        return (Decimal::ZERO, amount);
    }
    let exact = amount / units;
    if exact.normalize().scale() <= PRICE_PLACES && exact * units == amount {
        return (exact.normalize(), Decimal::ZERO);
    }
    let price = exact.round_dp_with_strategy(2, RoundingStrategy::ToZero);
    (price, amount - price * units)
}

/// A code for a product that has none: the channel's id where there is one, else its title.
pub(crate) fn sku_without_code(prefix: &str, id: Option<&str>, title: Option<&str>) -> Option<Sku> {
    let basis = id.or(title)?;
    let code: String = basis
        .chars()
        .map(|character| if character.is_alphanumeric() { character } else { '-' })
        .flat_map(char::to_uppercase)
        .collect();
    let code: Vec<&str> = code.split('-').filter(|part| !part.is_empty()).collect();
    let code: String = format!("{prefix}-{}", code.join("-")).chars().take(100).collect();
    Sku::new(&code).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_that_does_not_divide_leaves_its_rest() {
        let split = |amount: &str, units| {
            let (price, rest) = unit_price(amount.parse().unwrap(), Quantity::new(units));
            format!("{price} + {rest}")
        };
        assert_eq!(split("29.00", 3), "9.66 + 0.02");
        assert_eq!(split("30.00", 4), "7.5 + 0");
        assert_eq!(split("-5.00", 1), "-5 + 0");
        assert_eq!(split("5.00", 0), "0 + 5.00");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_splitting(cents in -10_000_000_i64..10_000_000, units in 1_i64..10_000) {
            let amount = Decimal::new(cents, 2);
            let (price, rest) = unit_price(amount, Quantity::new(units));
            prop_assert_eq!(price * Decimal::from(units) + rest, amount);
        }
    }

    #[test]
    fn a_product_without_code_gets_one_from_its_id_or_title() {
        let code = |id, title| sku_without_code("ETSY", id, title).map(|sku| sku.as_str().to_owned());
        assert_eq!(code(Some("123"), Some("Blue mug")).as_deref(), Some("ETSY-123"));
        assert_eq!(code(None, Some("Blue mug, 2 pcs.")).as_deref(), Some("ETSY-BLUE-MUG-2-PCS"));
        assert_eq!(code(None, None), None);
    }
}
