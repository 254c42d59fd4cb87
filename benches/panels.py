"""The series that forecasts are measured on: each held-out end is what a forecaster must not see."""

import dataclasses
from datetime import timedelta

import polars as pl
from harness import data


@dataclasses.dataclass
class Panel:
    """Series with `unique_id, ds, y`; `future` holds the held-out end, `known` the columns known in advance, `country`
    whose holidays daily series keep."""

    name: str
    horizon: int
    season: int
    frequency: str | int
    past: pl.DataFrame
    future: pl.DataFrame
    known: list[str] = dataclasses.field(default_factory=list)
    country: str = "GB"

    def every(self, step: int) -> "Panel":
        """Every so-manieth series, for a quick look."""
        kept = self.past["unique_id"].unique().sort()[::step].implode()
        part = lambda rows: rows.filter(pl.col("unique_id").is_in(kept))
        return dataclasses.replace(self, past=part(self.past), future=part(self.future))

    def without_known(self) -> "Panel":
        """The same series without what is known in advance."""
        return dataclasses.replace(self, known=[])


def competition(name: str, file: str) -> list[Panel]:
    """M1, M3, M4 hourly: one panel for each period, split as the competition did."""
    past, future = (pl.read_parquet(path) for path in data(f"{file}_train.parquet", f"{file}_test.parquet"))
    panels = []
    for (period, horizon, season), part in past.group_by("period", "h", "season_length", maintain_order=True):
        ids = part["unique_id"].unique().implode()
        columns = ["unique_id", "ds", "y"]
        ends = future.filter(pl.col("unique_id").is_in(ids)).select(columns)
        panels.append(
            Panel(f"{name} {period.lower()}".removesuffix(" hourly"), horizon, season, 1, part.select(columns), ends)
        )
    return panels


def aus_retail() -> Panel:
    """Monthly turnover; the last year is held out."""
    [file] = data("aus_retail/aus_retail.parquet")
    rows = pl.read_parquet(file).select(unique_id="Series ID", ds="Month", y="Turnover")
    return _cut("Australian retail", rows, rows["ds"].max() - timedelta(days=350), 12, 12, "MS")


def avocado() -> Panel:
    """Weekly units by city and type with the price, without the regions that hold the cities; eight weeks are held out."""
    regions = [
        "California",
        "Great Lakes",
        "Midsouth",
        "Northeast",
        "Plains",
        "South Central",
        "Southeast",
        "West",
        "Total U.S.",
    ]
    [file] = data("avocado/avocado.csv.gz")
    rows = pl.read_csv(file, try_parse_dates=True).filter(~pl.col("geography").is_in(regions))
    # Three weeks are dated on a Monday, one of them a day after the Sunday before it: a week has one row.
    sunday = pl.col("date") - pl.duration(days=pl.col("date").dt.weekday() % 7)
    rows = rows.select(
        unique_id=pl.col("geography") + "|" + pl.col("type"),
        ds=sunday,
        y="total_volume",
        price="average_price",
        type="type",
    ).unique(["unique_id", "ds"], keep="first", maintain_order=True)
    return _cut("Avocado", rows, rows["ds"].max() - timedelta(weeks=8), 8, 52, "W-SUN", ["price", "type"])


def stallion() -> Panel:
    """Monthly volume with prices and discounts; the last half year is held out."""
    [file] = data("stallion/stallion.csv.gz")
    prices = ["price_regular", "price_actual", "discount"]
    rows = pl.read_csv(file, try_parse_dates=True)
    rows = rows.select(
        pl.col("timeseries").cast(pl.String).alias("unique_id"),
        pl.col("date").alias("ds"),
        pl.col("volume").alias("y"),
        *prices,
    )
    return _cut("Stallion", rows, rows["ds"].max() - timedelta(days=170), 6, 12, "MS", prices)


def uci(every: str) -> Panel:
    """Units sold per Sku and day (`1d`, four weeks held out) or week (`1w`, eight held out), with zeros since its start.

    Skus are article codes that begin with five digits; cancellations, free lines and repeated lines do not count. A Sku
    has four weeks of history at least, since some peers answer nothing for less than a season.
    """
    [file] = data("uci_online_retail/online_retail.parquet")
    lines = pl.read_parquet(file).unique(maintain_order=True)
    lines = lines.filter(
        ~pl.col("InvoiceNo").str.starts_with("C"),
        pl.col("Quantity") > 0,
        pl.col("UnitPrice") > 0,
        pl.col("StockCode").str.contains(r"^\d{5}"),
    ).with_columns(unique_id=pl.col("StockCode").str.to_uppercase(), ds=pl.col("InvoiceDate").dt.date())
    # Whole weeks from Saturday to Friday, since the data end on a Friday.
    end = lines["ds"].max()
    days = 7 if every == "1w" else 1
    lines = lines.with_columns(
        ds=pl.lit(end) - pl.duration(days=(pl.lit(end) - pl.col("ds")).dt.total_days() // days * days)
    )
    sold = lines.group_by("unique_id", "ds").agg(y=pl.col("Quantity").sum())
    first = sold.group_by("unique_id").agg(first=pl.col("ds").min())
    grid = first.with_columns(ds=pl.date_ranges("first", pl.lit(end), every)).explode("ds").drop("first")
    rows = grid.join(sold, on=["unique_id", "ds"], how="left").with_columns(pl.col("y").fill_null(0).cast(pl.Float64))
    name, frequency, horizon, season = ("UCI weekly", "W-FRI", 8, 1) if every == "1w" else ("UCI daily", "D", 28, 7)
    last_known = end - timedelta(days=days * horizon)
    rows = rows.filter(pl.col("ds").min().over("unique_id") <= last_known - timedelta(weeks=4))
    return _cut(name, rows, last_known, horizon, season, frequency)


def _cut(name, rows, last_known, horizon, season, frequency, known=()) -> Panel:
    """Rows up to a day are the past; series without a past, or that end before the others, drop out."""
    rows = rows.sort("unique_id", "ds")
    past, future = rows.filter(pl.col("ds") <= last_known), rows.filter(pl.col("ds") > last_known)
    whole = future.group_by("unique_id").len().filter(pl.col("len") == horizon)["unique_id"]
    ids = past.filter(pl.col("unique_id").is_in(whole.implode()))["unique_id"].unique().implode()
    part = lambda some: some.filter(pl.col("unique_id").is_in(ids))
    return Panel(name, horizon, season, frequency, part(past), part(future), list(known))
