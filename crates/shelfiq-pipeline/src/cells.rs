//! Typed access to the cells of a row, gathering what is wrong with them.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, OrderNumber, Quantity, Sku};
use shelfiq_tabular::{
    Amount, DecimalMark, Moment, MomentStyle, Row, is_absent, parse_amount, two_readings, unprotect,
};

use crate::mapping::normalise;
use crate::survey::OrderCertainty;
use crate::{CellProblem, ImportOptions};

/// What every row of a file has in common.
pub(crate) struct Sheet {
    pub(crate) columns: Vec<String>,
    pub(crate) moment_styles: Vec<(MomentStyle, OrderCertainty)>,
    /// How numbers are read; absent where the file uses both marks or does not tell: then every number is read by the mark
    /// that makes it one, and refused where both do and differ.
    pub(crate) mark: Option<DecimalMark>,
    /// Currency that each header names.
    pub(crate) header_currencies: Vec<Option<CurrencyCode>>,
    pub(crate) options: ImportOptions,
}

/// A column of the file, or none where the file lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Col(pub(crate) Option<usize>);

impl Col {
    pub(crate) const NONE: Self = Self(None);
}

impl Sheet {
    /// The column with this header; where none is written just so, whatever its case and punctuation.
    pub(crate) fn col(&self, header: &str) -> Col {
        let wanted = normalise(header);
        let exact = self.columns.iter().position(|column| column == header);
        Col(exact.or_else(|| self.columns.iter().position(|column| normalise(column) == wanted)))
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
    /// Whether amounts of the row name no currency, so that they are taken in that of the import.
    pub(crate) assumes_currency: bool,
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
        let Some(mark) = self.sheet.mark else { return self.amount_by_itself(col, text, |_| true) };
        let amount = parse_amount(text, mark);
        if amount.is_none() {
            let example = match mark {
                DecimalMark::Point => "write a number such as 12.50",
                DecimalMark::Comma => "write a number such as 12,50",
            };
            self.refuse(col, "is not a number", example);
        }
        amount
    }

    /// A number in a file that does not tell its decimal mark: the one reading that is a number and `fits`.
    fn amount_by_itself(&mut self, col: Col, text: &str, fits: fn(Decimal) -> bool) -> Option<Amount> {
        let read = |mark| parse_amount(text, mark).filter(|amount| fits(amount.value));
        match (read(DecimalMark::Point), read(DecimalMark::Comma)) {
            (Some(point), Some(comma)) if point.value != comma.value => {
                let (point, comma) = (point.value, comma.value);
                self.refuse(
                    col,
                    &format!("can be {point} or {comma}"),
                    "say which mark stands before the fraction: `--decimal-mark point` or `--decimal-mark comma`",
                );
                None
            }
            (None, None) => {
                self.refuse(col, "is not a number", "write a number such as 12.50");
                None
            }
            (point, comma) => point.or(comma),
        }
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
        let value = match self.sheet.mark {
            Some(_) => self.decimal(col)?,
            None => self.whole_by_itself(col)?,
        };
        let units = value.is_integer().then(|| i64::try_from(value).ok()).flatten().map(Quantity::new);
        if units.is_none() {
            self.refuse(col, "is not a whole number of units", "write a whole number");
        }
        units
    }

    /// A count in a file that does not tell its decimal mark: `1,234` units are thousands, for there are no parts of a unit.
    fn whole_by_itself(&mut self, col: Col) -> Option<Decimal> {
        let text = self.text(col)?;
        let is_whole = |mark| parse_amount(text, mark).is_some_and(|amount| amount.value.is_integer());
        if !is_whole(DecimalMark::Point) && !is_whole(DecimalMark::Comma) {
            return self.decimal(col);
        }
        self.amount_by_itself(col, text, |value| value.is_integer()).map(|amount| amount.value)
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
        let (style, certainty) = self.sheet.moment_styles[col.0?];
        if certainty == OrderCertainty::Open
            && let Some((day_first, month_first)) = two_readings(text)
        {
            let (day_first, month_first) = (long_day(day_first), long_day(month_first));
            self.refuse(
                col,
                &format!("can be {day_first} or {month_first}"),
                "say which stands first: `--date-order day-first` or `--date-order month-first`",
            );
            return None;
        }
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
            None => self.shop_currency(),
            Some(text) => self.checked(col, CurrencyCode::new(text)),
        }
    }

    /// The currency of a column; where it is empty or missing, the one that is written beside the first of the `amounts`
    /// that has one (`£12.50`), or in its header, else that of the import. An amount that contradicts the column is refused.
    pub(crate) fn currency_of(&mut self, col: Col, amounts: &[Col]) -> Option<CurrencyCode> {
        let beside = amounts.iter().find_map(|amount| Some((*amount, self.currency_beside(*amount)?)));
        let Some((amount, beside)) = beside else {
            let in_header = || amounts.iter().find_map(|amount| self.sheet.header_currencies[amount.0?]);
            return match in_header() {
                Some(currency) if self.text(col).is_none() => Some(currency),
                _ => self.currency(col),
            };
        };
        if self.text(col).is_none() {
            return Some(beside);
        }
        let named = self.currency(col)?;
        if named == beside {
            return Some(named);
        }
        self.refuse(amount, &format!("is in {beside}, while the row is in {named}"), "correct one of them");
        None
    }

    /// The currency written beside an amount. Plain numbers, which are most, are not looked at twice.
    fn currency_beside(&self, col: Col) -> Option<CurrencyCode> {
        let text = self.text(col)?;
        if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-')) {
            return None;
        }
        let read = |mark| parse_amount(text, mark);
        let amount = read(DecimalMark::Point).or_else(|| read(DecimalMark::Comma))?;
        CurrencyCode::new(amount.currency()?).ok()
    }

    /// The currency of the import, for amounts that name none.
    pub(crate) fn shop_currency(&mut self) -> Option<CurrencyCode> {
        self.assumes_currency = true;
        if self.sheet.options.currency.is_none() {
            self.refuse(Col::NONE, "the amounts name no currency", "say it with `--currency`");
        }
        self.sheet.options.currency
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

/// A day in words that nobody reads in two ways.
pub(crate) fn long_day(moment: Moment) -> String {
    moment.day().format("%-d %B %Y").to_string()
}

/// A Sku from a code as written. Letter case does not tell two Skus apart: codes are kept in upper case.
pub(crate) fn sku(text: &str) -> Result<Sku, shelfiq_core::NameError> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) { Sku::new(&text.to_uppercase()) } else { Sku::new(text) }
}
