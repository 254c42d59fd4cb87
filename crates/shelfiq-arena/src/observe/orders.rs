//! Orders of a day, in the order in which they came.

use rand::Rng;
use shelfiq_core::{Channel, OrderNumber, Quantity};
use shelfiq_events::{EventKind, LineKind, Order, OrderLine};

use super::{Draft, RecordedDays, clock};
use crate::basket::{self, Basket, Sold};
use crate::noise::Stream;
use crate::shop::Shop;
use crate::simulate::SkuDay;

/// The next free number of each store.
#[derive(Debug, Clone)]
pub(super) struct OrderNumbers {
    etsy: u64,
    shopify: u64,
}

impl Default for OrderNumbers {
    fn default() -> Self {
        Self { etsy: 2_871_004_113, shopify: 1_001 }
    }
}

impl OrderNumbers {
    /// Etsy counts the orders of all its shops, so ours jump; Shopify counts ours alone.
    fn next(&mut self, channel: Channel, rng: &mut impl Rng) -> OrderNumber {
        let text = if channel == Channel::Etsy {
            self.etsy += rng.random_range(900..19_000);
            self.etsy.to_string()
        } else {
            self.shopify += 1;
            format!("#{}", self.shopify)
        };
        OrderNumber::new(&text).expect("digits make a number of legal length")
    }
}

impl RecordedDays<'_> {
    /// Records the day's orders, and draws what will become of them.
    pub(super) fn record_orders(&mut self, day: u32, lived: &[(u32, SkuDay)], drafts: &mut Vec<Draft>) {
        let shop = self.shop;
        let mut rng = shop.noise().at(Stream::Basket, 0, day);
        let sold = lived.iter().filter(|(_, sku_day)| sku_day.sold_units > 0).map(|(index, sku_day)| Sold {
            sku_index: *index,
            units: sku_day.sold_units,
            multiple: shop.catalogue()[*index as usize].category.profile().multiple,
        });
        let baskets = basket::fill(sold, &mut rng);
        for (position, basket) in baskets.iter().enumerate() {
            let shopper = self.shoppers.next(&mut rng);
            let store =
                Shop::STORES.iter().find(|(channel, _)| *channel == shopper.channel).unwrap_or(&Shop::STORES[0]);
            let order = Order {
                number: self.numbers.next(shopper.channel, &mut rng),
                ordered_at: clock::at(shop, day, basket.second),
                channel: shopper.channel,
                store: store.1.to_owned(),
                customer: shopper.key,
                country: Some(shopper.country),
                country_as_written: None,
                currency: shop.config().currency,
                lines: lines(shop, basket, lived),
            };
            self.draw_after_sales(day, position as u32, &order, basket, drafts);
            let number = order.number.as_str().to_owned();
            drafts.push(Draft::new(order.ordered_at, &number, EventKind::OrderPlaced(order)));
        }
    }
}

fn lines(shop: &Shop, basket: &Basket, lived: &[(u32, SkuDay)]) -> Vec<OrderLine> {
    basket
        .lines
        .iter()
        .zip(1..)
        .filter_map(|(&(sku_index, units), line)| {
            let entry = &shop.catalogue()[sku_index as usize];
            // `lived` is in catalogue order; a Sku in a basket was sold today, so it is there.
            let position = lived.binary_search_by_key(&sku_index, |(index, _)| *index).ok()?;
            Some(OrderLine {
                line,
                sku: entry.sku.clone(),
                title: Some(entry.title.clone()),
                quantity: Quantity::new(i64::from(units)),
                unit_price: lived[position].1.price.to_major(),
                kind: LineKind::Sale,
                is_duplicate: false,
                source_file: None,
                source_row: None,
            })
        })
        .collect()
}
