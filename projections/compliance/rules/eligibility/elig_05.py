"""ELIG-05: nobody is dosed while something on the list of absolute contraindications is unresolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.arrival import ParticipantCheckedIn
from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import Contraindication, EvaluationCompleted
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionOpened
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant
from projections.compliance.occasions import Occasion, nobody_known, of_first_dose
from projections.compliance.rule import GateOf, rule

_RELATIVE = "relative"


@rule(
    id="ELIG-05",
    version="1",
    title="Nobody is dosed while something on the list of contraindications is unresolved.",
    severity="C",
    mode="B `session-opened`, `dose-authorised` / S",
    source="the drug's label; safety screens: OAR 333-333-5000; which items are absolute is ours [D]",
    trigger="A person's first dose in the session. One finding per person and session.",
    window="The last screen before it: the evaluation's checklist, or a later one at check-in.",
    evidence="A checklist on which nothing is present and unresolved.",
    parameters=(),
    verdicts={
        "met": "the last checklist shows nothing unresolved",
        "breached": "something is unresolved, or there is no checklist",
        "not-applicable": "not dosed",
        "cannot-judge": "the checklist, or whose slot it is, cannot be read any more",
    },
    notes=(
        "Absolute items are never overridden. A relative one, or a missing checklist, may be, with a reason.",
        "What is on the list is sensitive, so the sentence never says which item it is.",
    ),
    gate=GateOf(
        (SessionOpened, DoseAuthorised),
        override="prescriber",
        never=frozenset({"absolute"}),
        unlike=((SessionOpened, "medical-director"),),
        opened_by=(EvaluationCompleted, ParticipantCheckedIn),
    ),
)
def elig_05(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act), at_opening=True)


def _of(history: History, slot: Slot, act: Occasion) -> Ruling:
    unknown = nobody_known(history, slot, act)
    if unknown is not None:
        return unknown
    screens = [fact for fact in _screens(history, slot) if fact.at < act.at]
    latest = last(screens)
    if latest is None:
        return _ruling(slot, act, "there is no checklist of contraindications before", (act.position,), "none")
    listed = _listed(latest)
    evidence = (latest.position, act.position)
    if isinstance(listed, Gone):
        sentence = f"{slot.upper()}: the checklist of {history.day(latest.at)} cannot be read any more."
        return Ruling(slot, "cannot-judge", sentence, evidence, causes=("unreadable",))
    unresolved = [item.kind for item in listed or () if not item.resolved]
    causes = [] if not unresolved else ["relative"] if set(unresolved) == {_RELATIVE} else ["absolute"]
    words = "leaves something unresolved before" if causes else "shows nothing unresolved before"
    return _ruling(slot, act, f"the checklist of {history.day(latest.at)} {words}", evidence, *causes)


def _screens(history: History, slot: Slot) -> list[Fact]:
    """Every checklist that was filled in, in the order of time."""
    asked = [*history.personal(slot, EvaluationCompleted), *history.of(slot, ParticipantCheckedIn)]
    filled = [fact for fact in asked if _listed(fact) is not None]
    return sorted(filled, key=lambda fact: (fact.at, fact.position))


def _listed(fact: Fact) -> Sequence[Contraindication] | Gone | None:
    match fact.event:
        case EvaluationCompleted(contraindications=listed) | ParticipantCheckedIn(contraindications=listed):
            return listed
        case _:
            return None


def _ruling(slot: Slot, act: Occasion, words: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{slot.upper()}: {words} {act.what}.",
        evidence,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )
