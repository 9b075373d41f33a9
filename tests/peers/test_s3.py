"""The storage in a bucket: the contract, and what is particular to S3, against a real server."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, Self
from urllib.parse import quote

import pytest
from botocore.exceptions import EndpointConnectionError
from django.conf import settings

from sipuma.config.environment import Environment
from sipuma.files.s3 import READ_AHEAD, Bucket
from sipuma.files.s3_transfer import PART
from sipuma.files.store import Store, Unavailable, store_at
from tests.peers import s3_server
from tests.peers.mail_server import HOST, free_port
from tests.peers.s3_server import KEY, LISTED_AT_ONCE, SECRET
from tests.unit.files.store_contract import (
    MIB,
    StoreContract,
    a_content,
    a_name,
    in_an_hour,
    names,
    put,
    refused,
)

pytestmark = [pytest.mark.peers]
ASKED = "before-send.s3"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with s3_server.running() as port:
        yield port


@pytest.fixture
def url(port: int) -> str:
    return s3_server.url(port)


@pytest.fixture
def bucket(url: str) -> Bucket:
    kept = store_at(url)
    assert isinstance(kept, Bucket)
    for found in list(kept.names()):
        kept.delete(found.name)
    kept.sweep_unfinished(older_than=in_an_hour())
    return kept


class Asked:
    """What is sent to the server, as its client hands it to the network."""

    def __init__(self, bucket: Bucket) -> None:
        self.requests: list[str] = []
        self.ranges: list[str] = []
        self._events = bucket._client.meta.events

    def __enter__(self) -> Self:
        self._events.register(ASKED, self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        self._events.unregister(ASKED, self._note)

    def _note(self, *, request: Any, event_name: str, **_more: Any) -> None:  # Any: they are botocore's
        self.requests.append(event_name.rpartition(".")[2])
        if "Range" in request.headers:
            self.ranges.append(request.headers["Range"].decode())


class TestBucket(StoreContract):
    """The contract, kept by a bucket."""


def test_the_listing_goes_on_over_pages(bucket: Bucket) -> None:
    many = {a_name() for _ in range(LISTED_AT_ONCE * 2 + 3)}
    for name in many:
        put(bucket, name, b"")
    with Asked(bucket) as asked:
        assert names(bucket) == many
    assert asked.requests == ["ListObjectsV2"] * 3


def test_the_sweep_goes_on_over_pages(bucket: Bucket) -> None:
    many = [bucket.create(a_name()) for _ in range(LISTED_AT_ONCE + 2)]
    for incoming in many:
        incoming.write(bytes(PART))
    assert bucket.sweep_unfinished(older_than=in_an_hour()) == len(many)
    assert bucket.sweep_unfinished(older_than=in_an_hour()) == 0


def test_an_upload_that_another_sweep_removed_meanwhile_is_not_counted(bucket: Bucket) -> None:
    name = a_name()
    upload = bucket._client.create_multipart_upload(Bucket=s3_server.BUCKET, Key=name)["UploadId"]
    assert [bucket._drop(name, upload), bucket._drop(name, upload)] == [True, False]


def test_other_objects_of_the_bucket_are_not_ours(bucket: Bucket) -> None:
    where = {"Bucket": s3_server.BUCKET, "Key": "README"}
    bucket._client.put_object(**where, Body=b"a note")
    upload = bucket._client.create_multipart_upload(**where)["UploadId"]
    assert names(bucket) == set()
    assert bucket.sweep_unfinished(older_than=in_an_hour()) == 0
    bucket._client.abort_multipart_upload(**where, UploadId=upload)
    bucket._client.delete_object(**where)


@pytest.mark.parametrize(
    ("size", "requests"),
    [
        (0, ["PutObject"]),
        (PART - 1, ["PutObject"]),
        (PART, ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]),
        (2 * PART + 1, ["CreateMultipartUpload", *["UploadPart"] * 3, "CompleteMultipartUpload"]),
    ],
)
def test_an_object_smaller_than_a_part_is_one_request(bucket: Bucket, size: int, requests: list[str]) -> None:
    with Asked(bucket) as asked:
        put(bucket, a_name(), bytes(size))
    assert asked.requests == requests


def read_at(file: BinaryIO, position: int, size: int) -> bytes:
    file.seek(position)
    return file.read(size)


def test_reading_a_place_fetches_one_window_and_not_the_file(bucket: Bucket) -> None:
    name, content = a_name(), a_content(20 * MIB)
    put(bucket, name, content)
    with Asked(bucket) as asked, bucket.open(name) as file:
        assert read_at(file, 12 * MIB + 5, 100) == content[12 * MIB + 5 : 12 * MIB + 105]
        assert read_at(file, 12 * MIB + 300_000, 100) == content[12 * MIB + 300_000 : 12 * MIB + 300_100]
    assert asked.requests == ["HeadObject", "GetObject"]
    assert asked.ranges == [f"bytes={12 * MIB + 5}-{12 * MIB + 4 + READ_AHEAD}"]


def test_the_end_of_a_file_is_fetched_alone(bucket: Bucket) -> None:
    name, content = a_name(), a_content(20 * MIB)
    put(bucket, name, content)
    with Asked(bucket) as asked, bucket.open(name) as file:
        file.seek(-7, 2)
        assert file.read() == content[-7:]
        assert file.read(1) == b""
    assert asked.ranges == [f"bytes={20 * MIB - 7}-{20 * MIB - 1}"]


def test_reading_through_asks_once_for_each_window(bucket: Bucket) -> None:
    name = a_name()
    put(bucket, name, bytes(5 * MIB))
    with Asked(bucket) as asked, bucket.open(name) as file:
        while file.read(16 * 1024):
            pass
    assert len(asked.ranges) == 5


def test_a_reader_never_mixes_two_objects_of_one_name(bucket: Bucket) -> None:
    name = a_name()
    put(bucket, name, bytes(3 * MIB))
    with bucket.open(name) as file:
        assert file.read(10) == bytes(10)
        put(bucket, name, b"\x01" * (3 * MIB))
        file.seek(2 * MIB)
        assert "PreconditionFailed" in refused(file.read, 10)


def test_an_answer_that_breaks_off_is_asked_for_again(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, content, breaks = a_name(), a_content(MIB), [1, 1]
    put(bucket, name, content)
    get_object = bucket._client.get_object

    def breaking(**arguments: str) -> dict[str, Any]:  # Any: the answer is botocore's
        answer: dict[str, Any] = get_object(**arguments)
        if breaks:
            breaks.pop()
            answer["Body"]._raw_stream.read(1000)  # lost on the way
        return answer

    monkeypatch.setattr(bucket._client, "get_object", breaking)
    with bucket.open(name) as file:
        assert file.read() == content
    breaks.extend([1] * 3)
    with bucket.open(name) as file:
        assert refused(file.read) == "the storage breaks off in the middle of an answer"


def test_a_server_that_knows_no_ranges_is_not_read_from(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, get_object = a_name(), bucket._client.get_object
    put(bucket, name, bytes(3 * MIB))

    def whole(**arguments: str) -> object:
        del arguments["Range"]
        return get_object(**arguments)

    monkeypatch.setattr(bucket._client, "get_object", whole)
    with bucket.open(name) as file:
        assert refused(file.read, 10) == "the storage sent another range than was asked for"


def every_use(kept: Store) -> list[Callable[[], object]]:
    return [
        partial(put, kept, a_name(), b"small"),
        partial(put, kept, a_name(), bytes(PART)),
        partial(kept.open, a_name()),
        partial(kept.delete, a_name()),
        lambda: list(kept.names()),
        partial(kept.sweep_unfinished, older_than=in_an_hour()),
    ]


@pytest.mark.parametrize(
    "wrong", [{"secret": "salah/rahasia"}, {"key": "kantor:orang-lain"}, {"bucket": "tidak-ada"}]
)
def test_wrong_credentials_or_a_missing_bucket_are_told_without_a_secret(
    port: int, wrong: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = s3_server.url(port, **wrong)
    kept = store_at(url)
    said = " ".join([*(refused(use) for use in every_use(kept)), repr(kept), caplog.text])
    for secret in (SECRET, "salah", "rahasia", "orang-lain", KEY, quote(KEY, safe="")):
        assert secret not in said


def test_a_server_that_is_not_there_is_told_by_every_use_within_seconds() -> None:
    kept = store_at(s3_server.url(free_port()))
    assert {refused(use) for use in every_use(kept)} == {
        "the storage can't be reached: EndpointConnectionError"
    }
    assert kept.free_bytes() is None


def test_an_abort_that_does_not_reach_the_server_is_silent_and_left_to_the_sweep(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = bucket.create(a_name())
    incoming.write(bytes(PART))
    with monkeypatch.context() as patch:
        patch.setattr(bucket._client.meta.events, "emit_until_response", unreachable)
        incoming.abort()
    assert bucket.sweep_unfinished(older_than=in_an_hour()) == 1


def unreachable(*_arguments: object, **_more: object) -> None:
    raise EndpointConnectionError(endpoint_url=HOST)


@pytest.mark.parametrize(
    "address",
    [
        "s3://kunci:raha/sia@host/bucket",
        "s3://kunci:raha?sia@host/bucket",
        "s3://kunci@host/bucket",
        "s3://kunci:rahasia@/bucket",
        "s3://kunci:rahasia@host",
        "s3://kunci:rahasia@host/bucket/folder",
        "s3://kunci:rahasia@host/BUCKET",
        "s3://kunci:rahasia@host:port/bucket",
        "s3://kunci:rahasia@ho st/bucket",
        "s3://kunci:rahasia@host/bucket?tls=no",
    ],
)
def test_an_address_that_can_t_be_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(Unavailable, match=r"s3://key:secret@host:port/bucket") as caught:
        store_at(address)
    assert "raha" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_address_is_hidden_where_settings_are_shown(url: str) -> None:
    shown = repr(Environment(storage_url=url))
    assert quote(SECRET, safe="") not in shown
    assert "storage_url" not in repr(settings.SIPUMA)


def test_tls_is_the_default_and_verified(port: int) -> None:
    kept = store_at(s3_server.url(port).replace("?tls=0", ""))
    assert refused(kept.open, a_name()) == "the storage can't be reached: SSLError"
