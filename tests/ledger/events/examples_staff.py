"""Staff, and what a place registers and plans."""

from __future__ import annotations

import tests.ledger.events.examples_before  # noqa: F401  # what these refer to
from ledger.events.authority import LocationRegistrationChanged, ProtocolRetired
from ledger.events.groups import RetreatGroupFormed
from ledger.events.staff import (
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
    ReleaseDelegated,
    ReleaseDelegationEnded,
    SignatureAgreementSigned,
    TrainingCompleted,
)
from tests.ledger.events.example_making import (
    COMPLIANCE,
    CREDENTIALS,
    DIRECTOR,
    MD1,
    OFFICER_1,
    PROTOCOL,
    PT1,
    RETREAT,
    RN1,
    TEXT,
    ZONE,
    example,
    instant,
    reference,
)

# Staff

example(
    "2027-06-20 09:00",
    RN1,
    CredentialRenewed(
        credential="licence",
        effective="2027-06-01",
        expires="2030-05-31",
        granted=reference("credential-granted/1"),
        issued="2027-06-18",
        issuer="New York State Education Department",
        locations=(),
        states=("NY",),
        verification="PSV-2027-041",
        number="RN 555 0117",
    ),
    (CREDENTIALS, "credentialing-officer", "verified"),
)
example(
    "2028-02-01 09:00",
    RN1,
    CredentialSuspended(
        credential="licence",
        effective="2028-01-28",
        granted=reference("credential-renewed/1"),
        imposed_by="issuer",
        states=("NY",),
        verification="PSV-2028-007",
        reason="under-investigation",
    ),
    (CREDENTIALS, "credentialing-officer", "verified"),
)
example(
    "2028-03-15 09:00",
    RN1,
    CredentialReinstated(
        credential="licence",
        effective="2028-03-14",
        suspended=reference("credential-suspended/1"),
        verification="PSV-2028-019",
        conditions=("second-nurse-present",),
    ),
    (CREDENTIALS, "credentialing-officer", "verified"),
)
example(
    "2028-06-02 09:00",
    RN1,
    CredentialRevoked(
        credential="bls",
        effective="2028-06-01",
        granted=None,
        imposed_by="issuer",
        retroactive_from="2028-04-01",
        states=(),
        verification="PSV-2028-044",
        reason="course-not-recognised",
    ),
    (CREDENTIALS, "credentialing-officer", "verified"),
)
example(
    "2024-06-10 17:00",
    RN1,
    TrainingCompleted(
        certificate=TEXT,
        completed="2024-06-10",
        hours=40,
        provider="Example Training (test only)",
        repeat_by="2026-06-10",
        subject="kap",
        title="Ketamine-assisted psychotherapy, basic course",
        passed=True,
    ),
    (CREDENTIALS, "credentialing-officer", "verified"),
)
example(
    "2024-06-01 09:20",
    RN1,
    SignatureAgreementSigned(text=TEXT, version="v1"),
    (RN1, "nurse", "acknowledged"),
    (OFFICER_1, "security-officer", "witnessed"),
)

# Authority

example(
    "2027-06-15 09:00",
    RETREAT,
    LocationRegistrationChanged(
        address="1 Mill Road, Tivoli, NY 12583",
        connectivity="satellite",
        dea_from="2027-06-01",
        dea_number="FX0000000",
        dea_to="2030-05-31",
        effective="2027-06-01",
        emergency_resources=("EMS 911", "satellite phone"),
        nearest_ed_min=22,
        state="NY",
        time_zone=ZONE,
    ),
    (COMPLIANCE, "compliance-officer", "verified"),
)
example(
    "2027-01-04 09:00",
    PROTOCOL,
    ProtocolRetired(effective="2027-01-04", protocol=reference("protocol-published/1"), replaced_by=None),
    (DIRECTOR, "medical-director", "approved"),
)
example(
    "2026-05-14 15:00",
    RETREAT,
    RetreatGroupFormed(
        couples_at_most=3,
        group="R-1/2026-05-16/1",
        monitors=(RN1, MD1),
        planned_from=instant("2026-05-16 09:30"),
        planned_to=instant("2026-05-16 14:00"),
        protocol=reference("protocol-published/1"),
        room="Mill hall",
    ),
    (MD1, "prescriber", "approved"),
)

# Delegation

example(
    "2026-04-01 09:00",
    PT1,
    ReleaseDelegated(document=TEXT, effective="2026-04-01", expires="2026-12-31", locations=(RETREAT,)),
    (DIRECTOR, "medical-director", "authorised"),
)
example(
    "2026-10-02 09:00",
    PT1,
    ReleaseDelegationEnded(delegated=reference("release-delegated/1"), ended="2026-10-02"),
    (DIRECTOR, "medical-director", "authorised"),
)
