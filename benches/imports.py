"""How long from half a million order lines in a CSV file to tables that answer, beside Polars writing typed Parquet."""

import csv
import gzip
import io
import shutil
from pathlib import Path

import polars as pl
from harness import data, folder, peer, report, shelfiq

EXPECTED = {"lines": 541_909, "invoices": 25_900, "customers": 4_372, "net": 9_747_747.934}
TOTALS = """select count(*) as lines, count(distinct order_id) as invoices, count(distinct customer_id) as customers,
    sum(quantity * unit_price) as net from order_lines"""


def with_polars(source: Path, target: Path) -> dict:
    """The same typed columns and mark on repeated lines, as one Parquet file; then the totals from that file."""
    lines = pl.read_csv(
        source, schema_overrides={"InvoiceNo": pl.String, "StockCode": pl.String, "CustomerID": pl.Int64}
    )
    lines = lines.with_columns(
        pl.col("InvoiceDate").str.to_datetime("%m/%d/%Y %H:%M"),
        pl.col("UnitPrice").cast(pl.Decimal(18, 4)),
        is_duplicate=~pl.struct(pl.all()).is_first_distinct(),
    )
    lines.write_parquet(target)
    totals = pl.scan_parquet(target).select(
        lines=pl.len(),
        invoices=pl.col("InvoiceNo").n_unique(),
        customers=pl.col("CustomerID").drop_nulls().n_unique(),
        net=(pl.col("Quantity") * pl.col("UnitPrice")).sum().cast(pl.Float64),
        duplicates=pl.col("is_duplicate").sum(),
    )
    return totals.collect().row(0, named=True)


def main():
    [packed] = data("uci_online_retail/online_retail.csv.gz")
    with folder() as place:
        source = place / "online_retail.csv"
        with gzip.open(packed) as reader, open(source, "wb") as writer:
            shutil.copyfileobj(reader, writer)
        shop = place / "shop"
        ours, _ = shelfiq("import", source, "--currency", "GBP", "--data-dir", shop, "--json", "--quiet", ok=(0, 4))
        asked, text = shelfiq("sql", TOTALS, "--format", "csv", "--data-dir", shop)
        totals = next(csv.DictReader(io.StringIO(text)))
        theirs, their_totals = peer(with_polars, source, place / "lines.parquet")
    for name, value in EXPECTED.items():
        for whose, found in (("shelfiq", totals), ("Polars", their_totals)):
            assert abs(float(found[name]) - value) < 0.0005, f"{whose}: {name} is {found[name]}, not {value}"
    rows = [
        {"what": "shelfiq import: log, raw, processed and curated tables", **ours.__dict__},
        {"what": "shelfiq sql: the four totals, process start included", **asked.__dict__},
        {"what": "Polars: typed Parquet, repeated lines marked", **theirs.__dict__},
    ]
    for row in rows:
        row["lines_per_s"] = EXPECTED["lines"] / row["wall_s"]
    report("UCI Online Retail, 541,909 lines; totals as published", rows)


if __name__ == "__main__":
    main()
