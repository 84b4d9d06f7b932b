"""
What stands on no session's record: by which protocol it is judged, by whose calendar, and until when.

The protocol is the last one in effect on the day it happened, by the clock where it was written down.
Source: the exact rules, section 0, items 2, 3 and 8.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.events.choices import Parameters2
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.known import Fact, last, record_of
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import SECOND, as_instant, local, long_span

_YEAR = 12
_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Apart:
    """A fact beside the sessions, with the figures of the protocol it is judged by and the zone it was written in."""

    fact: Fact
    zone: ZoneInfo
    protocol: Fact
    figures: Parameters2

    def day(self, at: datetime) -> str:
        """`2026-05-16`, by the clock there."""
        return f"{local(at, self.zone):%Y-%m-%d}"


def judged_by(ledger: LedgerAt, fact: Fact) -> Apart | None:
    """How a fact is judged; None when no protocol was in effect on its day."""
    zone = zone_of(ledger, fact)
    protocol = ledger.protocol_on(f"{local(fact.at, zone):%Y-%m-%d}")
    figures = ledger.figures_of(protocol)
    return None if protocol is None or figures is None else Apart(fact, zone, protocol, figures)


def zone_of(ledger: LedgerAt, fact: Fact) -> ZoneInfo:
    """The zone that a fact was written in, of one that is only proposed its record; UTC where nobody can say."""
    entry = ledger.entry_of(fact) or last(ledger.known.entries.get(record_of(fact.stream), ()))
    try:
        return ZoneInfo("UTC" if entry is None else entry.payload.occurred.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def no_protocol(fact: Fact, words: str) -> Ruling:
    """The verdict where there are no figures to judge by."""
    sentence = f"{words}: no protocol was in effect on that day."
    return Ruling("", "cannot-judge", sentence, (fact.position,), fact.dig, causes=("no-protocol",), about=fact.stream)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that has to be done by `limit`, itself in time; `made` is the first that does it, also late."""

    limit: datetime
    made: Fact | None
    as_of: datetime

    @property
    def verdict(self) -> Verdict:
        """What became of it."""
        if self.made is not None and self.made.at <= self.limit:
            return "met"
        return "pending" if self.as_of <= self.limit else "breached"

    @property
    def late_by(self) -> str:
        """`, 90 min after the limit`, or nothing."""
        if self.made is None or self.made.at <= self.limit:
            return ""
        return f", {long_span(self.made.at - self.limit)} after the limit"

    def ruling(self, judged: Apart, sentence: str, evidence: tuple[int, ...], staff: str | None = None) -> Ruling:
        """The ruling about a fact and its record; the fact is its occasion."""
        verdict = self.verdict
        late = "missing" if self.made is None else "late"
        return Ruling(
            "",
            verdict,
            sentence,
            evidence,
            anchor=judged.fact.dig,
            limit=as_instant(self.limit),
            made_at=None if self.made is None else as_instant(self.made.at),
            outstanding=self.made is None and verdict in ("pending", "breached"),
            causes=(late,) if verdict == "breached" else (),
            staff=staff,
            about=judged.fact.stream,
            protocol=judged.protocol.position,
        )


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day."""
    if day >= date.max:
        return datetime.max.replace(microsecond=0, tzinfo=UTC)
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC) - SECOND


def days_later(day: date, days: int) -> date:
    """So many days later; the last there is where the calendar ends."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    if years > _LAST_YEAR:
        return date.max
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))
