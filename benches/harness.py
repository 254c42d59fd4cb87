"""What every benchmark needs: data or a loud skip, the cost of a run, a table, a line of results."""

import dataclasses
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SHELFIQ_DATA") or ROOT / "../shared/data").resolve()
BINARY = os.environ.get("SHELFIQ_BINARY") or Path.home() / ".cache/shelfiq/target/release/shelfiq"
FULL = "--full" in sys.argv


@dataclasses.dataclass
class Cost:
    """What a run took. CPU counts all threads; the peak is resident memory."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def data(*names: str) -> list[Path]:
    """Files below the data folder. Ends the benchmark, loudly, if one is absent."""
    for name in names:
        if not (DATA / name).exists():
            print(f"SKIPPED {Path(sys.argv[0]).stem}: there is no {name} in {DATA} (SHELFIQ_DATA)", flush=True)
            sys.exit(0)
    return [DATA / name for name in names]


@contextmanager
def folder():
    """A folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="shelfiq-bench-") as name:
        yield Path(name)


def shelfiq(*arguments, ok=(0,)) -> tuple[Cost, str]:
    """Runs the binary; its cost and what it wrote. Any other exit code than `ok` ends the benchmark."""
    command = [str(BINARY), *map(str, arguments)]
    with folder() as place:
        # `time` starts small: a child of this process would inherit its peak of memory.
        watch = ["/usr/bin/time", "--quiet", "--format", "%e %U %S %M", "--output", str(place / "cost")]
        child = subprocess.run(watch + command, stdout=subprocess.PIPE, text=True)
        wall, user, system, peak_kib = map(float, (place / "cost").read_text().split())
    if child.returncode not in ok:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}")
    return Cost(wall, user + system, peak_kib / 1024), child.stdout


def peer(function, *arguments) -> tuple[Cost, object]:
    """Runs a function of a peer in a process of its own; its cost without starting and importing, and its answer."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_measure, args=(there, function, arguments))
    child.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        sys.exit(f"the peer {function.__name__} failed")
    finally:
        child.join()


def _measure(there, function, arguments):
    def cpu():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    began, cpu_before = time.perf_counter(), cpu()
    answer = function(*arguments)
    wall, used = time.perf_counter() - began, cpu() - cpu_before
    status = Path("/proc/self/status").read_text().splitlines()
    peak_kib = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    there.send((Cost(wall, used, peak_kib / 1024), answer))


def table(title: str, rows: list[dict]) -> None:
    """Prints rows with the keys of the first as header."""
    header = list(rows[0])
    cells = [header] + [[_shown(row.get(name)) for name in header] for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(header))]
    print(f"\n{title}")
    for line in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    sys.stdout.flush()


def _shown(value) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 100 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def save(what: str, rows: list[dict]) -> None:
    """Appends one line with the figures, and what they were measured on, to results/<benchmark>.jsonl."""
    line = {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "data": what,
        "full": FULL,
        "commit": _commit(),
        "machine": _machine(),
        "figures": rows,
    }
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    with open(results / f"{Path(sys.argv[0]).stem}.jsonl", "a") as file:
        file.write(json.dumps(line) + "\n")


def report(what: str, rows: list[dict]) -> None:
    """Prints the table and saves it."""
    table(what, rows)
    save(what, rows)


def _commit() -> str:
    ask = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=10"]
    return subprocess.run(ask, capture_output=True, text=True).stdout.strip()


def _machine() -> dict:
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    memory_kib = int(open("/proc/meminfo").readline().split()[1])
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kib / 2**20, 1),
        "system": platform.platform(),
        # Above the number of benchmark threads, somebody else was working too.
        "load": round(os.getloadavg()[0], 1),
    }
