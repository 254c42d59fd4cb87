//! Refund rate.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::RefundRate,
    title: "Refund rate",
    unit: Unit::Ratio,
    grain: "order line",
    definition: "Refunds as a proportion of the gross revenue of the same period, in each currency. Above one where more came \
        back than was sold.",
    formula: Formula::Quotient(Component::Refunds, Component::GrossRevenue),
    additivity: Additivity::None,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Down,
};
