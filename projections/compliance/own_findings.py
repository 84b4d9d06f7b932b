"""Whether somebody decides what becomes of a finding about what they did, or reviews their own session: of REC-03."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ledger.events.deviations import FindingDispositioned
from ledger.events.findings import FindingClosed, FindingDispositioned2
from ledger.events.reviews import ReviewCompleted
from projections.compliance.finding import Finding, Ruling
from projections.compliance.known import Fact, Known, record_of
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant

_DECIDING = (FindingDispositioned, FindingDispositioned2, FindingClosed)
_Deciding: TypeAlias = FindingDispositioned | FindingDispositioned2 | FindingClosed
_FIGURES = ("protocol/", "location/", "keys", "device/")
"""Records that say by what something is judged; who keeps them did not do it."""


def own_findings(ledger: LedgerAt) -> Iterator[Ruling]:
    """
    One ruling for each disposition or closing of a finding, of a proposed one also by the finding it is about, and
    one for each review of a session.
    """
    if ledger.proposed is not None:
        event = ledger.proposed.event
        if isinstance(event, FindingDispositioned2 | FindingClosed):
            yield _ruling(ledger, ledger.proposed, event, _found(ledger, event))
        elif isinstance(event, ReviewCompleted):
            yield from _review(ledger, ledger.proposed, event)
        return
    for fact in ledger.everywhere("governance", *_DECIDING):
        if isinstance(fact.event, FindingDispositioned | FindingDispositioned2 | FindingClosed):
            yield _ruling(ledger, fact, fact.event, None)
    for fact in ledger.everywhere("governance", ReviewCompleted):
        if isinstance(fact.event, ReviewCompleted):
            yield from _review(ledger, fact, fact.event)


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


def _ruling(ledger: LedgerAt, fact: Fact, event: _Deciding, found: Finding | None) -> Ruling:
    named = [ledger.known.index.entry_of(each.dig) for each in event.evidence]
    rests = {placed.position for placed in named if placed is not None and placed.position < ledger.size}
    if found is not None:
        rests |= {*found.evidence, *(() if found.declared_by is None else (found.declared_by,))}
    on_account = {event.staff} if isinstance(event, FindingDispositioned) else {found.staff} if found else set()
    own = {position for position in rests if _signers(ledger.known, position) & set(fact.by)}
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
    signed = {name for position in positions for name in _signers(ledger.known, position)}
    return signed | ({finding.staff} if finding.staff else set())


def _signers(known: Known, position: int) -> set[str]:
    """Who signed an entry that says what somebody did."""
    placed = known.index.entry_at(position)
    if placed is None or placed.stream.startswith(_FIGURES):
        return set()
    return {signer.by for signer in placed.signers} | {each.by for each in placed.payload.attested}


def _found(ledger: LedgerAt, event: FindingDispositioned2 | FindingClosed) -> Finding | None:
    """The finding that is meant: first in the sessions of the entries it names, then anywhere."""
    from projections.compliance.rule import Rule  # noqa: PLC0415  # a rule asks what other rules found
    from projections.compliance.rules import RULES  # noqa: PLC0415

    rule = next((each for each in RULES if each.id == event.rule), None)
    if rule is None:
        return None
    now = LedgerAt(ledger.known, size=ledger.size, as_of=ledger.as_of)
    if not isinstance(rule, Rule):
        return _of(rule.findings(now), event.finding)
    named = [ledger.known.index.entry_of(each.dig) for each in event.evidence]
    records = [record_of(placed.stream) for placed in named if placed is not None]
    near = [name for name in dict.fromkeys(records) if name.startswith("session/")]
    for name in dict.fromkeys((*near, *now.names("session"))):
        found = _of(rule.findings(now.session(name)), event.finding)
        if found is not None:
            return found
    return _of(rule.findings_elsewhere(now), event.finding)


def _of(findings: Iterable[Finding], identity: str) -> Finding | None:
    return next((each for each in findings if each.identity == identity), None)
