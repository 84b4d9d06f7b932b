"""
What REC-03 says beside the sessions: nobody decides what becomes of a finding about what they did, reviews their own
session, or countersigns what they signed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ledger.events.corrections import CountersignatureGiven
from ledger.events.deviations import FindingDispositioned
from ledger.events.findings import FindingClosed, FindingDispositioned2
from ledger.events.reviews import ReviewCompleted
from ledger.reading import PlacedEvent
from ledger.second_signatures import Second
from projections.compliance.finding import Finding, Ruling
from projections.compliance.finding_meant import Deciding, finding_meant_now, finding_meant_then
from projections.compliance.known import Fact, Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant

_DECIDING = (FindingDispositioned, FindingDispositioned2, FindingClosed)
_FIGURES = ("protocol/", "location/", "keys", "device/", "staff/")
"""Records that say by what something is judged, and who may do what; who keeps them did not do what was found."""


def own_findings(ledger: LedgerAt) -> Iterator[Ruling]:
    """
    One ruling for each disposition or closing of a finding, by what it names and by the finding it means; one for each
    review of a session, and for each countersignature of an entry that is no session's.
    """
    if ledger.proposed is not None:
        event = ledger.proposed.event
        if isinstance(event, FindingDispositioned2 | FindingClosed):
            yield _ruling(ledger, ledger.proposed, event, finding_meant_now(ledger, event))
        elif isinstance(event, CountersignatureGiven):
            yield from _to_be_countersigned(ledger, ledger.proposed, event)
        elif isinstance(event, ReviewCompleted):
            yield from _review(ledger, ledger.proposed, event)
        return
    for fact in ledger.everywhere("governance", *_DECIDING):
        if isinstance(fact.event, FindingDispositioned | FindingDispositioned2 | FindingClosed):
            yield _ruling(ledger, fact, fact.event, finding_meant_then(ledger.known, fact, fact.event))
    for fact in ledger.everywhere("governance", ReviewCompleted):
        if isinstance(fact.event, ReviewCompleted):
            yield from _review(ledger, fact, fact.event)
    yield from _countersigned(ledger)


def _to_be_countersigned(ledger: LedgerAt, proposed: Fact, event: CountersignatureGiven) -> Iterator[Ruling]:
    if event.gives == "witnessed":
        return  # an own witness who signed elsewhere is a fact, found by CS-13; a desk asks `held_apart`
    target = ledger.known.index.entry_of(event.target.dig)
    if target is None or target.position >= ledger.size or target.stream.startswith("session/"):
        return
    if {signer.by for signer in target.payload.attested} & set(proposed.by):
        yield _second(target, " and ".join(proposed.by), proposed.dig, None)


def _countersigned(ledger: LedgerAt) -> Iterator[Ruling]:
    for record in sorted(ledger.known.spoken_of_elsewhere()):
        for standing in ledger.known.standings(record, ledger.size).values():
            if standing.original.stream != record:
                continue
            for each in standing.seconds:
                given = ledger.known.index.entry_at(each.position)
                if given is not None and ledger.known.fact(given).at <= ledger.as_of:
                    yield _second(standing.original, f"{each.by} ({each.role})", given.dig, each)


def _second(entry: PlacedEvent, who: str, anchor: str, given: Second | None) -> Ruling:
    """Of a countersignature, given or to be given, of an entry that is no session's."""
    is_own = given is None or given.uncounted == "author"
    return Ruling(
        "",
        "breached" if is_own else "met",
        f"Entry {entry.position} is signed by {who} already, who cannot be its second person."
        if is_own
        else f"Entry {entry.position} was countersigned by {who}, who had not signed it.",
        (entry.position, *(() if given is None else (given.position,))),
        anchor=anchor,
        causes=("own-act",) if is_own else (),
        about=entry.stream,
    )


def _review(ledger: LedgerAt, fact: Fact, event: ReviewCompleted) -> Iterator[Ruling]:
    """Of the review of one session: whoever signed in it before is its author, and no reviewer."""
    if event.session is None:
        return
    there = [each for each in ledger.recorded(event.session) if each.position < fact.position]
    own = [each.position for each in there if set(each.by) & set(fact.by)]
    who = " and ".join(fact.by)
    entries = ", ".join(map(str, own))
    yield Ruling(
        "",
        "breached" if own else "met",
        f"A session was reviewed by {who}, who signed in it (entry {entries})."
        if own
        else "A session was reviewed by somebody who had signed nothing in it.",
        (*(() if ledger.proposed is fact else (fact.position,)), *own),
        anchor=fact.dig,
        made_at=as_instant(fact.at),
        causes=("own-act",) if own else (),
        about=fact.stream,
    )


def _ruling(ledger: LedgerAt, fact: Fact, event: Deciding, meant: Sequence[Finding]) -> Ruling:
    named = [ledger.known.index.entry_of(each.dig) for each in event.evidence]
    rests = {placed.position for placed in named if placed is not None and placed.position < ledger.size}
    for found in meant:
        rests |= {*found.evidence, *(() if found.declared_by is None else (found.declared_by,))}
    on_account = {found.staff for found in meant}
    if isinstance(event, FindingDispositioned):
        on_account.add(event.staff)
    about = {found.about for found in meant}
    own = {position for position in rests if _signers(ledger.known, position, about) & set(fact.by)}
    who = " and ".join(fact.by)
    if own or on_account & set(fact.by):
        entries = ", ".join(map(str, sorted(own)))
        did = f"signed what it rests on (entry {entries})" if own else "is the one it is about"
        words = f"What becomes of a finding of {event.rule} was decided by {who}, who {did}."
    else:
        words = f"What becomes of a finding of {event.rule} was decided by somebody who had no part in it."
    is_own = bool(own or on_account & set(fact.by))
    return Ruling(
        "",
        "breached" if is_own else "met",
        words,
        (*(() if ledger.proposed is fact else (fact.position,)), *sorted(own if is_own else rests)),
        anchor=fact.dig,
        made_at=as_instant(fact.at),
        causes=("own-act",) if is_own else (),
        about=fact.stream,
    )


def who_did(ledger: LedgerAt, finding: Finding) -> set[str]:
    """Who had a part in what was found, and so neither disposes of it nor closes it."""
    positions = {*finding.evidence, *(() if finding.declared_by is None else (finding.declared_by,))}
    signed = {name for position in positions for name in _signers(ledger.known, position, {finding.about})}
    return signed | ({finding.staff} if finding.staff else set())


def _signers(known: Known, position: int, about: Collection[str]) -> set[str]:
    """Who signed an entry that says what somebody did, or the one of such a record that the finding itself is about."""
    placed = known.index.entry_at(position)
    if placed is None or (placed.stream.startswith(_FIGURES) and placed.stream not in about):
        return set()
    return {signer.by for signer in placed.signers} | {each.by for each in placed.payload.attested}
