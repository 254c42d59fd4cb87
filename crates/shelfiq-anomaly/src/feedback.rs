//! What a merchant's answers teach: alarms of a kind that is mostly dismissed must be stranger to ring again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AnomalyKind, Verdict};

/// Answers to alarms of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answers {
    /// "Yes, that was one", and alarms that were acted upon.
    pub confirmed: u32,
    /// "Not an anomaly".
    pub dismissed: u32,
}

/// Share of alarms that may be dismissed before anything changes.
const TOLERATED: f64 = 0.5;
/// The rate is never lowered further than to this share: what is plain to see must ring whatever was said.
const LOWEST: f64 = 0.02;
/// Standard normal quantile of one in ten: how sure it must be that too many are dismissed.
const CAUTION: f64 = 1.2816;

impl Answers {
    /// By what factor these answers lower the rate of alarms, between 0.02 and 1.
    ///
    /// The share dismissed is taken at its lower bound (Wilson's, at 90 %), so that few answers change little: two
    /// dismissals lower the rate by a third, five to a tenth, twelve to the least. Confirmations undo it.
    #[must_use]
    pub fn factor(&self) -> f64 {
        let (dismissed, all) = (f64::from(self.dismissed), f64::from(self.dismissed) + f64::from(self.confirmed));
        if all == 0.0 {
            return 1.0;
        }
        let (share, square) = (dismissed / all, CAUTION * CAUTION / all);
        let half = CAUTION * ((share * (1.0 - share) + square / 4.0) / all).sqrt();
        let surely = ((share + square / 2.0 - half) / (1.0 + square)).clamp(0.0, 1.0);
        // Squared: p-values of false alarms crowd at the threshold, those of true ones lie far below it.
        let odds = (1.0 - surely) / surely.max(f64::MIN_POSITIVE);
        (odds * TOLERATED / (1.0 - TOLERATED)).min(1.0).powi(2).max(LOWEST)
    }
}

/// One merchant's answers, by kind of anomaly.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Feedback(pub BTreeMap<AnomalyKind, Answers>);

impl Feedback {
    /// The rate of alarms of a kind after these answers, where `rate` was promised.
    #[must_use]
    pub fn adjusted_rate(&self, kind: AnomalyKind, rate: f64) -> f64 {
        rate * self.0.get(&kind).map_or(1.0, Answers::factor)
    }

    /// Whether an alarm still rings after these answers. `rate` is what the detector promised, see
    /// [`Cadence::false_alarm_rate`](crate::Cadence::false_alarm_rate).
    #[must_use]
    pub fn rings(&self, verdict: &Verdict, rate: f64) -> bool {
        verdict.kind.is_some_and(|kind| verdict.p_value < self.adjusted_rate(kind, rate))
    }
}
