"""An encrypted ZIP that others open without SIPUMA: WinZip's AE-2 with AES-256 (docs/adr/0017).

The format's key derivation is weak for passwords that people choose; ours are drawn and have 115 random bits.
Names and sizes of the files inside stay readable.
"""

from __future__ import annotations

import hmac
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import pbkdf2_hmac
from struct import pack
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .codes import Code

SALT, VERIFIER, MAC, KEY, BLOCK = 16, 2, 10, 32, 16  # bytes
ROUNDS = 1000  # fixed by the format
NEEDED: Final = 51  # version 5.1 of the format has AES
ENCRYPTED_UTF8: Final = 0x0801
AES, DEFLATED = 99, 8
# The extra field of AE-2: vendor «AE», AES-256, and what the data were compressed with.
EXTRA: Final = pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, DEFLATED)


class ZipPassword(Code):
    """The password of one archive, typed as it is shown: capitals, hyphens between the groups."""

    __slots__ = ()
    symbols = 24


@dataclass(frozen=True)
class _Member:
    name: bytes
    header: bytes  # what the local and the central header share
    data: bytes


def encrypted_zip(files: Mapping[str, bytes], password: ZipPassword, *, at: datetime) -> bytes:
    """Return an archive of `files`, by name, each dated `at` as its clock shows it."""
    members = [_member(name, content, password.grouped.encode(), at) for name, content in files.items()]
    body, directory = bytearray(), bytearray()
    for one in members:
        directory += _central(one, len(body))
        body += b"PK\x03\x04" + one.header + one.name + EXTRA + one.data
    count = len(members)
    end = pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory) + end


def _member(name: str, content: bytes, password: bytes, at: datetime) -> _Member:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = _encrypt(deflate.compress(content) + deflate.flush(), password)
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    date = at.year - 1980 << 9 | at.month << 5 | at.day
    # AE-2 has no checksum of the plaintext, which would tell something about a short one.
    sizes = (0, len(data), len(content), len(name.encode()), len(EXTRA))
    header = pack("<HHHHHIIIHH", NEEDED, ENCRYPTED_UTF8, AES, time, date, *sizes)
    return _Member(name.encode(), header, data)


def _central(one: _Member, offset: int) -> bytes:
    made_by, rest = pack("<H", NEEDED), pack("<HHHII", 0, 0, 0, 0, offset)
    return b"PK\x01\x02" + made_by + one.header + rest + one.name + EXTRA


def _encrypt(data: bytes, password: bytes) -> bytes:
    """Return salt ‖ password verifier ‖ ciphertext ‖ first ten bytes of its HMAC-SHA1."""
    salt = os.urandom(SALT)
    keys = pbkdf2_hmac("sha1", password, salt, ROUNDS, KEY + KEY + VERIFIER)
    body = _counter_mode(keys[:KEY], data)
    mac = hmac.digest(keys[KEY : 2 * KEY], body, "sha1")[:MAC]
    return salt + keys[2 * KEY :] + body + mac


def _counter_mode(key: bytes, data: bytes) -> bytes:
    """Return `data` under AES in counter mode, the counter little-endian from 1, as the format has it."""
    blocks = -(-len(data) // BLOCK)
    counters = b"".join(number.to_bytes(BLOCK, "little") for number in range(1, blocks + 1))
    # Each block is a different counter, so that nothing of ECB's weakness applies: it is the bare cipher.
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  # see above
    stream = cipher.update(counters)[: len(data)]
    return (int.from_bytes(data) ^ int.from_bytes(stream)).to_bytes(len(data))
