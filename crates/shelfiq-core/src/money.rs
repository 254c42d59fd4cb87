//! Amounts of money: minor units plus currency, checked arithmetic, named rounding.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::{Quantity, Ratio};

/// Why an amount could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies in one sum. Convert first, at a dated rate.
    #[error("cannot combine {left} with {right}: convert one of them first")]
    CurrencyMismatch {
        /// Currency of the first operand.
        left: CurrencyCode,
        /// Currency of the second operand.
        right: CurrencyCode,
    },
    /// The result does not fit into 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
    /// A ratio to an amount of zero.
    #[error("cannot divide by an amount of zero")]
    DivisionByZero,
    /// Not an ISO 4217 code.
    #[error("`{0}` is not a currency code of ISO 4217, such as EUR")]
    UnknownCurrency(String),
    /// Not a decimal number.
    #[error("`{0}` is not an amount, such as 12.90")]
    NotANumber(String),
}

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CurrencyCode([u8; 3]);

/// Codes in force (ISO 4217:2015, list one, without funds, metals and test codes) whose exponent is two.
const TWO_DECIMALS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
    HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
    MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE \
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
const NO_DECIMALS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const THREE_DECIMALS: &str = "BHD IQD JOD KWD LYD OMR TND";

impl CurrencyCode {
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// A code of ISO 4217 in either case.
    ///
    /// # Errors
    /// [`MoneyError::UnknownCurrency`] if no such currency is in force.
    pub fn new(text: &str) -> Result<Self, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency(text.to_owned());
        let upper = text.trim().to_ascii_uppercase();
        let bytes: [u8; 3] = upper.as_bytes().try_into().map_err(|_| unknown())?;
        let listed = |list: &str| list.split_ascii_whitespace().any(|code| code == upper);
        if listed(TWO_DECIMALS) || listed(NO_DECIMALS) || listed(THREE_DECIMALS) {
            Ok(Self(bytes))
        } else {
            Err(unknown())
        }
    }

    /// The three upper-case letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are ever stored")
    }

    /// Decimals of the minor unit: 2 for euro and cent, 0 for yen, 3 for the Kuwaiti dinar.
    #[must_use]
    pub fn exponent(self) -> u32 {
        let listed = |list: &str| list.split_ascii_whitespace().any(|code| code.as_bytes() == self.0);
        if listed(NO_DECIMALS) {
            0
        } else if listed(THREE_DECIMALS) {
            3
        } else {
            2
        }
    }
}

impl TryFrom<String> for CurrencyCode {
    type Error = MoneyError;
    fn try_from(text: String) -> Result<Self, MoneyError> {
        Self::new(&text)
    }
}

impl From<CurrencyCode> for String {
    fn from(code: CurrencyCode) -> Self {
        code.as_str().to_owned()
    }
}

impl FromStr for CurrencyCode {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::new(text)
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a finer amount becomes whole minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, ties to the even neighbour: the rule for booked totals, since it has no drift.
    HalfEven,
    /// To the nearest, ties away from zero: the rule on most invoices.
    HalfUp,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

impl Rounding {
    fn strategy(self) -> RoundingStrategy {
        match self {
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
        }
    }
}

/// A booked amount: whole minor units of one currency. Range: about ±92 quadrillion in a currency with cents.
///
/// Written as `{"amount": "12.90", "currency": "EUR"}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WrittenMoney", into = "WrittenMoney")]
pub struct Money {
    minor: i64,
    currency: CurrencyCode,
}

#[derive(Serialize, Deserialize)]
struct WrittenMoney {
    amount: Decimal,
    currency: CurrencyCode,
}

impl From<Money> for WrittenMoney {
    fn from(money: Money) -> Self {
        Self { amount: money.to_major(), currency: money.currency }
    }
}

impl TryFrom<WrittenMoney> for Money {
    type Error = MoneyError;

    /// Refuses amounts that are finer than the minor unit: a wire format must not round in silence.
    fn try_from(written: WrittenMoney) -> Result<Self, MoneyError> {
        let money = Self::from_major(written.amount, written.currency, Rounding::HalfEven)?;
        if money.to_major() == written.amount {
            Ok(money)
        } else {
            Err(MoneyError::NotANumber(written.amount.to_string()))
        }
    }
}

impl Money {
    /// So many minor units: `from_minor(1290, EUR)` is 12.90 €.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: CurrencyCode) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    #[must_use]
    pub const fn zero(currency: CurrencyCode) -> Self {
        Self { minor: 0, currency }
    }

    /// Rounds an amount in major units (12.9 for 12.90 €) to whole minor units.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit.
    pub fn from_major(amount: Decimal, currency: CurrencyCode, rounding: Rounding) -> Result<Self, MoneyError> {
        let rounded = amount.round_dp_with_strategy(currency.exponent(), rounding.strategy());
        let minor = rounded.checked_mul(Decimal::from(10_u32.pow(currency.exponent()))).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor: i64::try_from(minor).map_err(|_| MoneyError::Overflow)?, currency })
    }

    /// Whole minor units, for example cents.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> CurrencyCode {
        self.currency
    }

    /// The exact amount in major units, with as many decimals as the currency has.
    #[must_use]
    pub fn to_major(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError`] if the currencies differ or the sum does not fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError`] if the currencies differ or the difference does not fit.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    /// The amount for so many units.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit.
    pub fn times(self, quantity: Quantity) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(quantity.units()).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// A share of the amount, rounded as named.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit.
    pub fn share(self, ratio: Ratio, rounding: Rounding) -> Result<Self, MoneyError> {
        let amount = self.to_major().checked_mul(ratio.proportion()).ok_or(MoneyError::Overflow)?;
        Self::from_major(amount, self.currency, rounding)
    }

    /// This amount as a proportion of `whole`.
    ///
    /// # Errors
    /// [`MoneyError`] if the currencies differ or `whole` is zero.
    pub fn ratio_to(self, whole: Self) -> Result<Ratio, MoneyError> {
        self.same_currency(whole)?;
        Decimal::from(self.minor)
            .checked_div(Decimal::from(whole.minor))
            .map(Ratio::new)
            .ok_or(MoneyError::DivisionByZero)
    }

    /// Compares two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] if the currencies differ.
    pub fn compare(self, other: Self) -> Result<std::cmp::Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    fn combine(self, other: Self, operation: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Ok(Self { minor: operation(self.minor, other.minor).ok_or(MoneyError::Overflow)?, ..self })
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }
}

impl fmt::Display for Money {
    /// `12.90 EUR`; the web app writes amounts in the reader's locale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_major(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The price of one unit, exact and possibly finer than the currency's minor unit (0.001 GBP for a bead).
///
/// It stays exact; [`UnitPrice::book`] is the one place where it becomes [`Money`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnitPrice {
    amount: Decimal,
    currency: CurrencyCode,
}

impl UnitPrice {
    /// An exact amount in major units.
    #[must_use]
    pub const fn new(amount: Decimal, currency: CurrencyCode) -> Self {
        Self { amount, currency }
    }

    /// The exact amount in major units.
    #[must_use]
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> CurrencyCode {
        self.currency
    }

    /// The exact amount as people write it: with the currency's decimals, or more where it is finer.
    #[must_use]
    pub fn written(self) -> Decimal {
        let mut amount = self.amount.normalize();
        amount.rescale(amount.scale().max(self.currency.exponent()));
        amount
    }

    /// Books so many units at this price: multiplies exactly, then rounds once.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if the amount does not fit.
    pub fn book(self, quantity: Quantity, rounding: Rounding) -> Result<Money, MoneyError> {
        let exact = self.amount.checked_mul(Decimal::from(quantity.units())).ok_or(MoneyError::Overflow)?;
        Money::from_major(exact, self.currency, rounding)
    }
}

impl From<Money> for UnitPrice {
    fn from(money: Money) -> Self {
        Self { amount: money.to_major(), currency: money.currency }
    }
}

impl fmt::Display for UnitPrice {
    /// With the currency's decimals at least: `41.90 GBP`, `0.001 GBP`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.written(), self.currency)
    }
}

impl fmt::Debug for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn the_minor_unit_follows_the_currency() {
        let exponents = ["EUR", "JPY", "KWD"].map(|code| CurrencyCode::new(code).unwrap().exponent());
        assert_eq!(exponents, [2, 0, 3]);
    }

    #[test]
    fn currencies_never_mix() {
        let error = Money::from_minor(1, CurrencyCode::EUR).plus(Money::from_minor(1, CurrencyCode::USD)).unwrap_err();
        assert_eq!(error.to_string(), "cannot combine EUR with USD: convert one of them first");
    }

    #[test]
    fn each_rounding_does_what_its_name_says() {
        let cases = [
            (Rounding::HalfEven, "0.125", 12),
            (Rounding::HalfEven, "0.135", 14),
            (Rounding::HalfUp, "0.125", 13),
            (Rounding::HalfUp, "-0.125", -13),
            (Rounding::Down, "-0.129", -12),
            (Rounding::Up, "0.121", 13),
        ];
        for (rounding, amount, cents) in cases {
            let money = Money::from_major(decimal(amount), CurrencyCode::EUR, rounding).unwrap();
            assert_eq!(money.minor(), cents, "{rounding:?} of {amount}");
        }
    }

    #[test]
    fn a_fine_unit_price_is_rounded_once_when_it_is_booked() {
        let price = UnitPrice::new(decimal("0.001"), CurrencyCode::GBP);
        let booked = price.book(Quantity::new(1_500), Rounding::HalfEven).unwrap();
        assert_eq!(booked.to_string(), "1.50 GBP");
    }

    #[test]
    fn a_unit_price_is_written_with_the_currencys_decimals_or_its_own() {
        let written = |amount: &str| UnitPrice::new(decimal(amount), CurrencyCode::GBP).to_string();
        assert_eq!([written("41.9"), written("19"), written("0.001")], ["41.90 GBP", "19.00 GBP", "0.001 GBP"]);
    }

    #[test]
    fn money_is_written_with_its_currency_and_read_back_exactly() {
        let money = Money::from_minor(1290, CurrencyCode::EUR);
        let json = serde_json::to_string(&money).unwrap();
        assert_eq!(json, r#"{"amount":"12.90","currency":"EUR"}"#);
        assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        assert!(serde_json::from_str::<Money>(r#"{"amount":"12.905","currency":"EUR"}"#).is_err());
    }

    proptest! {
        #[test]
        fn minus_undoes_plus(a in any::<i32>(), b in any::<i32>()) {
            let (a, b) = (Money::from_minor(a.into(), CurrencyCode::EUR), Money::from_minor(b.into(), CurrencyCode::EUR));
            prop_assert_eq!(a.plus(b).unwrap().minus(b).unwrap(), a);
        }

        #[test]
        fn arithmetic_overflows_into_an_error_never_around(a in any::<i64>(), b in any::<i64>()) {
            let sum = Money::from_minor(a, CurrencyCode::EUR).plus(Money::from_minor(b, CurrencyCode::EUR));
            match a.checked_add(b) {
                Some(expected) => prop_assert_eq!(sum.unwrap().minor(), expected),
                None => prop_assert_eq!(sum, Err(MoneyError::Overflow)),
            }
        }

        #[test]
        fn rounding_moves_an_amount_by_less_than_one_minor_unit(mills in -1_000_000_000_i64..1_000_000_000) {
            let exact = Decimal::new(mills, 4);
            for rounding in [Rounding::HalfEven, Rounding::HalfUp, Rounding::Down, Rounding::Up] {
                let money = Money::from_major(exact, CurrencyCode::EUR, rounding).unwrap();
                prop_assert!((money.to_major() - exact).abs() < Decimal::new(1, 2));
            }
        }

        #[test]
        fn major_units_lead_back_to_the_same_minor_units(minor in any::<i64>()) {
            for code in ["EUR", "JPY", "KWD"] {
                let money = Money::from_minor(minor, CurrencyCode::new(code).unwrap());
                let back = Money::from_major(money.to_major(), money.currency(), Rounding::HalfEven).unwrap();
                prop_assert_eq!(back, money);
            }
        }
    }
}
