"""CS-01: of every container what was counted is what should be there."""

from __future__ import annotations

from collections.abc import Iterator

from projections.compliance.containers import Held
from projections.compliance.counts import Count, counts_of
from projections.compliance.finding import Ruling
from projections.compliance.known import last
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.missed import Missed, missed
from projections.compliance.moments import as_instant
from projections.compliance.rule import ledger_rule
from projections.said import exact


@ledger_rule(
    id="CS-01",
    version="1",
    title="Of every container what was counted is what should be there.",
    severity="C",
    mode="F / R",
    source="accountability of each controlled substance: 21 CFR 1304.21 [mem]; the tolerances are ours [D]",
    trigger=(
        "Each count of a container, also the one at which own medication is handed out; and each whole count of a "
        "place. One finding per container; one per place only where no container counted there is beyond its tolerance."
    ),
    window="Everything that counts of the container and happened up to the count, in the order of its time.",
    evidence=(
        "Counted and expected are no further apart than the tolerance, itself included. Expected is what came, less "
        "what was given, wasted, handed back, sent back and destroyed, with differences that were resolved."
    ),
    parameters=(
        "substance.tolerance_ml_per_vial",
        "substance.tolerance_own_units",
        "substance.tolerance_percent",
    ),
    verdicts={
        "met": "every count was within the tolerance",
        "breached": "a count was beyond it, or a whole count of a place left out what should be there",
        "not-applicable": "the container was never counted; what should be there is said",
        "cannot-judge": "no protocol was in effect on the day of the count, or the record is no longer kept",
    },
    notes=(
        (
            "For an opened vial `tolerance_ml_per_vial` or `tolerance_percent` of what was drawn since the count "
            "before, whichever is more; for all else of the clinic nothing; for own medication `tolerance_own_units`."
        ),
        "The finding tells the first count beyond it; later ones of the same container are among its evidence.",
        (
            "Tolerances of several containers add. So where each container is within its own, a lot or a place can "
            "only be short by a container that the count did not name; that is told of the place, with the containers."
        ),
        "A count of a place is whole when all its parts are there, unless it is a spot check or follows a discrepancy.",
    ),
)
def cs_01(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each container, and for each place whose last whole count left one out."""
    if ledger.proposed is not None:
        return
    beyond = set()
    for held in ledger.containers.all():
        if held.steps:
            ruling = _of(ledger, held)
            yield ruling
            beyond |= {held.state.id} if ruling.verdict == "breached" else set()
    for each in missed(ledger):
        if not beyond & each.count.containers:
            yield _left_out(each)


def _of(ledger: LedgerAt, held: Held) -> Ruling:
    if held.is_gone:
        positions = tuple(step.fact.position for step in held.steps)
        words = f"The record of {held.code} is no longer kept: nobody can say what should be there."
        return Ruling("", "cannot-judge", words, positions, causes=("expired",), about=held.state.id)
    counts, unjudged = counts_of(ledger, held)
    if unjudged:
        words = f"{held.code} was counted on a day on which no protocol was in effect."
        positions = tuple(step.fact.position for step in unjudged)
        return Ruling("", "cannot-judge", words, positions, causes=("no-protocol",), about=held.state.id)
    beyond = [count for count in counts if count.is_beyond]
    if beyond:
        return _told(held, next(iter(beyond)), beyond)
    latest = last(counts)
    if latest is not None:
        return _told(held, latest, [latest])
    positions = tuple(step.fact.position for step in held.steps)
    words = f"{held.code} was not counted; {exact(held.state.balance)} mg should be there."
    return Ruling("", "not-applicable", words, positions, about=held.state.id)


def _told(held: Held, count: Count, rest: list[Count]) -> Ruling:
    evidence = {position for each in rest for position in held.moved_up_to(each.step)}
    return Ruling(
        "",
        "breached" if count.is_beyond else "met",
        f"{held.code}, {count.when()}: {count.told()}.",
        tuple(sorted(evidence)),
        made_at=as_instant(count.at),
        causes=_causes(count) if count.is_beyond else (),
        about=held.state.id,
        protocol=count.protocol.position,
    )


def _causes(count: Count) -> tuple[str, ...]:
    return ("missing",) if count.counted < count.expected else ("too-many",)


def _left_out(each: Missed) -> Ruling:
    words = ", ".join(f"{held.code} ({exact(mg)} mg)" for held, mg in each.containers)
    return Ruling(
        "",
        "breached",
        f"The count of {each.when} names nothing of {words}, which should be there.",
        each.evidence,
        made_at=as_instant(each.at),
        causes=("left-out",),
        about=each.location,
        protocol=each.protocol,
    )
