"""REC-13: nothing of a record is destroyed before its time has come, or while a hold stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.encoding import from_instant
from ledger.erasure import KEPT_BY_DEFAULT
from ledger.events.erasure import RetentionEnded, SubjectErased
from projections.compliance.destroyed import erasures
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.known import Fact, last
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.retained import Kept, holds_at, kept_for, people_of
from projections.compliance.rule import GateOf, ledger_rule

_CHART, _RECORDS = KEPT_BY_DEFAULT.chart_years, KEPT_BY_DEFAULT.records_years


@ledger_rule(
    id="REC-13",
    version="1",
    title="Nothing of a record is destroyed before its time has come, or while a hold stands.",
    severity="M",
    mode="B `subject-erased`, `retention-ended` / W",
    source=f"45 CFR 164.316(b)(2)(i) for {_RECORDS} years [F63]; {_CHART} years of a chart are ours [D]",
    trigger="The destruction of a person's key, or of whole entries. One finding per act.",
    window=(
        f"The same calendar date, {_CHART} years after the last clinical encounter and {_RECORDS} years after each "
        "access and disclosure, unless the clinic's own file says otherwise; the longest counts. That day is in time."
    ),
    evidence=(
        "That day had come for all that was destroyed, and no `legal-hold-placed` stood on the person's record that "
        "was not lifted."
    ),
    parameters=(),
    verdicts={
        "met": "the day had come for everything, and no hold stood",
        "breached": "a hold stood, or the day had not come for something that was certainly this person's",
        "cannot-judge": "the day had not come for something that may have been this person's, or whose own day is gone",
    },
    notes=(
        "An encounter is an evaluation, a preparation, and whatever stands on a person's part of a session.",
        "Before it the ledger itself asks, while it can still be read whose each part is, and by the same figures.",
        "The term of a controlled substance is CS-09. What this rule says is read as REC-10.",
    ),
    gate=GateOf(
        (SubjectErased, RetentionEnded), override=None, by_the_ledger=True, otherwise="Time, and the end of a hold."
    ),
)
def rec_13(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each erasure and each end of retention."""
    if ledger.proposed is not None:
        return
    acts = erasures(ledger)
    people = {act.stream for act in acts if isinstance(act.event, SubjectErased)}
    for act in acts:
        yield _of(ledger, act, alone=people == {act.stream})


def _of(ledger: LedgerAt, act: Fact, *, alone: bool) -> Ruling:
    entry = ledger.entry_of(act)
    on = act.at.date() if entry is None else from_instant(entry.received_at).date()
    holds = [hold for person in people_of(ledger, act) for hold in holds_at(ledger, person, act)]
    records = kept_for(ledger, act, alone=alone)
    young = [each for each in records if each.until > on]
    certain = [each for each in young if each.certain]
    if holds:
        positions = tuple(hold.position for hold in holds)
        return _ruling(act, "breached", f"on {on}, while a legal hold stood", positions, ("legal-hold",))
    if certain:
        return _ruling(act, "breached", f"on {on}; {_longest(certain)}", _where(certain), ("too-early",))
    if young:
        why = "when it happened" if not isinstance(act.event, SubjectErased) else "whose it was"
        words = f"on {on}; {_longest(young)}, and {why} cannot be read any more"
        return _ruling(act, "cannot-judge", words, _where(young), ("unreadable",))
    words = f"on {on}; {_longest(records)}" if records else f"on {on}; nothing in it had to be kept"
    return _ruling(act, "met", words, _where(records))


def _longest(records: Sequence[Kept]) -> str:
    *_, longest = records
    return f"{longest.what} of {longest.since} was to be kept until {longest.until}"


def _where(records: Sequence[Kept]) -> tuple[int, ...]:
    longest = last([each.fact for each in records])
    return () if longest is None else (longest.position,)


def _ruling(act: Fact, verdict: Verdict, words: str, evidence: tuple[int, ...], causes: tuple[str, ...] = ()) -> Ruling:
    what = "A person was erased" if isinstance(act.event, SubjectErased) else "Records are no longer kept"
    return Ruling(
        "", verdict, f"{what} {words}.", (act.position, *evidence), anchor=act.dig, causes=causes, about=act.stream
    )
