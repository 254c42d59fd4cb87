"""Best prices beside SciPy and beside trying every cent, on random problems with limits."""

import numpy as np
import polars as pl
from harness import FULL, folder, peer, report, shelfiq
from scipy.optimize import minimize, minimize_scalar

PROBLEMS = 10_000 if FULL else 1_000
COST_WEIGHT = {"revenue": 0.0, "balanced": 0.5, "margin": 1.0}


def problems(seed: int, count: int, stock: str) -> pl.DataFrame:
    """Problems that have an answer: prices around 5 to 200, both limits, half of them with a margin floor."""
    rng = np.random.default_rng(seed)
    price = np.exp(rng.uniform(np.log(5), np.log(200), count)).round(2)
    rows = pl.DataFrame(
        {
            "unique_id": [f"sku-{number}" for number in range(count)],
            "price": price,
            "cost": (price * rng.uniform(0.2, 0.8, count)).round(2),
            "elasticity": rng.uniform(-4.5, -0.3, count),
            "elasticity_sd": rng.uniform(0.05, 0.6, count),
            "baseline_quantity": np.exp(rng.uniform(0, 7, count)),
            "min_price": (price * rng.uniform(0.5, 0.95, count)).round(2),
            "max_price": (price * rng.uniform(1.05, 2.0, count)).round(2),
            "min_margin": np.where(rng.random(count) < 0.5, rng.uniform(0.05, 0.2, count).round(2), np.nan),
        }
    ).with_columns(pl.col("min_margin").fill_nan(None))
    if stock == "scarce":
        # Certain about the elasticity: SciPy's problem knows only the best guess, and doubt matters where stock cuts demand.
        units = rows["baseline_quantity"] * rng.uniform(0.3, 2.0, count)
        rows = rows.with_columns(stock=units, elasticity_sd=pl.lit(0.0))
    return rows


def limits(row: dict) -> tuple[float, float]:
    floor = row["cost"] / (1 - row["min_margin"]) if row["min_margin"] is not None else 0.0
    return max(row["min_price"], floor), row["max_price"]


def earned(row: dict, weight: float, price):
    demand = row["baseline_quantity"] * (price / row["price"]) ** row["elasticity"]
    return (price - weight * row["cost"]) * np.minimum(demand, row.get("stock") or np.inf)


def every_cent(rows: list[dict], weight: float) -> list[float]:
    def best(row: dict) -> float:
        lo, hi = limits(row)
        cents = np.arange(np.ceil(lo * 100 - 1e-7), np.floor(hi * 100 + 1e-7) + 1) / 100
        return float(cents[np.argmax(earned(row, weight, cents))])

    return [best(row) for row in rows]


def bounded(rows: list[dict], weight: float) -> list[float]:
    def best(row: dict) -> float:
        return float(minimize_scalar(lambda p: -earned(row, weight, p), bounds=limits(row), method="bounded").x)

    return [best(row) for row in rows]


def slsqp(rows: list[dict], weight: float) -> list[float]:
    def best(row: dict) -> float:
        scale = abs(earned(row, weight, row["price"])) or 1.0
        goal = lambda p: -earned(row, weight, p[0]) / scale  # noqa: E731
        return float(minimize(goal, [row["price"]], bounds=[limits(row)], method="SLSQP").x[0])

    return [best(row) for row in rows]


def ours(rows: pl.DataFrame, objective: str) -> tuple[object, list[float]]:
    with folder() as place:
        source, out = place / "prices.csv", place / "out.csv"
        rows.write_csv(source)
        cost, _ = shelfiq("optimize", source, "--objective", objective, "--out", out)
        found = pl.read_csv(out)["recommended_price"].cast(pl.Float64)
    return cost, found.fill_null(np.nan).to_list()


def judged(who: str, cost, rows: list[dict], weight: float, prices: list[float], best: list[float]) -> dict:
    """Gaps in per cent of the best cent, and prices outside their limits (a tenth of a cent is rounding)."""
    gaps, broken = [], 0
    for row, price, reference in zip(rows, prices, best):
        lo, hi = limits(row)
        broken += not lo - 1e-3 <= price <= hi + 1e-3
        most = earned(row, weight, reference)
        gaps.append(100 * (most - earned(row, weight, price)) / abs(most))
    return {
        "who": who,
        "mean_gap_pct": float(np.mean(gaps)),
        "worst_gap_pct": float(np.max(gaps)),
        "over_0.1_pct": int(np.sum(np.array(gaps) > 0.1)),
        "outside": broken,
        "cpu_s": cost.cpu_s,
    }


def compared(seed: int, stock: str) -> list[dict]:
    lines = []
    for objective, weight in COST_WEIGHT.items():
        table = problems(seed, PROBLEMS, stock)
        rows = table.to_dicts()
        rows = [row for row in rows if limits(row)[0] <= limits(row)[1]]
        table = table.filter(pl.col("unique_id").is_in([row["unique_id"] for row in rows]))
        cost, prices = ours(table, objective)
        tried_cost, best = peer(every_cent, rows, weight)
        answers = [("shelfiq", cost, prices), ("every cent, numpy", tried_cost, best)]
        answers += [(name, *peer(solver, rows, weight)) for name, solver in [("minimize_scalar", bounded), ("SLSQP", slsqp)]]
        start = {"objective": objective, "stock": stock, "problems": len(rows)}
        lines += [start | judged(who, cost, rows, weight, prices, best) for who, cost, prices in answers]
    return lines


def main():
    report("Best prices of random problems", [*compared(7, "plenty"), *compared(8, "scarce")])


if __name__ == "__main__":
    main()
