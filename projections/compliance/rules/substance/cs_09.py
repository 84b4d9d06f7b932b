"""CS-09: nothing of a controlled substance is destroyed before the years are over for which it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.encoding import from_instant
from ledger.erasure import years_later
from ledger.events.erasure import RetentionEnded, SubjectErased
from projections.compliance.destroyed import Destroyed, destroyed_by, erasures
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact, last
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.rule import GateOf, ledger_rule


@ledger_rule(
    id="CS-09",
    version="1",
    title="Nothing of a controlled substance is destroyed before the years are over for which it is kept.",
    severity="M",
    mode="B `subject-erased`, `retention-ended` / W",
    source="records are kept for two years: 21 CFR 1304.04(a); a clinic's own longer time is its figure [D]",
    trigger="The destruction of a person's key, or of whole entries. One finding per act.",
    window=(
        "The earliest day is the same calendar date as that of each record, so many years later as the clinic keeps it "
        "(`controlled_years`: 2 by federal rule, states often longer); that day is in time."
    ),
    evidence="The day had come for every dose and every handing in or out of own medication that was destroyed.",
    parameters=(),
    verdicts={
        "met": "it had come for all of them, or there were none",
        "breached": "it had not come for one of them",
        "cannot-judge": "it had not come for one that may have been this person's, or whose own date is gone too",
    },
    notes=(
        "Before it the ledger itself asks, by the same figure of the folder.",
        "Whose an erased record was cannot be read: where several were erased, one that is too young may be another's.",
        "Of an entry that is no longer kept only the day is known on which it was received.",
    ),
    gate=GateOf(
        (SubjectErased, RetentionEnded),
        override=None,
        by_the_ledger=True,
        otherwise="Time: the years of keeping have to pass.",
    ),
)
def cs_09(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each erasure and each end of retention."""
    acts = erasures(ledger)
    people = {act.stream for act in acts if isinstance(act.event, SubjectErased)}
    for act in acts:
        yield _of(ledger, act, certain=people == {act.stream})


def _of(ledger: LedgerAt, act: Fact, *, certain: bool) -> Ruling:
    entry = ledger.entry(act.stream, act.dig)
    on = act.at.date() if entry is None else from_instant(entry.received_at).date()
    records, years = destroyed_by(ledger, act), ledger.known.retention.controlled_years
    young = [each for each in records if _until(each, years) > on]
    about = act.stream
    newest = last(young or records)
    if newest is None:
        words = "No record of a controlled substance was destroyed."
        return Ruling("", "met", words, (act.position,), act.dig, about=about)
    evidence = (newest.fact.position, act.position)
    day, until = newest.day or newest.received, _until(newest, years)
    which = f"{len(records)} records of a controlled substance were destroyed on {on}, the last of {day}"
    if not young:
        words = f"{which}: they were to be kept until {until}."
        return Ruling("", "met", words, evidence, act.dig, about=about)
    if isinstance(act.event, RetentionEnded) or not certain:
        why = "whose it was" if newest.day is not None else "when it happened"
        words = f"{which}; {why} cannot be read any more, and it may have had to be kept until {until}."
        return Ruling("", "cannot-judge", words, evidence, act.dig, causes=("unreadable",), about=about)
    words = f"{which}: it was to be kept until {until}."
    return Ruling("", "breached", words, evidence, act.dig, causes=("too-early",), about=about)


def _until(record: Destroyed, years: int) -> date:
    return years_later(record.day or record.received, years)
