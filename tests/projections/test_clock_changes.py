"""Clock changes: windows are counted in UTC, times are shown local, and the hour that comes twice is told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ledger.encoding import to_instant
from ledger.events.base import Event
from ledger.payload import Occurred
from projections.compliance.finding import Finding
from projections.compliance.judge import judge
from projections.compliance.ledger_at import LedgerAt
from projections.said import local_clock, local_moment
from tests.ledger.clinic import PLACE, SESSION, check, dose
from tests.projections.rules.day import Day, release

CHANGES = [
    pytest.param("America/New_York", "2026-11-01 05:00", id="New York falls back, 2 to 1"),
    pytest.param("America/New_York", "2026-03-08 06:00", id="New York springs forward, 2 to 3"),
    pytest.param("Europe/Berlin", "2026-10-25 00:00", id="Berlin falls back, 3 to 2"),
    pytest.param("Europe/Berlin", "2026-03-29 00:00", id="Berlin springs forward, 2 to 3"),
    pytest.param("Australia/Lord_Howe", "2026-04-04 14:30", id="Lord Howe falls back half an hour"),
    pytest.param("Australia/Lord_Howe", "2026-10-03 15:00", id="Lord Howe springs forward half an hour"),
]
"""A zone, and the hour in UTC before its clocks change."""


class Night(Day):
    """A day whose times are given as minutes after an instant in UTC, at a place in some zone."""

    def __init__(self, zone: str, start: str) -> None:
        super().__init__()
        self.zone = ZoneInfo(zone)
        self.start = datetime.fromisoformat(start).replace(tzinfo=UTC)

    def at(self, minutes: float) -> str:
        return to_instant(self.start + timedelta(minutes=minutes))

    def place(self, event: Event, stream: str, minutes: float) -> Night:
        """One event, so many minutes after the start."""
        self.put(event, stream, "10:00")
        last, instant = self.placed[-1], self.at(minutes)
        offset = (self.start + timedelta(minutes=minutes)).astimezone(self.zone).utcoffset() or timedelta()
        occurred = Occurred(at=instant, offset=offset // timedelta(minutes=1), precision="min", zone=str(self.zone))
        payload = last.payload.model_copy(update={"occurred": occurred, "recorded_at": instant})
        self.placed[-1] = type(last)(last.position, 1, instant, last.dig, payload, last.event)
        return self

    def begins(self) -> Night:
        """The place in its zone, the protocol, the plan and the opening."""
        self.opens()
        for number, placed in enumerate(self.placed):
            event = placed.event
            if placed.stream == PLACE:
                event = event.model_copy(update={"time_zone": str(self.zone)})
            before = self.at(number - 60)
            occurred = placed.payload.occurred.model_copy(update={"at": before})
            payload = placed.payload.model_copy(update={"occurred": occurred})
            self.placed[number] = type(placed)(number, 1, before, placed.dig, payload, event)
        return self

    def said(self, rule: str, minutes: float) -> list[Finding]:
        """The verdicts on A so many minutes after the start."""
        as_of = self.start + timedelta(minutes=minutes)
        history = LedgerAt(self.known(), size=len(self.placed), as_of=as_of).session(SESSION)
        return [finding for finding in judge(history) if (finding.rule, finding.slot) == (rule, "a")]


@pytest.mark.parametrize(("zone", "start"), CHANGES)
@pytest.mark.parametrize("given", [-30, 0, 30, 45, 59, 60, 90])
def test_checks_are_due_so_many_minutes_later_whatever_the_wall_clock_does(zone: str, start: str, given: int) -> None:
    night = Night(zone, start).begins()
    night.place(dose(), f"{SESSION}/a", given).place(check(), f"{SESSION}/a", given + 15)

    gaps = night.said("SUP-05", given + 35)
    assert [(gap.verdict, gap.due, gap.limit) for gap in gaps] == [
        ("met", night.at(given + 15), night.at(given + 20)),
        ("pending", night.at(given + 30), night.at(given + 35)),
    ]
    assert [gap.verdict for gap in night.said("SUP-05", given + 36)] == ["met", "breached"]


@pytest.mark.parametrize(("zone", "start"), CHANGES)
@pytest.mark.parametrize("given", [-30, 0, 30, 59, 60])
def test_the_minimum_observation_is_120_minutes_that_passed(zone: str, start: str, given: int) -> None:
    def released(after: int) -> str:
        night = Night(zone, start).begins().place(dose(), f"{SESSION}/a", given)
        night.place(release(), f"{SESSION}/a", given + after)
        return night.said("REL-01", 600)[0].verdict

    assert (released(119), released(120)) == ("breached", "met")


def test_the_repeated_hour_is_told_apart_in_a_finding() -> None:
    night = Night("America/New_York", "2026-11-01 05:00").begins().place(dose(), f"{SESSION}/a", 30)
    night.place(check(), f"{SESSION}/a", 95)

    assert night.said("SUP-05", 200)[0].sentence == (
        "A: a check was due at 01:45 EDT and at the latest at 01:50 EDT, 15 min after the dose of 01:30 EDT; "
        "made at 01:35 EST, 45 min after the limit, 65 min after the dose."
    )


@pytest.mark.parametrize(
    ("zone", "instant", "shown"),
    [
        ("America/New_York", "2026-11-01T05:30", "2026-11-01 01:30 EDT"),
        ("America/New_York", "2026-11-01T06:30", "2026-11-01 01:30 EST"),
        ("America/New_York", "2026-11-01T07:30", "2026-11-01 02:30"),
        ("America/New_York", "2026-03-08T06:30", "2026-03-08 01:30"),
        ("America/New_York", "2026-03-08T07:30", "2026-03-08 03:30"),
        ("Europe/Berlin", "2026-10-25T00:30", "2026-10-25 02:30 CEST"),
        ("Europe/Berlin", "2026-10-25T01:30", "2026-10-25 02:30 CET"),
        ("Australia/Lord_Howe", "2026-04-04T14:45", "2026-04-05 01:45 +11"),
        ("Australia/Lord_Howe", "2026-04-04T15:15", "2026-04-05 01:45 +1030"),
        ("Australia/Lord_Howe", "2026-04-04T15:45", "2026-04-05 02:15"),
    ],
)
def test_the_repeated_hour_is_told_apart_in_the_timeline(zone: str, instant: str, shown: str) -> None:
    assert local_moment(claim(zone, f"{instant}:00.000000Z")) == shown


def test_times_on_the_other_side_of_the_change_are_shown_as_the_wall_clock_showed_them() -> None:
    """A last meal at 00:40 EDT, told after the change at 03:00 EST."""
    told = claim("America/New_York", "2026-11-01T08:00:00.000000Z")

    assert local_clock("2026-11-01T04:40:00.000000Z", told) == "00:40"
    assert local_clock("2026-11-01T05:40:00.000000Z", told) == "01:40 EDT"


def test_an_offset_that_is_not_the_zones_is_shown_as_it_was_shown_to_the_signer() -> None:
    strange = claim("America/New_York", "2026-05-16T14:05:00.000000Z").model_copy(update={"offset": 60})

    assert local_moment(strange) == "2026-05-16 15:05"


@pytest.mark.parametrize("year", ["0001-01-01T00:00", "9999-12-31T23:59"])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Nowhere/Land"])
@pytest.mark.parametrize("offset", [-1080, 0, 1080])
def test_a_claim_from_the_end_of_the_calendar_is_still_shown(year: str, zone: str, offset: int) -> None:
    mad = Occurred(at=f"{year}:00.000000Z", offset=offset, precision="s", zone=zone)

    assert local_moment(mad)
    assert local_clock("2026-05-16T14:05:00.000000Z", mad)


def claim(zone: str, instant: str) -> Occurred:
    """Happened then, as a clock in this zone showed it."""
    offset = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return Occurred(at=instant, offset=offset // timedelta(minutes=1), precision="min", zone=zone)
