"""
What was said about entries of a view, found from these entries: no answer reads the corrections of the whole ledger.

A correction, a void, a second signature and an addendum name one entry; a reattribution names two. Whatever
has to do with an entry hangs together with it that way, and how it stands follows from those few alone, and from
the keys that are known to be revoked: a second signature that came with an entry may not count because of its key.
An entry can also come to belong to an answer by a correction: so the words each correction puts in are kept too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Final

import orjson

from ledger.amending import GROUPS, OCCURRED
from ledger.effective import Standing, standings
from ledger.events.corrections import EntryCorrected
from ledger.events.fields import Gone
from ledger.keys import Revoked
from ledger.reading import PlacedEvent
from projections.sources import read_source
from projections.view import Statement, Table, Value, insert

RESTATED: Final = Table(
    "restated",
    "position INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL",
    ("value, position", "field, value WHERE field > ''", "position"),
)
"""
Which words a correction puts in: the position of the correction, and each word of what stands open, or identifier.

`field` is `occurred.at` for when something happened, and empty for every other word.
"""

WHEN: Final = f"{OCCURRED}.at"
_ID: Final = re.compile(r"[a-z]+/[0-9a-f-]{36}(/[ab])?")

_SAID_IN: Final = "SELECT position FROM [source] WHERE record = ? AND about > '' AND +position < ?"
_TOUCHED: Final = (
    "SELECT p.position FROM [source] p WHERE p.position IN (SELECT value FROM json_each(?1)) AND +p.position < ?2"
    " AND (p.about > ''"
    " OR EXISTS (SELECT 1 FROM [source] s WHERE s.about > '' AND s.about = p.dig AND +s.position < ?2)"
    " OR EXISTS (SELECT 1 FROM [source] s WHERE s.also > '' AND s.also = p.dig AND +s.position < ?2))"
)
_DOUBTED: Final = (
    "SELECT s.position FROM [revocation] r JOIN [second] k ON k.kid = r.kid JOIN [source] s ON s.position = k.position"
    " WHERE r.position < ?1 AND k.position < ?1 AND k.position >= coalesce(r.suspect_from, r.position)"
)
_DOUBTED_ON: Final = f"{_DOUBTED} AND +s.record = ?2"
_DOUBTED_AT: Final = f"{_DOUBTED} AND k.position IN (SELECT value FROM json_each(?2))"
_NEAR: Final = (
    "WITH RECURSIVE near (position, dig, about, also) AS ("
    " SELECT position, dig, about, also FROM [source] WHERE position IN (SELECT value FROM json_each(?1))"
    " UNION SELECT s.position, s.dig, s.about, s.also FROM near n CROSS JOIN [source] s"
    " WHERE s.about > '' AND s.about = n.dig AND +s.position < ?2"
    " UNION SELECT s.position, s.dig, s.about, s.also FROM near n CROSS JOIN [source] s"
    " WHERE s.also > '' AND s.also = n.dig AND +s.position < ?2"
    " UNION SELECT s.position, s.dig, s.about, s.also FROM near n CROSS JOIN [source] s"
    " WHERE n.about > '' AND s.dig = n.about AND +s.position < ?2"
    " UNION SELECT s.position, s.dig, s.about, s.also FROM near n CROSS JOIN [source] s"
    " WHERE n.also > '' AND s.dig = n.also AND +s.position < ?2"
    ") SELECT * FROM [source] WHERE position IN (SELECT position FROM near)"
)
_ALL: Final = "SELECT position FROM [source] WHERE about > '' AND +position < ?"
_PUT_IN: Final = (
    "SELECT DISTINCT position FROM [restated] WHERE value IN (SELECT value FROM json_each(?)) AND +position < ?"
)
_MOVED: Final = (
    "SELECT DISTINCT position FROM [restated] WHERE field > '' AND field = ? AND value BETWEEN ? AND ?"
    " AND +position < ?"
)
_WRITTEN: Final = "SELECT DISTINCT position FROM [restated] WHERE instr(lower(value), lower(?)) > 0 AND +position < ?"

Rows = Callable[..., list[Any]]


def restated_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """The rows of a correction: the words it puts in."""
    event = placed.event
    if not isinstance(event, EntryCorrected):
        return
    found = {(field, word) for change in event.changes for field, word in _words(change.field, change.now)}
    for group in GROUPS:
        sealed = getattr(event, group)
        for change in () if sealed is None or isinstance(sealed, Gone) else sealed:
            found |= {(field, word) for field, word in _words(change.field, change.now) if _ID.fullmatch(word)}
    for field, word in sorted(found):
        yield insert("restated", position=placed.position, field=field if field == WHEN else "", value=word)


def _words(field: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield field, value
        case dict():
            for name, inner in value.items():
                yield from _words(f"{field}.{name}", inner)
        case list() | tuple():
            for inner in value:
                yield from _words(field, inner)


class SaidAbout:
    """How entries of a view stand, as known at a number of entries; each is worked out when it is first asked for."""

    def __init__(self, rows: Rows, position: int, revoked: Callable[[], Revoked]) -> None:
        self._rows = rows
        self._position = position
        self._revoked = revoked
        self._asked: set[int] = set()
        self._is_whole = False
        self.known: dict[int, Standing] = {}
        """Of every entry asked for that something was said about, and of what hangs together with it."""

    def one(self, position: int) -> Standing | None:
        """How an entry stands; None when nothing was said about it."""
        self.of((position,))
        return self.known.get(position)

    def of(self, positions: Iterable[int]) -> None:
        """Work out how these entries stand."""
        new = [] if self._is_whole else [each for each in positions if each not in self._asked]
        if not new:
            return
        self._asked |= set(new)
        touched = self._rows(_TOUCHED, _json(new), self._position)
        if self._keys_revoked:
            touched += self._rows(_DOUBTED_AT, self._position, _json(new))
        if touched:
            self._stand([row["position"] for row in touched])

    def on(self, record: str) -> None:
        """Work out everything that was said on the records of a session, a container, a person …."""
        if not self._is_whole:
            found = self._rows(_SAID_IN, record, self._position)
            found += self._rows(_DOUBTED_ON, self._position, record) if self._keys_revoked else []
            self.of([row["position"] for row in found])

    def naming(self, words: Iterable[Value]) -> None:
        """Work out the entries into which a correction puts one of these words, or of the words of a JSON list."""
        asked = sorted({word for each in words for word in _listed(each)})
        if asked and not self._is_whole:
            self.of([row["position"] for row in self._rows(_PUT_IN, json.dumps(asked), self._position)])

    def moved_into(self, first: str, last: str) -> None:
        """Work out the entries that a correction has happen between these instants."""
        self.of([row["position"] for row in self._rows(_MOVED, WHEN, first, last, self._position)])

    def writing(self, part: str) -> None:
        """Work out the entries into which a correction puts a word with this part."""
        self.of([row["position"] for row in self._rows(_WRITTEN, part, self._position)])

    def everything(self) -> dict[int, Standing]:
        """All of it: what an answer about the whole ledger rests on; it costs time by how much was ever said."""
        if not self._is_whole:
            found = self._rows(_ALL, self._position)
            found += self._rows(_DOUBTED, self._position) if self._keys_revoked else []
            self.of([row["position"] for row in found])
            self._is_whole = True
        return self.known

    @cached_property
    def _keys_revoked(self) -> Revoked:
        return self._revoked()

    def _stand(self, positions: list[int]) -> None:
        near = [read_source(row) for row in self._rows(_NEAR, _json(positions), self._position)]
        found = standings(near, self._keys_revoked)
        self._asked |= set(found)
        self.known |= found


def _listed(value: Value) -> list[str]:
    if not isinstance(value, str) or not value:
        return []
    if not value.startswith("["):
        return [value]
    return [each for each in orjson.loads(value) if isinstance(each, str)]


def _json(positions: Iterable[int]) -> str:
    return orjson.dumps(list(positions)).decode()
