"""
The sheet of each container of own medication: what went in, was taken and handed back, to the fraction.

    handed in    10                      balance 10     1000 mg
    dose         100 mg    1             balance 9       900 mg
    dose          50 mg    0.5           balance 8.5     850 mg
    handed back   8.5      expected 8.5  difference 0    balance 0

A dose takes mg / strength units; 100 mg of 300 mg lozenges is 1/3, and three of them leave nothing behind.
After a count the balance is what nobody can account for: expected less counted.
What is odd is said beside the movement and changes no number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from projections.correction_marks import standing_marks
from projections.marks import Mark
from projections.names import Names, not_found
from projections.own_medication_rows import OWN_MEDICATION
from projections.said import exact
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Movement:
    """
    One movement and the balance after it; amounts are exact decimals, or fractions such as `17/3`.

    `expected` and `difference` (counted less expected) are empty unless it is handed back; `units` of a dose,
    and the balances, are `unknown` while nobody handed the container in.
    One that does not count any more (`counts`) moves nothing; `standing` are the marks that say why.
    """

    at: str
    local: str
    kind: str
    slot: str
    session: str
    units: str
    mg: str
    balance_units: str
    balance_mg: str
    expected: str
    difference: str
    oddities: tuple[str, ...]
    evidence: tuple[int, ...]
    counts: bool = True
    standing: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """One container as of a log position; `owner_slot` is a, b, or unknown."""

    position: int
    container: str
    code: str
    owner_slot: str
    product: str
    strength_mg: str
    balance_units: str
    balance_mg: str
    movements: tuple[Movement, ...]

    @property
    def oddities(self) -> tuple[str, ...]:
        """All that is odd, once each."""
        return tuple(dict.fromkeys(oddity for movement in self.movements for oddity in movement.oddities))


@dataclass(frozen=True, slots=True)
class ContainerList:
    """Containers by code, computed at a log position."""

    position: int
    session: str | None
    containers: tuple[Container, ...]


def container(database: ViewDatabase, name: str, *, as_of: AsOf = NOW) -> Container:
    """
    The sheet of one container, by code or identifier.

    Raises:
        Refused: `not-found`, `ambiguous-code`, and what `snapshot` raises.
    """
    with snapshot(database, OWN_MEDICATION, as_of) as seen:
        names = Names(seen)
        known = seen.facts("movement", "container = ?", name, struck=True)
        identifier = name if known else names.identifier("stock", name)
        movements = known or seen.facts("movement", "container = ?", identifier, struck=True)
        if not movements:
            raise not_found("container", name)
        return _sheet(seen, names, identifier, movements)


def containers(database: ViewDatabase, *, session: str | None = None, as_of: AsOf = NOW) -> ContainerList:
    """
    The sheets of all containers, or of those that moved in a session.

    Raises:
        Refused: `not-found`, when there is no such session, and what `snapshot` raises.
    """
    with snapshot(database, OWN_MEDICATION, as_of) as seen:
        names = Names(seen)
        if session is not None and not _couple_of(seen, session):
            raise not_found("session", session)
        movements: dict[str, list[sqlite3.Row]] = {}
        for row in seen.facts("movement", struck=True):
            movements.setdefault(row["container"], []).append(row)
        sheets = [
            _sheet(seen, names, identifier, rows)
            for identifier, rows in movements.items()
            if session is None or any(row["session"] == session for row in rows)
        ]
        sheets.sort(key=lambda sheet: (sheet.code, sheet.container))
        return ContainerList(seen.position, session, tuple(sheets))


def _sheet(seen: Snapshot, names: Names, identifier: str, rows: Sequence[sqlite3.Row]) -> Container:
    first = next((row for row in rows if row["kind"] == "handed-in" and _counts(seen, row)), None)
    movements = tuple(_movements(seen, names, rows, first))
    return Container(
        position=seen.position,
        container=identifier,
        code=names.code(identifier),
        owner_slot=first["slot"] if first else UNKNOWN,
        product=first["product"] if first else UNKNOWN,
        strength_mg=first["strength"] if first else UNKNOWN,
        balance_units=movements[-1].balance_units,
        balance_mg=movements[-1].balance_mg,
        movements=movements,
    )


def _counts(seen: Snapshot, row: sqlite3.Row) -> bool:
    standing = seen.standings().get(row["position"])
    return standing is None or standing.counts is not None


def _marks(seen: Snapshot, names: Names, row: sqlite3.Row) -> tuple[Mark, ...]:
    standing = seen.standings().get(row["position"])
    marks = () if standing is None else standing_marks(standing)
    return tuple(replace(mark, words=names.in_text(mark.words)) for mark in marks)


def _movements(
    seen: Snapshot, names: Names, rows: Sequence[sqlite3.Row], first: sqlite3.Row | None
) -> Iterator[Movement]:
    balance = Fraction(0)
    handed_in = False
    strength = Fraction(first["strength"]) if first else None
    for row in rows:
        expected: Fraction | None = None
        counts, before = _counts(seen, row), balance
        if row["kind"] == "handed-in" and counts:
            handed_in = True
        if strength is None:
            units = None
        elif row["kind"] == "dose":
            units = Fraction(row["mg"]) / strength
            balance -= units
        else:
            units = Fraction(row["units"])
            expected = balance if row["kind"] == "handed-back" else None
            balance += units if expected is None else -units
        if not counts:
            balance, expected = before, None
        yield Movement(
            at=row["at"],
            local=row["local"],
            kind=row["kind"],
            slot=row["slot"],
            session=row["session"],
            units=row["units"] or _amount(units),
            mg=row["mg"] or _amount(None if units is None or strength is None else units * strength),
            balance_units=_amount(None if strength is None else balance),
            balance_mg=_amount(None if strength is None else balance * strength),
            expected="" if expected is None else exact(expected),
            difference="" if expected is None else exact(-balance),
            oddities=tuple(_oddities(seen, row, first, handed_in, balance)) if counts else (),
            evidence=(row["position"],),
            counts=counts,
            standing=_marks(seen, names, row),
        )


def _oddities(
    seen: Snapshot, row: sqlite3.Row, first: sqlite3.Row | None, handed_in: bool, balance: Fraction
) -> Iterator[str]:
    if first is None:
        yield "from a container that was never handed in"
        return
    if not handed_in:
        yield "before the container was handed in"
    if row["strength"] not in ("", first["strength"]):
        yield f"handed in with another strength, {row['strength']} mg"
    own_couple, couple = (_couple_of(seen, each["session"]) for each in (first, row))
    if own_couple != couple:
        yield "in a session of another couple than the owner's"
    elif UNKNOWN not in (first["slot"], row["slot"]) and first["slot"] != row["slot"]:
        yield f"{row['slot'].upper()}'s, but the container is {first['slot'].upper()}'s"
    if balance < 0:
        yield "the balance is below zero"
    if row["kind"] == "handed-back" and balance != 0:
        yield "counted and expected differ"


def _couple_of(seen: Snapshot, session: str) -> str:
    rows = seen.rows(
        "SELECT couple FROM [session] WHERE session = ? AND position < ? ORDER BY position DESC LIMIT 1",
        session,
        seen.position,
    )
    return str(rows[0]["couple"]) if rows else ""


def _amount(amount: Fraction | None) -> str:
    return UNKNOWN if amount is None else exact(amount)
