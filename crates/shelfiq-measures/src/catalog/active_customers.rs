//! Active customers.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::ActiveCustomers,
    title: "Active customers",
    unit: Unit::Count,
    grain: "customer",
    definition: "Distinct known customers with at least one sale line. Orders without a customer are left out.",
    formula: Formula::Sum(Component::ActiveCustomers),
    additivity: Additivity::None,
    as_of: "As known now: corrections of past orders change past values.",
    direction: Direction::Up,
};
