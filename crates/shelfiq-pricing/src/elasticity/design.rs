//! The regressors of one series besides its own price, and what is expected of them.

use std::f64::consts::TAU;

use crate::elasticity::comparison::Comparison;
use crate::elasticity::history::History;
use crate::elasticity::promotion;
use crate::panel::TimeAxis;

/// A regressor that has to be taken into account before price can be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Nuisance {
    /// Straight line from −1 to 1 over the history.
    Trend,
    /// Sine or cosine of the time of the year: 0..4.
    YearWave(u8),
    /// Flag of a weekday: 0..7.
    Weekday(u8),
    /// Demand of the other series of the group in the same period.
    GroupDemand,
    /// Price of the other series of the group in the same period.
    GroupPrice,
    /// How far a period was on an offer that nobody recorded.
    SuspectedPromotion,
    /// A control of the panel.
    Control(usize),
}

/// What a coefficient is expected to be before the series is looked at: normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Expectation {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
}

impl Nuisance {
    /// Weak expectations for a first look: everything a shop could show fits within two standard deviations.
    pub(crate) fn first_expectation(self) -> Expectation {
        let (mean, sd) = match self {
            Self::Trend => (0.0, 1.0),
            Self::YearWave(_) | Self::Weekday(_) => (0.0, 0.5),
            Self::GroupDemand => (1.0, 0.5),
            Self::GroupPrice => (0.0, 1.0),
            Self::SuspectedPromotion => return promotion::FIRST,
            Self::Control(_) => (0.0, 2.0),
        };
        Expectation { mean, sd }
    }
}

/// The regressors of one series. Rows are its usable periods; columns are 1, log price, then the nuisances.
#[derive(Debug, Clone)]
pub(crate) struct Design {
    pub(crate) nuisances: Vec<Nuisance>,
    /// Column with sampling error, and a series that varies as this error does.
    pub(crate) uncertain: Option<(usize, Vec<f64>)>,
    columns: usize,
    cells: Vec<f64>,
}

/// Column of the constant.
pub(crate) const CONSTANT: usize = 0;
/// Column of the own log price.
pub(crate) const PRICE: usize = 1;
/// Column of the first nuisance.
pub(crate) const FIRST_NUISANCE: usize = 2;

/// Seasons of the year are only told apart from trend after this long.
const YEAR_WAVES_FROM_DAYS: i32 = 540;
const YEAR_WAVES: u8 = 4;

impl Design {
    pub(crate) fn of(history: &History, time: TimeAxis, comparison: Option<&Comparison>) -> Self {
        Self::with(history, time, comparison, YEAR_WAVES)
    }

    /// Without what series may share: the time of the year and the group.
    pub(crate) fn of_its_own(history: &History, time: TimeAxis) -> Self {
        Self::with(history, time, None, 0)
    }

    /// For the oracle, whose models know nothing but the price.
    #[cfg(all(test, feature = "oracle"))]
    pub(crate) fn of_price_alone(history: &History) -> Self {
        let cells = history.log_price.iter().flat_map(|&log_price| [1.0, log_price]).collect();
        Self { nuisances: Vec::new(), uncertain: None, columns: FIRST_NUISANCE, cells }
    }

    fn with(history: &History, time: TimeAxis, comparison: Option<&Comparison>, year_waves: u8) -> Self {
        let span_days = history.days.last().zip(history.days.first()).map_or(0, |(last, first)| last - first);
        let calendar = time == TimeAxis::CalendarDays;
        let is_daily =
            calendar && history.days.windows(2).filter(|pair| pair[1] - pair[0] <= 3).count() * 2 > history.len();
        let mut nuisances = Vec::new();
        if span_days > 0 {
            nuisances.push(Nuisance::Trend);
        }
        if calendar && span_days >= YEAR_WAVES_FROM_DAYS {
            nuisances.extend((0..year_waves).map(Nuisance::YearWave));
        }
        if is_daily {
            nuisances.extend((0..7).map(Nuisance::Weekday));
        }
        if comparison.is_some() {
            nuisances.extend([Nuisance::GroupDemand, Nuisance::GroupPrice]);
        }
        if history.suspected_promotion.is_some() {
            nuisances.push(Nuisance::SuspectedPromotion);
        }
        nuisances.extend((0..history.controls.len()).map(Nuisance::Control));

        let columns = FIRST_NUISANCE + nuisances.len();
        let mut cells = Vec::with_capacity(columns * history.len());
        for period in 0..history.len() {
            cells.extend([1.0, history.log_price[period]]);
            cells.extend(nuisances.iter().map(|&nuisance| value(nuisance, history, comparison, period)));
        }
        let uncertain = comparison.and_then(|comparison| {
            let index = nuisances.iter().position(|&nuisance| nuisance == Nuisance::GroupDemand)?;
            Some((FIRST_NUISANCE + index, comparison.demand_error.clone()))
        });
        Self { nuisances, uncertain, columns, cells }
    }

    /// Column of a nuisance, if the design has it.
    pub(crate) fn column_of(&self, nuisance: Nuisance) -> Option<usize> {
        self.nuisances.iter().position(|&it| it == nuisance).map(|index| FIRST_NUISANCE + index)
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// All rows in one, period by period.
    pub(crate) fn cells(&self) -> &[f64] {
        &self.cells
    }

    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.cells.chunks_exact(self.columns)
    }
}

fn value(nuisance: Nuisance, history: &History, comparison: Option<&Comparison>, period: usize) -> f64 {
    let day = history.days[period];
    match nuisance {
        Nuisance::Trend => {
            let (first, last) = (history.days[0], history.days[history.len() - 1]);
            2.0 * f64::from(day - first) / f64::from(last - first) - 1.0
        }
        Nuisance::YearWave(wave) => {
            let angle = TAU * f64::from(day) / 365.25 * f64::from(wave / 2 + 1);
            if wave % 2 == 0 { angle.sin() } else { angle.cos() }
        }
        Nuisance::Weekday(weekday) => f64::from(u8::from(day.rem_euclid(7) == i32::from(weekday))),
        Nuisance::SuspectedPromotion => history.suspected_promotion.as_ref().map_or(0.0, |column| column[period]),
        Nuisance::Control(index) => history.controls[index][period],
        Nuisance::GroupDemand => comparison.map_or(0.0, |comparison| comparison.demand[period]),
        Nuisance::GroupPrice => comparison.map_or(0.0, |comparison| comparison.price[period]),
    }
}
