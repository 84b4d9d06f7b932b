"""CS-09: records of a controlled substance are not destroyed within two years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from ledger.erasure import Retention, years_later
from ledger.events.base import Event
from ledger.events.expired import NoLongerKept
from ledger.events.fields import ERASED
from ledger.events.lifecycle import SessionScheduled
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.reading import PlacedEvent
from projections.compliance.known import Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.substance.cs_09 import cs_09
from tests.ledger.clinic import ANA, BEN, MD1, PT1, SESSION, make
from tests.projections.rules.day import Day, instant, root_of
from tests.projections.rules.standing import handed_in

TWO = ((MD1, "authorised", "privacy-officer"), (PT1, "approved", "medical-director"))
NOTHING = {"count": 0, "root": "0" * 64}
GOVERNANCE = "governance/" + SESSION.partition("/")[2]
TIMES = ("occurred", "recorded_at")
MOMENTS = ("17 18:00",)


def years_before(day: Day, years: int, days: int = 0) -> Day:
    """The same day so many years, and days, earlier than what is recorded next."""
    day.placed = [_earlier(placed, years, days) for placed in day.placed]
    return day


def _earlier(placed: PlacedEvent, years: int, days: int) -> PlacedEvent:
    def moved(instant: str) -> str:
        at = date.fromisoformat(instant[:10])
        return f"{date.fromordinal(at.replace(year=at.year - years).toordinal() - days)}{instant[10:]}"

    occurred = placed.payload.occurred.model_copy(update={"at": moved(placed.payload.occurred.at)})
    payload = placed.payload.model_copy(update={"occurred": occurred, "recorded_at": moved(placed.payload.recorded_at)})
    return replace(placed, received_at=moved(placed.received_at), payload=payload)


def erased(day: Day, person: str = ANA, at: str = "16 19:00") -> Day:
    """A person is erased: their slot and what was theirs can be read no more."""
    field = "person_a" if person == ANA else "person_b"
    day.placed = [replace(each, event=_without(each, field, person)) for each in day.placed]
    return day.put(make("subject-erased/1", blocks=NOTHING), person, at, who=TWO)


def _without(placed: PlacedEvent, field: str, person: str) -> Event:
    event = placed.event
    if isinstance(event, SessionScheduled):
        return event.model_copy(update={field: ERASED})
    if isinstance(event, OwnMedicationCheckedIn) and event.owner == person:
        return event.model_copy(update={"owner": ERASED})
    return event


def dosed(years: int = 2, days: int = 0) -> Day:
    """She handed in her lozenges and took one, on 16 May of an earlier year."""
    return years_before(handed_in(Day().opens()).gives("a", "10:00"), years, days)


def ended(day: Day, at: str = "16 19:00") -> Day:
    """The session and the container are no longer kept."""
    under = len(day.placed)
    day.placed = [_expired(each, under) for each in day.placed]
    return day.put(make("retention-ended/1", envelopes=NOTHING), GOVERNANCE, at, who=TWO)


def _expired(placed: PlacedEvent, under: int) -> PlacedEvent:
    if not placed.stream.startswith(("session/", "stock/")):
        return placed
    occurred = placed.payload.occurred.model_copy(update={"at": placed.received_at, "offset": 0})
    payload = placed.payload.model_copy(update={"attested": (), "occurred": occurred})
    return replace(placed, payload=payload, event=NoLongerKept(kind=placed.event.type, under=under))


STORIES: list[tuple[str, Callable[[], Day], list[str]]] = [
    ("nobody was erased", dosed, []),
    ("erased, and never dosed", lambda: erased(years_before(Day().opens(), 1)), ["met"]),
    ("two years later, to the day", lambda: erased(dosed()), ["met"]),
    ("a day before that", lambda: erased(dosed(1, days=364)), ["breached"]),
    ("a year later", lambda: erased(dosed(1)), ["breached"]),
    ("the partner was dosed a year ago", lambda: erased(dosed(1), BEN), ["met"]),
    ("both were erased, and whose it was nobody knows", lambda: erased(erased(dosed(1)), BEN),
     ["cannot-judge", "cannot-judge"]),
    ("both were erased, late enough", lambda: erased(erased(dosed(3)), BEN), ["met", "met"]),
    ("no longer kept, two years later", lambda: ended(dosed()), ["met"]),
    ("no longer kept, a year later", lambda: ended(dosed(1)), ["cannot-judge"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[str]) -> None:
    assert [each.verdict for each in story().findings("CS-09", as_of="17 18:00")] == expected, name


def test_it_says_the_last_record_and_the_first_day_on_which_it_might_be_destroyed() -> None:
    (finding,) = erased(dosed(1)).findings("CS-09", as_of="17 18:00")

    assert finding.sentence == (
        "2 records of a controlled substance were destroyed on 2026-05-16, the last of 2025-05-16: "
        "it was to be kept until 2027-05-16."
    )
    assert (finding.about, finding.causes) == (ANA, ("too-early",))


def test_a_clinic_that_keeps_them_longer_is_held_to_its_own_figure() -> None:
    day = erased(dosed())
    known = Known(root_of, Retention(controlled_years=6))
    for placed in day.placed:
        known.take(placed)
    ledger = LedgerAt(known, size=known.size, as_of=to_second(instant("17 18:00")))

    assert [each.verdict for each in cs_09.findings(ledger)] == ["breached"]


def test_a_record_that_claims_to_be_from_the_future_counts_from_its_receipt() -> None:
    day = dosed()
    *_, dose = day.placed
    occurred = dose.payload.occurred.model_copy(update={"at": "9999-12-31T23:59:59.999999Z", "offset": 840})
    day.placed[-1] = replace(dose, payload=dose.payload.model_copy(update={"occurred": occurred}))

    assert [each.verdict for each in erased(day).findings("CS-09", as_of="17 18:00")] == ["met"]


def test_the_same_calendar_date_and_after_a_leap_day_the_first_of_march() -> None:
    assert years_later(date(2026, 5, 16), 2) == date(2028, 5, 16)
    assert years_later(date(2024, 2, 29), 2) == date(2026, 3, 1)
    assert years_later(date(9998, 5, 16), 2) == date.max, "a wrong clock may claim any year"
