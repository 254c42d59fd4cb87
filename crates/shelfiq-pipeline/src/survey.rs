//! A first look over a file: how each column writes numbers and dates.

use chrono::NaiveDate;
use shelfiq_tabular::{
    AmountEvidence, DateOrder, DecimalMark, MomentEvidence, MomentStyle, OrderEvidence, Row, Table, TabularError,
};

use crate::Field;

/// Rows of which every column is looked at. Of further rows only the columns whose dates need an order of day and month.
const ROWS_ALWAYS: u64 = 2_000;
/// Different values of a column that are kept to be shown.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 80;
/// Of so many numbers that only one decimal mark can read, one that only the other can is a slip of the pen.
const SLIPS: u64 = 20;

/// What the columns of a file hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    columns: Vec<ColumnSurvey>,
    mark: MarkEvidence,
}

#[derive(Debug, Clone, Default)]
struct ColumnSurvey {
    amounts: AmountEvidence,
    moments: MomentEvidence,
    samples: Vec<String>,
    /// The first number that means two different ones under the two decimal marks.
    two_way_number: Option<String>,
}

/// What tells the decimal mark of a file: one file, one mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum MarkEvidence {
    /// No number can be read under one mark only.
    #[default]
    Unknown,
    /// All numbers that one mark only can read, but for slips of the pen, are read by this one.
    Decided(DecimalMark),
    /// Both marks occur.
    Mixed,
}

impl Survey {
    /// Looks over the rows of a table: over all columns of the first ones, and to the end over dates that need an order,
    /// since the last row may be the one that tells it. No date lies after `latest`.
    pub(crate) fn of(mut table: Table, latest: NaiveDate) -> Result<Self, TabularError> {
        let fresh = || ColumnSurvey { moments: MomentEvidence::until(latest), ..ColumnSurvey::default() };
        let mut columns: Vec<_> = table.columns().iter().map(|_| fresh()).collect();
        let mut row = Row::new();
        let mut open: Vec<usize> = (0..columns.len()).collect();
        while table.read_row(&mut row)? {
            if row.problem().is_some() {
                continue;
            }
            let is_close_look = row.number() <= ROWS_ALWAYS;
            for column in &open {
                if is_close_look {
                    columns[*column].observe(row.cell(*column));
                } else {
                    columns[*column].moments.observe(row.cell(*column));
                }
            }
            if row.number() == ROWS_ALWAYS {
                open.retain(|column| columns[*column].needs_order());
            }
            if open.is_empty() {
                break;
            }
        }
        let mark = MarkEvidence::of(&columns);
        Ok(Self { columns, mark })
    }

    /// Whether every value of the column is a date or time.
    pub(crate) fn is_moment(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| column.moments.is_calendar())
    }

    /// Whether a column can be the column of a field: dates hold dates, amounts hold numbers. Empty columns fit anything.
    pub(crate) fn can_hold(&self, column: usize, field: Field) -> bool {
        let Some(ColumnSurvey { amounts, moments, .. }) = self.columns.get(column) else { return true };
        match field {
            _ if numbers_and_texts(amounts) == 0 => true,
            field if field.is_moment() => moments.is_mostly_moments(),
            // A few bad cells are rejects, not a reason to doubt the header.
            field if field.is_amount() => is_mostly_numbers(amounts) && !moments.is_calendar(),
            _ => true,
        }
    }

    /// Whether a column holds dates or amounts with a fraction: a header that names something else only in part is not
    /// believed then.
    pub(crate) fn is_dates_or_amounts(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| {
            column.moments.is_calendar() || column.amounts.point_only + column.amounts.comma_only > 0
        })
    }

    /// Some values of a column, as written.
    pub(crate) fn samples(&self, column: usize) -> &[String] {
        self.columns.get(column).map_or(&[], |column| &column.samples)
    }

    /// What tells the decimal mark of the file.
    pub(crate) const fn mark(&self) -> MarkEvidence {
        self.mark
    }

    /// A number of the column that can be read in two ways, unless it can be whole in one way only and `field` counts
    /// whole things.
    pub(crate) fn two_way_number(&self, column: usize, field: Field) -> Option<&str> {
        let column = self.columns.get(column)?;
        let is_told_by_wholeness = field.is_whole() && column.amounts.whole_under_one == column.amounts.either;
        column.two_way_number.as_deref().filter(|_| !is_told_by_wholeness)
    }

    /// A date of the column that can be read in two ways, and what the column tells about it.
    pub(crate) fn two_way_date(&self, column: usize) -> Option<(&str, OrderEvidence)> {
        let moments = &self.columns.get(column)?.moments;
        Some((moments.example()?, moments.order_evidence()))
    }

    /// How a column writes dates, and whether that is known. Where its values leave no doubt they are followed; then comes
    /// what was `told`, then other columns of the file, then `by_kind`, how the exporter is known to write; and last what
    /// the rows make likely together.
    pub(crate) fn moment_style(
        &self,
        column: usize,
        told: Option<DateOrder>,
        by_kind: Option<DateOrder>,
    ) -> (MomentStyle, OrderCertainty) {
        let Some(ColumnSurvey { moments, .. }) = self.columns.get(column) else {
            return (MomentStyle::default(), OrderCertainty::Open);
        };
        let (style, evidence) = (moments.style(), moments.order_evidence());
        let MomentStyle::Calendar(_) = style else { return (style, OrderCertainty::Known) };
        if evidence == OrderEvidence::Decided {
            return (style, OrderCertainty::Known);
        }
        match told.or_else(|| self.order_elsewhere()).or(by_kind) {
            Some(order) => (MomentStyle::Calendar(order), OrderCertainty::Known),
            None if evidence == OrderEvidence::Inferred => (style, OrderCertainty::Known),
            None => (style, OrderCertainty::Open),
        }
    }

    fn order_elsewhere(&self) -> Option<DateOrder> {
        let mut decided = self.columns.iter().map(|column| &column.moments);
        decided.find(|moments| moments.order_evidence() == OrderEvidence::Decided).and_then(|moments| {
            match moments.style() {
                MomentStyle::Calendar(order) => Some(order),
                _ => None,
            }
        })
    }
}

/// Whether it is known in which order a column writes day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderCertainty {
    Known,
    /// A date that can be read in two ways must not be read at all.
    Open,
}

impl ColumnSurvey {
    fn observe(&mut self, cell: &str) {
        let either = self.amounts.either;
        self.amounts.observe(cell);
        self.moments.observe(cell);
        if self.amounts.either > either {
            self.two_way_number.get_or_insert_with(|| cell.trim().to_owned());
        }
        let cell = cell.trim();
        if self.samples.len() < SAMPLES && !cell.is_empty() {
            let sample: String = cell.chars().take(SAMPLE_CHARS).collect();
            if !self.samples.contains(&sample) {
                self.samples.push(sample);
            }
        }
    }

    fn needs_order(&self) -> bool {
        self.moments.needs_order() && self.moments.is_mostly_moments()
    }
}

impl MarkEvidence {
    fn of(columns: &[ColumnSurvey]) -> Self {
        let amounts = || columns.iter().map(|column| &column.amounts).filter(|amounts| is_mostly_numbers(amounts));
        let point: u64 = amounts().map(|amounts| amounts.point_only).sum();
        let comma: u64 = amounts().map(|amounts| amounts.comma_only).sum();
        match (point, comma) {
            (0, 0) => Self::Unknown,
            _ if comma * SLIPS <= point => Self::Decided(DecimalMark::Point),
            _ if point * SLIPS <= comma => Self::Decided(DecimalMark::Comma),
            _ => Self::Mixed,
        }
    }
}

const fn numbers_and_texts(amounts: &AmountEvidence) -> u64 {
    amounts.neither + amounts.point_only + amounts.comma_only + amounts.either + amounts.same
}

const fn is_mostly_numbers(amounts: &AmountEvidence) -> bool {
    amounts.neither * 2 <= numbers_and_texts(amounts)
}
