"""REL-11: whoever leaves without a release is written down at once: how they were, and who was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.events.emergencies import LeftAgainstAdvice
from ledger.events.fields import Gone
from ledger.events.parameters import ReleaseFigures
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import as_instant, clock, minutes, to_second
from projections.compliance.occasions import not_dosed
from projections.compliance.rule import rule


@rule(
    id="REL-11",
    version="1",
    title="Whoever leaves without a release is written down at once: how they were, and who was told.",
    severity="C",
    mode="F / W",
    source="leaving against medical advice; the shape of OAR 333-333-5150; the minutes are ours [D]",
    trigger=(
        "Somebody dosed leaves without a release of their own; a transfer is none. One finding per person and session."
    ),
    window="Recorded at most `against_advice_min` after they left, equality met.",
    evidence="`left-against-advice` with how they were, an opinion on their capacity, and a prescriber who was told.",
    parameters=("release.against_advice_min",),
    verdicts={
        "met": "recorded in time, with all three",
        "breached": "not recorded in time, or something is missing",
        "pending": "the time to record it is not over",
        "not-applicable": "not dosed, released, transferred, or still here",
        "cannot-judge": "what was recorded cannot be read any more",
    },
)
def rel_11(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    figures = history.figures
    if figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, figures.release)


def _of(history: History, slot: Slot, figures: ReleaseFigures) -> Ruling:
    if not history.doses(slot):
        return not_dosed(slot)
    left = first(history.of(slot, ParticipantDeparted, LeftAgainstAdvice))
    released = [fact for fact in history.of(slot, ReleaseAuthorised) if left is not None and fact.at <= left.at]
    if left is None or released or history.end_of_care(slot) is not left:
        return Ruling(slot, "not-applicable", f"{slot.upper()} did not leave without a release.")
    limit = left.at + minutes(figures.against_advice_min)
    told = first(history.of(slot, LeftAgainstAdvice))
    evidence = (left.position, *(() if told is None else (told.position,)))
    when = f"{slot.upper()} left at {clock(left.at, history.zone)} without a release"
    common = (as_instant(limit), as_instant(limit))
    if told is None:
        over = history.as_of > limit
        words = f"{when}; that is recorded by {clock(limit, history.zone)}"
        due, last_moment = common
        return Ruling(
            slot,
            "breached" if over else "pending",
            f"{words}{', and was not' if over else ''}.",
            evidence,
            due=due,
            limit=last_moment,
            outstanding=True,
            causes=("not-recorded",) if over else (),
            act=left.position,
        )
    written = _recorded_at(history, told)
    missing = _missing(told)
    if missing is None:
        return Ruling(
            slot,
            "cannot-judge",
            f"{when}; what was recorded cannot be read any more.",
            evidence,
            causes=("unreadable",),
        )
    causes = [*missing, *(["late"] if written > limit else [])]
    due, last_moment = common
    rest = f"; missing: {', '.join(missing)}" if missing else ""
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{when}; recorded at {clock(written, history.zone)}{rest}.",
        evidence,
        due=due,
        limit=last_moment,
        made_at=as_instant(written),
        causes=tuple(causes),
        act=left.position,
    )


def _recorded_at(history: History, fact: Fact) -> datetime:
    placed = history.entry(fact.dig)
    return fact.at if placed is None else to_second(placed.payload.recorded_at)


def _missing(fact: Fact) -> list[str] | None:
    """What the record does not say; None when that cannot be read any more."""
    match fact.event:
        case LeftAgainstAdvice(
            capacity=capacity, gait_steady=gait, moaas=awake, orientation=oriented, prescriber=told, informed_at=told_at
        ):
            state = (gait, awake, oriented)
            if isinstance(capacity, Gone) or any(isinstance(value, Gone) for value in state):
                return None
            missing = ["state"] if all(value is None for value in state) else []
            missing += ["capacity"] if capacity == "not-assessed" else []
            return missing + (["prescriber"] if told is None or told_at is None else [])
        case _:
            return ["record"]
