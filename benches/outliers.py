"""How well and how fast `shelfiq outliers` ranks unusual rows, beside scikit-learn's isolation forest. Nobody sees labels.
Two tables: files in, files out, as a user runs it; and the brains alone, on a table in memory and row by row."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from harness import data, folder, peer, report, shelfiq
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score

TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or Path.home() / ".cache/shelfiq/target")
EXAMPLE = TARGET / "release/examples/outliers"
SINGLE_ROWS = 50


def tables() -> dict[str, tuple[pl.DataFrame, np.ndarray | None]]:
    """Tables of numbers with the rows that are unusual by what they are, where that is known."""
    visits_file, lines_file = data(
        "online_shoppers/online_shoppers_intention.csv.gz", "uci_online_retail/online_retail.parquet"
    )
    visits = pl.read_csv(visits_file)
    codes = ["OperatingSystems", "Browser", "Region", "TrafficType"]
    behaviour = visits.select(pl.selectors.numeric()).drop(codes)
    # The customary test of one-class methods: benign samples, and a tenth of malignant ones.
    samples = load_breast_cancer()
    benign, malignant = samples.data[samples.target == 1], samples.data[samples.target == 0][:40]
    cells = pl.DataFrame(
        np.vstack([benign, malignant]), schema=[name.replace(" ", "_") for name in samples.feature_names]
    )
    order = pl.col("InvoiceDate").dt
    lines = pl.read_parquet(lines_file).select("Quantity", "UnitPrice", hour=order.hour(), weekday=order.weekday())
    return {
        "breast cancer (scikit-learn), 40 of 397 malignant": (
            cells,
            np.r_[np.zeros(len(benign)), np.ones(len(malignant))],
        ),
        "online shoppers, 15.5 % of visits buy": (behaviour, visits["Revenue"].to_numpy()),
        "UCI order lines, 4 numbers": (lines, None),
    }


def with_sklearn(source: Path, target: Path) -> np.ndarray:
    """Reads the file, fits, scores, writes, as ours does."""
    rows = pl.read_csv(source)
    scores = -IsolationForest(random_state=1).fit(rows.to_numpy()).score_samples(rows.to_numpy())
    rows.with_columns(score=scores).write_csv(target)
    return scores


def sklearn_alone(rows: np.ndarray) -> dict:
    """Fits and scores the whole table, then rows one by one."""
    before = time.process_time()
    forest = IsolationForest(random_state=1).fit(rows)
    scores = -forest.score_samples(rows)
    bulk_cpu_s = time.process_time() - before
    began = time.perf_counter()
    for row in rows[:SINGLE_ROWS]:
        forest.score_samples(row.reshape(1, -1))
    single_row_us = (time.perf_counter() - began) * 1e6 / min(SINGLE_ROWS, len(rows))
    return {"scores": scores, "bulk_cpu_s": bulk_cpu_s, "single_row_us": single_row_us}


def ours_alone(rows: np.ndarray) -> dict:
    """The crate `shelfiq-anomaly`, by its example."""
    with folder() as place:
        table, scores = place / "table", place / "scores"
        table.write_bytes(rows.astype("<f8").tobytes(order="F"))
        run = subprocess.run([EXAMPLE, table, str(rows.shape[1]), scores], capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stderr)
        return {"scores": np.fromfile(scores, "<f8"), **json.loads(run.stdout)}


def alone(name: str, rows: np.ndarray) -> list[dict]:
    """Both brains on one table in memory, and how alike they rank its rows."""
    ours, (_, theirs) = ours_alone(rows), peer(sklearn_alone, rows)
    rank = lambda scores: pl.Series(scores).rank()
    alike = float(np.corrcoef(rank(ours["scores"]), rank(theirs["scores"]))[0, 1])
    return [
        {
            "data": name,
            "rows": len(rows),
            "columns": rows.shape[1],
            "who": who,
            "bulk_cpu_s": found["bulk_cpu_s"],
            "single_row_us": found["single_row_us"],
            "rank_correlation": alike,
        }
        for who, found in (("shelfiq", ours), ("IsolationForest", theirs))
    ]


def main():
    rows, in_memory = [], []
    for name, (numbers, unusual) in tables().items():
        with folder() as place:
            source, out = place / "rows.csv", place / "out.csv"
            numbers.write_csv(source)
            ours, _ = shelfiq("outliers", source, "--out", out)
            found = pl.read_csv(out, infer_schema_length=None)
            theirs, their_scores = peer(with_sklearn, source, place / "theirs.csv")
        in_memory += alone(name, numbers.to_numpy().astype(float))
        for who, cost, scores in (
            ("shelfiq", ours, found["score"].to_numpy()),
            ("IsolationForest", theirs, their_scores),
        ):
            row = {
                "data": name,
                "rows": len(numbers),
                "columns": numbers.width,
                "who": who,
                "auc": None,
                "average_precision": None,
            }
            if unusual is not None:
                row |= {
                    "auc": roc_auc_score(unusual, scores),
                    "average_precision": average_precision_score(unusual, scores),
                }
            rows.append({**row, **cost.__dict__})
    report("Outliers of tables, from file to file", rows)
    in_memory += alone("normal numbers", np.random.default_rng(1).normal(size=(100_000, 10)))
    report("Outliers of tables in memory", in_memory)


if __name__ == "__main__":
    main()
