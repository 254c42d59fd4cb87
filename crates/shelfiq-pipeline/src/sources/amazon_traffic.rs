//! Amazon, "Detail page sales and traffic" by child ASIN. The file does not say which period it covers: it counts for the
//! day on which it was received.

use shelfiq_core::Channel;
use shelfiq_events::{EventKind, TrafficObserved};

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{FactDraft, RowDrafts};

pub(crate) struct AmazonTraffic {
    asin: Col,
    sku: Col,
    sessions: Col,
    page_views: Col,
}

impl AmazonTraffic {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        Self {
            asin: sheet.col("(Child) ASIN"),
            sku: sheet.col("SKU"),
            sessions: sheet.col("Sessions - Total"),
            page_views: sheet.col("Page Views - Total"),
        }
    }
}

impl Source for AmazonTraffic {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let sku = cells.required_sku(if cells.text(self.sku).is_some() { self.sku } else { self.asin });
        cells.required_text(self.sessions);
        let sessions = cells.count(self.sessions);
        let page_views = cells.count(self.page_views);
        let (Some(sku), Some(sessions)) = (sku, sessions) else { return };
        let options = &cells.sheet.options;
        let day = options.time_zone.day_of(options.received_at);
        drafts.identify(&["traffic", "amazon", &options.store, sku.as_str(), &day.to_string()]);
        drafts.facts.push(FactDraft {
            subject: sku.as_str().to_owned(),
            time: options.time_zone.start_of(day),
            kind: EventKind::TrafficObserved(TrafficObserved {
                sku: Some(sku),
                channel: Channel::Amazon,
                store: options.store.clone(),
                day,
                sessions,
                page_views: page_views.unwrap_or(sessions),
            }),
        });
    }
}
