"""
Which requests about a person's record nobody has answered yet: nothing is destroyed over an open one.

Source: the exact rules, REC-12.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.envelope import parse_envelope
from ledger.store.port import EventRow

ANSWERS: dict[str, tuple[str, ...]] = {
    "access-request-received/1": ("access-request-fulfilled/1", "access-request-denied/1"),
    "amendment-requested/1": ("amendment-accepted/1", "amendment-denied/1"),
    "erasure-requested/1": ("erasure-refused/1", "erasure-scheduled/1"),
}
"""Each kind of request, and the types of which one has to name it."""


def open_requests(rows: Iterable[EventRow], kinds: Iterable[str] = ANSWERS) -> tuple[int, ...]:
    """The positions of requests of these kinds, among the rows of one person's record, that have no answer."""
    waiting: dict[str, int] = {}
    wanted = {kind: ANSWERS[kind] for kind in kinds}
    answers = {answer for each in wanted.values() for answer in each}
    for row in rows:
        if row.type in wanted and row.envelope:
            waiting[row.dig] = row.position
        elif row.type in answers and row.envelope:
            waiting.pop(parse_envelope(row.envelope).payload.body["request"]["dig"], None)
    return tuple(waiting.values())
