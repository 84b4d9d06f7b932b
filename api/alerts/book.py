"""
The book of alerts, beside the ledger and never in it: who asked, what opened, and what was sent to whom.

    alerts.db    subscriptions with the keys their messages are signed with, openings, deliveries

A finding that opened is written down once, together with one delivery for each who asked, in one transaction: after
a restart nothing is sent that was sent before. It is no read model, so deleting views.db does not touch it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any, Literal, TypeAlias

from api.alerts.opening import Opening
from ledger.encoding import to_instant
from ledger.store.failing_disk import told_plainly

Channel: TypeAlias = Literal["webhook", "mail"]

RETRIES = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
"""Seconds until it is tried again, after the first, second, … try; then it is given up."""

_TABLES = (
    """CREATE TABLE IF NOT EXISTS subscription (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, channel TEXT NOT NULL CHECK (channel IN ('webhook', 'mail')),
        target TEXT NOT NULL, secret BLOB NOT NULL, rules TEXT NOT NULL, severities TEXT NOT NULL,
        made_at TEXT NOT NULL, ended_at TEXT, why TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS opening (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, finding TEXT NOT NULL, opening INTEGER NOT NULL, rule TEXT NOT NULL,
        version TEXT NOT NULL, severity TEXT NOT NULL, session TEXT, position INTEGER NOT NULL, opened_at TEXT,
        seen_at TEXT NOT NULL, UNIQUE (finding, opening)
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS delivery (
        subscription TEXT NOT NULL REFERENCES subscription, seq INTEGER NOT NULL REFERENCES opening,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'given-up')), tries INTEGER NOT NULL,
        next_at TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (subscription, seq)
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS delivery_due ON delivery (next_at) WHERE state = 'waiting'",
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who asked: where it goes to, signed with `secret`; no rules or severities are all of them."""

    id: str
    owner: str
    channel: Channel
    target: str
    secret: bytes
    rules: tuple[str, ...]
    severities: tuple[str, ...]
    made_at: str
    ended_at: str | None = None
    why: str = ""

    def wants(self, opening: Opening) -> bool:
        """Whether it is among what was asked for."""
        rule, severity = not self.rules or opening.rule in self.rules, opening.severity in self.severities
        return self.ended_at is None and rule and (not self.severities or severity)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come."""

    subscription: Subscription
    seq: int
    opening: Opening
    tries: int


class AlertBook:
    """The book; safe to use from several threads, whose users take turns."""

    def __init__(self, file: Path) -> None:
        """Over a file that is made when there is something to write; only its owner may read it."""
        self._turn = RLock()
        self._file = file
        self._open: sqlite3.Connection | None = None

    # -- who asked ----------------------------------------------------------------------------------

    def subscribe(self, new: Subscription) -> None:
        """Keep that somebody asked; what opened before is not sent."""
        values = (new.id, new.owner, new.channel, new.target, new.secret, json.dumps(new.rules))
        more = (json.dumps(new.severities), new.made_at)
        with self._writing() as connection:
            connection.execute("INSERT INTO subscription VALUES (?,?,?,?,?,?,?,?,NULL,'')", (*values, *more))

    def subscriptions(self) -> list[Subscription]:
        """Everybody who asked, also those whose subscription ended."""
        return [_subscription(row) for row in self._rows("SELECT * FROM subscription ORDER BY made_at, id")]

    def end(self, subscription: str, now: datetime, why: str) -> None:
        """End it; what still waits is given up."""
        with self._writing() as connection:
            sql = "UPDATE subscription SET ended_at = ?, why = ? WHERE id = ? AND ended_at IS NULL"
            connection.execute(sql, (to_instant(now), why, subscription))
            sql = "UPDATE delivery SET state = 'given-up', said = ? WHERE subscription = ? AND state = 'waiting'"
            connection.execute(sql, (why, subscription))

    # -- what opened --------------------------------------------------------------------------------

    def take(
        self, openings: Sequence[Opening], now: datetime, may_tell: Callable[[Subscription, Opening], bool]
    ) -> int:
        """Write down what had not been, with a delivery for each who asked and may be told; how many were new."""
        asked = [each for each in self.subscriptions() if each.ended_at is None]
        at, new = to_instant(now), 0
        with self._writing() as connection:
            for each in openings:
                row = connection.execute(
                    "INSERT INTO opening (finding, opening, rule, version, severity, session, position, opened_at,"
                    " seen_at) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING seq",
                    (*_values(each), at),
                ).fetchone()
                if row is None:
                    continue
                new += 1
                told = [one for one in asked if one.wants(each) and may_tell(one, each)]
                connection.executemany(
                    "INSERT INTO delivery VALUES (?, ?, 'waiting', 0, ?, '')",
                    [(one.id, row["seq"], at) for one in told],
                )
        return new

    def after(self, seq: int, limit: int = 200) -> list[tuple[int, Opening]]:
        """What opened after a number, in order, each with its own number."""
        rows = self._rows("SELECT * FROM opening WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit)
        return [(row["seq"], _opening(row)) for row in rows]

    def last(self) -> int:
        """The number of what opened last, 0 before anything did."""
        return max((row["seq"] for row in self._rows("SELECT MAX(seq) AS seq FROM opening") if row["seq"]), default=0)

    # -- what is sent -------------------------------------------------------------------------------

    def due(self, now: datetime) -> list[Due]:
        """What is to be sent by now, in the order in which it opened."""
        sql = (
            "SELECT s.*, d.seq AS number, d.tries AS tries, o.* FROM delivery d JOIN subscription s"
            " ON s.id = d.subscription JOIN opening o ON o.seq = d.seq"
            " WHERE d.state = 'waiting' AND d.next_at <= ? AND s.ended_at IS NULL ORDER BY d.seq LIMIT 500"
        )
        rows = self._rows(sql, to_instant(now))
        return [Due(_subscription(row), row["number"], _opening(row), row["tries"]) for row in rows]

    def sent(self, due: Due, said: str) -> None:
        """It arrived."""
        self._told(due, "sent", due.tries + 1, "", said)

    def failed(self, due: Due, now: datetime, said: str) -> None:
        """It did not arrive: it is tried again later, or given up after the last try."""
        if due.tries >= len(RETRIES):
            self._told(due, "given-up", due.tries + 1, "", said)
        else:
            later = to_instant(now + timedelta(seconds=RETRIES[due.tries]))
            self._told(due, "waiting", due.tries + 1, later, said)

    def deliveries(self, subscription: str, limit: int = 200) -> list[dict[str, Any]]:
        """What was sent to somebody, or waits, the newest first."""
        sql = (
            "SELECT d.seq, d.state, d.tries, d.next_at, d.said, o.finding, o.opening FROM delivery d"
            " JOIN opening o ON o.seq = d.seq WHERE d.subscription = ? ORDER BY d.seq DESC LIMIT ?"
        )
        return [dict(row) for row in self._rows(sql, subscription, limit)]

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._open is not None:
                self._open.close()
            self._open = None

    def _told(self, due: Due, state: str, tries: int, next_at: str, said: str) -> None:
        with self._writing() as connection:
            sql = "UPDATE delivery SET state = ?, tries = ?, next_at = ?, said = ? WHERE subscription = ? AND seq = ?"
            connection.execute(sql, (state, tries, next_at, said[:200], due.subscription.id, due.seq))

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._turn:
            if self._open is None and not self._file.exists():
                return []
            return self._connection().execute(sql, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn, told_plainly():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            if not self._file.exists():
                self._file.touch(mode=0o600)
            self._open = sqlite3.connect(self._file, timeout=10, isolation_level=None, check_same_thread=False)
            self._open.row_factory = sqlite3.Row
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "trusted_schema = OFF"):
                self._open.execute(f"PRAGMA {pragma}")
            for table in _TABLES:
                self._open.execute(table)
        return self._open


def _subscription(row: sqlite3.Row) -> Subscription:
    return Subscription(
        id=row["id"],
        owner=row["owner"],
        channel=row["channel"],
        target=row["target"],
        secret=row["secret"],
        rules=tuple(json.loads(row["rules"])),
        severities=tuple(json.loads(row["severities"])),
        made_at=row["made_at"],
        ended_at=row["ended_at"],
        why=row["why"],
    )


def _opening(row: sqlite3.Row) -> Opening:
    names = ("finding", "opening", "rule", "version", "severity", "session", "position", "opened_at")
    return Opening(*(row[name] for name in names))


def _values(each: Opening) -> Iterable[object]:
    named = (each.finding, each.opening, each.rule, each.version, each.severity)
    return (*named, each.session, each.position, each.opened_at)
