"""Price elasticities beside ordinary least squares with fixed effects (statsmodels), on the same rows."""

import warnings

import polars as pl
import statsmodels.formula.api as smf
from harness import data, folder, peer, report, shelfiq

# One of the week × type effects follows from the others; the slope does not depend on which.
warnings.filterwarnings("ignore", message=".*rank-deficient.*")


def ours(rows: pl.DataFrame, *arguments) -> dict:
    """The row for the whole population of `shelfiq elasticity`, and what it says of single series."""
    with folder() as place:
        source, out = place / "rows.csv", place / "out.csv"
        rows.write_csv(source)
        cost, _ = shelfiq("elasticity", source, *arguments, "--out", out)
        found = pl.read_csv(out)
    whole = found.filter(pl.col("unique_id") == "(all)").row(0, named=True)
    single = found.filter(pl.col("unique_id") != "(all)")
    return {
        "elasticity": whole["elasticity"],
        "low_95": whole["lo-95"],
        "high_95": whole["hi-95"],
        "series": len(single),
        "identified": int(single["identified"].sum()),
        "cpu_s": cost.cpu_s,
    }


def fit(rows, formula: str) -> tuple[float, float, float]:
    """The slope on `log(price)` with its interval, errors robust to unequal variance."""
    model = smf.ols(formula, rows).fit(cov_type="HC1")
    return model.params["log_price"], *model.conf_int().loc["log_price"]


def least_squares(rows: pl.DataFrame, formula: str) -> dict:
    logs = rows.with_columns(log_price=pl.col("price").log(), log_quantity=pl.col("quantity").log())
    cost, (slope, low, high) = peer(fit, logs.to_pandas(), formula)
    return {
        "elasticity": slope,
        "low_95": low,
        "high_95": high,
        "series": rows["unique_id"].n_unique(),
        "cpu_s": cost.cpu_s,
    }


def cheese() -> list[dict]:
    """The file has no dates: rows of a retailer are taken as successive weeks."""
    [file] = data("cheese/cheese.csv.gz")
    rows = pl.read_csv(file).select(unique_id="RETAILER", price="PRICE", quantity="VOLUME", display="DISP")
    rows = rows.with_columns(ds=pl.int_range(pl.len()).over("unique_id"))
    return [
        {"data": "cheese", "who": "shelfiq, display as control", **ours(rows, "--controls", "display")},
        {
            "data": "cheese",
            "who": "OLS, retailer effects, display",
            **least_squares(rows, "log_quantity ~ log_price + display + C(unique_id)"),
        },
    ]


def cigarettes() -> list[dict]:
    """Prices and incomes in money of one year. The cross-section is one market, the panel a market for each state."""
    [file] = data("cigarettes_sw/CigarettesSW.csv.gz")
    panel = pl.read_csv(file).select(
        unique_id="state",
        ds=pl.date("year", 1, 1),
        year="year",
        price=pl.col("price") / pl.col("cpi"),
        quantity="packs",
        log_income=(pl.col("income") / pl.col("population") / pl.col("cpi")).log(),
    )
    last = panel.filter(pl.col("year") == 1995).with_columns(unique_id=pl.lit("US"), ds=pl.int_range(pl.len()))
    columns = ["unique_id", "ds", "price", "quantity", "log_income"]
    return [
        {
            "data": "cigarettes 1995",
            "who": "shelfiq, income as control",
            **ours(last.select(columns), "--controls", "log_income"),
        },
        {
            "data": "cigarettes 1995",
            "who": "OLS, income",
            **least_squares(last, "log_quantity ~ log_price + log_income"),
        },
        {
            "data": "cigarettes 1985, 1995",
            "who": "shelfiq, income as control",
            **ours(panel.select(columns), "--controls", "log_income"),
        },
        {
            "data": "cigarettes 1985, 1995",
            "who": "OLS, state and year effects, income",
            **least_squares(panel, "log_quantity ~ log_price + log_income + C(unique_id) + C(year)"),
        },
    ]


def avocado() -> list[dict]:
    """All 54 geographies, as in the reference; they overlap, so intervals of both are too narrow."""
    [file] = data("avocado/avocado.csv.gz")
    rows = pl.read_csv(file, try_parse_dates=True).select(
        unique_id=pl.col("geography") + "|" + pl.col("type"),
        ds="date",
        price="average_price",
        quantity="total_volume",
        type="type",
    )
    return [
        {"data": "avocado", "who": "shelfiq, grouped by type", **ours(rows, "--group", "type")},
        {
            "data": "avocado",
            "who": "OLS, series effects",
            **least_squares(rows, "log_quantity ~ log_price + C(unique_id)"),
        },
        {
            "data": "avocado",
            "who": "OLS, series and week × type effects",
            **least_squares(rows, "log_quantity ~ log_price + C(unique_id) + C(ds):C(type)"),
        },
    ]


def main():
    rows = [*cheese(), *cigarettes(), *avocado()]
    rows[0].setdefault("identified", None)
    report("Elasticities of whole populations", rows)


if __name__ == "__main__":
    main()
