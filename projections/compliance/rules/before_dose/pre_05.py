"""PRE-05: what was taken in the last day was asked, and what matters was decided on by a prescriber."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import ParticipantCheckedIn, TakenLately
from ledger.events.dosing import DoseAuthorised
from ledger.events.fields import Gone
from ledger.events.holds import HoldReleased
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant
from projections.compliance.occasions import Occasion, of_first_dose
from projections.compliance.rule import GateOf, rule

_ASKED = ("alcohol", "cannabis", "maoi", "opioids", "sedatives", "stimulants")


@rule(
    id="PRE-05",
    version="1",
    title="What was taken in the last day was asked, and what matters was decided on by a prescriber.",
    severity="M",
    mode="B `dose-authorised`; F dose / S",
    source="sedatives, stimulants, MAOI: the Spravato REMS monitoring form; the other questions are ours [D]",
    trigger="A person's first dose in the session. One finding per person and session.",
    window="The check-in of the same local date, before the dose.",
    evidence="All six are answered; any yes has a prescriber's decision with a reason before the dose.",
    parameters=(),
    verdicts={
        "met": "all were asked, and any yes was decided on",
        "breached": "not asked, or a yes that nobody decided on",
        "not-applicable": "not dosed",
        "cannot-judge": "the answers or the decision cannot be read any more",
    },
    notes=(
        "The sentence never says what was taken.",
        "An override by a prescriber is such a decision; it is declared.",
    ),
    gate=GateOf(DoseAuthorised, override="prescriber", opened_by=(ParticipantCheckedIn, HoldReleased)),
)
def pre_05(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act))


def _of(history: History, slot: Slot, act: Occasion) -> Ruling:
    today = [fact for fact in history.of(slot, ParticipantCheckedIn) if history.day(fact.at) == history.day(act.at)]
    arrived = last([fact for fact in today if fact.at <= act.at])
    event = arrived.event if arrived is not None and isinstance(arrived.event, ParticipantCheckedIn) else None
    evidence = (act.position, *(() if arrived is None else (arrived.position,)))
    if event is None:
        return _ruling(slot, act, "what was taken lately was not asked that day", evidence, "not-asked")
    if isinstance(event.taken_lately, Gone):
        words = f"{slot.upper()}: what was taken lately cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    answers = [_answer(event.taken_lately, name) for name in _ASKED]
    if None in answers:
        return _ruling(slot, act, "not everything that matters was asked", evidence, "not-asked")
    if not any(answers):
        return _ruling(slot, act, "everything was asked; nothing that matters was taken", evidence)
    decisions = [fact for fact in _decisions(history, slot) if arrived is not None and arrived.at <= fact.at <= act.at]
    given = [fact for fact in decisions if isinstance(fact.event, HoldReleased) and isinstance(fact.event.reason, str)]
    if not given and any(
        isinstance(fact.event, HoldReleased) and isinstance(fact.event.reason, Gone) for fact in decisions
    ):
        words = f"{slot.upper()}: what was decided on it cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    evidence = (*evidence, *(fact.position for fact in given))
    if given:
        return _ruling(slot, act, "something that matters was taken, and a prescriber decided on it", evidence)
    return _ruling(
        slot, act, "something that matters was taken, and no prescriber decided on it", evidence, "not-decided"
    )


def _answer(lately: TakenLately, name: str) -> bool | None:
    return {
        "alcohol": lately.alcohol,
        "cannabis": lately.cannabis,
        "maoi": lately.maoi,
        "opioids": lately.opioids,
        "sedatives": lately.sedatives,
        "stimulants": lately.stimulants,
    }[name]


def _decisions(history: History, slot: Slot) -> list[Fact]:
    return [
        fact for fact in history.of(slot, HoldReleased) if any(signer.role == "prescriber" for signer in fact.signed)
    ]


def _ruling(slot: Slot, act: Occasion, words: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{slot.upper()}: {words}.",
        evidence,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )
