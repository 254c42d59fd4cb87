//! After each run: keep what was foreseen, compare what was foreseen earlier with what happened, and draw the consequences.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use shelfiq_core::MerchantId;
use shelfiq_experiment::{CanaryVerdict, LossPair};
use shelfiq_store::Author;
use shelfiq_store::model_accuracy::{self, AccuracyRow, Basis};
use shelfiq_store::model_versions::{self as stored, ModelVersion};

use super::forecasting::{ShopForecasts, forecast_past};
use super::history::{self, KeptOrigins, Made};
use super::judge::{Contest, DayContest, judge};
use super::registry::{recipe_of, roll_back};
use super::training;
use super::verdict::verdict;
use crate::brains::demand_sums::ShopDemand;
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::platform::{Platform, run_cpu};
use crate::recommendations::to_value;

/// A version without a past is asked what it would have said so many days ago. Three origins of four weeks: the nearest
/// has been judged for four weeks, the farthest to its end.
const REPLAYED_DAYS_AGO: [u64; 3] = [28, 56, 84];
/// An origin of other versions so many days off is taken instead.
const REPLAY_DAYS_APART_MAX: i64 = 10;
/// Days of history that a replay must still have before its origin.
const REPLAY_HISTORY_DAYS_MIN: i64 = 56;
/// Skus that are replayed at most; the sample depends on the codes alone.
const SKUS_REPLAYED_MAX: f64 = 1_000.0;
/// What became of an origin is remembered for two years.
const ACCURACY_KEPT_DAYS: u64 = 730;
const PART: &str = "model monitor";

/// What following up came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FollowUp {
    /// Origins whose forecasts were compared with what happened.
    pub(crate) origins_judged: usize,
    /// Why a challenger's trial was ended, if it was.
    pub(crate) rolled_back: Option<String>,
}

/// Keeps, judges and draws consequences. Doing it twice on the same data changes nothing.
pub(crate) async fn follow_up(
    platform: &Platform,
    merchant: MerchantId,
    facts: &Arc<ShopFacts>,
    made: &ShopForecasts,
) -> Result<FollowUp, AppError> {
    let view = platform.query.view(merchant).await?;
    let kept = history::origins(&view).await?;
    let replays = replay(facts, made, &kept).await;
    write(platform, merchant, facts.last_day, made, &kept, &replays).await?;
    let judged = judge_all(platform, merchant, facts, made).await?;
    let origins_judged = judged.origins.len();
    let tx = platform.begin(Author::system(PART)).await?;
    model_accuracy::replace(&tx, merchant, &judged.origins, judged.rows.clone()).await?;
    model_accuracy::forget_before(&tx, merchant, facts.last_day - Days::new(ACCURACY_KEPT_DAYS)).await?;
    tx.commit().await?;
    training::record(platform, merchant, facts, made, &judged.rows).await?;
    let rolled_back = settle_trial(platform, merchant, made, &judged.contest).await?;
    Ok(FollowUp { origins_judged, rolled_back })
}

type Replay = (ModelVersion, NaiveDate, ShopDemand);

/// What versions without any past would have said at a few past origins.
async fn replay(facts: &Arc<ShopFacts>, made: &ShopForecasts, kept: &KeptOrigins) -> Vec<Replay> {
    let known: BTreeSet<NaiveDate> = kept.values().flatten().copied().collect();
    let origins = replay_origins(facts.daily_net_revenue.first_day, facts.last_day, &known);
    let has_past =
        |version: &ModelVersion| kept.get(&version.id).is_some_and(|seen| seen.iter().any(|day| *day < facts.last_day));
    let share = SKUS_REPLAYED_MAX / facts.skus.len().max(1) as f64;
    let mut replays = Vec::new();
    for (version, _) in made.by_version.iter().filter(|(version, _)| !has_past(version)) {
        let past = |origin| facts.until(origin, |sku| history::share_of(sku.sku.as_str()) < share);
        // A recipe that fails on the past has no past; why it failed was said when it was asked about today.
        if let Ok(said) = forecast_past(origins.iter().copied().map(past).collect(), recipe_of(version)).await {
            replays.extend(origins.iter().zip(said).map(|(origin, said)| (version.clone(), *origin, said)));
        }
    }
    replays
}

/// Origins at which a version without a past is asked: where other versions have one nearby, the same, so that all can be
/// compared on the same days.
fn replay_origins(first_day: NaiveDate, last_day: NaiveDate, known: &BTreeSet<NaiveDate>) -> BTreeSet<NaiveDate> {
    let days_apart = |one: NaiveDate, other: NaiveDate| (one - other).num_days().abs();
    let nearby = |target: NaiveDate| {
        let past = known.iter().copied().filter(|day| *day < last_day);
        let nearest = past.min_by_key(|day| days_apart(*day, target));
        nearest.filter(|day| days_apart(*day, target) <= REPLAY_DAYS_APART_MAX).unwrap_or(target)
    };
    REPLAYED_DAYS_AGO
        .into_iter()
        .map(|days| nearby(last_day - Days::new(days)))
        .filter(|origin| (*origin - first_day).num_days() >= REPLAY_HISTORY_DAYS_MIN)
        .collect()
}

async fn write(
    platform: &Platform,
    merchant: MerchantId,
    last_day: NaiveDate,
    made: &ShopForecasts,
    kept: &KeptOrigins,
    replays: &[Replay],
) -> Result<(), AppError> {
    let live = made.by_version.iter().map(|(version, forecasts)| Made {
        version: version.id,
        origin: last_day,
        basis: Basis::Live,
        forecasts: &forecasts.skus,
    });
    let replayed = replays.iter().map(|(version, origin, forecasts)| Made {
        version: version.id,
        origin: *origin,
        basis: Basis::Replayed,
        forecasts: &forecasts.skus,
    });
    let known = kept.values().flatten().copied().collect();
    let mut replaced = history::superseded(&known, last_day);
    replaced.extend(known.contains(&last_day).then_some(last_day));
    history::keep(platform, merchant, &live.chain(replayed).collect::<Vec<_>>(), replaced).await
}

/// What became of every kept origin.
struct AllJudged {
    origins: Vec<NaiveDate>,
    rows: Vec<AccuracyRow>,
    contest: BTreeMap<NaiveDate, DayContest>,
}

/// Judges origin by origin, so that memory holds one at a time.
async fn judge_all(
    platform: &Platform,
    merchant: MerchantId,
    facts: &Arc<ShopFacts>,
    made: &ShopForecasts,
) -> Result<AllJudged, AppError> {
    let view = platform.query.view(merchant).await?;
    let judged_at = platform.clock.now();
    let tracked = &made.tracked;
    let challenger = tracked.challenger.as_ref().map(|one| one.id);
    let contest = Contest { production: tracked.production.id, challenger };
    let mut all = AllJudged { origins: Vec::new(), rows: Vec::new(), contest: BTreeMap::new() };
    let kept = history::origins(&view).await?;
    let origins: BTreeSet<NaiveDate> = kept.into_values().flatten().collect();
    for origin in origins.into_iter().filter(|origin| *origin < facts.last_day) {
        let foreseen = history::foreseen_at(&view, origin, facts.last_day).await?;
        let facts = Arc::clone(facts);
        let judged = run_cpu(move || judge(&facts, origin, &foreseen, contest, judged_at)).await;
        all.origins.push(origin);
        all.rows.extend(judged.rows);
        for (day, one) in judged.contest {
            let sum = all.contest.entry(day).or_default();
            sum.production += one.production;
            sum.challenger += one.challenger;
            sum.skus += one.skus;
        }
    }
    Ok(all)
}

/// Notes how the challenger stands, and ends its trial if it failed or is worse beyond doubt.
async fn settle_trial(
    platform: &Platform,
    merchant: MerchantId,
    made: &ShopForecasts,
    contest: &BTreeMap<NaiveDate, DayContest>,
) -> Result<Option<String>, AppError> {
    let Some(challenger) = &made.tracked.challenger else { return Ok(None) };
    let mean = |sum: f64, skus: u32| sum / f64::from(skus.max(1));
    let days: Vec<LossPair> = contest
        .values()
        .map(|day| LossPair { champion: mean(day.production, day.skus), challenger: mean(day.challenger, day.skus) })
        .collect();
    let verdict = verdict(&days)?;
    let reason = match &made.challenger_failed {
        Some(reason) => Some(format!("it failed to forecast: {reason}")),
        None => (verdict.standing == CanaryVerdict::RollBack).then(|| verdict.sentence()),
    };
    let tx = platform.begin(Author::system(PART)).await?;
    let current = stored::get(&tx, merchant, challenger.id).await?;
    // Somebody may have decided meanwhile.
    if current.stage != challenger.stage {
        return Ok(None);
    }
    let mut metrics = current.metrics.clone();
    if let Some(metrics) = metrics.as_object_mut() {
        metrics.insert("contest".to_owned(), to_value(&verdict)?);
    }
    stored::note_metrics(&tx, merchant, challenger.id, metrics).await?;
    if let Some(reason) = &reason {
        let number = challenger.number;
        tracing::warn!(model.version = number, reason, "the trial of version {number} was ended");
        let current = stored::get(&tx, merchant, challenger.id).await?;
        roll_back(&tx, merchant, current, None, Some(reason.clone())).await?;
    }
    tx.commit().await?;
    Ok(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_version_without_a_past_is_asked_where_others_were_and_else_four_eight_and_twelve_weeks_ago() {
        let asked = |first_day, known: &[&str]| {
            let known = known.iter().map(|text| day(text)).collect();
            let origins = replay_origins(day(first_day), day("2026-06-30"), &known);
            origins.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(asked("2025-01-01", &[]), "2026-04-07 2026-05-05 2026-06-02");
        assert_eq!(asked("2025-01-01", &["2026-05-10", "2026-06-28"]), "2026-04-07 2026-05-10 2026-06-02");
        assert_eq!(asked("2026-03-20", &[]), "2026-06-02", "eight weeks of history before each");
        assert_eq!(asked("2026-06-01", &[]), "");
    }
}
