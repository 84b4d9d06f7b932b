"""What somebody may ask of their record, who looked at it, and how it ends."""

from __future__ import annotations

import tests.ledger.events.examples_dosing  # noqa: F401  # what these refer to
from ledger.events.erasure import (
    Counted,
    ErasureRefused,
    ErasureRequested,
    ErasureScheduled,
    LegalHoldLifted,
    LegalHoldPlaced,
    RetentionEnded,
    SubjectErased,
)
from ledger.events.kept_amounts import AmountsKept, KeptAmount
from ledger.events.kept_verdicts import KeptVerdict, RecordVerdictsKept, VerdictsKept
from ledger.events.requests import (
    AccessRequestDenied,
    AccessRequestFulfilled,
    AccessRequestReceived,
    AmendmentAccepted,
    AmendmentDenied,
    AmendmentRequested,
    DisagreementAppended,
    DisclosureMade,
    ReleaseOfInformationRevoked,
    ReleaseOfInformationSigned,
)
from tests.ledger.events.example_making import (
    ANA,
    BEN,
    GOVERNANCE,
    OFFICER_1,
    PRIVACY,
    SATURDAY,
    TEXT,
    example,
    reference,
)

# Requests

example(
    "2026-06-10 10:00",
    ANA,
    AccessRequestReceived(
        due="2026-07-10", received_on="2026-06-10", asked_by="person", note=None, wants=("whole-record",)
    ),
    (PRIVACY, "privacy-officer", "received"),
)
example(
    "2026-06-20 10:00",
    ANA,
    AccessRequestFulfilled(export=TEXT, request=reference("access-request-received/1"), channel="in-person"),
    (PRIVACY, "privacy-officer", "performed"),
)
example(
    "2026-06-21 10:00",
    ANA,
    AccessRequestDenied(
        request=reference("access-request-received/1"), basis="about-somebody-else", in_part=True, note=None
    ),
    (PRIVACY, "privacy-officer", "reviewed"),
)
example(
    "2026-06-22 10:00",
    ANA,
    AmendmentRequested(
        due="2026-08-21",
        entry=reference("dose-administered/1"),
        received_on="2026-06-22",
        asked_by="person",
        note="It was half a lozenge.",
    ),
    (PRIVACY, "privacy-officer", "received"),
)
example(
    "2026-06-25 10:00",
    ANA,
    AmendmentAccepted(correction=None, request=reference("amendment-requested/1"), note=None),
    (PRIVACY, "privacy-officer", "approved"),
)
example(
    "2026-06-25 11:00",
    ANA,
    AmendmentDenied(request=reference("amendment-requested/1"), basis="accurate", note="Two people saw a whole one."),
    (PRIVACY, "privacy-officer", "reviewed"),
)
example(
    "2026-06-26 10:00",
    ANA,
    DisagreementAppended(
        denied=reference("amendment-denied/1"), document=None, note="I took half – I kept the rest in my hand."
    ),
    (ANA, "participant", "performed"),
)
example(
    "2026-06-28 10:00",
    ANA,
    ReleaseOfInformationSigned(
        text=TEXT,
        valid_until="2026-12-31",
        content=("sessions", "doses"),
        purpose="further-treatment",
        recipient="Dr. Paul Ocampo, Hudson",
    ),
    (ANA, "participant", "consented"),
)
example(
    "2026-09-01 10:00",
    ANA,
    ReleaseOfInformationRevoked(signed=reference("release-of-information-signed/1")),
    (ANA, "participant", "declined"),
)
example(
    "2026-06-29 10:00",
    ANA,
    DisclosureMade(
        export=TEXT,
        released_by=reference("release-of-information-signed/1"),
        accountable=False,
        basis="own-authorisation",
        content=("sessions", "doses"),
        partner_left_out=True,
        purpose="further-treatment",
        recipient="Dr. Paul Ocampo, Hudson",
    ),
    (PRIVACY, "privacy-officer", "performed"),
)

# Erasure

example(
    "2026-06-20 09:00",
    BEN,
    LegalHoldPlaced(hold="H-2026-03", authority="County court, file 26-118", note=None),
    (PRIVACY, "privacy-officer", "performed"),
)
example(
    "2026-06-21 10:00",
    BEN,
    ErasureRequested(received_on="2026-06-21", asked_by="person", note=None),
    (PRIVACY, "privacy-officer", "received"),
)
example(
    "2026-06-22 10:00",
    BEN,
    ErasureRefused(
        request=reference("erasure-requested/1"), basis="legal-hold", not_before="2036-05-22", note="Told by letter."
    ),
    (PRIVACY, "privacy-officer", "reviewed"),
)
example(
    "2027-01-11 10:00",
    BEN,
    LegalHoldLifted(placed=reference("legal-hold-placed/1"), note=None),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
example(
    "2036-06-02 10:00",
    BEN,
    SubjectErased(blocks=Counted(count=2, root="5d" * 32)),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
example(
    "2046-06-02 10:00",
    GOVERNANCE,
    RetentionEnded(envelopes=Counted(count=2, root="e7" * 32)),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
example(
    "2027-01-12 10:00",
    BEN,
    ErasureScheduled(request=reference("erasure-requested/1"), basis="retention", not_before="2036-05-22"),
    (PRIVACY, "privacy-officer", "approved"),
)
example(
    "2036-06-02 09:59",
    GOVERNANCE,
    VerdictsKept(
        session=SATURDAY,
        verdicts=(
            KeptVerdict(
                anchor="=" + "5d" * 32,
                credential=None,
                declared_by=None,
                due="2026-05-16T14:50:00.000000Z",
                evidence=(42, 43),
                limit="2026-05-16T14:55:00.000000Z",
                made_at=None,
                protocol=7,
                rule="SUP-05",
                severity="M",
                slot="a",
                staff=None,
                verdict="breached",
                version="1",
            ),
        ),
    ),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
example(
    "2036-06-02 09:59",
    GOVERNANCE,
    RecordVerdictsKept(
        record="stock/0e9f3b7a-25d4-4a18-8c6d-13f7b5a2c805",
        verdicts=(
            KeptVerdict(
                anchor=None,
                credential=None,
                declared_by=None,
                due=None,
                evidence=(42, 43),
                limit=None,
                made_at="2026-05-16T21:30:00.000000Z",
                protocol=7,
                rule="CS-01",
                severity="C",
                slot=None,
                staff=None,
                verdict="met",
                version="1",
            ),
        ),
    ),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
example(
    "2036-06-02 09:58",
    "stock/0e9f3b7a-25d4-4a18-8c6d-13f7b5a2c805",
    AmountsKept(
        session=SATURDAY,
        amounts=(
            KeptAmount(
                at="2026-05-16T14:05:00.000000Z",
                dig="5d" * 32,
                label=None,
                mg="100",
                position=42,
                slot="a",
                taken="60",
            ),
        ),
    ),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
