"""
Discrepancies of a container: the counts with which they began, and the clocks that each sets going.

What was explained only after its deadline stands: what was known at that deadline is asked again.
Source: the exact rules, CS-06.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ledger.events.base import Event
from ledger.events.losses import DiscrepancyFound, DiscrepancyInvestigated
from projections.compliance.containers import Held
from projections.compliance.counts import Count, counts_of, newly_beyond
from projections.compliance.known import Fact, first, record_of
from projections.compliance.ledger_at import LedgerAt

SERIOUS = ("theft", "significant-loss")
"""What a discrepancy has to be taken for, to be reported."""


def begun(ledger: LedgerAt, held: Held, within: timedelta) -> list[Count]:
    """
    The counts with which a discrepancy began, in order; `within` is how long there is to open one.

    A count that is explained by now counts as it was known at its deadline, if that has passed.
    """
    counts, _ = counts_of(ledger, held)
    amended = _amendments(ledger, held.state.id)
    return newly_beyond(
        [count if count.is_beyond else _as_known_then(ledger, held, count, within, amended) for count in counts]
    )


def _as_known_then(ledger: LedgerAt, held: Held, count: Count, within: timedelta, amended: Collection[int]) -> Count:
    deadline = count.at + within
    if deadline >= ledger.as_of:
        return count
    size = ledger.known.index.size_at(deadline)
    late = any(step.fact.position >= size and step.fact.at <= count.at for step in held.steps)
    if not late and all(position < size for position in amended):
        return count
    then = LedgerAt(ledger.known, size=size, as_of=deadline)
    found, _ = counts_of(then, then.containers.of(held.state.id))
    return next((each for each in found if each.step.fact.dig == count.step.fact.dig), count)


def _amendments(ledger: LedgerAt, container: str) -> list[int]:
    """Where the entries stand that changed how anything about a container counts."""
    known = ledger.known
    standings = (
        known.standings(record_of(placed.stream), ledger.size).get(position)
        for position, placed in known.stock.about.get(container, {}).items()
    )
    return [position for standing in standings if standing is not None for position in standing.by]


def opened(ledger: LedgerAt, held: Held, counts: Sequence[Count], index: int) -> Fact | None:
    """The first entry that opens the discrepancy that began with a count: it names it, or follows before the next."""
    start = counts[index]
    until = counts[index + 1].at if index + 1 < len(counts) else None
    same = {
        step.fact.dig for step in held.counts() if step.fact.at >= start.at and (until is None or step.fact.at < until)
    }
    for fact in ledger.on(held.state.id, DiscrepancyFound):
        event = fact.event
        if isinstance(event, DiscrepancyFound):
            if event.count is not None and event.count.dig in same:
                return fact
            if event.count is None and fact.at >= start.at and (until is None or fact.at < until):
                return fact
    return None


@dataclass(frozen=True, slots=True)
class Classed:
    """A discrepancy that was taken for a theft or a significant loss: since which entry, and until which, if any."""

    found: Fact
    since: Fact
    until: Fact | None


def classed(ledger: LedgerAt, container: str) -> list[Classed]:
    """Every discrepancy of a container that was ever taken for one that has to be reported."""
    result = []
    for found in ledger.on(container, DiscrepancyFound):
        looked_into = [
            fact
            for fact in ledger.on(container, DiscrepancyInvestigated)
            if isinstance(fact.event, DiscrepancyInvestigated) and fact.event.discrepancy.dig == found.dig
        ]
        said = [found, *looked_into]
        since = first([fact for fact in said if _is_serious(fact.event)])
        if since is not None:
            later = said[said.index(since) + 1 :]
            result.append(Classed(found, since, first([fact for fact in later if not _is_serious(fact.event)])))
    return result


def _is_serious(event: Event) -> bool:
    return isinstance(event, DiscrepancyFound | DiscrepancyInvestigated) and event.suspicion in SERIOUS


def reported(ledger: LedgerAt, each: Classed, kind: type[Event]) -> Fact | None:
    """The first report of this kind about a discrepancy: it names it, or none and follows on the same record."""
    for fact in ledger.on(each.found.stream, kind):
        named = getattr(fact.event, "discrepancy", None)
        if named is None and fact.at >= each.since.at:
            return fact
        if named is not None and named.dig == each.found.dig:
            return fact
    return None
