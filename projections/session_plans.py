"""When, where and how a session is planned: as scheduled, or as planned anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.encoding import from_instant
from projections.snapshot import Snapshot


def latest(scheduled: Sequence[sqlite3.Row]) -> list[sqlite3.Row]:
    """The last word on each session's planning."""
    return list({row["session"]: row for row in scheduled}.values())


def plans(seen: Snapshot, session: str) -> dict[str, sqlite3.Row]:
    """The last new plan of a session, if it has one."""
    return {row["session"]: row for row in seen.facts("plan", "session = ?", session)}


def last_plan(scheduled: sqlite3.Row, anew: dict[str, sqlite3.Row]) -> sqlite3.Row:
    """When, where and how a session is planned: as scheduled, or anew if that came later."""
    plan = anew.get(scheduled["session"], scheduled)
    return max(scheduled, plan, key=lambda row: (str(row["at"]), int(row["position"])))


def local_date(instant: str, zone: str) -> str:
    """The calendar day of an instant at a place, in UTC if the place has no zone we know."""
    try:
        there = from_instant(instant).astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        there = from_instant(instant)
    return there.date().isoformat()
