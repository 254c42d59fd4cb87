//! Orders.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::Orders,
    title: "Orders",
    unit: Unit::Count,
    grain: "order",
    definition: "Distinct orders with at least one sale line.",
    formula: Formula::Sum(Component::Orders),
    additivity: Additivity::NotOverSkus,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Up,
};
