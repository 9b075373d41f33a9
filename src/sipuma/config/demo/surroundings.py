"""The environment of a demo, fixed before Django reads it; what an operator has set stays."""

import os
from pathlib import Path

WIDE = {
    "SIPUMA_FILINGS_PER_HOUR": "12000",
    "SIPUMA_TRACKINGS_PER_MINUTE": "200",
    "SIPUMA_MINIMUM_SECONDS": "0",
    "SIPUMA_ARGON_MEMORY_KIB": "19456",
}


def set_surroundings() -> Path:
    """Set wide limits and ways out that end in files; return the data folder."""
    data = Path(os.environ.get("SIPUMA_DATA", "data")).absolute()
    ways_out = {
        "SIPUMA_EMAIL_URL": (data / "mail").as_uri(),
        "SIPUMA_SMS_URL": (data / "sms.jsonl").as_uri(),
    }
    os.environ["SIPUMA_DATA"] = str(data)
    os.environ["SIPUMA_DEMO"] = "1"
    for name, value in (WIDE | ways_out).items():
        if f"{name}_FILE" not in os.environ:
            os.environ.setdefault(name, value)
    return data
