"""What stands before a couple's first session: clinic, staff, protocol, form, and each partner's own record."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from ledger.events.dosing import DoseAdministered
from ledger.events.inventory import StockReceived
from ledger.events.losses import WastageRecorded
from tests.ledger.clinic import ANA, BEN, COUPLE, MD1, PLACE, PT1, RN1, blank, make, uuid
from tests.projections.generated.couple_day import CoupleDay, said
from tests.projections.generated.plan import INJECTED, Part, Sitting
from tests.projections.rules.day import PROTOCOL, TABLET, ZONE, instant
from tests.projections.rules.standing import (
    VIAL,
    consented,
    credential,
    evaluated,
    form_published,
    ordered,
    prepared_for_it,
    received,
    registered,
    screened,
)
from tests.projections.rules.stock_words import counted

FOUNDED = "2026-03-01"
LICENSED = {RN1: "rn", MD1: "md", PT1: "psychotherapist"}
EVERY_ROUTE = ["buccal", "intramuscular", "intravenous", "sublingual"]


def clinic(day: CoupleDay, dice: Random, *, retreat: bool, state: str = "NY") -> str:
    """The place, its people and its protocol; the digest of the protocol."""
    place = blank("location-registered/1") | {
        "code": "R-1" if retreat else "L-1",
        "connectivity": "wired",
        "dea_from": "2024-06-01",
        "dea_number": "FX0000001",
        "dea_to": "2027-05-31",
        "kind": "retreat" if retreat else "clinic",
        "nearest_ed_min": 20,
        "state": state,
        "time_zone": "America/New_York",
    }
    day.put(make("location-registered/1", **place), PLACE, f"{FOUNDED} 08:00")
    for staff, profession in LICENSED.items():
        held = ["licence", "bls", "kap", *(["dea", "acls"] if staff == MD1 else [])]
        if staff == RN1 and dice.random() < 0.5:
            held.append("acls")
        for kind in held:
            from_day = date(2026, 3, 1) - timedelta(days=dice.randint(1, 500))
            changes = {"profession": profession} if kind == "licence" else {}
            credential(day, staff, kind, f"{FOUNDED} 08:30", states=[state], effective=f"{from_day}", **changes)
    trained = blank("training-completed/1") | {
        "completed": "2026-02-01",
        "passed": True,
        "subject": "monitor",
        "title": "Watching over sedated people",
    }
    day.put(make("training-completed/1", **trained), PT1, f"{FOUNDED} 08:40")
    form_published(day, "v3", FOUNDED, f"{FOUNDED} 08:50")
    day.put(make("device-enrolled/1", code="T-1", kind="tablet"), TABLET, f"{FOUNDED} 08:55")
    published = make(
        "protocol-published/1",
        effective=FOUNDED,
        name="KAP-COUPLE",
        parameters=day.figures.model_dump(),
        rule_set="rules-1",
        version="v1",
    )
    day.put(published, PROTOCOL, f"{FOUNDED} 09:00")
    return day.placed[-1].dig


def couple(day: CoupleDay, dice: Random, sittings: list[Sitting], *, remote: bool, screened_late: bool) -> None:
    """Both partners, each for themselves: evaluated, screened, consented, prepared, and an order for who is dosed."""
    start = datetime.combine(sittings[0].day, time(7, tzinfo=ZONE))
    until = sittings[-1].day + timedelta(days=dice.choice((0, 5, 60)))
    for slot in ("a", "b"):
        part, first = _first_of(sittings, slot)
        age = dice.choice((1, dice.randint(2, 29), 30))
        evaluation = datetime.combine(
            first.day - timedelta(days=age), time(dice.randint(8, 11), dice.randint(0, 59), tzinfo=ZONE)
        )
        prepared = (
            first.first - timedelta(hours=24) - timedelta(minutes=dice.choice((0, dice.randint(0, 20 * 24 * 60))))
        )
        asked = datetime.combine(start.date() - timedelta(days=dice.randint(2, 30)), time(9, tzinfo=ZONE))
        registered(day, slot, pregnancy_applicable=slot == "a", at=f"{FOUNDED} 10:00")
        changes: dict[str, Any] = {"pregnancy": {"basis": "asked", "status": "not-pregnant"}} if slot == "a" else {}
        modality = "telemedicine" if remote else "in-person"
        changes |= {"modality": modality, "urinary_screened": not screened_late, "weight": str(part.weight)}
        evaluated(day, slot, said(evaluation), **changes)
        screened(day, slot, said(asked), outcome=dice.choice(("clear", "concern")), plan="A plan.")
        consented(
            day,
            slot,
            said(evaluation + timedelta(minutes=dice.randint(5, 40))),
            valid_until=f"{until}",
            routes=EVERY_ROUTE,
        )
        prepared_for_it(
            day, slot, said(prepared - timedelta(minutes=50)), said(prepared), attended=True, private=True
        )  # fmt: skip
        for route in dict.fromkeys(each.route for sitting in sittings for each in sitting.dosed if each.slot == slot):
            doses = [each for sitting in sittings for each in sitting.dosed if (each.slot, each.route) == (slot, route)]
            given = [mg for each in doses for mg in (each.mg, each.again_mg) if mg]
            ordered(
                day,
                slot,
                said(evaluation + timedelta(minutes=45)),
                route=route,
                form="vial" if route in INJECTED else "lozenge",
                dose_min={"unit": "mg", "value": str(min(given))},
                dose_max={"unit": "mg", "value": str(max(given))},
                max_redoses=int(any(each.again for each in doses)),
                valid_from=f"{evaluation:%Y-%m-%d}",
                valid_to=f"{until}",
            )
    for sitting in sittings:
        scheduled = make(
            "session-scheduled/1",
            couple=COUPLE,
            course=None,
            location=PLACE,
            mode=sitting.mode,
            ordinal=sitting.number,
            planned_start=instant(said(sitting.opened)),
            staff=[],
            person_a=ANA,
            person_b=BEN,
        )
        day.put(scheduled, sitting.session, said(start - timedelta(days=32)))
    if any(part.injected for sitting in sittings for part in sitting.dosed):
        counted(day, f"{FOUNDED} 10:30", kind="initial")
        received(day, f"{FOUNDED} 11:00", VIAL, amount={"unit": "mg", "value": "5000"}, volume="100")


def sends_back(day: CoupleDay, at: datetime) -> None:
    """What is left of the clinic's vial goes back, so that nothing of it has to be counted any more."""
    out = [
        each.event.mass.mg
        for each in day.placed
        if isinstance(each.event, WastageRecorded)
        or (isinstance(each.event, DoseAdministered) and each.event.container == VIAL)
    ]
    if any(isinstance(each.event, StockReceived) for each in day.placed):
        fields = blank("returned-to-reverse-distributor/1") | {
            "amount": {"unit": "mg", "value": f"{5000 - sum(out)}"},
            "distributor": "Distributor",
            "distributor_dea": "RX0000001",
            "form": "F-1",
        }
        day.put(make("returned-to-reverse-distributor/1", **fields), VIAL, said(at))


def _first_of(sittings: list[Sitting], slot: str) -> tuple[Part, Sitting]:
    """Somebody's part of the first session in which they are dosed; of the first one if they never are."""
    parts = [(part, each) for each in sittings for part in each.parts if part.slot == slot]
    return next(((part, each) for part, each in parts if part.dosed), parts[0])


def bottle(sitting: Sitting, slot: str) -> str:
    """Somebody's own medication for one session."""
    return f"stock/{uuid(400 + 10 * sitting.number + (slot == 'b'))}"
