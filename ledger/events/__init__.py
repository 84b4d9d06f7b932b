"""
Every kind of event, grouped by the clinical act it belongs to, as one closed union.

To add one: write its class in the file of its act, add it to `Event` here, and follow the type checker.
Then add an example to `tests/ledger/events/examples.py`, freeze its bytes with `tests/golden/make_events.py`,
and run `docs/generate_events.py`.
"""

from __future__ import annotations

from typing import Final, TypeAlias, get_args

from ledger.events.afterwards import FollowUpContactMade, IntegrationSessionHeld
from ledger.events.arrival import (
    NoDrivingAcknowledged,
    ParticipantCheckedIn,
    PreDoseAssessed,
    TransportPlanSigned,
)
from ledger.events.authority import (
    ConsentFormPublished,
    CredentialGranted,
    EmergencyReadinessChecked,
    LocationRegistered,
    ProtocolPublished,
)
from ledger.events.base import Event as AnyEvent
from ledger.events.corrections import (
    AddendumAppended,
    CountersignatureGiven,
    EntryCorrected,
    EntryReattributed,
    EntryVoided,
)
from ledger.events.course import CourseReviewed
from ledger.events.deviations import AuthorisationOverridden, FindingDispositioned
from ledger.events.devices import DeviceEnrolled, DeviceRevoked, SysSyncReceived
from ledger.events.dosing import DoseAdministered, DoseAuthorised, DoseDeclined, DoseOffered, DosePrepared
from ledger.events.eligibility import (
    ConsentSigned,
    EvaluationCompleted,
    OrderSigned,
    PreparationSessionHeld,
    PrivateSafetyScreenCompleted,
)
from ledger.events.erasure import (
    ErasureRefused,
    ErasureRequested,
    LegalHoldLifted,
    LegalHoldPlaced,
    RetentionEnded,
    SubjectErased,
)
from ledger.events.governance import ClockCorrected
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired
from ledger.events.lifecycle import SessionClosed, SessionOpened, SessionPhaseChanged, SessionScheduled
from ledger.events.people import (
    CoupleRegistered,
    ParticipantRegistered,
    SharingPreferenceRecorded,
    StaffRegistered,
)
from ledger.events.release import (
    DischargeAssessed,
    EscortVerified,
    NoDrivingReleaseSigned,
    ParticipantDeparted,
    ReleaseAuthorised,
    TransportPlanDeviationRecorded,
)
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.events.supervision import MonitorAssigned, MonitorHandover, SupervisionChecked

Event: TypeAlias = (
    LedgerOpened
    | KeyEnrolled
    | KeyRevoked
    | LogKeyAdded
    | LogKeyRetired
    | StaffRegistered
    | ParticipantRegistered
    | CoupleRegistered
    | SharingPreferenceRecorded
    | CredentialGranted
    | LocationRegistered
    | EmergencyReadinessChecked
    | ProtocolPublished
    | ConsentFormPublished
    | EvaluationCompleted
    | PrivateSafetyScreenCompleted
    | ConsentSigned
    | OrderSigned
    | PreparationSessionHeld
    | SessionScheduled
    | SessionOpened
    | SessionPhaseChanged
    | SessionClosed
    | OwnMedicationCheckedIn
    | OwnMedicationCheckedOut
    | ParticipantCheckedIn
    | PreDoseAssessed
    | TransportPlanSigned
    | NoDrivingAcknowledged
    | DoseAuthorised
    | DosePrepared
    | DoseAdministered
    | DoseOffered
    | DoseDeclined
    | MonitorAssigned
    | MonitorHandover
    | SupervisionChecked
    | DischargeAssessed
    | EscortVerified
    | NoDrivingReleaseSigned
    | ReleaseAuthorised
    | ParticipantDeparted
    | TransportPlanDeviationRecorded
    | FollowUpContactMade
    | IntegrationSessionHeld
    | CourseReviewed
    | AuthorisationOverridden
    | FindingDispositioned
    | CountersignatureGiven
    | EntryCorrected
    | EntryVoided
    | EntryReattributed
    | AddendumAppended
    | ClockCorrected
    | ErasureRequested
    | ErasureRefused
    | LegalHoldPlaced
    | LegalHoldLifted
    | SubjectErased
    | RetentionEnded
    | DeviceEnrolled
    | DeviceRevoked
    | SysSyncReceived
)

EVENT_TYPES: Final[dict[str, type[AnyEvent]]] = {kind.type_tag(): kind for kind in get_args(Event)}
"""The class of each type tag, in the order of the catalogue."""
