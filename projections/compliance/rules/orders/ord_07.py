"""ORD-07: the right person: two identifiers were compared, and medication is its owner's."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.choices import Choices
from ledger.events.dosing import DoseAuthorised, DosePrepared
from ledger.events.fields import Gone
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, of_each_dose
from projections.compliance.orders_in_force import product_of
from projections.compliance.preparations import preparation_of
from projections.compliance.rule import GateOf, rule


@rule(
    id="ORD-07",
    version="1",
    title="The right person: two identifiers were compared, and a patient's own medication is its owner's.",
    severity="C",
    mode="F dose; B `dose-authorised` for what was prepared / S",
    source="21 USC 841 and 21 CFR 1306: dispensed for one person; how many identifiers, ours [D]",
    trigger="Every dose. One finding per dose.",
    window="At the dose.",
    evidence="At least `identifiers_min` different identifiers; a container that is nobody's own, or this person's.",
    parameters=("choices.identifiers_min",),
    verdicts={
        "met": "both hold",
        "breached": "too few identifiers, none recorded, or the container is somebody else's own",
        "not-applicable": "not dosed",
        "cannot-judge": "the identifiers, or whose the container or the slot is, cannot be read any more",
    },
    notes=(
        "At a gate only the owner can be asked, of what was prepared: nobody was looked at yet.",
        "Never overridden for another's medication (CS-08).",
    ),
    gate=GateOf(DoseAuthorised, override="prescriber", never=frozenset({"not-the-owner"}), opened_by=(DosePrepared,)),
)
def ord_07(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    if history.figures is None:
        return
    figures = history.figures.choices
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, choices: Choices) -> Ruling:
    where = f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}"
    owned, evidence = _is_theirs(history, slot, act)
    causes = ["not-the-owner"] if owned is False else []
    words = []
    compared = None if act.given is None else act.given.identifiers
    if isinstance(compared, Gone) or owned is None:
        if not causes:
            sentence = f"{where}: who was looked at, or whose the container is, cannot be read any more."
            return Ruling(slot, "cannot-judge", sentence, evidence, act.fact.dig, causes=("unreadable",))
    elif compared is not None:
        number = len(set(compared))
        words.append(
            f"{number} identifiers compared, {choices.identifiers_min} are asked for"
            if number
            else "no identifier was recorded"
        )
        causes += ["too-few" if number else "not-recorded"] * (number < choices.identifiers_min)
    if owned is False:
        words.append("the container is somebody else's own")
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{where}: {'; '.join(words) or 'what was prepared is for them'}.",
        evidence,
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=tuple(causes),
        act=act.position,
    )


def _is_theirs(history: History, slot: Slot, act: Occasion) -> tuple[bool | None, tuple[int, ...]]:
    """Whether the container is this person's or nobody's own, and where that stands; None when nobody can tell."""
    container = None if act.given is None else act.given.container
    made = preparation_of(history, slot, act) if container is None else None
    if made is not None and isinstance(made.event, DosePrepared):
        container = made.event.container
    came = None if container is None else product_of(history, container)
    if came is None or not isinstance(came.event, OwnMedicationCheckedIn):
        return True, (act.position,)
    owner, person = came.event.owner, history.person(slot)
    evidence = (came.position, act.position)
    return (None if isinstance(owner, Gone) or isinstance(person, Gone) else owner == person), evidence
