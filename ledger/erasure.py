"""
Who may be erased, what that takes away, and the list of it.

An erasure is an authorisation: it is refused while a legal hold stands, while a session is open, and until the
longest period has passed for which the clinic says it must keep the record.
Whether a period is the right one in law is for the clinic to say; here it is a figure.

The list of what was erased is not kept a second time: sealed blocks stay where they are, and the store knows
whose each is. So the list of an erasure are that person's blocks below it, and it proves itself against the
root that was signed.
Source: format v1, section 11; the rules REC-12, REC-13 and CS-09.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.absences import Listed, counted
from ledger.encoding import from_instant
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.errors import Objection, Refused
from ledger.events.erasure import LegalHoldLifted, LegalHoldPlaced, RetentionEnded, SubjectErased
from ledger.open_requests import open_requests
from ledger.payload import Occurred, Payload
from ledger.store.port import EventRow, Store, Writing

VERSION = "1"
"""Of the rules as they are asked here."""

ENCOUNTERS = ("evaluation-completed/1", "preparation-session-held/1")
"""Clinical encounters beside everything that stands on the records of a session."""

DISCLOSURES = ("disclosure-made/1",)
"""What was shown to somebody outside: whoever asks is told of it for years."""

CONTROLLED = ("dose-administered/1", "own-medication-checked-in/1", "own-medication-checked-out/1")
"""Records of a controlled substance."""


@dataclass(frozen=True, slots=True)
class Retention:
    """
    How many years a record is kept, each from its own date; the longest counts.

    `chart_years` after the last clinical encounter [D]; `controlled_years` after each record of a controlled
    substance (two by federal rule, 21 CFR 1304.04; often longer by state); `records_years` after each access,
    request and disclosure (45 CFR 164.316(b)(2)(i)).
    """

    chart_years: int = 10
    controlled_years: int = 2
    records_years: int = 6


KEPT_BY_DEFAULT = Retention()


@dataclass(frozen=True, slots=True)
class Mention:
    """An event of which a sealed block is about a person; `day` is the calendar day on which it happened there."""

    position: int
    type: str
    stream: str
    day: date


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """
    What there is of one person: the digests of their blocks, the events these belong to, the holds that stand.

    `holds` are positions; `open_sessions` those that were opened and not closed; `erased_at` the position of
    their erasure; `requests` the positions of those that nobody has answered.
    """

    person: str
    digests: tuple[str, ...]
    mentions: tuple[Mention, ...]
    holds: tuple[int, ...]
    open_sessions: tuple[str, ...]
    erased_at: int | None
    requests: tuple[int, ...] = ()

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions they took part in, in the order of the log."""
        streams = (mention.stream.split("/") for mention in self.mentions if mention.stream.startswith("session/"))
        return tuple(dict.fromkeys(f"session/{parts[1]}" for parts in streams))

    @property
    def types(self) -> dict[str, int]:
        """How many events of each type hold something of them."""
        return dict(sorted(Counter(mention.type for mention in self.mentions).items()))


def person_record(store: Store, person: str, blocks: Sequence[tuple[str, int]] | None = None) -> PersonRecord:
    """
    What the store holds of a person; reads all blocks there are unless theirs are handed in, and their events.

    Raises:
        Refused: `unknown-subject`, when nobody of this name was registered.
    """
    blocks = store.blocks_about(person) if blocks is None else blocks
    rows = store.stream_rows(person)
    if not person.startswith("person/") or not rows:
        raise Refused(
            "unknown-subject",
            "There is no such participant in the ledger.",
            field="person",
            remedy="Name them by their identifier, person/…; check it for a slip.",
        )
    mentions = tuple(
        _mention(row)
        for position in sorted({position for _, position in blocks})
        if isinstance(row := store.row(position), EventRow) and row.envelope
    )
    record = PersonRecord(person, tuple(digest for digest, _ in blocks), mentions, holds_in(rows), (), None)
    erased = next((row.position for row in rows if row.type == SubjectErased.type_tag()), None)
    still_open = tuple(
        session
        for session in record.sessions
        if store.has_event(session, "session-opened/1") and not store.has_event(session, "session-closed/1")
    )
    requests = open_requests(rows, ("access-request-received/1", "amendment-requested/1"))
    return PersonRecord(person, record.digests, mentions, record.holds, still_open, erased, requests)


def erasure_objections(record: PersonRecord, on: date, retention: Retention) -> list[Objection]:
    """What speaks against erasing this person on a day (UTC); each with the positions it rests on."""
    found = []
    if record.holds:
        found.append(Objection("REC-12", VERSION, "A legal hold stands on this person's record.", record.holds))
    if record.requests:
        message = "A request about this person's record has no answer yet."
        found.append(Objection("REC-12", VERSION, message, record.requests))
    if record.open_sessions:
        message = f"A session of this person is still open: {', '.join(record.open_sessions)}."
        found.append(Objection("REC-12", VERSION, message))
    chart = [each for each in record.mentions if each.stream.startswith("session/") or each.type in ENCOUNTERS]
    controlled = [each for each in record.mentions if each.type in CONTROLLED]
    shown = [each for each in record.mentions if each.type in DISCLOSURES]
    found += kept_until("REC-13", "the last clinical encounter", chart, retention.chart_years, on)
    found += kept_until("REC-13", "the last disclosure", shown, retention.records_years, on)
    found += kept_until(
        "CS-09", "the last record of a controlled substance", controlled, retention.controlled_years, on
    )
    return found


def check_erasure(event: SubjectErased, payload: Payload, writing: Writing) -> None:
    """
    Pass when this erasure names what there is to be erased now, under the log's lock.

    What speaks against it is asked by a gate (`ledger.keeping`).

    Raises:
        Refused: `already-erased`; `erased-blocks`, when it names others than the person's blocks as they are now.
    """
    person = payload.stream
    if writing.has_event(person, SubjectErased.type_tag()):
        raise already_erased()
    digests = [digest for digest, _ in writing.blocks_about(person)]
    if counted(digests) != event.blocks:
        raise Refused(
            "erased-blocks",
            f"This person has {len(digests)} sealed blocks now, and not the {event.blocks.count} that were signed.",
            field="blocks",
            remedy="Something was recorded since, or the list is another's. Have it made and signed anew.",
        )


def already_erased() -> Refused:
    """The refusal to do or record anything more that is sealed for an erased person."""
    return Refused(
        "already-erased",
        "This person was erased: nothing about them can be sealed any more.",
        field="stream",
        remedy="If they come again, register them anew; the old record stays closed.",
    )


def erased_digests(store: Store, person: str, below: int) -> list[str]:
    """The digests of all blocks of a person below a position, ascending; reads all blocks there are."""
    return [digest for digest, position in store.blocks_about(person) if position < below]


def kept_lists(store: Store) -> Listed:
    """The lists of a store, for an audit of it; what a retention's end names is read from the entries, which stay."""

    def listed(position: int, payload: Payload) -> Sequence[str] | None:
        if payload.type == SubjectErased.type_tag():
            return erased_digests(store, payload.stream, position)
        if payload.type == RetentionEnded.type_tag():
            return ended_envelopes(store, position)
        return None

    return listed


def ended_envelopes(store: Store, under: int) -> list[str]:
    """The `env` of every entry that the end of retention at this position names, in the order of the log."""
    entries = (store.entry(position) for position in store.ended(under))
    return [parse_event_entry(entry).env for entry in entries if entry is not None]


def _mention(row: EventRow) -> Mention:
    occurred = parse_envelope(row.envelope).payload.occurred
    return Mention(row.position, row.type, row.stream, day_of(occurred))


def day_of(occurred: Occurred) -> date:
    """The calendar day there; at the end of the calendar, which a wrong clock may claim, its last day."""
    try:
        return (from_instant(occurred.at) + timedelta(minutes=occurred.offset)).date()
    except OverflowError:
        return date.max


def holds_in(rows: Iterable[EventRow]) -> tuple[int, ...]:
    """The positions of the legal holds that stand, among the rows of one person's record."""
    standing: dict[str, int] = {}
    for row in rows:
        if row.type == LegalHoldPlaced.type_tag():
            standing[row.dig] = row.position
        elif row.type == LegalHoldLifted.type_tag():
            standing.pop(parse_envelope(row.envelope).payload.body["placed"]["dig"], None)
    return tuple(standing.values())


def kept_until(rule: str, what: str, mentions: Sequence[Mention], years: int, on: date) -> list[Objection]:
    """What stands against ending these before so many years after the last of them; that calendar date included."""
    if not mentions:
        return []
    last = max(mentions, key=lambda mention: (mention.day, mention.position))
    until = years_later(last.day, years)
    if on >= until:
        return []
    message = f"{what.capitalize()} was on {last.day}; for {years} years from then the record is kept: until {until}."
    return [KeptUntil(rule, VERSION, message, (last.position,), until=until)]


@dataclass(frozen=True, slots=True)
class KeptUntil(Objection):
    """A period that still runs; on the day `until` it is over."""

    until: date = date.max


def years_later(day: date, years: int) -> date:
    """The same calendar date; for 29 February where there is none, the day after; at most the calendar's last day."""
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
