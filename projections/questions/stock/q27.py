"""Question 27: waste that no second person saw, or that was written down late, and how much of it each one wastes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt

from ledger.container import ZERO
from projections.compliance.containers import Held, Step
from projections.compliance.moments import as_instant, minutes, to_second
from projections.compliance.wastes import Signed, performers, witnesses
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.stock.chosen import STOCK, chosen, location_of, steps_within
from projections.questions.stock.q26 import GIVEN
from projections.questions.told import told
from projections.said import exact

_FEWEST = 3
"""Of how many there have to be somebody's share can be compared."""
_HUNDRED = 100


@question(
    "27",
    "Which waste had no witness, or was seen only by who did it, or entered late; and who wastes which share?",
    section="stock",
    columns=(
        Column("of", "About"),
        Column("staff", "Done by"),
        Column("container", "Container"),
        Column("session", "Session", "record"),
        Column("at", "When", "instant"),
        Column("mg", "Wasted, mg", "number"),
        Column("problem", "Problem"),
        Column("signed", "Witness signed", "instant"),
        Column("entered", "Written down", "instant"),
        Column("given", "Given, mg", "number"),
        Column("percent", "Wasted, %", "number"),
        Column("z", "Deviations from the mean", "number"),
    ),
    takes=STOCK,
    empty="Nothing was wasted.",
    reading=(
        "First every waste without a witness who counts (CS-02), or that was written down later than the protocol "
        "gives the witness; then what each member of staff gave and wasted. Wasted in percent of both; how many "
        f"standard deviations that is from the mean of all, where there are at least {_FEWEST} who differ. Of those "
        "who did it all are told, so a share is a reason to look, and no more."
    ),
)
def q27(asked: Asked) -> Found:
    """One row for each such waste, then one for each member of staff."""
    containers = chosen(asked)
    wastes = [(held, step) for held in containers for step in steps_within(asked, held) if step.moved.kind == "wasted"]
    wastes.sort(key=lambda each: (each[1].fact.at, each[1].fact.position))
    rows = [found for held, step in wastes if (found := _of(asked, held, step)) is not None]
    shares = _shares(asked, containers)
    evidence = [step.fact.position for _, step in wastes]
    bad = [position for each in rows for position in each.evidence]
    return Found(
        (*rows, *_told(asked, shares)),
        (figure("count", "Such wastes", len(rows), bad), figure("wastes", "Wastes in all", len(wastes), evidence)),
    )


def _of(asked: Asked, held: Held, step: Step) -> Row | None:
    fact, ledger = step.fact, asked.ledger
    location = location_of(asked, step.moved.session) or step.moved.before.home or None
    day = ledger.day(location, fact.at)
    figures = ledger.figures_of(ledger.protocol_on(day))
    if figures is None:
        return None
    signed = witnesses(ledger, fact, ledger.place(location, day), figures.choices.waste_witness)
    entered = to_second(step.moved.placed.payload.recorded_at)
    late = entered - fact.at > minutes(figures.substance.waste_witness_min)
    problems = [*_missing(signed), *(["entered-late"] if late else [])]
    if not problems:
        return None
    return row(
        (fact.position, *(each.position for each in signed)),
        of="waste",
        staff=told(tuple(asked.codes.code(by) for by in performers(fact))),
        container=held.code,
        session=step.moved.session or None,
        at=as_instant(fact.at),
        mg=None if step.moved.mg is None else exact(step.moved.mg),
        problem=", ".join(problems),
        signed=as_instant(next((each.at for each in signed if not each.lacks), None)),
        entered=as_instant(entered),
        given=None,
        percent=None,
        z=None,
    )


def _missing(signed: list[Signed]) -> list[str]:
    if any(not each.lacks for each in signed):
        return []
    return list(dict.fromkeys(each.lacks for each in signed)) or ["no-witness"]


# -- who wastes how much ----------------------------------------------------------------------------


@dataclass
class _Share:
    """What somebody gave and wasted, in mg."""

    given: Fraction = ZERO
    wasted: Fraction = ZERO
    evidence: list[int] = field(default_factory=list)

    @property
    def percent(self) -> Fraction:
        """What was wasted, of all that was given or wasted."""
        total = self.given + self.wasted
        return self.wasted * _HUNDRED / total if total else ZERO


def _shares(asked: Asked, containers: list[Held]) -> Mapping[str, _Share]:
    found: defaultdict[str, _Share] = defaultdict(_Share)
    for held in containers:
        for step in steps_within(asked, held):
            mg = step.moved.mg or ZERO
            for by in performers(step.fact) if step.moved.kind in ("wasted", *GIVEN) else ():
                share = found[by]
                share.evidence.append(step.fact.position)
                if step.moved.kind == "wasted":
                    share.wasted += mg
                else:
                    share.given += mg
    return found


def _told(asked: Asked, shares: Mapping[str, _Share]) -> Iterator[Row]:
    percents = [float(share.percent) for share in shares.values()]
    mean = sum(percents) / len(percents) if percents else 0.0
    deviation = sqrt(sum((each - mean) ** 2 for each in percents) / len(percents)) if percents else 0.0
    comparable = len(percents) >= _FEWEST and deviation > 0
    for staff, share in sorted(shares.items(), key=lambda each: (-each[1].percent, asked.codes.code(each[0]))):
        z = f"{(float(share.percent) - mean) / deviation:.2f}" if comparable else None
        yield row(
            share.evidence,
            of="staff",
            staff=asked.codes.code(staff),
            container=None,
            session=None,
            at=None,
            mg=exact(share.wasted),
            problem=None,
            signed=None,
            entered=None,
            given=exact(share.given),
            percent=f"{float(share.percent):.1f}",
            z=z,
        )
