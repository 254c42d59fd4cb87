//! Money as people read it in a sentence. Files, logs and the wire keep `Display`, which never changes with taste.

use rust_decimal::Decimal;

use crate::{CurrencyCode, UnitPrice};

/// What people write before an amount instead of the code, as the web app does in English.
const SYMBOLS: [(&str, &str); 14] = [
    ("AUD", "A$"),
    ("BRL", "R$"),
    ("CAD", "CA$"),
    ("CNY", "CN¥"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("HKD", "HK$"),
    ("ILS", "₪"),
    ("INR", "₹"),
    ("JPY", "¥"),
    ("KRW", "₩"),
    ("MXN", "MX$"),
    ("NZD", "NZ$"),
    ("USD", "$"),
];

/// An amount with symbol or code, thousands separators and the currency's digits: `£1,292.47`, `−€0.50`, `¥1,200`,
/// `CHF 12.00`. A unit price that is finer than the minor unit keeps its digits: `£0.001`.
#[must_use]
pub fn money_text(amount: impl Into<UnitPrice>) -> String {
    let price = amount.into();
    text(price.written(), price.currency())
}

/// A range with equal digits at both ends: `£43.90–£48.00`. Reads `−£5.00 to £12.00` where an end is below zero, and is
/// one amount where both ends read the same.
///
/// Both ends must be in one currency; the second one's is taken for both.
#[must_use]
pub fn money_range_text(lo: impl Into<UnitPrice>, hi: impl Into<UnitPrice>) -> String {
    let (lo, hi) = (lo.into(), hi.into());
    let digits = lo.written().scale().max(hi.written().scale());
    let [lo_text, hi_text] = [lo, hi].map(|end| {
        let mut amount = end.written();
        amount.rescale(digits);
        text(amount, hi.currency())
    });
    if lo_text == hi_text {
        return lo_text;
    }
    let is_below_zero = |price: UnitPrice| price.amount() < Decimal::ZERO;
    let between = if is_below_zero(lo) || is_below_zero(hi) { " to " } else { "–" };
    format!("{lo_text}{between}{hi_text}")
}

fn text(amount: Decimal, currency: CurrencyCode) -> String {
    let sign = if amount < Decimal::ZERO { "−" } else { "" };
    let digits = amount.abs().to_string();
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let fraction = fraction.map(|digits| format!(".{digits}")).unwrap_or_default();
    let whole = with_separators(whole);
    match SYMBOLS.iter().find(|(code, _)| *code == currency.as_str()) {
        Some((_, symbol)) => format!("{sign}{symbol}{whole}{fraction}"),
        // The space must not break: an amount stays on one line with its code.
        None => format!("{sign}{currency}\u{a0}{whole}{fraction}"),
    }
}

fn with_separators(whole: &str) -> String {
    let mut text = String::with_capacity(whole.len() + whole.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Money;

    fn price(amount: &str, code: &str) -> UnitPrice {
        UnitPrice::new(amount.parse().unwrap(), CurrencyCode::new(code).unwrap())
    }

    #[test]
    fn an_amount_carries_its_symbol_separators_and_the_currencys_digits() {
        let cases = [
            ("1292.47", "GBP", "£1,292.47"),
            ("12", "EUR", "€12.00"),
            ("-0.5", "EUR", "−€0.50"),
            ("999", "USD", "$999.00"),
            ("1234567.8", "USD", "$1,234,567.80"),
            ("1200", "JPY", "¥1,200"),
            ("1.5", "KWD", "KWD\u{a0}1.500"),
            ("-1000", "CHF", "−CHF\u{a0}1,000.00"),
            ("0.001", "GBP", "£0.001"),
            ("0", "GBP", "£0.00"),
        ];
        for (amount, code, expected) in cases {
            assert_eq!(money_text(price(amount, code)), expected);
        }
    }

    #[test]
    fn booked_money_reads_to_the_cent() {
        assert_eq!(money_text(Money::from_minor(129_247, CurrencyCode::GBP)), "£1,292.47");
    }

    #[test]
    fn both_ends_of_a_range_have_the_same_digits() {
        let range = |lo, hi| money_range_text(price(lo, "GBP"), price(hi, "GBP"));
        assert_eq!(range("43.9", "48"), "£43.90–£48.00");
        assert_eq!(range("0.125", "48"), "£0.125–£48.000");
        assert_eq!(range("-5", "12"), "−£5.00 to £12.00");
        assert_eq!(range("7", "7.00"), "£7.00");
    }
}
