"""What a machine may forbid to a test. A program that is missing makes the tests fail instead."""

import shutil

import pytest

from sipuma.files import sandbox

needs_sandbox = pytest.mark.skipif(
    shutil.which("bwrap") is not None and not sandbox.works(),
    reason="this machine lets nobody make a sandbox",
)
