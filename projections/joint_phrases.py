"""
What happened to the couple's session, as a plain sentence, and beside it what that says about each partner.

    RN1 handed A and B over to MD1       A: still acting 150 mg, concerns none
                                         B: still acting 100 mg, concerns none

The joint sentence is for everybody; the part about a partner is for staff and that partner.
A joint event that covers one partner alone belongs to that partner.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.events import access, calls, deviations, groups, lifecycle, stock, supervision
from ledger.events.fields import Gone
from ledger.events.measures import Mass
from ledger.reading import PlacedEvent
from ledger.vocabulary import Slot
from projections.container_phrases import container_phrase
from projections.refusals import refusal_phrase
from projections.said import listed, local_clock, said, yes_no


@dataclass(frozen=True, slots=True)
class JointPhrase:
    """Whose row it is, what everybody may read, and what only staff and one partner may."""

    slot: str
    joint: str
    a: str = ""
    b: str = ""


def joint_phrase(placed: PlacedEvent) -> JointPhrase | None:
    """The sentence for an event of a session's joint record or of a container; None without words for it."""
    event = placed.event
    match event:
        case lifecycle.SessionScheduled():
            return JointPhrase("both", f"session {event.ordinal} planned, {event.mode}")
        case lifecycle.SessionRescheduled():
            planned = local_clock(event.planned_start, placed.payload.occurred)
            return JointPhrase(
                "both", f"planned anew for {planned}, {event.mode}", _why(event.reason_a), _why(event.reason_b)
            )
        case lifecycle.SessionCancelled():
            return JointPhrase("both", "session cancelled", _why(event.reason_a), _why(event.reason_b))
        case groups.SessionJoinedGroup():
            return JointPhrase("both", f"joined group {event.group} in {event.room}")
        case groups.SessionLeftGroup():
            return JointPhrase("both", f"left group {event.group}")
        case lifecycle.SessionOpened():
            on_duty = listed(f"{each.staff} ({each.role})" for each in event.staff)
            who = f"prescriber {event.prescriber} {event.presence}" if event.prescriber else "no prescriber"
            return JointPhrase(
                "both",
                f"session opened, {event.mode}, {who}, on duty: {on_duty}",
                f"here for {said(event.role_a, missing='nothing: does not take part')}",
                f"here for {said(event.role_b, missing='nothing: does not take part')}",
            )
        case lifecycle.SessionPhaseChanged():
            return JointPhrase(_covered(event.covers), f"phase: {event.phase}")
        case lifecycle.SessionClosed():
            return JointPhrase(
                "both",
                f"session closed, stock balanced: {yes_no(event.stock_balanced)}",
                _ended(event.ended_a, event.follow_up_booked_a, event.findings_a),
                _ended(event.ended_b, event.follow_up_booked_b, event.findings_b),
            )
        case supervision.MonitorAssigned():
            video = "" if event.in_person else " by video"
            return JointPhrase(
                _covered(event.covers), f"{event.monitor} begins to watch {_letters(event.covers)}{video}"
            )
        case supervision.MonitorHandover():
            video = "" if event.in_person else ", by video"
            return JointPhrase(
                _covered(event.covers),
                f"{event.outgoing} handed {_letters(event.covers)} over to {event.incoming}{video}",
                _handed(event.on_board_a, event.concerns_a) if "a" in event.covers else "",
                _handed(event.on_board_b, event.concerns_b) if "b" in event.covers else "",
            )
        case supervision.MonitorBreakStarted():
            return JointPhrase(
                _covered(event.uncovers),
                f"{event.monitor} stopped watching {_letters(event.uncovers)}, nobody took over",
                _why(event.reason_a) if "a" in event.uncovers else "",
                _why(event.reason_b) if "b" in event.uncovers else "",
            )
        case supervision.MonitorBreakEnded():
            return JointPhrase(_covered(event.covers), f"{event.monitor} watches {_letters(event.covers)} again")
        case calls.PrescriberPresenceChanged():
            return JointPhrase("both", f"prescriber {event.prescriber} {event.presence or 'not to be reached'}")
        case deviations.AuthorisationOverridden():
            whom = f" for {event.staff}" if event.staff else ""
            which = f" ({event.credential})" if event.credential else ""
            return JointPhrase("both", f"{event.rule} overridden{whom}{which}: {event.reason}")
        case stock.OwnMedicationCheckedIn():
            return JointPhrase(
                owner_slot(placed),
                f"own medication {placed.stream} handed in: {event.count} x {event.strength.value} mg"
                f" {event.drug} {event.form}",
            )
        case stock.OwnMedicationCheckedOut():
            return JointPhrase(owner_slot(placed), f"own medication {placed.stream} handed back: {event.count} counted")
        case stock.OwnMedicationCounted():
            return JointPhrase(owner_slot(placed), f"own medication {placed.stream} counted: {event.count}")
        case access.SysAuthorisationRefused() | access.SysAuthorisationRefused2():
            return JointPhrase("staff", refusal_phrase(event))
        case _:
            words = container_phrase(placed)
            return JointPhrase("unknown", words) if words else None


def owner_slot(placed: PlacedEvent) -> Slot | str:
    """The slot of the participant who signed for a container, `unknown` if none did."""
    slots = {signer.by[-1] for signer in placed.signers if signer.by.startswith("session/")}
    return slots.pop() if len(slots) == 1 else "unknown"


def _covered(slots: tuple[Slot, ...]) -> str:
    return slots[0] if len(set(slots)) == 1 else "both"


def _letters(slots: tuple[Slot, ...]) -> str:
    return " and ".join(slot.upper() for slot in sorted(set(slots))) or "nobody"


def _why(reason: str | Gone | None) -> str:
    return f"reason: {said(reason, missing='not told')}"


def _ended(ending: lifecycle.Ending | Gone, booked: bool | Gone | None, findings: tuple[str, ...] | Gone) -> str:
    return (
        f"ended: {said(ending)}, follow-up booked: {said(booked, yes_no, 'not needed')},"
        f" findings seen: {said(findings, listed)}"
    )


def _handed(on_board: Mass | Gone | None, concerns: tuple[str, ...] | Gone) -> str:
    still = said(on_board, lambda mass: f"{mass.value} mg")
    return f"still acting {still}, concerns: {said(concerns, listed)}"
