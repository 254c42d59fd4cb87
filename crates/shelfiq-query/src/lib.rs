//! Measures and read-only SQL over the lake: DataFusion behind plain types.
//!
//! [`QueryEngine::sql`] answers one SELECT from one merchant's tables, as of now or of any past instant. A session is built from
//! that merchant's folders only, so that no query can reach another's. A [`View`] answers several questions from one state.
//!
//! The engine implements [`MeasureEngine`](shelfiq_measures::MeasureEngine): requests for measures become SQL over the order
//! lines or, where the definition allows and they are fresh, over roll-ups that [`QueryEngine::refresh_derived`] keeps.

mod answer;
mod costs;
mod derive;
mod error;
mod extra;
mod guard;
mod measure;
mod pinned;
mod room;
mod session;
mod statistics;
mod view;

pub use answer::{Answer, CellFormat, ColumnInfo};
pub use error::QueryError;
pub use extra::ExtraTable;
pub use session::{QueryConfig, QueryEngine, SqlRequest};
pub use view::View;
