"""Payload, envelope and entry: DSSE as others compute it, and every malformed byte refused with its place."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope as PeerEnvelope

from ledger.canonical import canonical
from ledger.entry import EventEntry, parse_event_entry
from ledger.envelope import MAX_ENVELOPE, PAYLOAD_TYPE, assemble, pae, parse_envelope, sign
from ledger.errors import Invalid
from ledger.payload import MAX_PAYLOAD, Payload, parse_payload

DSSE = json.loads((Path(__file__).parents[1] / "vectors/dsse/pae.json").read_text(encoding="utf-8"))
EXAMPLE = json.loads((Path(__file__).parents[1] / "vectors/format-v1/example.json").read_text(encoding="utf-8"))
GOOD: dict[str, Any] = json.loads(EXAMPLE["events"][1]["payload"])


def test_the_pre_authentication_encoding_is_that_of_the_dsse_specification() -> None:
    assert pae(base64.b64decode(DSSE["payload_b64"]), DSSE["payloadType"]) == DSSE["pae"].encode()


def test_the_specifications_own_signature_is_over_our_encoding() -> None:
    numbers = ec.EllipticCurvePublicNumbers(**DSSE["ecdsa_p256_public"], curve=ec.SECP256R1())
    raw = base64.b64decode(DSSE["envelope"]["signatures"][0]["sig"])
    signature = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))

    numbers.public_key().verify(
        signature, pae(base64.b64decode(DSSE["payload_b64"]), DSSE["payloadType"]), ec.ECDSA(SHA256())
    )


@given(st.binary(max_size=300))
def test_another_implementation_encodes_the_same(payload: bytes) -> None:
    peer = PeerEnvelope(payload, PAYLOAD_TYPE, {})

    assert pae(payload) == peer.pae()


def spoiled(**changes: Any) -> bytes:
    return canonical(GOOD | changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"attested": []}, "attested"),
        ({"attested": GOOD["attested"] * 2}, "attested"),
        ({"attested": [GOOD["attested"][0] | {"by": "nurse"}]}, "attested.0.by"),
        ({"attested": [GOOD["attested"][0] | {"key": "A" * 64}]}, "attested.0.key"),
        ({"attested": [GOOD["attested"][0] | {"meaning": "Performed"}]}, "attested.0.meaning"),
        ({"blocks": ["f" * 64, "0" * 64]}, "blocks"),
        ({"blocks": ["0" * 64, "0" * 64]}, "blocks"),
        ({"body": []}, "body"),
        ({"device": {"id": "device/1", "prev": None, "seq": 1}}, "device.id"),
        ({"device": GOOD["device"] | {"seq": 0}}, "device.seq"),
        ({"id": "019e311b-1900-4478-8ae5-475a1f34064a"}, "id"),
        ({"id": GOOD["id"].upper()}, "id"),
        ({"ledger": "ledger.example.test"}, "ledger"),
        ({"occurred": GOOD["occurred"] | {"offset": 2000}}, "occurred.offset"),
        ({"occurred": GOOD["occurred"] | {"precision": "h"}}, "occurred.precision"),
        ({"occurred": GOOD["occurred"] | {"zone": "EST5 EDT"}}, "occurred.zone"),
        ({"occurred": GOOD["occurred"] | {"at": "2026-02-30T00:00:00.000000Z"}}, "occurred.at"),
        ({"recorded_at": "2026-05-16T14:05:60.000000Z"}, "recorded_at"),
        ({"recorded_at": "2026-05-16T14:05:20Z"}, "recorded_at"),
        ({"seen": {"root": "0" * 64, "size": 0}}, "seen.root"),
        ({"seen": None}, "seen"),
        ({"stream": "session/1"}, "stream"),
        ({"stream": GOOD["stream"][:-1] + "c"}, "stream"),
        ({"stream": "keys/a"}, "stream"),
        ({"type": "dose-administered"}, "type"),
        ({"type": "dose-administered/0"}, "type"),
        ({"more": 1}, "more"),
    ],
)
def test_a_malformed_member_is_refused_with_its_path(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_payload(spoiled(**changes))

    assert refusal.value.field == field
    assert refusal.value.code in ("payload-format", "instant")


@pytest.mark.parametrize("member", sorted(GOOD))
def test_a_missing_member_is_refused(member: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_payload(canonical({name: value for name, value in GOOD.items() if name != member}))

    assert refusal.value.field == member


def test_a_payload_may_have_16384_bytes_and_no_more() -> None:
    room = MAX_PAYLOAD - len(spoiled(body={"n": ""}))

    assert parse_payload(spoiled(body={"n": "x" * room})).body["n"]
    with pytest.raises(Invalid, match="payload-size"):
        parse_payload(spoiled(body={"n": "x" * (room + 1)}))


def test_an_envelope_is_refused_above_its_size_before_anything_is_parsed() -> None:
    with pytest.raises(Invalid, match="envelope-size"):
        parse_envelope(b"[" * (MAX_ENVELOPE + 1))


def raw_envelope(**changes: Any) -> bytes:
    return canonical(json.loads(EXAMPLE["events"][1]["envelope"]) | changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payload": "e30"}, "base64"),
        ({"payload": "e31="}, "base64"),
        ({"payloadType": "application/json"}, "envelope-format"),
        ({"signatures": {}}, "envelope-format"),
        ({"signatures": []}, "signatures-attested"),
        ({"signatures": [{"keyid": "0" * 64}]}, "envelope-format"),
        ({"signatures": [{"keyid": "0" * 63, "sig": ""}]}, "hex"),
        ({"signatures": [{"keyid": "0" * 64, "sig": "AAAA"}]}, "envelope-format"),
    ],
)
def test_a_malformed_envelope_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_envelope(raw_envelope(**changes))

    assert refusal.value.code == code


@given(st.binary(max_size=200))
def test_garbage_is_no_envelope_no_payload_and_no_entry(garbage: bytes) -> None:
    for parse in (parse_envelope, parse_payload, parse_event_entry):
        with pytest.raises(Invalid):
            parse(garbage)


def test_only_the_attested_keys_sign_in_their_order() -> None:
    payload = Payload.model_validate_json(EXAMPLE["events"][1]["payload"])

    with pytest.raises(Invalid, match="signatures-attested"):
        sign(payload, [])


def test_signatures_made_elsewhere_give_the_same_envelope() -> None:
    known = parse_envelope(EXAMPLE["events"][1]["envelope"].encode())

    assert assemble(known.payload, known.payload_bytes, known.signatures) == known


ENTRY = parse_event_entry(EXAMPLE["events"][1]["entry"].encode())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: EventEntry(e.env, "0" * 64, e.received_at, e.stream, 1),
        lambda e: EventEntry(e.env, None, e.received_at, e.stream, 2),
        lambda e: EventEntry(e.env, None, e.received_at, e.stream, 0),
        lambda e: EventEntry(e.env[:-1], None, e.received_at, e.stream, 1),
        lambda e: EventEntry(e.env, None, "2026-05-16", e.stream, 1),
        lambda e: EventEntry(e.env, None, e.received_at, "keys", 1),
    ],
)
def test_a_malformed_entry_is_refused(spoil: Any) -> None:
    with pytest.raises(Invalid):
        parse_event_entry(spoil(ENTRY).bytes())


def test_an_unknown_first_line_is_no_event_entry() -> None:
    with pytest.raises(Invalid, match="entry-format"):
        parse_event_entry(ENTRY.bytes().replace(b"/v1", b"/v2"))
