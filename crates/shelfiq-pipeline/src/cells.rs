//! Typed access to the cells of a row, gathering what is wrong with them.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, OrderNumber, Quantity, Sku};
use shelfiq_tabular::{Amount, DecimalMark, Moment, MomentStyle, Row, is_absent, parse_amount, unprotect};

use crate::mapping::normalise;
use crate::{CellProblem, ImportOptions};

/// What every row of a file has in common.
pub(crate) struct Sheet {
    pub(crate) columns: Vec<String>,
    pub(crate) moment_styles: Vec<MomentStyle>,
    pub(crate) mark: DecimalMark,
    pub(crate) options: ImportOptions,
}

/// A column of the file, or none where the file lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Col(pub(crate) Option<usize>);

impl Col {
    pub(crate) const NONE: Self = Self(None);
}

impl Sheet {
    /// The column with this header, whatever its case and punctuation.
    pub(crate) fn col(&self, header: &str) -> Col {
        let wanted = normalise(header);
        Col(self.columns.iter().position(|column| normalise(column) == wanted))
    }

    /// The first of several headers that the file has.
    pub(crate) fn any_col(&self, headers: &[&str]) -> Col {
        headers.iter().map(|header| self.col(header)).find(|col| col.0.is_some()).unwrap_or(Col::NONE)
    }
}

/// One row being read.
pub(crate) struct Cells<'a> {
    pub(crate) sheet: &'a Sheet,
    pub(crate) row: &'a Row,
    pub(crate) problems: Vec<CellProblem>,
}

impl<'a> Cells<'a> {
    /// The cell without blanks around it; `None` if it is absent or says so (`--`).
    pub(crate) fn text(&self, col: Col) -> Option<&'a str> {
        let cell = unprotect(self.row.cell(col.0?)).trim();
        (!is_absent(cell)).then_some(cell)
    }

    /// The cell, which must not be absent.
    pub(crate) fn required_text(&mut self, col: Col) -> Option<&'a str> {
        let text = self.text(col);
        if text.is_none() {
            self.refuse(col, "is empty", "fill the cell");
        }
        text
    }

    pub(crate) fn amount(&mut self, col: Col) -> Option<Amount> {
        let text = self.text(col)?;
        let amount = parse_amount(text, self.sheet.mark);
        if amount.is_none() {
            let example = match self.sheet.mark {
                DecimalMark::Point => "write a number such as 12.50",
                DecimalMark::Comma => "write a number such as 12,50",
            };
            self.refuse(col, "is not a number", example);
        }
        amount
    }

    pub(crate) fn decimal(&mut self, col: Col) -> Option<Decimal> {
        self.amount(col).map(|amount| amount.value)
    }

    pub(crate) fn required_decimal(&mut self, col: Col) -> Option<Decimal> {
        self.required_text(col)?;
        self.decimal(col)
    }

    /// A whole number of units.
    pub(crate) fn units(&mut self, col: Col) -> Option<Quantity> {
        let value = self.decimal(col)?;
        let units = value.is_integer().then(|| i64::try_from(value).ok()).flatten().map(Quantity::new);
        if units.is_none() {
            self.refuse(col, "is not a whole number of units", "write a whole number");
        }
        units
    }

    pub(crate) fn required_units(&mut self, col: Col) -> Option<Quantity> {
        self.required_text(col)?;
        self.units(col)
    }

    pub(crate) fn count(&mut self, col: Col) -> Option<u64> {
        let units = self.units(col)?.units();
        let count = u64::try_from(units).ok();
        if count.is_none() {
            self.refuse(col, "is negative", "write zero or more");
        }
        count
    }

    pub(crate) fn moment(&mut self, col: Col) -> Option<Moment> {
        let text = self.text(col)?;
        let style = self.sheet.moment_styles[col.0?];
        let moment = style.parse(text);
        if moment.is_none() {
            let remedy = match style {
                MomentStyle::Calendar(shelfiq_tabular::DateOrder::MonthFirst) => {
                    "write a date such as 2026-11-21; this column writes the month before the day"
                }
                _ => "write a date such as 2026-11-21; this column writes the day before the month",
            };
            self.refuse(col, "is not a date that exists", remedy);
        }
        moment
    }

    /// The instant; times without zone are read in the zone of the import.
    pub(crate) fn instant(&mut self, col: Col) -> Option<DateTime<Utc>> {
        let zone = self.sheet.options.time_zone.tz();
        self.moment(col).map(|moment| moment.in_zone(zone))
    }

    pub(crate) fn required_instant(&mut self, col: Col) -> Option<DateTime<Utc>> {
        self.required_text(col)?;
        self.instant(col)
    }

    /// The instant, or when the file was received.
    pub(crate) fn instant_or_received(&mut self, col: Col) -> Option<DateTime<Utc>> {
        if self.text(col).is_none() { Some(self.sheet.options.received_at) } else { self.instant(col) }
    }

    pub(crate) fn sku(&mut self, col: Col) -> Option<Sku> {
        let text = self.text(col)?;
        self.checked(col, sku(text))
    }

    pub(crate) fn required_sku(&mut self, col: Col) -> Option<Sku> {
        self.required_text(col)?;
        self.sku(col)
    }

    pub(crate) fn required_order_number(&mut self, col: Col) -> Option<OrderNumber> {
        let text = self.required_text(col)?;
        self.checked(col, OrderNumber::new(text))
    }

    /// The currency of a column, or that of the import where the column is empty or missing.
    pub(crate) fn currency(&mut self, col: Col) -> Option<CurrencyCode> {
        match self.text(col) {
            None => Some(self.sheet.options.currency),
            Some(text) => self.checked(col, CurrencyCode::new(text)),
        }
    }

    /// Yes or no, as shops write it.
    pub(crate) fn flag(&self, col: Col) -> Option<bool> {
        let text = self.text(col)?.to_ascii_lowercase();
        match text.as_str() {
            "true" | "yes" | "y" | "1" | "in stock" | "instock" | "available" | "in_stock" => Some(true),
            "false" | "no" | "n" | "0" | "out of stock" | "outofstock" | "unavailable" | "out_of_stock"
            | "sold out" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn checked<T, E: Display>(&mut self, col: Col, value: Result<T, E>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(col, &error.to_string(), "correct the cell");
                None
            }
        }
    }

    pub(crate) fn refuse(&mut self, col: Col, reason: &str, remedy: &str) {
        let column = col.0.and_then(|index| self.sheet.columns.get(index)).cloned();
        let value: String = col.0.map(|index| self.row.cell(index)).unwrap_or_default().chars().take(80).collect();
        self.problems.push(CellProblem { column, value, reason: reason.to_owned(), remedy: remedy.to_owned() });
    }
}

/// A Sku from a code as written. Letter case does not tell two Skus apart: codes are kept in upper case.
pub(crate) fn sku(text: &str) -> Result<Sku, shelfiq_core::NameError> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) { Sku::new(&text.to_uppercase()) } else { Sku::new(text) }
}
