"""
The balances of containers as of any position and any time: a clinic's stock, and participants' own medication.

Both are worked out alike and never added up with each other: a lot and a place have totals of the clinic's stock alone.
A partner's copy has that partner's own containers, and nothing of the other's or of the clinic's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.effective import Standing
from ledger.errors import Refused
from ledger.events.dosing import DoseAdministered
from ledger.reading import PlacedEvent
from ledger.stock import begin, take
from ledger.stock_facts import doses_kept
from projections.correction_marks import doubted_mark, standing_marks
from projections.marks import Mark
from projections.names import Names, not_found
from projections.search_rows import SEARCH
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.sources import read_source
from projections.stock_kept import KeptSheets
from projections.stock_rows import STOCK
from projections.stock_sheet import Fact, Sheet, made_sheet, partners_copy
from projections.stock_totals import LotTotal, PlaceTotal, lot_totals, place_totals
from projections.tables import ViewDatabase
from projections.times import told_beside, words_of
from projections.viewer import Viewer, viewer_of


@dataclass(frozen=True, slots=True)
class Balances:
    """
    Sheets by code, with what the clinic's stock comes to by lot and by place, computed at a log position.

    `unplaced` are the positions of what went into somebody from no container that anybody named.
    """

    position: int
    viewer: str
    containers: tuple[Sheet, ...]
    lots: tuple[LotTotal, ...]
    places: tuple[PlaceTotal, ...]
    unplaced: tuple[int, ...]


def container(database: ViewDatabase, name: str, *, for_partner: str | None = None, as_of: AsOf = NOW) -> Sheet:
    """
    The sheet of one container, by code or identifier; for a partner, of one of their own.

    Raises:
        Refused: `not-found`, also for a container that is not this partner's; `ambiguous-code`, `unknown-viewer`,
            and what `snapshot` raises.
    """
    viewer = viewer_of(for_partner)
    with snapshot(database, STOCK, as_of) as seen:
        reading = _Reading(seen)
        known = seen.facts("fact", "container = ?", name, struck=True)
        sheet = reading.sheet(name if known else reading.names.identifier("stock", name))
        if sheet is None or not _may_see(viewer, sheet):
            raise not_found("container", name)
        return reading.copy(sheet, viewer)


def balances(
    database: ViewDatabase,
    *,
    session: str | None = None,
    couple: str | None = None,
    location: str | None = None,
    lot: str | None = None,
    for_partner: str | None = None,
    as_of: AsOf = NOW,
) -> Balances:
    """
    The sheets of all containers: of those that moved in a session, or a couple's sessions; kept at a place; of a lot.

    Raises:
        Refused: `not-found` when there is no such session, couple or place; `couple-needed` for a partner of nobody
            knows which couple; `unknown-viewer`, `ambiguous-code`, and what `snapshot` raises.
    """
    viewer = viewer_of(for_partner)
    if viewer.partner and session is None and couple is None:
        raise Refused(
            "couple-needed", "A partner is one of a couple.", field="couple", remedy="Name the couple or the session."
        )
    with snapshot(database, STOCK, as_of) as seen:
        reading = _Reading(seen)
        sessions = reading.sessions(session, couple)
        place = None if location is None else reading.names.identifier("location", location)
        kept = KeptSheets(database, seen) if as_of == NOW else None
        named = reading.known(sessions)
        each = (reading.sheet(name) if kept is None else kept.sheet(name, reading.whole_sheet) for name in named)
        found = [sheet for sheet in each if sheet is not None]
        chosen = sorted(
            (
                reading.copy(sheet, viewer)
                for sheet in found
                if _may_see(viewer, sheet)
                and (place is None or any(where == place for where, _ in sheet.places))
                and (lot is None or sheet.lot == lot)
            ),
            key=lambda sheet: (sheet.code, sheet.container),
        )
        everybody = viewer.partner is None
        return Balances(
            position=seen.position,
            viewer=viewer.words,
            containers=tuple(chosen),
            lots=lot_totals(chosen) if everybody else (),
            places=place_totals(chosen, reading.names.code) if everybody else (),
            unplaced=reading.unplaced() if everybody and sessions is None else (),
        )


def _may_see(viewer: Viewer, sheet: Sheet) -> bool:
    return viewer.partner is None or (sheet.world == "own" and sheet.owner_slot == viewer.partner)


class _Reading:
    """What one snapshot says about containers."""

    def __init__(self, seen: Snapshot) -> None:
        self._seen = seen
        self.names = Names(seen)
        self.couples: dict[str, str] = {}
        """The couples of the sessions that sheets were worked out of."""

    def sessions(self, session: str | None, couple: str | None) -> frozenset[str] | None:
        """The sessions that are asked about; None for all."""
        if session is not None and not self._seen.facts("session", "session = ?", session):
            raise not_found("session", session)
        if couple is None:
            return None if session is None else frozenset({session})
        name = self.names.identifier("couple", couple)
        planned = [row["session"] for row in self._seen.facts("session", "couple = ?", name)]
        own = {each for each, of in self._couples_of(planned).items() if of == name}
        return frozenset(own if session is None else own & {session})

    def _couples_of(self, sessions: Iterable[str]) -> dict[str, str]:
        rows = self._seen.facts("session", _AMONG_SESSIONS, json.dumps(sorted(set(sessions))))
        return {row["session"]: row["couple"] for row in rows}

    def known(self, sessions: Iterable[str] | None) -> Sequence[str]:
        """The containers that anything happened to, in these sessions or ever."""
        rows: list[sqlite3.Row] = []
        if sessions is None:
            rows = self._seen.facts("fact", struck=True)
        else:
            for each in sorted(sessions):
                rows += self._seen.facts("fact", "session = ?", each, struck=True)
        return tuple(dict.fromkeys(row["container"] for row in rows))

    def whole_sheet(self, container: str) -> tuple[Sheet | None, bool]:
        """The same sheet, and whether it says how late each entry was: the search view may still be behind."""
        return self.sheet(container), self._seen.another(SEARCH) is not None

    def sheet(self, container: str) -> Sheet | None:
        """The sheet of a container; None of one nothing happened to."""
        rows = self._seen.facts("fact", "container = ?", container, struck=True)
        self.couples |= self._couples_of([row["session"] for row in rows if row["session"]])
        placed = list(self._placed(rows))
        doses = [each.dig for each, _ in placed if isinstance(each.event, DoseAdministered)]
        for dig in doses:
            placed += self._placed(self._seen.facts("shortened", "dose = ?", dig, struck=True))
        placed += [(dose, True) for dose in self._kept_doses(container, {each.position for each, _ in placed})]
        if not placed:
            return None
        placed.sort(key=lambda each: (each[0].payload.occurred.at, each[0].position))
        lacking = self._lacking(each for each, _ in placed)
        state = begin(container, [each for each, counts in placed if counts], self.couples)
        told = told_beside(self._seen, [each.position for each, _ in placed])
        facts: list[Fact] = []
        for each, counts in placed:
            moved = take(state, each)
            if not counts:
                moved = replace(moved, before=state, after=state, expected=None)
            state = moved.after
            lacks = tuple(lacking.get(each.position, ())) if counts else ()
            late = words_of(told, each.position)
            facts.append(Fact(moved, counts, self._marks(each.position), lacks, late))
        return made_sheet(self._seen.position, self.names.code(container), state, facts)

    def copy(self, sheet: Sheet, viewer: Viewer) -> Sheet:
        """The sheet as this viewer may see it."""
        return sheet if viewer.partner is None else partners_copy(sheet, self.couples)

    def unplaced(self) -> tuple[int, ...]:
        """What went in of doses that nobody recorded as given."""
        doses = {row["dig"] for row in self._seen.rows(_KNOWN_DOSES, self._seen.position)}
        rows = [row for row in self._seen.facts("shortened", struck=True) if row["dose"] not in doses]
        return tuple(sorted(row["position"] for row in rows if row["taken"] and self._counts(row["position"])))

    def _placed(self, rows: Iterable[sqlite3.Row]) -> Iterator[tuple[PlacedEvent, bool]]:
        """Each entry as it counts, or as it was signed where it does not."""
        for row in rows:
            standing = self._standing(row["position"])
            if standing is None:
                (source,) = self._seen.rows(_SOURCE, row["position"])
                yield read_source(source), True
            else:
                yield standing.counts or standing.original, standing.counts is not None

    def _kept_doses(self, container: str, there: Container[int]) -> Iterator[PlacedEvent]:
        """Doses whose entries are no longer kept, while the container is."""
        for row in self._seen.rows(_KEPT, container, self._seen.position, self._seen.until):
            (source,) = self._seen.rows(_SOURCE, row["by_position"])
            dose = next(each for each in doses_kept(read_source(source)) if each.position == row["position"])
            if dose.position not in there:
                yield dose

    def _standing(self, position: int) -> Standing | None:
        return self._seen.standing(position)

    def _counts(self, position: int) -> bool:
        standing = self._standing(position)
        return standing is None or standing.counts is not None

    def _marks(self, position: int) -> tuple[Mark, ...]:
        standing = self._standing(position)
        marks = [] if standing is None else [*standing_marks(standing), *map(doubted_mark, standing.doubted)]
        return tuple(replace(mark, words=self.names.in_text(mark.words)) for mark in marks)

    def _lacking(self, placed: Iterable[PlacedEvent]) -> Mapping[int, Sequence[str]]:
        records = {"/".join(each.stream.split("/")[:2]) for each in placed}
        found: dict[int, Sequence[str]] = {}
        for record in sorted(records):
            found |= self._seen.lacking(record)
        return found


_AMONG_SESSIONS = "session IN (SELECT value FROM json_each(?))"
_KEPT = "SELECT * FROM [kept] WHERE container = ? AND position < ? AND at <= ? ORDER BY position"
_SOURCE = "SELECT * FROM [source] WHERE position = ?"
_KNOWN_DOSES = "SELECT dig FROM [source] WHERE type = 'dose-administered/1' AND position < ?"
