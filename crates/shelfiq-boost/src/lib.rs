//! Gradient-boosted trees on histograms: train on columns of numbers, predict rows, say why.
//!
//! [`Booster::train`] learns a function of a table's rows; [`Booster::predict`] answers for one row,
//! [`Booster::predict_rows`] for many, [`Booster::explain`] divides an answer among the columns.
//!
//! # How it works
//! 1. *Bins*: each column becomes at most 255 bins of one byte; `NaN` has a bin of its own. Four columns lie side by
//!    side, so that one load serves four histograms.
//! 2. *Sums*: gradients and hessians are rounded to integers of 40 bits or so. Sums of integers do not depend on their
//!    order, so trees are the same on any number of threads, and a histogram is exactly its parent's less its
//!    sibling's.
//! 3. *Growth*: always the leaf whose split gains most is split next. A split says on which side missing values go,
//!    and keeps the promised direction of monotone columns.
//! 4. *Values*: leaves are Newton steps; for absolute and quantile losses they are the quantile of what is left over.
//!
//! The method is that of Friedman, "Greedy function approximation" (Annals of Statistics 2001), with the histograms and
//! leaf-wise growth of Ke et al., "LightGBM" (NIPS 2017), and the missing direction of Chen and Guestrin, "XGBoost"
//! (KDD 2016).

mod bins;
mod booster;
mod dice;
mod error;
mod explain;
mod grow;
mod histogram;
mod objective;
mod options;
mod split;
mod train;

pub use booster::Booster;
pub use error::BoostError;
pub use explain::Explanation;
pub use objective::Objective;
pub use options::{BoostOptions, Monotone};
pub use train::Rows;
