"""
The two partners of a session get their keys together: an enrolment of one alone would tell who took part.

So both enrolments go in one request, and a batch in which they stand apart records them as one.
Source: format v1, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ledger.errors import Refused
from ledger.events.keys import KeyEnrolled
from ledger.keys import KeyHistory
from ledger.submission import ReadSubmission


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


def slot_enrolled(item: ReadSubmission) -> str | None:
    """The slot, such as `session/…/a`, whose key this enrols, if it does."""
    owner = item.event.owner if isinstance(item.event, KeyEnrolled) else ""
    return owner if owner.startswith("session/") else None


def recorded_as_one(read: Mapping[int, ReadSubmission]) -> Iterator[list[int]]:
    """What is recorded as one, in order: each by itself, but a session's two slot enrolments as a pair."""
    pairs: dict[str, list[int]] = {}
    for index, item in read.items():
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
