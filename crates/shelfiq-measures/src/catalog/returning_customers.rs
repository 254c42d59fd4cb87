//! Returning customers.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::ReturningCustomers,
    title: "Returning customers",
    unit: Unit::Count,
    grain: "customer",
    definition: "Active customers whose first sale line ever lies before the period.",
    formula: Formula::Difference(Component::ActiveCustomers, Component::NewCustomers),
    additivity: Additivity::None,
    as_of: "As known now: history that is imported later can turn a new customer into a returning one.",
    direction: Direction::Up,
};
