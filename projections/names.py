"""
The short codes people know: RN1 for a member of staff, C-07 for a couple, own-A for a bottle.

Each view that shows codes keeps this table itself, so that its answers come from one state of the log.
Rows hold identifiers; the code is put in when a question is answered, corrected where it was corrected by then.
Names of people are not here: a participant is A or B.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from ledger.errors import Refused
from ledger.events.authority import LocationRegistered
from ledger.events.base import Event
from ledger.events.inventory import StockReceived
from ledger.events.people import CoupleRegistered, StaffRegistered
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.reading import PlacedEvent
from projections.snapshot import Snapshot
from projections.view import Statement, Table, insert

NAMES = Table(
    "name",
    "position INTEGER PRIMARY KEY, id TEXT NOT NULL, code TEXT NOT NULL, zone TEXT NOT NULL",
    ("id, position", "code"),
)

NAMED: tuple[type[Event], ...] = (
    StaffRegistered,
    LocationRegistered,
    CoupleRegistered,
    OwnMedicationCheckedIn,
    StockReceived,
)
"""The events that give somebody or something its code."""

_CODES = "SELECT position, id, code, zone FROM [name] WHERE position < ? AND id LIKE ?"
_NAMED = "SELECT position, id, code, zone FROM [name] WHERE (id = ? OR code = ?) AND +position < ?"
_LAST = "SELECT position, code, zone FROM [name] WHERE id = ? AND position < ? ORDER BY position DESC LIMIT 1"
_UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_ID = re.compile(rf"\b(?:staff|stock|location|couple)/{_UUID4}\b")


def name_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """The row of an event that gives a code."""
    event = placed.event
    if isinstance(
        event, StaffRegistered | LocationRegistered | CoupleRegistered | OwnMedicationCheckedIn | StockReceived
    ):
        zone = event.time_zone if isinstance(event, LocationRegistered) else ""
        yield insert("name", position=placed.position, id=placed.stream, code=event.code, zone=zone)


class Names:
    """The codes as of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[str, tuple[str, str]] = {}

    def code(self, identifier: str) -> str:
        """The code of an identifier; its kind and first digits if it never got one."""
        return self._look_up(identifier)[0]

    def zone(self, location: str) -> str:
        """The time zone of a place, empty if nobody registered it."""
        return self._look_up(location)[1]

    def in_text(self, text: str) -> str:
        """The text with a code for each identifier in it."""
        return _ID.sub(lambda match: self.code(match[0]), text)

    def identifier(self, kind: str, text: str) -> str:
        """
        What a person means by a code or an identifier of this kind.

        Raises:
            Refused: `not-found`, or `ambiguous-code` when several have this code.
        """
        rows = list(dict.fromkeys(self._named(kind, text)))
        if len(rows) > 1:
            raise Refused(
                "ambiguous-code",
                f"{len(rows)} records of kind {kind} have the code {text}.",
                field=kind,
                remedy="Ask by identifier.",
            )
        if not rows:
            raise not_found(kind, text)
        return rows[0]

    def _named(self, kind: str, text: str) -> Iterator[str]:
        """Every identifier of a kind that is this text or ever got it as its code, as corrected by then."""
        seen = self._snapshot
        rows = seen.rows(_NAMED, text, text, seen.position)
        seen.said_about.of(row["position"] for row in rows)
        seen.said_about.naming([text])
        found = [(str(row["id"]), self._said(row)[0]) for row in rows]
        for standing in seen.said_about.known.values():
            if standing.counts is not None and not standing.is_untouched:
                found += [(str(each.parameters[1]), str(each.parameters[2])) for each in name_rows(standing.counts)]
        yield from (each for each, code in found if each.startswith(f"{kind}/") and text in (each, code))

    def codes(self, kind: str) -> list[tuple[str, str]]:
        """Every identifier of a kind with each code it ever got, by code."""
        rows = self._snapshot.rows(_CODES, self._snapshot.position, f"{kind}/%")
        self._snapshot.said_about.of(row["position"] for row in rows)
        found = {(str(row["id"]), self._said(row)[0]) for row in rows}
        return sorted(found, key=lambda each: (each[1], each[0]))

    def _look_up(self, identifier: str) -> tuple[str, str]:
        if identifier not in self._known:
            rows = self._snapshot.rows(_LAST, identifier, self._snapshot.position)
            kind, _, number = identifier.partition("/")
            unknown = (f"{kind} {number[:8]}", "")
            said = [self._said(row) for row in rows]
            self._known[identifier] = next(iter(said), unknown)
        return self._known[identifier]

    def _said(self, row: sqlite3.Row) -> tuple[str, str]:
        """The code and zone of a row; where they were corrected by then, as they are now."""
        standing = self._snapshot.standing(row["position"])
        if standing is not None and standing.counts is not None and not standing.is_untouched:
            for corrected in name_rows(standing.counts):
                code, zone = (str(value) for value in corrected.parameters[2:4])
                return code, zone
        return str(row["code"]), str(row["zone"])


def not_found(kind: str, text: str) -> Refused:
    """The refusal for a subject nobody recorded by then."""
    return Refused(
        "not-found",
        f"There is no {kind} {text} here as of then.",
        field=kind,
        remedy="Check it for a slip, or ask about a later position.",
    )
