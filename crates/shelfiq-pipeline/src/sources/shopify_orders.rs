//! Shopify, orders export: one row for each line; only the first row of an order has the order's own fields.
//!
//! Postage, discounts and refunds stand once for the whole order and come from that first row. The file does not say when
//! money was given back: refunds take the time of the order. A cancelled order is sold and cancelled line by line.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{Channel, Quantity, Sku};
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{LineDraft, OrderHead, RowDrafts};
use crate::enrich::{sku_without_code, unit_price};

pub(crate) struct ShopifyOrders {
    name: Col,
    email: Col,
    currency: Col,
    shipping: Col,
    total: Col,
    discount: Col,
    created_at: Col,
    quantity: Col,
    title: Col,
    price: Col,
    sku: Col,
    line_discount: Col,
    shipping_country: Col,
    billing_country: Col,
    cancelled_at: Col,
    refunded: Col,
    current: Option<CurrentOrder>,
}

/// The order whose rows are being read.
struct CurrentOrder {
    head: OrderHead,
    cancelled_at: Option<DateTime<Utc>>,
    is_refunded_whole: bool,
    has_discount: bool,
}

impl ShopifyOrders {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let col = |header| sheet.col(header);
        Self {
            name: col("Name"),
            email: col("Email"),
            currency: col("Currency"),
            shipping: col("Shipping"),
            total: col("Total"),
            discount: col("Discount Amount"),
            created_at: col("Created at"),
            quantity: col("Lineitem quantity"),
            title: col("Lineitem name"),
            price: col("Lineitem price"),
            sku: col("Lineitem sku"),
            line_discount: col("Lineitem discount"),
            shipping_country: col("Shipping Country"),
            billing_country: col("Billing Country"),
            cancelled_at: col("Cancelled at"),
            refunded: col("Refunded Amount"),
            current: None,
        }
    }

    /// Reads the order's own fields and adds the lines that stand once for it.
    fn begin_order(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) -> Option<()> {
        let number = cells.required_order_number(self.name);
        let ordered_at = cells.required_instant(self.created_at);
        let currency = cells.currency(self.currency);
        let cancelled_at = cells.instant(self.cancelled_at);
        let refunded = cells.decimal(self.refunded).unwrap_or_default();
        let total = cells.decimal(self.total).unwrap_or_default();
        let shipping = cells.decimal(self.shipping).unwrap_or_default();
        let discount = cells.decimal(self.discount).unwrap_or_default();
        let country = cells.text(self.shipping_country).or_else(|| cells.text(self.billing_country));
        let options = &cells.sheet.options;
        let head = OrderHead {
            number: number?,
            ordered_at: ordered_at?,
            channel: Channel::Shopify,
            store: options.store.clone(),
            customer: cells.text(self.email).and_then(|email| options.customer_salt.key(email)),
            country: country.map(str::to_owned),
            currency: currency?,
        };
        let is_refunded_whole = refunded > Decimal::ZERO && refunded >= total;
        if shipping > Decimal::ZERO && !is_refunded_whole && cancelled_at.is_none() {
            drafts.lines.push(head.charge("POSTAGE", Some("Postage"), shipping, LineKind::Postage));
        }
        if discount > Decimal::ZERO && !is_refunded_whole && cancelled_at.is_none() {
            drafts.lines.push(head.charge("DISCOUNT", Some("Discount on the order"), -discount, LineKind::Adjustment));
        }
        if refunded > Decimal::ZERO && !is_refunded_whole && cancelled_at.is_none() {
            drafts.lines.push(head.charge("REFUND", Some("Partial refund"), -refunded, LineKind::Return));
        }
        let has_discount = discount > Decimal::ZERO;
        self.current = Some(CurrentOrder { head, cancelled_at, is_refunded_whole, has_discount });
        Some(())
    }

    /// The price of one unit after a discount on the line.
    fn net_price(&self, cells: &mut Cells<'_>, quantity: Quantity, price: Decimal) -> (Decimal, Decimal) {
        let discount = cells.decimal(self.line_discount).unwrap_or_default();
        // A discount on the order was booked with its first row; its share in each line is the same money again.
        if discount.is_zero() || self.current.as_ref().is_some_and(|current| current.has_discount) {
            return (price, Decimal::ZERO);
        }
        unit_price(price * Decimal::from(quantity.units()) - discount, quantity)
    }
}

impl CurrentOrder {
    fn push_line(&self, sku: Sku, title: Option<&str>, quantity: Quantity, price: Decimal, lines: &mut Vec<LineDraft>) {
        let back = Quantity::new(-quantity.units());
        lines.push(self.head.line(sku.clone(), title, quantity, price, LineKind::Sale));
        if let Some(cancelled_at) = self.cancelled_at {
            let mut line = self.head.line(sku, title, back, price, LineKind::Cancellation);
            line.ordered_at = cancelled_at;
            lines.push(line);
        } else if self.is_refunded_whole {
            lines.push(self.head.line(sku, title, back, price, LineKind::Return));
        }
    }
}

impl Source for ShopifyOrders {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let Some(name) = cells.required_text(self.name) else { return };
        if cells.text(self.created_at).is_some() {
            self.current = None;
            self.begin_order(cells, drafts);
        }
        let sku = match cells.text(self.sku) {
            Some(_) => cells.sku(self.sku),
            None => sku_without_code("SHOPIFY", None, cells.text(self.title)),
        };
        let quantity = cells.required_units(self.quantity);
        let price = cells.required_decimal(self.price);
        let (Some(quantity), Some(price)) = (quantity, price) else { return };
        let (price, rest) = self.net_price(cells, quantity, price);
        let title = cells.text(self.title);
        let Some(current) = self.current.as_ref().filter(|current| current.head.number.as_str() == name) else {
            if cells.problems.is_empty() {
                cells.refuse(
                    self.name,
                    "goes on with an order whose first row is missing or was refused",
                    "add the first row of the order, which has its date",
                );
            }
            return;
        };
        let Some(sku) = sku else {
            cells.refuse(self.sku, "is empty, and so is the name of the line", "fill one of them");
            return;
        };
        drafts.identify(&["shopify", "order", name, sku.as_str()]);
        current.push_line(sku, title, quantity, price, &mut drafts.lines);
        if !rest.is_zero() {
            drafts.lines.push(current.head.charge("ROUNDING", Some("Rest of a discount"), rest, LineKind::Adjustment));
        }
    }
}
