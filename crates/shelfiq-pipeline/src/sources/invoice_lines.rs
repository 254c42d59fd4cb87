//! Invoice lines of a till or an ERP, where postage, fees and corrections stand among the goods under codes of their own.
//!
//! An invoice number that begins with `C` cancels, one that begins with `A` corrects the books. Codes: `POST`, `DOT` and
//! `C2` are carriage; `BANK CHARGES` and `AMAZONFEE` fees; `D` a discount and `M` a manual entry; `S`, `B`, `PADS`, `CRUK`
//! and `gift_…` neither goods nor money. Goods without a price, or taken out without a cancellation, correct the stock.
//! Source: the codes' descriptions in Chen (2015), Online Retail, https://doi.org/10.24432/C5BW33.

use rust_decimal::Decimal;
use shelfiq_core::{OrderNumber, Quantity, Sku};
use shelfiq_events::LineKind;

use super::Source;
use super::orders::{Orders, PlainLine};
use crate::Mapping;
use crate::cells::{Cells, Sheet};
use crate::draft::{OrderEvent, RowDrafts};

pub(crate) struct InvoiceLines(Orders);

impl InvoiceLines {
    pub(crate) fn new(sheet: &Sheet, mapping: &Mapping) -> Self {
        Self(Orders::new(sheet, mapping))
    }
}

impl Source for InvoiceLines {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let Some(PlainLine { head, sku, title, quantity, unit_price, rest }) = self.0.plain_line(cells, drafts) else {
            return;
        };
        let kind = classify(&head.number, &sku, quantity, unit_price);
        let mut line = head.line(sku, title, quantity, unit_price, kind);
        if is_cancellation(&head.number) {
            // All of a cancelling invoice is one event, its fees and carriage included.
            line.event = OrderEvent::Cancelled;
        }
        drafts.lines.push(line);
        if !rest.is_zero() {
            drafts.lines.push(head.charge("ROUNDING", Some("Rest of a line total"), rest, LineKind::Adjustment));
        }
    }
}

fn is_cancellation(number: &OrderNumber) -> bool {
    has_prefix(number, 'C')
}

fn has_prefix(number: &OrderNumber, prefix: char) -> bool {
    let mut characters = number.as_str().chars();
    characters.next().is_some_and(|first| first.eq_ignore_ascii_case(&prefix))
        && characters.next().is_some_and(|second| second.is_ascii_digit())
}

fn classify(number: &OrderNumber, sku: &Sku, quantity: Quantity, unit_price: Decimal) -> LineKind {
    let code = sku.as_str();
    match code {
        _ if has_prefix(number, 'A') => LineKind::Adjustment,
        "POST" | "DOT" | "C2" => LineKind::Postage,
        "BANK CHARGES" | "AMAZONFEE" => LineKind::Fee,
        "D" | "M" => LineKind::Adjustment,
        "S" | "B" | "PADS" | "CRUK" => LineKind::Other,
        _ if code.starts_with("GIFT_") => LineKind::Other,
        _ if is_cancellation(number) => LineKind::Cancellation,
        _ if unit_price.is_zero() || quantity.units() < 0 => LineKind::Adjustment,
        _ => LineKind::Sale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: &str, code: &str, units: i64, price: &str, kind: LineKind) {
        let found = classify(
            &OrderNumber::new(number).unwrap(),
            &crate::cells::sku(code).unwrap(),
            Quantity::new(units),
            price.parse().unwrap(),
        );
        assert_eq!(found, kind, "{number} {code} {units} × {price}");
    }

    #[test]
    fn lines_are_classified_by_invoice_code_sign_and_price() {
        check("536365", "85123A", 6, "2.55", LineKind::Sale);
        check("536365", "85123a", 6, "0.001", LineKind::Sale);
        check("C536379", "22556", -12, "1.65", LineKind::Cancellation);
        check("C536379", "D", -1, "27.50", LineKind::Adjustment);
        check("C537600", "AMAZONFEE", -1, "1.00", LineKind::Fee);
        check("536370", "POST", 3, "18.00", LineKind::Postage);
        check("A563185", "B", 1, "11062.06", LineKind::Adjustment);
        check("536589", "21777", -10, "0", LineKind::Adjustment);
        check("536414", "22139", 56, "0", LineKind::Adjustment);
        check("539492", "gift_0001_40", 1, "34.04", LineKind::Other);
        check("CX1", "22139", 1, "2", LineKind::Sale);
    }
}
