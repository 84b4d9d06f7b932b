"""CS-02: what is drawn up is given or wasted, and a witness stands by when it is wasted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ledger.events.choices import Parameters2
from ledger.events.corrections import CountersignatureGiven
from ledger.events.dosing import DoseAdministered
from ledger.events.lifecycle import SessionClosed
from ledger.events.losses import WastageRecorded2
from projections.compliance.finding import Ruling, Verdict, Whose
from projections.compliance.history import History
from projections.compliance.known import Fact, first
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, clock, day_and_clock, minutes, span
from projections.compliance.rule import GateOf, rule
from projections.compliance.wastes import (
    Label,
    Signed,
    Waste,
    labels_of,
    slot_of,
    wastes_elsewhere,
    wastes_of,
    witnesses,
)


def _elsewhere(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each waste that belongs to no session."""
    for fact in () if ledger.proposed is not None else wastes_elsewhere(ledger):
        location = ledger.containers.of(fact.stream).state.home or None
        day = ledger.day(location, fact.at)
        protocol = ledger.protocol_on(day)
        figures = ledger.figures_of(protocol)
        if protocol is None or figures is None:
            words = "A waste on a day on which no protocol was in effect."
            yield Ruling(
                "", "cannot-judge", words, (fact.position,), fact.dig, causes=("no-protocol",), about=fact.stream
            )
            continue
        signed = witnesses(ledger, fact, ledger.place(location, day), figures.choices.waste_witness)
        limit = fact.at + minutes(figures.substance.waste_witness_min)
        waste = _Waste(fact, limit, signed, figures, ledger.zone(location))
        ruling = _ruling(waste, waste.verdict(ledger.as_of))
        yield replace(ruling, about=fact.stream, protocol=protocol.position)


@rule(
    id="CS-02",
    version="1",
    title="What is drawn up is given or wasted, and a witness stands by when it is wasted.",
    severity="M",
    mode="B `session-closed`; F / W",
    source="two persons at each wasting: DEA's letter to registrants [F49]; the minutes and the licences are ours [D]",
    trigger=(
        "A label under which more was drawn up from a vial than was given, and every waste. One finding per label, "
        "and one per waste."
    ),
    window=(
        "A remainder by the closing of the session; the witness of a waste within `waste_witness_min` of it, itself "
        "in time, and by the closing."
    ),
    evidence=(
        "Drawn up is given and wasted together, to the mg, label by label. A witness did not do it, is no participant, "
        "and holds a licence of `waste_witness` on that day; the signature stands under the entry or comes later."
    ),
    parameters=("substance.waste_witness_min", "choices.waste_witness"),
    verdicts={
        "met": "nothing was left over at the closing, or is now; the witness signed in time",
        "breached": "something was left over at the closing; no witness had signed in time",
        "pending": "the session is not closed, and something is left over; the time of the witness is not over",
        "not-applicable": "nothing was drawn up from a vial, and nothing wasted",
        "cannot-judge": (
            "no published protocol was pinned, or none was in effect on the day of a waste in no session; or what was "
            "wasted is no longer kept"
        ),
    },
    notes=(
        "Before a closing a late witness is enough; the finding stays.",
        "Of a dose taken in part only that was given: the rest is a remainder.",
        "A waste that belongs to no session is judged by the protocol in effect on its day.",
    ),
    elsewhere=_elsewhere,
    gate=GateOf(
        SessionClosed,
        override="medical-director",
        opened_by=(WastageRecorded2, DoseAdministered, CountersignatureGiven),
    ),
)
def cs_02(history: History) -> Iterator[Ruling]:
    """One ruling for each label and for each waste of the session."""
    if history.figures is None:
        return
    closing = _closing(history)
    found = [_of_label(history, label, closing) for label in labels_of(history)]
    found += [_of_waste(history, fact, history.figures, closing) for fact in wastes_of(history)]
    yield from found or [Ruling("", "not-applicable", "Nothing was drawn up from a vial, and nothing wasted.")]


def _closing(history: History) -> Fact | None:
    proposed = history.proposed
    if proposed is not None and isinstance(proposed.event, SessionClosed):
        return proposed
    return first(history.joint(SessionClosed))


# -- what is left over ------------------------------------------------------------------------------


def _of_label(history: History, label: Label, closing: Fact | None) -> Ruling:
    if label.is_gone:
        words = f"{label.slot.upper()}: what was wasted of {label.label} is no longer kept."
        made_ready = next(iter(label.prepared))
        return Ruling(label.slot, "cannot-judge", words, (made_ready.position,), made_ready.dig, causes=("expired",))
    by = None if closing is None else closing.at
    left, settled = label.left_at(by), label.settled_at()
    verdict: Verdict = "met" if not left else "pending" if closing is None else "breached"
    words = label.told(by)
    if closing is not None:
        words += f" at the closing at {clock(closing.at, history.zone)}"
        if left and settled is not None:
            words += f", settled at {clock(settled.at, history.zone)}"
    facts = (
        *label.prepared,
        *label.doses,
        *(fact for fact, _ in label.wasted),
        *(() if closing is None else (closing,)),
    )
    return Ruling(
        label.slot,
        verdict,
        f"{label.slot.upper()}: {words}.",
        tuple(fact.position for fact in facts),
        anchor=next(iter(label.prepared)).dig,
        limit=None if closing is None else as_instant(closing.at),
        made_at=None if settled is None else as_instant(settled.at),
        outstanding=bool(label.left_at()),
        causes=(label.cause(by),) if verdict == "breached" else (),
        act=None if closing is None else closing.position,
    )


# -- who stood by -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Waste:
    """A waste, by when it had to have a witness, and everybody who signed as one."""

    fact: Fact
    limit: datetime
    signed: list[Signed]
    figures: Parameters2
    zone: ZoneInfo

    @property
    def witness(self) -> Signed | None:
        """The first who counts."""
        return next((each for each in self.signed if not each.lacks), None)

    def verdict(self, as_of: datetime) -> Verdict:
        if self.witness is not None and self.witness.at <= self.limit:
            return "met"
        return "pending" if as_of <= self.limit else "breached"

    def told(self) -> str:
        """It in words, with the numbers that were compared."""
        event = self.fact.event
        what = event.mass.mg if isinstance(event, Waste) else ""
        of = f" of {event.label}" if isinstance(event, Waste) and event.label else ""
        within = self.figures.substance.waste_witness_min
        words = f"{what} mg{of} wasted {day_and_clock(self.fact.at, self.zone)}"
        if self.witness is not None:
            words += f", the witness signed after {span(self.witness.at - self.fact.at)}"
        else:
            words += "".join(f", {_LACKS[each]}" for each in self._lacking) or ", no witness has signed"
        return f"{words}; at the latest at {clock(self.limit, self.zone)}, {within} min are allowed"

    @property
    def causes(self) -> tuple[str, ...]:
        """Why it has none in time."""
        if self.witness is not None:
            return ("late",)
        return tuple(self._lacking) or ("no-witness",)

    @property
    def _lacking(self) -> dict[str, None]:
        return dict.fromkeys(each.lacks for each in self.signed)


_LACKS = {
    "same-person": "who did it signed as the witness",
    "participant": "a participant signed as the witness",
    "wrong-licence": "the witness holds no licence that is asked for",
    "doubted-key": "the key of the witness had been revoked or is suspect",
}


def _of_waste(history: History, fact: Fact, figures: Parameters2, closing: Fact | None) -> Ruling:
    place = history.place(history.day(fact.at))
    signed = witnesses(history.ledger, fact, place, figures.choices.waste_witness)
    limit = fact.at + minutes(figures.substance.waste_witness_min)
    if closing is not None and closing.at >= fact.at:
        limit = min(limit, closing.at)
    waste = _Waste(fact, limit, signed, figures, history.zone)
    verdict = waste.verdict(history.as_of)
    if closing is not None and closing is history.proposed:
        verdict = "breached" if waste.witness is None else "met"
    return _ruling(waste, verdict, slot_of(history, fact) or "", () if closing is None else (closing,))


def _ruling(waste: _Waste, verdict: Verdict, slot: Whose = "", closing: tuple[Fact, ...] = ()) -> Ruling:
    told = waste.told()
    return Ruling(
        slot,
        verdict,
        f"{slot.upper()}: {told}." if slot else f"{told}.",
        (waste.fact.position, *(each.position for each in waste.signed), *(each.position for each in closing)),
        anchor=waste.fact.dig,
        due=as_instant(waste.fact.at),
        limit=as_instant(waste.limit),
        made_at=None if waste.witness is None else as_instant(waste.witness.at),
        outstanding=waste.witness is None,
        causes=waste.causes if verdict == "breached" else (),
        act=next((each.position for each in closing), None),
    )
