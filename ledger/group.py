"""
One group: what a single transaction records, submission by submission, under the lock of the log.

Is it new, did its keys count here, may it be signed so, is it about somebody we know, does a gate object; then it
gets the next position. Each item is asked with all that the items before it in the same group have changed:
a key enrolled by the first counts for the second, one revoked by the third no longer signs the fourth.
What a refused submission had changed so far is forgotten with it.
Source: format v1, sections 3 to 9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

from ledger.decide import decide
from ledger.desk import Desk, Known
from ledger.encoding import to_instant
from ledger.entry import EventEntry, parse_event_entry, stream_tag
from ledger.envelope import check_signatures
from ledger.erasure import check_erasure
from ledger.errors import Refused
from ledger.events.base import Event
from ledger.events.corrections import EntryReattributed
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.governance import ClockCorrected
from ledger.events.keys import LedgerOpened, LogKeyRetired
from ledger.events.representatives import RepresentativeAppointed
from ledger.follow import place
from ledger.gate import Gate, closed
from ledger.held_sessions import HeldSession
from ledger.kept_amounts import amounts_to_keep, check_amounts
from ledger.key_changes import check_key_event
from ledger.keys import KEY_EVENTS, KeyHistory, KeyState, check_handed_in, check_signers, own_keys
from ledger.payload import Payload
from ledger.reading import PlacedEvent, without_sealed
from ledger.received import Reading, received_at
from ledger.representation import check_representation
from ledger.retention import check_retention_end
from ledger.session import Session, under
from ledger.slot_pairs import check_lines, check_slot_pairs
from ledger.store.port import EventRow, Head, LookUp, NewEvent, Store, Writing
from ledger.subjects import Sealing, Ties
from ledger.submission import ReadSubmission, Recorded
from ledger.targets import check_target
from ledger.tlog.heads import HeadRow, heads_entry, heads_root
from ledger.transcribed import is_transcribed, performed_before


class Group:
    """The recording inside one open transaction."""

    def __init__(
        self,
        desk: Desk,
        writing: Writing,
        known: Known,
        session_of: Callable[[str], HeldSession],
        ties: Ties,
        now: Reading,
        last_append: Reading | None,
    ) -> None:
        """`session_of` and `ties` tell what is committed; `now` is the clock for the whole group."""
        self.known = known
        self._desk = desk
        self._writing = writing
        self._session_of = session_of
        self._ties = ties
        self.now = now
        self._last_append = last_append
        self._today = to_instant(now.wall)[:10]
        self._received: str | None = None

    def look_up(self, items: Sequence[ReadSubmission]) -> None:
        """Have the store read at once what recording these is going to ask."""
        origin = self._desk.store.origin
        self._writing.look_up(
            [
                LookUp(
                    item.dig,
                    item.envelope.payload.id,
                    stream_tag(origin, item.envelope.payload.stream),
                    tuple(item.blocks),
                )
                for item in items
            ]
        )

    def record(self, items: Sequence[ReadSubmission]) -> list[Recorded]:
        """
        Record these together, in this order; the caller undoes the transaction's part if this raises.

        Raises what `Recorder.record` says.
        """
        known = self.known.branch(with_keys=any(_governs(type(item.event)) for item in items))
        check_lines(items)
        results = [self._append(known, item) for item in items]
        check_slot_pairs(known.keys, items)
        self.known = known
        return results

    def _append(self, known: Known, item: ReadSubmission) -> Recorded:
        payload, writing, origin = item.envelope.payload, self._writing, self._desk.store.origin
        if (before := writing.by_dig(item.dig)) is not None:
            quarantined = _is_quarantined(known.keys, before.position, payload)
            return _recorded(before, repeated=True, quarantined=quarantined)
        if writing.by_id(payload.id) is not None:
            raise Refused(
                "id-used",
                f"Another event has the id {payload.id} already; these bytes were kept for the alarm.",
                field="id",
            )
        governs, head = _governs(type(item.event)), self._head_of_today()
        states = self._check_keys(known, head.size, item)
        held = self._held_session(known, _session_record(item.event, payload.stream))
        session: Session | None = None
        if held is not None and type(item.event).AUTHORISES:
            session = under(held.now(), known.keys.revoked)
            held = HeldSession(session)
        decide(item.event, payload, session, self._is_known)
        received = self._received_at(head.received_at, correcting=governs and isinstance(item.event, ClockCorrected))
        check_target(item.event, payload, self._find)
        said_of = partial(self._said_of, known)
        check_representation(payload, lambda owner: self._person_of(known, owner), said_of, known.keys.revoked)
        if governs and isinstance(item.event, SubjectErased):
            check_erasure(item.event, payload, writing)
        self._ask_gates(known, item, received)
        listed: Sequence[int] = ()
        if governs and isinstance(item.event, RetentionEnded):
            plan = self._desk.keeping.plan(received)
            listed = check_retention_end(item.event, plan)
            check_amounts(known.placed, amounts_to_keep(self._desk.store, plan, known.keys.revoked))
        for digest in item.blocks:
            if writing.has_block(digest):
                raise Refused("block-repeated", "This sealed block was recorded before.", field="blocks")
        tag = stream_tag(origin, payload.stream)
        end = writing.stream_end(tag)
        entry = EventEntry(
            env=item.envelope.env,
            prev=None if end is None else end.leaf.hex(),
            received_at=received,
            stream=tag,
            version=1 if end is None else end.version + 1,
        )
        desk = self._desk
        sealing = Sealing(
            desk.store, desk.subject_keys, desk.entropy, self._ties, known.ties, known.opened, known.keys.revoked
        )
        position = writing.append(
            NewEvent(
                entry=entry.bytes(),
                tag=tag,
                version=entry.version,
                received_at=received,
                stream=payload.stream,
                type=payload.type,
                event_id=payload.id,
                dig=item.dig,
                envelope=item.envelope.raw,
                blocks=sealing.seal(item.event, payload.id, payload.stream, item.blocks, writing),
            )
        )
        if governs:
            self._govern(known, position, item.event, listed)
        performed = performed_before(payload, item.dig, known.placed)
        placed = PlacedEvent(position, entry.version, received, item.dig, payload, item.event, performed)
        known.placed.append(placed)
        if held is not None:
            known.sessions[held.session.id] = held.after(without_sealed(placed), known.keys.revoked)
        quarantined = "quarantined" in states
        return Recorded(
            position, entry.version, item.dig, payload.id, received, repeated=False, quarantined=quarantined
        )

    def _govern(self, known: Known, position: int, event: Event, listed: Sequence[int]) -> None:
        """Take in what an event about keys or about endings, recorded at this position, has changed."""
        if isinstance(event, KEY_EVENTS):
            known.keys.apply(position, event)
        if isinstance(event, SubjectErased):
            known.opened.clear()
        if isinstance(event, RetentionEnded):
            self._writing.keep_ending(position, listed)

    def _received_at(self, previous: str | None, *, correcting: bool) -> str:
        """The time of receipt; the same for all events of a group but the first, so it is asked once."""
        if correcting or previous is None or previous != self._received:
            self._received = received_at(previous, self.now, self._last_append, correcting=correcting)
        return self._received

    def _check_keys(self, known: Known, position: int, item: ReadSubmission) -> tuple[KeyState, ...]:
        """What each signature counts for at this position, when all may be taken."""
        envelope = item.envelope
        if position == 0 and not isinstance(item.event, LedgerOpened):
            raise Refused("genesis", "A ledger begins with ledger-opened.")
        states = check_signers(known.keys, position, envelope.payload, item.event)
        if "quarantined" in states:
            check_handed_in(known.keys, position, envelope.payload, item.handed_in_by)
        if not _governs(type(item.event)):
            if any(signer.key not in item.fitting for signer in envelope.payload.attested):
                check_signatures(envelope, known.keys.public_key, fitting=item.fitting)
            return states
        own = {kid: public for kid, (_, public) in own_keys(item.event).items()}
        check_signatures(envelope, lambda kid: own.get(kid) or known.keys.public_key(kid), fitting=item.fitting)
        if isinstance(item.event, KEY_EVENTS):
            check_key_event(known.keys, position, item.event, envelope.payload.attested)
        if isinstance(item.event, LedgerOpened) and not set(self._desk.log_vkeys) <= set(item.event.log_keys):
            raise Refused("genesis", "A ledger is opened with the key that signs its checkpoints.", field="log_keys")
        if isinstance(item.event, LogKeyRetired):
            self._check_not_signing(item.event)
        return states

    def _check_not_signing(self, event: LogKeyRetired) -> None:
        """The next checkpoint covers the retirement, and the retired key may not sign it."""
        if event.vkey in self._desk.log_vkeys:
            raise Refused(
                "log-key-signing",
                "This log key signs the checkpoints here.",
                field="vkey",
                remedy="Change it with session-ledger rotate-log-key.",
            )

    def _ask_gates(self, known: Known, item: ReadSubmission, received: str) -> None:
        """Pass when no gate objects to an authorisation; a fact passes none, nor what was permitted on paper before."""
        if not type(item.event).AUTHORISES or is_transcribed(item.envelope.payload):
            return
        payload = item.envelope.payload
        gates: tuple[Gate, ...] = (self._desk.keeping, *self._desk.gates)
        asked = (gate.objections(item.event, payload, received, known.placed) for gate in gates)
        objections = [objection for each in asked for objection in each]
        if objections:
            raise closed(objections, item.event, payload, item.dig)

    def _head_of_today(self) -> Head:
        """The head; before the first event of another day (UTC) commits to the last row of every record so far."""
        head = self._writing.head()
        if head.received_at is None or head.received_at[:10] >= self._today:
            return head
        append_heads(self._desk.store, self._writing)
        return self._writing.head()

    def _held_session(self, known: Known, stream: str) -> HeldSession | None:
        if not stream.startswith("session/"):
            return None
        session_id = stream if stream.count("/") == 1 else stream.rpartition("/")[0]
        return known.sessions.get(session_id) or self._session_of(session_id)

    def _find(self, dig: str) -> PlacedEvent | None:
        row = self._writing.by_dig(dig)
        return None if row is None else place(self._desk.store, row)

    def _person_of(self, known: Known, owner: str) -> str | None:
        session, _, slot = owner.rpartition("/")
        desk = self._desk
        sealing = Sealing(
            desk.store, desk.subject_keys, desk.entropy, self._ties, known.ties, known.opened, known.keys.revoked
        )
        return owner if session == "person" else sealing.person_in(session, slot, self._writing)

    def _said_of(self, known: Known, person: str) -> list[PlacedEvent]:
        """The record of a person for whom somebody signs; nothing for one for whom nobody was appointed."""
        if not self._writing.has_event(person, RepresentativeAppointed.type_tag()):
            return []
        committed = [place(self._desk.store, row) for row in self._desk.store.stream_rows(person)]
        beside = [placed for placed in known.placed if placed.stream == person]
        return list({placed.position: placed for placed in (*committed, *beside)}.values())

    def _is_known(self, stream: str) -> bool:
        return self._writing.stream_end(stream_tag(self._desk.store.origin, stream)) is not None


_GOVERNING = (*KEY_EVENTS, ClockCorrected, SubjectErased, RetentionEnded)
"""Types that this file asks about, of events that change what counts from then on."""


@cache
def _governs(kind: type[Event]) -> bool:
    """Whether an event is one of these; asked once for each type, as most events are none."""
    return issubclass(kind, _GOVERNING)


def _session_record(event: Event, stream: str) -> str:
    """Where an event changes how a session stands; a reattribution stands beside the session, under its number."""
    return stream.replace("governance/", "session/") if isinstance(event, EntryReattributed) else stream


def append_heads(store: Store, writing: Writing) -> int:
    """The position of a heads entry over all committed rows; it commits to nothing of this transaction."""
    size = store.head().size
    rows = [HeadRow(bytes.fromhex(tag), version, leaf) for tag, version, leaf in store.stream_ends(size)]
    return writing.append_heads(heads_entry(len(rows), heads_root(rows), size))


def _is_quarantined(keys: KeyHistory, position: int, payload: Payload) -> bool:
    return any(keys.state(signer.key, position) == "quarantined" for signer in payload.attested)


def _recorded(row: EventRow, *, repeated: bool, quarantined: bool) -> Recorded:
    entry = parse_event_entry(row.entry)
    return Recorded(row.position, entry.version, row.dig, row.event_id, entry.received_at, repeated, quarantined)
