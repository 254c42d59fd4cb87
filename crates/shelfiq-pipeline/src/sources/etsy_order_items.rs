//! Etsy, "Order items" CSV: one row for each item sold. Dates are month/day/year with two digits; `Price` is for one unit,
//! `Discount Amount` for the row. Order-level postage repeats on every row and is read from the orders file instead.

use rust_decimal::Decimal;
use shelfiq_core::Channel;
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{OrderHead, RowDrafts};
use crate::enrich::{sku_without_code, unit_price};

pub(crate) struct EtsyOrderItems {
    sale_date: Col,
    item_name: Col,
    buyer: Col,
    quantity: Col,
    price: Col,
    discount: Col,
    currency: Col,
    transaction: Col,
    listing: Col,
    country: Col,
    order: Col,
    variations: Col,
    sku: Col,
}

impl EtsyOrderItems {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let col = |header| sheet.col(header);
        Self {
            sale_date: col("Sale Date"),
            item_name: col("Item Name"),
            buyer: col("Buyer"),
            quantity: col("Quantity"),
            price: col("Price"),
            discount: col("Discount Amount"),
            currency: col("Currency"),
            transaction: col("Transaction ID"),
            listing: col("Listing ID"),
            country: col("Ship Country"),
            order: col("Order ID"),
            variations: col("Variations"),
            sku: col("SKU"),
        }
    }
}

impl Source for EtsyOrderItems {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let number = cells.required_order_number(self.order);
        let ordered_at = cells.required_instant(self.sale_date);
        let quantity = cells.required_units(self.quantity);
        let price = cells.required_decimal(self.price);
        let discount = cells.decimal(self.discount).unwrap_or_default();
        let currency = cells.currency(self.currency);
        let transaction = cells.required_text(self.transaction);
        let title = cells.text(self.item_name);
        let sku = match cells.text(self.sku) {
            Some(_) => cells.sku(self.sku),
            // Each choice of a listing is a thing of its own to count and price.
            None => sku_without_code("ETSY", cells.text(self.listing), title).and_then(|sku| {
                match cells.text(self.variations) {
                    None => Some(sku),
                    Some(choice) => sku_without_code(sku.as_str(), Some(choice), None),
                }
            }),
        };
        let (Some(number), Some(ordered_at), Some(quantity), Some(price), Some(currency), Some(transaction)) =
            (number, ordered_at, quantity, price, currency, transaction)
        else {
            return;
        };
        let Some(sku) = sku else {
            cells.refuse(self.sku, "is empty, and so are the listing and the item name", "fill one of them");
            return;
        };
        let options = &cells.sheet.options;
        let head = OrderHead {
            number,
            ordered_at,
            channel: Channel::Etsy,
            store: options.store.clone(),
            customer: cells.text(self.buyer).and_then(|buyer| options.customer_salt.key(buyer)),
            country: cells.text(self.country).map(str::to_owned),
            currency,
        };
        drafts.identify(&["etsy", "transaction", transaction]);
        let (price, rest) = if discount.is_zero() {
            (price, Decimal::ZERO)
        } else {
            unit_price(price * Decimal::from(quantity.units()) - discount, quantity)
        };
        drafts.lines.push(head.line(sku, title, quantity, price, LineKind::Sale));
        if !rest.is_zero() {
            drafts.lines.push(head.charge("ROUNDING", Some("Rest of a discount"), rest, LineKind::Adjustment));
        }
    }
}
