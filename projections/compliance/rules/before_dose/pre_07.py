"""PRE-07: before a session opens, the emergency equipment of the place was checked."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.authority import EmergencyReadinessChecked
from ledger.events.lifecycle import SessionOpened
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import last
from projections.compliance.moments import as_instant, clock, day_and_clock, hours, long_span
from projections.compliance.rule import GateOf, rule


@rule(
    id="PRE-07",
    version="1",
    title="Before a session opens, the emergency equipment of the place was checked.",
    severity="M",
    mode="B `session-opened`; F / W",
    source="emergency equipment and contacts: ASA statement on ketamine; clinics' lists; the hours are ours [D]",
    trigger="The opening of a session. One finding per session.",
    window="The check is 0 to `readiness_h` before the opening, both included; the opening counts, not the dose.",
    evidence="A readiness check at this place.",
    parameters=("before_dose.readiness_h",),
    verdicts={
        "met": "there was one in that time",
        "breached": "there was none",
        "not-applicable": "not opened yet",
    },
    notes=("What the check found missing is its own record; this rule asks whether somebody looked.",),
    gate=GateOf(SessionOpened, override="medical-director", opened_by=(EmergencyReadinessChecked,)),
)
def pre_07(history: History) -> Iterator[Ruling]:
    """One ruling for the session; before an opening of that opening."""
    opening = history.opening if history.proposed is None else history.proposed
    if history.figures is None or opening is None or opening.at > history.as_of:
        yield Ruling("", "not-applicable", "The session was not opened yet.")
        return
    asked = history.figures.before_dose.readiness_h
    place = history.location
    looks = [] if place is None else history.ledger.on(place, EmergencyReadinessChecked)
    before = last([fact for fact in looks if fact.at <= opening.at])
    ready = before is not None and opening.at - before.at <= hours(asked)
    if before is None:
        words = "the emergency equipment had not been checked here"
    else:
        passed = long_span(opening.at - before.at)
        words = f"the emergency equipment was checked {day_and_clock(before.at, history.zone)}, {passed} before"
    yield Ruling(
        "",
        "met" if ready else "breached",
        f"Opened at {clock(opening.at, history.zone)}; {words}; at most {asked} h are asked for.",
        (opening.position, *(() if before is None else (before.position,))),
        made_at=as_instant(opening.at),
        causes=() if ready else ("none" if before is None else "too-old",),
        act=opening.position,
    )
