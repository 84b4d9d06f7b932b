"""Members of staff by the code people know, such as MD1, or by identifier."""

from __future__ import annotations

import re
from dataclasses import dataclass

from projections.names import Names
from projections.session_rows import SESSIONS
from projections.snapshot import snapshot
from projections.tables import ViewDatabase

_OWNER = re.compile(r"staff/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff, and what to call them."""

    owner: str
    code: str


def find_staff(database: ViewDatabase, text: str) -> Staff:
    """
    Who is meant by a code or an identifier; an officer of the first hour may have no code yet.

    Raises:
        Refused: `not-found` or `ambiguous-code`.
    """
    with snapshot(database, SESSIONS) as seen:
        names = Names(seen)
        owner = text if _OWNER.fullmatch(text) else names.identifier("staff", text)
        return Staff(owner, names.code(owner))


def codes_of(database: ViewDatabase, owners: frozenset[str]) -> dict[str, str]:
    """What to call these owners."""
    with snapshot(database, SESSIONS) as seen:
        names = Names(seen)
        return {owner: names.code(owner) for owner in owners}
