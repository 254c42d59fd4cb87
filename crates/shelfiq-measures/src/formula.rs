//! How components combine.

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Ratio};

use crate::{Amount, Component, MeasureValue, Unit};

/// A combination of components. All arithmetic is exact decimal; a quotient keeps 28 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// The component itself.
    Sum(Component),
    /// The first less the second.
    Difference(Component, Component),
    /// The first by the second; undefined where the second is zero.
    Quotient(Component, Component),
    /// The first as a part of the sum of both; undefined where the sum is not positive.
    PartOfSum(Component, Component),
    /// For how many days the first lasts when the second is used up per period of the third.
    Lasting {
        /// What there is.
        stock: Component,
        /// What the period used.
        used: Component,
        /// Length of the period.
        days: Component,
    },
}

/// The components of one slice (and one currency, where money is among them).
pub trait ComponentValues {
    /// The value, or `None` if there was no row to compute it from.
    fn get(&self, component: Component) -> Option<Decimal>;
}

impl<F: Fn(Component) -> Option<Decimal>> ComponentValues for F {
    fn get(&self, component: Component) -> Option<Decimal> {
        self(component)
    }
}

impl Formula {
    /// The components it needs.
    #[must_use]
    pub fn components(self) -> Vec<Component> {
        match self {
            Self::Sum(only) => vec![only],
            Self::Difference(left, right) | Self::Quotient(left, right) | Self::PartOfSum(left, right) => {
                vec![left, right]
            }
            Self::Lasting { stock, used, days } => vec![stock, used, days],
        }
    }

    /// Whether values are told apart by currency.
    #[must_use]
    pub fn is_per_currency(self) -> bool {
        self.components().into_iter().any(Component::is_money)
    }

    /// The value, or `None` where it is not defined (no cost known, no order to divide by).
    ///
    /// `currency` is the one of the components; without one, money is undefined.
    #[must_use]
    pub fn value(
        self,
        unit: Unit,
        values: &impl ComponentValues,
        currency: Option<CurrencyCode>,
    ) -> Option<MeasureValue> {
        let number = self.number(values)?;
        match unit {
            Unit::Money => Some(MeasureValue::Money(Amount { exact: number, currency: currency? })),
            Unit::Count => i64::try_from(number).ok().map(MeasureValue::Count),
            Unit::Ratio => Some(MeasureValue::Ratio(Ratio::new(number))),
            Unit::Days => Some(MeasureValue::Days(number)),
        }
    }

    fn number(self, values: &impl ComponentValues) -> Option<Decimal> {
        match self {
            Self::Sum(only) => values.get(only),
            Self::Difference(left, right) => match (values.get(left), values.get(right)) {
                (None, None) => None,
                (left, right) => left.unwrap_or_default().checked_sub(right.unwrap_or_default()),
            },
            Self::Quotient(left, right) => {
                let divisor = values.get(right).filter(|divisor| !divisor.is_zero())?;
                values.get(left).unwrap_or_default().checked_div(divisor)
            }
            Self::PartOfSum(part, rest) => {
                let part = values.get(part)?;
                let whole = part.checked_add(values.get(rest)?).filter(|whole| *whole > Decimal::ZERO)?;
                part.checked_div(whole)
            }
            Self::Lasting { stock, used, days } => {
                let used = values.get(used).filter(|used| *used > Decimal::ZERO)?;
                values.get(stock)?.checked_mul(values.get(days)?)?.checked_div(used)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(formula: Formula, known: &[(Component, i64)]) -> Option<String> {
        let values =
            |component| known.iter().find(|(known, _)| *known == component).map(|(_, value)| Decimal::from(*value));
        formula.number(&values).map(|number| number.normalize().to_string())
    }

    #[test]
    fn a_difference_takes_what_is_missing_as_nothing() {
        let net = Formula::Difference(Component::GrossRevenue, Component::Refunds);
        assert_eq!(number(net, &[(Component::GrossRevenue, 5)]).as_deref(), Some("5"));
        assert_eq!(number(net, &[(Component::Refunds, 5)]).as_deref(), Some("-5"));
        assert_eq!(number(net, &[]), None);
    }

    #[test]
    fn a_quotient_by_zero_is_undefined() {
        let average = Formula::Quotient(Component::GrossRevenue, Component::Orders);
        assert_eq!(number(average, &[(Component::GrossRevenue, 5), (Component::Orders, 0)]), None);
        assert_eq!(number(average, &[(Component::GrossRevenue, 5), (Component::Orders, 4)]).as_deref(), Some("1.25"));
    }

    #[test]
    fn stock_lasts_as_long_as_the_pace_of_the_period_allows() {
        let cover =
            Formula::Lasting { stock: Component::OnHand, used: Component::StockedNetUnits, days: Component::Days };
        let known = [(Component::OnHand, 30), (Component::StockedNetUnits, 60), (Component::Days, 28)];
        assert_eq!(number(cover, &known).as_deref(), Some("14"));
        assert_eq!(
            number(cover, &[(Component::OnHand, 30), (Component::StockedNetUnits, -2), (Component::Days, 28)]),
            None
        );
    }
}
