//! How strongly demand answers to price.

mod common;
mod comparison;
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
mod pool;
mod report;

pub use estimate::{ElasticityOptions, estimate_elasticities};
pub use report::{ElasticityReport, ElasticityRow, Identification, PopulationElasticity};
