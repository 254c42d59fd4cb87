//! Amazon, settlement report, first and second flat-file form: one row for each amount; the first row holds the totals.
//!
//! It brings fees and refunds. The sales themselves are in the "All orders" report and are not counted again.

use rust_decimal::Decimal;
use shelfiq_core::{Channel, OrderNumber, Sku};
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{OrderHead, RowDrafts};

pub(crate) struct AmazonSettlement {
    settlement: Col,
    transaction: Col,
    order: Col,
    posted_at: Col,
    currency: Col,
    item: Col,
    sku: Col,
    /// Second form: what the amount is, and the amount.
    amount_type: Col,
    amount_description: Col,
    amount: Col,
    /// First form: the price, and each kind of fee with a column of its own.
    price_type: Col,
    price_amount: Col,
    fees: [Col; 6],
    settlement_currency: Option<shelfiq_core::CurrencyCode>,
}

impl AmazonSettlement {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let col = |header| sheet.col(header);
        Self {
            settlement: col("settlement-id"),
            transaction: col("transaction-type"),
            order: col("order-id"),
            posted_at: sheet.any_col(&["posted-date-time", "posted-date"]),
            currency: col("currency"),
            item: col("order-item-code"),
            sku: col("sku"),
            amount_type: col("amount-type"),
            amount_description: col("amount-description"),
            amount: col("amount"),
            price_type: col("price-type"),
            price_amount: col("price-amount"),
            fees: [
                "shipment-fee-amount",
                "order-fee-amount",
                "item-related-fee-amount",
                "misc-fee-amount",
                "other-fee-amount",
                "direct-payment-amount",
            ]
            .map(col),
            settlement_currency: None,
        }
    }

    /// What the row says: a description, the amount given back for goods, and the fees.
    fn amounts(&self, cells: &mut Cells<'_>, is_refund: bool) -> (String, Decimal, Decimal) {
        let (mut refund, mut fees) = (Decimal::ZERO, Decimal::ZERO);
        let text = |cells: &Cells<'_>, col| cells.text(col).unwrap_or_default().to_owned();
        let description =
            format!("{} {}", text(cells, self.amount_description), text(cells, self.price_type)).trim().to_owned();
        if let Some(amount) = cells.decimal(self.amount) {
            let amount_type = text(cells, self.amount_type);
            let is_price =
                amount_type.eq_ignore_ascii_case("ItemPrice") || amount_type.eq_ignore_ascii_case("Promotion");
            if is_price && is_refund && description.eq_ignore_ascii_case("Principal") {
                refund += amount;
            } else if !is_price {
                fees += amount;
            }
        }
        if let Some(amount) = cells.decimal(self.price_amount)
            && is_refund
            && text(cells, self.price_type).eq_ignore_ascii_case("Principal")
        {
            refund += amount;
        }
        fees += self.fees.map(|col| cells.decimal(col).unwrap_or_default()).iter().sum::<Decimal>();
        (description, refund, fees)
    }
}

impl Source for AmazonSettlement {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let Some(settlement) = cells.required_text(self.settlement) else { return };
        let Some(transaction) = cells.text(self.transaction) else {
            self.settlement_currency = cells.currency(self.currency);
            drafts.identify(&["amazon", "settlement", settlement]);
            drafts.skipped = Some("the row holds the totals of the settlement");
            return;
        };
        let is_refund = transaction.to_ascii_lowercase().contains("refund")
            || transaction.to_ascii_lowercase().contains("chargeback");
        let (description, refund, fees) = self.amounts(cells, is_refund);
        let posted_at = cells.required_instant(self.posted_at);
        // The currency stands in the totals row only.
        let currency = match (cells.text(self.currency), self.settlement_currency) {
            (None, Some(currency)) => Some(currency),
            _ => cells.currency(self.currency),
        };
        let by_settlement = format!("settlement {settlement}");
        let number = OrderNumber::new(cells.text(self.order).unwrap_or(&by_settlement));
        let number = cells.checked(self.order, number);
        let sku = cells.sku(self.sku);
        let (Some(posted_at), Some(currency), Some(number)) = (posted_at, currency, number) else { return };
        let head = OrderHead {
            number,
            ordered_at: posted_at,
            channel: Channel::Amazon,
            store: cells.sheet.options.store.clone(),
            customer: None,
            country: None,
            currency,
        };
        let item = cells.text(self.item).unwrap_or_default();
        let sku_code = sku.as_ref().map_or("", Sku::as_str).to_owned();
        drafts.identify(&[
            "amazon",
            "settlement",
            settlement,
            head.number.as_str(),
            transaction,
            item,
            &sku_code,
            &description,
        ]);
        let mut push = |amount: Decimal, code: &str, kind: LineKind| {
            if !amount.is_zero() {
                let mut line = head.charge(
                    code,
                    Some(&description).filter(|text| !text.is_empty()).map(String::as_str),
                    amount,
                    kind,
                );
                line.sku = sku.clone().unwrap_or(line.sku);
                drafts.lines.push(line);
            }
        };
        push(refund, "REFUND", LineKind::Return);
        push(fees, "AMAZON-FEE", LineKind::Fee);
        if drafts.lines.is_empty() {
            drafts.skipped = Some("the amount is neither a fee nor a refund; sales come from the all-orders report");
        }
    }
}
