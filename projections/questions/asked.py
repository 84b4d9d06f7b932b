"""
What a question may look at: the whole ledger as it stood, what the rules say about it, and the filters.

Everything here is as of both times of the question, so a question never needs to think of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cached_property

from ledger.vocabulary import Slot
from projections.compliance.finding import Finding, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.rule import AnyRule
from projections.compliance.rules import RULES
from projections.findings.register import Registered
from projections.questions.codes import Codes
from projections.questions.filters import Filters


class Asked:
    """
    One asking.

    `judge` gives the verdicts of these rules on a session, `registered` all verdicts on these sessions with what
    became of them; `unread` are rules whose findings are not for who asks, `rules`
    those that judge, in their versions of today.
    """

    def __init__(
        self,
        ledger: LedgerAt,
        filters: Filters,
        judge: Callable[[str, Collection[str]], list[Finding]],
        unread: Collection[str] = (),
        registered: Callable[[Sequence[str]], list[Registered]] = lambda _: [],
        rules: Sequence[AnyRule] = RULES,
    ) -> None:
        self.versions = {rule.id: rule.version for rule in rules}
        self.unread = frozenset(unread)
        self.ledger = ledger
        self.filters = filters
        self.codes = Codes(ledger)
        self._judge = judge
        self._registered = registered

    @cached_property
    def location(self) -> str | None:
        """The place that was asked for; raises Refused `not-found`."""
        return self._named("location")

    @cached_property
    def couple(self) -> str | None:
        """The couple that was asked for."""
        return self._named("couple")

    @cached_property
    def session(self) -> str | None:
        """The session that was asked for."""
        return self._named("session")

    @cached_property
    def staff(self) -> str | None:
        """The member of staff who was asked for."""
        return self._named("staff")

    @cached_property
    def person(self) -> str | None:
        """The participant who was asked for; known are those who are in a session, or have a record of their own."""
        person = self.filters["person"]
        return person if person is not None and self.ledger.sessions_of(person) else self._named("person")

    def _named(self, kind: str) -> str | None:
        text = self.filters[kind]
        return None if text is None else self.codes.record(kind, text)

    # -- sessions -----------------------------------------------------------------------------------

    @cached_property
    def sessions(self) -> list[History]:
        """
        The sessions that pass the filters `from`, `to`, `location`, `session`, `couple`, `person`, by their day.

        The day of a session is that of its opening; of one that was never opened, that of its first entry.
        """
        found = [self.ledger.session(name) for name in self._names()]
        return sorted((each for each in found if self._passes(each)), key=lambda each: (begun(each), each.session))

    def _names(self) -> list[str]:
        """The sessions that may pass, found without looking at any: a question about one costs no other."""
        known, index = self.ledger.known, self.ledger.known.sessions
        start, end = self.filters.start, self.filters.end
        among = [index.of(each) for each in (self.couple, self.location) if each is not None]
        among += [] if self.session is None else [[self.session]]
        among += [] if self.person is None else [[name for name, _ in known.slots_of.get(self.person, ())]]
        named = set.intersection(*map(set, among)) if among else None
        return [
            name
            for name in self.ledger.names("session")
            if (named is None or name in named) and index.may_begin(name, start, end)
        ]

    def _passes(self, history: History) -> bool:
        return (
            bool(history.facts)
            and self.session in (None, history.session)
            and self.location in (None, history.location)
            and self.couple in (None, history.couple)
            and (self.person is None or bool(history.slots_of(self.person)))
            and self.filters.within(begun(history), history.day)
        )

    def slots(self, history: History) -> list[Slot]:
        """Whose part of a session is asked for: both partners', or the one of the participant who was asked for."""
        return list(SLOTS) if self.person is None else history.slots_of(self.person)

    # -- findings -----------------------------------------------------------------------------------

    def findings(self, *rules: str, verdicts: Sequence[Verdict] = ("breached",)) -> list[Finding]:
        """What these rules say, of these verdicts, about whom the filters leave; about staff and place in any case."""
        return [
            each
            for history in self.sessions
            for each in self._judge(history.session, rules)
            if each.verdict in verdicts and each.rule in rules and (not each.slot or each.slot in self.slots(history))
        ]

    def registered(self) -> list[Registered]:
        """The findings of the sessions that the filters leave, also those that are so no longer, with their states."""
        return [each for each in self._registered([each.session for each in self.sessions]) if each.became is not None]


def begun(history: History) -> datetime:
    """When a session was opened; when its first entry happened, if it never was."""
    return history.facts[0].at if history.opening is None else history.opening.at
