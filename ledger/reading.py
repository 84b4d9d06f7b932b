"""
From verified bytes to an event: which class, with which of its blocks.

Reading comes after verifying and never changes a byte.
A block that is not handed in leaves its fields `Gone`; a block that was not signed is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ledger.block import Block, parse_block, text_digest
from ledger.entry import EventEntry
from ledger.errors import Invalid
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.expired import NoLongerKept
from ledger.events.fields import WITHHELD, FieldClass, Gone
from ledger.events.paper import Performer
from ledger.events.sealing import block_names, put_together
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """
    One event at its place: all that views and states are made of.

    `performed` are those who did it by the sheet it was typed from; nobody for an entry signed by who did it.
    """

    position: int
    version: int
    received_at: str
    dig: str
    payload: Payload
    event: Event
    performed: tuple[Performer, ...] = ()

    @property
    def signers(self) -> tuple[Attestation | Performer, ...]:
        """Who did it: those who signed, or those whom a typed sheet names; whoever typed it is none of them."""
        return self.performed or self.payload.attested

    @property
    def signed_by(self) -> tuple[Attestation | Performer, ...]:
        """The same, and behind them whoever typed it from a sheet."""
        return (*self.performed, *self.payload.attested)

    @property
    def stream(self) -> str:
        """The record it belongs to, such as `session/…/a`."""
        return self.payload.stream


def without_sealed(placed: PlacedEvent) -> PlacedEvent:
    """The same with every sealed field withheld, for whoever has to remember it and needs no more."""
    sealed = _sealed_fields(type(placed.event))
    if not sealed:
        return placed
    event = _with(placed.event, sealed)
    return PlacedEvent(placed.position, placed.version, placed.received_at, placed.dig, placed.payload, event)


def _with(event: Event, changes: Mapping[str, Gone]) -> Event:
    """What `model_copy` gives in three times the time: it looks for parts of models that no event has."""
    new = object.__new__(type(event))
    object.__setattr__(new, "__dict__", {**event.__dict__, **changes})
    object.__setattr__(new, "__pydantic_fields_set__", event.model_fields_set | changes.keys())
    object.__setattr__(new, "__pydantic_extra__", None)
    object.__setattr__(new, "__pydantic_private__", None)
    return new


@cache
def _sealed_fields(kind: type[Event]) -> dict[str, Gone]:
    return {
        name: WITHHELD
        for name, field in kind.model_fields.items()
        if any(isinstance(item, FieldClass) and item.privacy != "open" for item in field.metadata)
    }


def no_longer_kept(
    position: int, entry: EventEntry, *, ledger: str, stream: str, kind: str, event_id: str, dig: str, under: int
) -> PlacedEvent:
    """
    What a reader gets where an envelope is no longer kept, under the end of retention at `under`.

    Nobody is named as its signer, and its time is when the entry was received: all that is still known.
    """
    payload = Payload.model_construct(
        attested=(),
        blocks=(),
        body={},
        device=None,
        id=event_id,
        ledger=ledger,
        occurred=Occurred(at=entry.received_at, offset=0, precision="approx", zone="UTC"),
        recorded_at=entry.received_at,
        seen=NOTHING_SEEN,
        stream=stream,
        type=kind,
    )
    return PlacedEvent(position, entry.version, entry.received_at, dig, payload, NoLongerKept(kind=kind, under=under))


def stream_kind(stream: str) -> str:
    """`partner` for `session/U/a|b`, else the first word of the stream's name."""
    parts = stream.split("/")
    return "partner" if len(parts) == 3 else parts[0]


def check_record(kind: type[Event], stream: str) -> None:
    """
    Pass when events of this type may stand on this record.

    Raises:
        Invalid: `stream-of-type`.
    """
    found = stream_kind(stream)
    if found != kind.STREAM and not (kind.STREAM == "any" and found not in ("keys", "device", "access")):
        raise Invalid(
            "stream-of-type", f"{kind.type_tag()} stands on a {kind.STREAM} record, not on this one.", field="stream"
        )


def open_blocks(payload: Payload, texts: Iterable[str]) -> dict[str, Block]:
    """
    The handed-in blocks by digest, each of which the payload names.

    Raises:
        Invalid: `block-foreign` for a block that was not signed here, `block-repeated`, and what `parse_block` raises.
    """
    blocks: dict[str, Block] = {}
    for text in texts:
        block = parse_block(text)
        digest = text_digest(text)  # parse_block knows but one spelling
        if digest not in payload.blocks:
            raise Invalid("block-foreign", "This block is not one of those that were signed.", field="blocks")
        if digest in blocks:
            raise Invalid("block-repeated", "Each block is handed in once.", field="blocks")
        blocks[digest] = block
    return blocks


def read_event(
    payload: Payload,
    blocks: Mapping[str, Block],
    absent: Gone = WITHHELD,
    gone: Mapping[str, Gone] = MappingProxyType({}),
) -> Event:
    """
    The event of a payload and those of its blocks that are at hand, by digest.

    Of the others each field is `absent`, or what `gone` says of its block's name.

    Raises:
        Invalid: `unknown-type`, `stream-of-type`, `blocks-of-type`, or what `put_together` raises.
    """
    kind = EVENT_TYPES.get(payload.type)
    if kind is None:
        raise Invalid("unknown-type", f"This version knows no events of type {payload.type}.", field="type")
    check_record(kind, payload.stream)
    expected = block_names(kind, payload.stream)
    if len(payload.blocks) != len(expected):
        raise Invalid(
            "blocks-of-type",
            f"{payload.type} has {len(expected)} sealed blocks here: {', '.join(expected)}.",
            field="blocks",
        )
    by_name = {block.name: block for block in blocks.values()}
    if len(by_name) != len(blocks):
        raise Invalid("blocks-of-type", "Two blocks of the same name.", field="blocks")
    return put_together(kind, payload.stream, payload.body, by_name, absent, gone)
