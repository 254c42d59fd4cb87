//! Etsy's files about whole orders and about money: sold orders, monthly statement, payments.
//!
//! None of them brings sales: those are in the order items, and counting them again would double them. Sold orders bring
//! postage; the statement brings fees and refunds; payments bring the processing fee, under the same key as the
//! statement's, so that importing both changes nothing twice.

use rust_decimal::Decimal;
use shelfiq_core::{Channel, OrderNumber};
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{OrderHead, RowDrafts};

fn head(cells: &mut Cells<'_>, number: Option<OrderNumber>, date: Col, currency: Col) -> Option<OrderHead> {
    let ordered_at = cells.required_instant(date);
    let currency = cells.currency(currency);
    Some(OrderHead {
        number: number?,
        ordered_at: ordered_at?,
        channel: Channel::Etsy,
        store: cells.sheet.options.store.clone(),
        customer: None,
        country: None,
        currency: currency?,
    })
}

/// "Orders" CSV: one row for each order.
pub(crate) struct EtsySoldOrders {
    sale_date: Col,
    order: Col,
    currency: Col,
    shipping: Col,
    shipping_discount: Col,
    country: Col,
    buyer: Col,
}

impl EtsySoldOrders {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        Self {
            sale_date: sheet.col("Sale Date"),
            order: sheet.col("Order ID"),
            currency: sheet.col("Currency"),
            shipping: sheet.col("Shipping"),
            shipping_discount: sheet.col("Shipping Discount"),
            country: sheet.col("Ship Country"),
            buyer: sheet.col("Buyer"),
        }
    }
}

impl Source for EtsySoldOrders {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let number = cells.required_order_number(self.order);
        let shipping = cells.decimal(self.shipping).unwrap_or_default()
            - cells.decimal(self.shipping_discount).unwrap_or_default();
        let Some(mut head) = head(cells, number, self.sale_date, self.currency) else { return };
        head.country = cells.text(self.country).map(str::to_owned);
        head.customer = cells.text(self.buyer).and_then(|buyer| cells.sheet.options.customer_salt.key(buyer));
        drafts.identify(&["etsy", "order postage", head.number.as_str()]);
        if shipping.is_zero() {
            drafts.skipped = Some("the order has no postage; its sales come from the order items file");
            return;
        }
        drafts.lines.push(head.charge("POSTAGE", Some("Postage"), shipping, LineKind::Postage));
    }
}

/// Monthly statement. Values may be `--` or carry their currency sign: `-£1.44`.
pub(crate) struct EtsyStatement {
    date: Col,
    kind: Col,
    title: Col,
    details: Col,
    currency: Col,
    amount: Col,
    fees: Col,
}

impl EtsyStatement {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        Self {
            date: sheet.col("Date"),
            kind: sheet.col("Type"),
            title: sheet.col("Title"),
            details: sheet.col("Info"),
            currency: sheet.col("Currency"),
            amount: sheet.col("Amount"),
            fees: sheet.col("Fees & Taxes"),
        }
    }
}

impl Source for EtsyStatement {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let kind = cells.required_text(self.kind).unwrap_or_default();
        let (title, details) =
            (cells.text(self.title).unwrap_or_default(), cells.text(self.details).unwrap_or_default());
        let amount = cells.decimal(self.amount).unwrap_or_default();
        let fees = cells.decimal(self.fees).unwrap_or_default();
        let order = order_in(details).or_else(|| order_in(title));
        let date = cells.text(self.date).unwrap_or_default();
        // What belongs to no order is booked under its month.
        let month = cells.moment(self.date).map(|moment| moment.day().format("statement %Y-%m").to_string());
        let number = order.map(str::to_owned).or(month).and_then(|text| OrderNumber::new(&text).ok());
        let Some(head) = head(cells, number, self.date, self.currency) else { return };

        let is_sale = kind.eq_ignore_ascii_case("sale");
        match order {
            Some(order) if is_sale => drafts.identify(&["etsy", "processing fee", order]),
            _ => drafts.identify(&["etsy", "statement", date, kind, title, details]),
        }
        if kind.eq_ignore_ascii_case("refund") && !amount.is_zero() {
            drafts.lines.push(head.charge("REFUND", Some(title), amount, LineKind::Return));
        }
        if !fees.is_zero() {
            let code = if is_sale { "PROCESSING-FEE" } else { "ETSY-FEE" };
            drafts.lines.push(head.charge(code, Some(title), fees, LineKind::Fee));
        }
        if drafts.lines.is_empty() {
            drafts.skipped = Some("the booking is neither a fee nor a refund; sales come from the order items file");
        }
    }
}

/// The digits after `Order #`.
fn order_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Order #").or_else(|| text.split_once("order: "))?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| &rest[..digits])
}

/// Payments by direct checkout: one row for each payment.
pub(crate) struct EtsyPayments {
    order: Col,
    fees: Col,
    currency: Col,
    date: Col,
}

impl EtsyPayments {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        Self {
            order: sheet.col("Order ID"),
            fees: sheet.any_col(&["Posted Fees", "Fees"]),
            currency: sheet.col("Currency"),
            date: sheet.col("Order Date"),
        }
    }
}

impl Source for EtsyPayments {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let number = cells.required_order_number(self.order);
        let fees = cells.required_decimal(self.fees);
        let Some(head) = head(cells, number, self.date, self.currency) else { return };
        let Some(fees) = fees else { return };
        drafts.identify(&["etsy", "processing fee", head.number.as_str()]);
        if fees.is_zero() {
            drafts.skipped = Some("the payment has no fee");
            return;
        }
        // Here fees are written as what was taken, in the statement as what it does to the balance.
        let fees = -Decimal::abs(&fees);
        drafts.lines.push(head.charge("PROCESSING-FEE", Some("Payment processing"), fees, LineKind::Fee));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_found_in_titles_and_details() {
        assert_eq!(order_in("Payment for Order #1000000001"), Some("1000000001"));
        assert_eq!(order_in("Order #12, gift"), Some("12"));
        assert_eq!(order_in("Listing fee"), None);
    }
}
