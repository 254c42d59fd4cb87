//! Margin rate.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::MarginRate,
    title: "Margin rate",
    unit: Unit::Ratio,
    grain: "order line",
    definition: "Margin as a proportion of the net revenue of the same lines.",
    formula: Formula::Quotient(Component::Margin, Component::CostedRevenue),
    additivity: Additivity::None,
    as_of: "Each line at the cost in force when it was sold; lines before the first known cost take that first one.",
    direction: Direction::Up,
};
