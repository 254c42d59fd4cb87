//! Average order value.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::AverageOrderValue,
    title: "Average order value",
    unit: Unit::Money,
    grain: "order",
    definition: "Gross revenue per order, in each currency.",
    formula: Formula::Quotient(Component::GrossRevenue, Component::Orders),
    additivity: Additivity::None,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Up,
};
