"""REL-01: nobody is released before the minimum observation since their last dose has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from ledger.events.emergencies import LeftAgainstAdvice
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionClosed
from ledger.events.parameters import ReleaseFigures
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock, minutes, span
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-01",
    version="1",
    title="Nobody is released before the minimum observation since their last dose has passed.",
    severity="C",
    mode="B `release-authorised`; F departure / S",
    source=(
        "at least 2 h: Spravato REMS and its monitoring form; a minimum that grows with the total dose: the shape of "
        "OAR 333-333-5250; for all routes, ours [D]"
    ),
    trigger=(
        "A `release-authorised`, or a `participant-departed` of somebody not released since their last dose. "
        "One finding per person and session; the first act that came too early stays."
    ),
    window=(
        "From the person's last dose before that act (an infusion: its stop) at least `min_observation_min`, equality "
        "met. `min_observation_by_mg` gives other minutes from a total of the session's milligrams on; of several "
        "that fit the one with the largest total counts."
    ),
    evidence="The time that passed.",
    parameters=("release.min_observation_min", "release.min_observation_by_mg"),
    verdicts={
        "met": "the act came at the end of the minimum or later",
        "breached": "the act came earlier",
        "not-applicable": "not dosed, not released or gone yet (then `due` is the earliest moment), or transferred",
        "cannot-judge": "the act came earlier, and whether it was a transfer cannot be read any more",
    },
    notes=(
        "A transfer is exempt: a release or departure to a hospital, or a closing that says so.",
        "`left-against-advice` is judged as a departure without a release.",
    ),
    gate=GateOf(ReleaseAuthorised, override="prescriber", otherwise="Time: the observation has to last."),
)
def rel_01(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, history.figures.release)


def _of(history: History, slot: Slot, figures: ReleaseFigures) -> Ruling:
    doses = history.doses(slot)
    judged = [
        ruling
        for act in _acts(history, slot, doses)
        if (before := [dose for dose in doses if dose.at <= act.at])
        for ruling in (_act(history, slot, act, before, figures),)
    ]
    for verdict in ("breached", "cannot-judge", "met", "not-applicable"):
        for ruling in judged:
            if ruling.verdict == verdict:
                return ruling
    if not doses:
        return Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
    earliest, last, length = _earliest(doses, figures)
    return Ruling(
        slot,
        "not-applicable",
        f"{slot.upper()} may be released from {clock(earliest, history.zone)} on, {length} min after the last dose of "
        f"{clock(last.counts_from, history.zone)}.",
        (last.fact.position,),
        due=as_instant(earliest),
    )


def _acts(history: History, slot: Slot, doses: list[Dose]) -> list[Fact]:
    """What ends the observation: each release, and a leaving of any kind that no release since the last dose covers."""
    if history.proposed is not None:
        return [history.proposed] if history.proposed.stream.endswith(f"/{slot}") else []
    releases = history.of(slot, ReleaseAuthorised)
    acts = list(releases)
    for departure in history.of(slot, ParticipantDeparted, LeftAgainstAdvice):
        covered = [release for release in releases if release.at <= departure.at]
        covered = [r for r in covered if not any(r.at < dose.at <= departure.at for dose in doses)]
        if not covered:
            acts.append(departure)
    return sorted(acts, key=lambda fact: (fact.at, fact.position))


def _act(history: History, slot: Slot, act: Fact, doses: list[Dose], figures: ReleaseFigures) -> Ruling:
    earliest, last, length = _earliest(doses, figures)
    what = "released" if isinstance(act.event, ReleaseAuthorised) else "gone without a release"
    transferred = _transferred(history, slot, act)
    sentence = (
        f"{slot.upper()} {what} at {clock(act.at, history.zone)}, {_since(last, act.at)} the last dose of "
        f"{clock(last.counts_from, history.zone)}; at least {length} min are asked for, until "
        f"{clock(earliest, history.zone)}"
    )
    evidence = (*(dose.fact.position for dose in doses), act.position)
    verdict: Verdict = "breached"
    words, causes = "", tuple[str, ...](("too-early",))
    if act.at >= earliest:
        verdict, words, causes = "met", "", ()
    elif transferred:
        verdict, words, causes = "not-applicable", "; it was a transfer", ()
    elif transferred is None:
        verdict, words, causes = "cannot-judge", "; whether it was a transfer cannot be read", ("unreadable",)
    return Ruling(
        slot,
        verdict,
        f"{sentence}{words}.",
        evidence,
        due=as_instant(earliest),
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )


def _since(last: Dose, at: datetime) -> str:
    return f"{span(at - last.counts_from)} after" if at >= last.counts_from else "before the end of"


def _earliest(doses: list[Dose], figures: ReleaseFigures) -> tuple[datetime, Dose, int]:
    """From when on somebody with these doses may go, their last dose, and the minutes in between."""
    last = max(doses, key=lambda dose: (dose.counts_from, dose.fact.position))
    total = sum((dose.mg for dose in doses), Decimal())
    steps = [step for step in figures.min_observation_by_mg if Decimal(step.from_mg) <= total]
    largest = max(steps, key=lambda step: Decimal(step.from_mg), default=None)
    length = figures.min_observation_min if largest is None else largest.minutes
    return last.counts_from + minutes(length), last, length


def _transferred(history: History, slot: Slot, act: Fact) -> bool | None:
    """Whether this act handed the person over to a hospital; None when that cannot be read."""
    told: list[str | Gone] = []
    match act.event:
        case ReleaseAuthorised(disposition=where) | ParticipantDeparted(destination=where):
            told.append(where)
    closings = [fact.event for fact in history.joint(SessionClosed)]
    told += [c.ended_a if slot == "a" else c.ended_b for c in closings if isinstance(c, SessionClosed)]
    if any(word in ("hospital", "transferred") for word in told):
        return True
    return None if any(isinstance(word, Gone) for word in told) else False
