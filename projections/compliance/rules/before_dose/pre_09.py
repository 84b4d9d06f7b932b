"""PRE-09: where a state asks for it, somebody was told in writing how deep they are sedated, and by whom."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import SedationInformationGiven
from ledger.events.choices import Choices
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import first
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, of_first_dose
from projections.compliance.rule import rule


@rule(
    id="PRE-09",
    version="1",
    title="Where a state asks for it, somebody was told in writing how deep they are sedated, and by whom.",
    severity="m",
    mode="F / S",
    source="Utah Code 58-1-510; which states stand on the list is ours [D]",
    trigger=(
        "A person's first dose at a place in one of `sedation_information_states`. One finding per person and session."
    ),
    window="Before the dose.",
    evidence="The information was given, with level, provider and version of the text.",
    parameters=("choices.sedation_information_states",),
    verdicts={
        "met": "it was given before",
        "breached": "it was not",
        "not-applicable": "not dosed, or the state does not ask for it",
    },
)
def pre_09(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    figures = history.figures.choices
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, choices: Choices) -> Ruling:
    state = history.place(history.day(act.at)).state
    if state not in choices.sedation_information_states:
        words = f"{slot.upper()}: the state of this place does not ask for information about sedation."
        return Ruling(slot, "not-applicable", words, (act.position,))
    given = first([fact for fact in history.of(slot, SedationInformationGiven) if fact.at < act.at])
    words = "was not given before" if given is None else f"was given at {clock(given.at, history.zone)}, before"
    return Ruling(
        slot,
        "breached" if given is None else "met",
        f"{slot.upper()}: the information about sedation that {state} asks for {words} {act.what}.",
        (act.position, *(() if given is None else (given.position,))),
        made_at=as_instant(act.at),
        causes=("not-given",) if given is None else (),
        act=act.position,
    )
