"""
Every kind of event, grouped by the clinical act it belongs to, as one closed union.

To add one: write its class in the file of its act, add it to `Event` here, and follow the type checker.
"""

from __future__ import annotations

from typing import Final, TypeAlias, get_args

from ledger.events.base import Event as AnyEvent
from ledger.events.dosing import DoseAdministered, DoseAuthorised, DoseDeclined, DoseOffered, DosePrepared
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired

Event: TypeAlias = (
    LedgerOpened
    | KeyEnrolled
    | KeyRevoked
    | LogKeyAdded
    | LogKeyRetired
    | DoseAuthorised
    | DosePrepared
    | DoseAdministered
    | DoseOffered
    | DoseDeclined
)

EVENT_TYPES: Final[dict[str, type[AnyEvent]]] = {kind.type_tag(): kind for kind in get_args(Event)}
"""The class of each type tag, in the order of the catalogue."""
