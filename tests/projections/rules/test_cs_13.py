"""CS-13: witness, checker and second counter are other people, and no participants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.ledger.clinic import MD1, OWN_A, PLACE, PT1, RN1, SESSION, Who
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, handed_in, made_ready, received
from tests.projections.rules.stock_words import PERFORMED, WITNESSED, counted, own_counted, wasted

ANA: Who = (f"{SESSION}/a", "witnessed", "participant")
DID: Who = (RN1, "performed", "nurse")


def by(meaning: str, who: str = RN1) -> Who:
    return (who, meaning, "nurse")


def vial() -> Day:
    return received(Day().opens())


def checked(*who: Who) -> Day:
    return made_ready(vial(), "a", "09:58", who=who or (DID,))


def waste(*who: Who, session: str | None = SESSION) -> Day:
    return wasted(vial(), "10:12", "5", who=who or (PERFORMED, WITNESSED), session=session)


def count(*who: Who) -> Day:
    return counted(vial(), "17:00", "500", who=who)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nothing was prepared", vial, f"{SESSION}/a", ["not-applicable"]),
    ("nobody checked it", checked, f"{SESSION}/a", ["not-applicable"]),
    ("another one checked it", lambda: checked(DID, by("verified", MD1)), f"{SESSION}/a", ["met"]),
    ("who prepared it checked it", lambda: checked(DID, by("verified")), f"{SESSION}/a", ["breached"]),
    ("checked later by another", lambda: checked().signs("10:00", gives="verified"), f"{SESSION}/a", ["met"]),
    ("checked later by who prepared it", lambda: checked().signs("10:00", by=RN1, gives="verified"), f"{SESSION}/a",
     ["breached"]),
    ("who prepared it countersigned something else", lambda: checked().signs("10:00", by=RN1, gives="reviewed"),
     f"{SESSION}/a", ["not-applicable"]),
    ("who prepared it disputes it", lambda: checked().signs("10:00", by=RN1, gives="verified", verdict="disputes"),
     f"{SESSION}/a", ["not-applicable"]),
    ("a waste before a witness", waste, SESSION, ["met"]),
    ("a waste nobody witnessed", lambda: waste(PERFORMED), SESSION, []),
    ("a waste witnessed by who did it", lambda: waste(PERFORMED, by("witnessed")), SESSION, ["breached"]),
    ("a waste witnessed by a participant", lambda: waste(PERFORMED, ANA), SESSION, ["breached"]),
    ("a waste outside of a session", lambda: waste(PERFORMED, by("witnessed"), session=None), VIAL, ["breached"]),
    ("a count of two", lambda: count(DID, by("verified", MD1)), PLACE, ["met"]),
    ("a count of one, twice", lambda: count(DID, by("verified")), PLACE, ["breached"]),
    ("a count of one, and again later", lambda: count(DID).signs("17:05", by=RN1, gives="verified"), PLACE,
     ["breached"]),
    ("a count with a participant", lambda: count((f"{SESSION}/a", "performed", "participant")), PLACE, ["breached"]),
    ("own medication, counted by one", lambda: own_counted(handed_in(Day().opens()), "17:00", "10").signs("17:05",
     by=RN1, gives="observed"), OWN_A, ["breached"]),
]  # fmt: skip


def said(day: Day, subject: str, **asked: Any) -> list[str]:
    return [each.verdict for each in day.findings("CS-13", **asked) if each.subject == subject]


@pytest.mark.parametrize(("name", "story", "subject", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], subject: str, expected: Sequence[str]) -> None:
    assert said(story(), subject) == expected, name


def test_it_says_of_which_act_and_who_it_was() -> None:
    (finding,) = (each for each in waste(PERFORMED, by("witnessed")).findings("CS-13") if each.subject == SESSION)

    assert finding.sentence == "the witness of the waste in entry 5 is who did it."
    assert (finding.causes, finding.staff, finding.evidence) == (("one-person",), RN1, (5,))


def test_each_act_is_a_finding_of_its_own() -> None:
    day = wasted(waste(PERFORMED, by("witnessed")), "10:20", "5", who=(PERFORMED, ANA))

    assert [each.causes for each in day.findings("CS-13") if each.subject == SESSION] == [
        ("one-person",),
        ("participant",),
    ]


def test_what_two_did_is_not_told_beside_what_one_did() -> None:
    day = made_ready(checked(DID, by("verified", MD1)), "a", "10:20", who=(DID, by("verified")))

    assert said(day, f"{SESSION}/a") == ["breached"]


def test_written_again_without_it_the_finding_goes_now_and_stays_then() -> None:
    day = waste(PERFORMED, by("witnessed"))
    size = len(day.placed)
    wasted(
        day.voids("10:20", by=PT1).signs("10:22", by=MD1), "10:12", "5", who=(PERFORMED, WITNESSED), recorded="10:23"
    )

    assert said(day, SESSION) == ["met"]
    assert said(day, SESSION, known_at=size) == ["breached"]


def test_one_partner_is_told_nothing_of_the_others_preparation() -> None:
    assert said(checked(DID, by("verified")), f"{SESSION}/b") == ["not-applicable"]
