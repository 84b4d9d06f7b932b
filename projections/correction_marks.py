"""
What became of an entry, in words: corrected, voided, disputed, or waiting for a second person.

    voided by RN1 at 11:05, because it was entered in error; confirmed by MD1
    still to be signed: verified, by a nurse or prescriber or therapist

What is said about one partner's values is for staff and that partner.
That an entry belonged to the other partner is for staff alone: a partner's own copy says only that it was voided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from ledger.effective import SAID, Said, Standing
from ledger.events.corrections import EntryReattributed, EntryVoided
from ledger.reading import PlacedEvent, stream_kind
from ledger.second_signatures import Second
from projections.correction_phrases import joint_words, reason_words, sealed_words
from projections.lateness import late_words
from projections.marks import Mark
from projections.said import local_moment
from projections.snapshot import Snapshot

Audience = Literal["all", "staff", "a", "b"]

_ROWS = "SELECT position FROM [row] WHERE session = ? AND +position < ?"


def correction_marks(seen: Snapshot, session: str) -> Mapping[int, Sequence[Mark]]:
    """The marks of every row of a session that has any."""
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    for position, lacks in seen.lacking(session).items():
        found[position] += [Mark("unsigned", f"still to be signed: {words}") for words in lacks]
    seen.said_about.of(row["position"] for row in seen.rows(_ROWS, session, seen.position))
    for position, standing in seen.said_about.known.items():
        found[position] += standing_marks(standing)
    return found


def standing_marks(standing: Standing) -> list[Mark]:
    """All that was said about one entry, in the order it was said."""
    marks = [mark for said in standing.said for mark in _change(said)]
    if standing.status == "pending-reattribution":
        waits = "does not count before a second person has signed what it belongs to"
        marks.append(Mark("pending", waits, standing.by, "staff"))
    if standing.link is not None and not isinstance(standing.original.event, (*SAID, EntryReattributed)):
        where = "is the other partner's" if standing.counts is None else "stood first on the other partner's record"
        marks.append(Mark("reattributed", f"this entry {where}", (standing.link,), "staff"))
    marks += [_second(each) for each in standing.seconds]
    marks += [Mark("addendum", "something was added to it", (position,)) for position in standing.addenda]
    if any(said.conflicts for said in standing.said):
        marks.append(Mark("conflicting", "corrections of it started from different values; the last one counts"))
    return marks


def _change(said: Said) -> Iterator[Mark]:
    """One correction or void: what it says, for whom, and whether it counts."""
    change, event = said.change, said.change.event
    by, at = change.payload.attested[0].by, local_moment(change.payload.occurred)[11:]
    doubted = dict(said.doubted)
    also = [signer.by for signer in change.payload.attested[1:] if signer.by not in doubted] + [
        each.by for each in said.seconds if each.confirms
    ]
    confirmed = f"; confirmed by {' and '.join(also)}" if also else ""
    confirmed += "".join(f"; reviewed by {by}, which does not count: {doubt}" for by, doubt in said.doubted)
    positions = (change.position, *(each.position for each in said.seconds if not each.uncounted))
    voids = isinstance(event, EntryVoided)
    code = said.state if said.state != "in-effect" else "voided" if voids else "corrected"
    what = f"voided by {by} at {at}" if voids else f"corrected by {by} at {at}"
    why = f"because it was {reason_words(event.reason)}" if isinstance(event, EntryVoided) else _open_words(change)
    late = "".join(f", {words}" for words in late_words(change))
    said_so = f"{_BEFORE.get(said.state, '')}{what}{late}, {why}{confirmed}{_AFTER.get(said.state, '')}"
    yield Mark(code, said_so, positions)
    for audience, words in _sealed(change):
        yield Mark(f"{code}-sealed", words, positions, audience)


_BEFORE = {"pending": "to be ", "disputed": "to be "}
_AFTER = {
    "pending": "; does not count before a second person has signed it",
    "disputed": "; does not count, because it is disputed",
    "withdrawn": "; taken back again",
    "unreadable": "; it cannot be read any more",
}


def _open_words(change: PlacedEvent) -> str:
    return joint_words(change).removeprefix("corrected, ")


def _sealed(change: PlacedEvent) -> Iterator[tuple[Audience, str]]:
    """On one partner's record the row is theirs; on a joint one each part is for one of them."""
    if stream_kind(change.stream) == "partner":
        parts: tuple[tuple[Audience, str], ...] = (("all", ""),)
    else:
        parts = (("a", "_a"), ("b", "_b"))
    for audience, end in parts:
        words = sealed_words(change, end)
        if words:
            yield audience, "; ".join(words)


def doubted_mark(second: Second) -> Mark:
    """A second signature that an entry came with, and that does not count because of its key."""
    words = f"signed by {second.by} as {second.role} ({second.gives}), which does not count: {second.doubt}"
    return Mark("uncounted", words, (second.position,))


def _second(second: Second) -> Mark:
    if second.uncounted:
        why = {
            "author": "who signed the entry itself",
            "not-asked": f"nobody asks for {second.gives} by a {second.role}",
            "not-theirs": "it is for somebody else to sign",
            "doubted-key": second.doubt,
        }[second.uncounted]
        return Mark("uncounted", f"countersigned by {second.by}, which does not count: {why}", (second.position,))
    verb = "confirmed" if second.confirms else "disputed"
    return Mark(verb, f"{verb} by {second.by} as {second.role} ({second.gives})", (second.position,))
