"""CS-03: a place that holds the clinic's stock is counted before the first of it, every other year, and every week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from projections.compliance.apart import days_later, end_of
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact, first, last
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, day_and_clock
from projections.compliance.place_counts import PlaceCount, Presence, clinic_containers, counts_of_place, presences
from projections.compliance.registered_places import code_of
from projections.compliance.rule import ledger_rule
from projections.compliance.second_people import counted_by_two

_INITIAL = ("initial",)
_INVENTORIES = ("initial", "biennial")
_LAPSED = "too-long-ago"
_AGAIN = ("biennial", "count")
"""The limbs that have to be met again and again."""


@ledger_rule(
    id="CS-03",
    version="1",
    title="A place that holds the clinic's stock is counted before the first of it, every other year, and every week.",
    severity="C",
    mode="F / W",
    source="initial and biennial inventory: 21 CFR 1304.11; the weekly count is ours [D]",
    trigger="A place holds stock of the clinic now. One finding per place and limb.",
    window=(
        "The initial count at or before the first stock there; the last initial or biennial count no more than "
        "`biennial_days` ago, any count no more than `count_every_days`, in local dates, the last day included."
    ),
    evidence="An `inventory-counted` of the place with all its parts, signed by two people who are not the same.",
    parameters=("substance.biennial_days", "substance.count_every_days"),
    verdicts={
        "met": "the count is there; `limit` is the last moment for the next one",
        "breached": "there is none, it came after the first stock, or it is too long ago",
        "not-applicable": "the place holds nothing of the clinic's stock now",
        "cannot-judge": "no protocol is in effect",
    },
    notes=(
        "Participants' own medication is no inventory.",
        (
            "Every count says whether it was made at the opening or the close of business: an entry without that is "
            "not taken. So that limb is met by the last count, and breached with the others when there is none."
        ),
        "A count that one person signed alone counts once another one has signed it too.",
    ),
)
def cs_03(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each place and limb; one for a place that holds nothing."""
    if ledger.proposed is not None:
        return
    stock = clinic_containers(ledger)
    for location in ledger.names("location"):
        there = [list(presences(held, location)) for held in stock]
        holding = [each for each in there if each and _last(each).mg]
        if holding:
            yield from _of(ledger, location, min(_first(each) for each in there if each))
        elif any(there):
            yield Ruling("", "not-applicable", f"{code_of(ledger, location)} holds no stock now.", about=location)


def _first(there: list[Presence]) -> tuple[datetime, int]:
    each = next(iter(there))
    return each.at, each.position


def _last(there: list[Presence]) -> Presence:
    *_, each = there
    return each


def _of(ledger: LedgerAt, location: str, came: tuple[datetime, int]) -> Iterator[Ruling]:
    today = ledger.day(location, ledger.as_of)
    protocol = ledger.protocol_on(today)
    figures = ledger.figures_of(protocol)
    if protocol is None or figures is None:
        words = f"{code_of(ledger, location)}: no protocol is in effect."
        yield Ruling("", "cannot-judge", words, causes=("no-protocol",), about=location)
        return
    place = _Place(ledger, location, protocol)
    yield place.initial(came)
    yield place.due("biennial", _INVENTORIES, figures.substance.biennial_days, "inventory")
    yield place.due("count", (), figures.substance.count_every_days, "count")
    yield place.flag()


class _Place:
    """One place that holds stock, with the counts that two people signed."""

    def __init__(self, ledger: LedgerAt, location: str, protocol: Fact) -> None:
        self._ledger, self._location, self._protocol = ledger, location, protocol
        self._code = code_of(ledger, location)
        self._zone = ledger.zone(location)
        self._counts = [
            count
            for count in counts_of_place(ledger, location)
            if count.is_complete and all(counted_by_two(ledger, fact) for fact in count.entries)
        ]

    def initial(self, came: tuple[datetime, int]) -> Ruling:
        """Whether the first stock found the place counted."""
        at, position = came
        count = first([each for each in self._counts if each.kind in _INITIAL])
        words = f"{self._code}: the first stock came {day_and_clock(at, self._zone)}"
        if count is None:
            return self._ruling("initial", f"{words}; no initial count.", (position,), at, None, "none")
        told = f"{words}; the initial count was made {day_and_clock(count.at, self._zone)}."
        cause = "late" if count.at > at else None
        return self._ruling("initial", told, (position, *count.positions), at, count, cause)

    def due(self, limb: str, kinds: tuple[str, ...], days: int, what: str) -> Ruling:
        """Whether the last count of these kinds, or any, is recent enough."""
        count = last([each for each in self._counts if not kinds or each.kind in kinds])
        if count is None:
            return self._ruling(limb, f"{self._code}: no {what} that two people signed.", (), None, None, "none")
        day = days_later(date.fromisoformat(self._ledger.day(self._location, count.at)), days)
        limit = end_of(day, self._zone)
        words = f"{self._code}: the last {what} was made {day_and_clock(count.at, self._zone)}"
        sentence = f"{words}; the next is due by the end of {day}, {days} days later."
        cause = _LAPSED if self._ledger.as_of > limit else None
        return self._ruling(limb, sentence, count.positions, limit, count, cause)

    def flag(self) -> Ruling:
        """Whether it is said if it was the opening or the close of business."""
        count = last(self._counts)
        if count is None:
            words = f"{self._code}: no count says whether it was the opening or the close of business."
            return self._ruling("flag", words, (), None, None, "none")
        words = f"{self._code}: the last count says that it was the {count.business} of business."
        return self._ruling("flag", words, count.positions, None, count, None)

    def _ruling(
        self,
        limb: str,
        sentence: str,
        evidence: tuple[int, ...],
        limit: datetime | None,
        count: PlaceCount | None,
        cause: str | None,
    ) -> Ruling:
        return Ruling(
            "",
            "met" if cause is None else "breached",
            sentence,
            evidence,
            anchor=limb,
            limit=as_instant(limit),
            made_at=None if count is None or cause == _LAPSED else as_instant(count.at),
            outstanding=limb in _AGAIN,
            causes=() if cause is None else (cause,),
            about=self._location,
            protocol=self._protocol.position,
        )
