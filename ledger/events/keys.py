"""
Keys: who may sign as whom, from which position on. All of it stands on the stream `keys`.

So one proof about that stream shows that no revocation was left out.
Source: format v1, section 8.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, StringConstraints

from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.fields import Open
from ledger.events.measures import Part
from ledger.events.words import Named, PlainLine, Several
from ledger.payload import HexHash, Origin, Owner, Word
from ledger.vocabulary import StreamKind

Custody = Literal["device", "hardware", "service"]
"""Where the private key lives; `service` is a key the organisation holds for a person behind a PIN."""

VerifierKey = Annotated[
    str,
    StringConstraints(pattern=r"^[!-*,-~]{1,300}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{4,200}={0,2}$"),
    Named("C2SP verifier key"),
]
"""A C2SP verifier key, `name+hash+base64`."""
Position = Annotated[int, Field(ge=0, lt=2**53), Named("position in the log")]


class PublicKey(Part):
    """A public key and whose it is."""

    alg: Literal["ed25519"]
    custody: Custody
    officer: bool
    owner: Owner
    pub: HexHash


class Continuation(Part):
    """The last checkpoint of the ledger that this one continues."""

    origin: Origin
    root: HexHash
    size: Position


class LedgerOpened(Event):
    """The first event: two officers vouch for the organisation, its log key and each other's keys."""

    STREAM: ClassVar[StreamKind] = "keys"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("opened", roles=("security-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["ledger-opened/1"] = "ledger-opened/1"
    continues: Open[Continuation | None]
    keys: Open[Several[PublicKey]]
    log_keys: Open[Several[VerifierKey]]
    organisation: Open[PlainLine]


class KeyEnrolled(Event):
    """A key begins to count: its holder shows possession, an officer vouches for the person."""

    STREAM: ClassVar[StreamKind] = "keys"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("possession", by="subject"),
        Signer("enrolled", roles=("security-officer",)),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["key-enrolled/1"] = "key-enrolled/1"
    alg: Open[Literal["ed25519"]]
    custody: Open[Custody]
    officer: Open[bool]
    owner: Open[Owner]
    pub: Open[HexHash]


class KeyRevoked(Event):
    """A key stops counting from here on, and from `suspect_from` on what it signed is disputed."""

    STREAM: ClassVar[StreamKind] = "keys"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("revoked", by="holder"),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["key-revoked/1"] = "key-revoked/1"
    key: Open[HexHash]
    reason: Open[Word]
    suspect_from: Open[Position | None]


class LogKeyAdded(Event):
    """A further log key may sign checkpoints."""

    STREAM: ClassVar[StreamKind] = "keys"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("enrolled", roles=("security-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["log-key-added/1"] = "log-key-added/1"
    vkey: Open[VerifierKey]


class LogKeyRetired(Event):
    """A log key signs no further checkpoint."""

    STREAM: ClassVar[StreamKind] = "keys"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("revoked", roles=("security-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["log-key-retired/1"] = "log-key-retired/1"
    vkey: Open[VerifierKey]


KeysEvent: TypeAlias = LedgerOpened | KeyEnrolled | KeyRevoked | LogKeyAdded | LogKeyRetired
"""All that stands on the stream `keys`."""
