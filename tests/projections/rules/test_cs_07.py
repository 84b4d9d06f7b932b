"""CS-07: a dose is given where the place is registered with the DEA that day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.errors import Objection
from ledger.events.inventory import CustodyTransferred
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.rules.substance.cs_07 import cs_07
from tests.ledger.clinic import MD1, PLACE, RN1, SESSION, make, uuid
from tests.projections.rules.day import Day, instant, local
from tests.projections.rules.gate_words import before_the_opening, opening
from tests.projections.rules.standing import VIAL
from tests.projections.rules.stock_words import dea_registered, mass

RETREAT = f"location/{uuid(23)}"


def dosed(*registered: str | None, **how: Any) -> Day:
    day = Day().opens()
    if registered or how:
        dea_registered(day, *registered, **how)
    return day.gives("b", "10:00").gives("a", "10:05")


STORIES: list[tuple[str, Callable[[], Day], list[tuple[str, ...]]]] = [
    ("registered", lambda: dosed("2024-06-01"), [("met",)]),
    ("its last day", lambda: dosed("2024-06-01", "2026-05-16"), [("met",)]),
    ("the day after", lambda: dosed("2024-06-01", "2026-05-15"), [("breached", "expired")]),
    ("its first day", lambda: dosed("2026-05-16"), [("met",)]),
    ("the day before", lambda: dosed("2026-05-17"), [("breached", "not-yet")]),
    ("no number", lambda: dosed("2024-06-01", number=None), [("breached", "no-number")]),
    ("no last day", lambda: dosed("2024-06-01", None), [("breached", "no-dates")]),
    (
        "what is changed from that day counts",
        lambda: dosed("2024-06-01", "2026-05-01", effective="2026-05-16").gives("a", "11:00"),
        [("breached", "expired")],
    ),
    (
        "what is changed from the day after counts from then",
        lambda: dosed("2024-06-01", "2026-05-01", effective="2026-05-17"),
        [("met",)],
    ),
    ("nobody dosed", lambda: dea_registered(Day().opens()), [("not-applicable",)]),
]


def told(day: Day, **asked: Any) -> list[tuple[str, ...]]:
    return [(each.verdict, *each.causes) for each in day.findings("CS-07", **asked)]


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[tuple[str, ...]]) -> None:
    assert told(story()) == expected, name


def test_the_couples_first_dose_counts_and_the_numbers_are_told() -> None:
    (found,) = dosed("2024-06-01", "2026-05-15").findings("CS-07")

    assert found.sentence == (
        "R-1 was registered with the DEA from 2024-06-01 to 2026-05-15 in NY, no longer on 2026-05-16."
    )
    assert (found.slot, found.subject, local(found.made_at)) == ("", SESSION, "10:00")


def test_a_renewal_that_reaches_back_counts_now_and_not_then() -> None:
    day = dosed("2024-06-01", "2026-05-15")
    then = len(day.placed)
    dea_registered(day, "2024-06-01", "2027-05-31", effective="2026-05-16", at="18 09:00")

    assert told(day, as_of="18 10:00") == [("met",)]
    assert told(day, as_of="18 10:00", known_at=then) == [("breached", "expired")]


# -- before an opening


def against_opening(day: Day) -> list[tuple[str, str | None]]:
    found = day.objections(opening(day), SESSION, "09:00", who=((RN1, "authorised", "nurse"),))
    return [(each.message, each.override) for each in found if each.rule == "CS-07"]


def test_before_an_opening_the_day_of_the_opening_counts() -> None:
    assert against_opening(dea_registered(before_the_opening(), "2024-06-01", "2026-05-16")) == []
    assert against_opening(dea_registered(before_the_opening(), "2024-06-01", "2026-05-15")) == [
        (
            "R-1 was registered with the DEA from 2024-06-01 to 2026-05-15 in NY, no longer on 2026-05-16.",
            "medical-director",
        )
    ]


def test_what_the_director_permitted_is_a_declared_finding() -> None:
    day = dea_registered(Day().opens(), "2024-06-01", "2026-05-15")
    fields = {"credential": None, "reason": "Renewal sent.", "rule": "CS-07", "staff": None}
    event = make("authorisation-overridden/1", **fields)
    day.put(event, SESSION, "08:50", who=((MD1, "authorised", "medical-director"),))
    (found,) = day.gives("a", "10:00").findings("CS-07")

    assert (found.verdict, found.declared_by) == ("breached", len(day.placed) - 2)


# -- before a transfer


def sent(day: Day, goal: str = RETREAT) -> list[Objection] | list[str]:
    """What is said of a transfer from the place to another one, proposed at 15:00."""
    event = make(
        "custody-transferred/1",
        amount=mass("500"),
        arrived_at=None,
        carrier=None,
        departed_at=instant("15:00"),
        from_dea=None,
        from_location=PLACE,
        seals=[],
        to_dea=None,
        to_location=goal,
        units=None,
        volume=None,
    )
    assert isinstance(event, CustodyTransferred)
    day.put(event, VIAL, "15:00")
    known = day.known()
    proposed = Fact.of(day.placed[-1])
    ledger = LedgerAt(known, size=known.size - 1, as_of=to_second(instant("15:00")), proposed=proposed)
    return [each.sentence for each in cs_07.findings_elsewhere(ledger)]


def retreat(day: Day, **changes: Any) -> Day:
    return dea_registered(day, place=RETREAT, **changes)


def test_before_a_transfer_both_places_are_asked_about() -> None:
    assert sent(retreat(dea_registered(Day().opens()))) == []
    assert sent(dea_registered(Day().opens())) == ["The place was registered nowhere on 2026-05-16."]
    assert sent(retreat(dea_registered(Day().opens(), number=None), until="2026-05-15")) == [
        "R-1 had no DEA number on 2026-05-16.",
        "The place was registered with the DEA from 2024-06-01 to 2026-05-15 in NY, no longer on 2026-05-16.",
    ]


def test_a_transfer_is_refused_with_both_places_and_nobody_may_override() -> None:
    day = dea_registered(Day().opens(), number=None)
    sent(day)
    event = day.placed.pop().event
    found = [each for each in day.objections(event, VIAL, "15:00") if each.rule == "CS-07"]

    assert [(each.override, each.slot) for each in found] == [(None, None)] * 2


def test_a_transfer_that_was_recorded_is_no_finding() -> None:
    day = dea_registered(Day().opens(), number=None)
    sent(day)

    assert told(day) == [("not-applicable",)]
