"""
Obligations: something has to happen by a limit, and what became of it.

    met             it happened by the limit, or what ends the obligation did
    cannot-judge    something that cannot be read may have been it, by the limit
    pending         neither, and the limit has not passed
    breached        the limit has passed; what came later stays in the finding, as made late

Source: the exact rules, section 0, items 2, 8 and 15.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling, Severity, Verdict, Whose
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.moments import as_instant, clock, day_and_clock, local, span


@dataclass(frozen=True, slots=True)
class Obligation:
    """
    What `words` say had to happen by `limit`, counted from the last of `since`.

    `made` is the first event that certainly does it, `lapsed` what ends the obligation, `unread` the first event that
    cannot be read and may have done it. `act` is what doing it is called in the sentence.
    """

    words: str
    limit: datetime
    since: tuple[Fact, ...]
    made: Fact | None = None
    lapsed: Fact | None = None
    unread: Fact | None = None
    act: str = "made"

    def verdict(self, history: History) -> Verdict:
        """What became of it by then."""
        if any(_by(fact, self.limit) for fact in (self.made, self.lapsed)):
            return "met"
        if _by(self.unread, self.limit):
            return "cannot-judge"
        return "pending" if history.as_of <= self.limit else "breached"

    def told(self, history: History) -> str:
        """It in words, with the numbers that were compared."""
        zone, verdict = history.zone, self.verdict(history)
        limit = f"{self.words}, at the latest at {_when(self.limit, self.since[-1].at, zone)}"
        if verdict == "cannot-judge" and self.unread is not None:
            return f"{limit}; whether it was {self.act} cannot be read"
        if verdict == "met" and not _by(self.made, self.limit) and self.lapsed is not None:
            return f"{limit}; it ended at {_when(self.lapsed.at, self.since[-1].at, zone)}"
        if self.made is None:
            return f"{limit}; not {self.act}{' yet' if verdict == 'pending' else ''}"
        late = f", {span(self.made.at - self.limit)} after the limit" if verdict == "breached" else ""
        return f"{limit}; {self.act} at {_when(self.made.at, self.since[-1].at, zone)}{late}"

    def ruling(
        self,
        history: History,
        whose: Whose,
        *,
        anchor: str = "",
        severity: Severity | None = None,
        staff: str | None = None,
        causes: tuple[str, ...] = (),
        besides: tuple[int, ...] = (),
    ) -> Ruling:
        """The verdict on it alone."""
        verdict = self.verdict(history)
        telling = self._telling(verdict)
        late = None if telling is None or verdict == "cannot-judge" else telling.at
        return Ruling(
            whose,
            verdict,
            f"{f'{whose.upper()}: ' if whose else ''}{self.told(history)}.",
            (*(fact.position for fact in self.since), *besides, *(() if telling is None else (telling.position,))),
            anchor=anchor,
            limit=as_instant(self.limit),
            made_at=as_instant(late),
            outstanding=self.outstanding(history),
            causes=(*_causes(verdict, self.made), *causes),
            severity=severity if verdict == "breached" else None,
            staff=staff,
        )

    def outstanding(self, history: History) -> bool:
        """Whether it still can be done, also late."""
        verdict = self.verdict(history)
        open_still = self.made is None and self.lapsed is None and self.unread is None
        return verdict == "pending" or (verdict == "breached" and open_still)

    def _telling(self, verdict: Verdict) -> Fact | None:
        """The event that decided it."""
        if verdict == "met":
            return self.made if _by(self.made, self.limit) else self.lapsed
        return self.unread if verdict == "cannot-judge" else self.made


def together(
    history: History, whose: Whose, asked: Sequence[Obligation], *, anchor: str, causes: tuple[str, ...] = ()
) -> Ruling:
    """
    The verdict on several that make one finding: breached before unread, that before pending, and then met.

    The limit is that of the one which tells, the earliest of these; the others are told as well.
    """
    order = {verdict: place for place, verdict in enumerate(("breached", "cannot-judge", "pending", "met"))}
    telling, *others = sorted(asked, key=lambda each: (order[each.verdict(history)], each.limit))
    ruling = telling.ruling(history, whose, anchor=anchor, causes=causes)
    more = [each.ruling(history, whose) for each in others]
    sentence = "; and ".join(each.told(history) for each in (telling, *others))
    return replace(
        ruling,
        sentence=f"{f'{whose.upper()}: ' if whose else ''}{sentence}.",
        evidence=(*ruling.evidence, *(position for each in more for position in each.evidence)),
        outstanding=ruling.outstanding or any(each.outstanding for each in more),
    )


def unreadable(whose: Slot, words: str, facts: Sequence[Fact]) -> Ruling:
    """One verdict for everything of a person that cannot be read any more; what can be read is judged apart."""
    evidence = tuple(fact.position for fact in facts)
    return Ruling(whose, "cannot-judge", f"{whose.upper()}: {words} cannot be read.", evidence, causes=("unreadable",))


def _by(fact: Fact | None, limit: datetime) -> bool:
    return fact is not None and fact.at <= limit


def _causes(verdict: Verdict, made: Fact | None) -> tuple[str, ...]:
    if verdict == "cannot-judge":
        return ("unreadable",)
    if verdict == "breached":
        return ("missing",) if made is None else ("late",)
    return ()


def _when(moment: datetime, beside: datetime, zone: ZoneInfo) -> str:
    """A time of day, and the day when it is another one than that of the moment beside it."""
    same = local(moment, zone).date() == local(beside, zone).date()
    return clock(moment, zone) if same else day_and_clock(moment, zone)
