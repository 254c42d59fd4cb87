//! Net revenue.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::NetRevenue,
    title: "Net revenue",
    unit: Unit::Money,
    grain: "order line",
    definition: "Gross revenue less refunds: sale, cancellation and return lines. Fees, postage, adjustments and other lines \
        are left out.",
    formula: Formula::Difference(Component::GrossRevenue, Component::Refunds),
    additivity: Additivity::Full,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Up,
};
