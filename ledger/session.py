"""
A session as it stands: two partners side by side, each with their own clock, and what joins them.

`evolve` folds one event after another into a `Session` and never refuses: history stays readable under every
future rule.
What was corrected or voided counts as it stands by then (`ledger.effective`), with what is known of revoked keys.
It keeps what an authorisation, a timeline or a board has to ask of the past; values of sealed fields that are
gone stay `Gone`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, assert_never, cast

from ledger.effective import SAID, effective
from ledger.events import (
    SessionEvent,
    adverse,
    afterwards,
    arrival,
    calls,
    consent,
    deviations,
    dosing,
    emergencies,
    groups,
    holds,
    lifecycle,
    release,
    supervision,
)
from ledger.events.expired import NoLongerKept
from ledger.keys import NONE_REVOKED, Revoked
from ledger.partner import Dose, Partner, changed
from ledger.reading import PlacedEvent
from ledger.vocabulary import DosingMode, Slot

Past: TypeAlias = "tuple[Past, PlacedEvent] | None"
"""The newest event with all before it: one more is put in front, and nobody's past is copied or changed."""

SessionStatus: TypeAlias = Literal["unknown", "scheduled", "cancelled", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a couple; `a` and `b` never swap sides."""

    id: str
    status: SessionStatus = "unknown"
    couple: str | None = None
    location: str | None = None
    mode: DosingMode | None = None
    opened_at: str | None = None
    closed_at: str | None = None
    group: str | None = None
    expired: bool = False
    """Whether anything of its records is no longer kept; what is left of it says nothing about what is not."""
    a: Partner = field(default_factory=Partner)
    b: Partner = field(default_factory=Partner)
    position: int = -1
    """The last position taken in."""
    past: Past = field(default=None, repr=False, compare=False)
    """What it was made of: a correction is folded in by folding anew."""
    revoked: Revoked = field(default_factory=lambda: NONE_REVOKED, repr=False, compare=False)
    """The keys that were known to be revoked when it was folded."""

    def partner(self, slot: Slot) -> Partner:
        """One of the two."""
        return self.a if slot == "a" else self.b

    @property
    def history(self) -> list[PlacedEvent]:
        """What it was made of, in the order of the log; costs its length."""
        return in_order(self.past)


def in_order(past: Past) -> list[PlacedEvent]:
    """All events of a past, the oldest first."""
    found: list[PlacedEvent] = []
    while past is not None:
        past, placed = past
        found.append(placed)
    found.reverse()
    return found


def replay(session_id: str, events: Iterable[PlacedEvent], revoked: Revoked = NONE_REVOKED) -> Session:
    """The session after all these events, in the order of the log, with these keys known to be revoked."""
    session = Session(session_id, revoked=revoked)
    for placed in events:
        session = evolve(session, placed)
    return session


def evolve(session: Session, placed: PlacedEvent) -> Session:
    """The session after one more event of its records; an event of another record changes nothing but `position`."""
    known = changed(session, position=placed.position, past=(session.past, placed))
    return _folded(known) if isinstance(placed.event, SAID) else _counted(known, placed)


def under(session: Session, revoked: Revoked) -> Session:
    """The session with these keys known to be revoked; folded anew only if that is news and somebody said something."""
    if session.revoked is revoked or session.revoked == revoked:
        return session
    known = changed(session, revoked=revoked)
    if not any(isinstance(placed.event, SAID) for placed in session.history):
        return known
    return _folded(known)


def _folded(session: Session) -> Session:
    """The same with all that it was made of counted anew."""
    folded = Session(session.id, position=session.position, past=session.past, revoked=session.revoked)
    for counted in effective(session.history, session.revoked):
        folded = _counted(folded, counted)
    return folded


def _counted(session: Session, placed: PlacedEvent) -> Session:
    if isinstance(placed.event, NoLongerKept):
        return changed(session, expired=True)
    if type(placed.event).STREAM not in ("session", "partner"):
        return session
    at = placed.payload.occurred.at
    event = cast("SessionEvent", placed.event)
    match event:
        case lifecycle.SessionScheduled():
            return changed(session, status="scheduled", couple=event.couple, location=event.location, mode=event.mode)
        case lifecycle.SessionRescheduled():
            status = "scheduled" if session.status in ("unknown", "cancelled") else session.status
            return changed(session, status=status, location=event.location, mode=event.mode)
        case lifecycle.SessionCancelled():
            return changed(session, status="cancelled") if session.status in ("unknown", "scheduled") else session
        case lifecycle.SessionOpened():
            return changed(session, status="open", location=event.location, mode=event.mode, opened_at=at)
        case lifecycle.SessionPhaseChanged():
            return _each(session, event.covers, phase=event.phase)
        case lifecycle.SessionClosed():
            return changed(session, status="closed", closed_at=at)
        case groups.SessionJoinedGroup():
            return changed(session, group=event.group)
        case groups.SessionLeftGroup():
            return changed(session, group=None)
        case supervision.MonitorAssigned():
            return _watched(session, event.covers, event.monitor if event.in_person else None, None)
        case supervision.MonitorHandover():
            return _watched(session, event.covers, event.incoming if event.in_person else None, event.outgoing)
        case supervision.MonitorBreakStarted():
            return _watched(session, event.uncovers, None, event.monitor)
        case supervision.MonitorBreakEnded():
            return _watched(session, event.covers, event.monitor, None)
        case supervision.LeftRoom():
            return _own(session, placed, out_of_room_at=at)
        case supervision.ReturnedToRoom():
            return _own(session, placed, out_of_room_at=None)
        case arrival.ParticipantCheckedIn():
            return _own(session, placed, checked_in_at=at, no_show_at=None)
        case dosing.DoseAdministered():
            dose = Dose(at, event.mass.mg, event.container, placed.position, placed.dig)
            return _own(session, placed, doses=(*session.partner(_slot(placed)).doses, dose))
        case dosing.DoseDeclined():
            return _own(session, placed, declined_at=at)
        case holds.DoseHeld():
            return _own(session, placed, held_at=at)
        case holds.HoldReleased():
            return _own(session, placed, held_at=None)
        case holds.DoseInterrupted() | holds.DoseInterrupted2() | holds.DosePartiallyTaken():
            return _shortened(session, placed, event)
        case supervision.SupervisionChecked() | release.DischargeAssessed():
            return _own(session, placed, last_check_at=at)
        case release.NoDrivingReleaseSigned():
            return _own(session, placed, promised_until=event.no_drive_until)
        case release.ReleaseAuthorised():
            return _own(session, placed, released_at=at, released_until=event.no_drive_until)
        case release.ParticipantDeparted():
            return _own(session, placed, departed_at=at, monitors=frozenset())
        case emergencies.ParticipantTransferred():
            return _own(session, placed, transferred_at=at, monitors=frozenset())
        case emergencies.LeftAgainstAdvice():
            return _own(session, placed, left_against_advice_at=at, monitors=frozenset())
        case arrival.NoShowRecorded():
            return _own(session, placed, no_show_at=at)
        case (
            arrival.PreDoseAssessed()
            | consent.ConsentWithdrawnInSession()
            | consent.ConsentNarrowedInSession()
            | holds.DosesConfirmedDistinct()
            | arrival.TransportPlanSigned()
            | arrival.NoDrivingAcknowledged()
            | arrival.SedationInformationGiven()
            | dosing.DoseAuthorised()
            | dosing.DosePrepared()
            | dosing.DoseOffered()
            | calls.PrescriberNotified()
            | calls.PrescriberArrived()
            | calls.PrescriberPresenceChanged()
            | calls.VerbalOrderReceived()
            | calls.VerbalOrderCosigned()
            | adverse.AdverseEventRecorded()
            | adverse.AdverseEventUpdated()
            | adverse.AdverseEventResolved()
            | adverse.SeriousnessUpgraded()
            | adverse.AdverseEventReported()
            | emergencies.InterventionPerformed()
            | emergencies.EmergencyServicesCalled()
            | emergencies.EmergencyServicesArrived()
            | release.EscortVerified()
            | release.TransportPlanDeviationRecorded()
            | afterwards.FollowUpContactMade()
            | afterwards.IntegrationOffered()
            | afterwards.IntegrationSessionHeld()
            | deviations.AuthorisationOverridden()
            | deviations.RuleOverriddenForPartner()
        ):
            return session
        case _:
            assert_never(event)


def _slot(placed: PlacedEvent) -> Slot:
    return "a" if placed.stream.endswith("/a") else "b"


def _own(session: Session, placed: PlacedEvent, **changes: object) -> Session:
    """Change the partner on whose record the event stands."""
    return _each(session, (_slot(placed),), **changes)


def _shortened(
    session: Session,
    placed: PlacedEvent,
    event: holds.DoseInterrupted | holds.DoseInterrupted2 | holds.DosePartiallyTaken,
) -> Session:
    """The dose this is about, with what of it went in; a dose nobody recorded stays unknown."""
    about = event.dose.dig if event.dose is not None else None
    doses = session.partner(_slot(placed)).doses
    taken = event.mass_taken.mg
    return _own(
        session,
        placed,
        doses=tuple(changed(dose, taken_mg=taken) if dose.dig == about else dose for dose in doses),
    )


def _each(session: Session, slots: Iterable[Slot], **changes: object) -> Session:
    for slot in slots:
        partner = changed(session.partner(slot), **changes)
        session = changed(session, a=partner) if slot == "a" else changed(session, b=partner)
    return session


def _watched(session: Session, slots: Iterable[Slot], more: str | None, less: str | None) -> Session:
    for slot in slots:
        monitors = session.partner(slot).monitors - {less} | ({more} if more else set())
        session = _each(session, (slot,), monitors=frozenset(monitors))
    return session
