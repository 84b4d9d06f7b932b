"""Ed25519: published vectors, the strict check, and the one case in which the two verifiers differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from ledger.errors import Invalid
from ledger.signing import SigningKey, check_enrollable, is_signed_by

VECTORS = Path(__file__).parents[1] / "vectors/ed25519"
RFC_8032 = json.loads((VECTORS / "rfc8032_section_7_1.json").read_text(encoding="utf-8"))
LINES = (VECTORS / "sign.input").read_text(encoding="ascii").splitlines()

L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19


@pytest.mark.parametrize("vector", RFC_8032, ids=lambda vector: vector["name"])
def test_rfc_8032_vectors(vector: dict[str, str]) -> None:
    key = SigningKey(bytes.fromhex(vector["secret"]))
    message, signature = bytes.fromhex(vector["message"]), bytes.fromhex(vector["signature"])

    assert key.public.hex() == vector["public"]
    assert key.sign(message) == signature
    assert is_signed_by(key.public, message, signature)
    check_enrollable(key.public)


def test_the_first_300_vectors_of_the_reference_implementation() -> None:
    assert len(LINES) == 300
    for line in LINES:
        secret, public, message, signed = line.split(":")[:4]
        key, text = SigningKey(bytes.fromhex(secret)[:32]), bytes.fromhex(message)
        signature = bytes.fromhex(signed)[:64]

        assert key.public.hex() == public
        assert key.sign(text) == signature
        assert is_signed_by(key.public, text, signature)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_a_flipped_bit_of_a_signature_fails(seed: bytes, message: bytes, bit: int) -> None:
    key = SigningKey(seed)
    signature = bytearray(key.sign(message))
    signature[bit // 8] ^= 1 << bit % 8

    assert not is_signed_by(key.public, message, bytes(signature))


def test_a_signature_with_s_plus_l_fails() -> None:
    """The same point, another spelling: accepting it would give one signature two forms."""
    key = SigningKey(bytes(32))
    signature = key.sign(b"100 mg")
    malleable = (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")

    assert is_signed_by(key.public, b"100 mg", signature)
    assert not is_signed_by(key.public, b"100 mg", signature[:32] + malleable)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_fails(length: int) -> None:
    assert not is_signed_by(SigningKey(bytes(32)).public, b"", bytes(length))


def test_the_one_case_in_which_the_fast_verifier_says_no_and_the_judge_says_yes() -> None:
    """
    R = the identity (a small order point) made by the key's holder, with S = k·a: the equation holds.

    libsodium refuses any R of small order; format v1's check accepts it, and the judge decides.
    """
    import hashlib

    seed = bytes(range(32))
    public = SigningKey(seed).public
    scalar = bytearray(hashlib.sha512(seed).digest()[:32])
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    identity = (1).to_bytes(32, "little")
    message = b"a dose of 100 mg"
    k = int.from_bytes(hashlib.sha512(identity + public + message).digest(), "little") % L
    signature = identity + (k * int.from_bytes(scalar, "little") % L).to_bytes(32, "little")

    with pytest.raises(BadSignatureError):
        crypto_sign_open(signature + message, public)
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    assert is_signed_by(public, message, signature)


LOW_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]


@pytest.mark.parametrize("public", LOW_ORDER)
def test_points_of_small_order_are_not_enrolled(public: str) -> None:
    with pytest.raises(Invalid, match="unsafe-key"):
        check_enrollable(bytes.fromhex(public))


@pytest.mark.parametrize("y", range(P, 2**255))
def test_the_19_encodings_above_the_prime_are_not_enrolled(y: int) -> None:
    for sign_bit in (0, 1 << 255):
        with pytest.raises(Invalid, match="unsafe-key"):
            check_enrollable((y | sign_bit).to_bytes(32, "little"))


def test_a_key_shows_its_kid_and_never_its_seed() -> None:
    assert bytes(range(32)).hex() not in repr(SigningKey(bytes(range(32))))
