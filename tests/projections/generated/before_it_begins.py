"""Violations before the first dose: who may be treated at all, what was ordered, and how somebody arrived."""

from __future__ import annotations

from datetime import date, timedelta

from tests.ledger.clinic import MD1, PLACE, RN1
from tests.projections.generated.couple_day import said
from tests.projections.generated.founding import bottle
from tests.projections.generated.plan import minutes
from tests.projections.generated.seeding import Case, violation
from tests.projections.rules.day import PROTOCOL, instant
from tests.projections.rules.standing import ASKED, consented, declined

LOZENGES = ("sublingual",)


@violation("ELIG-01", "the latest evaluation defers")
def _(case: Case) -> None:
    case.changes("evaluation-completed", case.person, outcome="deferred")


@violation("ELIG-01", "the evaluation was not in private")
def _(case: Case) -> None:
    case.changes("evaluation-completed", case.person, private=False)


@violation("ELIG-01", "the evaluation is 31 days old before the first session ever", also=("ELIG-02", "REC-01"))
def _(case: Case) -> None:
    place = case.day.all_of("evaluation-completed", case.person)[0]
    age = (case.sitting.day - case.day.at(place).date()).days
    case.moves("evaluation-completed", case.person, days=age - 31)


@violation("ELIG-02", "the evaluator's DEA registration ended before", also=("SUP-02", "REL-05"), about="any")
def _(case: Case) -> None:
    place = next(each for each in case.day.all_of("credential-granted", MD1) if _kind(case, each) == "dea")
    _expires(case, place, case.day.at(case.day.all_of("evaluation-completed")[0]).date() - timedelta(days=1))


@violation("ELIG-03", "there is no consent")
def _(case: Case) -> None:
    case.drops("consent-signed", case.person)


@violation("ELIG-03", "the consent ran out the day before")
def _(case: Case) -> None:
    case.changes("consent-signed", case.person, valid_until=f"{case.sitting.day - timedelta(days=1)}")


@violation("ELIG-03", "the consent leaves out the route")
def _(case: Case) -> None:
    place = case.day.all_of("consent-signed", case.person)[0]
    scope = case.day.placed[place].event.model_dump()["scope"]
    scope["routes"] = [each for each in scope["routes"] if each != case.part.route]
    case.changes("consent-signed", case.person, scope=scope)


@violation("ELIG-03", "the form was replaced meanwhile")
def _(case: Case) -> None:
    case.changes("consent-signed", case.person, version="v2")


@violation("ELIG-04", "more is agreed to under the effect of a dose", also=("ELIG-03",))
def _(case: Case) -> None:
    at = case.part.given + minutes(case.dice.choice((0, 30)))
    consented(case.day, case.slot, said(at), touch=["hand"], routes=[case.part.route])


@violation("ELIG-05", "the checklist is missing")
def _(case: Case) -> None:
    case.changes("evaluation-completed", case.person, contraindications=None)
    case.changes("participant-checked-in", contraindications=None)


@violation("ELIG-05", "a contraindication is not resolved")
def _(case: Case) -> None:
    present = [{"kind": "psychosis-or-mania", "resolved": False}]
    case.changes("participant-checked-in", contraindications=present)


@violation("ELIG-06", "nobody asked about a pregnancy")
def _(case: Case) -> None:
    case.changes("participant-registered", case.person, pregnancy_applicable=True)
    case.changes("participant-checked-in", pregnancy=None)
    case.changes("evaluation-completed", case.person, pregnancy=None)


@violation("ELIG-08", "there is no private safety screen")
def _(case: Case) -> None:
    case.drops("private-safety-screen-completed", case.person)


@violation("ELIG-08", "the screen was not alone")
def _(case: Case) -> None:
    case.changes("private-safety-screen-completed", case.person, alone=False)


@violation("ELIG-08", "a concern has no plan")
def _(case: Case) -> None:
    case.changes("private-safety-screen-completed", case.person, outcome="concern", plan=None)


@violation("ELIG-09", "nobody prepared them")
def _(case: Case) -> None:
    case.drops("preparation-session-held", case.person)


@violation("ELIG-09", "the preparation ended less than 24 h before")
def _(case: Case) -> None:
    ended = case.part.given - timedelta(hours=24) + minutes(1)
    case.changes(
        "preparation-session-held", case.person, began=instant(said(ended - minutes(50))), ended=instant(said(ended))
    )


@violation("ELIG-10", "seen through a screen alone when that was no longer allowed", "remote", about="any")
def _(case: Case) -> None:
    _figures(case, "eligibility", telemedicine_until="2026-03-01")


@violation("ORD-01", "there is no order", also=("ORD-02", "CS-14"))
def _(case: Case) -> None:
    case.drops("order-signed", case.person)


@violation("ORD-01", "the order ran out the day before", also=("ORD-02",))
def _(case: Case) -> None:
    case.changes("order-signed", case.person, valid_to=f"{case.sitting.day - timedelta(days=1)}")


@violation("ORD-02", "more was given than ordered")
def _(case: Case) -> None:
    less = {"unit": "mg", "value": str(case.part.mg - 1)}
    case.changes("order-signed", case.person, dose_min={"unit": "mg", "value": "1"}, dose_max=less)


@violation("ORD-02", "a second dose was not ordered", "redose", *LOZENGES)
def _(case: Case) -> None:
    case.changes("order-signed", case.person, max_redoses=0)


@violation("ORD-03", "more than the route allows at once", also=("ORD-02", "ORD-04", "CS-01", "CS-02"), about="any")
def _(case: Case) -> None:
    most = {"intramuscular": "1", "intravenous": None}.get(case.part.route, "49")
    if most is None:
        _figures(case, "dose", infusion_min=61)
    else:
        _figures(case, "dose", max_mg=_by_route(case, "max_mg") | {case.part.route: most})


@violation("ORD-04", "more doses than allowed in a session", "redose", "intramuscular", about="any")
def _(case: Case) -> None:
    _figures(case, "dose", max_doses=1)


@violation("ORD-04", "more mg than allowed in a session", "redose", *LOZENGES, about="any")
def _(case: Case) -> None:
    _figures(
        case, "dose", session_max_mg=_by_route(case, "session_max_mg") | {case.part.route: str(case.part.on_board - 1)}
    )


@violation("ORD-05", "the second dose too soon for its order", "redose", "buccal")
def _(case: Case) -> None:
    case.changes("order-signed", case.person, redose_after_min=120)


@violation("ORD-06", "two sessions too near to each other", "several", about="any")
def _(case: Case) -> None:
    _figures(case, "dose", gap_clinic_h=24 * 30)


@violation("ORD-06", "a seventh session without a review", "six", about="any")
def _(case: Case) -> None:
    _figures(case, "dose", review_every=1)


@violation("ORD-07", "only one identifier was checked")
def _(case: Case) -> None:
    case.changes("dose-administered", nth=0, identifiers=("name",))


@violation("ORD-08", "the lozenges had expired", *LOZENGES)
def _(case: Case) -> None:
    yesterday = f"{case.sitting.day - timedelta(days=1)}"
    case.changes("own-medication-checked-in", bottle(case.sitting, case.slot), expires=yesterday)


@violation("ORD-09", "somebody who said no was given a dose")
def _(case: Case) -> None:
    declined(case.day, case.slot, said(case.part.given - minutes(1)))


@violation("ORD-10", "nobody counted what was taken out", *LOZENGES)
def _(case: Case) -> None:
    case.changes("dose-prepared", nth=0, units=None, count_checked=False)


@violation("ORD-10", "nobody checked what was drawn", "intramuscular", also=("REC-17", "CS-13"))
def _(case: Case) -> None:
    case.day.signs_otherwise("dose-prepared", case.record, (RN1, "performed", "nurse"), nth=0)


@violation("PRE-01", "nobody measured", also=("PRE-02", "PRE-03", "REL-02"))
def _(case: Case) -> None:
    case.drops("pre-dose-assessed")


@violation("PRE-01", "the breathing was not counted", also=("PRE-03",))
def _(case: Case) -> None:
    case.changes("pre-dose-assessed", respiratory_rate=None)


@violation("PRE-02", "a dose at 141 with no decision", also=("REL-02",))
def _(case: Case) -> None:
    case.changes("pre-dose-assessed", blood_pressure={"systolic": 141, "diastolic": 80})


@violation("PRE-03", "a dose at a heart rate of 111")
def _(case: Case) -> None:
    case.changes("pre-dose-assessed", heart_rate=111)


@violation("PRE-04", "a meal too short before")
def _(case: Case) -> None:
    hours = 4 if case.part.injected else 2
    case.changes(
        "participant-checked-in", last_food=instant(said(case.part.given - timedelta(hours=hours) + minutes(1)))
    )


@violation("PRE-04", "nobody asked what they drank")
def _(case: Case) -> None:
    case.changes("participant-checked-in", last_fluid=None)


@violation("PRE-05", "cannabis, and nobody decided")
def _(case: Case) -> None:
    case.changes("participant-checked-in", taken_lately={**ASKED, "cannabis": True})


@violation("PRE-05", "nobody asked about opioids")
def _(case: Case) -> None:
    case.changes("participant-checked-in", taken_lately={**ASKED, "opioids": None})


@violation("PRE-06", "no acknowledgement")
def _(case: Case) -> None:
    case.drops("no-driving-acknowledged")


@violation("PRE-06", "the acknowledgement in the minute of the dose")
def _(case: Case) -> None:
    place = case.day.all_of("no-driving-acknowledged", case.record)[0]
    step = case.part.given - case.day.at(place)
    case.moves("no-driving-acknowledged", minutes=step.total_seconds() / 60)


@violation("PRE-06", "no plan for the way home", also=("REL-09",))
def _(case: Case) -> None:
    case.drops("transport-plan-signed")


@violation("PRE-07", "the readiness is 24 h and a minute old", about="any")
def _(case: Case) -> None:
    age = (case.sitting.opened - case.sitting.ready).total_seconds() / 60
    case.moves("emergency-readiness-checked", PLACE, minutes=age - 24 * 60 - 1)


@violation("PRE-08", "nobody asked about suicide")
def _(case: Case) -> None:
    case.changes("participant-checked-in", suicidality=None)


@violation("PRE-09", "no information on sedation where the state asks for it", "utah")
def _(case: Case) -> None:
    case.drops("sedation-information-given")


def _kind(case: Case, place: int) -> str:
    return str(case.day.placed[place].event.model_dump()["credential"])


def _expires(case: Case, place: int, day: date) -> None:
    nth = case.day.all_of("credential-granted", MD1).index(place)
    case.changes("credential-granted", MD1, nth=nth, effective="2024-01-01", expires=f"{day}")


def _figures(case: Case, part: str, **changes: object) -> None:
    """The protocol that was pinned at the opening says something else."""
    figures = case.day.placed[case.day.all_of("protocol-published")[0]].event.model_dump()["parameters"]
    case.changes("protocol-published", PROTOCOL, parameters=figures | {part: figures[part] | changes})


def _by_route(case: Case, name: str) -> dict[str, str | None]:
    figures = case.day.placed[case.day.all_of("protocol-published")[0]].event.model_dump()["parameters"]
    return dict(figures["dose"][name])
