"""SUP-01: from the first dose to departure somebody watches each dosed person in the room, without a longer gap."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.vocabulary import Slot
from projections.compliance.cover import Gap, gaps
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import as_instant, clock, minutes, span
from projections.compliance.obligations import Obligation
from projections.compliance.rule import rule


@rule(
    id="SUP-01",
    version="1",
    title="From the first dose to departure somebody watches each dosed person in the room, without a longer gap.",
    severity="C",
    mode="F / W, S",
    source="a facilitator present all the time: OAR 333-333-5200; a health care provider on site: Spravato REMS",
    trigger="A person's first dose in the session. One finding per person and gap.",
    window=(
        "Every moment from the first dose to the end of care: departure, transfer, leaving against advice. A gap that "
        "is longer than `gap_max_min` is breached that long after its start; one of exactly that length is not."
    ),
    evidence=(
        "A monitor in person: by `monitor-assigned` in person, by a `monitor-handover` to them, or back from a break; "
        "until they hand over or a `monitor-break-started` uncovers this person. Watching by video covers nobody."
    ),
    parameters=("supervision.gap_max_min",),
    verdicts={
        "met": "somebody watched all the time, or no gap was longer than allowed",
        "breached": "nobody watched for longer than allowed",
        "pending": "nobody watches, and not for longer than allowed yet",
        "not-applicable": "the person was not dosed",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "It asks who is there and nothing else: a missing signature is SUP-10, a missing credential SUP-02.",
        "Between release and departure somebody is still watched, and no longer checked (SUP-05).",
    ),
)
def sup_01(history: History) -> Iterator[Ruling]:
    """One ruling for each gap, or one that there is none."""
    if history.figures is None:
        return
    for slot in SLOTS:
        first = next(iter(history.doses(slot)), None)
        if first is None:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        found = gaps(history, slot, first.fact, history.end_of_care(slot))
        for gap in found:
            yield _of(history, slot, gap, history.figures.supervision.gap_max_min)
        if not found:
            words = (
                f"{slot.upper()} was watched all the time from the first dose at {clock(first.at, history.zone)} on."
            )
            yield Ruling(slot, "met", words, (first.fact.position,))


def _of(history: History, slot: Slot, gap: Gap, most: int) -> Ruling:
    limit = gap.start + minutes(most)
    who, start = slot.upper(), clock(gap.start, history.zone)
    evidence = (gap.began.position, *(() if gap.ended is None else (gap.ended.position,)))
    asked = Obligation("", limit, (gap.began,), made=gap.ended)
    verdict = asked.verdict(history)
    if gap.end is None:
        words = f"nobody has watched {who} since {start}, at most {most} min are allowed"
    else:
        length = span(gap.end - gap.start)
        words = f"nobody watched {who} from {start} to {clock(gap.end, history.zone)}, {length}; at most {most} min are"
        words += " allowed"
    return Ruling(
        slot,
        verdict,
        f"{who}: {words}.",
        evidence,
        anchor=gap.began.dig,
        limit=as_instant(limit),
        made_at=as_instant(gap.end),
        outstanding=asked.outstanding(history),
        causes=("uncovered",) if verdict == "breached" else (),
    )
