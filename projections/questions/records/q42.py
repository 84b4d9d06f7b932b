"""Question 42: whether anything is missing: versions of a record, numbers of a device, a device that went silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ledger.reading import PlacedEvent
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import entries
from projections.questions.told import everything


@question(
    "42",
    "Is anything missing: a version of a record, a number of a device, the last entries of one?",
    section="records",
    columns=(
        Column("what", "Record or device"),
        Column("kind", "Kind"),
        Column("entries", "Entries here", "number"),
        Column("last", "Last version or number", "number"),
        Column("missing", "Missing", "number"),
        Column("where", "Where"),
        Column("heard", "Last heard at position", "number"),
    ),
    takes=(),
    empty="Nothing is missing.",
    reading=(
        "Every version of every record, from 1 on, and every number of every device. A record is a row when a version "
        "is missing; a device always is, with the position at which it was last heard: what it wrote since and did not "
        "hand in nobody can know. That the log itself has no hole is proven from the bytes: `session-ledger verify` "
        "compares the tree with the checkpoints that others hold. What only compliance reads is not among the records."
    ),
)
def q42(asked: Asked) -> Found:
    """One row for each record with a hole and for each device, by name."""
    size = asked.ledger.size
    streams: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
    for placed in entries(asked, within=False):
        streams[placed.stream].append(placed)
    holes = [_record(name, own) for name, own in sorted(streams.items()) if _missing_versions(own)]
    devices = [_device(asked, chain.id, size) for chain in asked.ledger.known.devices if chain.count(size)]
    lacking = [each for each in devices if each.values["missing"]]
    checked = len(streams)
    figures = (
        figure("records", "Records looked at", checked, [own[-1].position for own in streams.values()]),
        figure("holes", "Records with a version missing", len(holes), everything(each.evidence for each in holes)),
        figure("devices", "Devices with a number missing", len(lacking), everything(each.evidence for each in lacking)),
    )
    return Found((*holes, *devices), figures)


def _missing_versions(own: Sequence[PlacedEvent]) -> list[int]:
    there = {placed.version for placed in own}
    return [version for version in range(1, max(there) + 1) if version not in there]


def _record(name: str, own: Sequence[PlacedEvent]) -> Row:
    missing = _missing_versions(own)
    return row(
        [placed.position for placed in own],
        what=name,
        kind="record",
        entries=len(own),
        last=max(placed.version for placed in own),
        missing=len(missing),
        where=", ".join(map(str, missing)),
        heard=None,
    )


def _device(asked: Asked, name: str, size: int) -> Row:
    chain = asked.ledger.device(name)
    last = chain.last_seq(size)
    there: Mapping[int, list[int]] = {
        seq: [link.position for link in chain.links(seq, size)] for seq in range(1, last + 1)
    }
    missing = [seq for seq, positions in there.items() if not positions]
    positions = [position for each in there.values() for position in each]
    return row(
        positions,
        what=chain.code(size) or name,
        kind="device",
        entries=len(positions),
        last=last,
        missing=len(missing),
        where=", ".join(map(str, missing)) or None,
        heard=max(positions),
    )
