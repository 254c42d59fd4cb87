//! A seeded marketplace shop whose truth is known: it fills the demo, feeds tests, and scores the brains.
//!
//! [`Shop::new`] draws a catalogue, shoppers, rivals, a promotion calendar and planted anomalies from one seed;
//! [`Shop::events`] tells what a shop would have recorded, day by day and in time order; [`Shop::truth`] tells what no
//! shop ever sees: elasticities, the demand that an empty shelf turned away, which days are anomalies.
//!
//! [`score::score`] runs the brains on the records alone and compares their answers with the truth.
//!
//! Every number is a function of `(seed, stream, Sku, day)`, so one Sku's life can be replayed without the others, the
//! same day can be lived again at another price with the same luck, and threads change nothing.

mod anomaly;
mod basket;
mod catalogue;
mod config;
mod demand;
mod merchant;
mod noise;
mod observe;
mod review;
mod rival;
pub mod score;
mod season;
mod shop;
mod simulate;
mod stock;
mod story;
mod truth;

pub use anomaly::{PlantedAnomaly, PlantedKind};
pub use catalogue::{CatalogueEntry, Category};
pub use config::{ArenaConfig, ArenaError, Market, ShopSize, Stories};
pub use demand::DemandTruth;
pub use merchant::PricingRegime;
pub use observe::RecordedDay;
pub use review::{Aspect, ReviewTruth};
pub use rival::RivalOffer;
pub use shop::Shop;
pub use simulate::{SkuDay, SkuSimulator};
pub use story::{Story, StoryKind};
pub use truth::{SkuTruth, Truth};
