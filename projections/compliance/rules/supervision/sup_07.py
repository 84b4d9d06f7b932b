"""SUP-07: something is done about a low oxygen saturation at once, and it is measured again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.emergencies import InterventionPerformed
from ledger.events.parameters import SupervisionFigures
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import clock, minutes
from projections.compliance.obligations import Obligation, together, unreadable
from projections.compliance.readings import Number, first_from, numbers
from projections.compliance.rule import rule


@rule(
    id="SUP-07",
    version="1",
    title="Something is done about a low oxygen saturation at once, and it is measured again.",
    severity="C",
    mode="F / W",
    source="respiratory depression: Spravato label 5.2 and REMS [mem]; the numbers are ours [D]",
    trigger=(
        "An oxygen saturation below `spo2_act` from the first dose to the end of care. One finding per low reading; "
        "one below `spo2_critical` is marked as critical."
    ),
    window=(
        "Something done within `spo2_act_min` after the reading, in its own minute too, and another oxygen saturation "
        "within `spo2_repeat_min`. Both lapse, and count as met, when the person's care ends by then."
    ),
    evidence="An `intervention-performed` for this person; a later look at them with an oxygen saturation.",
    parameters=(
        "supervision.spo2_act",
        "supervision.spo2_act_min",
        "supervision.spo2_critical",
        "supervision.spo2_repeat_min",
    ),
    verdicts={
        "met": "something was done and it was measured again, both in time; or no reading was low",
        "breached": "one of the two was missing when its minutes had passed",
        "pending": "one of the two is missing, and its minutes have not passed",
        "not-applicable": "the person was not dosed",
        "cannot-judge": "what a reading showed cannot be read any more, and it depends on that",
    },
    notes=("What was done, and whether it helped, is not weighed: also a reassurance is something done.",),
)
def sup_07(history: History) -> Iterator[Ruling]:
    """One ruling for each low reading."""
    if history.figures is None:
        return
    for slot in SLOTS:
        first = next(iter(history.doses(slot)), None)
        if first is None:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        yield from _of(history, slot, first, history.figures.supervision)


def _of(history: History, slot: Slot, first: Dose, figures: SupervisionFigures) -> Iterator[Ruling]:
    end = history.end_of_care(slot)
    read = [each for each in numbers(history, slot, "spo2") if each.at >= first.at]
    own = [each for each in read if end is None or each.at <= end.at]
    low = [(each, each.value) for each in own if each.value is not None and each.value < figures.spo2_act]
    for reading, value in low:
        yield _low(history, slot, reading, value, read, figures)
    unread = [each.fact for each in own if each.value is None]
    if unread:
        yield unreadable(slot, "whether an oxygen saturation was low", unread)
    elif not low:
        words = f"{slot.upper()}: no oxygen saturation was below {figures.spo2_act} %."
        yield Ruling(slot, "met", words, (first.fact.position, *(each.fact.position for each in own)))


def _low(
    history: History, slot: Slot, reading: Number, value: int, read: Sequence[Number], figures: SupervisionFigures
) -> Ruling:
    later = [each for each in read if each.at > reading.at]
    end = history.end_of_care(slot)
    critical = value < figures.spo2_critical
    what = f"{value} %{', which is critical,' if critical else ''} at {clock(reading.at, history.zone)}"
    done = Obligation(
        f"something within {figures.spo2_act_min} min of an oxygen saturation of {what}",
        reading.at + minutes(figures.spo2_act_min),
        (reading.fact,),
        made=first_from(history.of(slot, InterventionPerformed), reading.at),
        lapsed=end,
        act="done",
    )
    again = Obligation(
        f"another oxygen saturation within {figures.spo2_repeat_min} min of {what}",
        reading.at + minutes(figures.spo2_repeat_min),
        (reading.fact,),
        made=next((each.fact for each in later if each.value is not None), None),
        lapsed=end,
        unread=next((each.fact for each in later if each.value is None), None),
        act="taken",
    )
    return together(history, slot, (done, again), anchor=reading.fact.dig, causes=("critical",) if critical else ())
