//! From facts to what the models say about them. Each file feeds one brain and keeps nothing.

pub(crate) mod alert_facts;
pub(crate) mod anomalies;
pub(crate) mod demand;
pub(crate) mod demand_sums;
pub(crate) mod elasticity;
pub(crate) mod price;
pub(crate) mod seasonal_naive;
pub(crate) mod signals;
pub(crate) mod strategy;
