"""ELIG-09: before somebody's first session ever they were prepared for it, apart and not at the last moment."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.eligibility import PreparationSessionHeld
from ledger.events.fields import Gone
from ledger.events.parameters import EligibilityFigures
from ledger.vocabulary import Slot
from projections.compliance.evaluations import is_first_ever
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import DAY, as_instant, day_and_clock, hours, long_span, to_second
from projections.compliance.occasions import Occasion, nobody_known, of_first_dose
from projections.compliance.rule import rule


@rule(
    id="ELIG-09",
    version="1",
    title="Before somebody's first session ever they were prepared for it, apart and not at the last moment.",
    severity="m",
    mode="F / S",
    source="preparation session: OAR 333-333-5000; hours and days as there, for ketamine ours [D]",
    trigger="A person's first dosed session in this ledger, and only that. One finding per person.",
    window=(
        "It ended at least `preparation_min_h` before the first dose and began at most `preparation_max_days` times "
        "24 h before it, equality met."
    ),
    evidence="A preparation session that the person attended, privately.",
    parameters=("eligibility.preparation_max_days", "eligibility.preparation_min_h"),
    verdicts={
        "met": "they were prepared in that time",
        "breached": "they were not",
        "not-applicable": "not dosed, or not the first dosed session",
        "cannot-judge": "the preparation, or whose slot it is, cannot be read any more",
    },
)
def elig_09(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    figures = history.figures.eligibility
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: EligibilityFigures) -> Ruling:
    unknown = nobody_known(history, slot, act)
    if unknown is not None:
        return unknown
    if not is_first_ever(history, slot, act):
        return Ruling(slot, "not-applicable", f"{slot.upper()} was dosed in a session before.", (act.position,))
    held = [fact for fact in history.personal(slot, PreparationSessionHeld) if fact.at < act.at]
    timely = [fact for fact in held if _is_timely(fact, act, figures)]
    attended = [fact for fact in timely if _attended(fact) is True]
    unread = [fact.position for fact in timely if _attended(fact) is None]
    if not attended and unread:
        words = f"{slot.upper()}: the preparation cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (*unread, act.position), causes=("unreadable",))
    shown = last(attended or held)
    words = "was prepared" if attended else "was not prepared"
    when = f"; the last preparation ended {_before(history, shown, act)}" if shown is not None else ""
    return Ruling(
        slot,
        "met" if attended else "breached",
        f"{slot.upper()} {words} between {figures.preparation_max_days} days and {figures.preparation_min_h} h before "
        f"the first dose ever{when}.",
        (act.position,) if shown is None else (shown.position, act.position),
        made_at=as_instant(act.at),
        causes=() if attended else ("not-in-time" if held else "none",),
        act=act.position,
    )


def _is_timely(fact: Fact, act: Occasion, figures: EligibilityFigures) -> bool:
    event = fact.event
    if not isinstance(event, PreparationSessionHeld):
        return False
    ended, began = act.at - to_second(event.ended), act.at - to_second(event.began)
    return ended >= hours(figures.preparation_min_h) and began <= DAY * figures.preparation_max_days


def _attended(fact: Fact) -> bool | None:
    event = fact.event
    if not isinstance(event, PreparationSessionHeld) or isinstance(event.attended, Gone):
        return None
    return None if isinstance(event.private, Gone) else event.attended and event.private


def _before(history: History, fact: Fact, act: Occasion) -> str:
    event = fact.event
    ended = to_second(event.ended) if isinstance(event, PreparationSessionHeld) else fact.at
    return f"{day_and_clock(ended, history.zone)}, {long_span(act.at - ended)} before"
