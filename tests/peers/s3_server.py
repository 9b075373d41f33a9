"""A real S3 server for tests: OpenStack Swift with its S3 API, every part of it on loopback."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

import boto3

from tests.peers.mail_server import HOST, free_port

ACCOUNT, USER = "kantor", "sipuma"
KEY, SECRET = f"{ACCOUNT}:{USER}", "rahasia/kunci+kantor@2026"
BUCKET = "bukti"
# Small, so that a handful of objects already fills a page.
LISTED_AT_ONCE = 10
STORES = ("account", "container", "object")
START_SECONDS = 60

# Swift's own builder writes the rings: one copy of everything, on one device.
RINGS = """
import sys
from swift.common.ring import RingBuilder
device = {"id": 0, "region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1", "device": "d1"}
for argument in sys.argv[2:]:
    name, port = argument.split("=")
    builder = RingBuilder(2, 1, 0)
    builder.add_dev(device | {"port": int(port)})
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[1]}/{name}.ring.gz")
"""

SWIFT = """
[swift-hash]
swift_hash_path_prefix = sipuma
swift_hash_path_suffix = tests
"""

COMMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
devices = {folder}
mount_check = false
fallocate_reserve = 0
workers = 0
log_level = ERROR
"""

STORE = """
[pipeline:main]
pipeline = {name}-server

[app:{name}-server]
use = egg:swift#{name}
"""

PROXY = f"""
[pipeline:main]
pipeline = proxy-logging s3api tempauth bulk slo proxy-logging proxy-server

[filter:proxy-logging]
use = egg:swift#proxy_logging

[filter:s3api]
use = egg:swift#s3api
max_bucket_listing = {LISTED_AT_ONCE}

[filter:tempauth]
use = egg:swift#tempauth
user_{ACCOUNT}_{USER} = {SECRET} .admin

[filter:bulk]
use = egg:swift#bulk

[filter:slo]
use = egg:swift#slo

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""


def url(port: int, *, key: str = KEY, secret: str = SECRET, bucket: str = BUCKET) -> str:
    """Return the address for `SIPUMA_STORAGE_URL`."""
    return f"s3://{quote(key, safe='')}:{quote(secret, safe='')}@{HOST}:{port}/{bucket}?tls=0"


@contextmanager
def running() -> Iterator[int]:
    """Run a server with one empty bucket, and give the port of its S3 API.

    Raises:
        RuntimeError: it does not start; the text is what its parts last said.
    """
    folder = _folder_with_attributes()
    try:
        ports = {name: free_port() for name in (*STORES, "proxy")}
        _configure(folder, ports)
        with ExitStack() as stack:
            for name in ports:
                stack.enter_context(_process(folder, name))
            _make_bucket(folder, ports["proxy"])
            yield ports["proxy"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder_with_attributes() -> Path:
    """Swift keeps what it knows of a file in its extended attributes, which not every file system has."""
    for parent in (None, "/dev/shm"):  # noqa: S108  # a fresh folder of our own in it
        folder = Path(mkdtemp(prefix="sipuma-s3-", dir=parent))
        with suppress(OSError):
            os.setxattr(folder, "user.probe", bytes(1000))
            return folder
        folder.rmdir()
    raise RuntimeError("no file system here has extended attributes")


def _configure(folder: Path, ports: dict[str, int]) -> None:
    (folder / "d1").mkdir()
    (folder / "swift.conf").write_text(SWIFT, encoding="ascii")
    user = pwd.getpwuid(os.geteuid()).pw_name
    for name, port in ports.items():
        common = COMMON.format(port=port, user=user, folder=folder)
        own = PROXY if name == "proxy" else STORE.format(name=name)
        (folder / f"{name}.conf").write_text(common + own, encoding="ascii")
    rings = [f"{name}={ports[name]}" for name in STORES]
    subprocess.run([sys.executable, "-c", RINGS, folder, *rings], check=True, capture_output=True)


@contextmanager
def _process(folder: Path, name: str) -> Iterator[None]:
    program = Path(sys.executable).with_name(f"swift-{name}-server")
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [program, folder / f"{name}.conf"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.kill()
            process.wait()


def _make_bucket(folder: Path, port: int) -> None:
    client = boto3.client(
        "s3", endpoint_url=f"http://{HOST}:{port}", aws_access_key_id=KEY, aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )  # fmt: skip
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
        except Exception as error:
            if time.monotonic() > until:
                said = "\n".join(log.read_text(errors="replace")[-2000:] for log in folder.glob("*.log"))
                raise RuntimeError(f"{error}\n{said}") from error
            time.sleep(0.2)
        else:
            return
