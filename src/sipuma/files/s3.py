"""Encrypted files in a bucket that speaks S3: sent in parts, fetched by ranges (docs/adr/0011)."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime
from io import BufferedReader
from typing import BinaryIO
from urllib.parse import SplitResult, parse_qs, unquote

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sipuma.files.s3_transfer import Client, Ranges, Upload, code_of, told
from sipuma.files.store import NAME, Incoming, Stored, Unavailable, checked

READ_AHEAD = 2**20
HOW = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,
    # Newer checksums are not known everywhere; what is stored here is authenticated by its encryption.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
WRONG = "SIPUMA_STORAGE_URL has to be s3://key:secret@host:port/bucket, with / and @ in it percent-encoded"
BUCKET = re.compile(r"/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/?")
MISSING = {"404", "NoSuchKey", "NotFound"}
GONE = "NoSuchUpload"

# At DEBUG they write down requests with their signatures, whatever the level of the others is.
for library in ("boto3", "botocore"):
    logging.getLogger(library).setLevel(logging.WARNING)


def from_url(parts: SplitResult) -> "Bucket":
    """Read `s3://key:secret@host:port/bucket?tls=0&region=…&ca=/path.pem`; TLS is verified unless `tls=0`.

    Raises:
        Unavailable: the address can't be; its text does not repeat it.
    """
    login, _at, host = parts.netloc.rpartition("@")
    key, _colon, secret = login.partition(":")
    bucket = BUCKET.fullmatch(parts.path)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not (key and secret and host and bucket) or options.get("tls", "1") not in {"0", "1"}:
        raise Unavailable(WRONG)
    try:
        _ = parts.port  # fails when it is no number
        client = Session().client(
            "s3",
            endpoint_url=f"{'http' if options.get('tls') == '0' else 'https'}://{host}",
            aws_access_key_id=unquote(key),
            aws_secret_access_key=unquote(secret),
            region_name=options.get("region", "us-east-1"),
            verify=options.get("ca"),
            config=HOW,
        )
    except (BotoCoreError, ValueError):
        raise Unavailable(WRONG) from None
    return Bucket(client, bucket[1])


class Bucket:
    """Objects lie under their names; other names in the bucket are left alone."""

    def __init__(self, client: Client, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def create(self, name: str) -> Incoming:
        return Upload(self._client, {"Bucket": self._bucket, "Key": checked(name)})

    def open(self, name: str) -> BinaryIO:
        where = {"Bucket": self._bucket, "Key": checked(name)}
        with told():
            try:
                found = self._client.head_object(**where)
            except ClientError as error:
                if code_of(error) not in MISSING:
                    raise
                # A missing bucket looks the same: it must not be told as a missing file.
                self._client.head_bucket(Bucket=self._bucket)
                raise FileNotFoundError(name) from None
        return BufferedReader(Ranges(self._client, where, found["ContentLength"], found["ETag"]), READ_AHEAD)

    def delete(self, name: str) -> None:
        where = {"Bucket": self._bucket, "Key": checked(name)}
        with told():
            self._client.delete_object(**where)

    def names(self) -> Iterator[Stored]:
        with told():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
                for found in page.get("Contents", ()):
                    if NAME.fullmatch(found["Key"]):
                        yield Stored(found["Key"], found["Size"], found["LastModified"])

    def sweep_unfinished(self, *, older_than: datetime) -> int:
        with told():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket)
            # Listed first: pages that shrink while they are turned would skip some.
            found = [upload for page in pages for upload in page.get("Uploads", ())]
        old = [one for one in found if NAME.fullmatch(one["Key"]) and one["Initiated"] < older_than]
        return sum(self._drop(one["Key"], one["UploadId"]) for one in old)

    def free_bytes(self) -> int | None:
        return None

    def _drop(self, name: str, upload: str) -> bool:
        """Tell whether it was there to drop: another worker may have swept it, or its writer finished."""
        with told():
            try:
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=name, UploadId=upload)
            except ClientError as error:
                if code_of(error) != GONE:
                    raise
                return False
        return True
