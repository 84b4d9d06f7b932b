"""REC-10: whoever opened a record that was not theirs to open is reviewed within days."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.access import SysBreakGlassUsed
from ledger.events.reviews import AccessReviewCompleted
from projections.compliance.apart import Deadline, judged_by, no_protocol
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import day_and_clock, hours
from projections.compliance.rule import ledger_rule


@ledger_rule(
    id="REC-10",
    version="1",
    title="Whoever opened a record that was not theirs to open is reviewed within days.",
    severity="M",
    mode="F / W",
    source="information system activity review: 45 CFR 164.308(a)(1)(ii)(D), 164.312(b) [mem]; the hours are ours [D]",
    trigger="A `sys-break-glass-used`. One finding per use, about the record of accesses on which it stands.",
    window="Within `break_glass_h` from the use, itself in time.",
    evidence=(
        "An `access-review-completed` that names this use, signed by somebody else than who broke the glass. A review "
        "whose time covers it and which does not name it is none."
    ),
    parameters=("record.break_glass_h",),
    verdicts={
        "met": "reviewed in time",
        "breached": "the hours have passed without a review; one that comes later stays in the finding, as made late",
        "pending": "not reviewed, and the hours have not passed",
        "cannot-judge": "no protocol was in effect on the day of the use",
    },
    notes=(
        "Each look and each copy is written down by the software itself; that is no matter of a rule.",
        "The sentence says neither whose record it was nor why it could not wait: both stand in the entry.",
        "What this rule says is read by compliance, privacy and records officers and the medical director.",
    ),
)
def rec_10(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each use."""
    if ledger.proposed is not None:
        return
    reviews = ledger.everywhere("governance", AccessReviewCompleted)
    for fact in ledger.everywhere("access", SysBreakGlassUsed):
        if isinstance(fact.event, SysBreakGlassUsed):
            yield _of(ledger, fact, fact.event.staff, reviews)


def _of(ledger: LedgerAt, fact: Fact, staff: str, reviews: list[Fact]) -> Ruling:
    judged = judged_by(ledger, fact)
    if judged is None:
        return no_protocol(fact, "An emergency access")
    naming = [review for review in reviews if _names(review, fact)]
    made = next((review for review in naming if staff not in review.by), None)
    within = judged.figures.record.break_glass_h
    asked = Deadline(fact.at + hours(within), made, ledger.as_of)
    words = f"{staff} opened a record by emergency access on {day_and_clock(fact.at, judged.zone)}"
    if made is not None:
        words += f"; reviewed on {day_and_clock(made.at, judged.zone)}{asked.late_by}"
    else:
        words += "; reviewed by themselves alone" if naming else "; not reviewed"
    seen = naming if made is None else [made]
    evidence = (fact.position, *(review.position for review in seen))
    return asked.ruling(judged, f"{words}; at most {within} h are allowed.", evidence, staff)


def _names(review: Fact, use: Fact) -> bool:
    event = review.event
    return isinstance(event, AccessReviewCompleted) and use.dig in {each.dig for each in event.glass_broken}
