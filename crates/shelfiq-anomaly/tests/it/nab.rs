//! The Numenta Anomaly Benchmark, by its own scoring rule and standard profile (Lavin and Ahmad, Evaluating real-time
//! anomaly detection algorithms, ICMLA 2015), over the files at hand.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use shelfiq_anomaly::{DetectorConfig, Series, Stamps, detect_all};

/// Weight of a false alarm in the standard profile; a window found or missed weighs one.
const FALSE_ALARM_WEIGHT: f64 = 0.11;
/// The first share of a file, or of this many rows if it is longer, is not scored.
const PROBATION: (f64, usize) = (0.15, 5_000);

#[test]
fn the_benchmark_of_numenta_is_passed_as_well_as_recorded() {
    let folder = data().join("nab");
    if !folder.exists() {
        eprintln!("SKIPPED the Numenta Anomaly Benchmark, {} is missing: set SHELFIQ_DATA", folder.display());
        return;
    }
    let files = load(&folder);
    let series: Vec<Series> = files.iter().map(|file| file.series.clone()).collect();
    let verdicts = detect_all(&series, &DetectorConfig::default()).unwrap();
    let (mut sum, mut windows, mut alarms_without_anomaly) = (0.0, 0, 0);
    for (file, verdicts) in files.iter().zip(&verdicts) {
        let rows = verdicts.len();
        let first = (PROBATION.0 * rows.min(PROBATION.1) as f64) as usize;
        let alarms: Vec<usize> = (first..rows).filter(|row| verdicts[*row].is_anomaly()).collect();
        windows += file.windows.len();
        sum += score(&alarms, &file.windows);
        if file.windows.is_empty() {
            alarms_without_anomaly += alarms.len();
        }
    }
    // 0 is what a detector gets that never rings, 100 a perfect one.
    let normalised = 100.0 * (sum + windows as f64) / (2.0 * windows as f64);
    eprintln!("NAB, standard profile, {} files: {normalised:.1}", files.len());
    assert!(normalised > 46.0, "{normalised}");
    assert!(alarms_without_anomaly <= 8, "{alarms_without_anomaly} alarms where there is no anomaly");
}

/// The raw score of one file: the earliest alarm in a window counts the more the earlier it comes, a missed window
/// costs one, and a false alarm the more the further it lies behind the last window.
fn score(alarms: &[usize], windows: &[(usize, usize)]) -> f64 {
    let found = windows.iter().map(|(start, end)| {
        let first = alarms.iter().find(|row| (start..=end).contains(row));
        first.map_or(-1.0, |row| falling(-((end - row + 1) as f64) / (end - start + 1) as f64) / falling(-1.0))
    });
    let is_outside = |row: &&usize| !windows.iter().any(|(start, end)| (start..=end).contains(row));
    let false_alarms = alarms.iter().filter(is_outside).map(|row| {
        let behind = windows.iter().rfind(|(_, end)| end < row);
        FALSE_ALARM_WEIGHT
            * behind.map_or(-1.0, |(start, end)| falling((row - end) as f64 / (end - start).max(1) as f64))
    });
    found.sum::<f64>() + false_alarms.sum::<f64>()
}

/// From 1 well before the end of a window over 0 at its end to −1 well behind it.
fn falling(position: f64) -> f64 {
    if position > 3.0 { -1.0 } else { 2.0 / (1.0 + (5.0 * position).exp()) - 1.0 }
}

struct Labelled {
    series: Series,
    /// First and last row of each labelled window.
    windows: Vec<(usize, usize)>,
}

#[expect(clippy::disallowed_methods, reason = "where the real data lie is a matter of the machine")]
fn data() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::var_os("SHELFIQ_DATA").map_or_else(|| workspace.join("../shared/data"), |folder| workspace.join(folder))
}

fn load(folder: &Path) -> Vec<Labelled> {
    let labels = fs::read_to_string(folder.join("labels/combined_windows.json")).unwrap();
    let labels: BTreeMap<String, Vec<(String, String)>> = serde_json::from_str(&labels).unwrap();
    let paths = labels.keys().map(|name| (name, folder.join("data").join(format!("{name}.gz"))));
    paths.filter(|(_, path)| path.exists()).map(|(name, path)| labelled(name, &path, &labels[name])).collect()
}

fn labelled(name: &str, path: &Path, windows: &[(String, String)]) -> Labelled {
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split_once(',').unwrap());
    let (times, values): (Vec<_>, Vec<f64>) =
        rows.map(|(time, value)| (read(time), value.parse::<f64>().unwrap())).unzip();
    let windows = windows.iter().map(|(start, end)| {
        let first = times.iter().position(|time| *time >= read(start)).unwrap();
        (first, times.iter().rposition(|time| *time <= read(end)).unwrap())
    });
    let windows = windows.collect();
    Labelled { series: Series { id: name.to_owned(), stamps: Stamps::Times(times), values }, windows }
}

fn read(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(&text[..19], "%Y-%m-%d %H:%M:%S").unwrap()
}
