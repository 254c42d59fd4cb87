//! Stock cover.

use crate::{Additivity, Component, Direction, Formula, Measure, MeasureId, Unit};

pub(super) const MEASURE: Measure = Measure {
    id: MeasureId::StockCover,
    title: "Stock cover",
    unit: Unit::Days,
    grain: "Sku",
    definition: "Days for which the units on hand at the end of the period last at its average daily net units. Over Skus \
        whose stock is known; undefined where nothing was sold.",
    formula: Formula::Lasting { stock: Component::OnHand, used: Component::StockedNetUnits, days: Component::Days },
    additivity: Additivity::None,
    as_of: "Stock as last observed in each place up to the end of the period.",
    direction: Direction::Neutral,
};
