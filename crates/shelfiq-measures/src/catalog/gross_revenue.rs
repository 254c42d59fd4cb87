//! Gross revenue.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::GrossRevenue,
    title: "Gross revenue",
    unit: Unit::Money,
    grain: "order line",
    definition: "Sum of quantity × unit price over sale lines. Cancellations and returns are not taken off; fees, postage, \
        adjustments and other lines are left out.",
    formula: Formula::Sum(Component::GrossRevenue),
    additivity: Additivity::Full,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Up,
};
