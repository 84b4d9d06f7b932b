"""
How every entry counts after all that was said about it: as it was signed, corrected, or not at all.

    standings(history)[42].counts      -> the dose with the corrected mass, or None when it was voided
    standings(history)[42].by          -> the positions that made it so

A pure function of history: the same whatever order or batches the entries are read in.
Nothing is removed: the entry as it was signed stands beside what counts.
A change of a critical field, and the void of an entry that has one, counts from its second signature on; until
then the original counts. While somebody's last word on a change disputes it, it does not count.
A signature by a key that was revoked before, or that is suspect there, confirms nothing and disputes nothing once
the revocation is known; which are, the caller says.
Of two changes of one field the one at the later position wins, and both are shown.
Source: the exact rules, section 0, item 6, and REC-02.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ledger.amending import amended, perhaps_touched, touched
from ledger.events.base import Signer
from ledger.events.corrections import (
    AddendumAppended,
    CountersignatureGiven,
    EntryCorrected,
    EntryReattributed,
    EntryVoided,
)
from ledger.keys import NONE_REVOKED, Revoked
from ledger.payload import Attestation
from ledger.reading import PlacedEvent
from ledger.second_signatures import Second, doubt_of, doubted_at_once, lacking, weighed

Status: TypeAlias = Literal[
    "original",
    "corrected",
    "voided",
    "reattributed-away",
    "disputed",
    "pending-correction",
    "pending-reattribution",
]
State: TypeAlias = Literal["in-effect", "pending", "disputed", "withdrawn", "unreadable"]
"""
What became of one change; `withdrawn` was voided itself.

`unreadable` is one of which nobody can tell any more whether it needs a second person, or whose values do not fit:
no value it may have changed is taken for true.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """
    One correction or void of an entry, with what second people said of it.

    `conflicts` when it starts from another value than the one that stood; `doubted` are those who reviewed it at once
    with a key that does not count there, and why.
    """

    change: PlacedEvent
    state: State
    critical: bool
    seconds: tuple[Second, ...] = ()
    conflicts: bool = False
    doubted: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """
    One entry as it was signed (`original`) and as it counts (`counts`; None when it does not).

    `by` are the positions of what made it so, `lacks` the signatures it still has to get, `seconds` all that were
    given later, `addenda` the positions of what was added, `link` where a reattribution that names it stands;
    `doubted` are second signatures that it came with, and that do not count because of their key.
    """

    original: PlacedEvent
    counts: PlacedEvent | None
    status: Status
    by: tuple[int, ...] = ()
    said: tuple[Said, ...] = ()
    lacks: tuple[Signer, ...] = ()
    seconds: tuple[Second, ...] = ()
    addenda: tuple[int, ...] = ()
    link: int | None = None
    doubted: tuple[Second, ...] = ()

    @property
    def is_untouched(self) -> bool:
        """Whether it counts exactly as it was signed."""
        return self.counts is self.original


def standings(history: Iterable[PlacedEvent], revoked: Revoked = NONE_REVOKED) -> dict[int, Standing]:
    """
    Every entry of a history by position; what refers to an entry that is not in it says nothing here.

    `revoked` are the keys known to be revoked by then: what they signed as second person where they are doubted,
    at once or later, does not count.
    """
    return _History(history, revoked).standings()


def effective(history: Iterable[PlacedEvent], revoked: Revoked = NONE_REVOKED) -> list[PlacedEvent]:
    """What counts of a history, in the order of the log; without what was only said about other entries."""
    return [
        standing.counts
        for _, standing in sorted(standings(history, revoked).items())
        if standing.counts is not None and not isinstance(standing.original.event, SAID)
    ]


ABOUT = (CountersignatureGiven, EntryCorrected, EntryVoided, AddendumAppended)
"""Types that name one other entry, their target."""

SAID = (*ABOUT, EntryReattributed)
"""Types that say something about other entries and are no facts themselves."""


class _History:
    """The entries of one history, and what each of them says about which other."""

    def __init__(self, history: Iterable[PlacedEvent], revoked: Revoked) -> None:
        self._revoked = revoked
        by_position = {placed.position: placed for placed in history}
        self._placed = [by_position[position] for position in sorted(by_position)]
        self._by_dig = {placed.dig: placed for placed in self._placed}
        self._about: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
        self._links: dict[str, PlacedEvent] = {}
        self._resolved: dict[str, Standing] = {}
        for placed in self._placed:
            self._take(placed)

    def _take(self, placed: PlacedEvent) -> None:
        event = placed.event
        if isinstance(event, EntryReattributed):
            for half in (event.voided.dig, event.created.dig):
                self._links.setdefault(half, placed)
        elif isinstance(event, ABOUT):
            target = self._by_dig.get(event.target.dig)
            if target is not None and target.stream == placed.stream and target.position < placed.position:
                self._about[target.dig].append(placed)

    def standings(self) -> dict[int, Standing]:
        """From the last entry to the first: what is said about an entry stands behind it, and is settled before it."""
        for placed in reversed(self._placed):
            self._resolved[placed.dig] = self._of(placed)
        for dig, link in self._links.items():
            self._settle_created(dig, link)
        return {placed.position: self._resolved[placed.dig] for placed in self._placed}

    def _of(self, original: PlacedEvent) -> Standing:
        about = self._about[original.dig]
        given = [each for each in about if isinstance(each.event, CountersignatureGiven)]
        seconds = weighed(original, given, self._revoked)
        counts: PlacedEvent | None = original
        status: Status = "disputed" if any(each.disputes for each in seconds) else "original"
        by = [each.position for each in seconds if each.disputes]
        said: list[Said] = []
        link = self._links.get(original.dig)
        for change in (each for each in about if isinstance(each.event, EntryCorrected | EntryVoided)):
            one = self._said(original, change)
            if one.state == "unreadable" and counts is not None:
                after = amended(counts, self._standing_of(change))
                counts, by = (counts if after is None else after.placed), [*by, change.position]
            elif one.state != "in-effect":
                if one.state in ("pending", "disputed") and status in ("original", "disputed"):
                    status, by = "pending-correction", [*by, change.position]
            elif isinstance(change.event, EntryVoided):
                linked = self._links.get(change.dig)
                counts, status = None, "reattributed-away" if linked else "voided"
                link = linked or link
                by = [*by, change.position, *self._confirmations(change)]
            elif counts is not None:
                after = amended(counts, self._standing_of(change))
                if after is None:
                    one = replace(one, state="unreadable")
                else:
                    counts, status = after.placed, "corrected"
                    one = replace(one, conflicts=after.conflicts)
                    by = [*by, change.position, *self._confirmations(change)]
            said.append(one)
        return Standing(
            original=original,
            counts=counts,
            status=status,
            by=tuple(sorted(set(by))),
            said=tuple(said),
            lacks=self._lacks(original, seconds),
            seconds=seconds,
            addenda=tuple(each.position for each in about if isinstance(each.event, AddendumAppended)),
            link=None if link is None else link.position,
            doubted=doubted_at_once(original, self._revoked),
        )

    # -- one change ---------------------------------------------------------------------------------

    def _said(self, target: PlacedEvent, change: PlacedEvent) -> Said:
        critical, seconds = self._is_critical(change, target), self._seconds(change)
        state: State = "in-effect"
        if self._resolved[change.dig].counts is None:
            state = "withdrawn"
        elif any(each.disputes for each in seconds):
            state = "disputed"
        elif not self._is_confirmed(change):
            state = "pending" if critical else "unreadable" if _is_doubtful(change, target) else "in-effect"
        doubted = [(each.by, doubt_of(change, each, self._revoked)) for each in _reviewers(change)]
        return Said(change, state, critical, seconds, doubted=tuple(each for each in doubted if each[1]))

    def _standing_of(self, change: PlacedEvent) -> PlacedEvent:
        """A change as it counts: somebody may have corrected the correction."""
        return self._resolved[change.dig].counts or change

    def _is_critical(self, change: PlacedEvent, target: PlacedEvent) -> bool:
        """Whether this change needs a second person: for what it changes, or for what it takes back."""
        event = change.event
        if isinstance(target.event, EntryCorrected | EntryVoided):
            first = self._by_dig.get(target.event.target.dig)
            if first is None or self._is_critical(target, first):
                return True
            after = amended(target, change) if isinstance(event, EntryCorrected) else None
            return after is not None and self._is_critical(after.placed, first)
        if isinstance(event, EntryVoided):
            return bool(type(target.event).CRITICAL) or change.dig in self._links
        if isinstance(event, EntryCorrected):
            return not type(target.event).CRITICAL.isdisjoint(touched(event))
        return False

    def _seconds(self, change: PlacedEvent) -> tuple[Second, ...]:
        """Of a reattribution both halves are one: who signs or disputes the link has said it of the void."""
        own = self._resolved[change.dig].seconds
        link = self._links.get(change.dig)
        return own if link is None else (*own, *self._resolved[link.dig].seconds)

    def _is_confirmed(self, change: PlacedEvent) -> bool:
        at_once = any(not doubt_of(change, signer, self._revoked) for signer in _reviewers(change))
        return at_once or any(each.confirms for each in self._seconds(change))

    def _confirmations(self, change: PlacedEvent) -> list[int]:
        return [each.position for each in self._seconds(change) if each.confirms]

    def _lacks(self, original: PlacedEvent, seconds: Sequence[Second]) -> tuple[Signer, ...]:
        event = original.event
        missing = lacking(original, seconds, self._revoked)
        if isinstance(event, EntryReattributed):
            return ()  # its void has to be signed, on the record of whom it concerns
        if isinstance(event, EntryCorrected | EntryVoided):
            target = self._by_dig.get(event.target.dig)
            if target is None or not self._is_critical(original, target):
                return ()
            link = self._links.get(original.dig)
            if link is not None and any(each.confirms for each in self._resolved[link.dig].seconds):
                return ()
        return missing

    def _settle_created(self, dig: str, link: PlacedEvent) -> None:
        """What was recorded anew counts from the moment the first entry stops to; never both, never neither."""
        event = link.event
        if not isinstance(event, EntryReattributed) or event.created.dig != dig or dig not in self._resolved:
            return
        standing = replace(self._resolved[dig], link=link.position)
        void = self._by_dig.get(event.voided.dig)
        if void is not None and isinstance(void.event, EntryVoided):
            first = self._resolved.get(void.event.target.dig)
            if first is not None and first.counts is not None:
                by = tuple(sorted({*standing.by, link.position}))
                standing = replace(standing, counts=None, status="pending-reattribution", by=by)
        self._resolved[dig] = standing


def _reviewers(change: PlacedEvent) -> list[Attestation]:
    """Who reviewed a change at once."""
    return [signer for signer in change.payload.attested if signer.meaning == "reviewed"]


def _is_doubtful(change: PlacedEvent, target: PlacedEvent) -> bool:
    """Whether it may have changed a critical field in a part that cannot be read."""
    event = change.event
    if not isinstance(event, EntryCorrected):
        return False
    return not type(target.event).CRITICAL.isdisjoint(perhaps_touched(target.event, event))
