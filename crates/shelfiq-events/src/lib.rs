//! What can happen in a merchant's shops, as immutable events, and how each is written down.
//!
//! An [`Envelope`] carries one [`EventKind`] under the attribute names of CloudEvents 1.0. Every kind has its own file
//! and its own version. A released version never changes: a new shape is a new version, and the golden file of
//! every version loads forever (`tests/golden/`).

mod codec;
mod cost_observed;
mod envelope;
mod import;
mod listing_observed;
mod order;
mod price_observed;
mod review_observed;
mod signal_observed;
mod stock_observed;
mod traffic_observed;

pub use codec::{CodecError, decode, encode};
pub use cost_observed::CostObserved;
pub use envelope::{Envelope, EventKind};
pub use import::{ControlTotals, ImportFinished, ImportUndone, ImportedFile, KindTotal};
pub use listing_observed::{ListingObserved, ListingStatus};
pub use order::{LineKind, Order, OrderLine};
pub use price_observed::{PriceObserved, Seller};
pub use review_observed::ReviewObserved;
pub use signal_observed::SignalObserved;
pub use stock_observed::StockObserved;
pub use traffic_observed::TrafficObserved;
