"""The first event of a ledger, signed by its officers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from api.identifiers import uuid4_from, uuid7_from
from ledger.encoding import to_instant
from ledger.envelope import sign
from ledger.events.keys import LedgerOpened
from ledger.events.sealing import make_event, take_apart
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload
from ledger.record import Submission
from ledger.signing import SigningKey
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import VerifierKey


@dataclass(frozen=True, slots=True)
class Officer:
    """A security officer of a new ledger: a name for people, an owner for the record, a secret seed."""

    name: str
    owner: str
    seed: bytes = field(repr=False)

    @classmethod
    def fresh(cls, name: str, entropy: Callable[[int], bytes]) -> Officer:
        """An officer with a new identifier and a new key."""
        return cls(name, f"staff/{uuid4_from(entropy(16))}", entropy(32))


def signed_genesis(
    origin: str,
    organisation: str,
    officers: Sequence[Officer],
    log_key: VerifierKey,
    at: datetime,
    entropy: Callable[[int], bytes],
    continues: Checkpoint | None = None,
) -> Submission:
    """
    The event `ledger-opened/1` of these officers, signed by all of them.

    `continues` is the last checkpoint of the ledger that this one goes on from.
    """
    keys = [SigningKey(officer.seed) for officer in officers]
    opened = make_event(
        LedgerOpened,
        {
            "continues": None
            if continues is None
            else {"origin": continues.origin, "root": continues.root.hex(), "size": continues.size},
            "keys": [
                {
                    "alg": "ed25519",
                    "custody": "device",
                    "officer": True,
                    "owner": officer.owner,
                    "pub": key.public.hex(),
                }
                for officer, key in zip(officers, keys, strict=True)
            ],
            "log_keys": [str(log_key)],
            "organisation": organisation,
        },
    )
    offset = at.utcoffset()
    payload = Payload(
        attested=tuple(
            Attestation(by=officer.owner, key=key.kid, meaning="opened", role="security-officer")
            for officer, key in zip(officers, keys, strict=True)
        ),
        blocks=(),
        body=take_apart(opened, "keys").body,
        device=None,
        id=uuid7_from(at, entropy(10)),
        ledger=origin,
        occurred=Occurred(
            at=to_instant(at),
            offset=0 if offset is None else int(offset.total_seconds() // 60),
            precision="s",
            zone=getattr(at.tzinfo, "key", "UTC"),
        ),
        recorded_at=to_instant(at),
        seen=NOTHING_SEEN,
        stream="keys",
        type="ledger-opened/1",
    )
    return Submission(sign(payload, keys).raw)
