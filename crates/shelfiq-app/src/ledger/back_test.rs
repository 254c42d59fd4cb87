//! What the same kind of move brought before: a promise beside experience.

use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::MerchantId;
use shelfiq_recommend::{Action, Recommendation};
use shelfiq_store::ledger::{self as stored, Entry, LedgerFilter, LedgerOutcome};
use shelfiq_store::{PageRequest, Read};

use super::measurement::{BackTest, Measurement, PriceChange};
use crate::error::AppError;

/// Earlier moves of one Sku that are looked at.
const MOVES_MAX: u32 = 50;

/// The measured move of this Sku's price that is most like the one proposed: the same way, the nearest step.
pub(super) async fn back_test(
    on: &impl Read,
    merchant: MerchantId,
    proposal: &Recommendation,
) -> Result<BackTest, AppError> {
    let (Action::SetPrice { from, to } | Action::Markdown { from, to } | Action::TestPrice { from, to, .. }) =
        &proposal.action
    else {
        return Ok(BackTest::not_possible("Not possible: past sales do not tell what other stock would have brought."));
    };
    let step = log_step(from.amount().to_f64(), to.to_major().to_f64());
    let filter = LedgerFilter {
        outcomes: vec![LedgerOutcome::Measured],
        sku: Some(proposal.key.sku.clone()),
        ..LedgerFilter::default()
    };
    let past = stored::page(on, merchant, &filter, &PageRequest::first(MOVES_MAX)).await?;
    let most_alike = past
        .rows
        .iter()
        .filter_map(|line| {
            let (change, measurement) = measured_move(line)?;
            let moved = log_step(change.from.to_f64(), change.to.to_f64());
            (moved * step > 0.0).then_some(((moved - step).abs(), line, change, measurement))
        })
        .min_by(|one, other| one.0.total_cmp(&other.0));
    Ok(most_alike.map_or_else(
        || BackTest::not_possible("Not possible: this price was never moved that way before and kept for long enough."),
        |(_, line, change, measurement)| BackTest {
            explanation: measurement.explanation,
            entry: Some(line.id),
            change: Some(change),
            effect: measurement.effect,
        },
    ))
}

fn measured_move(line: &Entry) -> Option<(PriceChange, Measurement)> {
    let measurement: Measurement = serde_json::from_value(line.measurement.clone()?).ok()?;
    Some((measurement.change?, measurement))
}

fn log_step(from: Option<f64>, to: Option<f64>) -> f64 {
    from.zip(to).map_or(f64::NAN, |(from, to)| (to / from).ln())
}
