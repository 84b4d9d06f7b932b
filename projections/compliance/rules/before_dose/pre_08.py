"""PRE-08: on the day itself everybody who is dosed was asked about acute risk."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import ParticipantCheckedIn
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.moments import as_instant
from projections.compliance.occasions import Occasion, of_first_dose
from projections.compliance.rule import rule


@rule(
    id="PRE-08",
    version="1",
    title="On the day itself everybody who is dosed was asked about acute risk.",
    severity="M",
    mode="F / W",
    source="suicidal thoughts: boxed warning of the Spravato label; that it is asked each time is ours [D]",
    trigger="A person's first dose in the session. One finding per person and session.",
    window="The same local date, before the dose.",
    evidence="The question was answered at check-in; any answer counts.",
    parameters=(),
    verdicts={
        "met": "it was answered",
        "breached": "it was not",
        "not-applicable": "not dosed",
        "cannot-judge": "the answer cannot be read any more",
    },
    notes=("The sentence never says what was answered.",),
)
def pre_08(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act))


def _of(history: History, slot: Slot, act: Occasion) -> Ruling:
    arrivals = [
        (fact, fact.event.suicidality)
        for fact in history.of(slot, ParticipantCheckedIn)
        if isinstance(fact.event, ParticipantCheckedIn)
        and fact.at < act.at
        and history.day(fact.at) == history.day(act.at)
    ]
    evidence = (act.position, *(fact.position for fact, _ in arrivals))
    answered = any(isinstance(answer, str) for _, answer in arrivals)
    if not answered and any(isinstance(answer, Gone) for _, answer in arrivals):
        words = f"{slot.upper()}: whether acute risk was asked about cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    words = "was asked" if answered else "was not asked"
    return Ruling(
        slot,
        "met" if answered else "breached",
        f"{slot.upper()} {words} about acute risk that day, before the dose.",
        evidence,
        made_at=as_instant(act.at),
        causes=() if answered else ("not-asked",),
        act=act.position,
    )
