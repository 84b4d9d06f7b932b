"""
The sessions: which couple, where, on which day, how far each partner is, and who was dosed.

A filter nobody knows is refused; it never answers with everything.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args

from ledger.errors import Refused
from ledger.events.fields import EXPIRED
from ledger.vocabulary import Slot
from projections.names import Names, not_found
from projections.open_sessions import keep_open, may_be_open, may_be_open_now
from projections.session_plans import last_plan, latest, local_date, plans
from projections.session_rows import SESSIONS
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase
from projections.viewer import BOTH, Viewer, viewer_of

Status: TypeAlias = Literal["scheduled", "cancelled", "open", "closed", "expired"]
"""`expired`: the record of the session is no longer kept."""

_STATUS: dict[str, Status] = {
    "session-scheduled/1": "scheduled",
    "session-rescheduled/1": "scheduled",
    "session-cancelled/1": "cancelled",
    "session-opened/1": "open",
    "session-closed/1": "closed",
}
_PLANNING = ("scheduled", "cancelled")
_DOSE, _PHASE = "dose-administered/1", "session-phase-changed/1"
_MARKED = (*_STATUS, _DOSE, _PHASE)
_AMONG = "session IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class PartnerNow:
    """One partner's part: the phase called last (empty before the first), and how many doses were given."""

    slot: Slot
    phase: str
    doses: int


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """
    One session; `date` is the local day it was opened, or is planned for.

    A partner sees only their own part. Of one that is no longer kept, `expired` stands in the place of every value,
    and `date` is the day on which its first entry was received.
    """

    session: str
    couple: str
    couple_code: str
    location_code: str
    ordinal: int
    mode: str
    date: str
    status: Status
    partners: tuple[PartnerNow, ...]
    evidence: tuple[int, ...]

    @property
    def dosed(self) -> tuple[Slot, ...]:
        """Who was dosed, of those this answer is about."""
        return tuple(partner.slot for partner in self.partners if partner.doses)


@dataclass(frozen=True, slots=True)
class SessionList:
    """Sessions by day, with what was asked and the log position the answer was computed at."""

    position: int
    viewer: str
    couple: str | None
    location: str | None
    status: str | None
    sessions: tuple[SessionSummary, ...]


def sessions(
    database: ViewDatabase,
    *,
    couple: str | None = None,
    location: str | None = None,
    status: str | None = None,
    for_partner: str | None = None,
    as_of: AsOf = NOW,
) -> SessionList:
    """
    The sessions of a couple and place (by code or identifier) and status, or all; a partner names the couple.

    Raises:
        Refused: `not-found`, `ambiguous-code`, `unknown-filter`, `unknown-viewer`, `couple-needed`,
            and what `snapshot` raises.
    """
    viewer = viewer_of(for_partner)
    if status is not None and status not in get_args(Status):
        raise Refused(
            "unknown-filter",
            f"No session is ever {status}.",
            field="status",
            remedy=f"Ask for one of {', '.join(get_args(Status))}.",
        )
    if viewer.partner is not None and couple is None:
        raise Refused(
            "couple-needed",
            "A partner sees the sessions of one couple.",
            field="couple",
            remedy="Name the couple.",
        )
    with snapshot(database, SESSIONS, as_of) as seen:
        names = Names(seen)
        at_couple = None if couple is None else names.identifier("couple", couple)
        at_place = None if location is None else names.identifier("location", location)
        among = _among(seen, at_couple, at_place)
        if among is None and status == "open":
            among = may_be_open_now(database, seen) if as_of == NOW else may_be_open(seen)
        scheduled = latest(seen.facts("session", *_of(among), fixed=True))
        anew = {row["session"]: row for row in seen.facts("plan", *_of(among), fixed=True)}
        plan = {row["session"]: last_plan(row, anew) for row in scheduled}
        scheduled = [
            row
            for row in scheduled
            if at_couple in (None, row["couple"]) and at_place in (None, plan[row["session"]]["location"])
        ]
        marked = _marked(seen, among)
        found = [summary(row, plan[row["session"]], marked[row["session"]], names, viewer) for row in scheduled]
        if couple is None and location is None and status in (None, "expired"):
            found += _expired(seen, viewer)
        kept = [each for each in found if status in (None, each.status)]
        kept.sort(key=lambda each: (each.date, each.evidence[0]))
        if status == "open" and couple is None and location is None and as_of == NOW:
            keep_open(database, seen, frozenset(each.session for each in kept))
        return SessionList(seen.position, viewer.words, couple, location, status, tuple(kept))


def one_session(seen: Snapshot, session: str, names: Names, viewer: Viewer) -> SessionSummary:
    """
    The summary of one session.

    Raises:
        Refused: `not-found`.
    """
    scheduled = latest(seen.facts("session", "session = ?", session))
    if gone := _expired(seen, viewer, session):
        return gone[0]
    if not scheduled:
        raise not_found("session", session)
    plan = last_plan(scheduled[0], plans(seen, session))
    return summary(scheduled[0], plan, seen.facts("row", "session = ?", session), names, viewer)


def _expired(seen: Snapshot, viewer: Viewer, session: str | None = None) -> list[SessionSummary]:
    """The sessions of which something is no longer kept, or this one if it is one of them."""
    rows = seen.facts("expired", fixed=True) if session is None else seen.facts("expired", "session = ?", session)
    by_session: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows if viewer.partner is None or session is not None else ():
        by_session[cast("str", row["session"])].append(row)
    word = EXPIRED.why
    return [
        SessionSummary(
            session=name,
            couple=word,
            couple_code=word,
            location_code=word,
            ordinal=0,
            mode=word,
            date=str(found[0]["at"])[:10],
            status="expired",
            partners=(),
            evidence=tuple(row["position"] for row in found),
        )
        for name, found in by_session.items()
    ]


def summary(
    row: sqlite3.Row, plan: sqlite3.Row, marked: Sequence[sqlite3.Row], names: Names, viewer: Viewer
) -> SessionSummary:
    """A session, its plan and its rows so far, as this viewer may see it."""
    status: Status = "scheduled"
    date = local_date(plan["planned_start"], names.zone(plan["location"]))
    phase: dict[str, str] = {}
    doses: dict[str, int] = defaultdict(int)
    evidence = [row["position"]]
    for each in marked:
        if each["type"] not in _MARKED or not viewer.sees(each["slot"]):
            continue
        evidence.append(each["position"])
        said = _STATUS.get(each["type"], status)
        if said not in _PLANNING or status in _PLANNING:
            status = said
        if each["type"] == "session-opened/1":
            date = each["local"][:10]
        for slot in BOTH if each["slot"] == "both" else (each["slot"],):
            if each["type"] == _PHASE:
                phase[slot] = each["phase"]
            doses[slot] += each["type"] == _DOSE
    return SessionSummary(
        session=row["session"],
        couple=row["couple"],
        couple_code=names.code(row["couple"]),
        location_code=names.code(plan["location"]),
        ordinal=row["ordinal"],
        mode=plan["mode"],
        date=date,
        status=status,
        partners=tuple(PartnerNow(slot, phase.get(slot, ""), doses[slot]) for slot in viewer.own),
        evidence=tuple(dict.fromkeys(evidence)),
    )


def _among(seen: Snapshot, couple: str | None, location: str | None) -> list[str] | None:
    """The sessions that can be of this couple and place, whatever was planned last; None for all."""
    if couple is not None:
        return [row["session"] for row in seen.facts("session", "couple = ?", couple)]
    if location is None:
        return None
    rows = [*seen.facts("session", "location = ?", location), *seen.facts("plan", "location = ?", location)]
    return [row["session"] for row in rows]


def _of(among: list[str] | None) -> tuple[str, ...]:
    """The condition, and its parameter, of rows of these sessions."""
    return ("1",) if among is None else (_AMONG, json.dumps(sorted(set(among))))


def _marked(seen: Snapshot, among: list[str] | None) -> dict[str, list[sqlite3.Row]]:
    """Of each session the rows that its summary rests on."""
    by_session: dict[str, list[sqlite3.Row]] = defaultdict(list)
    marks = ", ".join("?" for _ in _MARKED)
    where, *parameters = _of(among)
    kind = "type" if among is None else "+type"  # by the sessions, and not by all there ever were of a type
    for row in seen.facts("row", f"{where} AND {kind} IN ({marks})", *parameters, *_MARKED):
        by_session[cast("str", row["session"])].append(row)
    return by_session
