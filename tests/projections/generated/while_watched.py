"""Violations from the first dose to the release: who watches, what is looked at, and what is done about it."""

from __future__ import annotations

from tests.ledger.clinic import MD1, PT1, RN1, SESSION, blank, make
from tests.projections.generated.couple_day import said
from tests.projections.generated.plan import minutes
from tests.projections.generated.seeding import Case, violation


@violation("SUP-01", "nobody watches for 6 min")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.leaves_alone(said(at), case.slot, monitor=case.monitor)
    case.day.is_back(said(at + minutes(6)), case.slot, monitor=case.monitor)


@violation("SUP-01", "somebody watches by video alone", "solo", also=("SUP-03",))
def _(case: Case) -> None:
    case.changes("monitor-assigned", case.sitting.session, in_person=False)


@violation("SUP-01", "whoever watched gave over to nobody", also=("SUP-10", "REC-17"))
def _(case: Case) -> None:
    case.day.leaves_alone(said(case.part.checks[-1]), case.slot, monitor=case.monitor)


@violation("SUP-02", "the nurse's life support had run out", about="")
def _(case: Case) -> None:
    places = case.day.all_of("credential-granted", RN1)
    kinds = [case.day.placed[place].event.model_dump()["credential"] for place in places]
    case.changes("credential-granted", RN1, nth=kinds.index("bls"), effective="2024-01-01", expires="2026-03-31")


@violation("SUP-02", "the monitor was never trained in this work", about="")
def _(case: Case) -> None:
    places = case.day.all_of("credential-granted", RN1)
    kinds = [case.day.placed[place].event.model_dump()["credential"] for place in places]
    case.drops("credential-granted", RN1, nth=kinds.index("kap"))


@violation("SUP-03", "one monitor for two who are injected", "simultaneous", "intramuscular", about="")
def _(case: Case) -> None:
    case.drops("monitor-assigned", case.sitting.session, nth=1)
    case.changes("monitor-assigned", case.sitting.session, covers=("a", "b"))


@violation("SUP-04", "the prescriber is nowhere", about="")
def _(case: Case) -> None:
    fields = blank("prescriber-presence-changed/1") | {"presence": None, "prescriber": MD1}
    gone = make("prescriber-presence-changed/1", **fields)
    case.day.put(gone, SESSION, said(case.part.given + minutes(5)), who=((MD1, "performed", "prescriber"),))


@violation("SUP-04", "the prescriber answers after 6 min", about="any")
def _(case: Case) -> None:
    at = case.part.checks[0]
    fields = blank("prescriber-presence-changed/1") | {"presence": "reachable", "prescriber": MD1}
    away = make("prescriber-presence-changed/1", **fields)
    case.day.put(away, SESSION, said(at), who=((MD1, "performed", "prescriber"),))
    case.day.calls(case.slot, said(at), answered=said(at + minutes(6)))


@violation("SUP-05", "nobody looked", also=("SUP-06",))
def _(case: Case) -> None:
    case.drops("supervision-checked")


@violation("SUP-05", "a look is a minute too late", "solo", also=("SUP-06",))
def _(case: Case) -> None:
    late = case.part.given + minutes(21)
    for nth, at in reversed(list(enumerate(case.part.checks))):
        if at < late:
            case.drops("supervision-checked", nth=nth)
    case.day.looks_at(case.slot, said(late))


@violation("SUP-06", "no blood pressure from 30 to 50 min")
def _(case: Case) -> None:
    for nth, at in enumerate(case.part.checks):
        if case.part.given + minutes(30) <= at <= case.part.given + minutes(50):
            case.changes("supervision-checked", nth=nth, blood_pressure=None)


@violation("SUP-07", "nothing is done about low oxygen")
def _(case: Case) -> None:
    case.changes("supervision-checked", nth=0, spo2=91)
    case.day.looks_at(case.slot, said(case.part.checks[0] + minutes(1)))


@violation("SUP-07", "low oxygen is not measured again in time")
def _(case: Case) -> None:
    case.changes("supervision-checked", nth=_lonely(case), spo2=91)
    case.day.acts(case.slot, said(case.part.checks[_lonely(case)]))


@violation("SUP-08", "nobody calls about deep sedation", also=("SUP-07",))
def _(case: Case) -> None:
    nth = _lonely(case)
    case.changes("supervision-checked", nth=nth, moaas=3)
    case.day.looks_at(case.slot, said(case.part.checks[nth] + minutes(5)))


@violation("SUP-08", "deep sedation is looked at again after 6 min")
def _(case: Case) -> None:
    nth = _lonely(case)
    case.changes("supervision-checked", nth=nth, moaas=2)
    case.day.calls(case.slot, said(case.part.checks[nth]))
    case.day.looks_at(case.slot, said(case.part.checks[nth] + minutes(6)))


@violation("SUP-09", "a high blood pressure is not measured again in time")
def _(case: Case) -> None:
    nth = _lonely(case)
    case.changes("supervision-checked", nth=nth, blood_pressure={"systolic": 160, "diastolic": 85})


@violation("SUP-09", "nobody calls about a critical blood pressure")
def _(case: Case) -> None:
    nth = _lonely(case)
    case.changes("supervision-checked", nth=nth, blood_pressure={"systolic": 150, "diastolic": 110})
    case.day.looks_at(case.slot, said(case.part.checks[nth] + minutes(5)))


@violation("SUP-10", "whoever takes over does not sign", also=("REC-17",), about="")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.hands_over(said(at), case.slot, outgoing=case.monitor, signed=("relinquished",))


@violation("SUP-10", "whoever takes over signs after 6 min", also=("REC-17",), about="")
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.hands_over(said(at), case.slot, outgoing=case.monitor, signed=("relinquished",))
    case.day.signs(said(at + minutes(6)), gives="received")


@violation("SUP-12", "the other is alone for 6 min in an emergency", also=("SUP-01", "SUP-03"))
def _(case: Case) -> None:
    at = case.part.checks[0]
    case.day.leaves_alone(said(at), case.slot, reason="partner-emergency", monitor=case.monitor)
    case.day.assigns(said(at + minutes(6)), case.slot, monitor=case.other_monitor)


@violation("SUP-13", "somebody goes out alone under the effect")
def _(case: Case) -> None:
    event = make("left-room/1", accompanied_by=None, purpose="toilet")
    case.puts(event, case.part.checks[0], who=((PT1, "observed", "therapist"),))


@violation("SUP-13", "nobody went along to the toilet")
def _(case: Case) -> None:
    case.changes("supervision-checked", nth=0, toileting_accompanied=False)


@violation("SUP-14", "nothing was obtained, and nobody says why")
def _(case: Case) -> None:
    at = case.part.checks[0] + minutes(1)
    case.puts(make("supervision-checked/1", **blank("supervision-checked/1")), at)


def _lonely(case: Case) -> int:
    """Which look of this person has no other within six minutes, and the person still there then."""
    part = case.part
    times = [*part.checks, *([part.again] if part.again else [])]
    return next(
        nth
        for nth, at in enumerate(part.checks)
        if not any(at < each <= at + minutes(6) for each in times) and at + minutes(7) < part.assessed
    )
