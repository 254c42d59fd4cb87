//! How strongly demand answers to price.

mod common;
mod comparison;
mod controls;
mod cross_price;
mod design;
mod estimate;
mod expect;
mod fit;
mod hierarchy;
mod history;
mod identify;
mod kindred;
mod memory;
mod noise;
#[cfg(all(test, feature = "oracle"))]
mod oracle;
mod pool;
mod promotion;
mod reaction;
mod report;
mod spells;
mod usual_price;

pub use estimate::{ElasticityOptions, estimate_elasticities};
pub use report::{
    CrossPrice, ElasticityDiagnostics, ElasticityReport, ElasticityRow, Identification, PopulationElasticity,
};
