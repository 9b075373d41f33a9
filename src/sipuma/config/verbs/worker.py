"""`sipuma worker`: delivers messages and keeps deadlines until stopped."""

import argparse
import os
import signal
from threading import Event


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="run every sweep once and stop")
    parser.add_argument("--with-parent", type=int, metavar="PID", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT, or until the parent given is gone."""
    from sipuma.config.verbs import web

    if (obstacle := web.not_founded()) is not None:
        print(obstacle)
        return 2
    import django

    django.setup()
    from sipuma.config.sweeps import SWEEPS, run_sweep, work

    if options.once:
        for sweep in SWEEPS:
            run_sweep(sweep)
        return 0
    stop = FollowingEvent(options.with_parent) if options.with_parent else Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(stop)
    return 0


class FollowingEvent(Event):
    """A stop signal that is also given when the parent process has gone, so that none is left behind."""

    def __init__(self, parent: int) -> None:
        super().__init__()
        self._parent = parent

    def is_set(self) -> bool:
        return super().is_set() or os.getppid() != self._parent
