"""
The words for what stands before a session: evaluation, screen, consent, order, readiness, and how one arrives.

    evaluated(day, "a", "15 09:00", outcome="deferred")
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledger.events.base import Event
from ledger.events.lifecycle import SessionScheduled
from tests.ledger.clinic import ANA, BEN, MD1, PLACE, SESSION, blank, make
from tests.projections.rules.day import Day, instant, without

PERSON = {"a": ANA, "b": BEN}
FORM, TEXT = "consent-kap", "a" * 64
SCOPE: dict[str, Any] = {
    "data_sharing": False,
    "joint": True,
    "observers": False,
    "off_label_ketamine": True,
    "recording": False,
    "routes": ["sublingual"],
    "solo": True,
    "touch": [],
}
ASKED = {"alcohol": False, "cannabis": False, "maoi": False, "opioids": False, "sedatives": False, "stimulants": False}


def registered(day: Day, slot: str, *, pregnancy_applicable: bool = True, at: str = "1 08:30") -> Day:
    """The person in this slot is registered."""
    fields = blank("participant-registered/1") | {
        "pregnancy_applicable": pregnancy_applicable,
        "address": "1 Test Road",
        "birth_date": "1980-01-01",
        "id_check": "passport",
        "language": "en",
        "name": "Somebody",
        "phone": "+15550100",
        "pseudonym": f"P-{slot}",
        "sex": "unknown",
        "time_zone": "America/New_York",
    }
    return day.put(make("participant-registered/1", **fields), PERSON[slot], at)


def evaluated(day: Day, slot: str, at: str = "5 10:00", *, by: str = MD1, recorded: str = "", **changes: Any) -> Day:
    """An evaluation in person that finds nothing against it."""
    fields = blank("evaluation-completed/1") | {
        "contraindications": [],
        "modality": "in-person",
        "outcome": "eligible",
        "pdmp_checked": True,
        "private": True,
        "urinary_screened": True,
        "weight": "75",
    }
    event = make("evaluation-completed/1", **(fields | changes))
    return day.put(event, PERSON[slot], at, recorded=recorded, who=((by, "approved", "prescriber"),))


def screened(day: Day, slot: str, at: str = "5 10:30", **changes: Any) -> Day:
    """A private safety screen."""
    fields = {"alone": True, "outcome": "clear", "plan": None}
    return day.put(make("private-safety-screen-completed/1", **(fields | changes)), PERSON[slot], at)


def form_published(day: Day, version: str = "v3", since: str = "2026-01-01", at: str = "1 08:10") -> Day:
    """A version of the consent form is in force from a day on."""
    event = make("consent-form-published/1", form=FORM, in_force_from=since, text=TEXT, version=version)
    return day.put(event, f"protocol/{MD1[6:-1]}8", at)


def consented(
    day: Day,
    slot: str,
    at: str = "5 11:00",
    *,
    valid_until: str = "2027-05-01",
    version: str = "v3",
    recorded: str = "",
    **scope: Any,
) -> Day:
    """A consent on the form in force; `scope` changes what is agreed to."""
    event = make(
        "consent-signed/1",
        form=FORM,
        text=TEXT,
        version=version,
        capacity=True,
        scope={**SCOPE, **scope},
        valid_until=valid_until,
    )
    return day.put(event, PERSON[slot], at, recorded=recorded, who=((PERSON[slot], "consented", "participant"),))


def withdrawn(day: Day, slot: str, at: str) -> Day:
    """The consent is taken back."""
    event = make("consent-withdrawn/1", consent=None, during_session=False, reason=None)
    return day.put(event, PERSON[slot], at, who=((PERSON[slot], "declined", "participant"),))


def narrowed(day: Day, slot: str, at: str, consent: str, **scope: Any) -> Day:
    """Less is agreed to than before; `consent` is the digest of the form that was signed."""
    event = make(
        "consent-narrowed/1",
        consent={"dig": consent, "id": "00000000-0000-7000-8000-000000000000"},
        during_session=False,
        reason=None,
        scope={**SCOPE, **scope},
    )
    return day.put(event, PERSON[slot], at, who=((PERSON[slot], "consented", "participant"),))


def unreadable(day: Day, kind: type[Event], *privacies: str) -> Day:
    """The same day as somebody reads it who lacks these classes of every event of a type."""
    day.placed = [
        replace(each, event=without(each.event, *privacies)) if isinstance(each.event, kind) else each
        for each in day.placed
    ]
    return day


def unknown_person(day: Day) -> Day:
    """The same day as somebody reads it who cannot tell whose slots these are."""
    return unreadable(day, SessionScheduled, "identity")


def verdicts(day: Day, rule: str, slot: str = "a", **asked: Any) -> list[str]:
    """The verdicts of one rule on one person."""
    return [finding.verdict for finding in day.findings(rule, slot=slot, **asked)]


def causes(day: Day, rule: str, slot: str = "a", **asked: Any) -> list[tuple[str, ...]]:
    """Its causes."""
    return [finding.causes for finding in day.findings(rule, slot=slot, **asked)]


def reference(day: Day) -> dict[str, str]:
    """A reference to what was recorded last."""
    return {"dig": day.placed[-1].dig, "id": "00000000-0000-7000-8000-000000000000"}


def ordered(day: Day, slot: str, at: str = "5 11:30", mg: str = "100", **changes: Any) -> Day:
    """An order for a lozenge of so many mg."""
    mass = {"unit": "mg", "value": mg}
    fields = blank("order-signed/1") | {
        "route": "sublingual",
        "dose_max": mass,
        "dose_min": mass,
        "drug": "ketamine",
        "form": "lozenge",
        "max_redoses": 0,
        "valid_from": "2026-05-01",
        "valid_to": "2026-06-30",
    }
    event = make("order-signed/1", **(fields | changes))
    return day.put(event, PERSON[slot], at, who=((MD1, "authorised", "prescriber"),))


def prepared_for_it(day: Day, slot: str, began: str = "6 17:00", ended: str = "6 17:50", **changes: Any) -> Day:
    """A preparation session, private and attended."""
    fields = {"attended": True, "private": True, "began": instant(began), "ended": instant(ended)}
    return day.put(make("preparation-session-held/1", **(fields | changes)), PERSON[slot], ended)


def checked_in(day: Day, slot: str, at: str = "09:05", **changes: Any) -> Day:
    """Somebody arrives: asked for everything, took nothing."""
    fields = blank("participant-checked-in/1") | {
        "arrived": "driven",
        "identifiers": ["name", "birth-date"],
        "last_fluid": instant("08:45"),
        "last_food": instant("06:50"),
        "suicidality": "none",
        "taken_lately": ASKED,
    }
    return day.put(make("participant-checked-in/1", **(fields | changes)), f"{SESSION}/{slot}", at)


def credential(day: Day, staff: str, kind: str, at: str = "1 07:30", **changes: Any) -> Day:
    """A credential of a member of staff, for New York, to the end of 2027."""
    fields = {
        "credential": kind,
        "effective": "2024-01-01",
        "expires": "2027-12-31",
        "issued": None,
        "issuer": "Issuer",
        "locations": [],
        "profession": "md" if kind == "licence" else None,
        "states": ["NY"],
        "verification": None,
        "number": None,
    }
    return day.put(make("credential-granted/1", **(fields | changes)), staff, at)


def is_ready(day: Day, at: str = "08:30") -> Day:
    """The emergency equipment at the place was checked."""
    fields = blank("emergency-readiness-checked/1") | dict.fromkeys(
        ("aed_self_test", "bag_valve_mask", "ed_route", "oxygen", "phone_test", "suction"), True
    )
    return day.put(make("emergency-readiness-checked/1", **fields), PLACE, at)
