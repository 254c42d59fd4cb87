"""Our trees beside LightGBM: the same tables, the same parameters, one thread."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import lightgbm
import numpy as np
import polars as pl
from harness import FULL, ROOT, folder, peer, report
from panels import avocado, uci

TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or Path.home() / ".cache/shelfiq/target")
EXAMPLE = TARGET / "release/examples/boosting"
TREES, LEAVES, RATE = 300, 31, 0.05
NAMES = {"squared": "regression", "absolute": "regression_l1", "poisson": "poisson", "tweedie": "tweedie", "quantile": "quantile"}
SINGLE_ROWS = 2000


def synthetic(rows: int = 85_000, columns: int = 34) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of many kinds, some of them missing, that explain a positive target in part."""
    dice = np.random.default_rng(2024)
    table = dice.normal(size=(rows, columns))
    table[:, 10:16] = dice.integers(0, 12, size=(rows, 6))
    table[:, 16:20] = dice.random((rows, 4)) < 0.1
    table[:, 20:24] = np.exp(table[:, 20:24])
    table[:, 24:28][dice.random((rows, 4)) < 0.3] = np.nan
    known = lambda column: np.nan_to_num(table[:, column])
    score = 0.5 * table[:, 0] * table[:, 1] - np.abs(table[:, 2]) + 0.1 * table[:, 10] + table[:, 16] * table[:, 3]
    score += np.log(table[:, 20]) * 0.3 + known(24) * 0.4 + np.sin(2 * table[:, 4])
    return table, np.exp(0.4 * score) * dice.gamma(2.0, 0.5, rows)


def lagged(panel, lags: list[int], windows: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """A table of lags, moving means and columns known ahead, in the order of time; the target is the value."""
    past = lambda lag: pl.col("y").shift(lag).over("unique_id").alias(f"lag{lag}")
    mean = lambda window: pl.col("y").shift(1).rolling_mean(window).over("unique_id").alias(f"mean{window}")
    rows = pl.concat([panel.past, panel.future], how="diagonal").sort("unique_id", "ds")
    known = [pl.col(name).cast(pl.Float64) for name in panel.known if rows[name].dtype.is_numeric()]
    dates = [pl.col("ds").dt.month().alias("month"), pl.col("ds").dt.weekday().alias("weekday")]
    rows = rows.with_columns(*map(past, lags), *map(mean, windows), *dates)
    rows = rows.filter(pl.col(f"lag{max(lags)}").is_not_null()).sort("ds", "unique_id")
    columns = [f"lag{lag}" for lag in lags] + [f"mean{window}" for window in windows] + ["month", "weekday"]
    names = [column.meta.output_name() for column in known]
    return rows.select(columns + names).cast(pl.Float64).to_numpy(), rows["y"].cast(pl.Float64).to_numpy()


def with_lightgbm(train, target, test, objective: str, number: float | None) -> dict:
    """LightGBM's own timing, answers included."""
    options = {"objective": NAMES[objective], "num_leaves": LEAVES, "learning_rate": RATE, "num_threads": 1, "verbose": -1}
    options |= {"tweedie_variance_power": number} if objective == "tweedie" else {}
    options |= {"alpha": number} if objective == "quantile" else {}
    cpu = time.process_time()
    booster = lightgbm.train(options, lightgbm.Dataset(train, target), num_boost_round=TREES)
    train_cpu_s = time.process_time() - cpu
    answers = booster.predict(test, num_threads=1)
    began = time.perf_counter()
    for row in test[:SINGLE_ROWS]:
        booster.predict(row.reshape(1, -1), num_threads=1)
    single_row_us = (time.perf_counter() - began) * 1e6 / min(SINGLE_ROWS, len(test))
    began = time.perf_counter()
    booster.predict(test, num_threads=1)
    batch_row_us = (time.perf_counter() - began) * 1e6 / len(test)
    cost = {"train_cpu_s": train_cpu_s, "single_row_us": single_row_us, "batch_row_us": batch_row_us}
    return {"answers": answers, **cost, "trees": booster.num_trees()}


def with_ours(train, target, test, objective: str, number: float | None) -> dict:
    """The crate `shelfiq-boost`, by its example."""
    with folder() as place:
        table, answers = place / "table", place / "answers"
        ends = np.concatenate([target, np.zeros(len(test))])
        whole = np.column_stack([np.concatenate([train, test]), ends]).astype("<f8")
        table.write_bytes(whole.tobytes(order="F"))
        words = [table, answers, len(train), len(test), train.shape[1], TREES, LEAVES, RATE, objective]
        words += [number] if number is not None else []
        environment = os.environ | {"RAYON_NUM_THREADS": "1"}
        run = subprocess.run([EXAMPLE, *map(str, words)], env=environment, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stderr)
        return {"answers": np.fromfile(answers, "<f8"), **json.loads(run.stdout)}


def error(answers, actual, objective: str, number: float | None) -> float:
    """Mean loss of the objective; squared errors as their root."""
    gap = actual - answers
    if objective == "absolute":
        return np.abs(gap).mean()
    if objective == "quantile":
        return np.maximum(number * gap, (number - 1) * gap).mean()
    return np.sqrt((gap**2).mean())


def compare(name: str, table: np.ndarray, target: np.ndarray, objectives: list[tuple]) -> None:
    """Trains on the first four fifths, answers for the rest."""
    cut = len(table) * 4 // 5
    rows = []
    for objective, number in objectives:
        parts = (table[:cut], target[:cut], table[cut:], objective, number)
        _, theirs = peer(with_lightgbm, *parts)
        ours = with_ours(*parts)
        for who, found in (("shelfiq-boost", ours), ("LightGBM", theirs)):
            score = float(error(found["answers"], target[cut:], objective, number))
            costs = {key: found[key] for key in ("train_cpu_s", "single_row_us", "batch_row_us", "trees")}
            rows.append({"table": f"{cut:,} × {table.shape[1]}", "objective": objective, "who": who, "error": score, **costs})
    report(name, rows)


def main():
    if not EXAMPLE.exists():
        sys.exit(f"bench: there is no {EXAMPLE}: cargo build --release -p shelfiq-boost --example boosting")
    some = [("squared", None), ("absolute", None), ("poisson", None), ("tweedie", 1.3), ("quantile", 0.9)]
    # 106,250 rows, so that 85,000 are trained on.
    compare("Synthetic, 34 columns", *synthetic(106_250), some)
    lags, windows = [1, 2, 3, 4, 5, 6, 8, 13, 26, 52], [4, 13, 26, 52]
    compare("Avocado, next week by lags and price", *lagged(avocado(), lags, windows), some if FULL else some[:2])
    days = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28]
    compare("UCI daily, next day by lags", *lagged(uci("1d"), days, [7, 28]), some if FULL else some[2:4])


if __name__ == "__main__":
    main()
