//! Amazon, date range transactions: one row for each transaction, after some lines of explanation.
//!
//! It brings fees and refunds, as the settlement report does: import one of the two, not both. The sales themselves are in
//! the "All orders" report.

use rust_decimal::Decimal;
use shelfiq_core::{Channel, OrderNumber};
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{OrderHead, RowDrafts};

pub(crate) struct AmazonDateRange {
    date: Col,
    settlement: Col,
    kind: Col,
    order: Col,
    sku: Col,
    description: Col,
    product_sales: Col,
    fees: [Col; 3],
    other: Col,
}

impl AmazonDateRange {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let col = |header| sheet.col(header);
        Self {
            date: col("date/time"),
            settlement: col("settlement id"),
            kind: col("type"),
            order: col("order id"),
            sku: col("sku"),
            description: col("description"),
            product_sales: col("product sales"),
            fees: ["selling fees", "fba fees", "other transaction fees"].map(col),
            other: col("other"),
        }
    }
}

impl Source for AmazonDateRange {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let kind = cells.text(self.kind).unwrap_or_default().to_ascii_lowercase();
        let posted_at = cells.required_instant(self.date);
        let sales = cells.decimal(self.product_sales).unwrap_or_default();
        let mut fees: Decimal = self.fees.map(|col| cells.decimal(col).unwrap_or_default()).iter().sum();
        if kind.contains("fee") {
            fees += cells.decimal(self.other).unwrap_or_default();
        }
        let by_settlement = format!("settlement {}", cells.text(self.settlement).unwrap_or("unknown"));
        let number = OrderNumber::new(cells.text(self.order).unwrap_or(&by_settlement));
        let number = cells.checked(self.order, number);
        let sku = cells.sku(self.sku);
        let (Some(posted_at), Some(number), Some(currency)) = (posted_at, number, cells.shop_currency()) else {
            return;
        };
        let options = &cells.sheet.options;
        let head = OrderHead {
            number,
            ordered_at: posted_at,
            channel: Channel::Amazon,
            store: options.store.clone(),
            customer: None,
            country: None,
            currency,
        };
        let description = cells.text(self.description);
        let sku_code = sku.as_ref().map_or("", |sku| sku.as_str()).to_owned();
        drafts.identify(&[
            "amazon",
            "transaction",
            head.number.as_str(),
            &kind,
            &sku_code,
            &posted_at.to_rfc3339(),
            description.unwrap_or_default(),
        ]);
        let mut push = |amount: Decimal, code: &str, kind: LineKind| {
            if !amount.is_zero() {
                let mut line = head.charge(code, description, amount, kind);
                line.sku = sku.clone().unwrap_or(line.sku);
                drafts.lines.push(line);
            }
        };
        if kind.contains("refund") || kind.contains("chargeback") {
            push(sales, "REFUND", LineKind::Return);
        }
        push(fees, "AMAZON-FEE", LineKind::Fee);
        if drafts.lines.is_empty() {
            drafts.skipped = Some("the transaction is neither a fee nor a refund");
        }
    }
}
