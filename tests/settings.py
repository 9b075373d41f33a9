"""Settings of the tests: the product's own, in a data folder that vanishes, with quick passwords."""

import atexit
import os
import shutil
import tempfile

if "SIPUMA_DATA" not in os.environ:
    os.environ["SIPUMA_DATA"] = folder = tempfile.mkdtemp(prefix="sipuma-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ.setdefault("SIPUMA_ARGON_MEMORY_KIB", "1024")

from sipuma.config.settings import *
