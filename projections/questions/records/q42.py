"""Question 42: whether anything is missing or twice: versions of a record, numbers of a device, a silent device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from ledger.devices import DeviceChain, Fault
from ledger.encoding import to_instant
from ledger.reading import PlacedEvent
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import entries
from projections.questions.told import everything

_FAULTS: Final[Mapping[Fault, str]] = {
    "hole": "numbers missing",
    "reset": "begun again",
    "fork": "two entries after one",
    "break": "after none that is here",
}


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
        Column("also", "Also wrong"),
        Column("heard", "Last heard at position", "number"),
    ),
    takes=(),
    empty="Nothing is missing.",
    reading=(
        "Every version of every record, from 1 on, and every number of every device. A record is a row when a version "
        "is missing; a device always is, with the position at which it was last heard: what it wrote since and did not "
        "hand in nobody can know. Also wrong with it can be that it began again at 1, that two entries follow the same "
        "one, or that an entry follows none that is here. That the log itself has no hole is proven from the bytes: "
        "`session-ledger verify` compares the tree with the checkpoints that others hold. What only compliance reads "
        "is not among the records."
    ),
)
def q42(asked: Asked) -> Found:
    """One row for each record with a hole and for each device, by name."""
    size = asked.ledger.size
    streams: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
    for placed in entries(asked, within=False):
        streams[placed.stream].append(placed)
    there = _versions(asked)
    holes = [_record(name, own, there[name]) for name, own in sorted(streams.items()) if _missing(there[name])]
    chains = [chain.up_to(to_instant(asked.ledger.as_of)) for chain in asked.ledger.known.devices if chain.count(size)]
    devices = [_device(chain, size) for chain in chains if chain.count(size)]
    lacking = [each for each in devices if each.values["missing"]]
    broken = [each for each in devices if each.values["also"]]
    checked = len(streams)
    figures = (
        figure("records", "Records looked at", checked, [own[-1].position for own in streams.values()]),
        figure("holes", "Records with a version missing", len(holes), everything(each.evidence for each in holes)),
        figure("devices", "Devices with a number missing", len(lacking), everything(each.evidence for each in lacking)),
        figure("broken", "Devices begun again or torn", len(broken), everything(each.evidence for each in broken)),
    )
    return Found((*holes, *devices), figures)


def _versions(asked: Asked) -> Mapping[str, AbstractSet[int]]:
    """
    The versions of every record that are here, whoever may read them and whenever they happened.

    An entry that the reader is not shown, or that happened after the moment of the question, leaves no hole.
    """
    there: defaultdict[str, set[int]] = defaultdict(set)
    for placed_on in list(asked.ledger.known.entries.values()):
        for placed in placed_on:
            if placed.position < asked.ledger.size:
                there[placed.stream].add(placed.version)
    return there


def _missing(there: AbstractSet[int]) -> list[int]:
    return [version for version in range(1, max(there) + 1) if version not in there]


def _record(name: str, own: Sequence[PlacedEvent], there: AbstractSet[int]) -> Row:
    missing = _missing(there)
    return row(
        [placed.position for placed in own],
        what=name,
        kind="record",
        entries=len(own),
        last=max(there),
        missing=len(missing),
        where=", ".join(map(str, missing)),
        also=None,
        heard=None,
    )


def _device(chain: DeviceChain, size: int) -> Row:
    last = chain.last_seq(size)
    there: Mapping[int, list[int]] = {
        seq: [link.position for link in chain.links(seq, size)] for seq in range(1, last + 1)
    }
    missing = [seq for seq, positions in there.items() if not positions]
    positions = [position for each in there.values() for position in each]
    faults = [each for each in chain.faults(size) if each.fault != "hole"]
    return row(
        [*positions, *(position for each in faults for position in each.evidence)],
        what=chain.code(size) or chain.id,
        kind="device",
        entries=len(positions),
        last=last,
        missing=len(missing),
        where=", ".join(map(str, missing)) or None,
        also=", ".join(f"{_FAULTS[each.fault]} at {each.first}" for each in faults) or None,
        heard=max(positions),
    )
