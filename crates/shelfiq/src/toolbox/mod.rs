//! The brains on plain files: a file in, a file out, no shop and no data directory. One file per command.

pub(crate) mod anomalies;
pub(crate) mod backtest;
pub(crate) mod elasticity;
pub(crate) mod forecast;
mod long_table;
pub(crate) mod optimize;
pub(crate) mod outliers;
mod plain_file;
mod stamps;
