//! What tests teach: the belief about an elasticity, and that nobody else moves a price under test.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::Sku;
use shelfiq_experiment::TestReading;
use shelfiq_pricing::{ElasticityReport, ElasticityRow, Identification, PriceSupport};
use shelfiq_recommend::{Action, Recommendation};
use shelfiq_store::price_tests::{PriceTest, PriceTestState};

use super::view::StoredPlan;

/// What a test said wears off: shoppers, rivals and seasons change.
const TEACHES_DAYS: i64 = 365;

/// What the tests of a shop say.
pub(crate) struct Tests {
    running: Vec<Sku>,
    lessons: BTreeMap<String, Lesson>,
}

/// What the newest test of a Sku says.
struct Lesson {
    reading: TestReading,
    days: (NaiveDate, NaiveDate),
    prices: (f64, f64),
}

impl Tests {
    /// `tests` with the newest first, as of the last day of data.
    pub(super) fn of(tests: Vec<(PriceTest, StoredPlan)>, last_day: NaiveDate) -> Self {
        let (mut running, mut lessons) = (Vec::new(), BTreeMap::new());
        for (test, plan) in tests {
            if test.state == PriceTestState::Running {
                running.push(test.sku.clone());
            }
            if let Some(lesson) = lesson(&test, &plan, last_day) {
                lessons.entry(test.sku.as_str().to_owned()).or_insert(lesson);
            }
        }
        Self { running, lessons }
    }

    /// Whether a test of the Sku runs.
    pub(super) fn is_running(&self, sku: &Sku) -> bool {
        self.running.contains(sku)
    }

    /// Puts what a test says in place of what the history says wherever the test is surer. The two are not added up: the
    /// days of the test are part of the history by then.
    pub(crate) fn teach(&self, report: &mut ElasticityReport) {
        for row in &mut report.rows {
            if let Some(lesson) = self.lessons.get(&row.id) {
                lesson.teach(row);
            }
        }
    }
}

impl Lesson {
    fn teach(&self, row: &mut ElasticityRow) {
        let belief = self.reading.belief;
        if row.identified() && row.belief.sd <= belief.sd {
            return;
        }
        row.belief = belief;
        (row.lo_95, row.hi_95) = belief.interval_95();
        row.identification = Identification::Identified;
        row.reason = format!(
            "a price test from {} to {} tells: {:.2} ± {:.2} after {} of {} rounds",
            self.days.0, self.days.1, belief.mean, belief.sd, self.reading.rounds_read, self.reading.rounds_planned
        );
        let (low, high) = self.prices;
        let known = row.support.unwrap_or(PriceSupport { min: low, max: high });
        row.support = Some(PriceSupport { min: known.min.min(low), max: known.max.max(high) });
    }
}

/// `None` for a test that has not read enough to be surer than before, and for one that is too old.
fn lesson(test: &PriceTest, plan: &StoredPlan, last_day: NaiveDate) -> Option<Lesson> {
    let reading: TestReading = serde_json::from_value(test.reading.clone()?).ok()?;
    let days = plan.days()?;
    let is_news = reading.rounds_read > 0 && reading.belief.sd < plan.plan.question.elasticity.sd;
    if !is_news || (last_day - days.1).num_days() > TEACHES_DAYS {
        return None;
    }
    let prices = (plan.plan.prices.first()?.to_f64()?, plan.plan.prices.last()?.to_f64()?);
    Some(Lesson { reading, days, prices })
}

/// Drops advice that would move a price under test.
pub(crate) fn hold_prices(advice: &mut Vec<Recommendation>, tests: &Tests) {
    advice.retain(|one| {
        let moves_price =
            matches!(one.action, Action::SetPrice { .. } | Action::Markdown { .. } | Action::TestPrice { .. });
        !(moves_price && tests.running.contains(&one.key.sku))
    });
}
