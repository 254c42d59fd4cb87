//! The eight categories of the shop and how their shoppers differ.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::season::Occasion;

/// A shelf of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Mugs, bowls, jugs.
    Tableware,
    /// Candles, diffusers, soap.
    Candles,
    /// Throws, cushions, tea towels.
    Textiles,
    /// Cards, notebooks, art prints.
    Paper,
    /// Earrings, necklaces, rings.
    Jewellery,
    /// Wooden toys, puzzles, plush.
    Toys,
    /// Planters, lanterns, bird feeders.
    Garden,
    /// Yarn, kits, tools.
    Craft,
}

impl Category {
    /// Every category, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Tableware,
        Self::Candles,
        Self::Textiles,
        Self::Paper,
        Self::Jewellery,
        Self::Toys,
        Self::Garden,
        Self::Craft,
    ];

    /// The name shown in the shop.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tableware => "Tableware",
            Self::Candles => "Candles & Scent",
            Self::Textiles => "Home Textiles",
            Self::Paper => "Stationery & Prints",
            Self::Jewellery => "Jewellery",
            Self::Toys => "Toys & Games",
            Self::Garden => "Garden & Outdoor",
            Self::Craft => "Craft Supplies",
        }
    }

    pub(crate) const fn profile(self) -> &'static CategoryProfile {
        match self {
            Self::Tableware => &TABLEWARE,
            Self::Candles => &CANDLES,
            Self::Textiles => &TEXTILES,
            Self::Paper => &PAPER,
            Self::Jewellery => &JEWELLERY,
            Self::Toys => &TOYS,
            Self::Garden => &GARDEN,
            Self::Craft => &CRAFT,
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// How the shoppers of one category behave. Heights and weekday weights are log factors of demand.
#[derive(Debug)]
pub(crate) struct CategoryProfile {
    /// Mean and deviation of the own-price elasticities of its Skus.
    pub(crate) elasticity: (f64, f64),
    /// Monday to Sunday.
    pub(crate) weekdays: [f64; 7],
    /// Swing between midsummer (positive) and midwinter.
    pub(crate) summer: f64,
    /// Effect of one deviation of warm weather.
    pub(crate) weather: f64,
    pub(crate) occasions: &'static [(Occasion, f64)],
    /// Probability that a line holds more than one unit.
    pub(crate) multiple: f64,
}

const TABLEWARE: CategoryProfile = CategoryProfile {
    elasticity: (-2.1, 0.40),
    weekdays: [0.10, 0.02, -0.02, -0.04, -0.12, -0.14, 0.16],
    summer: -0.08,
    weather: -0.02,
    occasions: &[(Occasion::Christmas, 0.85), (Occasion::MothersDay, 0.45), (Occasion::BlackFriday, 0.35)],
    multiple: 0.24,
};
const CANDLES: CategoryProfile = CategoryProfile {
    elasticity: (-2.5, 0.45),
    weekdays: [0.08, 0.00, -0.02, -0.02, -0.10, -0.06, 0.12],
    summer: -0.35,
    weather: -0.08,
    occasions: &[(Occasion::Christmas, 1.05), (Occasion::ValentinesDay, 0.35), (Occasion::MothersDay, 0.40)],
    multiple: 0.20,
};
const TEXTILES: CategoryProfile = CategoryProfile {
    elasticity: (-1.8, 0.35),
    weekdays: [0.12, 0.04, 0.00, -0.06, -0.14, -0.12, 0.14],
    summer: -0.22,
    weather: -0.06,
    occasions: &[(Occasion::Christmas, 0.65), (Occasion::BlackFriday, 0.40)],
    multiple: 0.14,
};
const PAPER: CategoryProfile = CategoryProfile {
    elasticity: (-1.6, 0.35),
    weekdays: [0.14, 0.10, 0.06, 0.00, -0.10, -0.26, 0.02],
    summer: -0.05,
    weather: 0.0,
    occasions: &[
        (Occasion::Christmas, 1.00),
        (Occasion::BackToSchool, 0.45),
        (Occasion::ValentinesDay, 0.55),
        (Occasion::MothersDay, 0.50),
    ],
    multiple: 0.34,
};
const JEWELLERY: CategoryProfile = CategoryProfile {
    elasticity: (-1.5, 0.30),
    weekdays: [0.04, 0.00, 0.00, 0.02, -0.04, -0.08, 0.08],
    summer: 0.05,
    weather: 0.0,
    occasions: &[(Occasion::Christmas, 1.00), (Occasion::ValentinesDay, 0.85), (Occasion::MothersDay, 0.70)],
    multiple: 0.06,
};
const TOYS: CategoryProfile = CategoryProfile {
    elasticity: (-2.8, 0.45),
    weekdays: [0.02, -0.06, -0.06, -0.04, -0.02, 0.06, 0.12],
    summer: -0.04,
    weather: -0.05,
    occasions: &[(Occasion::Christmas, 1.35), (Occasion::Easter, 0.40), (Occasion::BlackFriday, 0.45)],
    multiple: 0.10,
};
const GARDEN: CategoryProfile = CategoryProfile {
    elasticity: (-2.2, 0.40),
    weekdays: [-0.02, -0.08, -0.06, -0.02, 0.04, 0.10, 0.10],
    summer: 0.62,
    weather: 0.14,
    occasions: &[(Occasion::Easter, 0.30), (Occasion::MothersDay, 0.35), (Occasion::Halloween, 0.20)],
    multiple: 0.22,
};
const CRAFT: CategoryProfile = CategoryProfile {
    elasticity: (-3.1, 0.50),
    weekdays: [0.06, 0.04, 0.04, 0.00, -0.06, -0.12, 0.06],
    summer: -0.18,
    weather: -0.07,
    occasions: &[(Occasion::Halloween, 0.30), (Occasion::Christmas, 0.40), (Occasion::BackToSchool, 0.20)],
    multiple: 0.42,
};
