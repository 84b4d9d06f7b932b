"""REL-14: a couple stays together for the shortest joint session, before the first of them is released."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.release import ReleaseAuthorised
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, first
from projections.compliance.moments import as_instant, clock, minutes, span
from projections.compliance.rule import rule


@rule(
    id="REL-14",
    version="1",
    title="A couple stays for the shortest joint session before the first of them is released.",
    severity="m",
    mode="F / S",
    source="sessions of about three hours in practice; the minutes are ours [D]",
    trigger="The first release of a dosed partner. One finding per session.",
    window="From the couple's first dose at least `min_joint_min`, equality met.",
    evidence="The time that passed; transfers and departures against advice do not count.",
    parameters=("release.min_joint_min",),
    verdicts={
        "met": "long enough",
        "breached": "too short",
        "not-applicable": "nobody dosed was released",
    },
)
def rel_14(history: History) -> Iterator[Ruling]:
    """One ruling for the session."""
    figures, began = history.figures, history.first_dose()
    if figures is None:
        return
    dosed = [slot for slot in SLOTS if history.doses(slot)]
    releases = [fact for slot in dosed for fact in history.of(slot, ReleaseAuthorised)]
    ended = first(sorted(releases, key=lambda fact: (fact.at, fact.position)))
    if began is None or ended is None:
        yield Ruling("", "not-applicable", "Nobody who was dosed was released.")
        return
    asked, passed = figures.release.min_joint_min, ended.at - began.at
    short = passed < minutes(asked)
    yield Ruling(
        "",
        "breached" if short else "met",
        f"The first release was at {clock(ended.at, history.zone)}, {span(passed)} after the first dose; at least "
        f"{asked} min are asked for.",
        (began.fact.position, ended.position),
        due=as_instant(began.at + minutes(asked)),
        made_at=as_instant(ended.at),
        causes=("too-short",) if short else (),
        act=ended.position,
    )
