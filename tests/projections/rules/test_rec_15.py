"""REC-15: free texts are short, and none holds what was said in a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from ledger.events import EVENT_TYPES
from ledger.events.words import FreeText
from projections.compliance.conversation import sign_of_conversation
from projections.compliance.free_texts import _fields
from tests.ledger.clinic import ANA, BEN, RN1, SESSION, blank, make
from tests.ledger.events.test_types import FREE_TEXT
from tests.ledger.events.walk import fields_of, leaves
from tests.projections.rules.day import Day
from tests.projections.rules.standing import screened, verdicts

SAID = 'Ben: I never meant that. Ana: "you always say that to me".'


def held(note: str | None = "Waits for the second reading.", slot: str = "a", at: str = "09:50") -> Day:
    """A dose is held, with a note."""
    return holds(Day().opens(), note, slot, at)


def holds(day: Day, note: str | None, slot: str = "a", at: str = "09:50") -> Day:
    event = make(
        "dose-held/1",
        **(blank("dose-held/1") | {"note": note, "prescriber_informed": True, "reasons": ["blood-pressure"]}),
    )
    return day.put(event, f"{SESSION}/{slot}", at)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("no text", lambda: held(None), "not-applicable"),
    ("a note", held, "met"),
    ("the longest note", lambda: held("x" * 280), "met"),
    (
        "a word in quotation marks",
        lambda: held('Calls the cuff "the big one".'.replace("the big one", "big one")),
        "met",
    ),
    ("what somebody said", lambda: held(SAID), "breached"),
    ("one of two", lambda: holds(held(), SAID, at="09:55"), "breached"),
    ("it was voided", lambda: held(SAID).voids("09:55"), "not-applicable"),
    ("it cannot be read", lambda: held().loses("dose-held/1", "sensitive"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REC-15", "a") == [verdict], name


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ('She says "I cannot do this".', "direct-speech"),
        ('Says "no more please".', "direct-speech"),
        ('Says "no more".', None),
        ("Er sagt „ich will nicht mehr“.", "direct-speech"),
        ("A: no. B: yes.", "turns-of-speech"),
        ("Ana: I was afraid; Ben: of what?", "turns-of-speech"),
        ("Told the therapist that he had left.", "reported-speech"),
        ("He said that he was sorry.", "reported-speech"),
        ("Confided to her.", "reported-speech"),
        ("Verbatim notes follow.", "reported-speech"),
        ('The label reads "KET 50".', None),
        ("BP: 150/95 at rest, repeat in 5 min.", None),
        ("Told to wait; repeat at 10:05: 138/84.", None),
        ("Says no to the second dose.", None),
        ("ward call, MD1 informed by St M", None),
        ("Note: typed from a transcription.", None),
    ],
)
def test_what_is_noticed_and_what_is_not(text: str, sign: str | None) -> None:
    assert sign_of_conversation(text) == sign


def test_the_finding_names_field_and_length_and_never_repeats_the_text() -> None:
    (finding,) = held(SAID).findings("REC-15", slot="a")

    assert finding.causes == ("direct-speech",)
    assert finding.sentence == (
        "A: the field note of entry 4 reads like a conversation: it has words in quotation marks; "
        "58 of at most 280 characters."
    )
    assert not {"never", "always"} & set(finding.sentence.split())


def test_each_text_of_each_person_is_a_finding_of_its_own() -> None:
    day = holds(holds(held(SAID), SAID, at="09:52"), SAID, slot="b", at="09:54")

    assert verdicts(day, "REC-15", "a") == ["breached", "breached"]
    assert verdicts(day, "REC-15", "b") == ["breached"]


def test_what_is_said_about_an_entry_is_read_too() -> None:
    day = Day().opens().gives("a", "10:00").corrects("10:05", ("mass.value", "100", "50"), note=SAID)

    assert verdicts(day, "REC-15", "a") == ["breached"]


def test_a_text_beside_the_session_is_about_its_own_record() -> None:
    day = screened(screened(Day().opens(), "a", plan=SAID), "b", plan="A call on Monday.")
    found = {finding.about: finding.verdict for finding in day.findings("REC-15") if finding.about}

    assert found == {ANA: "breached", BEN: "met"}
    assert all(not finding.session for finding in day.findings("REC-15") if finding.about)


def test_a_void_changes_it_now_and_not_then() -> None:
    day = held(SAID)
    size = len(day.placed)
    day.voids("09:55", by=RN1)

    assert [finding.verdict for finding in day.findings("REC-15", slot="a")] == ["not-applicable"]
    assert [finding.verdict for finding in day.findings("REC-15", slot="a", known_at=size)] == ["breached"]


def test_every_field_that_may_hold_a_free_text_is_looked_at() -> None:
    wanted = {
        (tag, name)
        for tag, kind in EVENT_TYPES.items()
        for name, (_, hint) in fields_of(kind).items()
        for leaf, metadata in leaves(hint)
        if leaf is str and set(map(repr, get_args(FreeText)[1:])) <= set(map(repr, metadata))
    }
    looked_at = {
        (tag, name.removesuffix(f"_{slot}")) for tag, kind in EVENT_TYPES.items() for name, slot, _ in _fields(kind)
    }

    assert looked_at == wanted
    assert {f"{tag} {name}" for tag, name in wanted} - FREE_TEXT == {
        f"{tag} confirmed" for tag, name in wanted if name == "confirmed"
    }
