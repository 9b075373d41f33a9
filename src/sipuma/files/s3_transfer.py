"""One object on its way over S3: up in parts, down by ranges; and what S3's errors are called here."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sipuma.files.store import Unavailable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Client = Any  # boto3 makes the class when it is asked for a client: there is no type to name
PART = 8 * 2**20
RANGE_TRIES = 3
CODE = re.compile(r"[A-Za-z0-9]{1,60}")


class Upload:
    """An object on its way: one request when it is smaller than a part, else a part whenever one is full."""

    def __init__(self, client: Client, where: dict[str, str]) -> None:
        self._client, self._where = client, where
        self._waiting = bytearray()
        self._parts: list[dict[str, str | int]] = []
        self._upload: dict[str, str] = {}
        self._over = False

    def write(self, data: bytes) -> None:
        self._check_open()
        left = memoryview(data)
        while left:
            room = PART - len(self._waiting)
            self._waiting += left[:room]
            left = left[room:]
            if len(self._waiting) == PART:
                self._send_part()

    def commit(self) -> None:
        self._check_open()
        if not self._upload:
            with told():
                self._client.put_object(**self._where, Body=bytes(self._waiting))
        else:
            if self._waiting:
                self._send_part()
            with told():
                self._client.complete_multipart_upload(
                    **self._where, **self._upload, MultipartUpload={"Parts": self._parts}
                )
        self._end()

    def abort(self) -> None:
        if self._over:
            return
        self._end()
        if self._upload:
            with suppress(Unavailable), told():
                self._client.abort_multipart_upload(**self._where, **self._upload)

    def _send_part(self) -> None:
        with told():
            if not self._upload:
                begun = self._client.create_multipart_upload(**self._where)
                self._upload = {"UploadId": begun["UploadId"]}
            number = len(self._parts) + 1
            sent = self._client.upload_part(
                **self._where, **self._upload, PartNumber=number, Body=bytes(self._waiting)
            )
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        self._waiting.clear()

    def _check_open(self) -> None:
        if self._over:
            raise ValueError("this object is committed or aborted")

    def _end(self) -> None:
        self._over = True
        self._waiting.clear()


class Ranges(RawIOBase):
    """An object read by ranges, one request for each; a `BufferedReader` in front reads ahead."""

    def __init__(self, client: Client, where: dict[str, str], size: int, version: str) -> None:
        # Should another object take the name meanwhile, reading fails rather than mixing the two.
        self._client, self._where = client, where | {"IfMatch": version}
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("a file has nothing before its beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        target = memoryview(buffer).cast("B")
        wanted = max(0, min(len(target), self._size - self._at))
        target[:wanted] = self._fetch(wanted)
        self._at += wanted
        return wanted

    def readall(self) -> bytes:
        content = self._fetch(max(0, self._size - self._at))
        self._at += len(content)
        return content

    def _fetch(self, length: int) -> bytes:
        """Return so many bytes from where the file stands; an answer that breaks off is asked for again.

        Raises:
            Unavailable: the storage can't or won't, or it knows no ranges.
        """
        if not length:
            return b""
        with told():
            for _ in range(RANGE_TRIES):
                if (content := self._range(length)) is not None:
                    return content
        raise Unavailable("the storage breaks off in the middle of an answer")

    def _range(self, length: int) -> bytes | None:
        last = self._at + length - 1
        answer = self._client.get_object(**self._where, Range=f"bytes={self._at}-{last}")
        with closing(answer["Body"]) as body:
            if answer["ContentLength"] != length:
                raise Unavailable("the storage sent another range than was asked for")
            try:
                content: bytes = body.read()
            except BotoCoreError:
                return None
        return content


@contextmanager
def told() -> Iterator[None]:
    """Turn S3's errors into `Unavailable`, without their texts and traces: those can hold the key's name."""
    try:
        yield
    except ClientError as error:
        raise Unavailable(f"the storage answered {code_of(error)}") from None
    except BotoCoreError as error:
        raise Unavailable(f"the storage can't be reached: {type(error).__name__}") from None


def code_of(error: ClientError) -> str:
    """Return S3's name of an error, or the HTTP status; a server of another kind may say anything."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "something unknown")
    return code if CODE.fullmatch(code) else str(status)
