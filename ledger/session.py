"""
A session as it stands: two partners side by side, each with their own clock, and what joins them.

`evolve` folds one event after another into a `Session` and never refuses: history stays readable under every
future rule.
What was corrected or voided counts as it stands by then (`ledger.effective`).
It keeps what an authorisation, a timeline or a board has to ask of the past; values of sealed fields that are
gone stay `Gone`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, TypeAlias, assert_never, cast

from ledger.effective import SAID, effective
from ledger.events import (
    Event,
    afterwards,
    arrival,
    authority,
    corrections,
    course,
    deviations,
    devices,
    dosing,
    eligibility,
    erasure,
    governance,
    keys,
    lifecycle,
    people,
    release,
    stock,
    supervision,
)
from ledger.events.measures import UntilWhen
from ledger.reading import PlacedEvent
from ledger.vocabulary import DosingMode, Phase, Slot

SessionStatus: TypeAlias = Literal["unknown", "scheduled", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose given: when it happened, how much, from which container, and where it stands in the log."""

    at: str
    mg: Decimal
    container: str
    position: int


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner's part of a session, as recorded so far; times are instants in UTC, as claimed."""

    phase: Phase | None = None
    checked_in_at: str | None = None
    doses: tuple[Dose, ...] = ()
    declined_at: str | None = None
    last_check_at: str | None = None
    monitors: frozenset[str] = frozenset()
    promised_until: UntilWhen | None = None
    released_at: str | None = None
    released_until: UntilWhen | None = None
    departed_at: str | None = None

    @property
    def total_mg(self) -> Decimal:
        """All milligrams given to this person in this session; two partners' sums are never added."""
        return sum((dose.mg for dose in self.doses), Decimal(0))

    @property
    def last_dose(self) -> Dose | None:
        """The dose that happened last."""
        return max(self.doses, key=lambda dose: dose.at, default=None)


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
    a: Partner = field(default_factory=Partner)
    b: Partner = field(default_factory=Partner)
    position: int = -1
    """The last position taken in."""
    history: tuple[PlacedEvent, ...] = field(default=(), repr=False, compare=False)
    """What it was made of, in the order of the log: a correction is folded in by folding anew."""

    def partner(self, slot: Slot) -> Partner:
        """One of the two."""
        return self.a if slot == "a" else self.b


def replay(session_id: str, events: Iterable[PlacedEvent]) -> Session:
    """The session after all these events, in the order of the log."""
    session = Session(session_id)
    for placed in events:
        session = evolve(session, placed)
    return session


def evolve(session: Session, placed: PlacedEvent) -> Session:
    """The session after one more event of its records; an event of another record changes nothing but `position`."""
    history = (*session.history, placed)
    if isinstance(placed.event, SAID):
        session = Session(session.id)
        for counted in effective(history):
            session = _counted(session, counted)
    else:
        session = _counted(session, placed)
    return replace(session, position=placed.position, history=history)


def _counted(session: Session, placed: PlacedEvent) -> Session:
    at = placed.payload.occurred.at
    event = cast("Event", placed.event)
    match event:
        case lifecycle.SessionScheduled():
            return replace(session, status="scheduled", couple=event.couple, location=event.location, mode=event.mode)
        case lifecycle.SessionOpened():
            return replace(session, status="open", location=event.location, mode=event.mode, opened_at=at)
        case lifecycle.SessionPhaseChanged():
            return _each(session, event.covers, phase=event.phase)
        case lifecycle.SessionClosed():
            return replace(session, status="closed", closed_at=at)
        case supervision.MonitorAssigned():
            return _watched(session, event.covers, event.monitor if event.in_person else None, None)
        case supervision.MonitorHandover():
            return _watched(session, event.covers, event.incoming if event.in_person else None, event.outgoing)
        case arrival.ParticipantCheckedIn():
            return _own(session, placed, checked_in_at=at)
        case dosing.DoseAdministered():
            dose = Dose(at, event.mass.mg, event.container, placed.position)
            doses = (*session.partner(_slot(placed)).doses, dose)
            return _own(session, placed, doses=doses)
        case dosing.DoseDeclined():
            return _own(session, placed, declined_at=at)
        case supervision.SupervisionChecked() | release.DischargeAssessed():
            return _own(session, placed, last_check_at=at)
        case release.NoDrivingReleaseSigned():
            return _own(session, placed, promised_until=event.no_drive_until)
        case release.ReleaseAuthorised():
            return _own(session, placed, released_at=at, released_until=event.no_drive_until)
        case release.ParticipantDeparted():
            return _own(session, placed, departed_at=at, monitors=frozenset())
        case (
            arrival.PreDoseAssessed()
            | arrival.TransportPlanSigned()
            | arrival.NoDrivingAcknowledged()
            | dosing.DoseAuthorised()
            | dosing.DosePrepared()
            | dosing.DoseOffered()
            | release.EscortVerified()
            | release.TransportPlanDeviationRecorded()
            | afterwards.FollowUpContactMade()
            | afterwards.IntegrationSessionHeld()
            | deviations.AuthorisationOverridden()
        ):
            return session
        case (
            keys.LedgerOpened()
            | keys.KeyEnrolled()
            | keys.KeyRevoked()
            | keys.LogKeyAdded()
            | keys.LogKeyRetired()
            | people.StaffRegistered()
            | people.ParticipantRegistered()
            | people.CoupleRegistered()
            | people.SharingPreferenceRecorded()
            | authority.CredentialGranted()
            | authority.LocationRegistered()
            | authority.EmergencyReadinessChecked()
            | authority.ProtocolPublished()
            | authority.ConsentFormPublished()
            | eligibility.EvaluationCompleted()
            | eligibility.PrivateSafetyScreenCompleted()
            | eligibility.ConsentSigned()
            | eligibility.OrderSigned()
            | eligibility.PreparationSessionHeld()
            | course.CourseReviewed()
            | deviations.FindingDispositioned()
            | stock.OwnMedicationCheckedIn()
            | stock.OwnMedicationCheckedOut()
            | governance.ClockCorrected()
            | corrections.CountersignatureGiven()
            | corrections.EntryCorrected()
            | corrections.EntryVoided()
            | corrections.EntryReattributed()
            | corrections.AddendumAppended()
            | erasure.ErasureRequested()
            | erasure.ErasureRefused()
            | erasure.LegalHoldPlaced()
            | erasure.LegalHoldLifted()
            | erasure.SubjectErased()
            | erasure.RetentionEnded()
            | devices.DeviceEnrolled()
            | devices.DeviceRevoked()
            | devices.SysSyncReceived()
        ):
            return session
        case _:
            assert_never(event)


def _slot(placed: PlacedEvent) -> Slot:
    return "a" if placed.stream.endswith("/a") else "b"


def _own(session: Session, placed: PlacedEvent, **changes: object) -> Session:
    """Change the partner on whose record the event stands."""
    return _each(session, (_slot(placed),), **changes)


def _each(session: Session, slots: Iterable[Slot], **changes: object) -> Session:
    for slot in slots:
        partner = replace(session.partner(slot), **changes)  # type: ignore[arg-type]  # names of Partner's fields
        session = replace(session, a=partner) if slot == "a" else replace(session, b=partner)
    return session


def _watched(session: Session, slots: Iterable[Slot], more: str | None, less: str | None) -> Session:
    for slot in slots:
        monitors = session.partner(slot).monitors - {less} | ({more} if more else set())
        session = _each(session, (slot,), monitors=frozenset(monitors))
    return session
