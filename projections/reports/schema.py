"""
The schema of the reports file: views whose names and columns stay as they are.

Tools read the views `v1_…`; the tables behind them may change at any release. A column may be added at the end of a
view, none is renamed, removed or given another meaning: that would be `v2_…`, beside these.
No name, no value that was measured or given, no person and no partner stands in any of them, nor what a rule says that
is read in confidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

SqlType: TypeAlias = Literal["TEXT", "INTEGER", "REAL"]

VERSION: Final = 1
"""In `v1_about`, and as `PRAGMA user_version`."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One column: its name, its type, and what stands in it."""

    name: str
    type: SqlType
    words: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One view: its name without `v1_`, what a row is, and its columns in order."""

    name: str
    words: str
    columns: tuple[Reported, ...]

    def statements(self) -> Iterator[str]:
        """The table and the view over it."""
        columns = ", ".join(f'"{each.name}" {each.type}' for each in self.columns)
        named = ", ".join(f'"{each.name}"' for each in self.columns)
        yield f"CREATE TABLE t_{self.name} ({columns}) STRICT"
        yield f"CREATE VIEW v{VERSION}_{self.name} AS SELECT {named} FROM t_{self.name}"


def _text(name: str, words: str) -> Reported:
    return Reported(name, "TEXT", words)


def _number(name: str, words: str) -> Reported:
    return Reported(name, "INTEGER", words)


_PLACE = (_text("place", "code of the place; null where nobody knows"), _text("room", "the room there"))
_DAY = (
    _text("day", "local date, `2026-05-16`"),
    _text("weekday", "of that date, `Saturday`"),
)

REPORTS: Final = (
    ReportView(
        "about",
        "what this file was computed from; there is one",
        (
            _text("ledger", "the name under which the log signs"),
            _number("practice", "1 when nothing here is about a real person"),
            _number("schema", "1"),
            _number("position", "how many entries of the log it was computed from"),
            _text("as_of", "the instant it is about, in UTC"),
        ),
    ),
    ReportView(
        "rule",
        "one rule",
        (
            _text("rule", "such as SUP-05"),
            _text("version", "of the rule"),
            _text("severity", "of a breach: C critical, M major, m minor, i information"),
            _text("title", "the rule in a sentence"),
        ),
    ),
    ReportView(
        "session",
        "one session that was opened",
        (
            _text("session", "number of its record"),
            *_PLACE,
            *_DAY,
            _text("opened_at", "in UTC"),
            _number("opened_position", "the entry that opened it"),
            _number("closed", "1 when it was closed"),
            _number("entries", "entries on its records"),
            _number("late_entries", "of these written down more than two minutes after it happened [D]"),
        ),
    ),
    ReportView(
        "verdict",
        "how often a rule gave a verdict about one session, or about all other records together",
        (
            _text("rule", "such as SUP-05"),
            _text("session", "number of the session; null for other records"),
            _text("verdict", "met, breached, pending, not-applicable or cannot-judge"),
            _number("verdicts", "how many"),
        ),
    ),
    ReportView(
        "finding",
        "one finding, closed ones too",
        (
            _text("finding", "its identity, the same at every asking"),
            _text("rule", "such as SUP-05"),
            _text("rule_version", "of the rule"),
            _text("severity", "C, M, m or i"),
            _text("session", "number of the session it is about; null for other records"),
            *_PLACE,
            *_DAY,
            _text("opened_at", "since when it is so and known, in UTC"),
            _text("state", "open, acknowledged, explained, dispositioned, closed or reopened"),
            _text("state_since", "in UTC; null when nothing tells"),
            _number("by_itself", "1 when what is known brought it to that state, and nobody"),
            _number("openings", "how often it opened"),
            _number("declared", "1 when the rule was overridden beforehand"),
            _text("outcome", "of the disposition that counts"),
            _number("age_days", "whole days from opening to closing, or to `as_of`"),
            _text("evidence", "positions in the log it rests on, a JSON list"),
        ),
    ),
    ReportView(
        "act",
        "one act on a finding; who signed it the ledger tells at its position",
        (
            _text("finding", "identity of the finding"),
            _text("kind", "acknowledged, explained, dispositioned, closed or reopened"),
            _text("at", "in UTC"),
            _text("role", "in which it was signed"),
            _text("outcome", "of a disposition"),
            _text("reason", "in a word"),
            _text("due", "until when something is to be done"),
            _number("position", "of its entry"),
        ),
    ),
    ReportView(
        "trend",
        "one group in one month, never fewer than five sessions or records [D]: what may be shown to everybody",
        (
            _text("by", "what makes the group: rule, site, room or weekday"),
            _text("group", "the rule, place, room or day of the week"),
            _text("period", "the month, `2026-05`"),
            _number("counted", "sessions and records in which the rules had something to judge"),
            _number("found", "findings"),
            _number("unclosed", "of these not closed"),
            Reported("percent", "REAL", "of what was counted, with a finding"),
            Reported("days_to_close", "REAL", "median of those that were closed"),
            _number("entries", "entries; null by rule"),
            _number("late", "of these late"),
            Reported("late_percent", "REAL", "of the entries"),
        ),
    ),
)
