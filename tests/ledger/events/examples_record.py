"""What is said and done about the record itself."""

from __future__ import annotations

import tests.ledger.events.examples_dosing  # what these refer to
import tests.ledger.events.examples_release  # what these refer to
import tests.ledger.events.examples_supervision  # noqa: F401  # what these refer to
from ledger.events.corrections import (
    AddendumAppended,
    CountersignatureGiven,
    EntryCorrected,
    EntryReattributed,
    EntryVoided,
    LateEntryDeclared,
    OpenChange,
    SealedChange,
)
from ledger.events.deviations import (
    AuthorisationOverridden,
    FindingAcknowledged,
    FindingDispositioned,
    RuleOverriddenForPartner,
)
from ledger.events.devices import DeviceEnrolled, DeviceRevoked, SysSyncReceived
from ledger.events.findings import (
    FindingAcknowledged2,
    FindingClosed,
    FindingDispositioned2,
    FindingExplained,
    FindingReopened,
)
from ledger.events.governance import ClockCorrected
from tests.ledger.events.example_making import (
    COMPLIANCE,
    CORRECTIONS,
    DIRECTOR,
    GOVERNANCE,
    MD1,
    OFFICER_1,
    PT1,
    RN1,
    SAT_A,
    SATURDAY,
    SERVICE,
    TABLET,
    TEXT,
    example,
    instant,
    reference,
)

# Deviations

example(
    "2026-05-16 09:27",
    SATURDAY,
    AuthorisationOverridden(
        credential="bls", reason="ACLS prescriber in the room throughout", rule="SUP-02", staff=RN1
    ),
    (MD1, "medical-director", "authorised"),
)
example(
    "2026-05-18 10:00",
    GOVERNANCE,
    FindingDispositioned(
        credential="bls",
        evidence=(reference("monitor-assigned/1"),),
        outcome="accepted-deviation",
        reason="declared-beforehand",
        rule="SUP-02",
        rule_version=None,
        session=SATURDAY,
        slot=None,
        staff=RN1,
    ),
    (PT1, "compliance-officer", "reviewed"),
)
example(
    "2026-05-17 10:00",
    GOVERNANCE,
    FindingAcknowledged(
        credential="bls",
        evidence=(reference("monitor-assigned/1"),),
        rule="SUP-02",
        rule_version=None,
        session=SATURDAY,
        slot=None,
        staff=RN1,
    ),
    (DIRECTOR, "medical-director", "acknowledged"),
)

example(
    "2026-05-16 12:58",
    SAT_A,
    RuleOverriddenForPartner(
        evidence=(reference("discharge-assessed/1"),),
        permits="release",
        reason="Ready since 11:50; leaves with the ward nurse who came for her.",
        rule="REL-01",
    ),
    (MD1, "prescriber", "authorised"),
)

# Corrections

example(
    "2026-05-16 10:20",
    SAT_A,
    CountersignatureGiven(
        gives="witnessed",
        target=reference("dose-administered/1"),
        verdict="disputes",
        reason="The lozenge was broken in half – I saw 50 mg.",
        reason_a=None,
        reason_b=None,
    ),
    (MD1, "prescriber", "countersigned"),
)
example(
    "2026-05-16 11:05",
    SAT_A,
    EntryCorrected(
        changes=(
            OpenChange(field="mass", was={"unit": "mg", "value": "100"}, now={"unit": "mg", "value": "50"}),
            OpenChange(field="occurred.at", was=instant("2026-05-16 10:05"), now=instant("2026-05-16 10:06")),
        ),
        reason="transcription",
        target=reference("dose-administered/1"),
        clinical=(SealedChange(field="hold_min", was=12, now=10),),
        identity=(),
        note="Half a lozenge – written down as a whole one.",
        note_a=None,
        note_b=None,
        sensitive=(),
        sensitive_a=None,
        sensitive_b=None,
        clinical_a=None,
        clinical_b=None,
        identity_a=None,
        identity_b=None,
    ),
    (RN1, "nurse", "corrected"),
    (MD1, "prescriber", "reviewed"),
)
example(
    "2026-05-16 11:10",
    SAT_A,
    EntryVoided(
        reason="entered-in-error", target=reference("dose-administered/1"), note=None, note_a=None, note_b=None
    ),
    (RN1, "nurse", "corrected"),
)
example(
    "2026-05-16 11:12",
    CORRECTIONS,
    EntryReattributed(created=reference("dose-administered/1"), voided=reference("entry-voided/1")),
    (RN1, "nurse", "corrected"),
)
example(
    "2026-05-16 11:15",
    SAT_A,
    AddendumAppended(
        code=None,
        target=reference("supervision-checked/1"),
        note="The cuff slipped once before this reading.",
        note_a=None,
        note_b=None,
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-17 11:30",
    SAT_A,
    LateEntryDeclared(
        document=TEXT,
        source="paper-sheet",
        target=reference("supervision-checked/1"),
        note="The tablet was flat; written on the sheet at 11:05.",
        note_a=None,
        note_b=None,
    ),
    (RN1, "nurse", "performed"),
)

# Governance

example(
    "2026-05-18 02:05",
    GOVERNANCE,
    ClockCorrected(
        clock_from=instant("2026-05-19 02:05"), clock_to=instant("2026-05-18 02:05"), reason="wrong-day-set"
    ),
    (OFFICER_1, "security-officer", "performed"),
)

# Devices

example(
    "2026-05-01 09:00",
    TABLET,
    DeviceEnrolled(code="T-1", kind="tablet"),
    (OFFICER_1, "security-officer", "enrolled"),
)
example(
    "2026-06-30 17:00",
    TABLET,
    DeviceRevoked(reason="lost"),
    (OFFICER_1, "security-officer", "revoked"),
)
example(
    "2026-05-18 09:00",
    TABLET,
    SysSyncReceived(first_seq=12, last_seq=61, offered=50, offset_ms=421_000, round_trip_ms=180),
    (SERVICE, "service", "received"),
)

# Findings, by their identity

_FINDING = TEXT[:32]

example(
    "2026-11-02 10:00",
    GOVERNANCE,
    FindingAcknowledged2(
        evidence=(reference("supervision-checked/1"),), finding=_FINDING, rule="SUP-05", rule_version="1"
    ),
    (DIRECTOR, "medical-director", "acknowledged"),
)
example(
    "2026-11-02 11:00",
    GOVERNANCE,
    FindingExplained(
        evidence=(reference("supervision-checked/1"),),
        finding=_FINDING,
        rule="SUP-05",
        rule_version="1",
        addendum=None,
        document=TEXT,
        reason="partner-emergency",
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-11-03 10:00",
    GOVERNANCE,
    FindingDispositioned2(
        evidence=(reference("supervision-checked/1"),),
        finding=_FINDING,
        rule="SUP-05",
        rule_version="1",
        action="second-monitor-on-call",
        due="2026-12-01",
        outcome="corrective-action",
        reason="staffing",
    ),
    (COMPLIANCE, "compliance-officer", "reviewed"),
)
example(
    "2026-12-01 10:00",
    GOVERNANCE,
    FindingClosed(
        evidence=(reference("supervision-checked/1"),),
        finding=_FINDING,
        rule="SUP-05",
        rule_version="1",
        disposition=reference("finding-dispositioned/2"),
    ),
    (COMPLIANCE, "compliance-officer", "reviewed"),
)
example(
    "2026-12-05 10:00",
    GOVERNANCE,
    FindingReopened(
        evidence=(reference("supervision-checked/1"),),
        finding=_FINDING,
        rule="SUP-05",
        rule_version="1",
        closed=reference("finding-closed/1"),
        reason="happened-again",
    ),
    (COMPLIANCE, "compliance-officer", "reviewed"),
)
