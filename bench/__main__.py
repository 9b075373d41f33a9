"""Measures everything, prints one line a figure; SQLite, or the database of SIPUMA_DATABASE_URL."""

import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from bench import deadlines, evidence, first_visit, footprint, queue_page, search, throughput
from bench.load import load
from bench.report import print_line


def main() -> int:
    """Run every part in a folder that vanishes; 0 whether targets are reached or not."""
    address, began = os.environ.get("SIPUMA_DATABASE_URL", ""), time.monotonic()
    kind = address.partition(":")[0] or "sqlite"
    print(f"{kind}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="sipuma-bench-") as name, load() as clients:
        folder = Path(name)
        throughput.measure(folder, address, clients, print_line)
        footprint.measure(folder, address, clients, print_line)
        first_visit.measure(folder, address, print_line)
        queue_page.measure(folder, address, print_line)
        search.measure(folder, address, print_line)
        deadlines.measure(folder, address, print_line)
        evidence.measure(folder, address, print_line)
    print(f"{time.monotonic() - began:.0f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
