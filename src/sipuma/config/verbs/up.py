"""`sipuma up`: web and worker together, for a machine of one's own."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sipuma.config.verbs import web

GRACE_SECONDS = 10


def add_options(parser: argparse.ArgumentParser) -> None:
    web.add_options(parser)


def run(options: argparse.Namespace) -> int:
    """Serve the pages in this process and the worker in a child, which goes when this one goes."""
    address = web.ready_address(options)
    if address is None:
        return 2
    print("The worker runs under the same user as the pages: what the worker can read, they can.", flush=True)
    with start_worker():
        web.serve(*address)
    return 0


@contextmanager
def start_worker() -> Iterator[None]:
    """Run the worker as a child for the time of a `with` block."""
    command = [sys.executable, "-m", "sipuma.config.command", "worker", "--with-parent", str(os.getpid())]
    child = subprocess.Popen(command)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
