"""What is looked over, what went wrong, and what the software records itself."""

from __future__ import annotations

import tests.ledger.events.examples_record  # noqa: F401  # what these refer to
from ledger.events.access import (
    ObjectionRaised,
    SysAuthorisationRefused,
    SysAuthorisationRefused2,
    SysBreakGlassUsed,
    SysRecordExported,
    SysRecordSearched,
    SysRecordViewed,
    SysSignInFailed,
    SysSignInFailed2,
)
from ledger.events.incidents import (
    BoundaryIncidentClosed,
    BoundaryIncidentRecorded,
    PrivacyIncidentClosed,
    PrivacyIncidentOpened,
)
from ledger.events.integrity import SysCheckpointAnchored, SysIntegrityFailed, SysIntegrityVerified
from ledger.events.reviews import AccessReviewCompleted, ReviewCompleted
from tests.ledger.events.example_making import (
    ACCESS,
    BREACH,
    COMPLIANCE,
    DIRECTOR,
    GOVERNANCE,
    INCIDENT,
    MD1,
    PRIVACY,
    RN1,
    SATURDAY,
    SERVICE,
    TAG,
    TEXT,
    example,
    instant,
    reference,
)

# Reviews

example(
    "2026-05-19 10:00",
    GOVERNANCE,
    ReviewCompleted(
        began=None,
        ended=None,
        exceptions=(reference("supervision-checked/1"),),
        outcome="exceptions-seen",
        scope="session",
        seen_size=412,
        session=SATURDAY,
    ),
    (DIRECTOR, "medical-director", "reviewed"),
)

# Incidents

example(
    "2026-09-12 10:52",
    INCIDENT,
    BoundaryIncidentRecorded(kind="partner-pressure", session=SATURDAY),
    (RN1, "nurse", "received"),
)
example(
    "2026-09-20 10:00",
    INCIDENT,
    BoundaryIncidentClosed(incident=reference("boundary-incident-recorded/1"), outcome="undetermined"),
    (COMPLIANCE, "compliance-officer", "reviewed"),
)
example(
    "2026-07-02 09:00",
    BREACH,
    PrivacyIncidentOpened(
        discovered_at=instant("2026-07-02 08:40"),
        evidence=(reference("entry-reattributed/1"),),
        kind="wrong-record",
        notify_by="2026-08-31",
        risk="not-assessed",
        subjects=1,
    ),
    (PRIVACY, "privacy-officer", "performed"),
)
example(
    "2026-07-09 09:00",
    BREACH,
    PrivacyIncidentClosed(
        authority_told=False,
        done=("entry-moved", "staff-told"),
        incident=reference("privacy-incident-opened/1"),
        risk="low",
        subjects_told=True,
    ),
    (PRIVACY, "privacy-officer", "reviewed"),
)

# Access

example(
    "2026-05-19 09:50",
    ACCESS,
    SysRecordViewed(
        on="T-1",
        privacy=("open", "clinical"),
        purpose="treatment",
        reader="staff",
        record=TAG,
        role="nurse",
        staff=RN1,
    ),
    (SERVICE, "service", "observed"),
)
example(
    "2026-05-19 09:55",
    ACCESS,
    SysRecordSearched(
        filters=("type", "container"), found=3, on="T-1", purpose="audit", reader="staff", role="custodian", staff=RN1
    ),
    (SERVICE, "service", "observed"),
)
example(
    "2026-06-20 09:58",
    ACCESS,
    SysRecordExported(
        content=TEXT,
        on=None,
        partner_left_out=True,
        privacy=("open", "clinical", "sensitive", "identity"),
        purpose="own-record",
        reader="staff",
        records=(TAG,),
        role="privacy-officer",
        size=430,
        staff=PRIVACY,
    ),
    (SERVICE, "service", "observed"),
)
example(
    "2026-05-16 10:50",
    ACCESS,
    SysBreakGlassUsed(
        on="T-1", privacy=("clinical", "sensitive"), reason="allergies-needed", record=TAG, role="nurse", staff=RN1
    ),
    (SERVICE, "service", "observed"),
)
example(
    "2026-05-16 08:10",
    ACCESS,
    SysSignInFailed(on="T-1", reason="wrong-pin", staff=RN1, tries=2),
    (SERVICE, "service", "observed"),
)
example(
    "2026-11-25 08:10",
    ACCESS,
    SysSignInFailed2(on=None, reason="wrong-password", staff=RN1, tries=1),
    (SERVICE, "service", "observed"),
)
example(
    "2026-05-16 12:05",
    ACCESS,
    SysAuthorisationRefused(
        asked=TEXT,
        evidence=(reference("dose-administered/1"),),
        kind="release-authorised/1",
        record=TAG,
        rules=("REL-01", "REL-07"),
        staff=MD1,
    ),
    (SERVICE, "service", "observed"),
)
example(
    "2026-08-01 09:00",
    GOVERNANCE,
    AccessReviewCompleted(
        anomalies=0,
        began=instant("2026-05-01 00:00"),
        ended=instant("2026-08-01 00:00"),
        glass_broken=(reference("sys-break-glass-used/1"),),
        incidents=(),
        report=TEXT,
    ),
    (PRIVACY, "privacy-officer", "reviewed"),
)

# Integrity

example(
    "2026-05-17 03:00",
    GOVERNANCE,
    SysIntegrityVerified(first=0, root=TEXT, size=402),
    (SERVICE, "service", "verified"),
)
example(
    "2026-05-18 03:00",
    GOVERNANCE,
    SysIntegrityFailed(codes=("signature",), first=0, position=117, size=410),
    (SERVICE, "service", "verified"),
)
example(
    "2026-05-17 03:05",
    GOVERNANCE,
    SysCheckpointAnchored(place="witness.example.test", proof=None, root=TEXT, size=402),
    (SERVICE, "service", "verified"),
)
example(
    "2026-05-16 12:05",
    ACCESS,
    SysAuthorisationRefused2(
        asked=TEXT,
        evidence=(reference("dose-administered/1"),),
        kind="release-authorised/1",
        objections=(
            ObjectionRaised(credential=None, override="prescriber", rule="REL-01", slot="a", staff=None, version="1"),
            ObjectionRaised(credential=None, override=None, rule="REL-07", slot="a", staff=None, version="1"),
        ),
        record=TAG,
        staff=MD1,
    ),
    (SERVICE, "service", "observed"),
)
