"""AE-02: of a serious adverse event a prescriber hears at once, and whoever must hear of it outside, in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.events.calls import PrescriberNotified
from ledger.events.choices import Choices
from projections.compliance.adverse import AdverseEvent, adverse_events
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import day_and_clock, days, minutes
from projections.compliance.obligations import Obligation
from projections.compliance.readings import first_from
from projections.compliance.rule import rule

RECEIVER = {"rems": "rems", "ind": "fda"}
"""Who must hear of it outside, by the regime a protocol chooses."""


@rule(
    id="AE-02",
    version="1",
    title="Of a serious adverse event a prescriber hears at once, and whoever must hear of it outside, in time.",
    severity="C",
    mode="F / W",
    source="IND safety reports: 21 CFR 312.32; the Spravato REMS; the minutes are ours [D]",
    trigger=(
        "An adverse event is serious, or turns out to be. One finding per adverse event and clock: the prescriber, and "
        "the report outside."
    ),
    window=(
        "From `aware_at`, else from when the entry that says so happened: a prescriber within `serious_notify_min`; "
        "the report within `serious_rems_days` or `serious_ind_days` by the `serious_regime` of the protocol, within "
        "`serious_fatal_days` for a death under an IND. Off label there is no report outside."
    ),
    evidence=(
        "A `prescriber-notified` of this person, or a prescriber's own signature under the entry that says it is "
        "serious; an `adverse-event-reported` to whom the regime names."
    ),
    parameters=(
        "choices.serious_fatal_days",
        "choices.serious_ind_days",
        "choices.serious_regime",
        "choices.serious_rems_days",
        "follow_up.serious_notify_min",
    ),
    verdicts={
        "met": "told in time; or it is not serious",
        "breached": "not told in time; what came later stays in the finding",
        "pending": "not told yet, and the limit has not passed",
        "not-applicable": "no adverse event is on record",
        "cannot-judge": "whether it is serious, or to whom it was reported, cannot be read any more",
    },
)
def ae_02(history: History) -> Iterator[Ruling]:
    """One ruling for each adverse event and clock."""
    if history.figures is None:
        return
    for slot in SLOTS:
        found = adverse_events(history, slot)
        for each in found:
            yield from _of(history, each, history.figures.follow_up.serious_notify_min, history.figures.choices)
        if not found:
            yield Ruling(slot, "not-applicable", f"{slot.upper()}: no adverse event is on record.")


def _of(history: History, each: AdverseEvent, within: int, choices: Choices) -> Iterator[Ruling]:
    who, anchor = each.slot.upper(), f"{each.recorded.dig} prescriber"
    evidence = tuple(fact.position for fact in each.told)
    unread = each.unread_of(history.as_of, "seriousness", "aware_at")
    if unread is not None:
        words = f"{who}: whether the adverse event is serious, and since when, cannot be read."
        yield Ruling(each.slot, "cannot-judge", words, evidence, anchor=anchor, causes=("unreadable",))
        return
    if each.serious is None:
        yield Ruling(each.slot, "met", f"{who}: the adverse event is not known to be serious.", evidence, anchor=anchor)
        return
    said, aware = each.serious
    since = day_and_clock(aware, history.zone)
    told = first_from(history.of(each.slot, PrescriberNotified), aware)
    own = said if any(signer.role == "prescriber" for signer in said.signed) and said.at >= aware else None
    words = f"a prescriber within {within} min of learning that the adverse event is serious, at {since}"
    first = min((fact for fact in (told, own) if fact is not None), key=lambda fact: fact.at, default=None)
    yield Obligation(words, aware + minutes(within), (said,), made=first, act="told").ruling(
        history, each.slot, anchor=anchor
    )
    if choices.serious_regime in RECEIVER:
        yield _report(history, each, said, aware, choices)


def _report(history: History, each: AdverseEvent, said: Fact, aware: datetime, choices: Choices) -> Ruling:
    receiver = RECEIVER[choices.serious_regime]
    if choices.serious_regime == "rems":
        within = choices.serious_rems_days
    else:
        within = choices.serious_fatal_days if each.fatal else choices.serious_ind_days
    reports = [(fact, getattr(fact.event, "receiver", None)) for fact in each.reports]
    asked = Obligation(
        f"a report to {receiver} within {within} days of {day_and_clock(aware, history.zone)}",
        aware + days(within),
        (said,),
        made=next((fact for fact, to in reports if to == receiver), None),
        unread=next((fact for fact, to in reports if not isinstance(to, str)), None),
    )
    return asked.ruling(history, each.slot, anchor=f"{each.recorded.dig} report")
