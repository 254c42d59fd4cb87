//! Who else offers the same thing.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::log_distance;

/// Whether an offer can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// It can.
    InStock,
    /// Nobody said it cannot.
    Unknown,
    /// It cannot: it competes with nobody.
    SoldOut,
}

/// One offer of the thing in question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Name of the seller as the channel shows it.
    pub seller: String,
    /// Price, major units.
    pub price: Decimal,
    /// Whether it can be bought.
    pub availability: Availability,
    /// Attributes in the order of the model that reads them; empty if there is none.
    pub attributes: Vec<f64>,
}

/// All offers, our own included: on a marketplace nobody sorts them for us.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Market {
    /// Names under which we sell, on any channel. Their offers never count as a rival's.
    pub own_sellers: Vec<String>,
    /// The offers.
    pub offers: Vec<Offer>,
}

/// Offers this many times dearer or cheaper than ours are another pack, a typing error or bait.
const PLAUSIBLE_FACTOR: f64 = 3.0;

impl Market {
    /// The cheapest offer of each rival that can be bought, cheapest first; none of our own, none implausibly far from `price`.
    #[must_use]
    pub fn rivals(&self, price: Decimal) -> Vec<&Offer> {
        let mut rivals: Vec<&Offer> = self
            .offers
            .iter()
            .filter(|offer| offer.availability != Availability::SoldOut && offer.price > Decimal::ZERO)
            .filter(|offer| !self.own_sellers.iter().any(|own| is_same_seller(own, &offer.seller)))
            .filter(|offer| log_distance(offer.price, price) <= PLAUSIBLE_FACTOR.ln() + 1e-9)
            .collect();
        rivals.sort_by(|a, b| a.price.cmp(&b.price).then_with(|| a.seller.cmp(&b.seller)));
        let mut seen: Vec<&str> = Vec::new();
        rivals.retain(|offer| {
            let is_new = !seen.iter().any(|seller| is_same_seller(seller, &offer.seller));
            seen.push(&offer.seller);
            is_new
        });
        rivals
    }
}

/// Channels write the same seller with other cases and spaces.
fn is_same_seller(a: &str, b: &str) -> bool {
    let letters =
        |name: &str| name.split_whitespace().flat_map(str::chars).flat_map(char::to_lowercase).collect::<String>();
    letters(a) == letters(b)
}

/// Which price of the rivals counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The cheapest.
    Cheapest,
    /// The middle one; of two middle ones their mean.
    Median,
}

impl Reference {
    /// `rivals` come cheapest first.
    pub(crate) fn price_of(self, rivals: &[&Offer]) -> Option<Decimal> {
        let middle = rivals.len() / 2;
        match self {
            Self::Cheapest => rivals.first().map(|offer| offer.price),
            Self::Median if rivals.len() % 2 == 1 => Some(rivals[middle].price),
            Self::Median => Some((rivals.get(middle.checked_sub(1)?)?.price + rivals[middle].price) / Decimal::TWO),
        }
    }

    pub(crate) fn named(self, count: usize) -> String {
        match (self, count) {
            (_, 1) => "the only rival".to_owned(),
            (Self::Cheapest, _) => format!("the cheapest of {count} rivals"),
            (Self::Median, _) => format!("the median of {count} rivals"),
        }
    }
}
