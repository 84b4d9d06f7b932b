"""CS-08: a patient's own medication is given to its owner alone and never becomes the clinic's stock."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.fields import Gone
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock, day_and_clock
from projections.compliance.own_containers import booked_as_stock, used
from projections.compliance.rule import rule


@rule(
    id="CS-08",
    version="1",
    title="A patient's own medication is given to its owner alone, and never becomes the clinic's stock.",
    severity="C",
    mode="F / S",
    source="dispensed for one person: 21 USC 841 and 21 CFR 1306; that it never enters stock is ours [D]",
    trigger=(
        "A dose, or what was given in need, out of somebody's own container; and whatever books such a container, "
        "handed in for this session, as stock. One finding per dose or movement."
    ),
    window="At the dose or the movement.",
    evidence=(
        "The container's owner is the person it was given to. It is not received from a supplier, given out to a "
        "session, returned from one, sent to another place, sent back or counted as stock."
    ),
    parameters=(),
    verdicts={
        "met": "it was given to its owner",
        "breached": "it was given to somebody else, or booked as the clinic's",
        "not-applicable": "nothing of anybody's own was given",
        "cannot-judge": "whose it is, or who was in the slot, cannot be read any more",
    },
    notes=(
        "ORD-07 says the same of a dose, beside the identifiers: both are findings.",
        "An own container that was handed in for several sessions: a movement belongs to the last handing in before.",
    ),
)
def cs_08(history: History) -> Iterator[Ruling]:
    """One ruling for each use of somebody's own, one for each booking as stock, or one that there is neither."""
    booked = booked_as_stock(history)
    for slot in SLOTS:
        uses = used(history, slot)
        for fact, came in uses:
            yield _use(history, slot, fact, came)
        if not uses and all(whose != slot for whose, *_ in booked):
            words = f"{slot.upper()}: nothing out of anybody's own container was given."
            yield Ruling(slot, "not-applicable", words)
    for whose, movement, came in booked:
        who = f"{whose.upper()}: " if whose else ""
        at = day_and_clock(movement.at, history.zone)
        kind, _, _ = movement.event.type.partition("/")
        yield Ruling(
            whose,
            "breached",
            f"{who}own medication was booked as the clinic's stock on {at}: {kind}.",
            (came.position, movement.position),
            anchor=f"{movement.dig} {came.stream}",
            made_at=as_instant(movement.at),
            causes=("own-in-stock",),
        )


def _use(history: History, slot: Slot, fact: Fact, came: Fact) -> Ruling:
    what = f"{slot.upper()}: what was given at {clock(fact.at, history.zone)}"
    evidence, made = (came.position, fact.position), as_instant(fact.at)
    owner = came.event.owner if isinstance(came.event, OwnMedicationCheckedIn) else None
    person = history.person(slot)
    if isinstance(owner, Gone) or isinstance(person, Gone):
        words = f"{what} is out of somebody's own container, and whose, or who was given it, cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, fact.dig, causes=("unreadable",))
    if owner != person:
        words = f"{what} is out of a container that is somebody else's own."
        return Ruling(slot, "breached", words, evidence, fact.dig, made_at=made, causes=("not-the-owner",))
    return Ruling(slot, "met", f"{what} is out of their own container.", evidence, fact.dig, made_at=made)
