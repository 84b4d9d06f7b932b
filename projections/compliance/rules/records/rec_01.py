"""REC-01: what happened is written down at once; what was written down late, or ahead of time, says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ledger.events.arrival import PreDoseAssessed
from ledger.events.base import Event
from ledger.events.corrections import AddendumAppended, LateEntryDeclared
from ledger.events.paper import PaperLineTranscribed
from ledger.events.parameters import RecordFigures
from ledger.events.release import DischargeAssessed
from ledger.events.supervision import SupervisionChecked
from ledger.transcribed import is_transcribed
from projections.compliance.finding import Ruling, Severity, Verdict, Whose
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import as_instant, day_and_clock, hours, long_span, minutes, seconds
from projections.compliance.rule import rule
from projections.compliance.second_people import confirmed_by
from projections.compliance.written import Written

_VALUES: tuple[type[Event], ...] = (PreDoseAssessed, SupervisionChecked, DischargeAssessed)
_ABOUT_AN_ENTRY: tuple[type[Event], ...] = (LateEntryDeclared, PaperLineTranscribed, AddendumAppended)


@rule(
    id="REC-01",
    version="1",
    title="What happened is written down at once; what was written down late says so.",
    severity="m",
    mode="F / I",
    source="contemporaneous records: ALCOA+; 21 CFR 11.10(e); the limits are ours [D]",
    trigger=(
        "An entry of the session. One finding per entry that is late or from the future. What only says something of "
        "another entry is not judged; an entry made anew for the other partner is."
    ),
    window=(
        "From when it happened to when it was written down, by the same device's clock: values before the dose, of a "
        "check or a discharge at most `late_vitals_min`, all else `late_other_min`, equality met. More than "
        "`late_reason_h` is major. A time more than `future_s` ahead, also once its clock is set right, is major."
    ),
    evidence=(
        "Both times. A major lateness is closed by a reason (`late-entry-declared`, or the line of a typed sheet) and "
        "a signature `reviewed` of the entry or of that reason, by somebody who signed neither."
    ),
    parameters=("record.future_s", "record.late_other_min", "record.late_reason_h", "record.late_vitals_min"),
    verdicts={
        "met": "it was written down in time, or its major lateness has a reason and was reviewed",
        "breached": "it was late, or is from the future",
        "not-applicable": "nothing was written down",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "Nothing is refused for its time: the entry counts, with its label.",
        "How long it then took to come in is REC-07; that a device's clock was wrong is REC-06.",
        "A line typed from a sheet counts as declared late, for the reason of the sheet.",
    ),
)
def rec_01(history: History) -> Iterator[Ruling]:
    """One ruling for each entry that was late, or one for each person that none was."""
    if history.figures is None:
        return
    written = {each.position: each for slot in SLOTS for each in history.written(slot)}
    own: list[tuple[Whose, str]] = [("", history.session), *((slot, f"{history.session}/{slot}") for slot in SLOTS)]
    for whose, stream in own:
        facts = [fact for fact in history.facts if fact.stream == stream and fact.position in written]
        judged = [fact for fact in facts if not isinstance(fact.event, _ABOUT_AN_ENTRY)]
        late = [
            ruling
            for fact in judged
            for ruling in _of(history, whose, fact, written[fact.position], history.figures.record)
        ]
        verdict: Verdict = "met" if judged else "not-applicable"
        words = "everything was written down in time" if judged else "nothing was written down"
        positions = tuple(fact.position for fact in judged)
        yield from late or [Ruling(whose, verdict, f"{_who(whose)}: {words}.", positions)]


def _of(history: History, whose: Whose, fact: Fact, each: Written, figures: RecordFigures) -> Iterator[Ruling]:
    occurred = each.claimed if fact.at == each.at else fact.at + (each.offset or timedelta())
    limit = minutes(figures.late_vitals_min if isinstance(fact.event, _VALUES) else figures.late_other_min)
    late = each.recorded_at - occurred
    ahead = max(-late, occurred - (each.offset or timedelta()) - each.received_at)
    if ahead > seconds(figures.future_s):
        yield _future(history, whose, fact, each, occurred)
    elif late > limit:
        yield _late(history, whose, fact, each, occurred, limit, long_lateness=late > hours(figures.late_reason_h))


def _late(
    history: History,
    whose: Whose,
    fact: Fact,
    each: Written,
    occurred: datetime,
    limit: timedelta,
    *,
    long_lateness: bool,
) -> Ruling:
    reasons = [
        said
        for said in history.facts
        if isinstance(said.event, LateEntryDeclared)
        and said.event.target.dig == fact.dig
        and said.stream == fact.stream
    ]
    typed = _typists(history, fact)
    authors = {*fact.by, *typed}
    reviews = [
        signed
        for entry in (fact, *reasons)
        for signed in confirmed_by(history, entry, "reviewed")
        if not authors & set(signed.by)
    ]
    declared = bool(reasons or typed)
    closed = long_lateness and declared and bool(reviews)
    severity: Severity = "M" if long_lateness else "m"
    lacking = [] if declared else ["no reason"]
    lacking += [] if reviews else ["no review"]
    reason = "typed from a sheet" if typed else "with a reason" if reasons else "without a reason"
    ending = f"; it has {' and '.join(lacking)}" if long_lateness and lacking else f", {reason}"
    at, recorded = (day_and_clock(moment, history.zone) for moment in (occurred, each.recorded_at))
    review, passed = first(reviews), long_span(each.recorded_at - occurred)
    return Ruling(
        whose,
        "met" if closed else "breached",
        f"{_who(whose)}: entry {fact.position} of {at} was written down {recorded}, {passed} later; "
        f"at most {long_span(limit)} are asked for{ending}{', reviewed' if closed else ''}.",
        tuple(sorted({fact.position, *(said.position for said in (*reasons, *reviews))})),
        anchor=fact.dig,
        due=as_instant(occurred + limit),
        made_at=as_instant(review.at if closed and review is not None else each.recorded_at),
        causes=() if closed else ("late", "declared") if declared else ("late",),
        severity=None if closed else severity,
    )


def _future(history: History, whose: Whose, fact: Fact, each: Written, occurred: datetime) -> Ruling:
    at, recorded = (day_and_clock(moment, history.zone) for moment in (occurred, each.recorded_at))
    return Ruling(
        whose,
        "breached",
        f"{_who(whose)}: entry {fact.position} says it happened {at}; it was written down {recorded}, before that.",
        (fact.position,),
        anchor=fact.dig,
        due=as_instant(each.recorded_at),
        causes=("future",),
        severity="M",
    )


def _typists(history: History, fact: Fact) -> set[str]:
    """Who typed it in, if it was typed from a sheet."""
    placed = history.entry(fact.dig)
    typed = placed is not None and is_transcribed(placed.payload)
    return {signer.by for signer in placed.payload.attested} if placed is not None and typed else set()


def _who(whose: Whose) -> str:
    return whose.upper() or "A and B"
