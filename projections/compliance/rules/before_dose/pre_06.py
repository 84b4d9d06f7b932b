"""PRE-06: before the first dose somebody signed how they get home and that they will not drive."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import NoDrivingAcknowledged, TransportPlanSigned
from ledger.events.dosing import DoseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import first
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, of_first_dose
from projections.compliance.rule import GateOf, rule


@rule(
    id="PRE-06",
    version="1",
    title="Before the first dose somebody signed how they get home and that they will not drive.",
    severity="C",
    mode="B `dose-authorised`; F dose / S",
    source="arrangements to leave safely: Spravato REMS; transport plan: OAR 333-333-5150; for every route ours [D]",
    trigger="A person's first dose in the session. One finding per person and session.",
    window="Both strictly before the first dose: the same minute is not before.",
    evidence="The transport plan and the no-driving acknowledgement of this session, signed by the person.",
    parameters=(),
    verdicts={
        "met": "both were signed before",
        "breached": "one was not",
        "not-applicable": "not dosed",
    },
    gate=GateOf(DoseAuthorised, override="prescriber", opened_by=(TransportPlanSigned, NoDrivingAcknowledged)),
)
def pre_06(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act))


def _of(history: History, slot: Slot, act: Occasion) -> Ruling:
    words, causes, evidence = [], [], [act.position]
    for name, kind, cause in (
        ("transport plan", TransportPlanSigned, "no-plan"),
        ("no-driving acknowledgement", NoDrivingAcknowledged, "no-acknowledgement"),
    ):
        signed = first(history.of(slot, kind))
        evidence += [] if signed is None else [signed.position]
        if signed is None or signed.at >= act.at:
            causes.append(cause)
        words.append(f"{name} {'not signed' if signed is None else f'signed at {clock(signed.at, history.zone)}'}")
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{slot.upper()}: {' and '.join(words)}; {act.what} at {clock(act.at, history.zone)}.",
        tuple(evidence),
        made_at=as_instant(act.at),
        causes=tuple(causes),
        act=act.position,
    )
