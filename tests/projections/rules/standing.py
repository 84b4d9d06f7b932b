"""
The words for what stands before a session: evaluation, screen, consent, order, readiness, and how one arrives.

    evaluated(day, "a", "15 09:00", outcome="deferred")
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledger.errors import Objection
from ledger.events.base import Event
from ledger.events.lifecycle import SessionScheduled
from tests.ledger.clinic import ANA, BEN, MD1, OWN_A, PLACE, RN1, SESSION, blank, make, uuid
from tests.projections.rules.day import Day, instant, without

PERSON = {"a": ANA, "b": BEN}
VIAL = f"stock/{uuid(77)}"
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


def withdrawn(day: Day, slot: str, at: str, *, recorded: str = "") -> Day:
    """The consent is taken back."""
    event = make("consent-withdrawn/1", consent=None, during_session=False, reason=None)
    return day.put(event, PERSON[slot], at, recorded=recorded, who=((PERSON[slot], "declined", "participant"),))


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


def amended(day: Day, slot: str, order: dict[str, str], at: str, mg: str, **changes: Any) -> Day:
    """An order is replaced by another."""
    mass = {"unit": "mg", "value": mg}
    fields = blank("order-amended/1") | {
        "route": "sublingual",
        "dose_max": mass,
        "dose_min": mass,
        "drug": "ketamine",
        "form": "lozenge",
        "max_redoses": 0,
        "order": order,
        "valid_from": "2026-05-01",
        "valid_to": "2026-06-30",
    }
    event = make("order-amended/1", **(fields | changes))
    return day.put(event, PERSON[slot], at, who=((MD1, "authorised", "prescriber"),))


def discontinued(day: Day, slot: str, order: dict[str, str], at: str) -> Day:
    """An order is ended."""
    event = make("order-discontinued/1", order=order, reason=None)
    return day.put(event, PERSON[slot], at, who=((MD1, "authorised", "prescriber"),))


def told_by_word(day: Day, slot: str, at: str, mg: str = "100", **changes: Any) -> Day:
    """A prescriber orders a dose by word of mouth."""
    fields = blank("verbal-order-received/1") | {
        "dose_max": {"unit": "mg", "value": mg},
        "prescriber": MD1,
        "read_back": True,
        "route": "sublingual",
    }
    return day.put(make("verbal-order-received/1", **(fields | changes)), f"{SESSION}/{slot}", at)


def cosigned(day: Day, slot: str, order: dict[str, str], at: str, *, as_said: bool = True) -> Day:
    """The prescriber signs an order given by word of mouth."""
    event = make("verbal-order-cosigned/1", as_said=as_said, difference=None, order=order)
    return day.put(event, f"{SESSION}/{slot}", at, who=((MD1, "authorised", "prescriber"),))


def authorisation(mg: str = "100", route: str = "sublingual") -> Event:
    """A dose is to be authorised."""
    return make(
        "dose-authorised/1",
        route=route,
        mass={"unit": "mg", "value": mg},
        order={"dig": "0" * 64, "id": "00000000-0000-7000-8000-000000000000"},
        valid_from=instant("08:00"),
        valid_to=instant("20:00"),
    )


def asked_for(day: Day, at: str, slot: str = "a", mg: str = "100", route: str = "sublingual") -> list[Objection]:
    """What speaks against authorising a dose at this time."""
    who = ((MD1, "authorised", "prescriber"),)
    return day.objections(authorisation(mg, route), f"{SESSION}/{slot}", at, who=who)


def made_ready(day: Day, slot: str, at: str, mg: str = "100", **changes: Any) -> Day:
    """A dose is prepared: one lozenge, counted."""
    fields = blank("dose-prepared/1") | {
        "container": OWN_A,
        "count_checked": True,
        "drawn_from_vial": False,
        "label": f"L-{at}",
        "mass": {"unit": "mg", "value": mg},
        "units": "1",
    }
    who = changes.pop("who", ((RN1, "performed", "nurse"),))
    return day.put(make("dose-prepared/1", **(fields | changes)), f"{SESSION}/{slot}", at, who=who)


def handed_in(day: Day, at: str = "08:40", container: str = OWN_A, owner: str = ANA, **changes: Any) -> Day:
    """Somebody's own lozenges are handed in."""
    fields = blank("own-medication-checked-in/1") | {
        "code": "own-A",
        "count": "10",
        "drug": "ketamine",
        "form": "lozenge",
        "session": SESSION,
        "strength": {"unit": "mg", "value": "100"},
        "owner": owner,
        "pharmacy": "P",
        "prescription": "1",
    }
    return day.put(make("own-medication-checked-in/1", **(fields | changes)), container, at)


def received(day: Day, at: str = "2 10:00", container: str = VIAL, **changes: Any) -> Day:
    """A vial of the clinic's own arrives."""
    fields = blank("stock-received/1") | {
        "amount": {"unit": "mg", "value": "500"},
        "code": "V-1",
        "concentration": "50",
        "drug": "ketamine",
        "expires": "2027-03-31",
        "form": "vial",
        "invoice": "I-1",
        "invoice_date": "2026-05-01",
        "location": PLACE,
        "lot": "LOT-1",
        "product": "ketamine",
        "supplier": "Supplier",
        "supplier_address": "1 Road",
        "supplier_dea": "FX0000001",
        "volume": "10",
    }
    return day.put(make("stock-received/1", **(fields | changes)), container, at)


def measured(
    day: Day, slot: str, at: str = "09:45", pressure: tuple[int, int] | None = (120, 80), **changes: Any
) -> Day:
    """Values before a dose, all in order."""
    taken = None if pressure is None else {"diastolic": pressure[1], "systolic": pressure[0]}
    fields = blank("pre-dose-assessed/1") | {
        "blood_pressure": taken,
        "heart_rate": 70,
        "respiratory_rate": 14,
        "room_air": True,
        "spo2": 98,
    }
    return day.put(make("pre-dose-assessed/1", **(fields | changes)), f"{SESSION}/{slot}", at)


def decided(
    day: Day, slot: str, at: str, decision: str = "give", role: str = "prescriber", reason: str | None = "Calm."
) -> Day:
    """A hold ends with a decision."""
    event = make("hold-released/1", decision=decision, held=None, reason=reason)
    return day.put(event, f"{SESSION}/{slot}", at, who=((MD1, "approved", role),))


def declined(day: Day, slot: str, at: str, stage: str = "first") -> Day:
    """Somebody says no."""
    fields = {
        "note": None,
        "pressure_concern": False,
        "private": True,
        "reason_class": "withheld",
        "role_after": "sober-support",
        "stage": stage,
    }
    return day.put(make("dose-declined/1", **fields), f"{SESSION}/{slot}", at)


def plans_the_way_home(day: Day, slot: str, at: str, **changes: Any) -> Day:
    """The transport plan is signed."""
    fields = blank("transport-plan-signed/1") | {
        "text": TEXT,
        "destination": "home",
        "mode": "escort-car",
        "understands_until": True,
    }
    return day.put(make("transport-plan-signed/1", **(fields | changes)), f"{SESSION}/{slot}", at)


def will_not_drive(day: Day, slot: str, at: str) -> Day:
    """The acknowledgement is signed."""
    event = make("no-driving-acknowledged/1", text=TEXT, version="v1", understood=True)
    return day.put(event, f"{SESSION}/{slot}", at)


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
