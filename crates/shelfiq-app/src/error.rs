//! What can go wrong in a use case.

use shelfiq_alerts::RuleError;
use shelfiq_core::{ErrorKind, MoneyError, NameError};
use shelfiq_experiment::ExperimentError;
use shelfiq_lake::LakeError;
use shelfiq_log::LogError;
use shelfiq_measures::MeasureError;
use shelfiq_pipeline::PipelineError;
use shelfiq_pricing::PricingError;
use shelfiq_query::QueryError;
use shelfiq_recommend::{LifecycleError, PolicyError};
use shelfiq_store::StoreError;

use crate::access::AccessError;
use crate::identity::IdentityError;

/// A use case that did not succeed. Its text is a sentence for the caller; causes stay in `source`.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The actor may not do this.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Somebody could not prove who they are, or gave credentials that cannot be.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A field of the input breaks a rule.
    #[error("{field}: {message}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// Which rule, and how to mend it.
        message: String,
    },
    /// There is no such thing.
    #[error("there is no {what} `{key}`")]
    NotFound {
        /// The noun.
        what: &'static str,
        /// What was looked for.
        key: String,
    },
    /// The present state does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// A file could not be read or written.
    #[error("failed to {doing}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A stored value could not be written or read as JSON.
    #[error("failed to read or write a stored value")]
    Json(#[from] serde_json::Error),
    /// The operational store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A question about the tables has no answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A measure cannot be computed.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// The lake refused or failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The log refused or failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A file cannot be imported, or an import not undone.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The step does not fit the recommendation's state.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// A setting of the advice policy is out of bounds.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// An alert rule breaks its bounds.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The price question has no answer.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// A question about an experiment has no answer.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// An amount could not be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A name breaks its form.
    #[error(transparent)]
    Name(#[from] NameError),
}

impl AppError {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    pub(crate) fn not_found(what: &'static str, key: impl ToString) -> Self {
        Self::NotFound { what, key: key.to_string() }
    }

    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Access(error) => error.kind(),
            Self::Identity(error) => error.kind(),
            Self::Invalid { .. } | Self::Rule(_) | Self::Pricing(_) | Self::Money(_) | Self::Name(_) => {
                ErrorKind::Invalid
            }
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Conflict(_) => ErrorKind::Conflict,
            Self::File { .. } | Self::Json(_) => ErrorKind::Internal,
            Self::Store(error) => error.kind(),
            Self::Query(error) => error.kind(),
            Self::Measure(error) => error.kind(),
            Self::Lake(error) => error.kind(),
            Self::Log(error) => error.kind(),
            Self::Pipeline(error) => error.kind(),
            Self::Lifecycle(error) => error.kind(),
            Self::Policy(error) => error.kind(),
            Self::Experiment(error) => error.kind(),
        }
    }

    /// The field at fault, if one is.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Invalid { field, .. } => Some(field),
            _ => None,
        }
    }
}
