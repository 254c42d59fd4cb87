//! The scorecard as a person reads it.

use std::fmt;

use super::{ElasticityScore, Scorecard};
use crate::anomaly::PlantedKind;

impl fmt::Display for Scorecard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.config.size;
        writeln!(
            f,
            "Arena scorecard · seed {} · {} Skus × {} days to {} · {} Skus scored",
            self.config.seed,
            size.skus(),
            size.days(),
            self.config.last_day,
            self.scored_skus
        )?;
        elasticity(f, "Elasticity", &self.elasticity)?;
        elasticity(f, "Elasticity, confounded twin", &self.elasticity_confounded)?;

        let score = &self.forecast;
        heading(f, "Forecast of 28 days")?;
        row(f, "forecasts", &score.forecasts.to_string(), "Skus × three origins, a quarter apart")?;
        row(
            f,
            "WAPE against expected demand",
            &percent(score.wape_expected),
            &format!("repeating the last week {}", percent(score.wape_expected_naive)),
        )?;
        row(
            f,
            "WAPE against wanted units",
            &percent(score.wape_wanted),
            &format!("knowing the truth {}", percent(score.wape_wanted_of_truth)),
        )?;
        row(f, "MASE", &format!("{:.3}", score.mase), &format!("repeating the last week {:.3}", score.mase_naive))?;
        row(f, "WAPE of the daily total", &percent(score.wape_total), "")?;
        row(f, "bias", &signed_percent(score.bias), "goal within ±5 %")?;
        row(f, "80 % intervals hold", &percent(score.coverage_80), "goal 77–83 %, counts make it more")?;
        row(f, "95 % intervals hold", &percent(score.coverage_95), "goal 92–98 %")?;

        let score = &self.anomaly;
        heading(f, "Anomalies")?;
        row(f, "plain to see and found", &percent(score.recall), "goal 90 % or more")?;
        for kind in &score.kinds {
            row(
                f,
                &format!("  {}", kind_title(kind.kind)),
                &format!("{} of {}", kind.found, kind.visible),
                &format!("{} planted", kind.planted),
            )?;
        }
        row(f, "false alarms a Sku and year", &format!("{:.2}", score.false_alarms_per_sku_year), "goal 1 or less")?;
        row(
            f,
            "alarms with a recorded cause",
            &format!("{:.2}", score.explained_alarms_per_sku_year),
            "a Sku and year",
        )?;
        let told = &score.told;
        row(
            f,
            "spikes and drops a day or week shows",
            &format!("{} of {}", told.seen, told.visible),
            &format!("{:.2} false a Sku and year", told.false_episodes_seen_per_sku_year),
        )?;
        row(
            f,
            "  told with the share of false ones kept",
            &format!("{} of {}", told.told, told.visible),
            &format!("{:.2} false a Sku and year", told.false_episodes_told_per_sku_year),
        )?;
        let told = score.explanations;
        row(f, "true cause named first", &format!("{} of {}", told.named, told.caused), "of alarms that have one")?;
        row(
            f,
            "no cause named",
            &format!("{} of {}", told.left_open, told.uncaused),
            "of alarms without a recorded one",
        )?;

        let score = &self.profit;
        heading(f, "Profit of 28 days, price recommendations accepted")?;
        row(f, "doing nothing", &score.doing_nothing.to_string(), "")?;
        row(f, "following advice", &score.following_advice.to_string(), &signed_percent(score.realised_gain))?;
        row(f, "knowing the truth, within ±10 %", &score.knowing_the_truth.to_string(), "")?;
        row(
            f,
            "gain without luck",
            &signed_percent(score.expected_gain),
            &format!("knowing the truth {}", signed_percent(score.expected_gain_of_truth)),
        )?;
        row(f, "recommendations", &format!("{} of {}", score.advised_skus, score.skus), "")?;
        for (title, given) in [("  raises that gain", score.raises), ("  cuts that gain", score.cuts)] {
            row(f, title, &percent(given.right), &format!("of {}, stated {}", given.given, percent(given.stated)))?;
        }
        let expected = score.expected_gain_amount;
        row(f, "their gain without luck", &expected.to_string(), &format!("stated {}", score.stated_gain_amount))
    }
}

fn elasticity(f: &mut fmt::Formatter<'_>, title: &str, score: &ElasticityScore) -> fmt::Result {
    heading(f, title)?;
    row(f, "95 % intervals hold, identified", &percent(score.coverage_95_identified), "goal 90–98 %")?;
    row(f, "95 % intervals hold, all", &percent(score.coverage_95), "goal 90–98 %")?;
    row(f, "identified", &percent(score.identified), &format!("of {} Skus", score.skus))?;
    row(
        f,
        "not identifiable and said so",
        &percent(score.unidentifiable_recognised),
        &format!("of {} Skus", score.unidentifiable_skus),
    )?;
    row(
        f,
        "mean error, identified",
        &format!("{:.3}", score.error_identified),
        &format!("the average for everyone {:.3}", score.error_of_average),
    )?;
    row(f, "bias, identified", &format!("{:+.3}", score.bias_identified), "")?;
    row(f, "mean width of intervals", &format!("{:.2}", score.width_95_identified), "identified")?;
    for (title, effect) in [("effect of promotions", score.promotion), ("effect of rivals' prices", score.rival)] {
        let held = format!("{} of {} intervals hold", percent(effect.coverage_95), effect.skus);
        row(
            f,
            title,
            &format!("error {:.3}", effect.error),
            &format!("{held}; without it {:.3}", effect.error_of_none),
        )?;
    }
    Ok(())
}

fn heading(f: &mut fmt::Formatter<'_>, title: &str) -> fmt::Result {
    writeln!(f, "\n{title}")
}

fn row(f: &mut fmt::Formatter<'_>, what: &str, value: &str, note: &str) -> fmt::Result {
    let line = format!("  {what:<36}{value:>18}  {note}");
    writeln!(f, "{}", line.trim_end())
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn signed_percent(share: f64) -> String {
    format!("{:+.1} %", share * 100.0)
}

const fn kind_title(kind: PlantedKind) -> &'static str {
    match kind {
        PlantedKind::PriceTypo => "price typos",
        PlantedKind::DemandSpike => "demand spikes",
        PlantedKind::DemandDrop => "demand drops",
        PlantedKind::ReviewSurge => "surges of bad reviews",
        PlantedKind::StockCountError => "errors of the stock count",
    }
}
