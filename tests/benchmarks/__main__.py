"""``make bench``: the design's figures, each with its bar, its limit and its peers, measured in the same run.

``python -m tests.benchmarks --only run nation --share 0.1`` measures a part.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import (
    bench_change,
    bench_derivation,
    bench_import,
    bench_nation,
    bench_page,
    bench_run,
    bench_what_if,
)
from tests.benchmarks.measuring import Table

PARTS = ("run", "nation", "derivation", "change", "what-if", "import", "page")


def main() -> None:
    """Measure what is asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--share", type=float, default=1.0, help="part of the nation's kommuner, for a quick run")
    parser.add_argument("--rows", type=int, default=bench_import.ROWS, help="rows of the import")
    given = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "run" in given.only:
            bench_run.measure(table, folder)
        if "derivation" in given.only:
            bench_derivation.measure(table, folder)
        if "change" in given.only:
            bench_change.measure(table, folder)
        if "what-if" in given.only:
            bench_what_if.measure(table, folder)
        if "nation" in given.only:
            bench_nation.measure(table, folder, given.share)
        if "import" in given.only:
            bench_import.measure(table, folder, given.rows)
        if "page" in given.only:
            bench_page.measure(table, folder)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} processors, load {load}\n\n{table.text()}")
    sys.exit(any(one.holds is False for one in table.figures))


if __name__ == "__main__":
    main()
