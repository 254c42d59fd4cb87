//! Refunds.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::Refunds,
    title: "Refunds",
    unit: Unit::Money,
    grain: "order line",
    definition: "What was given back: the negative sum of quantity × unit price over cancellation and return lines, so that \
        it is positive where money went back. Counted on the day of the cancellation or return.",
    formula: Formula::Sum(Component::Refunds),
    additivity: Additivity::Full,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Down,
};
