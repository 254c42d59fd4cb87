"""How well `shelfiq anomalies` finds labelled anomalies, by the rule of the Numenta Anomaly Benchmark, beside that
benchmark's windowed Gaussian. Series that hold no anomaly count false alarms."""

import json
import math

import numpy as np
import polars as pl
from harness import data, folder, peer, report, shelfiq
from scipy.stats import norm

# Profiles of NAB: the weight of a false alarm and of a missed window; a window found is worth 1.
PROFILES = {"standard": (0.11, 1.0), "few false alarms": (0.22, 1.0), "few misses": (0.055, 2.0)}
# Rows at the start of a series from which a detector may learn: this share, of 5,000 rows at most.
PROBATION = 0.15


def corpus() -> list[tuple[str, pl.DataFrame, list[tuple[int, int]]]]:
    """Files of NAB with `timestamp, value` and the first and last row of each labelled window."""
    home, labels = data("nab/data", "nab/labels/combined_windows.json")
    windows = json.loads(labels.read_text())
    files = []
    for path in sorted(home.glob("*/*.csv.gz")):
        name = f"{path.parent.name}/{path.name.removesuffix('.gz')}"
        rows = pl.read_csv(path).with_columns(pl.col("timestamp").str.to_datetime())
        place = {str(when): index for index, when in reversed(list(enumerate(rows["timestamp"])))}
        # Labels write microseconds.
        spans = [tuple(place[when.split(".")[0]] for when in window) for window in windows[name]]
        files.append((name, rows, spans))
    return files


def sigmoid_value(position: float) -> float:
    """Worth of an alarm by its place: 1 at the left edge of a window (-1), 0 at its right edge, -1 far behind."""
    return -1.0 if position >= 3 else 2 / (1 + math.exp(5 * position)) - 1


def worth(count: int, windows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Worth of an alarm at every row, and the row's window, -1 outside and -2 in probation."""
    value, inside = np.full(count, -1.0), np.full(count, -1)
    for number, (first, last) in enumerate(windows):
        width = last - first + 1
        after = windows[number + 1][0] if number + 1 < len(windows) else count
        for row in range(first, last + 1):
            value[row], inside[row] = sigmoid_value(-(last - row + 1) / width) / sigmoid_value(-1), number
        for row in range(last + 1, after):
            value[row] = sigmoid_value((row - last) / (width - 1))
    inside[: math.floor(min(PROBATION * count, PROBATION * 5000))] = -2
    return value, inside


def nab_score(files, alarms: list[np.ndarray], profile: str) -> float:
    """0 is a detector that never speaks, 100 one that finds every window at once and raises no false alarm."""
    false_weight, miss_weight = PROFILES[profile]
    total = windows_in_all = 0.0
    for (_, rows, windows), alarm in zip(files, alarms):
        value, inside = worth(len(rows), windows)
        total += false_weight * value[alarm & (inside == -1)].sum()
        for number in set(inside[inside >= 0]):
            hits = value[alarm & (inside == number)]
            total += hits.max() if len(hits) else -miss_weight
            windows_in_all += 1
    silent = -miss_weight * windows_in_all
    return 100 * (total - silent) / (windows_in_all - silent)


def best_threshold(files, scores: list[np.ndarray], profile: str) -> float:
    """NAB's rule: the one threshold that serves the whole corpus best, found on the very labels."""
    candidates = np.unique(np.quantile(np.concatenate(scores), 1 - np.geomspace(1e-5, 0.05, 200)))
    return max(candidates, key=lambda cut: nab_score(files, [score >= cut for score in scores], profile))


def windowed_gaussian(values: list[np.ndarray], window: int) -> list[np.ndarray]:
    """NAB's simple baseline: how far out a value lies among the values before it, as a normal probability."""
    found = []
    for series in values:
        scores = np.zeros(len(series))
        for row in range(1, len(series)):
            past = series[max(0, row - window) : row]
            scores[row] = 1 - 2 * norm.sf(abs(series[row] - past.mean()) / (past.std() or 1e-6))
        found.append(scores)
    return found


def with_shelfiq(files):
    """All series as one table; their verdicts and scores."""
    with folder() as place:
        source, out = place / "series.parquet", place / "out.parquet"
        parts = [
            rows.select(unique_id=pl.lit(name), ds="timestamp", y=pl.col("value").cast(pl.Float64))
            for name, rows, _ in files
        ]
        pl.concat(parts).write_parquet(source)
        cost, _ = shelfiq("anomalies", source, "--out", out)
        found = pl.read_parquet(out).partition_by("unique_id", maintain_order=True)
    return (
        cost,
        [part["score"].fill_null(0).to_numpy() for part in found],
        [part["is_anomaly"].to_numpy() for part in found],
    )


def line(files, who, alarms, cost) -> dict:
    quiet = [(rows, alarm) for (_, rows, windows), alarm in zip(files, alarms) if not windows]
    found = sum(
        bool(alarm[first : last + 1].any()) for (_, _, windows), alarm in zip(files, alarms) for first, last in windows
    )
    return {
        "detector": who,
        **{f"NAB, {profile}": nab_score(files, alarms, profile) for profile in PROFILES},
        "windows_found": found,
        "alarms": int(sum(alarm.sum() for alarm in alarms)),
        "per_1000_quiet_rows": 1000 * sum(alarm.sum() for _, alarm in quiet) / sum(len(rows) for rows, _ in quiet),
        "cpu_s": cost.cpu_s,
    }


def main():
    files = corpus()
    ours, scores, verdicts = with_shelfiq(files)
    values = [rows["value"].to_numpy() for _, rows, _ in files]
    # The window that NAB tuned for this baseline.
    theirs, their_scores = peer(windowed_gaussian, values, 1000)
    rows = [line(files, "shelfiq, its own verdicts", verdicts, ours)]
    for who, scored, cost in (("shelfiq", scores, ours), ("windowed Gaussian", their_scores, theirs)):
        cut = best_threshold(files, scored, "standard")
        rows.append(line(files, f"{who}, best threshold {cut:.6g}", [score >= cut for score in scored], cost))
    windows = sum(len(spans) for _, _, spans in files)
    points = sum(len(rows) for _, rows, _ in files)
    report(f"NAB, {len(files)} files, {points:,} points, {windows} windows", rows)


if __name__ == "__main__":
    main()
