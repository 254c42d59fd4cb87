//! `shelfiq anomalies FILE`

use std::collections::HashMap;

use anyhow::Context;
use chrono::Datelike;
use shelfiq_anomaly::{
    AnomalyKind, Cadence, DetectorConfig, Series, Stamps, Verdict, Wording, detect_all, readable_stamp,
};
use shelfiq_forecast::Stamp;
use shelfiq_tabular::{Columns, OutputColumn, OutputValues};

use super::{plain_file, stamps};
use crate::cli;
use crate::outcome::Outcome;

/// Decimals in reasons, at most.
const DECIMALS_MAX: usize = 4;

/// Judges every value of every series by what came before it. Rows keep their order.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(crate) fn run(asked: &cli::Anomalies) -> anyhow::Result<Outcome> {
    plain_file::check_out(&asked.out)?;
    let path = asked.file.as_deref().context("give a file, `show SKU` or `feedback`")?;
    let seasons = asked.season.map(|season| if season > 1 { vec![season] } else { Vec::new() });
    let config = DetectorConfig { seasons, ..DetectorConfig::default() };
    config.validate()?;
    let file = plain_file::read(path)?;
    let rows = Rows::read(&file)?;
    let groups = rows.by_series();
    let series: Vec<Series> = groups.iter().map(|positions| rows.series(positions)).collect();
    let found = plain_file::of_file(&file, detect_all(&series, &config))?;
    let mut judged: Vec<Option<Judged>> = vec![None; rows.y.len()];
    for ((positions, series), verdicts) in groups.iter().zip(&series).zip(found) {
        let words = Words::of(series);
        for ((place, position), verdict) in positions.iter().enumerate().zip(verdicts) {
            judged[*position] = Some(Judged { verdict, reason: words.sentence(series, place, &verdict) });
        }
    }
    plain_file::write(&asked.out, &columns(&rows, &judged))
}

/// The table as it stands in the file.
struct Rows {
    unique_id: Vec<String>,
    ds: Vec<Stamp>,
    y: Vec<Option<f64>>,
}

#[derive(Clone)]
struct Judged {
    verdict: Verdict,
    reason: String,
}

impl Rows {
    fn read(file: &Columns) -> anyhow::Result<Self> {
        Ok(Self { unique_id: plain_file::texts(file, "unique_id")?, ds: stamps::read(file)?, y: file.numbers("y")? })
    }

    /// Positions of the rows of each series, in the order in which the series first appear.
    fn by_series(&self) -> Vec<Vec<usize>> {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (position, id) in self.unique_id.iter().enumerate() {
            let place = *places.entry(id).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[place].push(position);
        }
        groups
    }

    fn series(&self, positions: &[usize]) -> Series {
        let steps: Option<Vec<i64>> = positions
            .iter()
            .map(|position| if let Stamp::Step(step) = self.ds[*position] { Some(step) } else { None })
            .collect();
        let time = |position: &usize| match self.ds[*position] {
            Stamp::Time(time) => time,
            Stamp::Date(date) => date.and_time(chrono::NaiveTime::MIN),
            Stamp::Step(_) => chrono::NaiveDateTime::default(),
        };
        Series {
            id: self.unique_id[positions[0]].clone(),
            stamps: steps.map_or_else(|| Stamps::Times(positions.iter().map(time).collect()), Stamps::Steps),
            values: positions.iter().map(|position| self.y[*position].unwrap_or(f64::NAN)).collect(),
        }
    }
}

/// How a series is talked about.
struct Words {
    decimals: usize,
    is_daily: bool,
}

impl Words {
    fn of(series: &Series) -> Self {
        let written = |value: &f64| format!("{value}").split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let decimals =
            series.values.iter().filter(|value| value.is_finite()).map(written).max().unwrap_or(0).min(DECIMALS_MAX);
        Self { decimals, is_daily: Cadence::of(&series.stamps).seasons().first() == Some(&7) }
    }

    fn sentence(&self, series: &Series, place: usize, verdict: &Verdict) -> String {
        const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let (when, day) = match &series.stamps {
            Stamps::Times(times) => {
                (readable_stamp(times[place]), Some(DAYS[times[place].weekday().num_days_from_monday() as usize]))
            }
            Stamps::Steps(steps) => (format!("step {}", steps[place]), None),
        };
        let season = day.filter(|_| self.is_daily);
        Wording { after_value: "", when: &when, season, decimals: self.decimals }
            .sentence(series.values[place], verdict)
    }
}

fn columns(rows: &Rows, judged: &[Option<Judged>]) -> Vec<OutputColumn> {
    let verdicts = || judged.iter().map(|judged| judged.as_ref().map(|judged| judged.verdict));
    let band =
        |pick: fn(&Verdict) -> Option<f64>| OutputValues::Number(verdicts().map(|verdict| pick(&verdict?)).collect());
    let kinds = verdicts().map(|verdict| Some(verdict?.kind.map_or("", AnomalyKind::as_str).to_owned()));
    vec![
        OutputColumn::new("unique_id", OutputValues::Text(rows.unique_id.iter().cloned().map(Some).collect())),
        stamps::column(&rows.ds),
        OutputColumn::new("y", OutputValues::Number(rows.y.clone())),
        OutputColumn::new("expected", band(|verdict| Some(verdict.band?.expected))),
        OutputColumn::new("lo", band(|verdict| Some(verdict.band?.lo))),
        OutputColumn::new("hi", band(|verdict| Some(verdict.band?.hi))),
        OutputColumn::new("score", band(|verdict| Some(verdict.score))),
        OutputColumn::new(
            "is_anomaly",
            OutputValues::Boolean(verdicts().map(|verdict| Some(verdict?.is_anomaly())).collect()),
        ),
        OutputColumn::new("kind", OutputValues::Text(kinds.collect())),
        OutputColumn::new(
            "reason",
            OutputValues::Text(judged.iter().map(|judged| Some(judged.as_ref()?.reason.clone())).collect()),
        ),
    ]
}
