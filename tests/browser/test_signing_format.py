"""The page gives the frozen bytes: format v1's example and a golden file of every type, as Python does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.block import MAX_TEXT, Block, parse_block
from ledger.encoding import from_instant, microseconds
from ledger.events.sealing import _fitting, _shared
from ledger.signing import is_signed_by
from tests.golden.make_events import file_name, golden
from tests.ledger.events.examples import EXAMPLES, ORIGIN, Example, digest_of, sealed

from .javascript import run

TESTS = Path(__file__).parents[1]
EXAMPLE = json.loads((TESTS / "vectors/format-v1/example.json").read_text(encoding="utf-8"))
EVENTS = [*EXAMPLE["events"], EXAMPLE["extension"]["event"]]


def shape_of(example: Example) -> list[dict[str, str | None]]:
    """The shape of a type on this record, as the page has it: a type for any record has fields for each kind of it."""
    places = _fitting(type(example.event), _shared(example.stream))
    return [
        {"field": field, "name": place.name, "privacy": place.privacy, "slot": place.slot}
        for field, place in places.items()
    ]


def draft_of(example: Example) -> dict[str, Any]:
    """What a page hands to `signEvent` to make this example; with its fixed salts, ids and seeds."""
    made = sealed(example)
    payload = made.payload
    shape = shape_of(example)
    return {
        "device": None,
        "fields": example.event.model_dump(mode="json", include={str(place["field"]) for place in shape}),
        "id": payload.id,
        "ledger": payload.ledger,
        "occurred": payload.occurred.model_dump(),
        "recorded_at": payload.recorded_at,
        "salts": {block.name: block.salt.hex() for block in made.blocks},
        "shape": shape,
        "signers": [
            {"meaning": meaning, "owner": owner, "role": role, "seed": digest_of("seed", owner).hex()}
            for owner, role, meaning in example.signed
        ],
        "stream": example.stream,
        "type": payload.type,
    }


SIGN = """
  const { signEvent } = await use("sign_event");
  const { importPracticeSeed } = await use("keys");
  const { fromHex } = await use("bytes");
  const signed = [];
  for (const { salts, signers, ...draft } of given) {
    const keyed = [];
    for (const { owner, role, meaning, seed } of signers) {
      const key = await importPracticeSeed({ ledger: draft.ledger, owner, seed, practice: true });
      keyed.push({ key, role, meaning });
    }
    const newSalt = (name) => fromHex(salts[name], 16);
    signed.push(await signEvent({ ...draft, signers: keyed, newSalt }));
  }
  return signed;
"""


@pytest.fixture(scope="module")
def signed_in_the_page(page: Any) -> dict[str, Any]:
    """Every example, signed by the page: {envelope, blocks, dig, id} by type."""
    made = run(page, SIGN, [draft_of(example) for example in EXAMPLES.values()])
    return dict(zip(EXAMPLES, made, strict=True))


@pytest.mark.parametrize("tag", EXAMPLES)
def test_both_languages_give_the_frozen_bytes_of_every_type(tag: str, signed_in_the_page: dict[str, Any]) -> None:
    frozen = (TESTS / "golden/events" / file_name(tag)).read_text(encoding="utf-8")
    expected = json.loads(frozen)

    assert golden(EXAMPLES[tag]) == frozen
    assert signed_in_the_page[tag] == {
        "blocks": [block["text"] for block in expected["blocks"]],
        "dig": expected["dig"],
        "envelope": expected["envelope"],
        "id": json.loads(expected["payload"])["id"],
    }


def test_the_golden_block_digests_are_those_of_the_page(page: Any) -> None:
    frozen = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((TESTS / "golden/events").glob("*.json"))]
    texts = [block["text"] for file in frozen for block in file["blocks"]]

    digests = run(
        page,
        """
        const { sha256Hex } = await use("crypto");
        const { utf8 } = await use("bytes");
        return Promise.all(given.map((text) => sha256Hex(utf8(text))));
        """,
        texts,
    )

    assert digests == [block["digest"] for file in frozen for block in file["blocks"]]


def test_names_of_keys_streams_and_the_log_are_those_of_the_example(page: Any) -> None:
    named = run(
        page,
        """
        const { keyId } = await use("crypto");
        const { fromHex, toHex } = await use("bytes");
        const { streamTag } = await use("entry");
        const { parseVkey } = await use("note");
        const { importPracticeSeed } = await use("keys");
        const keys = {};
        for (const [owner, { seed, pub }] of Object.entries(given.keys)) {
          const key = await importPracticeSeed({ ledger: given.origin, owner, seed, practice: true });
          keys[owner] = { seed, pub: key.pub, kid: key.kid };
          if (key.kid !== (await keyId(fromHex(pub, 32)))) throw new Error("two kids");
        }
        const streams = {};
        for (const stream of Object.keys(given.streams)) streams[stream] = await streamTag(given.origin, stream);
        const { id, name, publicKey } = await parseVkey(given.log.vkey);
        return { keys, streams, log: [name, toHex(id), toHex(publicKey)] };
        """,
        EXAMPLE,
    )

    assert named["keys"] == EXAMPLE["keys"]
    assert named["streams"] == EXAMPLE["streams"]
    assert named["log"] == [EXAMPLE["origin"], EXAMPLE["log"]["key_id"], EXAMPLE["log"]["pub"]]


def test_the_block_of_the_example_is_made(page: Any) -> None:
    block = EXAMPLE["block"]
    _, name, value = json.loads(block["json"])

    made = run(
        page,
        """
        const { makeBlock } = await use("block");
        const { fromHex } = await use("bytes");
        return makeBlock(given.name, given.value, fromHex(given.salt, 16));
        """,
        {"name": name, "salt": block["salt_hex"], "value": value},
    )

    assert made == {"digest": block["digest"], "name": name, "text": block["text"]}


def test_a_block_is_as_long_as_python_reads_it_and_no_longer(page: Any) -> None:
    notes = [{"note": "x" * length} for length in (6_000, 6_096, 6_097, 6_098, 6_099, 7_000)]

    answers = run(
        page,
        """
        const { makeBlock } = await use("block");
        return Promise.all(given.map((value) => attempt(async () => (await makeBlock("a/sensitive", value)).text)));
        """,
        notes,
    )

    assert {answer.get("refused") for answer in answers} == {None, "block-size"}
    for note, answer in zip(notes, answers, strict=True):
        text = Block(bytes(16), "a/sensitive", dict[str, Any](note)).text
        assert ("value" in answer) == (len(text) <= MAX_TEXT)
        assert "refused" in answer or parse_block(answer["value"]).value == note


def test_the_events_of_the_example_are_made_and_signed(page: Any) -> None:
    """Composed from the payload's members, in a shuffled order; PAE, dig, envelope, env, entry and leaf as frozen."""
    made = run(
        page,
        """
        const { composePayload } = await use("payload");
        const { pae, contentDigest, assemble, envelopeDigest } = await use("envelope");
        const { importPracticeSeed, sign } = await use("keys");
        const { toHex, utf8 } = await use("bytes");
        const { leafHash } = await use("tree");
        const byKid = {};
        for (const [owner, { seed }] of Object.entries(given.keys)) {
          const key = await importPracticeSeed({ ledger: given.origin, owner, seed, practice: true });
          byKid[key.kid] = key;
        }
        const made = [];
        for (const { payload: text, entry } of given.events) {
          const members = Object.entries(JSON.parse(text)).reverse();
          const payload = composePayload(Object.fromEntries(members));
          const { attested } = JSON.parse(payload);
          const signatures = await Promise.all(attested.map(({ key }) => sign(byKid[key], pae(payload))));
          const envelope = assemble(payload, signatures);
          made.push({
            payload,
            pae_hex: toHex(pae(payload)),
            dig: await contentDigest(payload),
            envelope,
            env: await envelopeDigest(envelope),
            entry,
            leaf: toHex(await leafHash(utf8(entry))),
          });
        }
        return made;
        """,
        {"events": EVENTS, "keys": EXAMPLE["keys"], "origin": EXAMPLE["origin"]},
    )

    assert made == [{name: event[name] for name in event if name != "position"} for event in EVENTS]


def test_the_entries_of_the_example_are_read(page: Any) -> None:
    heads = EXAMPLE["extension"]["heads"]["entry"]

    read = run(
        page,
        """
        const { parseEventEntry } = await use("entry");
        const { utf8 } = await use("bytes");
        return Promise.all(given.map((entry) => attempt(() => parseEventEntry(utf8(entry)))));
        """,
        [*(event["entry"] for event in EVENTS), heads],
    )

    for answer, event in zip(read, EVENTS, strict=False):
        entry = json.loads(event["entry"].split("\n")[1])
        del entry["prev"]
        assert answer == {"value": entry}
    assert read[-1]["refused"] == "entry-format"


def test_the_cofactored_signature_of_the_example_is_refused(page: Any) -> None:
    must_fail = EXAMPLE["must_fail"]["ed25519_torsion_R"]
    given = [must_fail["pub"], must_fail["msg"], must_fail["sig"]]

    holds = run(
        page,
        """
        const { isSignedBy } = await use("crypto");
        const { fromHex } = await use("bytes");
        return isSignedBy(...given.map((text) => fromHex(text, text.length / 2)));
        """,
        given,
    )

    assert not holds
    assert not is_signed_by(*map(bytes.fromhex, given))


def test_payloads_that_contradict_themselves_are_not_made(page: Any) -> None:
    good = json.loads(EXAMPLE["events"][1]["payload"])
    first, second = good["attested"]
    wrong = {
        "attested": [
            good | {"attested": []},
            good | {"attested": [first, second | {"by": first["by"]}]},
            good | {"attested": [first, second | {"key": first["key"]}]},
            good | {"attested": [first | {"by": f"{n}", "key": f"{n}"} for n in range(9)]},
        ],
        "blocks": [good | {"blocks": ["b", "a"]}, good | {"blocks": ["a", "a"]}],
        "occurred.at": [good | {"occurred": good["occurred"] | {"at": "2026-05-16T14:05:60.000000Z"}}],
        "recorded_at": [good | {"recorded_at": "2026-05-16T14:05:00Z"}],
        "seen.root": [good | {"seen": {"root": "0" * 64, "size": 0}}],
        "": [
            good | {"note": "x"},
            {name: good[name] for name in good if name != "device"},
            good | {"body": {"a": "x" * 16_000}},
        ],
        "body.a": [good | {"body": {"a": 0.5}}],
    }
    flat = [(field, payload) for field, payloads in wrong.items() for payload in payloads]

    answers = run(
        page,
        """
        const { composePayload } = await use("payload");
        return Promise.all(given.map((payload) => attempt(() => composePayload(payload))));
        """,
        [payload for _, payload in flat],
    )

    assert [answer.get("field") for answer in answers] == [field for field, _ in flat]


def test_a_field_too_many_or_too_few_is_refused_before_anything_is_signed(page: Any) -> None:
    draft = draft_of(EXAMPLES["supervision-checked/1"])
    fields = draft["fields"]
    name = next(iter(fields))

    answers = [
        run(page, f"return attempt(async () => {{ {SIGN} }});", [draft | {"fields": changed}])
        for changed in (
            fields | {"mood": "fine"},
            fields | {"": 1},
            {key: value for key, value in fields.items() if key != name},
        )
    ]

    assert answers == [
        {"field": "mood", "refused": "unknown-field"},
        {"field": "", "refused": "unknown-field"},
        {"field": name, "refused": "missing-field"},
    ]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_envelope_has_one_signature_for_each_attestation(page: Any, count: int) -> None:
    answer = run(
        page,
        """
        const { assemble } = await use("envelope");
        return attempt(() => assemble(given.payload, Array.from({ length: given.count }, () => new Uint8Array(64))));
        """,
        {"count": count, "payload": EXAMPLE["events"][1]["payload"]},
    )

    assert answer == {"field": "signatures", "refused": "signatures-attested"}


def test_a_form_that_changes_while_it_is_signed_changes_nothing(page: Any) -> None:
    draft = draft_of(EXAMPLES["dose-administered/1"])
    unchanged = run(page, SIGN, [draft])[0]
    waiting = "const pending = signEvent({ ...draft, signers: keyed, newSalt });"
    meddled = SIGN.replace(
        "signed.push(await signEvent({ ...draft, signers: keyed, newSalt }));",
        waiting
        + "Object.values(draft.fields).forEach((field) => field && (field.value = 999)); signed.push(await pending);",
    )

    assert run(page, meddled, [draft])[0] == unchanged


def test_a_key_signs_for_its_own_ledger_only(page: Any) -> None:
    answer = run(
        page,
        """
        const { signEvent } = await use("sign_event");
        const { createKey } = await use("keys");
        const key = await createKey({ ledger: "elsewhere", owner: "staff/x" });
        return attempt(() => signEvent({ ledger: given, signers: [{ key, role: "nurse", meaning: "performed" }] }));
        """,
        ORIGIN,
    )

    assert answer == {"field": "ledger", "refused": "other-ledger"}


def test_salts_and_ids_are_fresh_each_time(page: Any) -> None:
    draft = draft_of(EXAMPLES["supervision-checked/1"])
    del draft["id"]

    once, again = (run(page, SIGN.replace(", newSalt }", " }"), [draft])[0] for _ in range(2))

    assert once["blocks"] != again["blocks"]
    assert once["id"] != again["id"]
    when = microseconds(from_instant(draft["recorded_at"])) // 1000
    assert {int(made["id"][:13].replace("-", ""), 16) for made in (once, again)} == {when}
