"""Question 37: entries that somebody typed for somebody else."""

from __future__ import annotations

from dataclasses import replace

from ledger.events.paper import Performer
from tests.ledger.clinic import PT1, RN1, SESSION, check
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day


def typed(at: str = "10:15") -> Day:
    """PT1 typed in a check that RN1 had made."""
    day = Day().opens().gives("a", "10:00")
    day.put(check(), f"{SESSION}/a", at, who=[(PT1, "transcribed", "therapist")])
    did = Performer.model_validate({"by": RN1, "meaning": "performed", "role": "nurse"})
    day.placed[-1] = replace(day.placed[-1], performed=(did,))
    return day


def test_it_waits_is_missing_or_came_late_and_is_gone_once_signed_in_time() -> None:
    waits, missing = asked(typed(), "37", as_of="17 10:15"), asked(typed(), "37", as_of="17 10:16")
    late = asked(typed().signs("17 11:00", by=RN1, gives="performed", role="nurse"), "37", as_of="17 12:00")
    signed = asked(typed().signs("11:00", by=RN1, gives="performed", role="nurse"), "37", as_of="17 12:00")

    assert told(waits, "partner", "whose", "limit", "signed", "state") == [("A", RN1, "10:15", None, "waits")]
    assert told(missing, "state") == [("missing",)]
    assert told(late, "signed", "state") == [("11:00", "signed late")]
    assert signed.rows == ()
    assert [counted(each, "unsigned") for each in (waits, missing, late)] == [1, 1, 0]
