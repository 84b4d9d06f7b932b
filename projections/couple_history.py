"""
A couple's course: its sessions in order, and for each partner apart what was given, and how it ended.

Two people's milligrams are never added.
A partner reads their own course, and of the other only what that one shares (`projections.sharing`).
That somebody said no stands here for staff only, and never when, why or under what pressure.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from ledger.vocabulary import Slot
from projections.couple_history_rows import COUPLE_HISTORY
from projections.couple_parts import OwnPart, SharedPart, evidence_of, own_part, shared_part
from projections.key_marks import doubts_about
from projections.names import Names
from projections.session_plans import last_plan, latest, local_date
from projections.sharing import shared_by
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase
from projections.times import told_beside
from projections.viewer import BOTH, viewer_of


@dataclass(frozen=True, slots=True)
class CoupleSession:
    """One session of the course; `gap_days` are the calendar days since the one before."""

    session: str
    ordinal: int
    location_code: str
    date: str
    gap_days: int | None
    status: str
    parts: tuple[OwnPart, ...]
    shared: tuple[SharedPart, ...]
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CoupleHistory:
    """A course for one viewer; `total_mg` has each slot shown, with that person's mg over all sessions."""

    position: int
    viewer: str
    couple: str
    couple_code: str
    total_mg: tuple[tuple[Slot, str], ...]
    sessions: tuple[CoupleSession, ...]


_BySession: TypeAlias = defaultdict[str, list[sqlite3.Row]]
_AMONG = "session IN (SELECT value FROM json_each(?))"
_BEGUN = {"opened": "open", "closed": "closed"}


def couple_history(
    database: ViewDatabase, couple: str, *, for_partner: str | None = None, as_of: AsOf = NOW
) -> CoupleHistory:
    """
    The course of a couple, by code or identifier, for staff or for one partner.

    Raises:
        Refused: `not-found`, `ambiguous-code`, `unknown-viewer`, and what `snapshot` raises.
    """
    viewer = viewer_of(for_partner)
    with snapshot(database, COUPLE_HISTORY, as_of) as seen:
        names = Names(seen)
        identifier = names.identifier("couple", couple)
        others = [slot for slot in BOTH if slot not in viewer.own]
        shared = {slot: shared_by(seen, identifier, slot) for slot in others}
        told: list[CoupleSession] = []
        totals = dict.fromkeys(viewer.own, Decimal(0))
        in_order = _in_order(seen, names, identifier)
        every = [row for _, _, facts, struck, _ in in_order for row in (*facts, *struck)]
        standing = doubts_about(seen, every)
        told_of = told_beside(seen, [row["position"] for row in every if row["kind"] == "dose"])
        for planned, plan, facts, struck, day in in_order:
            joint = [row for row in facts if row["slot"] == "both"]
            parts = tuple(
                own_part(slot, facts, struck, standing, told_of, staff=viewer.partner is None) for slot in viewer.own
            )
            for part in parts:
                totals[part.slot] += Decimal(part.total_mg)
            told.append(
                CoupleSession(
                    session=planned["session"],
                    ordinal=planned["ordinal"],
                    location_code=names.code(plan["location"]),
                    date=day.isoformat(),
                    gap_days=(day - date.fromisoformat(told[-1].date)).days if told else None,
                    status=_status(joint),
                    parts=parts,
                    shared=tuple(shared_part(slot, facts, may) for slot, may in shared.items()),
                    evidence=evidence_of([planned, *joint]),
                )
            )
        return CoupleHistory(
            position=seen.position,
            viewer=viewer.words,
            couple=identifier,
            couple_code=names.code(identifier),
            total_mg=tuple((slot, f"{total:f}") for slot, total in totals.items()),
            sessions=tuple(told),
        )


def _in_order(
    seen: Snapshot, names: Names, couple: str
) -> list[tuple[sqlite3.Row, sqlite3.Row, list[sqlite3.Row], list[sqlite3.Row], date]]:
    """Each session as scheduled and as planned last, its facts and what does not count any more, and its day."""
    found = []
    scheduled = latest(seen.facts("session", "couple = ?", couple))
    among = json.dumps([planned["session"] for planned in scheduled])
    anew = {row["session"]: row for row in seen.facts("plan", _AMONG, among)}
    counted, gone = _facts(seen, among)
    for planned in scheduled:
        facts, struck = counted[planned["session"]], gone[planned["session"]]
        plan = last_plan(planned, anew)
        opened = next((row for row in facts if row["kind"] == "opened"), None)
        there = names.zone(plan["location"])
        day = opened["local"][:10] if opened else local_date(plan["planned_start"], there)
        found.append((planned, plan, facts, struck, date.fromisoformat(day)))
    return sorted(found, key=lambda each: (each[4], each[1]["planned_start"], each[0]["position"]))


def _facts(seen: Snapshot, among: str) -> tuple[_BySession, _BySession]:
    """The facts of these sessions, and those that do not count any more, each by its session."""
    counted: _BySession = defaultdict(list)
    gone: _BySession = defaultdict(list)
    for row in seen.facts("fact", _AMONG, among, struck=True):
        standing = seen.standing(row["position"])
        (counted if standing is None or standing.counts is not None else gone)[row["session"]].append(row)
    return counted, gone


def _status(joint: Sequence[sqlite3.Row]) -> str:
    """How far a session is; one that was opened is not cancelled any more."""
    kinds = ["scheduled", *(str(row["kind"]) for row in joint)]
    return next((_BEGUN[kind] for kind in reversed(kinds) if kind in _BEGUN), kinds[-1])
