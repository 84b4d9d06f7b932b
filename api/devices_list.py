"""What is known of each device, in a form for programs: its chain with what is wrong in it, and its clock."""

from __future__ import annotations

from typing import Any

from ledger.devices import DeviceChain, Devices
from ledger.encoding import to_instant
from ledger.follow import BATCH, events_from
from ledger.store.port import Store
from projections.both_times import size_asked
from projections.snapshot import NOW, AsOf


def devices_list(store: Store, when: AsOf = NOW) -> list[dict[str, Any]]:
    """
    Every device of a ledger, as known at a number of entries and as happened up to an instant; reads the log so far.

    Raises:
        Refused: `not-known-yet`.
    """
    known, size = Devices(), size_asked(when, store.head().size)
    for start in range(0, size, BATCH):
        for placed in events_from(store, None, start, min(BATCH, size - start)):
            known.take(placed)
    return said_of_all(known, when, size)


def said_of_all(known: Devices, when: AsOf, size: int) -> list[dict[str, Any]]:
    """Every device that was enrolled or had written by then; `size` is that of the log as of which it is asked."""
    chains = (chain_at(chain, when) for chain in known)
    return [said_of(chain, size) for chain in chains if _is_known(chain, size)]


def _is_known(chain: DeviceChain, size: int) -> bool:
    heard = any(sync.position < size for sync in chain.syncs)
    return heard or chain.count(size) > 0 or chain.code(size) is not None or chain.revoked_at(size) is not None


def chain_at(chain: DeviceChain, when: AsOf) -> DeviceChain:
    """A chain of what had happened by then."""
    return chain if when.happened_up_to is None else chain.up_to(when.happened_up_to)


def standing_of(chain: DeviceChain, size: int) -> dict[str, Any]:
    """How far one device has come, as known at this size; costs nothing to ask."""
    last = chain.last_seq(size)
    return {
        "id": chain.id,
        "code": chain.code(size),
        "enrolled": chain.code(size) is not None,
        "revoked": chain.revoked_at(size) is not None,
        "entries": chain.count(size),
        "last_seq": last,
        "last_dig": next((link.dig for link in reversed(chain.links(last, size))), None),
    }


def said_of(chain: DeviceChain, size: int) -> dict[str, Any]:
    """The same with all that is wrong in its chain, which takes as long as the chain is, and its clock."""
    sync = next((each for each in reversed(chain.syncs) if each.position < size), None)
    return standing_of(chain, size) | {
        "faults": [
            {"fault": each.fault, "first": each.first, "last": each.last, "evidence": list(each.evidence)}
            for each in chain.faults(size)
        ],
        "came_late": len(chain.late(size)),
        "last_sync": None
        if sync is None
        else {
            "at": to_instant(sync.received_at),
            "offset_ms": None if sync.offset is None else round(sync.offset.total_seconds() * 1000),
            "round_trip_ms": None if sync.round_trip is None else round(sync.round_trip.total_seconds() * 1000),
        },
    }
