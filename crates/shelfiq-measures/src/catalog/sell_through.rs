//! Sell-through.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::SellThrough,
    title: "Sell-through",
    unit: Unit::Ratio,
    grain: "Sku",
    definition: "Units sold less units that came back in the period, as a part of them plus the units on hand at its end. \
        Over Skus whose stock is known.",
    formula: Formula::PartOfSum(Component::StockedNetUnits, Component::OnHand),
    additivity: Additivity::None,
    as_of: "Stock as last observed in each place up to the end of the period.",
    direction: Direction::Up,
};
