//! The prices a shop would really print: whole minor units with the endings the merchant uses.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// Endings a new price may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceEndings {
    /// Every whole minor unit.
    Any,
    /// x.90, x.95, x.99 and whole amounts from 5.00 on; below that any price ending in 0, 5 or 9, because whole steps of
    /// half a unit would be too coarse.
    ///
    /// In currencies without minor units the last two digits take the place of the cents (1,980 and 1,998 yen), in those
    /// with three decimals the third is zero.
    Charm,
    /// The last two digits as listed: `[0, 49, 99]` for x.00, x.49 and x.99. At every price level.
    Tails(Vec<u8>),
}

/// A text that names no endings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no endings of prices: write any, charm, or the last two digits such as 49,99")]
pub struct UnclearEndings {
    /// The text.
    text: String,
}

impl FromStr for PriceEndings {
    type Err = UnclearEndings;

    /// `any`, `charm`, or the last two digits, each two long: `00,49`.
    fn from_str(text: &str) -> Result<Self, UnclearEndings> {
        let unclear = || UnclearEndings { text: text.to_owned() };
        let tail = |digits: &str| match digits.trim() {
            digits if digits.len() == 2 => digits.parse::<u8>().map_err(|_| unclear()),
            _ => Err(unclear()),
        };
        match text.trim() {
            "any" => Ok(Self::Any),
            "charm" => Ok(Self::Charm),
            list => list.split(',').map(tail).collect::<Result<_, _>>().map(Self::Tails),
        }
    }
}

impl fmt::Display for PriceEndings {
    /// As [`FromStr`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Charm => f.write_str("charm"),
            Self::Tails(tails) => {
                let written: Vec<String> = tails.iter().map(|tail| format!("{tail:02}")).collect();
                f.write_str(&written.join(","))
            }
        }
    }
}

/// More rungs than this would be finer than anyone can tell apart: a wider window is climbed in larger steps.
const RUNGS_MAX: i64 = 2_000;
/// Below this many hundredths, [`PriceEndings::Charm`] allows the finer endings.
const CHARM_FROM: i64 = 500;

/// The printable prices between `lo` and `hi` (inclusive), ascending, at most a few thousand.
///
/// A window so wide that it holds more is climbed in steps of 5, 10, 50, 100 … minor units (or in whole amounts), so the
/// work for one Sku stays bounded. Empty if nothing printable lies between.
#[must_use]
pub fn rungs(lo: Decimal, hi: Decimal, endings: &PriceEndings, currency_exponent: u32) -> Vec<Decimal> {
    let scale = Decimal::from(10_i64.pow(currency_exponent));
    let in_minor = |price: Decimal| price.checked_mul(scale);
    let (Some(lo), Some(hi)) = (in_minor(lo), in_minor(hi)) else { return Vec::new() };
    let (Some(lo), Some(hi)) = (lo.ceil().to_i64(), hi.floor().to_i64()) else { return Vec::new() };
    let lo = lo.max(1);
    if lo > hi {
        return Vec::new();
    }
    let minor = match tails(endings, currency_exponent) {
        None => multiples(lo, hi, coarse_step(hi - lo)),
        Some(tails) => with_tails(lo, hi, endings, tails, currency_exponent),
    };
    minor.into_iter().map(|minor| Decimal::new(minor, currency_exponent)).collect()
}

/// Whether `price` is a whole number of minor units with an ending of the list.
#[must_use]
pub fn ends_well(price: Decimal, endings: &PriceEndings, currency_exponent: u32) -> bool {
    let Some(minor) = price.checked_mul(Decimal::from(10_i64.pow(currency_exponent))) else { return false };
    if minor != minor.trunc() || minor <= Decimal::ZERO {
        return false;
    }
    let Some(tails) = tails(endings, currency_exponent) else { return true };
    let grain = hundredth_in_minor(currency_exponent);
    let Some(minor) = minor.to_i64() else { return false };
    if minor % grain != 0 {
        return false;
    }
    let hundredths = minor / grain;
    is_fine_charm(hundredths, endings) || tails.iter().any(|&tail| hundredths % 100 == i64::from(tail))
}

/// At most `count` of the prices, about evenly spread over their logarithm, with both ends.
pub(crate) fn thinned(prices: Vec<Decimal>, count: usize) -> Vec<Decimal> {
    let (Some(first), Some(last)) = (prices.first(), prices.last()) else { return prices };
    if prices.len() <= count {
        return prices;
    }
    let step = (crate::optimize::to_f64(*last) / crate::optimize::to_f64(*first)).ln() / (count - 1) as f64;
    let mut kept: Vec<Decimal> = Vec::with_capacity(count);
    for &price in &prices {
        let wanted = crate::optimize::to_f64(*first) * (step * kept.len() as f64).exp();
        if crate::optimize::to_f64(price) >= wanted * (1.0 - 1e-12) && kept.len() < count - 1 {
            kept.push(price);
        }
    }
    kept.push(*last);
    kept.dedup();
    kept
}

fn tails(endings: &PriceEndings, currency_exponent: u32) -> Option<&[u8]> {
    match endings {
        PriceEndings::Any => None,
        PriceEndings::Charm if currency_exponent == 0 => Some(&[0, 80, 90, 98]),
        PriceEndings::Charm => Some(&[0, 90, 95, 99]),
        PriceEndings::Tails(tails) => Some(tails),
    }
}

/// Minor units in a hundredth of the amount that endings speak of.
fn hundredth_in_minor(currency_exponent: u32) -> i64 {
    10_i64.pow(currency_exponent.saturating_sub(2))
}

fn is_fine_charm(hundredths: i64, endings: &PriceEndings) -> bool {
    *endings == PriceEndings::Charm && hundredths < CHARM_FROM && matches!(hundredths % 10, 0 | 5 | 9)
}

/// The finest of 1, 5, 10, 50, 100 … that climbs `width` within the bound.
fn coarse_step(width: i64) -> i64 {
    let mut step = 1;
    for factor in [5, 2].into_iter().cycle() {
        if width / step <= RUNGS_MAX {
            break;
        }
        step *= factor;
    }
    step
}

fn multiples(lo: i64, hi: i64, step: i64) -> Vec<i64> {
    let first = lo + (step - lo % step) % step;
    (0..).map(|i| first + i * step).take_while(|&minor| minor <= hi).collect()
}

fn with_tails(lo: i64, hi: i64, endings: &PriceEndings, tails: &[u8], currency_exponent: u32) -> Vec<i64> {
    let grain = hundredth_in_minor(currency_exponent);
    let (lo, hi) = (lo + (grain - lo % grain) % grain, hi - hi % grain);
    let (lo, hi) = (lo / grain, hi / grain);
    let fine = (lo..=hi.min(CHARM_FROM - 1)).filter(|&hundredths| is_fine_charm(hundredths, endings));
    let step = coarse_step((hi - lo) / 100 * i64::try_from(tails.len()).unwrap_or(i64::MAX));
    // 9.99 belongs to 10: in steps of ten units the rungs are 9.99, 10.00, 19.99, 20.00 …
    let wholes = multiples(lo / 100, hi / 100 + 1, step);
    let coarse = wholes.into_iter().flat_map(|whole| {
        tails.iter().map(move |&tail| whole * 100 + i64::from(tail) - if tail >= 50 { 100 } else { 0 })
    });
    let mut hundredths: Vec<i64> = fine.chain(coarse.filter(|h| (lo..=hi).contains(h))).collect();
    hundredths.sort_unstable();
    hundredths.dedup();
    hundredths.into_iter().map(|hundredths| hundredths * grain).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn climb(lo: &str, hi: &str, endings: &PriceEndings, exponent: u32) -> String {
        let rungs = rungs(decimal(lo), decimal(hi), endings, exponent);
        rungs.iter().map(Decimal::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn charm_prices_end_in_ninety_ninety_five_ninety_nine_or_whole() {
        assert_eq!(climb("9.50", "11.00", &PriceEndings::Charm, 2), "9.90 9.95 9.99 10.00 10.90 10.95 10.99 11.00");
    }

    #[test]
    fn cheap_things_may_end_in_zero_five_or_nine() {
        assert_eq!(climb("0.81", "0.93", &PriceEndings::Charm, 2), "0.85 0.89 0.90");
        assert_eq!(climb("4.88", "5.50", &PriceEndings::Charm, 2), "4.89 4.90 4.95 4.99 5.00");
    }

    #[test]
    fn currencies_without_cents_end_their_last_two_digits() {
        assert_eq!(climb("1850", "2050", &PriceEndings::Charm, 0), "1880 1890 1898 1900 1980 1990 1998 2000");
        assert_eq!(climb("9.500", "10.500", &PriceEndings::Charm, 3), "9.900 9.950 9.990 10.000");
    }

    #[test]
    fn a_wide_window_is_climbed_in_larger_steps() {
        let wide = rungs(decimal("5"), decimal("1000000"), &PriceEndings::Charm, 2);
        assert!(wide.len() > 500 && wide.len() < 2_100, "{}", wide.len());
        let any = rungs(decimal("5"), decimal("1000000"), &PriceEndings::Any, 2);
        assert!(any.len() > 500 && any.len() <= 2_001, "{}", any.len());
    }

    #[test]
    fn endings_are_read_as_they_are_written() {
        for text in ["any", "charm", "00,49,99"] {
            assert_eq!(text.parse::<PriceEndings>().unwrap().to_string(), text);
        }
        let error = "9".parse::<PriceEndings>().unwrap_err().to_string();
        assert_eq!(error, "`9` names no endings of prices: write any, charm, or the last two digits such as 49,99");
    }

    #[test]
    fn nothing_printable_between_two_neighbours() {
        assert_eq!(climb("10.01", "10.89", &PriceEndings::Charm, 2), "");
        assert_eq!(climb("3.00", "2.00", &PriceEndings::Any, 2), "");
    }

    proptest! {
        #[test]
        fn the_ladder_is_exactly_what_ends_well_in_the_window(lo in 1_i64..3_000, width in 0_i64..2_000, pick in 0_usize..3) {
            let endings = [PriceEndings::Any, PriceEndings::Charm, PriceEndings::Tails(vec![0, 49, 99])][pick].clone();
            let expected: Vec<Decimal> = (lo..=lo + width)
                .map(|minor| Decimal::new(minor, 2))
                .filter(|&price| ends_well(price, &endings, 2))
                .collect();
            prop_assert_eq!(rungs(Decimal::new(lo, 2), Decimal::new(lo + width, 2), &endings, 2), expected);
        }
    }
}
