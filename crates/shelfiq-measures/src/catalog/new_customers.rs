//! New customers.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::NewCustomers,
    title: "New customers",
    unit: Unit::Count,
    grain: "customer",
    definition: "Active customers whose first sale line ever, in any store, falls into the period.",
    formula: Formula::Sum(Component::NewCustomers),
    additivity: Additivity::None,
    as_of: "As known now: history that is imported later can turn a new customer into a returning one.",
    direction: Direction::Up,
};
