"""ELIG-08: each partner was asked alone about coercion and safety, not too long ago."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.eligibility import PrivateSafetyScreenCompleted
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionOpened
from ledger.events.parameters import EligibilityFigures
from ledger.vocabulary import Slot
from projections.compliance.evaluations import days_between
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import as_instant
from projections.compliance.rule import GateOf, rule

_CLEAR = "clear"


@rule(
    id="ELIG-08",
    version="1",
    title="Each partner was asked alone about coercion and safety, not too long ago.",
    severity="M",
    mode="B `session-opened` / S",
    source="private preparation: OAR 333-333-5000(2); the days are ours [D]",
    trigger="The couple's first dose, for both partners whatever they came for. One finding per person and session.",
    window="The local date of that dose less that of the screen: 0 to `safety_screen_days`, both included.",
    evidence="The last private safety screen before it: alone, and clear or with a plan.",
    parameters=("eligibility.safety_screen_days",),
    verdicts={
        "met": "the last screen is in order",
        "breached": "there is none, it is too old, or it is not in order",
        "not-applicable": "nobody was dosed",
        "cannot-judge": "the screen, or whose slot it is, cannot be read any more",
    },
    notes=("The sentence never says what was answered.",),
    gate=GateOf(SessionOpened, override="medical-director", opened_by=(PrivateSafetyScreenCompleted,)),
)
def elig_08(history: History) -> Iterator[Ruling]:
    """One ruling for each partner."""
    if history.figures is None:
        return
    act = _asked(history)
    for slot in SLOTS:
        if act is None:
            yield Ruling(slot, "not-applicable", "Nobody was dosed.")
        else:
            yield _of(history, slot, act, history.figures.eligibility)


def _asked(history: History) -> Fact | None:
    """The couple's first dose, or the opening that a gate is asked about."""
    if history.proposed is not None:
        return history.proposed if isinstance(history.proposed.event, SessionOpened) else None
    first = history.first_dose()
    return None if first is None else first.fact


def _of(history: History, slot: Slot, act: Fact, figures: EligibilityFigures) -> Ruling:
    if isinstance(history.person(slot), Gone):
        words = f"{slot.upper()}: whose record to look at cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (act.position,), causes=("unknown-person",))
    screens = [fact for fact in history.personal(slot, PrivateSafetyScreenCompleted) if fact.at < act.at]
    latest = last(screens)
    if latest is None:
        return _ruling(slot, act, "no private safety screen is on record", (act.position,), "none")
    evidence = (latest.position, act.position)
    event = latest.event
    if not isinstance(event, PrivateSafetyScreenCompleted) or _is_gone(event):
        words = f"{slot.upper()}: the private safety screen of {history.day(latest.at)} cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    age = days_between(history, latest.at, act.at)
    causes = ["too-old"] if age > figures.safety_screen_days else []
    if not event.alone or (event.outcome != _CLEAR and event.plan is None):
        causes.append("not-in-order")
    words = f"the private safety screen of {history.day(latest.at)} is {age} days old"
    limit = f", at most {figures.safety_screen_days} are asked for"
    rest = " and is not in order" if "not-in-order" in causes else ""
    return _ruling(slot, act, f"{words}{limit}{rest}", evidence, *causes)


def _is_gone(event: PrivateSafetyScreenCompleted) -> bool:
    return any(isinstance(value, Gone) for value in (event.alone, event.outcome, event.plan))


def _ruling(slot: Slot, act: Fact, words: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{slot.upper()}: {words}.",
        evidence,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )
