//! Amazon, "All orders" report: one row for each item. Prices are for the whole row, not for one unit.
//!
//! Pending orders have no price yet and are passed over: the next report brings them. A cancelled row takes back what an
//! earlier report said of it.

use rust_decimal::Decimal;
use shelfiq_core::{Channel, Quantity};
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{OrderHead, RowDrafts};
use crate::enrich::unit_price;

pub(crate) struct AmazonAllOrders {
    order: Col,
    purchased_at: Col,
    order_status: Col,
    item_status: Col,
    title: Col,
    sku: Col,
    asin: Col,
    quantity: Col,
    currency: Col,
    item_price: Col,
    shipping_price: Col,
    item_discount: Col,
    shipping_discount: Col,
    country: Col,
}

impl AmazonAllOrders {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let col = |header| sheet.col(header);
        Self {
            order: col("amazon-order-id"),
            purchased_at: col("purchase-date"),
            order_status: col("order-status"),
            item_status: col("item-status"),
            title: col("product-name"),
            sku: col("sku"),
            asin: col("asin"),
            quantity: col("quantity"),
            currency: col("currency"),
            item_price: col("item-price"),
            shipping_price: col("shipping-price"),
            item_discount: col("item-promotion-discount"),
            shipping_discount: col("ship-promotion-discount"),
            country: col("ship-country"),
        }
    }

    fn has_status(&self, cells: &Cells<'_>, wanted: &str) -> bool {
        [self.order_status, self.item_status]
            .into_iter()
            .any(|col| cells.text(col).is_some_and(|status| status.to_ascii_lowercase().starts_with(wanted)))
    }
}

impl Source for AmazonAllOrders {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let number = cells.required_order_number(self.order);
        let ordered_at = cells.required_instant(self.purchased_at);
        let sku_col = if cells.text(self.sku).is_some() { self.sku } else { self.asin };
        let sku = cells.required_sku(sku_col);
        let currency = cells.currency(self.currency);
        let (Some(number), Some(ordered_at), Some(sku), Some(currency)) = (number, ordered_at, sku, currency) else {
            return;
        };
        let head = OrderHead {
            number,
            ordered_at,
            channel: Channel::Amazon,
            store: cells.sheet.options.store.clone(),
            customer: None,
            country: cells.text(self.country).map(str::to_owned),
            currency,
        };
        let title = cells.text(self.title);
        drafts.identify(&["amazon", "order", head.number.as_str(), sku.as_str()]);
        if self.has_status(cells, "cancel") {
            let mut nothing_sold = head.line(sku.clone(), title, Quantity::ZERO, Decimal::ZERO, LineKind::Sale);
            nothing_sold.is_replacement_only = true;
            drafts.lines.push(nothing_sold);
            drafts.lines.push(head.line(sku, title, Quantity::ZERO, Decimal::ZERO, LineKind::Cancellation));
            return;
        }
        if self.has_status(cells, "pending") {
            drafts.skipped = Some("the order is still pending; a later report brings it with its price");
            return;
        }
        let quantity = cells.required_units(self.quantity);
        let price = cells.required_decimal(self.item_price);
        let discount = cells.decimal(self.item_discount).unwrap_or_default().abs();
        let postage = cells.decimal(self.shipping_price).unwrap_or_default()
            - cells.decimal(self.shipping_discount).unwrap_or_default().abs();
        let (Some(quantity), Some(price)) = (quantity, price) else { return };
        let (each, rest) = unit_price(price - discount, quantity);
        drafts.lines.push(head.line(sku, title, quantity, each, LineKind::Sale));
        if !rest.is_zero() {
            drafts.lines.push(head.charge("ROUNDING", Some("Rest of a row's price"), rest, LineKind::Adjustment));
        }
        if postage > Decimal::ZERO {
            drafts.lines.push(head.charge("POSTAGE", Some("Postage"), postage, LineKind::Postage));
        }
    }
}
