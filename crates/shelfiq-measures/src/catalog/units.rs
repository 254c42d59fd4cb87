//! Units sold.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::Units,
    title: "Units sold",
    unit: Unit::Count,
    grain: "order line",
    definition: "Units on sale lines. Units that came back are not taken off.",
    formula: Formula::Sum(Component::Units),
    additivity: Additivity::Full,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Up,
};
