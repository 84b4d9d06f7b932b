"""REL-07: a dosed person leaves with an identified, sober adult who is not under the drug's restrictions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ledger.events.arrival import Escort
from ledger.events.fields import Gone
from ledger.events.parameters import ReleaseFigures
from ledger.events.release import EscortVerified, ParticipantDeparted, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.escorts import STAYING, escort_doses
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock, day_and_clock
from projections.compliance.no_drive import no_drive_until
from projections.compliance.rule import GateOf, rule

ASKED = ("identified", "adult", "sober")
"""What is verified of an escort."""


@dataclass
class _Doubts:
    """What speaks against an escort, what cannot be read, and the positions either rests on."""

    faults: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)

    def fault(self, cause: str, words: str) -> None:
        self.causes.append(cause)
        self.faults.append(words)


@rule(
    id="REL-07",
    version="1",
    title="A dosed person leaves with an identified, sober adult who may drive; never with the dosed partner.",
    severity="C",
    mode="B `release-authorised`; F departure / S",
    source=(
        "no driving until the day after restful sleep: Spravato; safe transport of each client: OAR 333-333-5150; "
        "for couples, ours [D]"
    ),
    trigger=(
        "The departure of a dosed person; before it, at the gate, their release. One finding per person and session."
    ),
    window=(
        "The escort was verified at or before that moment. An escort who is a participant must not have a no-driving "
        "window of their own that ends after it: the later of the next local day at `no_drive_next_day` and "
        "`no_drive_h` after each of their own doses in any session, up to then (an infusion: its stop)."
    ),
    evidence=(
        "An `escort-verified` of the person they leave with: identified, adult, sober. "
        "Staying on site and a hospital need no escort."
    ),
    parameters=("release.no_drive_h", "release.no_drive_next_day"),
    verdicts={
        "met": "the escort they left with was verified, and may drive",
        "breached": "nobody, somebody who was not verified, or an escort who was dosed and may not drive yet",
        "not-applicable": "not dosed, not gone yet, or gone to a place that needs no escort",
        "cannot-judge": "who it was, what was verified, where they went or who was dosed cannot be read any more",
    },
    notes=(
        "Who is a participant is told by `person` in the escort, or by the relationship `partner`.",
        "One escort may take both partners.",
        "At the gate the escort is the one verified last; the departure itself has to name them again.",
    ),
    gate=GateOf(
        ReleaseAuthorised, override="prescriber", never=frozenset({"escort-dosed"}), opened_by=(EscortVerified,)
    ),
)
def rel_07(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, history.figures.release)


def _of(history: History, slot: Slot, figures: ReleaseFigures) -> Ruling:
    who = slot.upper()
    act = _act(history, slot)
    doses = [dose for dose in history.doses(slot) if act is None or dose.at <= act.at]
    if not doses:
        return Ruling(slot, "not-applicable", f"{who} was not dosed.")
    evidence = [dose.fact.position for dose in doses]
    if act is None:
        return Ruling(slot, "not-applicable", f"{who} has not left yet.", tuple(evidence))
    evidence.append(act.position)
    leaving = "leaves" if act is history.proposed else "left"
    staying = _staying(act)
    when = f"{who} {leaving} at {clock(act.at, history.zone)}"
    if staying:
        return Ruling(slot, "not-applicable", f"{when} to a place that needs no escort.", tuple(evidence))
    doubts = _Doubts()
    _ask(history, slot, act, figures, doubts)
    evidence += doubts.evidence
    made_at = as_instant(act.at)
    if staying is None and (doubts.faults or doubts.unread):
        words = "whether an escort was needed cannot be read"
        return Ruling(
            slot, "cannot-judge", f"{when}; {words}.", tuple(evidence), made_at=made_at, causes=("unreadable",)
        )
    if doubts.faults:
        sentence = f"{when}; {', and '.join(doubts.faults)}."
        return Ruling(
            slot, "breached", sentence, tuple(evidence), made_at=made_at, causes=tuple(doubts.causes), act=act.position
        )
    if doubts.unread:
        sentence = f"{when}; {', and '.join(doubts.unread)} cannot be read."
        return Ruling(slot, "cannot-judge", sentence, tuple(evidence), made_at=made_at, causes=("unreadable",))
    return Ruling(slot, "met", f"{when} with a verified, sober adult who may drive.", tuple(evidence), made_at=made_at)


def _act(history: History, slot: Slot) -> Fact | None:
    if history.proposed is not None:
        return history.proposed if history.proposed.stream.endswith(f"/{slot}") else None
    return next(iter(history.of(slot, ParticipantDeparted)), None)


def _staying(act: Fact) -> bool | None:
    """Whether this is a place that needs no escort; None when it cannot be read."""
    told: list[str | Gone] = []
    match act.event:
        case ReleaseAuthorised(disposition=where):
            told = [where]
        case ParticipantDeparted(destination=where, mode=how):
            told = [where, how]
        case _:
            return False
    if any(word in STAYING for word in told):
        return True
    return None if any(isinstance(word, Gone) for word in told) else False


def _ask(history: History, slot: Slot, act: Fact, figures: ReleaseFigures, doubts: _Doubts) -> None:
    """Everything that speaks against the person they leave with."""
    verified = [fact for fact in history.of(slot, EscortVerified) if fact.at <= act.at]
    if isinstance(act.event, ParticipantDeparted) and act.event.escort is None:
        doubts.fault("no-escort", "nobody they left with is on record")
        return
    if not verified:
        doubts.fault("not-verified", "no escort was verified")
        if isinstance(act.event, ParticipantDeparted) and isinstance(act.event.escort, Escort):
            _ask_dosed(history, slot, act, act.event.escort, figures, doubts)
        return
    named = act.event.escort if isinstance(act.event, ParticipantDeparted) else _escort_of(verified.pop())
    if isinstance(named, Gone) or named is None:
        doubts.unread.append("who the escort was")
        return
    _ask_verified(history, slot, act, named, doubts)
    _ask_dosed(history, slot, act, named, figures, doubts)


def _escort_of(fact: Fact) -> Escort | Gone | None:
    return fact.event.escort if isinstance(fact.event, EscortVerified) else None


def _ask_verified(history: History, slot: Slot, act: Fact, named: Escort, doubts: _Doubts) -> None:
    """Whether the latest verification of this escort found an identified, sober adult."""
    verified = [fact for fact in history.of(slot, EscortVerified) if fact.at <= act.at]
    unread = False
    for fact in reversed(verified):
        escort = _escort_of(fact)
        if isinstance(escort, Gone):
            unread = True
        elif escort is not None and _same(escort, named):
            doubts.evidence.append(fact.position)
            for question in ASKED:
                answer = getattr(fact.event, question)
                if isinstance(answer, Gone):
                    doubts.unread.append(f"whether the escort was found {question}")
                elif not answer:
                    doubts.fault(f"not-{question}", f"the escort was not found {question}")
            return
    if unread:
        doubts.unread.append("whether that escort was verified")
    else:
        doubts.evidence += [fact.position for fact in verified]
        doubts.fault("not-verified", "the person they left with was not verified")


def _same(one: Escort, other: Escort) -> bool:
    """Whether two words on an escort mean the same person, by the strongest thing both say."""
    if one.person and other.person:
        return one.person == other.person
    if one.staff and other.staff:
        return one.staff == other.staff
    if "partner" in (one.relationship, other.relationship):
        return one.relationship == other.relationship
    if one.name and other.name:
        return one.name.casefold() == other.name.casefold()
    return one.relationship == other.relationship


def _ask_dosed(
    history: History, slot: Slot, act: Fact, escort: Escort, figures: ReleaseFigures, doubts: _Doubts
) -> None:
    """Whether the escort is a participant who may not drive yet, by their own doses."""
    ties, who = escort_doses(history, slot, escort)
    ends = [(no_drive_until(dose, figures), dose) for dose in ties.theirs if dose.at <= act.at]
    barred = [(until, dose) for until, dose in ends if until > act.at]
    if barred:
        until, dose = max(barred, key=_by_end)
        doubts.evidence += [dose.fact.position for _, dose in barred]
        doubts.fault(
            "escort-dosed",
            f"the escort is {who}, dosed at {clock(dose.at, history.zone)}, who may not drive until "
            f"{day_and_clock(until, dose.zone)}",
        )
        return
    others = [dose for dose in ties.perhaps if dose.fact.stream != act.stream]  # nobody escorts themselves
    unclear = [dose for dose in others if dose.at <= act.at and no_drive_until(dose, figures) > act.at]
    if unclear:
        doubts.evidence += [dose.fact.position for dose in unclear]
        doubts.unread.append("whether the escort was dosed")


def _by_end(barred: tuple[datetime, Dose]) -> tuple[datetime, int]:
    until, dose = barred
    return until, dose.fact.position
