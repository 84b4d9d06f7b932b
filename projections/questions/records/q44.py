"""Question 44: how far each device's clock was off, and which entries have a time nobody can be sure of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from ledger.devices import Sync, link_of
from ledger.encoding import from_instant
from ledger.events.choices import Parameters2
from ledger.events.parameters import RecordFigures
from ledger.reading import PlacedEvent
from projections.compliance.moments import seconds
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import day_there, entries
from projections.questions.told import everything

_SECOND = timedelta(seconds=1)


@question(
    "44",
    "How far was each device's clock off, and which entries have an uncertain time?",
    section="records",
    columns=(
        Column("device", "Device"),
        Column("entries", "Entries", "number"),
        Column("heard", "Times it was heard", "number"),
        Column("last", "Clock ahead at the last, s", "number"),
        Column("furthest", "Furthest off, s", "number"),
        Column("adjusted", "Entries whose time counts otherwise", "number"),
        Column("uncertain", "Entries with an uncertain time", "number"),
        Column("which", "Uncertain entries"),
    ),
    takes=("from", "to"),
    empty="Nothing was written on a named device.",
    reading=(
        "One row for each device that wrote entries of these days. Ahead is positive. A time is uncertain when the "
        "device was not heard with it, or its clock was off by more than the protocol's limit (`clock_major_s`, by "
        "default 600 s), and the entry did not come in as it was written (`clock_flag_s`, 60 s); REC-06 judges both. "
        "A time whose clock is known counts less what it was ahead, beyond `clock_flag_s` with a mark."
    ),
)
def q44(asked: Asked) -> Found:
    """One row for each device, in the order of its first entry."""
    written: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
    for placed in entries(asked):
        found = link_of(placed)
        if found is not None:
            written[found[0]].append(placed)
    rows = [_row(asked, device, own) for device, own in written.items()]
    uncertain = [each for each in rows if each.values["uncertain"]]
    figures = (
        figure("count", "Devices", len(rows), everything(each.evidence for each in rows)),
        figure("uncertain", "Entries with an uncertain time", sum(int(each.values["uncertain"] or 0) for each in rows),
               everything(each.evidence for each in uncertain)),
    )  # fmt: skip
    return Found(tuple(rows), figures)


def _row(asked: Asked, device: str, own: Sequence[PlacedEvent]) -> Row:
    ledger = asked.ledger
    chain = ledger.device(device)
    syncs = [each for each in chain.syncs if each.position < ledger.size and each.received_at <= ledger.as_of]
    known = [each for each in syncs if each.offset is not None]
    came = [(placed, _sync(asked, placed)) for placed in own]
    uncertain = [placed.position for placed, sync in came if _is_uncertain(asked, placed, sync)]
    adjusted = [placed.position for placed, sync in came if _is_off(sync, _figures(asked, placed).clock_flag_s)]
    furthest = max((_ahead(each) for each in known), key=abs, default=None)
    return row(
        [*(each.position for each in syncs), *uncertain, *adjusted] or [own[0].position],
        device=chain.code(ledger.size) or device,
        entries=len(own),
        heard=len(syncs),
        last=_ahead(known[-1]) if known else None,
        furthest=furthest,
        adjusted=len(adjusted),
        uncertain=len(uncertain),
        which=", ".join(map(str, uncertain)) or None,
    )


def _sync(asked: Asked, placed: PlacedEvent) -> Sync | None:
    found = link_of(placed)
    if found is None:
        return None
    return asked.ledger.device(found[0]).sync_of(found[1], from_instant(placed.payload.recorded_at))


def _is_uncertain(asked: Asked, placed: PlacedEvent, sync: Sync | None) -> bool:
    figures = _figures(asked, placed)
    if sync is not None and sync.offset is not None:
        return _is_off(sync, figures.clock_major_s)
    waited = from_instant(placed.received_at) - from_instant(placed.payload.recorded_at)
    return sync is not None or abs(waited) > seconds(figures.clock_flag_s)


def _is_off(sync: Sync | None, limit: int) -> bool:
    return sync is not None and sync.offset is not None and abs(sync.offset) > seconds(limit)


def _ahead(sync: Sync) -> int:
    return round((sync.offset or timedelta()) / _SECOND)


def _figures(asked: Asked, placed: PlacedEvent) -> RecordFigures:
    ledger = asked.ledger
    day = day_there(placed, ledger.known.fact(placed).at)
    return (ledger.figures_of(ledger.protocol_on(day)) or Parameters2()).record
