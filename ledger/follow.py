"""
Following the log: its rows in order, as events for views and as bytes for auditors.

Views read `events_from`; it asserts that positions are dense and opens the blocks whose subject key is there.
Where a key is not there, the person's own record says whether it was destroyed (`erased`) or is not for this
reader (`withheld`).
An auditor reads `log_rows`, which interprets nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ledger.block import Block, unseal
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.errors import TamperDetected
from ledger.events.erasure import SubjectErased
from ledger.events.fields import ERASED, WITHHELD, Gone
from ledger.evidence import BlockFault, LogRow
from ledger.keys import KEY_EVENTS, KeyHistory
from ledger.payload import Payload
from ledger.reading import PlacedEvent, read_event
from ledger.store.port import EventRow, Row, SealedBlock, Store
from ledger.store.subject_keys import SubjectKeys

BATCH = 500
"""Rows read from the store at once."""

_KEY_LOST = BlockFault("subject-key-missing", "The key of the person this is about is gone, and no erasure says so.")


def place(store: Store, row: EventRow, subject_keys: SubjectKeys | None = None) -> PlacedEvent:
    """
    The event of one stored row; without `subject_keys` all its sealed fields are withheld.

    Raises:
        TamperDetected: `block-moved` or `block-digest`, at this position.
        Invalid: what `parse_envelope` and `read_event` raise.
    """
    envelope = parse_envelope(row.envelope)
    blocks: dict[str, Block] = {}
    gone: dict[str, Gone] = {}
    if subject_keys is not None:
        for sealed in store.blocks_of(row.position):
            key = subject_keys.key_of(sealed.subject)
            if key is not None:
                blocks[sealed.digest] = _open(sealed, key, store.origin, envelope.payload, row.position)
            elif is_erased(store, sealed.subject):
                gone[sealed.name] = ERASED
    entry = parse_event_entry(row.entry)
    event = read_event(envelope.payload, blocks, gone=gone)
    return PlacedEvent(row.position, entry.version, entry.received_at, envelope.dig, envelope.payload, event)


def is_erased(store: Store, subject: str) -> bool:
    """Whether this person's own record says that they were erased; one look into an index."""
    return store.has_event(subject, SubjectErased.type_tag())


def events_from(store: Store, subject_keys: SubjectKeys | None, start: int, limit: int) -> Iterator[PlacedEvent]:
    """
    The events among the `limit` rows from position `start` on, in order.

    Raises:
        TamperDetected: `entry-missing` where a position is skipped.
    """
    for offset, row in enumerate(store.rows(start, limit)):
        if row.position != start + offset:
            raise TamperDetected("entry-missing", "A position is missing.", position=start + offset)
        if isinstance(row, EventRow):
            yield place(store, row, subject_keys)


def key_history(store: Store) -> KeyHistory:
    """The keys as the stream `keys` of a store tells them, taken at its word."""
    history = KeyHistory()
    for row in store.stream_rows("keys"):
        event = place(store, row).event
        if isinstance(event, KEY_EVENTS):
            history.apply(row.position, event)
    return history


def log_rows(store: Store, subject_keys: SubjectKeys | None = None) -> Iterator[LogRow]:
    """
    All rows as bytes for an audit; without `subject_keys` every block counts as withheld.

    With them, a block whose key is not there is erased if that person's record says so, and else a fault.

    Raises:
        TamperDetected: `store-damaged`, at the first position that cannot be read at all.
    """
    start = 0
    while rows := _readable(store, start):
        for row in rows:
            if isinstance(row, EventRow):
                blocks = _texts(store, row, subject_keys)
                yield LogRow(row.position, row.entry, row.envelope, blocks, row.leaf)
            else:
                yield LogRow(row.position, row.entry, None, {}, row.leaf)
        start = rows[-1].position + 1


def _readable(store: Store, start: int) -> Sequence[Row]:
    """Rows from `start` on; in a damaged file those in front of the damage, one by one."""
    try:
        return store.rows(start, BATCH)
    except TamperDetected:
        pass
    try:
        return store.rows(start, 1)
    except TamperDetected as error:
        raise TamperDetected(error.code, error.message, position=start, remedy=error.remedy) from None


def _texts(store: Store, row: EventRow, subject_keys: SubjectKeys | None) -> Mapping[str, str | Gone | BlockFault]:
    texts: dict[str, str | Gone | BlockFault] = {}
    for sealed in store.blocks_of(row.position):
        try:
            if subject_keys is None:
                texts[sealed.digest] = WITHHELD
                continue
            key = subject_keys.key_of(sealed.subject)
            if key is None:
                texts[sealed.digest] = ERASED if is_erased(store, sealed.subject) else _KEY_LOST
                continue
            block = unseal(
                sealed.stored,
                key,
                digest=sealed.digest,
                ledger=store.origin,
                event=row.event_id,
                name=sealed.name,
                subject=sealed.subject,
            )
        except TamperDetected as error:
            texts[sealed.digest] = BlockFault(error.code, error.message)
        else:
            texts[sealed.digest] = block.text
    return texts


def _open(sealed: SealedBlock, key: bytes, ledger: str, payload: Payload, position: int) -> Block:
    try:
        return unseal(
            sealed.stored,
            key,
            digest=sealed.digest,
            ledger=ledger,
            event=payload.id,
            name=sealed.name,
            subject=sealed.subject,
        )
    except TamperDetected as error:
        raise TamperDetected(error.code, error.message, position=position) from None
