"""SUP-03: nobody watches more dosed persons at once than one monitor may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ledger.events.supervision import MonitorAssigned
from projections.compliance.crowds import Crowd, Load, crowds_of, loads_of, of_session
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.history import History
from projections.compliance.moments import as_instant, clock, span
from projections.compliance.ratios import rests_on_unread
from projections.compliance.rule import GateOf, rule
from projections.compliance.watched import all_at_once


@rule(
    id="SUP-03",
    version="1",
    title="Nobody watches more dosed persons at once than one monitor may.",
    severity="M",
    mode="B `monitor-assigned`; F / S",
    source="the pattern of OAR 333-333-5230, where the highest dose in the room decides; the numbers are ours [D]",
    trigger=(
        "A monitor watches two or more dosed persons in person, of one session or of several at the same place. One "
        "finding per monitor and unbroken stretch of time, with the session in which it began."
    ),
    window=(
        "Any moment. A person counts from their first dose to the first of release, departure, transfer, leaving "
        "against advice and the closing of the session, while somebody watches them."
    ),
    evidence=(
        "At most the lowest ratio of those in the same room: `ratio_lozenge` up to `ratio_high_dose_mg` by mouth or "
        "nose in this session, above it `ratio_high_dose`; after an injection or infusion `ratio_injected` for "
        "`ratio_injected_for_min` from the last dose, then `ratio_injected_later`. Where `ratio_injected_low` is set "
        "it holds as long as every injected dose is at most `ratio_injected_low_mg_per_kg`. In a group of couples the "
        "table `group_ratios` of the protocol it was planned under holds for those who were given nothing by needle. "
        "All sessions at a place are one room, unless both name one and these differ."
    ),
    parameters=(
        "supervision.ratio_lozenge",
        "supervision.ratio_high_dose",
        "supervision.ratio_high_dose_mg",
        "supervision.ratio_injected",
        "supervision.ratio_injected_for_min",
        "supervision.ratio_injected_later",
        "supervision.ratio_injected_low",
        "supervision.ratio_injected_low_mg_per_kg",
        "choices.group_ratios",
    ),
    verdicts={
        "met": "the monitor watched two or more, and never more than allowed",
        "breached": "the monitor watched more than allowed",
        "not-applicable": "nobody was dosed, a monitor watched one at most, or the finding stands with another session",
        "cannot-judge": "whether more are allowed rests on a body weight that cannot be read any more",
    },
    notes=(
        (
            "Somebody whom two monitors watch counts with the one where it helps; a therapist without valid training "
            "as a monitor helps nobody (SUP-02 speaks of it)."
        ),
        "Of persons of another couple only their number is told, and no evidence is named that stands on their record.",
        "A dose whose weight is not on record is not low.",
    ),
    gate=GateOf(
        MonitorAssigned, override="medical-director", otherwise="Another monitor, or fewer persons with this one."
    ),
)
def sup_03(history: History) -> Iterator[Ruling]:
    """One ruling for each monitor of this session and stretch of too many, or one that there was none."""
    if history.figures is None:
        return
    persons = all_at_once(history)
    if not any(each.history.session == history.session for each in persons):
        yield Ruling("", "not-applicable", "Nobody was dosed.")
        return
    sure = loads_of(persons, history.as_of, trusting=True)
    fearing = loads_of(persons, history.as_of, trusting=False) if rests_on_unread(persons) else sure
    for monitor in sorted(fearing):
        if any(of_session(history, load) for load in fearing[monitor]):
            yield from _of(history, monitor, sure.get(monitor, ()), fearing[monitor])


def _of(history: History, monitor: str, sure: Sequence[Load], fearing: Sequence[Load]) -> Iterator[Ruling]:
    certain = crowds_of(monitor, sure)
    doubtful = [each for each in crowds_of(monitor, fearing) if not any(_meet(each, other) for other in certain)]
    found: list[tuple[Crowd, Verdict]] = [(each, "breached") for each in certain]
    found += [(each, "cannot-judge") for each in doubtful]
    if isinstance(getattr(history.proposed, "event", None), MonitorAssigned):
        yield from _proposed(history, monitor, found)
        return
    own = [(crowd, verdict) for crowd, verdict in found if crowd.began_in == history.session]
    begun: Counter[str] = Counter()
    for crowd, verdict in own:
        dig = crowd.began_with.dig
        yield _ruling(history, crowd, verdict, f" {begun[dig]}" if begun[dig] else "")
        begun.update([dig])
    if not own:
        yield _no_finding(history, monitor, fearing, elsewhere=bool(found))


def _proposed(history: History, monitor: str, found: Sequence[tuple[Crowd, Verdict]]) -> Iterator[Ruling]:
    """What speaks against somebody beginning to watch: too many from then on."""
    asked = None if history.proposed is None else history.proposed.event
    if isinstance(asked, MonitorAssigned) and asked.monitor == monitor:
        for crowd, verdict in found:
            if crowd.end is None and of_session(history, crowd.worst):
                yield _ruling(history, crowd, verdict)


def _ruling(history: History, crowd: Crowd, verdict: Verdict, again: str = "") -> Ruling:
    worst, zone = crowd.worst, history.zone
    began = crowd.began_with
    start = clock(crowd.start, zone)
    when = f"since {start}" if crowd.end is None else f"from {start} to {clock(crowd.end, zone)}"
    length = "" if crowd.end is None else f", {span(crowd.end - crowd.start)}"
    sentence = f"{crowd.monitor} watched {worst.count} dosed persons at once {when}{length}; {_allowed(worst)}"
    if verdict == "cannot-judge":
        sentence += "; whether a dose is low cannot be read any more"
    return Ruling(
        "",
        verdict,
        f"{sentence}.",
        _evidence(history, crowd),
        anchor=f"{crowd.monitor} {began.dig}{again}",
        limit=as_instant(crowd.start),
        made_at=as_instant(crowd.end),
        outstanding=verdict == "breached" and crowd.end is None,
        causes=("too-many",) if verdict == "breached" else ("unreadable",),
        staff=crowd.monitor,
        act=began.position if began.session == history.session else None,
    )


def _no_finding(history: History, monitor: str, loads: Sequence[Load], *, elsewhere: bool) -> Ruling:
    mine = [load for load in loads if of_session(history, load)]
    fullest = max(mine, key=lambda load: load.count)
    evidence = tuple(dose.fact.position for each in of_session(history, fullest) for dose in each.doses)
    if elsewhere:
        words = "watched too many at once; that finding stands with the session in which it began"
        return _about(monitor, "not-applicable", words, evidence, "counted-elsewhere")
    if not fullest.are_several:
        return _about(monitor, "not-applicable", "watched no two dosed persons at once", evidence)
    words = f"watched {fullest.count} dosed persons at once; {_allowed(fullest)}"
    return _about(monitor, "met", words, evidence)


def _about(monitor: str, verdict: Verdict, words: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling("", verdict, f"{monitor} {words}.", evidence, anchor=monitor, causes=causes, staff=monitor)


def _allowed(load: Load) -> str:
    return f"at most {load.most} {'is' if load.is_one else 'are'} allowed"


def _meet(one: Crowd, other: Crowd) -> bool:
    """Whether two stretches have a moment in common."""
    return (other.end is None or one.start < other.end) and (one.end is None or other.start < one.end)


def _evidence(history: History, crowd: Crowd) -> tuple[int, ...]:
    """Of this session alone: who was dosed and watched, and what began and ended it."""
    found: set[int] = set()
    for each in of_session(history, crowd.worst):
        until = crowd.worst.start
        found.update(dose.fact.position for dose in each.doses if dose.at <= until)
        found.update(fact.position for fact, there in each.monitors if fact.at <= until and crowd.monitor in there)
        found.update(fact.position for fact in each.turns() if fact.at in (crowd.start, crowd.end))
    return tuple(sorted(found))
