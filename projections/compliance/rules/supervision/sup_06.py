"""SUP-06: the blood pressure is taken in the 40-minute window after the first dose."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.fields import Gone
from ledger.events.parameters import SupervisionFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import clock, minutes
from projections.compliance.obligations import Obligation
from projections.compliance.pressures import readings
from projections.compliance.rule import rule


@rule(
    id="SUP-06",
    version="1",
    title="The blood pressure is taken in the 40-minute window after the first dose.",
    severity="M",
    mode="F / W",
    source="blood pressure about 40 minutes after the dose: Spravato REMS monitoring form; the window is ours [D]",
    trigger="A person's first dose in the session. One finding per person and session.",
    window="From `bp40_from_min` to `bp40_to_min` after the first dose, both included.",
    evidence="Any blood pressure of this person, both numbers, measured in the window.",
    parameters=("supervision.bp40_from_min", "supervision.bp40_to_min"),
    verdicts={
        "met": "a blood pressure was taken in the window",
        "breached": "the window has passed without one",
        "pending": "none yet, and the window has not passed",
        "not-applicable": "the person was not dosed, or their care ended by the end of the window",
        "cannot-judge": "a look in the window cannot be read any more, and no other had a blood pressure",
    },
    notes=("A reading before the window or after it does not count, however near it is.",),
)
def sup_06(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, history.figures.supervision)


def _of(history: History, slot: Slot, figures: SupervisionFigures) -> Ruling:
    who = slot.upper()
    first = next(iter(history.doses(slot)), None)
    if first is None:
        return Ruling(slot, "not-applicable", f"{who} was not dosed.")
    opens, limit = first.at + minutes(figures.bp40_from_min), first.at + minutes(figures.bp40_to_min)
    end = history.end_of_care(slot)
    if end is not None and end.at <= limit:
        words = f"{who}: care ended at {clock(end.at, history.zone)}, before the window of {{}} was over."
        shown = f"{clock(opens, history.zone)} to {clock(limit, history.zone)}"
        return Ruling(slot, "not-applicable", words.format(shown), (first.fact.position, end.position))
    taken = [each for each in readings(history, slot) if opens <= each.at <= limit]
    sure = next((each.fact for each in taken if not isinstance(each.pressure, Gone)), None)
    unread = next((each.fact for each in taken if isinstance(each.pressure, Gone)), None)
    words = (
        f"a blood pressure from {figures.bp40_from_min} to {figures.bp40_to_min} min after the first dose of "
        f"{clock(first.at, history.zone)}, not before {clock(opens, history.zone)}"
    )
    asked = Obligation(words, limit, (first.fact,), made=sure, unread=unread, act="taken")
    return asked.ruling(history, slot)
