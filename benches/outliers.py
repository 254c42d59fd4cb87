"""How well and how fast `shelfiq outliers` ranks unusual rows, beside scikit-learn's isolation forest. Nobody sees labels."""

from pathlib import Path

import numpy as np
import polars as pl
from harness import data, folder, peer, report, shelfiq
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score


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


def main():
    rows = []
    for name, (numbers, unusual) in tables().items():
        with folder() as place:
            source, out = place / "rows.csv", place / "out.csv"
            numbers.write_csv(source)
            ours, _ = shelfiq("outliers", source, "--out", out)
            found = pl.read_csv(out, infer_schema_length=None)
            theirs, their_scores = peer(with_sklearn, source, place / "theirs.csv")
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
    report("Outliers of tables", rows)


if __name__ == "__main__":
    main()
