"""Cryptography and nothing else: tickets, keys, sealing, slots, signatures and tokens, without I/O.

Which construction makes which ciphertext is listed in `Suite`. Everything public is named here.
"""

from .aes_zip import ZipPassword, encrypted_zip
from .certificates import Certificate, certify, verify_chain
from .chunked import Encryptor, Reader, decrypt, encrypt
from .envelope import (
    Context,
    SealedObject,
    encrypt_with_key,
    file_encryptor,
    file_reader,
    new_key,
    open_key,
    open_object,
    open_private_key,
    open_with_key,
    seal_key,
    seal_object,
    seal_private_key,
)
from .errors import BadSignature, Expired, TicketMalformed, Unopenable
from .halves import join, split
from .hpke import PrivateKey, PublicKey, generate, seal, unseal
from .padding import pad, unpad
from .secret import Secret
from .signing import SigningKey, VerifyKey
from .slots import (
    DEFAULT_COST,
    ArgonCost,
    RecoveryKit,
    kit_slot,
    open_kit_slot,
    open_password_slot,
    password_slot,
)
from .suites import Suite
from .ticket import Ticket, TicketKeys
from .token import open_token, seal_token
from .wrapping import derive, lookup_id, unwrap, wrap

__all__ = [
    "DEFAULT_COST",
    "ArgonCost",
    "BadSignature",
    "Certificate",
    "Context",
    "Encryptor",
    "Expired",
    "PrivateKey",
    "PublicKey",
    "Reader",
    "RecoveryKit",
    "SealedObject",
    "Secret",
    "SigningKey",
    "Suite",
    "Ticket",
    "TicketKeys",
    "TicketMalformed",
    "Unopenable",
    "VerifyKey",
    "ZipPassword",
    "certify",
    "decrypt",
    "derive",
    "encrypt",
    "encrypt_with_key",
    "encrypted_zip",
    "file_encryptor",
    "file_reader",
    "generate",
    "join",
    "kit_slot",
    "lookup_id",
    "new_key",
    "open_key",
    "open_kit_slot",
    "open_object",
    "open_password_slot",
    "open_private_key",
    "open_token",
    "open_with_key",
    "pad",
    "password_slot",
    "seal",
    "seal_key",
    "seal_object",
    "seal_private_key",
    "seal_token",
    "split",
    "unpad",
    "unseal",
    "unwrap",
    "verify_chain",
    "wrap",
]
