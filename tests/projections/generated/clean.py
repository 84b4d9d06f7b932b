"""
Whole clean sessions of one couple, written from a seed: from the clinic's founding to the last talk afterwards.

    clean(7)                            one, two or three sessions, whatever the dice say
    clean(7, "simultaneous", "redose")  with these traits for certain
    clean(7, "plain")                   one session in which nothing happens beside what has to

The traits are the names of `EXTRAS`, of the four ways of dosing a couple, of the routes, and those in `OTHERS`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.ledger.clinic import ANA, BEN, MD1, PLACE, PT1, RN1, SESSION, blank, make
from tests.ledger.clinic import dose as lozenge
from tests.projections.generated.couple_day import CoupleDay, said
from tests.projections.generated.extras import EXTRAS
from tests.projections.generated.founding import bottle, clinic, couple, sends_back
from tests.projections.generated.plan import MODES, NEVER, ROUTES, Part, Sitting, minutes, sitting
from tests.projections.rules.day import DRIVER, SISTER, instant
from tests.projections.rules.leaving import assessed, released, went
from tests.projections.rules.standing import (
    VIAL,
    authorisation,
    checked_in,
    decided,
    declined,
    is_ready,
    made_ready,
    measured,
    will_not_drive,
)

HABITS = ("took something", "hold", "reachable", "nobody answers")
"""What may be so in any session, beside the extras."""
OTHERS = (
    "plain",
    "redose",
    "remainder",
    "retreat",
    "remote",
    "utah",
    "solo of a",
    "several",
    "six",
    "transferred",
    "against advice",
    *HABITS,
)
SHUTTLE: dict[str, Any] = {
    "name": "Dana Driver",
    "person": None,
    "phone": None,
    "relationship": "staff",
    "staff": DRIVER,
}
UNDOSED: dict[str, Any] = {"name": None, "phone": None, "relationship": "partner", "staff": None}
PERSONS = {"a": ANA, "b": BEN}


def clean(seed: int, *traits: str) -> CoupleDay:
    """A record with which nothing is wrong; the same one every time for the same seed and traits."""
    asked = frozenset(traits)
    known = {*EXTRAS, *OTHERS, *MODES, *ROUTES}
    assert asked <= known, asked - known
    dice = Random(f"clean {seed} {sorted(asked)}")
    plain = "plain" in asked
    retreat = "retreat" in asked or (not (plain or asked & {"several", "six"}) and dice.random() < 0.3)
    count = (
        2
        if retreat
        else 6
        if "six" in asked
        else 3
        if "several" in asked
        else 1
        if plain
        else dice.choice((1, 1, 1, 2))
    )
    sittings: list[Sitting] = []
    on, after = date(2026, 4, 6) + timedelta(days=dice.randint(0, 100)), NEVER
    for number in range(1, count + 1):
        stays = retreat and number == 1
        sittings.append(sitting(dice, asked, number, on, stays=stays, after=after))
        after = max(part.last for part in sittings[-1].dosed)
        on += timedelta(days=1 if stays else dice.randint(5, 9))
    day = CoupleDay(sittings)
    protocol = clinic(day, dice, retreat=retreat, state="UT" if "utah" in asked else "NY")
    couple(day, dice, sittings, remote="remote" in asked, screened_late="six" in asked)
    for each in sittings:
        chosen = asked if plain else asked | {name for name in (*EXTRAS, *HABITS) if dice.random() < 0.12}
        _tell(day, dice, each, chosen, protocol)
    sends_back(day, max(each.closed for each in sittings) + timedelta(hours=1))
    return day.sorted()


def _tell(day: CoupleDay, dice: Random, sitting: Sitting, traits: frozenset[str], protocol: str) -> None:
    """One session, from the readiness of the place to the talks afterwards."""
    day.session = sitting.session
    is_ready(day, said(sitting.ready))
    _opens(day, sitting, protocol, near="reachable" not in traits)
    watched_from = sitting.opened + minutes(dice.randint(0, 20))
    if sitting.one_each:
        day.assigns(said(watched_from), "a").assigns(said(watched_from), "b", monitor=PT1)
    else:
        day.assigns(said(watched_from))
    for part in sitting.parts:
        _arrives(day, dice, sitting, part, traits)
        if part.dosed:
            _is_dosed(day, dice, sitting, part, traits)
            _is_watched(day, dice, part)
            _goes(day, dice, sitting, part, traits)
    for part in sitting.parts:
        if not part.dosed:
            day.leaves(part.slot, said(part.left), alone=True, mode="own-vehicle")
    for name, tell in EXTRAS.items():
        if name in traits:
            tell(day, dice, sitting)
    _closes(day, sitting)
    for part in sitting.dosed:
        _is_asked_afterwards(day, dice, sitting, part, traits)


def _opens(day: CoupleDay, sitting: Sitting, protocol: str, *, near: bool) -> None:
    roles = {f"role_{part.slot}": "dosing" if part.dosed else "sober-support" for part in sitting.parts}
    opened = make(
        "session-opened/1",
        location=PLACE,
        mode=sitting.mode,
        prescriber=MD1,
        presence="on-site" if near else "reachable",
        protocol={"dig": protocol, "id": "00000000-0000-7000-8000-000000000000"},
        room=None,
        staff=[{"role": "nurse", "staff": RN1}, {"role": "prescriber", "staff": MD1}],
        **roles,
    )
    day.put(opened, SESSION, said(sitting.opened), who=((RN1, "authorised", "nurse"),))


def _arrives(day: CoupleDay, dice: Random, sitting: Sitting, part: Part, traits: frozenset[str]) -> None:
    """Somebody comes in and is asked; whoever is dosed is measured and signs how they get home."""
    at = sitting.opened + minutes(dice.randint(0, 15))
    fasting = (240, 120) if part.injected else (120, 30)
    dosed = part.given if part.dosed else sitting.first
    fluid = min(at, dosed - minutes(fasting[1])) - minutes(dice.choice((0, dice.randint(0, 60))))
    food = dosed - minutes(fasting[0] + dice.choice((0, dice.randint(0, 200))))
    pregnancy = {"basis": "asked", "status": "not-pregnant"} if part.slot == "a" else None
    asked = {
        "alcohol": False,
        "cannabis": False,
        "maoi": False,
        "opioids": False,
        "sedatives": False,
        "stimulants": False,
    }
    if took := "took something" in traits and part.dosed:
        asked["cannabis"] = True
    checked_in(
        day,
        part.slot,
        said(at),
        arrived=dice.choice(("driven", "own-vehicle", "shuttle")),
        last_fluid=instant(said(fluid)),
        last_food=instant(said(food)),
        pregnancy=pregnancy,
        suicidality=dice.choice(("none", "passive")),
        taken_lately=asked,
    )
    if took:
        decided(day, part.slot, said(at + minutes(3)))
    if not part.dosed:
        declined(day, part.slot, said(at + minutes(dice.randint(1, 20))))
        return
    taken = part.given - minutes(dice.choice((0, dice.randint(1, 20), 30)))
    held = "hold" in traits
    measured(day, part.slot, said(taken), (150, 88) if held else _calm(dice), heart_rate=dice.randint(50, 110))
    if held:
        decided(day, part.slot, said(taken))
    signs = min(part.given - minutes(dice.randint(1, 25)), part.given - minutes(1))
    mode, destination, escort = _way_home(sitting, part)
    plan = blank("transport-plan-signed/1") | {
        "text": "a" * 64,
        "mode": mode,
        "destination": destination,
        "escort": escort,
        "understands_until": True,
    }
    day.put(make("transport-plan-signed/1", **plan), f"{SESSION}/{part.slot}", said(signs))
    will_not_drive(day, part.slot, said(signs))
    if "utah" in traits:
        fields = {"level": "minimal", "provider": MD1, "text": "a" * 64, "understood": True, "version": "v1"}
        day.put(make("sedation-information-given/1", **fields), f"{SESSION}/{part.slot}", said(signs))


def _way_home(sitting: Sitting, part: Part) -> tuple[str, str, dict[str, Any] | None]:
    """How they travel, where to, and with whom: to bed, with the shuttle, with the undosed partner, or a sister."""
    if sitting.stays:
        return "onsite-lodging", "onsite-lodging", None
    if sitting.mode == "solo":
        return "escort-car", "home", {**UNDOSED, "person": PERSONS[sitting.partner_of(part).slot]}
    return ("escort-car", "home", SISTER) if sitting.number % 2 else ("shuttle", "home", SHUTTLE)


def _is_dosed(day: CoupleDay, dice: Random, sitting: Sitting, part: Part, traits: frozenset[str]) -> None:
    own = bottle(sitting, part.slot)
    container = VIAL if part.injected else own
    if not part.injected:
        _counted(day, sitting, part, "own-medication-checked-in/1", sitting.opened, "10")
    for number, (at, mg) in enumerate(((part.given, part.mg), (part.again, part.again_mg)), 1):
        if at is None:
            continue
        label = f"S{sitting.number}-{part.slot}-{number}"
        permitted = authorisation(str(mg), part.route)
        day.put(permitted, f"{SESSION}/{part.slot}", said(at), who=((MD1, "authorised", "prescriber"),))
        drawn = mg + (dice.choice((0, 0, 5)) or 5 * ("remainder" in traits)) if part.injected else mg
        units = None if part.injected else f"{mg / 100:g}"
        how: dict[str, Any] = {"container": container, "label": label, "units": units}
        if part.injected:
            how |= {"concentration": "50", "drawn_from_vial": True, "volume": f"{drawn / 50:g}"}
            how["who"] = ((RN1, "performed", "nurse"), (MD1, "verified", "prescriber"))
        made_ready(day, part.slot, said(at), str(drawn), **how)
        given = lozenge(
            str(mg),
            container=container,
            label=label,
            route=part.route,
            ordinal=number,
            units=units,
            volume=f"{mg / 50:g}" if part.injected else None,
            weight=str(part.weight),
            weight_source="measured",
            hold_min=None if part.injected else 12,
            swallowed=None if part.injected else True,
            stopped_at=instant(said(part.stopped)) if part.stopped and number == 1 else None,
        )
        day.put(given, f"{SESSION}/{part.slot}", said(at))
        if drawn > mg:
            _wasted(day, at + minutes(dice.randint(1, 30)), label, drawn - mg)


def _wasted(day: CoupleDay, at: datetime, label: str, mg: int) -> None:
    fields = blank("wastage-recorded/1") | {
        "label": label,
        "mass": {"unit": "mg", "value": str(mg)},
        "method": "sequestration-pouch",
        "reason": "partial-dose",
        "session": day.session,
        "volume": f"{mg / 50:g}",
    }
    day.put(make("wastage-recorded/1", **fields), VIAL, said(at))


def _counted(day: CoupleDay, sitting: Sitting, part: Part, tag: str, at: datetime, count: str) -> None:
    """Own medication is handed in, or what is left of it handed back."""
    fields = blank(tag) | {"count": count, "owner": PERSONS[part.slot], "session": sitting.session}
    if tag.startswith("own-medication-checked-in"):
        fields |= {
            "code": f"own-{part.slot.upper()}{sitting.number}",
            "drug": "ketamine",
            "expires": f"{sitting.day:%Y-%m-%d}",
            "form": "lozenge",
            "pharmacy": "P",
            "prescription": "1",
            "strength": {"unit": "mg", "value": "100"},
        }
    theirs = f"{sitting.session}/{part.slot}"
    who = ((theirs, "relinquished", "participant"), (RN1, "received", "custodian"), (MD1, "observed", "prescriber"))
    if tag.startswith("own-medication-checked-out"):
        who = ((theirs, "received", "participant"), (RN1, "relinquished", "custodian"), (MD1, "observed", "prescriber"))
    day.put(make(tag, **fields), bottle(sitting, part.slot), said(at), who=who)


def _calm(dice: Random) -> tuple[int, int]:
    """A blood pressure on which one may give and release, the limits included."""
    return dice.choice((90, 140, dice.randint(100, 138))), dice.choice((50, 90, dice.randint(60, 88)))


def _is_watched(day: CoupleDay, dice: Random, part: Part) -> None:
    for at in part.checks:
        systolic, diastolic = _calm(dice)
        pressure = {"systolic": systolic, "diastolic": diastolic}
        day.looks_at(
            part.slot, said(at), blood_pressure=pressure, spo2=dice.randint(92, 100), moaas=dice.choice((4, 5))
        )


def _goes(day: CoupleDay, dice: Random, sitting: Sitting, part: Part, traits: frozenset[str]) -> None:
    if part.ending == "transferred":
        day.is_taken_away(part.slot, said(part.left))
    elif part.ending == "against-advice":
        went(day, part.slot, said(part.left), keys_secured=True)
    else:
        _is_released(day, dice, sitting, part)
    if not part.injected:
        left = 10 - part.on_board / 100
        _counted(day, sitting, part, "own-medication-checked-out/1", part.left, f"{left:g}")


def _is_released(day: CoupleDay, dice: Random, sitting: Sitting, part: Part) -> None:
    mode, destination, escort = _way_home(sitting, part)
    slot = part.slot
    assessed(day, slot, said(part.assessed), _calm(dice), aldrete=dice.choice((9, 10)), cadss6=dice.randint(0, 4))
    until = max([part.last, part.given]) + timedelta(hours=24)
    until += minutes(dice.choice((0, dice.randint(0, 300))))
    no_drive = {"at": instant(said(until)), "local": f"{said(until)} EDT"}
    promise = {
        "instructions": "v1",
        "no_drive_until": no_drive,
        "text": "a" * 64,
        "keys_secured": True,
        "teach_back": True,
        "vehicle_on_site": False,
    }
    fields = blank("no-driving-release-signed/1") | promise
    at = part.released - minutes(dice.randint(0, 3))
    day.put(make("no-driving-release-signed/1", **fields), f"{SESSION}/{slot}", said(at))
    if escort is not None:
        day.verifies(slot, said(at), escort)
    disposition = "onsite-lodging" if sitting.stays else "home-with-escort"
    role = dice.choice(((MD1, "prescriber"), (RN1, "nurse")))
    who = (role[0], "authorised-release", role[1])
    released(day, slot, said(part.released), until=said(until), who=who, disposition=disposition)
    day.leaves(slot, said(part.left), escort, alone=escort is None, destination=destination, mode=mode)


def _closes(day: CoupleDay, sitting: Sitting) -> None:
    fields = blank("session-closed/1") | {"stock_balanced": True}
    for part in sitting.parts:
        words = {"against-advice": "left-against-advice"}
        fields[f"ended_{part.slot}"] = words.get(part.ending, part.ending)
        fields[f"follow_up_booked_{part.slot}"] = True if part.dosed else None
    day.put(make("session-closed/1", **fields), SESSION, said(sitting.closed))


def _is_asked_afterwards(
    day: CoupleDay, dice: Random, sitting: Sitting, part: Part, traits: frozenset[str]
) -> None:  # fmt: skip
    """The call of the next day, and a talk within the week or at least its offer."""
    after = [dice.choice((12 * 60, dice.randint(12 * 60, 36 * 60), 36 * 60)) for _ in range(3)]
    calls = [part.left + minutes(each) for each in sorted(after)]
    sixth = "six" in traits and sitting.number == 6
    if "nobody answers" in traits and not sixth:
        for number, at in enumerate(calls):
            day.misses(part.slot, said(at), "escalated" if number == 2 else "further-contact")
    else:
        day.asks(part.slot, said(calls[1]), urinary_screened=sixth)
    talk = part.left + minutes(dice.choice((24 * 60, dice.randint(60, 168 * 60), 168 * 60)))
    if dice.random() < 0.8:
        day.talks(part.slot, said(talk))
    else:
        day.offers(part.slot, said(talk))
