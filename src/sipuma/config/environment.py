"""What an operator can set: every `SIPUMA_…` variable, each also as `SIPUMA_…_FILE`."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SIPUMA_"


class Environment(BaseSettings):
    """One field is one variable; the table in `docs/guide.md` is written from the descriptions."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    # fmt: off
    data: Path = Field(Path("data"), description="folder of the database, secrets and static files")
    database_url: str = Field("", description="SQLite in the data folder, or postgresql://…")
    storage_url: str = Field(
        "", repr=False, description="evidence: `files` in the data folder, file:///folder, or s3://…"
    )
    clamav: str = Field("", description="virus scanner: unix:/run/clamav/clamd.ctl or tcp://host:3310")
    clamav_max_bytes: int = Field(
        100 * 1024**2, gt=0, description="longest file that the scanner takes: clamd’s StreamMaxLength"
    )
    email_url: str = Field("", description="smtp://user:password@host:587?tls=starttls, or file:///folder")
    email_from: str = Field("sipuma@localhost", description="sender of every mail")
    sms_url: str = Field("", description="address of the SMS gateway, or file:///file.jsonl; empty: no SMS")
    sms_body: str = Field("", description="template of the gateway's form body, with {to} and {text}")
    sms_headers: str = Field("", description="headers for the gateway, one `Name: value` a line")
    delivery_lease_seconds: int = Field(
        180, gt=0, description="after so long another worker takes over a message that one had in hand"
    )
    base_url: str = Field("http://127.0.0.1:8000", description="the address that people type")
    allowed_hosts: str = Field("", description="further host names, separated by commas")
    host: str = Field("127.0.0.1", description="address that the web process listens on")
    port: int = Field(8000, description="port that the web process listens on")
    web_workers: int = Field(1, description="processes that answer requests")
    trusted_proxies: int = Field(0, description="how many proxies in front add X-Forwarded-For")
    demo: bool = Field(False, description="says on every page that this is a sample")
    secret_key: str = Field("", description="overrides the key in the secrets folder")
    organisation_key: str = Field("", description="pinned verify key of the organisation, in hex")
    filings_per_hour: int = Field(20, description="filings that one source may send in an hour")
    trackings_per_minute: int = Field(20, description="tracking tries that one source may make in a minute")
    uploads_per_hour: int = Field(60, description="forms with files that one source may send in an hour")
    max_files: int = Field(10, gt=0, description="files that one form may bring")
    max_file_bytes: int = Field(2 * 1024**3, gt=0, description="largest file that is taken, in bytes")
    minimum_seconds: int = Field(3, description="a form sent faster than this was not typed by a person")
    argon_memory_kib: int = Field(131072, description="memory of one password check, in KiB")
    exit_url: str = Field("https://www.google.com/", description="where the quick exit leads")
    emblem: str = Field("", description="address of the office's emblem on this site: /emblem.svg")
    wise_url: str = Field(
        "",
        pattern="^(file:///.+)?$",
        description="where packages for WISE go: file:///folder; empty: handed over by the PYB",
    )
    profile: Literal["kep154", "per13"] = Field(
        "kep154", description="rules followed: kep154, or per13 (identity required, T1 to WISE alone)"
    )
    lapse: str = Field("system", description="who closes a case after 14 days: system or confirm")
    # fmt: on

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"


def read_environment() -> Environment:
    """Read `SIPUMA_X_FILE` into `SIPUMA_X` where the plain variable is not set, then everything else.

    Raises:
        SystemExit: a value can't be; it names the variable and never repeats the value, which may be secret.
    """
    for name, path in list(os.environ.items()):
        if name.startswith(PREFIX) and name.endswith("_FILE"):
            os.environ.setdefault(name.removesuffix("_FILE"), _content(name, Path(path)))
    try:
        return Environment()
    except ValidationError as error:
        wrong = [f"{PREFIX}{problem['loc'][0]}".upper() + f": {problem['msg']}" for problem in error.errors()]
        raise SystemExit("\n".join(wrong)) from None


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SystemExit(f"{name}: {path} can't be read ({error.strerror})") from None
