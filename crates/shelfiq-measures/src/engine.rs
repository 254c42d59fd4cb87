//! The contract of whoever computes measures.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use shelfiq_core::{ErrorKind, MerchantId, TimeError};

use crate::{Dimension, MeasureAnswer, MeasureId, MeasureRequest};

/// Computes measures. Callers hold it as `Arc<dyn MeasureEngine>` and know nothing of SQL.
#[async_trait]
pub trait MeasureEngine: Send + Sync {
    /// Answers one request from the merchant's present tables. `now` decides which periods are still running.
    ///
    /// # Errors
    /// [`MeasureError::NotSliceable`] if a measure has no meaning for the slice, [`MeasureError::Engine`] if the
    /// tables cannot be read.
    async fn measure(
        &self,
        merchant: MerchantId,
        request: &MeasureRequest,
        now: DateTime<Utc>,
    ) -> Result<MeasureAnswer, MeasureError>;
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// There is no such measure.
    #[error("there is no measure `{name}`")]
    UnknownMeasure {
        /// What was asked for.
        name: String,
    },
    /// There is no such dimension.
    #[error("there is no dimension `{name}`: use day, week, month, sku, category, store, channel or country")]
    UnknownDimension {
        /// What was asked for.
        name: String,
    },
    /// The measure has no meaning for the slice: stock is not kept by channel or country.
    #[error("`{measure}` cannot be sliced or filtered by {dimension}")]
    NotSliceable {
        /// Which measure.
        measure: MeasureId,
        /// Which dimension.
        dimension: Dimension,
    },
    /// The days to compare with lie outside the calendar.
    #[error("there are no days to compare with")]
    Comparison(#[from] TimeError),
    /// The engine failed.
    #[error("failed to compute measures")]
    Engine {
        /// What the caller can do about it.
        kind: ErrorKind,
        /// What the engine said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl MeasureError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Engine { kind, .. } => *kind,
            _ => ErrorKind::Invalid,
        }
    }
}
