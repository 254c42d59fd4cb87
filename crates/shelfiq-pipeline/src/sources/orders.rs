//! Order lines in columns that a mapping names.

use rust_decimal::Decimal;
use shelfiq_core::{Channel, Quantity};
use shelfiq_events::LineKind;

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{OrderHead, RowDrafts};
use crate::enrich::unit_price;
use crate::{Field, Mapping};

/// The columns of order lines.
pub(crate) struct Orders {
    order_id: Col,
    line_id: Col,
    ordered_at: Col,
    sku: Col,
    title: Col,
    quantity: Col,
    unit_price: Col,
    line_total: Col,
    currency: Col,
    customer: Col,
    country: Col,
    kind: Col,
    channel: Col,
    store: Col,
    default_channel: Channel,
}

/// A line as its row says, before anyone judges what kind it is.
pub(super) struct PlainLine<'a> {
    pub(super) head: OrderHead,
    pub(super) sku: shelfiq_core::Sku,
    pub(super) title: Option<&'a str>,
    pub(super) quantity: Quantity,
    pub(super) unit_price: Decimal,
    /// What is left of a line total that does not divide into units.
    pub(super) rest: Decimal,
}

impl Orders {
    pub(crate) fn new(sheet: &Sheet, mapping: &Mapping) -> Self {
        let col = |field| mapping.columns.get(&field).map_or(Col::NONE, |column| sheet.col(column));
        Self {
            order_id: col(Field::OrderId),
            line_id: col(Field::LineId),
            ordered_at: col(Field::OrderedAt),
            sku: col(Field::Sku),
            title: col(Field::Title),
            quantity: col(Field::Quantity),
            unit_price: col(Field::UnitPrice),
            line_total: col(Field::LineTotal),
            currency: col(Field::Currency),
            customer: col(Field::CustomerId),
            country: col(Field::Country),
            kind: col(Field::Kind),
            channel: col(Field::Channel),
            store: col(Field::Store),
            default_channel: mapping.channel.unwrap_or(Channel::Direct),
        }
    }

    /// Reads everything before stopping at what is missing, so that every bad cell of the row is reported at once.
    pub(super) fn plain_line<'a>(&self, cells: &mut Cells<'a>, drafts: &mut RowDrafts) -> Option<PlainLine<'a>> {
        let number = cells.required_order_number(self.order_id);
        let ordered_at = cells.required_instant(self.ordered_at);
        let sku = cells.required_sku(self.sku);
        let quantity = cells.required_units(self.quantity);
        let currency = cells.currency_of(self.currency, &[self.unit_price, self.line_total]);
        let (unit_price, rest) = self.price(cells, quantity)?;
        let channel = self.channel(cells);
        let options = &cells.sheet.options;
        let head = OrderHead {
            number: number?,
            ordered_at: ordered_at?,
            channel: channel?,
            store: cells.text(self.store).unwrap_or(&options.store).to_owned(),
            customer: cells.text(self.customer).and_then(|text| options.customer_salt.key_of_column(text)),
            country: cells.text(self.country).map(str::to_owned),
            currency: currency?,
        };
        let (sku, quantity) = (sku?, quantity?);
        match cells.text(self.line_id) {
            Some(line_id) => drafts.identify(&["order", head.number.as_str(), line_id]),
            None => drafts.identify(&["order", head.number.as_str(), sku.as_str()]),
        }
        Some(PlainLine { head, sku, title: cells.text(self.title), quantity, unit_price, rest })
    }

    /// The unit price as written, else what the line total makes for each unit.
    fn price(&self, cells: &mut Cells<'_>, quantity: Option<Quantity>) -> Option<(Decimal, Decimal)> {
        if cells.text(self.unit_price).is_some() || self.line_total == Col::NONE {
            return Some((cells.required_decimal(self.unit_price)?, Decimal::ZERO));
        }
        let total = cells.required_decimal(self.line_total)?;
        Some(unit_price(total, quantity?))
    }

    fn channel(&self, cells: &mut Cells<'_>) -> Option<Channel> {
        match cells.text(self.channel) {
            None => Some(self.default_channel),
            Some(text) => cells.checked(self.channel, text.parse()),
        }
    }

    /// The kind as written; otherwise units that come back are a return.
    fn line_kind(&self, cells: &mut Cells<'_>, quantity: Quantity) -> Option<LineKind> {
        let Some(text) = cells.text(self.kind) else {
            return Some(if quantity.units() < 0 { LineKind::Return } else { LineKind::Sale });
        };
        let found = LineKind::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text));
        if found.is_none() {
            cells.refuse(
                self.kind,
                "is no kind of line",
                "write sale, cancellation, return, adjustment, fee, postage or other",
            );
        }
        found
    }
}

impl Source for Orders {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let Some(line) = self.plain_line(cells, drafts) else { return };
        let Some(kind) = self.line_kind(cells, line.quantity) else { return };
        let PlainLine { head, sku, title, quantity, unit_price, rest } = line;
        drafts.lines.push(head.line(sku, title, quantity, unit_price, kind));
        if !rest.is_zero() {
            drafts.lines.push(head.charge("ROUNDING", Some("Rest of a line total"), rest, LineKind::Adjustment));
        }
    }
}
