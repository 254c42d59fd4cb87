//! Which column of a file means what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shelfiq_core::{Channel, CurrencyCode, TimeZone};
use shelfiq_tabular::{DateOrder, DecimalMark};

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
    pub(crate) fn guess_as(kind: SourceKind, columns: &[String], survey: &Survey) -> Self {
        let mut mapping = Self::empty(kind);
        let mut free: Vec<usize> = (0..columns.len()).collect();
        let wanted = || Field::required_by(kind).iter().chain(Field::optional_in(kind)).copied();
        // The field's own name first, so that a synonym of one field cannot take the column of another.
        for is_exact in [true, false] {
            for field in wanted() {
                if mapping.columns.contains_key(&field) {
                    continue;
                }
                let synonyms = field.synonyms();
                let synonyms = if is_exact { &synonyms[..1] } else { synonyms };
                let is_named =
                    |column: usize| synonyms.iter().any(|synonym| normalise(synonym) == normalise(&columns[column]));
                let fits = |column: usize| is_named(column) && survey.can_hold(column, field);
                if let Some(position) = free.iter().position(|column| fits(*column)) {
                    mapping.columns.insert(field, columns[free.remove(position)].clone());
                }
            }
        }
        for field in mapping.missing() {
            // One column of dates left is the date, whatever it is called.
            let mut dates = free.iter().copied().filter(|column| field.is_moment() && survey.is_moment(*column));
            if let (Some(column), None) = (dates.next(), dates.next()) {
                free.retain(|candidate| *candidate != column);
                mapping.columns.insert(field, columns[column].clone());
            }
        }
        mapping
    }

    /// Guesses kind and columns; `None` if nothing fits. The kind whose required fields are all found wins, the one that
    /// uses more columns first.
    #[must_use]
    pub(crate) fn guess(columns: &[String], survey: &Survey) -> Option<Self> {
        let mapped =
            SourceKind::ALL.iter().copied().filter(|kind| kind.is_mapped() && *kind != SourceKind::InvoiceLines);
        let guesses =
            mapped.map(|kind| Self::guess_as(kind, columns, survey)).filter(|mapping| !mapping.columns.is_empty());
        guesses.max_by_key(|mapping| {
            // A kind whose required fields are all there wins; among incomplete ones the one that explains most.
            let found = Field::required_by(mapping.kind).len().saturating_sub(mapping.missing().len());
            (mapping.missing().is_empty(), found, mapping.columns.len())
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
