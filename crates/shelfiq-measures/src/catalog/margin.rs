//! Margin.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::Margin,
    title: "Margin",
    unit: Unit::Money,
    grain: "order line",
    definition: "Quantity × (unit price − unit cost) over sale, cancellation and return lines whose unit cost is known in \
        their currency. The coverage beside it says how much of the net revenue that is.",
    formula: Formula::Sum(Component::Margin),
    additivity: Additivity::Full,
    as_of: "Each line at the cost in force when it was sold; lines before the first known cost take that first one.",
    direction: Direction::Up,
};
