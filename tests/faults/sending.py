"""A request that is on its way: its body goes out as slowly as one likes, or breaks off."""

import socket
import struct
from collections.abc import Mapping
from http.client import HTTPConnection
from types import TracebackType
from typing import Self

from tests.faults.browser import END, FILES, TIMEOUT_SECONDS, Answer, File, multipart

# Off with the line, as when a cable is pulled: no farewell, what waits to be sent is lost.
AT_ONCE = struct.pack("ii", 1, 0)


class Sending:
    """A form whose body has `length` bytes; leaving the `with` block breaks it off."""

    def __init__(self, port: int, path: str, length: int) -> None:
        self._path = path
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._connection.putrequest("POST", path)
        headers = {**FILES, "Origin": f"http://127.0.0.1:{port}", "Content-Length": str(length)}
        for name, value in headers.items():
            self._connection.putheader(name, value)
        self._connection.endheaders()

    def send(self, data: bytes) -> None:
        """Send the next bytes of the body."""
        self._connection.send(data)

    def answer(self) -> Answer:
        """Return the answer, when the body is out."""
        response = self._connection.getresponse()
        return Answer(self._path, response.status, response.getheaders(), response.read())

    def break_off(self) -> None:
        """Pull the cable; after `close`, in contrast, the server hears that nothing more comes."""
        if isinstance(self._connection.sock, socket.socket):
            self._connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self._connection.close()

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def around_a_file(fields: Mapping[str, str], name: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the bytes of the only file of a form."""
    whole, end = multipart(fields, [File(name, b"")]), b"\r\n" + END
    return whole.removesuffix(end), end
