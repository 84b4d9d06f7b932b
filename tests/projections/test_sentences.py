"""The sentence of every type that stands on a session's records, as a clinician reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.events import EVENT_TYPES
from ledger.events.fields import ERASED, EXPIRED, WITHHELD, Gone
from ledger.reading import PlacedEvent
from projections.joint_phrases import JointPhrase
from projections.session_rows import phrase_of
from tests.ledger.events.examples import EXAMPLES, sealed
from tests.ledger.events.walk import fields_of

SENTENCES = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8")


def told(tag: str) -> JointPhrase:
    payload = sealed(EXAMPLES[tag]).payload
    return phrase_of(PlacedEvent(7, 1, payload.recorded_at, "0" * 64, payload, EXAMPLES[tag].event))


@pytest.mark.parametrize("gone", [WITHHELD, ERASED, EXPIRED], ids=lambda gone: gone.why)
def test_a_sentence_is_told_also_when_nothing_sealed_can_be_read(gone: Gone) -> None:
    """And says so, wherever a type has anything sealed that its sentence would tell."""
    for tag, kind in EVENT_TYPES.items():
        if kind.STREAM in ("session", "partner", "stock"):
            sealed_fields = [name for name, (privacy, _) in fields_of(kind).items() if privacy.privacy != "open"]
            event = EXAMPLES[tag].event.model_copy(update=dict.fromkeys(sealed_fields, gone))
            payload = sealed(EXAMPLES[tag]).payload
            phrase = phrase_of(PlacedEvent(7, 1, payload.recorded_at, "0" * 64, payload, event))
            told_before = told(tag)
            whole = f"{phrase.joint} {phrase.a} {phrase.b}"
            assert phrase.joint
            assert phrase == told_before or gone.why in whole, tag


def test_every_type_has_its_sentence_and_says_what_is_for_whom() -> None:
    written = {block.split("\n")[0]: block for block in re.split(r"\n(?=\S)", SENTENCES.strip())}

    for tag, kind in EVENT_TYPES.items():
        if kind.STREAM not in ("session", "partner", "stock") or tag not in EXAMPLES:
            continue
        phrase, name = told(tag), tag.removesuffix("/1")
        lines = [f"{phrase.slot}: {phrase.joint}"]
        lines += [f"{slot} only: {part}" for slot, part in (("a", phrase.a), ("b", phrase.b)) if part]
        shown = "\n".join([name, *(f"    {line}" for line in lines)])
        assert re.sub(r"(staff|stock)/[0-9a-f-]{36}", r"<\1>", shown) == written[name]
