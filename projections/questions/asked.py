"""
What a question may look at: the whole ledger as it stood, what the rules say about it, and the filters.

Everything here is as of both times of the question, so a question never needs to think of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from ledger.encoding import to_instant
from ledger.vocabulary import Slot
from projections.compliance.finding import Finding, Verdict
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import day_and_clock
from projections.questions.codes import Codes
from projections.questions.filters import Filters
from projections.snapshot import AsOf
from projections.tables import ViewDatabase


class Asked:
    """
    One asking.

    `judge` gives the verdicts on a session, or on everything for None; `views` are the read models, which a
    question reads with `when`. `now` is the instant it is about where nobody asked for another.
    """

    def __init__(
        self,
        ledger: LedgerAt,
        filters: Filters,
        judge: Callable[[str | None], list[Finding]],
        views: ViewDatabase,
        when: AsOf,
    ) -> None:
        self.ledger = ledger
        self.filters = filters
        self.views = views
        self.when = when
        self.codes = Codes(ledger)
        self._judge = judge

    @property
    def as_of(self) -> datetime:
        """The instant the question is about: nothing later is seen."""
        return self.ledger.as_of

    @cached_property
    def location(self) -> str | None:
        """The place that was asked for; raises Refused `not-found`."""
        return self._named("location", "location")

    @cached_property
    def couple(self) -> str | None:
        """The couple that was asked for."""
        return self._named("couple", "couple")

    @cached_property
    def staff(self) -> str | None:
        """The member of staff that was asked for."""
        return self._named("staff", "staff")

    @cached_property
    def container(self) -> str | None:
        """The container that was asked for, as `stock/…`."""
        return self._named("stock", "container")

    def _named(self, kind: str, name: str) -> str | None:
        text = self.filters[name]
        return None if text is None else self.codes.record(kind, text)

    # -- sessions -----------------------------------------------------------------------------------

    @cached_property
    def sessions(self) -> list[History]:
        """
        The sessions that pass the filters `from`, `to`, `location`, `session`, `couple`, `person`, by their day.

        The day of a session is that of its opening; of one that was never opened, that of its first entry.
        """
        found = [self.ledger.session(name) for name in self.ledger.names("session")]
        return sorted((each for each in found if self._passes(each)), key=lambda each: (begun(each), each.session))

    def _passes(self, history: History) -> bool:
        filters = self.filters
        return (
            bool(history.facts)
            and filters["session"] in (None, history.session)
            and self.location in (None, history.location)
            and self.couple in (None, history.couple)
            and (filters["person"] is None or bool(history.slots_of(filters["person"])))
            and filters.within(begun(history), history.day)
        )

    # -- findings -----------------------------------------------------------------------------------

    def findings(self, *rules: str, verdicts: Sequence[Verdict] = ("breached",)) -> list[Finding]:
        """What these rules (or all) say, of these verdicts, about the sessions that pass the filters."""
        found = [finding for history in self.sessions for finding in self.judged(history)]
        return [each for each in found if each.verdict in verdicts and (not rules or each.rule in rules)]

    def judged(self, history: History) -> list[Finding]:
        """All verdicts on one session."""
        return self._judge(history.session)

    @cached_property
    def everything_judged(self) -> list[Finding]:
        """All verdicts on all sessions and on what belongs to none, whatever the filters."""
        return self._judge(None)

    # -- words --------------------------------------------------------------------------------------

    def local(self, at: datetime, location: str | None) -> str:
        """A time by the clock of a place: `Sat 16 May 10:35`."""
        return day_and_clock(at, self.ledger.zone(location))

    def who(self, owners: Sequence[str]) -> str:
        """Those who signed, by their codes; a participant as A or B of the session."""
        return ", ".join(_owner(self.codes, owner) for owner in dict.fromkeys(owners))

    def instant(self, at: datetime) -> str:
        """A time in the ledger's spelling."""
        return to_instant(at)


def begun(history: History) -> datetime:
    """When a session was opened; when its first entry happened, if it never was."""
    return history.facts[0].at if history.opening is None else history.opening.at


def letter(slot: Slot) -> str:
    """A partner as people say it: A or B."""
    return slot.upper()


def _owner(codes: Codes, owner: str) -> str:
    if owner.startswith("session/") and owner.endswith(("/a", "/b")):
        return owner[-1].upper()
    return codes.code(owner)
