"""REL-10: a session is closed when both partners have left care, and the dosed ones have their call booked."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import NoShowRecorded
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionClosed
from ledger.events.release import ParticipantDeparted
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import as_instant, clock
from projections.compliance.rule import GateOf, rule


@rule(
    id="REL-10",
    version="1",
    title="A session is closed when both partners have left care, and the dosed ones have their call booked.",
    severity="M",
    mode="B `session-closed` / S",
    source="for couples, ours [D]",
    trigger="The closing of the session. One finding per person.",
    window="At the closing; who leaves in the same minute has left.",
    evidence=(
        "Of each partner a departure, a transfer, a leaving against advice or a no-show; of each dosed one "
        "`follow_up_booked` in the closing."
    ),
    parameters=(),
    verdicts={
        "met": "they had left care, and where they were dosed the call was booked",
        "breached": "they had not, or it was not",
        "not-applicable": "the session is not closed",
        "cannot-judge": "whether the call was booked cannot be read any more",
    },
    notes=("What the closing itself says of how somebody left is not evidence of it.",),
    gate=GateOf(
        SessionClosed,
        override="medical-director",
        opened_by=(ParticipantDeparted, ParticipantTransferred, LeftAgainstAdvice, NoShowRecorded),
        otherwise="And a closing that says that the call is booked.",
    ),
)
def rel_10(history: History) -> Iterator[Ruling]:
    """One ruling for each person; before a closing of that closing."""
    if history.proposed is None:
        closing = first(history.joint(SessionClosed))
    else:
        closing = history.proposed if isinstance(history.proposed.event, SessionClosed) else None
    for slot in SLOTS:
        if closing is None:
            yield Ruling(slot, "not-applicable", f"{slot.upper()}: the session is not closed.")
        else:
            yield _of(history, slot, closing)


def _of(history: History, slot: Slot, closing: Fact) -> Ruling:
    end, dosed = history.end_of_care(slot), bool(history.doses(slot))
    gone = end is not None and end.at <= closing.at
    booked = _booked(closing, slot) if dosed else True
    who, at = slot.upper(), clock(closing.at, history.zone)
    causes = [*(() if gone else ("still-here",)), *(("not-booked",) if booked in (False, None) else ())]
    evidence = (closing.position, *((end.position,) if gone and end is not None else ()))
    if not causes and isinstance(booked, Gone):
        words = f"{who}: whether the call after the session was booked cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    parts = ["had left care" if gone else "had not left care"]
    if dosed and not isinstance(booked, Gone):
        parts.append("the call after the session was booked" if booked else "the call after it was not booked")
    return Ruling(
        slot,
        "breached" if causes else "met",
        f"{who}: when the session was closed at {at}, they {', and '.join(parts)}.",
        evidence,
        made_at=as_instant(closing.at),
        causes=tuple(causes),
        act=closing.position,
    )


def _booked(closing: Fact, slot: Slot) -> bool | Gone | None:
    if not isinstance(closing.event, SessionClosed):
        return None
    return closing.event.follow_up_booked_a if slot == "a" else closing.event.follow_up_booked_b
