"""
Countersigning what a typed sheet says one did: one event for each entry, signed by the person it names.

A dispute is such an event too, with a reason; the entry then stays and shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.identifiers import uuid7_from
from api.paper.transcribing import Draft, Typist
from ledger.block import Block
from ledger.encoding import to_instant
from ledger.events.corrections import CountersignatureGiven, Verdict
from ledger.events.sealing import block_names, make_event, take_apart
from ledger.payload import Attestation, Occurred, Payload, Seen
from projections.pending import ToSign


def countersignature(
    entry: ToSign,
    verdict: Verdict,
    reason: str | None,
    *,
    by: Typist,
    origin: str,
    now: datetime,
    seen: Seen,
    entropy: Callable[[int], bytes],
) -> Draft:
    """
    What somebody signs about one entry.

    On a joint record a reason stands in both partners' parts; where a record is nobody's there is no place for one.

    Raises:
        Invalid: what `make_event` raises.
    """
    names = block_names(CountersignatureGiven, entry.record)
    own = any(not name.startswith(("a/", "b/")) for name in names) or entry.record.count("/") == 2
    both = bool(names) and not own
    event = make_event(
        CountersignatureGiven,
        {
            "gives": entry.meaning,
            "target": {"dig": entry.dig, "id": entry.id},
            "verdict": verdict,
            "reason": reason if own else None,
            "reason_a": reason if both else None,
            "reason_b": reason if both else None,
        },
    )
    parts = take_apart(event, entry.record)
    blocks = [Block(entropy(16), name, value) for name, value in parts.sealed.items()]
    at = to_instant(now)
    payload = Payload(
        attested=(Attestation(by=by.owner, key=by.kid, meaning="countersigned", role=entry.role),),
        blocks=tuple(sorted(block.digest for block in blocks)),
        body=parts.body,
        device=None,
        id=uuid7_from(now, entropy(10)),
        ledger=origin,
        occurred=Occurred(at=at, offset=0, precision="s", zone="UTC"),
        recorded_at=at,
        seen=seen,
        stream=entry.record,
        type=event.type,
    )
    return Draft(payload, tuple(block.text for block in blocks))
