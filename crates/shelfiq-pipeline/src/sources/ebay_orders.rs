//! eBay, orders report of Seller Hub. An order of several items has a first row with the buyer and the totals but no item,
//! then a row for each item; an order of one item has everything on one row. `Sold For` is for one unit. British and
//! Australian reports write `Post` for `Ship`.

use rust_decimal::Decimal;
use shelfiq_core::{Channel, CurrencyCode};
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{OrderHead, RowDrafts};
use crate::enrich::sku_without_code;

pub(crate) struct EbayOrders {
    order: Col,
    buyer: Col,
    country: Col,
    item: Col,
    title: Col,
    sku: Col,
    quantity: Col,
    price: Col,
    postage: Col,
    sale_date: Col,
    transaction: Col,
    /// Head of the order whose rows are being read.
    current: Option<OrderHead>,
}

impl EbayOrders {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let col = |header| sheet.col(header);
        Self {
            order: col("Order Number"),
            buyer: col("Buyer Username"),
            country: sheet.any_col(&["Ship To Country", "Post To Country", "Buyer Country"]),
            item: col("Item Number"),
            title: col("Item Title"),
            sku: sheet.any_col(&["Custom Label", "Custom label (SKU)"]),
            quantity: col("Quantity"),
            price: col("Sold For"),
            postage: sheet.any_col(&["Shipping And Handling", "Postage And Packaging", "Postage And Handling"]),
            sale_date: col("Sale Date"),
            transaction: col("Transaction ID"),
            current: None,
        }
    }

    /// The order of this row: its own fields, completed from the order's first row.
    fn head(&self, cells: &mut Cells<'_>, currency: Option<CurrencyCode>) -> Option<OrderHead> {
        let number = cells.required_order_number(self.order)?;
        let first = self.current.as_ref().filter(|head| head.number == number);
        let ordered_at = match (cells.text(self.sale_date), first) {
            (None, Some(first)) => Some(first.ordered_at),
            _ => cells.required_instant(self.sale_date),
        };
        let currency = match currency.or(first.map(|first| first.currency)) {
            Some(currency) => Some(currency),
            None => cells.shop_currency(),
        };
        let options = &cells.sheet.options;
        let customer = cells.text(self.buyer).and_then(|buyer| options.customer_salt.key(buyer));
        let country = cells.text(self.country).map(str::to_owned);
        Some(OrderHead {
            number,
            ordered_at: ordered_at?,
            channel: Channel::Ebay,
            store: options.store.clone(),
            customer: customer.or_else(|| first.and_then(|first| first.customer.clone())),
            country: country.or_else(|| first.and_then(|first| first.country.clone())),
            currency: currency?,
        })
    }
}

impl Source for EbayOrders {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let price = cells.amount(self.price);
        let postage = cells.amount(self.postage);
        let written =
            price.or(postage).and_then(|amount| amount.currency().and_then(|code| CurrencyCode::new(code).ok()));
        let Some(head) = self.head(cells, written) else { return };
        let has_item = cells.text(self.item).is_some() || cells.text(self.title).is_some();
        let is_single = self.current.as_ref().is_none_or(|current| current.number != head.number);
        if !has_item {
            drafts.identify(&["ebay", "order", head.number.as_str()]);
            drafts.skipped = Some("the row holds the totals of an order whose items follow");
        } else {
            let quantity = cells.required_units(self.quantity);
            cells.required_text(self.price);
            let sku = match cells.text(self.sku) {
                Some(_) => cells.sku(self.sku),
                None => sku_without_code("EBAY", cells.text(self.item), cells.text(self.title)),
            };
            let (Some(quantity), Some(price), Some(sku)) = (quantity, price, sku) else { return };
            let transaction = cells.text(self.transaction).unwrap_or_default();
            drafts.identify(&["ebay", "order", head.number.as_str(), transaction, sku.as_str()]);
            drafts.lines.push(head.line(sku, cells.text(self.title), quantity, price.value, LineKind::Sale));
        }
        // The totals row of an order has its postage; on its item rows it would be counted again.
        let postage = postage.map_or(Decimal::ZERO, |amount| amount.value);
        if postage > Decimal::ZERO && is_single {
            drafts.skipped = None;
            drafts.lines.push(head.charge("POSTAGE", Some("Postage"), postage, LineKind::Postage));
        }
        self.current = Some(head);
    }
}
