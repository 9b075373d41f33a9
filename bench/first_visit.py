"""How many bytes a first visit costs over the wire, headers included; whether any script is among them."""

import gzip
import re
import socket
from pathlib import Path

from bench.report import Line, Say
from tests.faults.installation import founded

PAGES = ("/", "/lapor/", "/prosedur/")
LIMIT_BYTES = 20_000
STYLE = re.compile(rb'<link rel="stylesheet" href="([^"]+)"')


def measure(folder: Path, database_url: str, say: Say) -> None:
    """Fetch each page and its style sheet as a browser with an empty cache does."""
    with founded(folder / "visit", database_url) as installation, installation.serving() as web:
        for path in PAGES:
            page = _fetch(web.port, path)
            styles = [_fetch(web.port, href.decode()) for href in STYLE.findall(_html(page))]
            size = len(page) + sum(map(len, styles))
            scripts = _html(page).count(b"<script")
            figure = f"{size:,} bytes, {scripts} scripts"
            bound = f"page {len(page):,}, style sheet {size - len(page):,}"
            met = size <= LIMIT_BYTES and not scripts and bool(styles)
            say(Line(f"first visit to {path}", figure, "<= 20 kB, 0", met, bound))


def _html(answer: bytes) -> bytes:
    """Return an answer's body as it was before it was compressed; pages without secrets are."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body


def _fetch(port: int, path: str) -> bytes:
    """Return everything that comes over the wire for one address."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Accept-Encoding: gzip, br\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.encode())
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)
