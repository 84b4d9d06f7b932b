"""What officers and owners of keys sign on the command line, with keys from files: one event by several people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from api.identifiers import uuid7_from
from api.key_file import read_key
from ledger.encoding import to_instant
from ledger.envelope import sign
from ledger.events.base import Event
from ledger.events.sealing import take_apart
from ledger.keys import KeyHistory
from ledger.payload import Attestation, Occurred, Payload, Seen
from ledger.record import Recorder, Submission
from ledger.signing import SigningKey
from ledger.vocabulary import Meaning, Role


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Somebody with their private key at hand."""

    owner: str
    key: SigningKey = field(repr=False)
    role: Role = "nurse"


def holders_of(
    files: Sequence[Path], passphrase: Callable[[], str], ledger: str = "", role: Role = "nurse"
) -> list[KeyHolder]:
    """
    The people of these key files; the passphrase is asked for each protected one, in their order.

    `role` is that of staff who are no officers, `ledger` the name of the one they are going to sign for.
    """
    holders = []
    for path in files:
        kept = read_key(path, passphrase, ledger)
        holders.append(KeyHolder(kept.owner, SigningKey(kept.seed), role))
    return holders


@dataclass(frozen=True, slots=True)
class OfficerDesk:
    """Where events about keys are composed: the ledger, the time, and fresh bytes."""

    origin: str
    now: datetime
    entropy: Callable[[int], bytes]

    def signed(self, event: Event, by: Sequence[KeyHolder], meaning: Meaning, recorder: Recorder) -> Submission:
        """An event on the stream `keys`, signed by these people; officers sign as officers, others as themselves."""
        checkpoint, at = recorder.checkpoint(), to_instant(self.now)
        officers = recorder.keys
        payload = Payload(
            attested=tuple(
                Attestation(by=each.owner, key=each.key.kid, meaning=meaning, role=_role(officers, each)) for each in by
            ),
            blocks=(),
            body=take_apart(event, "keys").body,
            device=None,
            id=uuid7_from(self.now, self.entropy(10)),
            ledger=self.origin,
            occurred=Occurred(at=at, offset=0, precision="s", zone="UTC"),
            recorded_at=at,
            seen=Seen(root=checkpoint.root.hex(), size=checkpoint.size),
            stream="keys",
            type=event.type,
        )
        return Submission(sign(payload, [each.key for each in by]).raw)


def _role(keys: KeyHistory, holder: KeyHolder) -> Role:
    known = keys.find(holder.key.kid)
    if known is not None and known.officer:
        return "security-officer"
    return "participant" if holder.owner.startswith(("person/", "session/")) else holder.role
