"""
Every kind of event, grouped by the clinical act it belongs to, as one closed union.

To add one: write its class in the file of its act, add it to the union at the end of that file, and follow the
type checker. A new file is added to `Event` here, one about a session to `SessionEvent`.
Then add an example to the file of its act beside `tests/ledger/events/examples.py`, freeze its bytes with
`tests/golden/make_events.py`, and run `docs/generate_events.py`.
"""

from __future__ import annotations

from typing import Final, TypeAlias, get_args

from ledger.events.access import AccessEvent
from ledger.events.adverse import AdverseEvent
from ledger.events.afterwards import AfterwardsEvent
from ledger.events.arrival import ArrivalEvent
from ledger.events.authority import AuthorityEvent
from ledger.events.base import Event as AnyEvent
from ledger.events.calls import CallEvent
from ledger.events.choices import ProtocolPublished2
from ledger.events.consent import ConsentEvent, ConsentInSession
from ledger.events.corrections import CorrectionEvent
from ledger.events.course import CourseEvent
from ledger.events.deviations import OverrideEvent
from ledger.events.devices import DeviceEvent
from ledger.events.dosing import DosingEvent
from ledger.events.eligibility import EligibilityEvent
from ledger.events.emergencies import EmergencyEvent
from ledger.events.erasure import ErasureEvent
from ledger.events.findings import FindingEvent
from ledger.events.governance import ClockCorrected
from ledger.events.groups import GroupMember, RetreatGroupFormed
from ledger.events.holds import HoldEvent
from ledger.events.incidents import IncidentEvent
from ledger.events.integrity import IntegrityEvent
from ledger.events.inventory import InventoryEvent
from ledger.events.kept_amounts import KeptAmountsEvent
from ledger.events.kept_verdicts import KeptVerdictsEvent
from ledger.events.keys import KeysEvent
from ledger.events.lifecycle import LifecycleEvent
from ledger.events.losses import LossEvent
from ledger.events.orders import OrderEvent
from ledger.events.paper import PaperEvent
from ledger.events.people import PeopleEvent
from ledger.events.release import ReleaseEvent
from ledger.events.representatives import RepresentativeEvent
from ledger.events.requests import RequestEvent
from ledger.events.reviews import ReviewEvent
from ledger.events.staff import StaffEvent
from ledger.events.stock import OwnMedicationEvent
from ledger.events.supervision import SupervisionEvent

SessionEvent: TypeAlias = (
    GroupMember
    | LifecycleEvent
    | ArrivalEvent
    | DosingEvent
    | HoldEvent
    | ConsentInSession
    | SupervisionEvent
    | CallEvent
    | AdverseEvent
    | EmergencyEvent
    | ReleaseEvent
    | AfterwardsEvent
    | OverrideEvent
)
"""Every type that stands on a session's records, joint or of one partner; what a session's state is made of."""

Event: TypeAlias = (
    KeysEvent
    | PeopleEvent
    | StaffEvent
    | AuthorityEvent
    | ProtocolPublished2
    | RepresentativeEvent
    | EligibilityEvent
    | ConsentEvent
    | OrderEvent
    | CourseEvent
    | RetreatGroupFormed
    | SessionEvent
    | FindingEvent
    | OwnMedicationEvent
    | InventoryEvent
    | LossEvent
    | CorrectionEvent
    | PaperEvent
    | RequestEvent
    | ReviewEvent
    | IncidentEvent
    | ErasureEvent
    | KeptAmountsEvent
    | KeptVerdictsEvent
    | AccessEvent
    | ClockCorrected
    | IntegrityEvent
    | DeviceEvent
)

EVENT_TYPES: Final[dict[str, type[AnyEvent]]] = {kind.type_tag(): kind for kind in get_args(Event)}
"""The class of each type tag, in the order of the catalogue."""
