"""Question 34: late entries, and how long entries wait to be written down, by person and type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles

from ledger.effective import SAID
from ledger.events.choices import Parameters2
from ledger.reading import PlacedEvent
from projections.compliance.known import record_of
from projections.compliance.moments import minutes, to_second
from projections.compliance.readings import LOOKS
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import day_there, entries, named
from projections.questions.told import everything, minutes_begun

_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Lag:
    """One entry, how long after what it tells of it was written down, and how long it might have taken."""

    placed: PlacedEvent
    length: timedelta
    limit: timedelta

    @property
    def is_late(self) -> bool:
        """Whether it took longer than allowed; equality is in time."""
        return self.length > self.limit


@question(
    "34",
    "Which entries were late, and how long after the act is written down, by person and type of entry?",
    section="records",
    columns=(
        Column("by", "Who"),
        Column("type", "Type"),
        Column("entries", "Entries", "number"),
        Column("late", "Late", "number"),
        Column("median", "Median, min", "number"),
        Column("tenth", "Longest tenth from, min", "number"),
        Column("longest", "Longest, min", "number"),
        Column("which", "Late entries, and by how many minutes after the act"),
    ),
    takes=("from", "to"),
    empty="Nothing was written down.",
    reading=(
        "From the act to its writing down by the same clock, as REC-01 compares it, with the figures of the protocol "
        "of the session, or of the day. Corrections, countersignatures and what the software writes are left out. An "
        "entry that several people signed counts for each of them. Minutes are whole, those begun count."
    ),
)
def q34(asked: Asked) -> Found:
    """One row for each person and type of entry."""
    lags = [_lag(asked, placed) for placed in entries(asked) if _counts(placed)]
    groups: defaultdict[tuple[str, str], list[Lag]] = defaultdict(list)
    for lag in lags:
        for signer in dict.fromkeys(each.by for each in lag.placed.signers):
            groups[named(asked, signer), lag.placed.event.type].append(lag)
    rows = [_row(by, kind, own) for (by, kind), own in sorted(groups.items())]
    late = [lag for lag in lags if lag.is_late]
    everybody = everything(each.evidence for each in rows)
    lengths = [minutes_begun(lag.length) for lag in lags]
    figures = (
        figure("entries", "Entries", len(lags), everybody),
        figure("late", "Late entries", len(late), [lag.placed.position for lag in late]),
        figure("median", "Median, min", _middle(lengths), everybody),
    )
    return Found(tuple(rows), figures)


def _row(by: str, kind: str, own: Sequence[Lag]) -> Row:
    lengths = [minutes_begun(lag.length) for lag in own]
    late = [lag for lag in own if lag.is_late]
    longest = max(own, key=lambda lag: lag.length)
    return row(
        [lag.placed.position for lag in late] or [longest.placed.position],
        by=by,
        type=kind,
        entries=len(own),
        late=len(late),
        median=_middle(lengths),
        tenth=round(quantiles(lengths, n=_TENTHS)[-1]) if len(lengths) > 1 else lengths[0],
        longest=max(lengths),
        which=", ".join(f"{lag.placed.position} ({minutes_begun(lag.length)})" for lag in late) or None,
    )


def _middle(lengths: Sequence[int]) -> int | None:
    return round(median(lengths)) if lengths else None


def _lag(asked: Asked, placed: PlacedEvent) -> Lag:
    length = to_second(placed.payload.recorded_at) - to_second(placed.payload.occurred.at)
    figures = _figures(asked, placed).record
    values = isinstance(placed.event, LOOKS)
    limit = minutes(figures.late_vitals_min if values else figures.late_other_min)
    return Lag(placed, max(length, timedelta()), limit)


def _figures(asked: Asked, placed: PlacedEvent) -> Parameters2:
    ledger = asked.ledger
    record = record_of(placed.stream)
    if record.startswith("session/"):
        figures = ledger.session(record).figures
    else:
        figures = ledger.figures_of(ledger.protocol_on(day_there(placed, ledger.known.fact(placed).at)))
    return figures or Parameters2()


def _counts(placed: PlacedEvent) -> bool:
    return not isinstance(placed.event, SAID) and not placed.event.type.startswith("sys-")
