"""REC-13: nothing of a record is destroyed before its time has come, or while a hold stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.erasure import Retention
from projections.compliance.judge import judge_ledger
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.records.rec_13 import rec_13
from tests.ledger.clinic import ANA, BEN, blank, make
from tests.projections.rules.day import Day, instant
from tests.projections.rules.records_words import OFFICER, desk
from tests.projections.rules.standing import evaluated
from tests.projections.rules.test_cs_09 import ended, erased, years_before


def seen(years: int, days: int = 0) -> Day:
    """She was evaluated on 5 May of an earlier year, and there was no session."""
    return years_before(evaluated(desk(), "a"), years, days)


def treated(years: int) -> Day:
    """Both were in a session so many years ago."""
    return years_before(desk().gives("a", "10:00").looks_at("b", "10:05"), years)


def shown(years: int) -> Day:
    """Something was disclosed of her."""
    return years_before(desk().discloses("16 18:00"), years)


def held(day: Day, *, lifted: bool = False) -> Day:
    """Nothing of hers may be destroyed, or no longer so."""
    fields = blank("legal-hold-placed/1") | {"authority": "A court", "hold": "H-1"}
    day.put(make("legal-hold-placed/1", **fields), ANA, "16 18:30", who=[(OFFICER, "performed", "privacy-officer")])
    if lifted:
        placed = {"dig": day.placed[-1].dig, "id": day.placed[-1].payload.id}
        lift = make("legal-hold-lifted/1", **(blank("legal-hold-lifted/1") | {"placed": placed}))
        day.put(lift, ANA, "16 18:40", who=[(OFFICER, "authorised", "privacy-officer")])
    return day


STORIES: list[tuple[str, Callable[[], Day], list[str]]] = [
    ("nothing was destroyed", lambda: seen(10), []),
    ("nothing had to be kept", lambda: erased(desk(), "person/00000000-0000-4000-8000-000000000099"), ["met"]),
    ("ten years after the evaluation", lambda: erased(seen(10)), ["met"]),
    ("two weeks too early", lambda: erased(seen(9, days=350)), ["breached"]),
    ("ten years after the session, to the day", lambda: erased(treated(10)), ["met"]),
    ("nine years after it", lambda: erased(treated(9)), ["breached"]),
    ("both were erased, and whose it was nobody knows", lambda: erased(erased(treated(9)), BEN), ["cannot-judge"] * 2),
    ("the partner's was long ago", lambda: erased(seen(9), BEN), ["met"]),
    ("six years after a disclosure", lambda: erased(shown(6)), ["met"]),
    ("five years after one", lambda: erased(shown(5)), ["breached"]),
    ("while a hold stood", lambda: erased(held(seen(12))), ["breached"]),
    ("after it was lifted", lambda: erased(held(seen(12), lifted=True)), ["met"]),
    ("a hold placed afterwards", lambda: held(erased(seen(12))), ["met"]),
    ("no longer kept, ten years later", lambda: ended(treated(10)), ["met"]),
    ("no longer kept, nine years later", lambda: ended(treated(9)), ["cannot-judge"]),
]
MOMENTS = ("17 18:00",)


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("REC-13", as_of="17 18:00")] == expected, name


def test_it_says_what_had_to_be_kept_longest_and_until_when() -> None:
    (found,) = erased(seen(9)).findings("REC-13", as_of="17 18:00")

    assert found.sentence == (
        "A person was erased on 2026-05-16; a clinical encounter of 2017-05-05 was to be kept until 2027-05-05."
    )
    assert (found.subject, found.severity, found.causes) == (ANA, "M", ("too-early",))


@pytest.mark.parametrize(("years", "verdict"), [(7, "breached"), (6, "met")])
def test_the_clinics_own_file_says_how_long_where_it_differs(years: int, verdict: str) -> None:
    day = erased(seen(6, days=14))
    known = Known(retention=Retention(chart_years=years))
    for placed in day.placed:
        known.take(placed)
    ledger = LedgerAt(known, size=len(day.placed), as_of=to_second(instant("17 18:00")))

    assert [f.verdict for f in judge_ledger(ledger, (rec_13,))] == [verdict]
