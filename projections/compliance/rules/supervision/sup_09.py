"""SUP-09: a high blood pressure is measured again at once, and a critical one is told to a prescriber."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.calls import PrescriberNotified
from ledger.events.fields import Gone
from ledger.events.parameters import PressureLimit, SupervisionFigures
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import clock, minutes
from projections.compliance.obligations import Obligation, unreadable
from projections.compliance.pressures import Reading, readings
from projections.compliance.readings import first_from
from projections.compliance.rule import rule


@rule(
    id="SUP-09",
    version="1",
    title="A high blood pressure is measured again at once, and a critical one is told to a prescriber.",
    severity="M",
    mode="F / W",
    source="rise of blood pressure and what to do about it: Spravato label 5.6 [mem]; the numbers are ours [D]",
    trigger=(
        "A reading after the first dose with one of the two numbers at `recheck_bp` or above: one finding per reading. "
        "With one at `critical_bp` or above an episode begins: one finding per episode, and a critical one."
    ),
    window=(
        "The next blood pressure within `recheck_bp_min` after each high reading; the obligation lapses, and counts as "
        "met, when the person's care ends by then. A prescriber called within `critical_bp_notify_min` after the "
        "first reading of an episode; it ends with the first reading of which both numbers are below `recheck_bp`."
    ),
    evidence="A later blood pressure of this person, both numbers; a `prescriber-notified` of this person.",
    parameters=(
        "supervision.critical_bp",
        "supervision.critical_bp_notify_min",
        "supervision.recheck_bp",
        "supervision.recheck_bp_min",
    ),
    verdicts={
        "met": "measured again, or a prescriber called, within the minutes; or no reading was high",
        "breached": "it was not, or too late; C where no prescriber was called in time",
        "pending": "not yet, and the limit has not passed",
        "not-applicable": "the person was not dosed",
        "cannot-judge": "what a reading showed cannot be read any more, and it depends on that",
    },
    notes=(
        "A call in the minute of the reading counts. Whether it was answered in time SUP-04 asks.",
        "An episode that nobody called about does not lapse when the person leaves.",
    ),
)
def sup_09(history: History) -> Iterator[Ruling]:
    """One ruling for each high reading and for each episode."""
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
    read = [each for each in readings(history, slot) if each.at >= first.at and (end is None or each.at <= end.at)]
    high = [each for each in read if _reaches(each, figures.recheck_bp)]
    for reading in high:
        yield _again(history, slot, reading, read, figures)
    for reading in _episodes(read, figures):
        yield _called(history, slot, reading, figures)
    unread = [each.fact for each in read if isinstance(each.pressure, Gone)]
    if unread:
        yield unreadable(slot, "whether a blood pressure was high", unread)
    elif not high:
        words = f"{slot.upper()}: no blood pressure reached {_shown(figures)}."
        yield Ruling(slot, "met", words, (first.fact.position, *(each.fact.position for each in read)))


def _again(
    history: History, slot: Slot, reading: Reading, read: Sequence[Reading], figures: SupervisionFigures
) -> Ruling:
    later = [each for each in read if each.at > reading.at]
    limit = reading.at + minutes(figures.recheck_bp_min)
    asked = Obligation(
        f"a blood pressure {figures.recheck_bp_min} min after {reading.words} of {clock(reading.at, history.zone)}, "
        f"which reaches {_shown(figures)}",
        limit,
        (reading.fact,),
        made=next((each.fact for each in later if not isinstance(each.pressure, Gone)), None),
        lapsed=history.end_of_care(slot),
        unread=next((each.fact for each in later if isinstance(each.pressure, Gone)), None),
        act="taken",
    )
    return asked.ruling(history, slot, anchor=reading.fact.dig)


def _episodes(read: Sequence[Reading], figures: SupervisionFigures) -> Iterator[Reading]:
    """The first reading of every episode."""
    running = False
    for reading in read:
        if not running and _reaches(reading, figures.critical_bp):
            running = True
            yield reading
        elif running and not isinstance(reading.pressure, Gone):
            running = _reaches(reading, figures.recheck_bp)


def _called(history: History, slot: Slot, reading: Reading, figures: SupervisionFigures) -> Ruling:
    limit = reading.at + minutes(figures.critical_bp_notify_min)
    asked = Obligation(
        f"a prescriber within {figures.critical_bp_notify_min} min of {reading.words} at "
        f"{clock(reading.at, history.zone)}, which reaches "
        f"{figures.critical_bp.systolic}/{figures.critical_bp.diastolic}",
        limit,
        (reading.fact,),
        made=first_from(history.of(slot, PrescriberNotified), reading.at),
        act="called",
    )
    return asked.ruling(history, slot, anchor=f"{reading.fact.dig} episode", severity="C")


def _reaches(reading: Reading, limit: PressureLimit) -> bool:
    """Whether one of the two numbers is at the limit or above it; not of one that cannot be read."""
    pressure = reading.pressure
    if isinstance(pressure, Gone):
        return False
    return pressure.systolic >= limit.systolic or pressure.diastolic >= limit.diastolic


def _shown(figures: SupervisionFigures) -> str:
    return f"{figures.recheck_bp.systolic}/{figures.recheck_bp.diastolic}"
