"""Settings of the tests: the product's own, in a data folder that vanishes, with quick passwords."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "SIPUMA_TESTS_FOLDER" not in os.environ:
    os.environ["SIPUMA_TESTS_FOLDER"] = folder = tempfile.mkdtemp(prefix="sipuma-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
# Each test process has a data folder of its own, so that they do not share secrets or files.
data = Path(os.environ["SIPUMA_TESTS_FOLDER"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
data.mkdir(exist_ok=True)
os.environ["SIPUMA_DATA"] = str(data)
os.environ.setdefault("SIPUMA_ARGON_MEMORY_KIB", "1024")
os.environ.setdefault("SIPUMA_EMAIL_URL", (data / "mail").as_uri())
os.environ.setdefault("SIPUMA_SMS_URL", (data / "sms.jsonl").as_uri())
os.environ.setdefault("SIPUMA_MINIMUM_SECONDS", "0")
os.environ.setdefault("SIPUMA_FILINGS_PER_HOUR", "0")
os.environ.setdefault("SIPUMA_TRACKINGS_PER_MINUTE", "0")
os.environ.setdefault("SIPUMA_UPLOADS_PER_HOUR", "0")

from sipuma.config.settings import *

DATABASES["default"]["TEST"] = {
    "NAME": str(data / "test.sqlite3") if "sqlite" in DATABASES["default"]["ENGINE"] else None
}
