"""
What is recorded as one: both enrolments of a session's slots, and an entry typed from paper with its line.

The two partners of a session get their keys together: an enrolment of one alone would tell who took part.
So both enrolments go in one request, and a batch in which they stand apart records them as one.
An entry that was typed from a sheet says nothing of who did it; the line directly before it does.
Source: format v1, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ledger.errors import Refused
from ledger.events.base import Reference
from ledger.events.keys import KeyEnrolled
from ledger.events.paper import PaperLineTranscribed
from ledger.keys import KeyHistory
from ledger.submission import ReadSubmission
from ledger.transcribed import is_transcribed


def check_slot_pairs(keys: KeyHistory, items: Sequence[ReadSubmission]) -> None:
    """
    Pass when no slot got its key without the other: an enrolment must not tell who took part.

    Raises:
        Refused: `slot-keys-together`.
    """
    for owner in filter(None, map(slot_enrolled, items)):
        twin = f"{owner[:-1]}{'b' if owner.endswith('a') else 'a'}"
        if not keys.keys_of(twin):
            raise Refused(
                "slot-keys-together",
                "Both slots of a session get their keys together.",
                field="owner",
                remedy="Hand in both enrolments in one request.",
            )


def check_lines(items: Sequence[ReadSubmission]) -> None:
    """
    Pass when every entry typed from a sheet has its line directly before it, and every line its entry behind it.

    Raises:
        Refused: `transcription-line`.
    """
    awaited: Reference | None = None
    for index, item in enumerate(items):
        if awaited is not None and (item.dig != awaited.dig or item.envelope.payload.id != awaited.id):
            raise _alone("A line of a sheet is recorded together with its entry, and directly before it.")
        if is_transcribed(item.envelope.payload) != (awaited is not None):
            raise _alone("An entry that was typed from a sheet has the line that says who did it before it.")
        awaited = item.event.target if isinstance(item.event, PaperLineTranscribed) else None
        if awaited is not None:
            follows = items[index + 1] if index + 1 < len(items) else None
            if follows is None or follows.envelope.payload.stream != item.envelope.payload.stream:
                raise _alone("A line of a sheet stands on the record of its entry, and before it.")


def _alone(message: str) -> Refused:
    return Refused(
        "transcription-line", message, field="target", remedy="Hand in each line with its entry, the line first."
    )


def slot_enrolled(item: ReadSubmission) -> str | None:
    """The slot, such as `session/…/a`, whose key this enrols, if it does."""
    owner = item.event.owner if isinstance(item.event, KeyEnrolled) else ""
    return owner if owner.startswith("session/") else None


def recorded_as_one(read: Mapping[int, ReadSubmission]) -> Iterator[list[int]]:
    """What is recorded as one, in order: each by itself, but slot enrolments and lines of a sheet as pairs."""
    pairs: dict[str, list[int]] = {}
    lines: dict[str, int] = {}
    for index, item in read.items():
        if isinstance(item.event, PaperLineTranscribed):
            lines[item.event.target.dig] = index
            continue
        if item.dig in lines:
            yield [lines.pop(item.dig), index]
            continue
        owner = slot_enrolled(item)
        if owner is None:
            yield [index]
            continue
        session = owner[:-2]
        pair = pairs.pop(session, [])
        if pair:
            yield [*pair, index]
        else:
            pairs[session] = [index]
    yield from pairs.values()
    yield from ([index] for index in lines.values())
