//! Visits and views.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Channel, Sku};

/// Visits and views of one day, as the channel reports them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrafficObserved {
    /// What was looked at; absent for the whole store.
    pub sku: Option<Sku>,
    /// Where.
    pub channel: Channel,
    /// Name of our store on that channel.
    pub store: String,
    /// The day in the shop's zone.
    pub day: NaiveDate,
    /// Visits.
    pub sessions: u64,
    /// Pages seen.
    pub page_views: u64,
}
