"""
Which entries a field names when it names another one: an order, a consent, the adverse event it goes on about.

A form offers these and no others; where nothing is said here it offers whatever stands on the same record.
`on` is where they stand: on the record itself, or on all records of a kind that is nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Referred:
    """Names of types, without their version; none for any."""

    types: tuple[str, ...] = ()
    on: Literal["record", "protocol", "location", "governance"] = "record"


_CHECKS: Final = ("supervision-checked", "pre-dose-assessed", "discharge-assessed")

REFERRED: Final[dict[tuple[str, str], Referred]] = {
    ("", "adverse_event"): Referred(("adverse-event-recorded",)),
    ("", "adverse_events_a"): Referred(("adverse-event-recorded",)),
    ("", "adverse_events_b"): Referred(("adverse-event-recorded",)),
    ("", "appointed"): Referred(("representative-appointed",)),
    ("", "assessment"): Referred(("discharge-assessed",)),
    ("", "consent"): Referred(("consent-signed", "consent-narrowed")),
    ("", "count"): Referred(("inventory-counted", "own-medication-counted")),
    ("", "delegated"): Referred(("release-delegated",)),
    ("", "denied"): Referred(("amendment-denied",)),
    ("", "discrepancy"): Referred(("discrepancy-found",)),
    ("", "dissolved"): Referred(("couple-dissolved",)),
    ("", "dose"): Referred(("dose-administered",)),
    ("", "doses"): Referred(("dose-administered",)),
    ("", "formed"): Referred(("retreat-group-formed",), "location"),
    ("", "granted"): Referred(("credential-granted", "credential-renewed")),
    ("", "held"): Referred(("dose-held",)),
    ("", "last_check_a"): Referred(_CHECKS),
    ("", "last_check_b"): Referred(_CHECKS),
    ("", "order"): Referred(("order-signed", "order-amended")),
    ("", "placed"): Referred(("legal-hold-placed",)),
    ("", "protocol"): Referred(("protocol-published",), "protocol"),
    ("", "reading"): Referred(_CHECKS),
    ("", "release"): Referred(("release-authorised",)),
    ("", "released_by"): Referred(("release-of-information-signed",)),
    ("", "replaced_by"): Referred(("protocol-published",), "protocol"),
    ("", "signed"): Referred(("release-of-information-signed",)),
    ("", "suspended"): Referred(("credential-suspended",)),
    ("access-request-denied", "request"): Referred(("access-request-received",)),
    ("access-request-fulfilled", "request"): Referred(("access-request-received",)),
    ("access-review-completed", "incidents"): Referred(("privacy-incident-opened",), "governance"),
    ("amendment-accepted", "request"): Referred(("amendment-requested",)),
    ("amendment-denied", "request"): Referred(("amendment-requested",)),
    ("boundary-incident-closed", "incident"): Referred(("boundary-incident-recorded",), "governance"),
    ("emergency-services-arrived", "called"): Referred(("emergency-services-called",)),
    ("erasure-refused", "request"): Referred(("erasure-requested",)),
    ("erasure-scheduled", "request"): Referred(("erasure-requested",)),
    ("intervention-performed", "order"): Referred(("verbal-order-received", "order-signed", "order-amended")),
    ("prescriber-arrived", "called"): Referred(("prescriber-notified",)),
    ("privacy-incident-closed", "incident"): Referred(("privacy-incident-opened",), "governance"),
    ("discrepancy-resolved", "explained_by"): Referred(("dose-administered", "wastage-recorded", "inventory-counted")),
    ("verbal-order-cosigned", "order"): Referred(("verbal-order-received",)),
}
"""By type and field; an empty type stands for every type that says nothing of its own."""
