"""
Following the log: its rows in order, as events for views and as bytes for auditors.

Views read `events_from`; it asserts that positions are dense and opens the blocks whose subject key is there.
Where a key is not there, the person's own record says whether it was destroyed (`erased`) or is not for this
reader (`withheld`). Where an envelope is not there, the list of a recorded end of retention has to name it, and
`NoLongerKept` stands in its place (`expired`).
An auditor reads `log_rows`, which interprets nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.block import Block, parse_block, unseal_text
from ledger.entry import parse_event_entry
from ledger.envelope import Envelope, parse_envelope
from ledger.errors import TamperDetected
from ledger.events.erasure import SubjectErased
from ledger.events.fields import ERASED, WITHHELD, Gone
from ledger.events.paper import PaperLineTranscribed, Performer
from ledger.evidence import BlockFault, LogRow, Opened
from ledger.keys import KEY_EVENTS, KeyHistory
from ledger.reading import PlacedEvent, no_longer_kept, read_event
from ledger.store.port import EventRow, Row, SealedBlock, Store
from ledger.store.subject_keys import SubjectKeys
from ledger.transcribed import is_transcribed, performers

BATCH = 500
"""Rows read from the store at once."""

_KEY_LOST = BlockFault("subject-key-missing", "The key of the person this is about is gone, and no erasure says so.")


def place(store: Store, row: EventRow, subject_keys: SubjectKeys | None = None) -> PlacedEvent:
    """
    The event of one stored row; without `subject_keys` all its sealed fields are withheld.

    Raises:
        TamperDetected: `block-moved` or `block-digest`, at this position; `envelope-missing`, when it is not there
            and no end of retention names it.
        Invalid: what `parse_envelope` and `read_event` raise.
    """
    if not row.envelope:
        return _no_longer_kept(store, row)
    if subject_keys is None:
        return _placed(store, row, (), None)
    return _placed(store, row, store.blocks_of(row.position), _Openers(store, subject_keys))


def is_erased(store: Store, subject: str) -> bool:
    """Whether this person's own record says that they were erased; one look into an index."""
    return store.has_event(subject, SubjectErased.type_tag())


def events_from(store: Store, subject_keys: SubjectKeys | None, start: int, limit: int) -> Iterator[PlacedEvent]:
    """
    The events among the `limit` rows from position `start` on, in order; their blocks are read at once.

    Raises:
        TamperDetected: `entry-missing` where a position is skipped, and what `place` raises.
    """
    rows = store.rows(start, limit)
    blocks: Mapping[int, Sequence[SealedBlock]] = {}
    openers = None
    if subject_keys is not None and rows:
        blocks = store.blocks_between(start, rows[-1].position + 1)
        openers = _Openers(store, subject_keys)
    for offset, row in enumerate(rows):
        if row.position != start + offset:
            raise TamperDetected("entry-missing", "A position is missing.", position=start + offset)
        if isinstance(row, EventRow):
            if row.envelope:
                yield _placed(store, row, blocks.get(row.position, ()), openers)
            else:
                yield _no_longer_kept(store, row)


def key_history(store: Store, size: int | None = None, happened_up_to: str | None = None) -> KeyHistory:
    """
    The keys as the stream `keys` of a store tells them, taken at its word.

    `size` asks as known when the log had so many entries, `happened_up_to` of what had happened by an instant.
    """
    history = KeyHistory()
    for row in store.stream_rows("keys"):
        if size is not None and row.position >= size:
            break
        placed = place(store, row)
        happened = happened_up_to is None or placed.payload.occurred.at <= happened_up_to
        if happened and isinstance(placed.event, KEY_EVENTS):
            history.apply(row.position, placed.event)
    return history


def log_rows(store: Store, subject_keys: SubjectKeys | None = None, end: int | None = None) -> Iterator[LogRow]:
    """
    All rows as bytes for an audit; without `subject_keys` every block counts as withheld.

    With them, a block whose key is not there is erased if that person's record says so, and else a fault.
    `end` leaves out the rows from that position on.

    Raises:
        TamperDetected: `store-damaged`, at the first position that cannot be read at all.
    """
    start = 0
    while True:
        last = -1
        for row in rows_between(store, subject_keys, start, start + BATCH if end is None else min(start + BATCH, end)):
            last = row.position
            yield row
        if last < start:
            return
        start += BATCH


def rows_between(store: Store, subject_keys: SubjectKeys | None, start: int, end: int) -> Iterator[LogRow]:
    """The rows from position `start` to below `end`; otherwise as `log_rows`."""
    while start < end and (rows := _readable(store, start, end)):
        blocks = _blocks(store, rows[0].position, rows[-1].position + 1)
        openers = None if subject_keys is None else _Openers(store, subject_keys)
        for row in rows:
            if isinstance(row, EventRow):
                texts = _texts(row, blocks(row.position), openers) if row.envelope else {}
                yield LogRow(row.position, row.entry, row.envelope or None, texts, row.leaf)
            else:
                yield LogRow(row.position, row.entry, None, {}, row.leaf)
        start = rows[-1].position + 1


def _readable(store: Store, start: int, end: int) -> Sequence[Row]:
    """Rows from `start` on; in a damaged file those in front of the damage, one by one."""
    try:
        return store.rows(start, end - start)
    except TamperDetected:
        pass
    try:
        return store.rows(start, 1)
    except TamperDetected as error:
        raise TamperDetected(error.code, error.message, position=start, remedy=error.remedy) from None


def _blocks(store: Store, start: int, end: int) -> Callable[[int], Sequence[SealedBlock]]:
    """The blocks at each of these positions, read at once; in a damaged file they are asked for one by one."""
    try:
        blocks = store.blocks_between(start, end)
    except TamperDetected:
        return store.blocks_of
    return lambda position: blocks.get(position, ())


class _Openers:
    """The keys of the people in a few hundred rows, each asked for once; forgotten with those rows."""

    def __init__(self, store: Store, subject_keys: SubjectKeys) -> None:
        self.ledger = store.origin
        self._store = store
        self._subject_keys = subject_keys
        self._known: dict[str, AESGCM | Gone | None] = {}

    def of(self, subject: str) -> AESGCM | Gone | None:
        """
        The key of this person, `ERASED` if their own record says so, or None when it is lost.

        Raises:
            TamperDetected: `subject-key-stored`, when what is stored is no key.
        """
        known = self._known.get(subject)
        if known is None and subject not in self._known:
            key = self._subject_keys.key_of(subject)
            known = (ERASED if is_erased(self._store, subject) else None) if key is None else AESGCM(key)
            self._known[subject] = known
        return known


def _texts(row: EventRow, blocks: Iterable[SealedBlock], openers: _Openers | None) -> Opened:
    texts = Opened()
    for sealed in blocks:
        if openers is None:
            texts[sealed.digest] = WITHHELD
            continue
        try:
            key = openers.of(sealed.subject)
            if key is None:
                texts[sealed.digest] = _KEY_LOST
            elif isinstance(key, Gone):
                texts[sealed.digest] = key
            else:
                digest, name, subject, stored = sealed
                texts[digest] = unseal_text(stored, key, digest, openers.ledger, row.event_id, name, subject)
        except TamperDetected as error:
            texts[sealed.digest] = BlockFault(error.code, error.message)
    return texts


def _placed(store: Store, row: EventRow, sealed_blocks: Iterable[SealedBlock], openers: _Openers | None) -> PlacedEvent:
    envelope = parse_envelope(row.envelope)
    blocks: dict[str, Block] = {}
    gone: dict[str, Gone] = {}
    if openers is not None:
        for sealed in sealed_blocks:
            key = openers.of(sealed.subject)
            if isinstance(key, Gone):
                gone[sealed.name] = key
            elif key is not None:
                try:
                    text = _text(sealed, key, openers.ledger, envelope.payload.id)
                except TamperDetected as error:
                    raise TamperDetected(error.code, error.message, position=row.position) from None
                blocks[sealed.digest] = parse_block(text)
    entry = parse_event_entry(row.entry)
    event = read_event(envelope.payload, blocks, gone=gone)
    performed = _performed(store, row.position, envelope) if is_transcribed(envelope.payload) else ()
    return PlacedEvent(row.position, entry.version, entry.received_at, envelope.dig, envelope.payload, event, performed)


def _performed(store: Store, position: int, envelope: Envelope) -> tuple[Performer, ...]:
    """Who did what was typed from a sheet: the line stands directly before it; nobody if that is gone."""
    row = store.row(position - 1)
    if not isinstance(row, EventRow) or not row.envelope or row.type != PaperLineTranscribed.type_tag():
        return ()
    payload = parse_envelope(row.envelope).payload
    return performers(read_event(payload, {}), payload.stream, envelope.dig)


def _no_longer_kept(store: Store, row: EventRow) -> PlacedEvent:
    under = store.ended_under(row.position)
    if under is None:
        raise TamperDetected(
            "envelope-missing",
            "The entry is there, its envelope is not, and no end of retention names it.",
            position=row.position,
            remedy="Stop writing, and have the ledger verified: session-ledger verify.",
        )
    return no_longer_kept(
        row.position,
        parse_event_entry(row.entry),
        ledger=store.origin,
        stream=row.stream,
        kind=row.type,
        event_id=row.event_id,
        dig=row.dig,
        under=under,
    )


def _text(sealed: SealedBlock, key: AESGCM, ledger: str, event_id: str) -> str:
    return unseal_text(
        sealed.stored,
        key,
        digest=sealed.digest,
        ledger=ledger,
        event=event_id,
        name=sealed.name,
        subject=sealed.subject,
    )
