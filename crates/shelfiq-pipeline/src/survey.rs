//! A first look over a file: how each column writes numbers and dates.

use shelfiq_tabular::{
    AmountEvidence, DateOrder, DecimalMark, MomentEvidence, MomentStyle, OrderEvidence, Row, Table, TabularError,
};

use crate::Field;

/// Rows of which every column is looked at. Further rows only where a date or a decimal mark is still ambiguous.
const ROWS_ALWAYS: u64 = 2_000;

/// What the columns of a file hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    amounts: Vec<AmountEvidence>,
    moments: Vec<MomentEvidence>,
    mark: DecimalMark,
}

impl Survey {
    /// Looks over the rows of a table until nothing is ambiguous any more, at worst to its end.
    pub(crate) fn of(mut table: Table) -> Result<Self, TabularError> {
        let width = table.columns().len();
        let mut survey = Self {
            amounts: vec![AmountEvidence::default(); width],
            moments: vec![MomentEvidence::default(); width],
            mark: DecimalMark::Point,
        };
        let mut row = Row::new();
        let mut open: Vec<usize> = (0..width).collect();
        while table.read_row(&mut row)? {
            if row.problem().is_some() {
                continue;
            }
            for column in &open {
                survey.amounts[*column].observe(row.cell(*column));
                survey.moments[*column].observe(row.cell(*column));
            }
            if row.number() >= ROWS_ALWAYS {
                open.retain(|column| survey.is_open(*column));
                if open.is_empty() {
                    break;
                }
            }
        }
        let sum = |count: fn(&AmountEvidence) -> u64| survey.amounts.iter().map(count).sum::<u64>();
        if sum(|evidence| evidence.comma_only) > sum(|evidence| evidence.point_only) {
            survey.mark = DecimalMark::Comma;
        }
        Ok(survey)
    }

    fn is_open(&self, column: usize) -> bool {
        let moments = &self.moments[column];
        moments.is_calendar() && moments.order_evidence() == OrderEvidence::Ambiguous
    }

    /// Whether every value of the column is a date or time.
    pub(crate) fn is_moment(&self, column: usize) -> bool {
        self.moments.get(column).is_some_and(MomentEvidence::is_calendar)
    }

    /// Whether a column can be the column of a field: dates hold dates, amounts hold numbers. Empty columns fit anything.
    pub(crate) fn can_hold(&self, column: usize, field: Field) -> bool {
        let (Some(amounts), Some(moments)) = (self.amounts.get(column), self.moments.get(column)) else { return true };
        let seen = amounts.neither + amounts.point_only + amounts.comma_only + amounts.either + amounts.same;
        // A few bad cells are rejects, not a reason to doubt the header.
        let is_mostly_numbers = amounts.neither * 2 <= seen;
        match field {
            _ if seen == 0 => true,
            field if field.is_moment() => moments.is_mostly_moments(),
            field if field.is_amount() => is_mostly_numbers && !moments.is_calendar(),
            _ => true,
        }
    }

    /// The decimal mark of the file: one file, one mark.
    pub(crate) fn mark(&self) -> DecimalMark {
        self.mark
    }

    /// Whether amounts exist that mean different numbers under the two marks and nothing in the file decides.
    pub(crate) fn is_mark_ambiguous(&self, column: usize) -> bool {
        let is_decided = self.amounts.iter().any(|evidence| evidence.point_only + evidence.comma_only > 0);
        !is_decided && self.amounts.get(column).is_some_and(|evidence| evidence.either > 0)
    }

    /// How a column writes dates. Where it does not tell, another column of the file may, then `default`.
    pub(crate) fn moment_style(&self, column: usize, default: Option<DateOrder>) -> MomentStyle {
        let Some(moments) = self.moments.get(column) else { return MomentStyle::default() };
        match moments.style() {
            MomentStyle::Calendar(order) if moments.order_evidence() == OrderEvidence::Ambiguous => {
                MomentStyle::Calendar(self.order_elsewhere().or(default).unwrap_or(order))
            }
            style => style,
        }
    }

    /// Whether dates exist that can be read in two orders and nothing in the file decides.
    pub(crate) fn is_order_ambiguous(&self, column: usize) -> bool {
        self.moments.get(column).is_some_and(|moments| moments.order_evidence() == OrderEvidence::Ambiguous)
            && self.order_elsewhere().is_none()
    }

    fn order_elsewhere(&self) -> Option<DateOrder> {
        let decided = |moments: &&MomentEvidence| moments.order_evidence() == OrderEvidence::Decided;
        self.moments.iter().find(decided).and_then(|moments| match moments.style() {
            MomentStyle::Calendar(order) => Some(order),
            _ => None,
        })
    }
}
