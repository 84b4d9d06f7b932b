"""ORD-10: what was prepared for a dose was checked by a second person, or counted."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.dosing import DosePrepared
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, of_each_dose
from projections.compliance.preparations import preparation_of
from projections.compliance.rule import rule
from projections.compliance.second_people import at_once, confirmed_by

_DRAWN = ("intramuscular", "intravenous")


@rule(
    id="ORD-10",
    version="1",
    title="What was prepared for a dose was checked by a second person, or counted.",
    severity="M",
    mode="F / S",
    source="independent double check of high-alert medicines: ISMP; for which doses is ours [D]",
    trigger="Every dose. One finding per dose.",
    window="Before the dose.",
    evidence=(
        "By needle or infusion, and of anything drawn: a preparation signed by who made it and by another person as "
        "checker. Of lozenges: a preparation that says how many were taken out, or that they were counted."
    ),
    parameters=(),
    verdicts={
        "met": "it was checked, or counted",
        "breached": "there is no preparation, or nobody else checked it, or nothing was counted",
        "not-applicable": "not dosed",
    },
    notes=("A check signed after the dose does not count: it was not made before it.",),
)
def ord_10(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act))


def _of(history: History, slot: Slot, act: Occasion) -> Ruling:
    made = preparation_of(history, slot, act)
    where = f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}"
    if made is None or not isinstance(made.event, DosePrepared):
        return _ruling(slot, act, f"{where} was not recorded as prepared.", (act.position,), "not-prepared")
    evidence = [made.position, act.position]
    if made.event.drawn_from_vial or act.route in _DRAWN:
        checks = _checks(history, made, act)
        evidence += [fact.position for fact in checks]
        checked = any(at_once(history.ledger, made, "verified")) or bool(checks)
        words = "was checked by a second person" if checked else "was checked by nobody else"
        causes = () if checked else ("not-checked",)
    else:
        counted = made.event.units is not None or made.event.count_checked
        words = "was counted" if counted else "was not counted"
        causes = () if counted else ("not-counted",)
    return _ruling(slot, act, f"{where}: what was prepared {words}.", tuple(evidence), *causes)


def _checks(history: History, made: Fact, act: Occasion) -> list[Fact]:
    """The checker's signature, given by itself before the dose, by somebody who did not make it."""
    return [fact for fact in confirmed_by(history, made, "verified") if fact.at <= act.at]


def _ruling(slot: Slot, act: Occasion, sentence: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        sentence,
        evidence,
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )
