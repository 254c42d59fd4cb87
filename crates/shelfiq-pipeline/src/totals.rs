//! Sums over the rows of a file, for reconciling with the source.

use std::collections::HashSet;

use rust_decimal::Decimal;
use shelfiq_events::{ControlTotals, KindTotal, LineKind};

use crate::accept::AcceptedDrafts;
use crate::identity::passing_hash;
use crate::report::OneCurrencySum;

/// Gathers control totals row by row.
#[derive(Default)]
pub(crate) struct Totals {
    orders: HashSet<u128>,
    customers: HashSet<u128>,
    net: OneCurrencySum,
    duplicates: u64,
    by_kind: [(u64, Decimal); LineKind::ALL.len()],
}

impl Totals {
    /// Takes a row into account: all of them, whether new or known, duplicated or not.
    pub(crate) fn add(&mut self, row: &AcceptedDrafts) {
        self.duplicates += u64::from(row.is_duplicate);
        for line in &row.lines {
            self.orders.insert(passing_hash(line.number.as_str()));
            if let Some(customer) = &line.customer {
                self.customers.insert(passing_hash(customer.as_str()));
            }
            let amount = line.unit_price * Decimal::from(line.quantity.units());
            self.net.add(line.currency, amount);
            let position = LineKind::ALL.iter().position(|kind| *kind == line.kind).expect("`ALL` holds every kind");
            self.by_kind[position].0 += 1;
            self.by_kind[position].1 += amount;
        }
    }

    /// Currency of the sums, if there is one only.
    pub(crate) const fn currency(&self) -> Option<shelfiq_core::CurrencyCode> {
        self.net.currency()
    }

    pub(crate) fn finish(&self, rows: u64) -> ControlTotals {
        let by_kind = LineKind::ALL.into_iter().zip(self.by_kind).filter(|(_, (rows, _))| *rows > 0);
        ControlTotals {
            rows,
            orders: self.orders.len() as u64,
            customers: self.customers.len() as u64,
            net_amount: self.net.amount().map(|amount| amount.normalize()),
            duplicates: self.duplicates,
            by_kind: by_kind
                .map(|(kind, (rows, amount))| KindTotal { kind, rows, amount: amount.normalize() })
                .collect(),
        }
    }
}
