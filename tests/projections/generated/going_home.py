"""Violations from the discharge assessment to the last talk: how somebody was let go, and who asked afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.ledger.clinic import ANA, BEN, PT1
from tests.projections.generated.couple_day import said
from tests.projections.generated.plan import minutes
from tests.projections.generated.seeding import Case, violation
from tests.projections.rules.day import instant

GOING = (
    "discharge-assessed",
    "no-driving-release-signed",
    "escort-verified",
    "release-authorised",
    "participant-departed",
)
"""What somebody's leaving is made of, in its order."""
AFTERWARDS = ("follow-up-contact-made", "integration-session-held", "integration-offered")


@violation("REL-01", "released 119 min after the last dose", "solo", "buccal", also=("REL-14", "CS-01"))
def _(case: Case) -> None:
    _leaves_earlier(case, case.part.last + minutes(119))


@violation("REL-02", "released with 141 over 80")
def _(case: Case) -> None:
    case.changes("discharge-assessed", blood_pressure={"systolic": 141, "diastolic": 80})


@violation("REL-02", "nobody measured in the last 20 min", also=("REL-03", "REL-04"))
def _(case: Case) -> None:
    for nth, at in reversed(list(enumerate(case.part.checks))):
        if at >= case.part.released - minutes(20):
            case.changes("supervision-checked", nth=nth, blood_pressure=None)
    case.changes("discharge-assessed", blood_pressure=None)


@violation("REL-03", "released with an Aldrete score of 8")
def _(case: Case) -> None:
    case.changes("discharge-assessed", aldrete=8)


@violation("REL-04", "released while still dissociated")
def _(case: Case) -> None:
    case.changes("discharge-assessed", cadss6=5)


@violation("REL-04", "released without a steady gait")
def _(case: Case) -> None:
    case.changes("discharge-assessed", gait_steady=False)


@violation("REL-05", "released by a therapist", also=("SUP-02",))
def _(case: Case) -> None:
    case.day.signs_otherwise("release-authorised", case.record, (PT1, "authorised-release", "therapist"))


@violation("REL-06", "no promise before the release", also=("REL-12",))
def _(case: Case) -> None:
    case.drops("no-driving-release-signed")


@violation("REL-06", "no written instructions")
def _(case: Case) -> None:
    case.changes("release-authorised", instructions=None)


@violation("REL-07", "nobody looked at the escort", "staggered", also=("REL-12",))
def _(case: Case) -> None:
    case.drops("escort-verified")


@violation("REL-07", "the escort was not sober", "staggered")
def _(case: Case) -> None:
    case.changes("escort-verified", sober=False)


@violation("REL-07", "the dosed partner is the escort", "simultaneous", also=("REL-09",))
def _(case: Case) -> None:
    partner = BEN if case.slot == "a" else ANA
    escort = {"name": None, "phone": None, "relationship": "partner", "staff": None, "person": partner}
    for kind in ("escort-verified", "participant-departed"):
        case.changes(kind, escort=escort)


@violation("REL-08", "a ride alone", "staggered", also=("REL-07", "REL-09"))
def _(case: Case) -> None:
    case.changes("participant-departed", mode="solo-rideshare", escort=None)


@violation("REL-09", "home in another way than planned", "staggered")
def _(case: Case) -> None:
    case.changes("participant-departed", mode="shuttle" if case.sitting.number % 2 else "escort-car")


@violation("REL-10", "no call was booked for the next day")
def _(case: Case) -> None:
    case.changes("session-closed", case.sitting.session, **{f"follow_up_booked_{case.slot}": False})


@violation("REL-11", "gone without a release, and nobody wrote down how they were", also=("SUP-05",))
def _(case: Case) -> None:
    case.drops("release-authorised")


@violation("REL-11", "left against advice, and no prescriber heard of it", "against advice")
def _(case: Case) -> None:
    case.changes("left-against-advice", prescriber=None, informed_at=None)


@violation("REL-12", "nobody knows where the keys are")
def _(case: Case) -> None:
    case.changes("participant-checked-in", arrived="own-vehicle")
    case.changes("no-driving-release-signed", keys_secured=False, vehicle_on_site=False)


@violation("REL-13", "told to drive a minute too early", also=("REL-06",))
def _(case: Case) -> None:
    early = case.part.last + timedelta(hours=24) - minutes(1)
    until = {"at": instant(said(early)), "local": f"{said(early)} EDT"}
    for kind in ("release-authorised", "no-driving-release-signed"):
        case.changes(kind, no_drive_until=until)


@violation(
    "REL-14",
    "released less than 3 h after the couple's first dose",
    "solo",
    "intravenous",
    also=("REL-01",),
    about="any",
)
def _(case: Case) -> None:
    _leaves_earlier(case, max(case.part.last + minutes(120), case.sitting.first + minutes(150)))
    if case.part.last + minutes(120) >= case.sitting.first + minutes(180):
        _leaves_earlier(case, case.sitting.first + minutes(179))


@violation("FU-01", "nobody called the next day")
def _(case: Case) -> None:
    case.drops("follow-up-contact-made")


@violation("FU-01", "the call came after 36 h and a minute")
def _(case: Case) -> None:
    called = case.day.at(case.day.all_of("follow-up-contact-made", case.record)[0])
    step = case.part.left + timedelta(hours=36) + minutes(1) - called
    case.moves("follow-up-contact-made", minutes=step.total_seconds() / 60)


@violation("FU-01", "nobody asked whether they drove")
def _(case: Case) -> None:
    case.changes("follow-up-contact-made", drove_before_window=None)


@violation("FU-02", "no talk within a week, and none offered")
def _(case: Case) -> None:
    talks = "integration-session-held"
    case.drops(talks if case.day.all_of(talks, case.record) else "integration-offered")


@violation("FU-03", "six sessions, and nobody asked", "six", "simultaneous", about="any")
def _(case: Case) -> None:
    case.changes("follow-up-contact-made", urinary_screened=False)


@violation("AE-01", "nobody said how an adverse event ended within a day")
def _(case: Case) -> None:
    case.day.goes_badly(case.slot, said(case.part.checks[0]), term="nausea", severity=1, plan="Wait.")


@violation("AE-02", "of a serious adverse event a prescriber heard after 16 min")
def _(case: Case) -> None:
    at = case.part.checks[0]
    classed: dict[str, Any] = {
        "outcome": "recovered",
        "relatedness": "related",
        "seriousness": "serious",
        "severity": 4,
    }
    case.day.goes_badly(case.slot, said(at), criteria=["life-threatening"], **classed)
    case.day.calls(case.slot, said(at + minutes(16)))


@violation("AE-03", "nothing went along to the hospital", "transferred")
def _(case: Case) -> None:
    case.changes("participant-transferred", documents=())


@violation("AE-03", "nobody wrote down when it was called for", "transferred")
def _(case: Case) -> None:
    case.changes("participant-transferred", called_at=None)


@violation("AE-04", "closed with an adverse event that has neither outcome nor plan")
def _(case: Case) -> None:
    case.day.goes_badly(case.slot, said(case.part.checks[0]), term="nausea", severity=1)
    classed: dict[str, Any] = {"outcome": "recovered", "relatedness": "probable", "seriousness": "not-serious"}
    case.day.learns(case.slot, said(case.sitting.closed + minutes(60)), **classed)


def _leaves_earlier(case: Case, released: datetime) -> None:
    """All of somebody's leaving happens earlier, so that the release is at this time."""
    at = case.day.at(case.day.all_of("release-authorised", case.record)[0])
    step = (released - at).total_seconds() / 60
    for nth, look in reversed(list(enumerate(case.part.checks))):
        if look > released:
            case.drops("supervision-checked", nth=nth)
    for kind in (*GOING, *AFTERWARDS):
        if case.day.all_of(kind, case.record):
            case.moves(kind, minutes=step)
