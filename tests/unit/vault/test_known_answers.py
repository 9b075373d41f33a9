"""Published answers: the building blocks are the ones that the standards describe."""

from __future__ import annotations

import hmac
from hashlib import blake2b

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from sipuma import vault


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.replace("\n", " "))


def test_hkdf_sha256_as_in_rfc_5869_case_1() -> None:
    info, expected = (
        unhex("f0f1f2f3f4f5f6f7f8f9"),
        unhex("""3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"""),
    )
    extracted = unhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    salt = unhex("000102030405060708090a0b0c")
    assert HKDF(SHA256(), 42, salt, info).derive(b"\x0b" * 22) == expected
    assert HKDFExpand(SHA256(), 42, info).derive(extracted) == expected


def test_hkdf_sha256_as_in_rfc_5869_case_3_without_salt_and_info() -> None:
    expected = unhex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    assert HKDF(SHA256(), 42, b"", b"").derive(b"\x0b" * 22) == expected


def test_derive_is_hkdf_expand_with_sha512_from_hmac_alone() -> None:
    key, info = bytes(range(32)), b"\0\0\0\x10sipuma/derive/v1\0\0\0\x05label"
    first = hmac.digest(key, info + b"\1", "sha512")
    second = hmac.digest(key, first + info + b"\2", "sha512")
    assert vault.derive(key, label="label", length=100) == (first + second)[:100]


@pytest.mark.parametrize(
    ("associated", "text", "sealed"),
    [
        (
            "",
            """d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525
               b16aedf5aa0de657ba637b391aafd255""",
            """522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838
               c5f61e6393ba7a0abcc9f662898015ad b094dac5d93471bdec1a502270e3cc6c""",
        ),
        (
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            """d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525
               b16aedf5aa0de657ba637b39""",
            """522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838
               c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b""",
        ),
    ],
)
def test_aes_256_gcm_as_in_nists_cases_15_and_16(associated: str, text: str, sealed: str) -> None:
    cipher = AESGCM(unhex("feffe9928665731c6d6a8f9467308308") * 2)
    nonce = unhex("cafebabefacedbaddecaf888")
    assert cipher.encrypt(nonce, unhex(text), unhex(associated)) == unhex(sealed)


def test_chacha20_poly1305_as_in_rfc_8439_section_2_8_2() -> None:
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        b"sunscreen would be it."
    )
    sealed = ChaCha20Poly1305(bytes(range(0x80, 0xA0))).encrypt(
        unhex("070000004041424344454647"), text, unhex("50515253c0c1c2c3c4c5c6c7")
    )
    assert sealed[:16] == unhex("d31a8d34648e60db7b86afbc53ef7ec2")
    assert sealed[-16:] == unhex("1ae10b594f09e26a7e902ecbd0600691")


def test_x25519_as_in_rfc_7748_section_6_1() -> None:
    alice = X25519PrivateKey.from_private_bytes(
        unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    )
    bob = X25519PublicKey.from_public_bytes(
        unhex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    )
    assert alice.exchange(bob) == unhex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")


@pytest.mark.parametrize(
    ("seed", "verify", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            """e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b
               d25bf5f0595bbe24655141438e7a100b""",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            """92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c
               387b2eaeb4302aeeb00d291612bb0c00""",
        ),
    ],
)
def test_ed25519_as_in_rfc_8032_section_7_1(seed: str, verify: str, message: str, signature: str) -> None:
    assert Ed25519PrivateKey.from_private_bytes(unhex(seed)).sign(unhex(message)) == unhex(signature)
    assert vault.SigningKey(unhex(seed)).verify_key == vault.VerifyKey(unhex(verify))


def test_our_signature_is_ed25519_over_the_framed_label_and_message() -> None:
    seed = bytes(range(32))
    framed = b"\0\0\0\x0esipuma/sign/v1\0\0\0\x04leaf\0\0\0\x07message"
    expected = Ed25519PrivateKey.from_private_bytes(seed).sign(framed)
    assert vault.SigningKey(seed).sign(b"message", label="leaf") == expected


def test_argon2id_as_in_rfc_9106_section_5_3() -> None:
    stretched = Argon2id(
        salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8
    ).derive(b"\1" * 32)
    assert stretched == unhex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")


def test_blake2b_as_in_rfc_7693_appendix_a() -> None:
    assert blake2b(b"abc").digest() == unhex(
        """ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc95
           18d38aa8dbf1925ab92386edd4009923"""
    )


def test_keyed_blake2b_as_in_its_reference_answers() -> None:
    assert blake2b(b"", key=bytes(range(64))).digest() == unhex(
        """10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786b5e996e8f0f4eb981fc214b005f42d2f
           f4233499391653df7aefcbc13fc51568"""
    )


def test_a_lookup_id_is_keyed_blake2b_over_the_framed_label_and_value() -> None:
    key, framed = bytes(range(32)), b"\0\0\0\x05phone\0\0\0\x040812"
    expected = blake2b(framed, digest_size=32, key=key, person=b"sipuma lookup").digest()
    assert vault.lookup_id(key, b"0812", label="phone") == expected
