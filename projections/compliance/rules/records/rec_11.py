"""REC-11: nothing that leaves for one person holds something of the other, unless the other allowed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.entry import stream_tag
from ledger.events.access import SysRecordExported
from ledger.events.fields import Gone
from ledger.events.requests import DisclosureMade, ReleaseOfInformationSigned
from projections.compliance.apart import zone_of
from projections.compliance.disclosed import (
    Strayed,
    allows,
    copy_named,
    holds_partner,
    origin_of,
    partners_of,
    strayed,
)
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.known import SLOTS, Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, day_and_clock
from projections.compliance.rule import GateOf, ledger_rule


@ledger_rule(
    id="REC-11",
    version="1",
    title="Nothing that leaves for one person holds something of the other, unless the other allowed it.",
    severity="C",
    mode="B `sys-record-exported`, `disclosure-made` through the system; F / S",
    source="AAMFT code of ethics, 2.3 [F67]; 45 CFR 164.502 [mem]; joint records: [F68]",
    trigger=(
        "A `disclosure-made`, and a `sys-record-exported` that was made for one partner, or as somebody's own record. "
        "One finding per disclosure and partner, or copy and session, about the record it stands on."
    ),
    window="At any time: what is known now of the entries that went along.",
    evidence=(
        "Everything of the partner was left out, and no entry that went along was the partner's, as is known now. "
        "Else the partner had signed a `release-of-information-signed` for this recipient and this content, which is "
        "valid on that day and was not taken back."
    ),
    parameters=(),
    verdicts={
        "met": "nothing of the partner was in it, or the partner had allowed it",
        "breached": "something of the partner was in it, or not left out, without leave",
        "not-applicable": "nobody is known who could be the partner",
        "cannot-judge": "whether the partner was left out, or who the partner is, cannot be read any more",
    },
    notes=(
        "An entry that is reattributed later raises a finding for everything that had left with it, and closes none.",
        "No basis stands in for the partner's leave: what treatment needs of one is not about the other.",
        (
            "The copy of one partner that the service gives out holds that partner's own record alone, and of an entry "
            "that was put right before nothing but its place. What is put right while it is made keeps it back."
        ),
        (
            "It is asked before the bytes of a copy leave, and before a disclosure that names a copy of this ledger, "
            "by what that copy holds. Nobody overrides. What was shown otherwise is a fact, judged by what it says."
        ),
        "The sentence says neither to whom nor what for; what this rule says is read as REC-10.",
    ),
    gate=GateOf(
        (SysRecordExported, DisclosureMade),
        override=None,
        opened_by=(ReleaseOfInformationSigned,),
        otherwise="Or the partner's part is left out.",
    ),
)
def rec_11(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each disclosure and partner, and for each copy that was made for one partner."""
    if ledger.proposed is not None:
        yield from _proposed(ledger, ledger.proposed)
        return
    shown = ledger.everywhere("person", DisclosureMade)
    copied = [fact for fact in ledger.everywhere("access", SysRecordExported) if _is_for_one(fact)]
    if not shown and not copied:
        return
    gone_astray = strayed(ledger)
    for fact in shown:
        yield from _disclosed(ledger, fact, gone_astray)
    for fact in copied:
        yield from _copied(ledger, fact, gone_astray)


def _proposed(ledger: LedgerAt, proposed: Fact) -> Iterator[Ruling]:
    event = proposed.event
    if isinstance(event, DisclosureMade) and copy_named(ledger, event) is not None:
        yield from _disclosed(ledger, proposed, strayed(ledger))
    elif _is_for_one(proposed):
        yield from _copied(ledger, proposed, strayed(ledger))


def _disclosed(ledger: LedgerAt, fact: Fact, gone_astray: Sequence[Strayed]) -> Iterator[Ruling]:
    partners = partners_of(ledger, fact.stream)
    if not partners:
        yield _ruling(ledger, fact, "not-applicable", "there is nobody whose part could be in it")
    for partner in partners.values():
        yield _of_partner(ledger, fact, partner, gone_astray)


def _of_partner(ledger: LedgerAt, fact: Fact, partner: str | Gone, gone_astray: Sequence[Strayed]) -> Ruling:
    event = fact.event
    if isinstance(partner, Gone) or not isinstance(event, DisclosureMade):
        return _ruling(
            ledger, fact, "cannot-judge", "who the partner is cannot be read any more", causes=("unreadable",)
        )
    allowed, by = allows(ledger, partner, fact)
    if allowed:
        return _ruling(ledger, fact, "met", "the partner had allowed it", by, partner)
    copy = copy_named(ledger, event)
    if copy is not None and holds_partner(ledger, fact.stream, partner, copy):
        words = "the copy that was shown holds the partner's own record, and the partner had not allowed it"
        return _ruling(ledger, fact, "breached", words, (copy.position,), partner, ("both-records",))
    went_along = [
        each
        for each in gone_astray
        if each.whose == partner and each.history.person(each.slot) == fact.stream and each.position < fact.position
        if copy is None or each.left_with(copy)
    ]
    sure = [each for each in went_along if copy or (not isinstance(event.content, Gone) and each.is_in(event.content))]
    unread = isinstance(event.partner_left_out, Gone) or (bool(went_along) and isinstance(event.content, Gone))
    if event.partner_left_out is False or sure:
        if allowed is None:
            words = "whether the partner had allowed it cannot be read any more"
            return _ruling(ledger, fact, "cannot-judge", words, by, partner, ("unreadable",))
        words = (
            _were_theirs(sure) if sure else "the partner's part was not left out, and the partner had not allowed it"
        )
        cause = "reattributed" if sure else "not-left-out"
        return _ruling(ledger, fact, "breached", words, _evidence(sure), partner, (cause,))
    if unread:
        words = "whether the partner was left out cannot be read any more"
        return _ruling(ledger, fact, "cannot-judge", words, _evidence(went_along), partner, ("unreadable",))
    return _ruling(ledger, fact, "met", "the partner was left out", (), partner)


def _copied(ledger: LedgerAt, fact: Fact, gone_astray: Sequence[Strayed]) -> Iterator[Ruling]:
    """A copy for one partner: it holds a record of that partner alone, and nothing that is the other's."""
    event = fact.event
    if not isinstance(event, SysRecordExported):
        return
    both = list(_of_both(ledger, origin_of(ledger), event.records))
    for session in both:
        yield _ruling(ledger, fact, "breached", "it holds the records of both partners", (), session, ("both-records",))
    found: dict[str, list[Strayed]] = {}
    for each in gone_astray:
        if each.left_with(fact):
            found.setdefault(each.history.session, []).append(each)
    for session, mine in found.items():
        if session not in both:
            words = _were_theirs(mine)
            yield _ruling(ledger, fact, "breached", words, _evidence(mine), session, ("reattributed",))
    if not both and not found:
        yield _ruling(ledger, fact, "met", "it holds one partner's record alone, and nothing that is the other's")


def _of_both(ledger: LedgerAt, origin: str, tags: Sequence[str]) -> Iterator[str]:
    """The sessions of which a copy holds the own records of both partners."""
    held = set(tags)
    if len(held) >= len(SLOTS):  # else there is nothing to look for in every session there is
        for name in ledger.names("session"):
            if all(stream_tag(origin, f"{name}/{slot}") in held for slot in SLOTS):
                yield name


def _is_for_one(fact: Fact) -> bool:
    event = fact.event
    return isinstance(event, SysRecordExported) and (event.partner_left_out or event.purpose == "own-record")


def _were_theirs(entries: Sequence[Strayed]) -> str:
    positions = ", ".join(str(each.position) for each in entries)
    return f"of what went along, this was the partner's, as is known now: {positions}"


def _evidence(entries: Sequence[Strayed]) -> tuple[int, ...]:
    return tuple(position for each in entries for position in (each.position, *each.entry.by))


def _ruling(
    ledger: LedgerAt,
    fact: Fact,
    verdict: Verdict,
    words: str,
    evidence: tuple[int, ...] = (),
    other: str = "",
    causes: tuple[str, ...] = (),
) -> Ruling:
    what = "A disclosure" if isinstance(fact.event, DisclosureMade) else "A copy for one partner"
    named = stream_tag(origin_of(ledger), other) if other else ""
    return Ruling(
        "",
        verdict,
        f"{what} of {day_and_clock(fact.at, zone_of(ledger, fact))}: {words}.",
        (fact.position, *evidence),
        anchor=f"{fact.dig} {named}".strip(),
        made_at=as_instant(fact.at),
        causes=causes,
        about=fact.stream,
    )
