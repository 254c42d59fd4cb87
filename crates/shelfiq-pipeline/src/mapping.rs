//! Which column of a file means what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shelfiq_core::{Channel, CurrencyCode, TimeZone};
use shelfiq_tabular::{DateOrder, DecimalMark};

use crate::likeness::{Likeness, likeness, names_rivals};
use crate::recognise::has_telling_headers;
use crate::survey::Survey;
use crate::{Field, PipelineError, SourceKind};

/// Columns of a file and how their values are written. Written as TOML or JSON; remembered by [`header_hash`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What the file is; one of the kinds that are [mapped](SourceKind::is_mapped).
    pub kind: SourceKind,
    /// Currency of amounts without one of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<CurrencyCode>,
    /// Zone of times without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
    /// Order of day and month, where the values do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// Decimal mark, where the values do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal_mark: Option<DecimalMark>,
    /// Channel of rows without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Store of rows without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// Column of each field, by its header.
    pub columns: BTreeMap<Field, String>,
}

/// Key under which a mapping is remembered: equal for files with the same headers in the same order, whatever their case.
#[must_use]
pub fn header_hash(columns: &[String]) -> String {
    let mut hasher = Sha256::new();
    for column in columns {
        hasher.update(normalise(column));
        hasher.update([0x1F]);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Letters and digits in lower case: `Custom label (SKU)` and `custom_label_sku` are the same header.
pub(crate) fn normalise(header: &str) -> String {
    header.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Mapping {
    /// A mapping of this kind in which nothing is mapped yet.
    #[must_use]
    pub const fn empty(kind: SourceKind) -> Self {
        Self {
            kind,
            currency: None,
            time_zone: None,
            date_order: None,
            decimal_mark: None,
            channel: None,
            store: None,
            columns: BTreeMap::new(),
        }
    }

    /// Fields that the kind cannot do without and that have no column.
    #[must_use]
    pub fn missing(&self) -> Vec<Field> {
        let has_price = self.columns.contains_key(&Field::UnitPrice) || self.columns.contains_key(&Field::LineTotal);
        let needs_price = matches!(self.kind, SourceKind::Orders | SourceKind::InvoiceLines) && !has_price;
        let required = Field::required_by(self.kind).iter().copied().filter(|field| !self.columns.contains_key(field));
        required.chain(needs_price.then_some(Field::UnitPrice)).collect()
    }

    /// Guesses the columns of a known kind by their headers, then by what they hold.
    #[must_use]
    pub(crate) fn guess_as(kind: SourceKind, columns: &[String], survey: &Survey) -> Guess {
        let mut guess = Guess { mapping: Self::empty(kind), likeness: BTreeMap::new(), needs_check: false };
        let mut free: Vec<usize> = (0..columns.len()).collect();
        let wanted = || Field::required_by(kind).iter().chain(Field::optional_in(kind)).copied();
        // The surest names first, so that a synonym of one field cannot take the column of another.
        for wanted_likeness in [Likeness::Name, Likeness::Synonym, Likeness::Part] {
            for field in wanted() {
                // A part of a header is enough for what cannot be done without, and for what makes amounts wrong.
                let is_worth_a_part = guess.mapping.missing().contains(&field) || field == Field::Currency;
                if guess.has(field) || (wanted_likeness == Likeness::Part && !is_worth_a_part) {
                    continue;
                }
                let is_code = !field.is_moment() && !field.is_amount();
                let fits = |column: usize| {
                    likeness(&columns[column], field) == Some(wanted_likeness)
                        && survey.can_hold(column, field)
                        && !(wanted_likeness == Likeness::Part && is_code && survey.is_dates_or_amounts(column))
                };
                if let Some(position) = free.iter().position(|column| fits(*column)) {
                    guess.take(field, &columns[free.remove(position)], wanted_likeness);
                }
            }
        }
        for field in guess.mapping.missing() {
            // One column of dates left is the date, whatever it is called.
            let mut dates = free.iter().copied().filter(|column| field.is_moment() && survey.is_moment(*column));
            if let (Some(column), None) = (dates.next(), dates.next()) {
                free.retain(|candidate| *candidate != column);
                guess.take(field, &columns[column], Likeness::Part);
            }
        }
        let has_twin = |column: &String| columns.contains(&format!("{column} (2)"));
        let in_part = guess.likeness.iter().filter(|(field, _)| **field != Field::Currency);
        guess.needs_check = in_part.map(|(_, likeness)| *likeness).any(|likeness| likeness == Likeness::Part)
            || guess.mapping.columns.values().any(has_twin);
        guess
    }

    /// Guesses kind and columns; `None` if nothing fits. What looks like orders is taken for orders, even where a column
    /// is still to be named: read as anything else, its quantities would be lost. Otherwise the kind whose required fields
    /// are all found wins, the one with its own headers first, then the one that uses more columns.
    #[must_use]
    pub(crate) fn guess(columns: &[String], survey: &Survey) -> Option<Guess> {
        let mapped =
            SourceKind::ALL.iter().copied().filter(|kind| kind.is_mapped() && *kind != SourceKind::InvoiceLines);
        let guesses: Vec<Guess> = mapped
            .map(|kind| Self::guess_as(kind, columns, survey))
            .filter(|guess| !guess.mapping.columns.is_empty())
            .collect();
        let names_orders = looks_like_orders(&guesses, columns);
        guesses.into_iter().max_by_key(|guess| {
            let Self { kind, columns: used, .. } = &guess.mapping;
            let missing = guess.mapping.missing().len();
            let found = Field::required_by(*kind).len().saturating_sub(missing);
            let telling = if has_telling_headers(*kind, columns) { kind.headers().len() } else { 0 };
            // Of kinds that are told by their own headers, the one that explains more of the columns.
            let told = (telling, if telling > 0 { used.len() } else { 0 });
            (names_orders && *kind == SourceKind::Orders, missing == 0, told, found, used.len())
        })
    }

    /// Checks that the mapping fits a file.
    ///
    /// # Errors
    /// [`PipelineError`] names the first column that the file lacks, or the fields that lack a column.
    pub(crate) fn check(&self, file: &str, columns: &[String]) -> Result<(), PipelineError> {
        for (field, column) in &self.columns {
            if !columns.contains(column) {
                return Err(PipelineError::MappedColumnMissing {
                    file: file.to_owned(),
                    field: field.to_string(),
                    column: column.clone(),
                    columns: columns.join(", "),
                });
            }
        }
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(());
        }
        let fields = missing.iter().map(Field::to_string).collect::<Vec<_>>().join(", ");
        Err(PipelineError::FieldsMissing { file: file.to_owned(), kind: self.kind.to_string(), fields })
    }
}

/// A mapping that was told from headers.
#[derive(Debug, Clone)]
pub(crate) struct Guess {
    pub(crate) mapping: Mapping,
    likeness: BTreeMap<Field, Likeness>,
    /// Whether a person should look at it before rows land: a header names a field in part only, or two columns are called
    /// alike.
    pub(crate) needs_check: bool,
}

impl Guess {
    fn take(&mut self, field: Field, column: &str, likeness: Likeness) {
        self.mapping.columns.insert(field, column.to_owned());
        self.likeness.insert(field, likeness);
    }

    fn has(&self, field: Field) -> bool {
        self.likeness.contains_key(&field)
    }

    fn is_sure_of(&self, field: Field) -> bool {
        self.likeness.get(&field).is_some_and(|likeness| *likeness > Likeness::Part)
    }
}

/// Whether the columns together speak of orders: an order number with quantities or with dated prices; or, without a number,
/// dated quantities at prices in a table that names nothing which only another kind has.
fn looks_like_orders(guesses: &[Guess], columns: &[String]) -> bool {
    let guess_as = |kind| guesses.iter().find(|guess| guess.mapping.kind == kind);
    let Some(orders) = guess_as(SourceKind::Orders) else { return false };
    let is_dated = orders.has(Field::OrderedAt);
    let has_price = orders.has(Field::UnitPrice) || orders.has(Field::LineTotal);
    if orders.has(Field::OrderId) {
        return orders.has(Field::Quantity) || (is_dated && has_price);
    }
    let tells = |kind, field| guess_as(kind).is_some_and(|guess: &Guess| guess.is_sure_of(field));
    let is_other = tells(SourceKind::Traffic, Field::Sessions)
        || tells(SourceKind::Reviews, Field::Rating)
        || tells(SourceKind::Signals, Field::Value)
        || columns.iter().any(|column| names_rivals(column));
    is_dated && has_price && orders.is_sure_of(Field::Quantity) && !is_other
}
