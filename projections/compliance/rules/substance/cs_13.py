"""CS-13: who witnesses, checks or counts with somebody is another person, and no participant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.base import Event
from ledger.events.dosing import DosePrepared
from ledger.events.inventory import InventoryCounted
from ledger.events.losses import WASTES, WastageRecorded, WastageRecorded2
from ledger.events.stock import OwnMedicationCounted
from projections.compliance.finding import Ruling, Whose
from projections.compliance.hands import Hand, all_who_signed
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.rule import rule

_AT_A_CONTAINER: tuple[type[Event], ...] = (*WASTES, OwnMedicationCounted)
_PARTICIPANTS = ("session/", "person/")
_SECOND = {
    WastageRecorded: "witnessed",
    WastageRecorded2: "witnessed",
    DosePrepared: "verified",
    InventoryCounted: "verified",
    OwnMedicationCounted: "observed",
}
_CALLED = {
    WastageRecorded: ("waste", "the witness"),
    WastageRecorded2: ("waste", "the witness"),
    DosePrepared: ("preparation", "the checker"),
    InventoryCounted: ("count", "the second counter"),
    OwnMedicationCounted: ("count", "the second counter"),
}


def _elsewhere(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each act that one person did alone, or one for a place or container where nobody did."""
    for place in ledger.names("location"):
        yield from _of(ledger, "", ledger.on(place, InventoryCounted), about=place)
    for container in ledger.names("stock"):
        acts = [fact for fact in ledger.on(container, *_AT_A_CONTAINER) if _session_of(fact) is None]
        yield from _of(ledger, "", acts, about=container)


@rule(
    id="CS-13",
    version="1",
    title="Who witnesses, checks or counts with somebody is another person, and no participant.",
    severity="C",
    mode="X / F, I",
    source="two people at a controlled substance: DEA letter on wastage [F49]; that it is asked of counts is ours [D]",
    trigger="A waste, a count, the check of a preparation. One finding per act.",
    window="At the signature.",
    evidence=(
        "The signature *witnessed*, *verified* or *observed*, given with the act or later, is by another person than "
        "who did it; of a count neither of the two is a participant, of a waste or a check the second is none."
    ),
    parameters=(),
    verdicts={
        "met": "whoever signed as the second person is another one",
        "breached": "one person signed for both, or a participant did",
        "not-applicable": "nobody signed as a second person yet",
    },
    notes=(
        "At signing it is refused: one person signs an entry once, and nobody countersigns what they signed.",
        "What was signed so before, and comes in later, is kept, does not count, and is found here.",
        "That a second person is missing, or is none who may, is another matter: CS-02, CS-03 and ORD-10.",
    ),
    elsewhere=_elsewhere,
)
def cs_13(history: History) -> Iterator[Ruling]:
    """One ruling for each such act of the session, or one for each person and for the stock that there is none."""
    ledger = history.ledger
    for slot in SLOTS:
        prepared = history.of(slot, DosePrepared)
        words = f"{slot.upper()}: nobody signed as a second person."
        rulings = list(_of(ledger, slot, prepared))
        yield from rulings or [Ruling(slot, "not-applicable", words)]
    containers = ledger.known.stock.named_in.get(history.session, ())
    acts = [
        fact
        for container in list(containers)
        for fact in ledger.on(container, *_AT_A_CONTAINER)
        if _session_of(fact) == history.session
    ]
    yield from _of(ledger, "", acts)


def _session_of(fact: Fact) -> str | None:
    match fact.event:
        case WastageRecorded(session=session) | WastageRecorded2(session=session):
            return session
        case OwnMedicationCounted(session=session):
            return session
        case _:
            return None


def _of(ledger: LedgerAt, whose: Whose, acts: Sequence[Fact], about: str = "") -> Iterator[Ruling]:
    who, seconds, wrong = f"{whose.upper()}: " if whose else "", [], False
    for fact in acts:
        kind = type(fact.event)
        did = all_who_signed(ledger, fact, "performed")
        second = all_who_signed(ledger, fact, _SECOND[kind])
        seconds += [(fact, each) for each in second]
        causes, hands = _causes(fact, did, second)
        if causes:
            wrong = True
            act, called = _CALLED[kind]
            words = _words(f"of the {act} in entry {fact.position}", called, causes)
            positions = tuple(each.position for each in hands)
            staff = next((each.by for each in hands if each.by.startswith("staff/")), None)
            evidence = (fact.position, *positions)
            yield Ruling(
                whose, "breached", f"{who}{words}", evidence, fact.dig, causes=causes, staff=staff, about=about
            )
    if seconds and not wrong:
        words = f"{who}whoever signed as the second person is another one than who did it."
        positions = tuple(position for fact, each in seconds for position in (fact.position, each.position))
        yield Ruling(whose, "met", words, positions, about=about)


def _causes(fact: Fact, did: Sequence[Hand], second: Sequence[Hand]) -> tuple[tuple[str, ...], list[Hand]]:
    """What is wrong with who signed, and the signatures that are."""
    performers = {each.by for each in did}
    same = [each for each in second if each.by in performers]
    counting = isinstance(fact.event, InventoryCounted | OwnMedicationCounted)
    partners = [each for each in (*second, *(did if counting else ())) if each.by.startswith(_PARTICIPANTS)]
    causes = (*(("one-person",) if same else ()), *(("participant",) if partners else ()))
    return causes, [*same, *partners]


def _words(act: str, called: str, causes: Sequence[str]) -> str:
    said = {
        "one-person": f"{called} {act} is who did it",
        "participant": f"a participant signed as {called.removeprefix('the ')} {act}, or counted",
    }
    return f"{'; '.join(said[cause] for cause in causes)}."
