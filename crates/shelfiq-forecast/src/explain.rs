//! What a forecast is made of, in the unit of the series.

use serde::{Deserialize, Serialize};

use crate::calendar::Stamp;
use crate::drivers::{Drivers, Precedent};
use crate::history::History;
use crate::model::REGISTRY;
use crate::options::ForecastOptions;
use crate::outcome::Forecast;
use crate::season::Adjusted;
use crate::series::Series;

/// A forecast taken apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The series.
    pub id: String,
    /// One per step of the forecast, in order.
    pub steps: Vec<ExplainedStep>,
}

/// One step taken apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExplainedStep {
    /// The period.
    pub stamp: Stamp,
    /// Parts in the order level, trend, season, regressors, then the season of the year if the panel shows one and holidays
    /// if any of the steps is near one; they add up to the mean of the step.
    pub parts: Vec<Part>,
}

/// A share of a mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Where it comes from.
    pub cause: Cause,
    /// How much it adds, or takes away where below zero, in the unit of the series.
    pub amount: f64,
}

/// Where a part of a forecast comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Cause {
    /// What a period has been worth of late, seasons and regressors apart.
    Level,
    /// How far the models expect to move from there.
    Trend,
    /// The position in the season: this weekday, this month.
    Season,
    /// A regressor (a price, a promotion) that is not what it usually is.
    Regressor(String),
    /// The season of the year that the panel shares, compared with the last week.
    SeasonOfYear,
    /// A holiday, or a day near one.
    Holidays,
}

impl Explanation {
    /// The parts of the sum of all steps, in the same order.
    #[must_use]
    pub fn total(&self) -> Vec<Part> {
        let Some(first) = self.steps.first() else { return Vec::new() };
        let sum = |place: usize| self.steps.iter().map(|step| step.parts[place].amount).sum();
        let part = |(place, part): (usize, &Part)| Part { cause: part.cause.clone(), amount: sum(place) };
        first.parts.iter().enumerate().map(part).collect()
    }
}

/// Takes the means of a `forecast` of `series` apart.
///
/// The effects of regressors are those that the series' own history shows, compared with their usual values, and
/// count as far as the members of the ensemble know regressors. Joint effects of ratios are shared by logarithmic
/// means (Ang, Energy Policy 32, 2004), so that nothing is left over. What is neither level, season nor regressor is
/// the trend. A forecast without steps has an explanation without steps.
#[must_use]
pub fn explain(series: &Series, options: &ForecastOptions, forecast: &Forecast) -> Explanation {
    let steps = match History::new(series, options) {
        Some(history) => Anatomy::of(series, history, forecast).steps(forecast),
        None => Vec::new(),
    };
    Explanation { id: forecast.id.clone(), steps }
}

/// What is known of a series besides its forecast.
struct Anatomy {
    length: usize,
    level: f64,
    season: Adjusted,
    /// Effect of each regressor in each coming period: logarithms of ratios, or differences.
    effects: Vec<Vec<(String, f64)>>,
    are_ratios: bool,
    /// Share of the ensemble that knows regressors.
    knowing: f64,
}

impl Anatomy {
    fn of(series: &Series, history: History, forecast: &Forecast) -> Self {
        let horizon = forecast.steps.len();
        let length = history.values.len();
        let is_alone = |name: &str| REGISTRY.iter().any(|model| model.name() == name);
        let knowing: f64 = forecast.members.iter().filter(|m| !is_alone(&m.model)).map(|m| m.weight).sum();
        let drivers = Drivers::of(series, &history, horizon).filter(|_| knowing > 0.0);
        let mut values = history.values;
        let mut effects = vec![Vec::new(); horizon];
        if let Some(drivers) = &drivers {
            let fitted = drivers.fit(&values, history.seasons, &Precedent::default());
            values.iter_mut().enumerate().for_each(|(t, value)| *value = drivers.clean(&fitted, t, *value));
            effects = (length..length + horizon).map(|t| drivers.parts(&fitted, t)).collect();
        }
        let season = Adjusted::new(&values, history.seasons);
        // Sparse demand shows its level in months, not in weeks.
        let seasons = if history.class.is_sparse() { 8 } else { 1 };
        let recent = &season.values[season.values.len().saturating_sub((seasons * history.seasons.main).max(4))..];
        let level = recent.iter().sum::<f64>() / recent.len().max(1) as f64;
        let are_ratios = drivers.is_some_and(|drivers| drivers.is_ratio());
        Self { length, level, season, effects, are_ratios, knowing }
    }

    fn steps(&self, forecast: &Forecast) -> Vec<ExplainedStep> {
        let step = |(step, found): (usize, &crate::outcome::Step)| {
            // Of a day on which holidays leave nothing, nothing else can be told.
            let factor = |factors: &[f64]| factors.get(step).copied().filter(|factor| *factor > 0.0).unwrap_or(1.0);
            let calm = found.mean / factor(&forecast.holiday_factors);
            let usual = calm / factor(&forecast.yearly_factors);
            let mut parts = self.parts(step, usual);
            if !forecast.yearly_factors.is_empty() {
                parts.push(Part { cause: Cause::SeasonOfYear, amount: calm - usual });
            }
            if !forecast.holiday_factors.is_empty() {
                parts.push(Part { cause: Cause::Holidays, amount: found.mean - calm });
            }
            ExplainedStep { stamp: found.stamp, parts }
        };
        forecast.steps.iter().enumerate().map(step).collect()
    }

    fn parts(&self, step: usize, mean: f64) -> Vec<Part> {
        let effects = &self.effects[step];
        let joint: f64 = effects.iter().map(|(_, effect)| effect).sum();
        // The mean had regressors been as usual, and what one unit of effect adds to it.
        let (usual, unit) = if self.are_ratios {
            let factor = 1.0 + self.knowing * (joint.exp() - 1.0);
            let usual = mean / factor;
            (usual, if joint.abs() > 1e-9 { (mean - usual) / joint } else { self.knowing * usual })
        } else {
            (mean - self.knowing * joint, self.knowing)
        };
        let place = self.length + step;
        // On a day of rest the season explains everything.
        let flat = self.season.flatten(place, usual).unwrap_or(self.level);
        let parts = [(Cause::Trend, flat - self.level), (Cause::Season, usual - flat)]
            .into_iter()
            .chain(effects.iter().map(|(name, effect)| (Cause::Regressor(name.clone()), unit * effect)));
        let parts: Vec<Part> = parts.map(|(cause, amount)| Part { cause, amount }).collect();
        // The level last, so that rounding goes where it is smallest in proportion.
        let level = mean - parts.iter().map(|part| part.amount).sum::<f64>();
        std::iter::once(Part { cause: Cause::Level, amount: level }).chain(parts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Frequency};
    use crate::forecast::forecast;
    use crate::series::Regressor;

    /// A shop that sells 100 a day with a weekly round, twice as much at weekends, and half as much again on promotion.
    fn shop() -> (Series, ForecastOptions) {
        let promotion: Vec<f64> = (0..154).map(|day| f64::from(u8::from(day % 10 < 2))).collect();
        let week = [90.0, 80.0, 80.0, 90.0, 100.0, 130.0, 130.0];
        let value = |day: usize| week[day % 7] * (1.0 + 0.5 * promotion[day]) * (1.0 + 0.02 * (day as f64 * 2.3).sin());
        let calendar = Calendar::new(Stamp::parse("2024-01-01").unwrap(), Frequency::DAY);
        let series = Series::new("shop", calendar, (0..140).map(value).collect()).unwrap();
        let series = series.with_regressor(Regressor { name: "promotion".to_owned(), values: promotion }).unwrap();
        (series, ForecastOptions::for_demand(14))
    }

    #[test]
    fn parts_add_up_to_the_mean_and_name_what_is_true() {
        let (series, options) = shop();
        let forecast = forecast(&series, &options);
        let explanation = explain(&series, &options, &forecast);
        for (explained, step) in explanation.steps.iter().zip(&forecast.steps) {
            let sum: f64 = explained.parts.iter().map(|part| part.amount).sum();
            assert!((sum - step.mean).abs() < 1e-9 * step.mean, "{explained:?}");
        }
        let amount = |day: usize, cause: &Cause| {
            explanation.steps[day].parts.iter().find(|part| part.cause == *cause).unwrap().amount
        };
        let promotion = Cause::Regressor("promotion".to_owned());
        // Day 140 is a Monday on promotion, day 144 a Friday without, day 145 a Saturday.
        assert!((25.0..55.0).contains(&amount(0, &promotion)), "{}", amount(0, &promotion));
        assert!(amount(4, &promotion).abs() < 20.0, "{}", amount(4, &promotion));
        assert!((15.0..45.0).contains(&amount(5, &Cause::Season)), "{}", amount(5, &Cause::Season));
        assert!((85.0..125.0).contains(&amount(5, &Cause::Level)), "{}", amount(5, &Cause::Level));
        let total: f64 = explanation.total().iter().map(|part| part.amount).sum();
        let means: f64 = forecast.steps.iter().map(|step| step.mean).sum();
        assert!((total - means).abs() < 1e-9 * means);
    }

    #[test]
    fn nothing_observed_has_nothing_to_explain() {
        let calendar = Calendar::new(Stamp::Step(0), Frequency::STEP);
        let series = Series::new("s", calendar, vec![f64::NAN; 3]).unwrap();
        let options = ForecastOptions::for_any_series(3);
        let explanation = explain(&series, &options, &forecast(&series, &options));
        assert!(explanation.steps.is_empty() && explanation.total().is_empty());
    }
}
