"""How long the web app's main calls take on a demo shop: the first one after a start, and two hundred more, by one
client and by eight; and how many a second eight clients get that do nothing but ask. Clients run on the same cores as the
server."""

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from harness import BINARY, FULL, folder, report

CALLS = 200
CLIENTS = 8
LOAD_S = 10


class Shop:
    """A served demo shop and a signed-in client's way to it."""

    def __init__(self, process, started_s: float, login: dict):
        self.process, self.started_s = process, started_s
        self.address = urlsplit(login["SHELFIQ_URL"]).netloc
        _, body = self.call(
            self.connect(),
            "POST",
            "/auth/sign-in",
            {"email": login["SHELFIQ_EMAIL"], "password": login["SHELFIQ_PASSWORD"]},
        )
        self.token = json.loads(body)["access_token"]

    token = None

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.address, timeout=120)

    def call(self, connection, method: str, path: str, body=None) -> tuple[float, bytes]:
        """Milliseconds until the whole answer was there, and the answer. Only 200 will do."""
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        began = time.perf_counter()
        connection.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        took = 1000 * (time.perf_counter() - began)
        assert answer.status == 200, f"{method} {path}: {answer.status} {content[:500]}"
        return took, content

    def cpu_s(self) -> float:
        """CPU seconds of the server so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


@contextmanager
def serve(shop: Path, size: str):
    """Serves the demo shop of a folder; makes it first if it is not there."""
    ready = shop.with_suffix(".ready")
    ready.unlink(missing_ok=True)
    command = [
        str(BINARY),
        "demo",
        "--port",
        "0",
        "--size",
        size,
        "--data-dir",
        str(shop),
        "--ready-file",
        str(ready),
        "--quiet",
    ]
    # The limit of calls a minute is not what is measured.
    environment = {**os.environ, "SHELFIQ_RATE_LIMIT_PER_MINUTE": "10000000"}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not ready.exists():
            assert process.poll() is None, "the server did not start"
            time.sleep(0.01)
        started_s = time.perf_counter() - began
        yield Shop(process, started_s, dict(line.split("=", 1) for line in ready.read_text().splitlines()))
    finally:
        process.terminate()
        process.wait()


def calls(shop: Shop) -> dict[str, tuple]:
    """What the first pages of the web app ask, with a product and days that exist."""
    connection = shop.connect()
    best_seller = json.loads(shop.call(connection, "GET", "/products?sort=-revenue&limit=1")[1])["items"][0]
    product, price = best_seller["sku"], best_seller["price"]["amount"]
    days = json.loads(shop.call(connection, "GET", "/overview")[1])["range"]
    question = {"measures": ["net_revenue", "units", "margin"], **days, "by": "category", "compare": "previous"}
    return {
        "overview": ("GET", "/overview"),
        "products, 50 of them": ("GET", "/products?limit=50"),
        "product": ("GET", f"/products/{product}"),
        "recommendations, 50": ("GET", "/recommendations?limit=50"),
        "alerts, 50": ("GET", "/alerts?limit=50"),
        "measures by category": ("POST", "/measures/query", question),
        "forecast, 56 days": ("GET", f"/products/{product}/forecast?horizon_days=56"),
        "forecast at another price": ("GET", f"/products/{product}/forecast?price={0.9 * float(price):.2f}"),
    }


def timed(shop: Shop, call: tuple, count: int) -> list[float]:
    connection = shop.connect()
    return [shop.call(connection, *call)[0] for _ in range(count)]


def quantiles(times: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return cuts[9], cuts[18]


def under_load(shop: Shop, call: tuple) -> dict:
    """Calls a second and their latencies under as many clients as there are, by a load generator that takes little of the
    cores itself."""
    url = f"http://{shop.address}/api/v1{call[1]}"
    token = f"authorization: Bearer {shop.token}"
    command = ["wrk", "--threads", "1", "--connections", str(CLIENTS), "--duration", f"{LOAD_S}s", "--latency"]
    told = subprocess.run([*command, "--header", token, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    find = lambda pattern: re.search(pattern, told).groups()
    milliseconds = lambda number, unit: float(number) * units[unit]
    return {
        "calls_per_s": float(find(r"Requests/sec:\s+([\d.]+)")[0]),
        "p50_ms": milliseconds(*find(r"50%\s+([\d.]+)(us|ms|s)")),
        "p99_ms": milliseconds(*find(r"99%\s+([\d.]+)(us|ms|s)")),
    }


def measure(size: str):
    with folder() as place:
        home = place / "shop"
        with serve(home, size) as shop:
            made_s, asked = shop.started_s, calls(shop)
        with serve(home, size) as shop:
            time.sleep(2)
            footprint = {
                "shop": size,
                "made_and_first_run_s": made_s,
                "start_s": shop.started_s,
                "idle_mib": shop.resident_mib(),
            }
        rows = []
        for name, call in asked.items():
            with serve(home, size) as shop:
                [cold] = timed(shop, call, 1)
            # One process for all warm calls, as in a shop that is open.
            rows.append({"call": name, "cold_ms": cold})
        with serve(home, size) as shop:
            for row in rows:
                call = asked[row["call"]]
                timed(shop, call, 3)
                row["one_p50_ms"], row["one_p95_ms"] = quantiles(timed(shop, call, CALLS))
                before = shop.cpu_s()
                with ThreadPoolExecutor(CLIENTS) as clients:
                    parts = list(clients.map(lambda _: timed(shop, call, CALLS // CLIENTS), range(CLIENTS)))
                row["eight_p50_ms"], row["eight_p95_ms"] = quantiles([took for part in parts for took in part])
                row["server_cpu_ms"] = 1000 * (shop.cpu_s() - before) / CALLS
                row["kib"] = len(shop.call(shop.connect(), *call)[1]) / 1024
            footprint["after_calls_mib"] = shop.resident_mib()
            loaded = {name: call for name, call in asked.items() if call[0] == "GET"} if shutil.which("wrk") else {}
            loads = [{"call": name, **under_load(shop, call)} for name, call in loaded.items()]
    report(f"Demo shop, {size}: start and memory", [footprint])
    report(f"Demo shop, {size}: {CALLS} warm calls by 1 and by {CLIENTS} clients", rows)
    if loads:
        report(f"Demo shop, {size}: as many calls as {CLIENTS} clients can make, for {LOAD_S} s each", loads)


def main():
    for size in ["small", "medium"] if FULL else ["small"]:
        measure(size)


if __name__ == "__main__":
    main()
