//! Cancellations.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::Cancellations,
    title: "Cancellations",
    unit: Unit::Count,
    grain: "order",
    definition: "Distinct orders with at least one cancellation line, counted on the day of the cancellation.",
    formula: Formula::Sum(Component::CancelledOrders),
    additivity: Additivity::NotOverSkus,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Down,
};
