"""Violations in how it was written down: late, in a wrong order, twice, by the wrong clock, without the other name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ledger.events.paper import Performer
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, check, make
from tests.projections.generated.couple_day import said
from tests.projections.generated.plan import minutes
from tests.projections.generated.seeding import Case, violation
from tests.projections.rules.afterwards_words import INCIDENT


@violation("REC-01", "a look is written down 16 min later")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.looks_at(case.slot, said(at), recorded=said(at + minutes(16)))


@violation("REC-01", "an act is written down 61 min later")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.acts(case.slot, said(at), "reassurance", recorded=said(at + minutes(61)))


@violation("REC-02", "a critical value is corrected, and nobody else signs", also=("REC-17",))
def _(case: Case) -> None:
    place = case.day.all_of("dose-administered", case.record)[0]
    was = case.day.placed[place].event.model_dump()["mass"]
    now = {"unit": "mg", "value": str(int(was["value"]) + 1)}
    at = said(case.part.given + minutes(10))
    case.day.corrects(at, of=place, clinical=[("mass", was, now)])


@violation("REC-03", "somebody countersigns their own act", also=("REC-17",))
def _(case: Case) -> None:
    place = case.day.all_of("supervision-checked", case.record)[0]
    case.day.signs(said(case.sitting.closed), of=place, by=RN1, role="nurse", gives="witnessed")


@violation("REC-06", "nobody knows what the tablet's clock showed")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.brings(case.slot, said(at), 1, received=said(at + minutes(10)))


@violation("REC-06", "the tablet's clock was 61 s ahead")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.hears(said(at), 1, 1, ahead=61)
    case.day.brings(case.slot, said(at), 1)


@violation("REC-07", "an entry of the tablet never arrived", also=("REC-06",))
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.hears(said(at), 1, 2)
    case.day.brings(case.slot, said(at), 2)


@violation("REC-07", "an entry came in 72 h and a minute later")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.hears(said(at + timedelta(hours=72) + minutes(1)), 1, 1)
    case.day.brings(case.slot, said(at), 1, received=said(at + timedelta(hours=72) + minutes(1)))


@violation("REC-08", "looked at after they left", also=("SUP-05", "REC-01"))
def _(case: Case) -> None:
    case.day.looks_at(case.slot, said(case.part.left + minutes(1)))


@violation("REC-08", "the session was closed before they left", also=("REL-10",), about="any")
def _(case: Case) -> None:
    last = max(part.left for part in case.sitting.parts)
    step = (last - minutes(1) - case.sitting.closed).total_seconds() / 60
    case.moves("session-closed", case.sitting.session, minutes=step)


@violation("REC-08", "checked in after they were measured", also=("PRE-05", "PRE-08", "ELIG-06", "PRE-04", "ELIG-05"))
def _(case: Case) -> None:
    measured = case.day.at(case.day.all_of("pre-dose-assessed", case.record)[0])
    arrived = case.day.at(case.day.all_of("participant-checked-in", case.record)[0])
    case.moves("participant-checked-in", minutes=(measured + minutes(1) - arrived).total_seconds() / 60)


@violation(
    "REC-09",
    "the same dose is on record twice within 15 min",
    *("plain", "buccal"),
    also=(
        "ORD-01",
        "ORD-02",
        "ORD-04",
        "ORD-05",
        "ORD-10",
        "PRE-02",
        "REL-01",
        "REL-13",
        "SUP-03",
        "SUP-05",
        "CS-01",
        "CS-02",
        "CS-06",
    ),
)
def _(case: Case) -> None:
    place = case.day.all_of("dose-administered", case.record)[0]
    case.day.put(case.day.placed[place].event, SESSION + "/" + case.slot, said(case.part.given + minutes(15)))


@violation("SUP-11", "nobody signs what somebody else typed for them", also=("REC-17", "REC-01"))
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.put(check(), f"{SESSION}/{case.slot}", said(at), who=((PT1, "transcribed", "therapist"),))
    did = Performer.model_validate({"by": RN1, "meaning": "performed", "role": "nurse"})
    case.day.placed[-1] = replace(case.day.placed[-1], performed=(did,))


@violation("REC-17", "nobody else signs that they left against advice", "against advice", also=("REL-11",))
def _(case: Case) -> None:
    case.day.signs_otherwise("left-against-advice", case.record, (RN1, "observed", "nurse"))


@violation("AE-05", "a boundary incident came in after 24 h and a minute", about="any")
def _(case: Case) -> None:
    event = make("boundary-incident-recorded/1", kind="partner-pressure", session=case.sitting.session)
    at = case.part.given
    case.day.put(
        event,
        INCIDENT,
        said(at),
        recorded=said(at + timedelta(hours=24) + minutes(1)),
        who=((MD1, "performed", "prescriber"),),
    )


@violation("REC-04", "signed with a key that was revoked before", also=("REC-17",), about="any")
def _(case: Case) -> None:
    event = make("key-revoked/1", key=f"{0:064d}", reason="stolen", suspect_from=None)
    case.day.put(event, "keys", said(case.sitting.closed + minutes(1)), who=((MD1, "revoked", "security-officer"),))


@violation("REC-15", "what somebody said stands in a note")
def _(case: Case) -> None:
    classed: dict[str, Any] = {
        "outcome": "recovered",
        "relatedness": "probable",
        "seriousness": "not-serious",
        "severity": 1,
    }
    case.day.goes_badly(case.slot, said(case.part.checks[0]), text='She said: "you always say that to me".', **classed)
