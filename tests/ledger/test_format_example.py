"""Format v1's worked example: every byte of it is reproduced, and every input that must fail is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.block import Block, parse_block, seal, unseal
from ledger.canonical import canonical, parse_canonical
from ledger.encoding import to_base64url
from ledger.entry import EventEntry, parse_event_entry, stream_tag
from ledger.envelope import PAYLOAD_TYPE, check_signatures, pae, parse_envelope, sign
from ledger.errors import Invalid, LedgerError, TamperDetected
from ledger.events.keys import KeyRevoked, LedgerOpened
from ledger.keys import KeyHistory, check_signers
from ledger.payload import parse_payload
from ledger.reading import open_blocks, read_event
from ledger.signing import SigningKey, check_enrollable, is_signed_by
from ledger.tlog.tree import leaf_hash

EXAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/format-v1/example.json").read_text(encoding="utf-8")
)
KEYS = {name: SigningKey(bytes.fromhex(key["seed"])) for name, key in EXAMPLE["keys"].items()}
PUBLIC = {key.kid: key.public for key in KEYS.values()}
EVENTS = [*EXAMPLE["events"], EXAMPLE["extension"]["event"]]
FAILING = EXAMPLE["must_fail"]


def history() -> KeyHistory:
    """The key history after the example's genesis."""
    keys = KeyHistory()
    opened = read_event(parse_payload(EVENTS[0]["payload"].encode()), {})
    assert isinstance(opened, LedgerOpened)
    keys.apply(0, opened)
    return keys


def test_the_example_has_the_27_bad_inputs_we_test() -> None:
    curve = [name for name in FAILING if name not in ("events", "payloads")]

    assert len(curve) + len(FAILING["events"]) + len(FAILING["payloads"]) == 27


@pytest.mark.parametrize("name", EXAMPLE["keys"])
def test_key_ids_are_reproduced(name: str) -> None:
    assert KEYS[name].public.hex() == EXAMPLE["keys"][name]["pub"]
    assert KEYS[name].kid == EXAMPLE["keys"][name]["kid"]


@pytest.mark.parametrize("stream", EXAMPLE["streams"])
def test_stream_tags_are_reproduced(stream: str) -> None:
    assert stream_tag(EXAMPLE["origin"], stream) == EXAMPLE["streams"][stream]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"position {event['position']}")
def test_events_are_reproduced_byte_for_byte(event: dict[str, Any]) -> None:
    payload = parse_payload(event["payload"].encode())
    by_kid = {key.kid: key for key in KEYS.values()}

    envelope = sign(payload, [by_kid[signer.key] for signer in payload.attested])

    assert payload.bytes() == event["payload"].encode()
    assert pae(payload.bytes(), PAYLOAD_TYPE).hex() == event["pae_hex"]
    assert envelope.dig == event["dig"]
    assert envelope.raw == event["envelope"].encode()
    assert envelope.env == event["env"]
    assert parse_envelope(event["envelope"].encode()) == envelope
    check_signatures(envelope, PUBLIC.get)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"position {event['position']}")
def test_entries_and_leaves_are_reproduced(event: dict[str, Any]) -> None:
    parsed = parse_event_entry(event["entry"].encode())

    rebuilt = EventEntry(parsed.env, parsed.prev, parsed.received_at, parsed.stream, parsed.version)

    assert rebuilt.bytes() == event["entry"].encode()
    assert leaf_hash(rebuilt.bytes()).hex() == event["leaf"]
    assert parsed.env == event["env"]


def test_the_block_is_reproduced() -> None:
    given = EXAMPLE["block"]

    block = parse_block(given["text"])

    assert canonical([to_base64url(block.salt), block.name, block.value], any_text=True).decode() == given["json"]
    assert block.text == given["text"]
    assert block.digest == given["digest"]
    assert block.salt.hex() == given["salt_hex"]


def test_the_block_at_rest_is_reproduced_and_opens_only_in_its_place() -> None:
    given = EXAMPLE["block_at_rest"]
    place = {
        "ledger": EXAMPLE["origin"],
        "event": parse_payload(EVENTS[1]["payload"].encode()).id,
        "subject": given["subject"],
    }
    block, key = parse_block(EXAMPLE["block"]["text"]), bytes.fromhex(given["dek"])

    stored = seal(block, key, bytes.fromhex(given["nonce"]), digest=block.digest, **place)

    assert stored.hex() == given["stored_hex"]
    assert unseal(stored, key, digest=block.digest, name=block.name, **place) == block
    other_places = [
        place | {"event": parse_payload(EVENTS[0]["payload"].encode()).id},
        place | {"subject": "person/00000000-0000-4000-8000-000000000000"},
        place | {"ledger": "ledger.example.test/ffffffffffffffff"},
    ]
    for elsewhere in other_places:
        with pytest.raises(TamperDetected, match="block-moved"):
            unseal(stored, key, digest=block.digest, name=block.name, **elsewhere)
    with pytest.raises(TamperDetected, match="block-moved"):
        unseal(stored, key, digest=block.digest, name="b/clinical", **place)


def test_key_states_follow_positions() -> None:
    keys = history()
    revoked = read_event(parse_payload(EVENTS[2]["payload"].encode()), {})
    assert isinstance(revoked, KeyRevoked)
    keys.apply(2, revoked)
    nurse = KEYS["nurse"].kid

    assert [keys.state(nurse, position) for position in range(5)] == [
        "not-enrolled",
        "valid",
        "valid",
        "quarantined",
        "quarantined",
    ]


@pytest.mark.parametrize("name", FAILING["payloads"])
def test_bytes_outside_the_canonical_form_are_refused(name: str) -> None:
    with pytest.raises(Invalid, match="not-canonical"):
        parse_canonical(FAILING["payloads"][name].encode())


@pytest.mark.parametrize("name", ["enrol_mixed_order_key", "enrol_low_order_key", "enrol_non_canonical_key"])
def test_keys_whose_signatures_bind_nobody_are_not_enrolled(name: str) -> None:
    with pytest.raises(Invalid, match="unsafe-key"):
        check_enrollable(bytes.fromhex(FAILING[name]["pub"]))


def test_a_signature_that_only_a_cofactored_check_takes_is_refused() -> None:
    given = FAILING["ed25519_torsion_R"]

    assert not is_signed_by(*(bytes.fromhex(given[part]) for part in ("pub", "msg", "sig")))


REASONS = {
    "signatures_swapped": "signatures-attested",
    "second_signature_missing": "signatures-attested",
    "third_signature": "signatures-attested",
    "extra_member": "envelope-format",
    "envelope_with_spaces": "not-canonical",
    "one_key_for_two_people": "payload-format",
    "one_person_twice": "payload-format",
    "other_ledger": "other-ledger",
    "other_stream": "other-stream",
    "block_digest_dropped": "block-foreign",
    "key_never_enrolled": "key-not-enrolled",
    "unknown_member": "payload-format",
}


def accept(envelope_bytes: bytes, entry_bytes: bytes, block_texts: list[str]) -> None:
    """All that stands between bytes and the log, in the order the writer asks it."""
    envelope, entry = parse_envelope(envelope_bytes), parse_event_entry(entry_bytes)
    assert entry.env == envelope.env, "the example's entry names its envelope"
    if envelope.payload.ledger != EXAMPLE["origin"]:
        raise Invalid("other-ledger", "Signed for another ledger.")
    if entry.stream != stream_tag(EXAMPLE["origin"], envelope.payload.stream):
        raise Invalid("other-stream", "Signed for another record.")
    open_blocks(envelope.payload, block_texts)
    check_signers(history(), 1, envelope.payload, None)
    check_signatures(envelope, history().public_key)


def test_the_good_event_is_accepted_where_the_bad_ones_are_refused() -> None:
    accept(EVENTS[1]["envelope"].encode(), EVENTS[1]["entry"].encode(), [EXAMPLE["block"]["text"]])


@pytest.mark.parametrize("name", FAILING["events"])
def test_bad_events_are_refused_for_their_reason(name: str) -> None:
    given = FAILING["events"][name]

    with pytest.raises(LedgerError) as refusal:
        accept(given["envelope"].encode(), given["entry"].encode(), [EXAMPLE["block"]["text"]])

    assert refusal.value.code == REASONS[name]


def test_a_block_with_another_salt_is_another_block() -> None:
    block = parse_block(EXAMPLE["block"]["text"])

    assert Block(bytes(16), block.name, block.value).digest != block.digest
