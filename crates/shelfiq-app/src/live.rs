//! What just happened, for whoever is watching: numbered messages per merchant, with a short memory for reconnects.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use shelfiq_core::MerchantId;
use tokio::sync::broadcast;

/// Messages kept for a watcher that reconnects; older ones are gone and the watcher reloads.
const KEPT_MESSAGES: usize = 256;

/// One message to watchers.
#[derive(Debug, Clone, Serialize)]
pub struct LiveMessage {
    /// Number within the merchant, from 1, without gaps.
    pub seq: u64,
    /// What happened.
    #[serde(flatten)]
    pub change: LiveChange,
}

/// What can happen while somebody watches.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", content = "data")]
pub enum LiveChange {
    /// A job moved on.
    #[serde(rename = "job.progress")]
    JobProgress {
        /// Which job.
        id: String,
        /// Kind of job.
        kind: String,
        /// Share done, 0 to 1.
        progress: f64,
        /// What it is doing.
        stage: String,
    },
    /// A job ended.
    #[serde(rename = "job.finished")]
    JobFinished {
        /// Which job.
        id: String,
        /// Kind of job.
        kind: String,
        /// `done` or `failed`.
        status: String,
    },
    /// An import moved on.
    #[serde(rename = "import.progress")]
    ImportProgress {
        /// Which import.
        id: String,
        /// Share done, 0 to 1.
        progress: f64,
        /// What it is doing.
        stage: String,
    },
    /// An import ended.
    #[serde(rename = "import.finished")]
    ImportFinished {
        /// Which import.
        id: String,
        /// `finished`, `failed` or `undone`.
        status: String,
    },
    /// Alerts were opened, closed or decided.
    #[serde(rename = "alerts.changed")]
    AlertsChanged {},
    /// Recommendations were made or decided.
    #[serde(rename = "recommendations.changed")]
    RecommendationsChanged {},
    /// The tables behind measures changed.
    #[serde(rename = "data.changed")]
    DataChanged {},
}

/// Hands messages to watchers. Cheap to clone.
#[derive(Clone, Default)]
pub struct LiveHub(Arc<Mutex<HashMap<MerchantId, Topic>>>);

struct Topic {
    last_seq: u64,
    kept: VecDeque<LiveMessage>,
    sender: broadcast::Sender<LiveMessage>,
}

impl Topic {
    fn new() -> Self {
        Self { last_seq: 0, kept: VecDeque::with_capacity(KEPT_MESSAGES), sender: broadcast::channel(KEPT_MESSAGES).0 }
    }
}

/// What a new watcher gets: the messages it missed, and a receiver for those to come.
pub struct Watch {
    /// Messages after the one the watcher saw last, oldest first.
    pub missed: Vec<LiveMessage>,
    /// Whether messages between are already forgotten: the watcher must reload what it shows.
    pub has_gap: bool,
    /// Messages from now on.
    pub receiver: broadcast::Receiver<LiveMessage>,
    /// Number of the newest message.
    pub last_seq: u64,
}

impl LiveHub {
    /// Tells everybody who watches `merchant`.
    pub fn publish(&self, merchant: MerchantId, change: LiveChange) {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let topic = topics.entry(merchant).or_insert_with(Topic::new);
        topic.last_seq += 1;
        let message = LiveMessage { seq: topic.last_seq, change };
        if topic.kept.len() == KEPT_MESSAGES {
            topic.kept.pop_front();
        }
        topic.kept.push_back(message.clone());
        // No receiver is the usual case: nobody is watching.
        drop(topic.sender.send(message));
    }

    /// Starts watching. `after` is the number of the last message seen before; `None` for a first visit.
    #[must_use]
    pub fn watch(&self, merchant: MerchantId, after: Option<u64>) -> Watch {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let topic = topics.entry(merchant).or_insert_with(Topic::new);
        // A number from before a restart lies ahead of ours: everything may have changed since.
        let is_ahead = after.is_some_and(|after| after > topic.last_seq);
        let oldest_kept = topic.kept.front().map_or(topic.last_seq + 1, |message| message.seq);
        Watch {
            missed: topic
                .kept
                .iter()
                .filter(|message| after.is_some_and(|after| message.seq > after))
                .cloned()
                .collect(),
            has_gap: is_ahead || after.is_some_and(|after| after + 1 < oldest_kept),
            receiver: topic.sender.subscribe(),
            last_seq: topic.last_seq,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn merchant(number: u128) -> MerchantId {
        MerchantId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn a_watcher_that_comes_back_gets_what_it_missed_in_order() {
        let hub = LiveHub::default();
        (0..5).for_each(|_| hub.publish(merchant(1), LiveChange::DataChanged {}));
        hub.publish(merchant(2), LiveChange::DataChanged {});
        let watch = hub.watch(merchant(1), Some(2));
        assert_eq!(watch.missed.iter().map(|message| message.seq).collect::<Vec<_>>(), [3, 4, 5]);
        assert!(!watch.has_gap);
    }

    #[test]
    fn a_watcher_that_was_away_too_long_is_told_to_reload() {
        let hub = LiveHub::default();
        (0..KEPT_MESSAGES + 10).for_each(|_| hub.publish(merchant(1), LiveChange::DataChanged {}));
        assert!(hub.watch(merchant(1), Some(2)).has_gap);
        assert!(hub.watch(merchant(1), Some(9_999)).has_gap);
        assert!(!hub.watch(merchant(1), None).has_gap);
    }

    #[test]
    fn a_message_reads_as_type_and_data() {
        let message = LiveMessage { seq: 3, change: LiveChange::AlertsChanged {} };
        assert_eq!(serde_json::to_string(&message).unwrap(), r#"{"seq":3,"type":"alerts.changed","data":{}}"#);
    }
}
