"""The words for going home: the assessment, the promise not to drive, the release, and how somebody left."""

from __future__ import annotations

from typing import Any

from ledger.events.base import Event
from tests.ledger.clinic import MD1, SESSION, Who, blank, make
from tests.projections.rules.day import Day, instant

BY_NURSE: Who = (MD1, "authorised-release", "nurse")


def assessed(
    day: Day, slot: str = "a", at: str = "12:55", pressure: tuple[int, int] = (120, 80), **changes: Any
) -> Day:
    """A discharge assessment that finds somebody well."""
    fields = blank("discharge-assessed/1") | {
        "aldrete": 10,
        "blood_pressure": {"diastolic": pressure[1], "systolic": pressure[0]},
        "cadss6": 0,
        "gait_steady": True,
        "moaas": 5,
        "orientation": 4,
        "spo2": 98,
    }
    return day.put(make("discharge-assessed/1", **(fields | changes)), f"{SESSION}/{slot}", at)


def promised(day: Day, slot: str = "a", at: str = "12:58") -> Day:
    """Somebody signs again that they will not drive."""
    fields = blank("no-driving-release-signed/1") | {
        "instructions": "v1",
        "no_drive_until": {"at": instant("17 10:00"), "local": "2026-05-17 10:00 EDT"},
        "text": "a" * 64,
        "keys_secured": True,
        "teach_back": True,
        "vehicle_on_site": False,
    }
    return day.put(make("no-driving-release-signed/1", **fields), f"{SESSION}/{slot}", at)


def released(
    day: Day, slot: str = "a", at: str = "13:00", *, until: str = "17 10:00", who: Who = BY_NURSE, **changes: Any
) -> Day:
    """A release with written instructions."""
    return day.put(release(until, **changes), f"{SESSION}/{slot}", at, who=(who,))


def release(until: str = "17 10:00", **changes: Any) -> Event:
    """The event."""
    fields: dict[str, Any] = {
        "assessment": None,
        "contact": "+15550190",
        "instructions": "v1",
        "no_drive_until": {"at": instant(until), "local": "2026-05-17 10:00 EDT"},
        "disposition": "home-with-escort",
        "conditions": [],
    }
    return make("release-authorised/1", **(fields | changes))


def went(day: Day, slot: str, at: str, *, recorded: str = "", **changes: Any) -> Day:
    """Somebody left against advice."""
    fields = blank("left-against-advice/1") | {
        "capacity": "has-capacity",
        "emergency_services_called": False,
        "gait_steady": True,
        "informed_at": instant(at),
        "moaas": 5,
        "orientation": 4,
        "prescriber": MD1,
        "refusal_signed": False,
    }
    return day.put(make("left-against-advice/1", **(fields | changes)), f"{SESSION}/{slot}", at, recorded=recorded)
