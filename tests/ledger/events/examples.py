"""
One example of every type of event, most of them as story S1 tells it: Ana, Ben and a retreat weekend.

Everything here is fixed and public, TEST ONLY: ids, salts and seeds are SHA-256 of a label.
`sealed(example)` gives the blocks, the payload and the signed envelope, always the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from ledger.block import Block
from ledger.encoding import microseconds, to_instant
from ledger.envelope import Envelope, sign
from ledger.events.afterwards import FollowUpContactMade, IntegrationSessionHeld
from ledger.events.arrival import (
    Escort,
    NoDrivingAcknowledged,
    ParticipantCheckedIn,
    PreDoseAssessed,
    TakenLately,
    TransportPlanSigned,
)
from ledger.events.authority import (
    ConsentFormPublished,
    CredentialGranted,
    EmergencyReadinessChecked,
    LocationRegistered,
    ProtocolPublished,
)
from ledger.events.base import Event, Reference
from ledger.events.corrections import (
    AddendumAppended,
    CountersignatureGiven,
    EntryCorrected,
    EntryReattributed,
    EntryVoided,
    OpenChange,
    SealedChange,
)
from ledger.events.course import CourseReviewed
from ledger.events.deviations import AuthorisationOverridden, FindingDispositioned
from ledger.events.devices import DeviceEnrolled, DeviceRevoked, SysSyncReceived
from ledger.events.dosing import DoseAdministered, DoseAuthorised, DoseDeclined, DoseOffered, DosePrepared
from ledger.events.eligibility import (
    ConsentScope,
    ConsentSigned,
    EvaluationCompleted,
    MedicineAsNeeded,
    OrderSigned,
    PregnancyStatus,
    PreparationSessionHeld,
    PrivateSafetyScreenCompleted,
)
from ledger.events.erasure import (
    Counted,
    ErasureRefused,
    ErasureRequested,
    LegalHoldLifted,
    LegalHoldPlaced,
    RetentionEnded,
    SubjectErased,
)
from ledger.events.governance import ClockCorrected
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired, PublicKey
from ledger.events.lifecycle import (
    OnDuty,
    SessionClosed,
    SessionOpened,
    SessionPhaseChanged,
    SessionScheduled,
)
from ledger.events.measures import BloodPressure, Mass, NotObtained, UntilWhen
from ledger.events.parameters import Parameters, PressureLimit
from ledger.events.people import (
    CoupleRegistered,
    ParticipantRegistered,
    SharingPreferenceRecorded,
    StaffRegistered,
)
from ledger.events.release import (
    AldreteItems,
    DischargeAssessed,
    EscortVerified,
    NoDrivingReleaseSigned,
    ParticipantDeparted,
    ReleaseAuthorised,
    TransportPlanDeviationRecorded,
)
from ledger.events.sealing import take_apart
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.events.supervision import MonitorAssigned, MonitorHandover, SupervisionChecked
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload
from ledger.signing import SigningKey
from ledger.vocabulary import Meaning, Role

ORIGIN = "ledger.example.test/00c0ffee00c0ffee"
ZONE = "America/New_York"
LOG_KEY = f"{ORIGIN}+c49f16b4+AfObajWzkfgTVO+oqX1aBVpu7ZjXzRxF1aTBrlDNfhbO"


def digest_of(kind: str, label: str) -> bytes:
    """32 fixed bytes for a label; `kind` is what they are used for."""
    return hashlib.sha256(f"session-ledger TEST ONLY {kind}: {label}".encode()).digest()


def name_of(kind: str, label: str) -> str:
    """The fixed id of a person, session, container and so on, such as `staff/…`."""
    return f"{kind}/{UUID(bytes=digest_of('uuid', f'{kind} {label}')[:16], version=4)}"


def local(when: str) -> datetime:
    """The moment of a local time at the retreat, `2026-05-16 10:05`."""
    return datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE))


def instant(when: str) -> str:
    """The same in UTC, as events carry it."""
    return to_instant(local(when))


def key_of(owner: str) -> SigningKey:
    """The TEST ONLY key of an owner."""
    return SigningKey(digest_of("seed", owner))


RN1, MD1, PT1, D1 = (name_of("staff", code) for code in ("RN1", "MD1", "PT1", "D1"))
REGISTRAR, SCHEDULER, CREDENTIALS, COMPLIANCE, DIRECTOR, OFFICER_1, OFFICER_2 = (
    name_of("staff", code) for code in ("REG1", "SCH1", "CRD1", "CMP1", "MDIR", "SEC1", "SEC2")
)
ANA, BEN = name_of("person", "Ana A"), name_of("person", "Ben B")
COUPLE, RETREAT, OWN_A = name_of("couple", "C-07"), name_of("location", "R-1"), name_of("stock", "own-A")
SATURDAY, SUNDAY = name_of("session", "Sat"), name_of("session", "Sun")
SAT_A, SAT_B, SUN_A, SUN_B = f"{SATURDAY}/a", f"{SATURDAY}/b", f"{SUNDAY}/a", f"{SUNDAY}/b"
PROTOCOL, FORM = name_of("protocol", "KAP-COUPLE-SL"), name_of("protocol", "consent-kap")
GOVERNANCE = name_of("governance", "clock")
CORRECTIONS = SATURDAY.replace("session/", "governance/")
PRIVACY = name_of("staff", "PO1")
TABLET, SERVICE = name_of("device", "T-1"), name_of("service", "of the clinic")
TEXT = digest_of("text", "what was shown").hex()


@dataclass(frozen=True, slots=True)
class Example:
    """An event, the record it stands on, when it happened, and who signs it: owner, role, meaning."""

    event: Event
    stream: str
    when: str
    signed: tuple[tuple[str, Role, Meaning], ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """An example as bytes: its blocks in alphabetical order, its payload, its signed envelope."""

    blocks: tuple[Block, ...]
    payload: Payload
    envelope: Envelope


def sealed(example: Example) -> Sealed:
    """The blocks, payload and envelope of an example; salts, ids and keys follow from its type."""
    tag = example.event.type_tag()
    moment = local(example.when)
    parts = take_apart(example.event, example.stream)
    blocks = tuple(Block(digest_of("salt", f"{tag} {name}")[:16], name, value) for name, value in parts.sealed.items())
    offset = moment.utcoffset()
    assert offset is not None
    payload = Payload(
        attested=tuple(
            Attestation(by=owner, key=key_of(owner).kid, meaning=meaning, role=role)
            for owner, role, meaning in example.signed
        ),
        blocks=tuple(sorted(block.digest for block in blocks)),
        body=parts.body,
        device=None,
        id=_uuid7(tag, moment),
        ledger=ORIGIN,
        occurred=Occurred(at=to_instant(moment), offset=offset // timedelta(minutes=1), precision="min", zone=ZONE),
        recorded_at=to_instant(moment + timedelta(seconds=20)),
        seen=NOTHING_SEEN,
        stream=example.stream,
        type=tag,
    )
    return Sealed(blocks, payload, sign(payload, [key_of(owner) for owner, _, _ in example.signed]))


def _uuid7(label: str, moment: datetime) -> str:
    random = digest_of("uuid", label)
    head = (microseconds(moment) // 1000).to_bytes(6, "big")
    data = bytearray(head + random[:10])
    data[6] = 0x70 | data[6] & 0x0F
    data[8] = 0x80 | data[8] & 0x3F
    return str(UUID(bytes=bytes(data)))


def reference(tag: str) -> Reference:
    """A reference to the example of another type."""
    made = sealed(EXAMPLES[tag])
    return Reference(dig=made.envelope.dig, id=made.payload.id)


EXAMPLES: dict[str, Example] = {}
"""By type tag, in the order of the catalogue."""


def _example(when: str, stream: str, event: Event, *signed: tuple[str, Role, Meaning]) -> None:
    EXAMPLES[event.type_tag()] = Example(event, stream, when, signed)


def _listed(owner: str) -> PublicKey:
    return PublicKey(alg="ed25519", custody="hardware", officer=True, owner=owner, pub=key_of(owner).public.hex())


def _mg(value: str) -> Mass:
    return Mass(value=value)


def _bp(systolic: int, diastolic: int) -> BloodPressure:
    return BloodPressure(systolic=systolic, diastolic=diastolic)


DRIVER = Escort(name="Dana Driver", person=None, phone="+1 518 555 0144", relationship="staff", staff=D1)

# Keys

_example(
    "2024-06-01 08:00",
    "keys",
    LedgerOpened(
        continues=None,
        keys=(_listed(OFFICER_1), _listed(OFFICER_2)),
        log_keys=(LOG_KEY,),
        organisation="Example Clinic (test only)",
    ),
    (OFFICER_1, "security-officer", "opened"),
    (OFFICER_2, "security-officer", "opened"),
)
_example(
    "2024-06-01 08:30",
    "keys",
    KeyEnrolled(alg="ed25519", custody="device", officer=False, owner=RN1, pub=key_of(RN1).public.hex()),
    (RN1, "nurse", "possession"),
    (OFFICER_1, "security-officer", "enrolled"),
)
_example(
    "2027-06-01 08:30",
    "keys",
    KeyRevoked(key=key_of(RN1).kid, reason="left-the-clinic", suspect_from=None),
    (OFFICER_1, "security-officer", "revoked"),
)
_example("2026-12-01 09:00", "keys", LogKeyAdded(vkey=LOG_KEY), (OFFICER_1, "security-officer", "enrolled"))
_example("2026-12-02 09:00", "keys", LogKeyRetired(vkey=LOG_KEY), (OFFICER_1, "security-officer", "revoked"))

# People

_example(
    "2024-06-01 09:00",
    RN1,
    StaffRegistered(agreement=TEXT, code="RN1", name="Rosa Núñez"),
    (REGISTRAR, "registrar", "performed"),
)
_example(
    "2026-05-05 09:30",
    ANA,
    ParticipantRegistered(
        pregnancy_applicable=True,
        address="12 Chapel Street, Hudson, NY 12534",
        birth_date="1984-02-29",
        id_check="driving-licence",
        language="en",
        name="Ana Almeida",
        phone="+1 518 555 0101",
        pseudonym="P-0142",
        sex="female",
        time_zone=ZONE,
    ),
    (REGISTRAR, "registrar", "performed"),
)
_example(
    "2026-05-05 09:40",
    COUPLE,
    CoupleRegistered(
        code="C-07",
        location=RETREAT,
        sharing_policy="v1",
        started="2026-05-05",
        person_a=ANA,
        person_b=BEN,
    ),
    (REGISTRAR, "registrar", "performed"),
)
_example(
    "2026-05-15 17:10",
    ANA,
    SharingPreferenceRecorded(attendance=True, dose=False, dosed=True, emergency=True, vitals=False, couple=COUPLE),
    (ANA, "participant", "consented"),
)

# Authority

_example(
    "2024-06-01 09:00",
    RN1,
    CredentialGranted(
        credential="licence",
        effective="2024-06-01",
        expires="2027-05-31",
        issued="2024-05-20",
        issuer="New York State Education Department",
        locations=(RETREAT,),
        profession="rn",
        states=("NY",),
        verification="PSV-2024-117",
        number="RN 555 0117",
    ),
    (CREDENTIALS, "credentialing-officer", "verified"),
)
_example(
    "2024-06-01 09:00",
    RETREAT,
    LocationRegistered(
        address="1 Mill Road, Tivoli, NY 12583",
        code="R-1",
        connectivity="cellular",
        dea_from="2024-06-01",
        dea_number="FX0000000",
        dea_to="2027-05-31",
        emergency_resources=("EMS 911", "satellite phone"),
        kind="retreat",
        nearest_ed_min=22,
        state="NY",
        time_zone=ZONE,
    ),
    (COMPLIANCE, "compliance-officer", "verified"),
)
_example(
    "2026-05-16 08:30",
    RETREAT,
    EmergencyReadinessChecked(
        aed_self_test=True,
        bag_valve_mask=True,
        bp_cuffs=("CUFF-1", "CUFF-2"),
        ed_route=True,
        oximeters=("OXI-1", "OXI-2"),
        oxygen=True,
        phone_test=True,
        rescue_lots=("OND-77", "LAB-12"),
        suction=True,
    ),
    (RN1, "nurse", "performed"),
)
_example(
    "2024-06-01 09:00",
    PROTOCOL,
    ProtocolPublished(
        effective="2024-06-01",
        name="KAP-COUPLE-SL",
        parameters=Parameters(),
        rule_set="rules-1",
        version="v1",
    ),
    (DIRECTOR, "medical-director", "approved"),
)
_example(
    "2024-06-01 09:00",
    FORM,
    ConsentFormPublished(form="consent-kap", in_force_from="2024-06-01", text=TEXT, version="v3"),
    (DIRECTOR, "medical-director", "approved"),
)

# Eligibility

_example(
    "2026-05-05 10:00",
    ANA,
    EvaluationCompleted(
        asa_class=1,
        blood_pressure=_bp(118, 76),
        confirmed=None,
        height=168,
        lawful_basis=None,
        modality="in-person",
        outcome="eligible",
        pdmp_checked=True,
        pdmp_checked_at=instant("2026-05-05 09:55"),
        private=True,
        urinary_screened=True,
        valid_until="2026-08-03",
        weight="75.0",
        allergies=(),
        conditions=(),
        contraindications=(),
        cssrs="negative",
        gad7="mild",
        indication="F43.2",
        medicines=("RxNorm 36567",),
        phq9="mild",
        pregnancy=PregnancyStatus(basis="asked", status="not-pregnant"),
    ),
    (MD1, "prescriber", "approved"),
)
_example(
    "2026-05-05 10:20",
    ANA,
    PrivateSafetyScreenCompleted(alone=True, outcome="clear", plan=None),
    (PT1, "therapist", "performed"),
)
_example(
    "2026-05-05 10:30",
    ANA,
    ConsentSigned(
        form="consent-kap",
        text=TEXT,
        version="v3",
        capacity=True,
        scope=ConsentScope(
            data_sharing=False,
            joint=True,
            observers=False,
            off_label_ketamine=True,
            recording=False,
            routes=("sublingual", "intramuscular"),
            solo=True,
            touch=(),
        ),
        valid_until="2027-05-05",
    ),
    (ANA, "participant", "consented"),
    (RN1, "nurse", "witnessed"),
)
_example(
    "2026-05-05 10:40",
    ANA,
    OrderSigned(
        route="sublingual",
        dose_max=_mg("150"),
        dose_min=_mg("50"),
        drug="ketamine",
        form="lozenge",
        max_redoses=1,
        max_session=_mg("300"),
        redose_after_min=45,
        valid_from="2026-05-05",
        valid_to="2026-06-05",
        as_needed=(MedicineAsNeeded(dose="4 mg", medicine="ondansetron", route="oral"),),
        conditions=("fasted", "transport-plan"),
        hold_above=PressureLimit(diastolic=90, systolic=140),
        rescue=("labetalol", "midazolam"),
    ),
    (MD1, "prescriber", "authorised"),
)
_example(
    "2026-05-07 17:00",
    ANA,
    PreparationSessionHeld(
        began=instant("2026-05-07 17:00"), ended=instant("2026-05-07 17:50"), attended=True, private=True
    ),
    (PT1, "therapist", "performed"),
)

# Lifecycle

_example(
    "2026-05-07 18:00",
    SATURDAY,
    SessionScheduled(
        couple=COUPLE,
        course="C-07/1",
        location=RETREAT,
        mode="simultaneous",
        ordinal=1,
        planned_start=instant("2026-05-16 09:30"),
        staff=(OnDuty(role="nurse", staff=RN1), OnDuty(role="prescriber", staff=MD1)),
        person_a=ANA,
        person_b=BEN,
    ),
    (SCHEDULER, "scheduler", "performed"),
)
_example(
    "2026-05-16 09:30",
    SATURDAY,
    SessionOpened(
        location=RETREAT,
        mode="simultaneous",
        prescriber=MD1,
        presence="on-site",
        protocol=reference("protocol-published/1"),
        room=None,
        staff=(OnDuty(role="nurse", staff=RN1), OnDuty(role="prescriber", staff=MD1)),
        role_a="dosing",
        role_b="dosing",
    ),
    (RN1, "nurse", "authorised"),
)
_example(
    "2026-05-16 11:05",
    SATURDAY,
    SessionPhaseChanged(covers=("a", "b"), phase="peak"),
    (PT1, "therapist", "performed"),
)
_example(
    "2026-05-16 13:30",
    SATURDAY,
    SessionClosed(
        stock_balanced=True,
        ended_a="departed",
        ended_b="departed",
        follow_up_booked_a=True,
        follow_up_booked_b=True,
        adverse_events_a=(),
        adverse_events_b=(),
        findings_a=(),
        findings_b=(),
    ),
    (RN1, "nurse", "reviewed"),
    (PT1, "therapist", "reviewed"),
)

# Stock

_example(
    "2026-05-15 16:20",
    OWN_A,
    OwnMedicationCheckedIn(
        code="own-A",
        count="10",
        drug="ketamine",
        expires="2026-11-30",
        form="lozenge",
        lots=("K26-0412",),
        photo=TEXT,
        session=SATURDAY,
        strength=_mg("100"),
        owner=ANA,
        pharmacy="Hudson Compounding Pharmacy",
        prescription="Rx 7741203",
    ),
    (SAT_A, "participant", "relinquished"),
    (RN1, "custodian", "received"),
    (MD1, "prescriber", "observed"),
)
_example(
    "2026-05-17 16:40",
    OWN_A,
    OwnMedicationCheckedOut(count="7", photo=None, session=SUNDAY, owner=ANA),
    (SUN_A, "participant", "received"),
    (RN1, "custodian", "relinquished"),
)

# Arrival

_example(
    "2026-05-16 09:40",
    SAT_A,
    ParticipantCheckedIn(
        arrived="own-vehicle",
        identifiers=("name", "birth-date"),
        last_fluid=instant("2026-05-16 08:45"),
        last_food=instant("2026-05-16 07:10"),
        sleep_h=7,
        contraindications=None,
        medicines=(),
        pregnancy=PregnancyStatus(basis="asked", status="not-pregnant"),
        suicidality="none",
        taken_lately=TakenLately(
            alcohol=False, cannabis=False, maoi=False, opioids=False, sedatives=False, stimulants=False
        ),
        driver=None,
    ),
    (RN1, "nurse", "performed"),
)
_example(
    "2026-05-16 09:50",
    SAT_A,
    PreDoseAssessed(
        anxiety=3,
        blood_pressure=_bp(122, 78),
        cadss6=0,
        confirmed=None,
        cuff="CUFF-1",
        heart_rate=70,
        moaas=5,
        oximeter="OXI-1",
        position="sitting",
        respiratory_rate=14,
        room_air=True,
        spo2=98,
        temperature="36.7",
        weight="75.0",
        not_obtained=(),
    ),
    (RN1, "nurse", "performed"),
)
_example(
    "2026-05-16 09:56",
    SAT_A,
    TransportPlanSigned(
        text=TEXT,
        destination="onsite-lodging",
        expected_at=instant("2026-05-16 13:15"),
        mode="onsite-lodging",
        understands_until=True,
        address=None,
        escort=None,
    ),
    (SAT_A, "participant", "acknowledged"),
    (RN1, "nurse", "witnessed"),
)
_example(
    "2026-05-16 09:56",
    SAT_A,
    NoDrivingAcknowledged(text=TEXT, version="v1", understood=True),
    (SAT_A, "participant", "acknowledged"),
    (RN1, "nurse", "witnessed"),
)

# Dosing

_example(
    "2026-05-16 10:03",
    SAT_A,
    DoseAuthorised(
        route="sublingual",
        mass=_mg("100"),
        order=reference("order-signed/1"),
        valid_from=instant("2026-05-16 10:00"),
        valid_to=instant("2026-05-16 10:20"),
    ),
    (MD1, "prescriber", "authorised"),
)
_example(
    "2026-05-16 10:05",
    SAT_A,
    DosePrepared(
        concentration=None,
        container=OWN_A,
        count_checked=True,
        drawn_from_vial=False,
        expires="2026-11-30",
        label="S:Sat/A/10:05",
        lot="K26-0412",
        mass=_mg("100"),
        units="1",
        volume=None,
        confirmed=None,
    ),
    (RN1, "nurse", "performed"),
)
_example(
    "2026-05-16 10:05",
    SAT_A,
    DoseAdministered(
        container=OWN_A,
        label="S:Sat/A/10:05",
        route="sublingual",
        mass=_mg("100"),
        order=reference("order-signed/1"),
        ordinal=1,
        stopped_at=None,
        units="1",
        volume=None,
        confirmed=None,
        hold_min=12,
        identifiers=("name", "birth-date"),
        self_administered=False,
        site="mouth",
        swallowed=True,
        weight="75.0",
        weight_source="measured",
    ),
    (RN1, "nurse", "performed"),
    (MD1, "prescriber", "witnessed"),
)
_example(
    "2026-05-16 10:51",
    SAT_B,
    DoseOffered(private=True, stage="redose"),
    (RN1, "nurse", "performed"),
)
_example(
    "2026-05-16 10:52",
    SAT_B,
    DoseDeclined(
        note=None,
        pressure_concern=False,
        private=True,
        reason_class="enough",
        role_after="dosing",
        stage="redose",
    ),
    (SAT_B, "participant", "declined"),
    (RN1, "nurse", "observed"),
)

# Supervision

_example(
    "2026-05-16 09:30",
    SATURDAY,
    MonitorAssigned(covers=("a", "b"), in_person=True, monitor=RN1),
    (RN1, "nurse", "received"),
)
_example(
    "2026-05-16 11:05",
    SAT_A,
    SupervisionChecked(
        airway_clear=True,
        blood_pressure=_bp(138, 86),
        cadss6=9,
        confirmed=None,
        cuff="CUFF-1",
        distress=2,
        heart_rate=None,
        moaas=4,
        nausea=1,
        orientation=None,
        oximeter=None,
        posture="lying",
        rass=None,
        respiratory_rate=None,
        room_air=True,
        spo2=None,
        temperature=None,
        toileting_accompanied=None,
        late_reason=None,
        not_obtained=(NotObtained(item="orientation", reason="asleep"),),
    ),
    (RN1, "nurse", "performed"),
)
_example(
    "2026-05-16 12:00",
    SATURDAY,
    MonitorHandover(
        covers=("a", "b"),
        in_person=True,
        incoming=MD1,
        outgoing=RN1,
        overlap_min=5,
        concerns_a=("dissociating",),
        concerns_b=("pressure-borderline",),
        last_check_a=reference("supervision-checked/1"),
        last_check_b=None,
        on_board_a=_mg("150"),
        on_board_b=_mg("100"),
        sbar_a=("stable",),
        sbar_b=("stable",),
    ),
    (RN1, "nurse", "relinquished"),
    (MD1, "prescriber", "received"),
)

# Release

_example(
    "2026-05-16 13:06",
    SAT_A,
    DischargeAssessed(
        aldrete=10,
        aldrete_items=AldreteItems(activity=2, circulation=2, consciousness=2, oxygenation=2, respiration=2),
        blood_pressure=_bp(122, 78),
        cadss6=0,
        confirmed=None,
        cuff="CUFF-1",
        gait_steady=True,
        heart_rate=70,
        heel_toe_steady=True,
        moaas=5,
        nausea=0,
        orientation=4,
        oximeter="OXI-1",
        padss=None,
        rass=None,
        ready_min=105,
        respiratory_rate=14,
        room_air=True,
        spo2=98,
        temperature=None,
        tolerates_fluids=True,
        mood="settled",
        not_obtained=(),
        suicidality="none",
    ),
    (RN1, "nurse", "performed"),
)
_example(
    "2026-05-17 13:08",
    SUN_A,
    EscortVerified(
        adult=True,
        identified=True,
        instructed=True,
        signature=None,
        sober=True,
        escort=DRIVER,
        vehicle="retreat shuttle, NY 555 0144",
    ),
    (RN1, "nurse", "performed"),
)
UNTIL = UntilWhen(at=instant("2026-05-17 10:50"), local="2026-05-17 10:50 EDT")
_example(
    "2026-05-16 13:10",
    SAT_A,
    NoDrivingReleaseSigned(
        instructions="v1",
        no_drive_until=UNTIL,
        text=TEXT,
        keys_secured=True,
        teach_back=True,
        vehicle_on_site=True,
        escort=None,
    ),
    (SAT_A, "participant", "acknowledged"),
    (RN1, "nurse", "witnessed"),
)
_example(
    "2026-05-16 13:12",
    SAT_A,
    ReleaseAuthorised(
        assessment=reference("discharge-assessed/1"),
        contact="+1 518 555 0190",
        instructions="v1",
        no_drive_until=UNTIL,
        disposition="onsite-lodging",
        conditions=("stay-on-site",),
    ),
    (MD1, "prescriber", "authorised-release"),
)
_example(
    "2026-05-16 13:15",
    SAT_A,
    ParticipantDeparted(
        release=reference("release-authorised/1"),
        destination="onsite-lodging",
        mode="onsite-lodging",
        escort=None,
    ),
    (RN1, "nurse", "observed"),
)
_example(
    "2026-05-17 15:40",
    SUN_B,
    TransportPlanDeviationRecorded(
        alternative="shuttle",
        changed=("mode",),
        efforts=("refused",),
        emergency_contact_reached=None,
        requested="own-vehicle",
    ),
    (RN1, "nurse", "performed"),
)

# Afterwards

_example(
    "2026-05-17 09:20",
    SAT_A,
    FollowUpContactMade(
        attempt=1,
        channel="in-person",
        reached=True,
        slept=True,
        urinary_screened=False,
        drove_before_window=False,
        next_step="none",
        suicidality=None,
        symptoms=(),
        urinary_symptoms=None,
    ),
    (RN1, "nurse", "performed"),
)
_example(
    "2026-05-21 18:00",
    SUN_A,
    IntegrationSessionHeld(began=instant("2026-05-21 18:00"), ended=instant("2026-05-21 19:00"), attended=True),
    (PT1, "therapist", "performed"),
)

# Course

_example(
    "2026-05-28 11:00",
    ANA,
    CourseReviewed(
        decision="continue",
        extended_to=None,
        liver_tests_reviewed=True,
        sessions_given=2,
        sessions_planned=6,
        urinary_screened=True,
        couple_satisfaction="satisfied",
        endpoint="couple-satisfaction",
        gad7="mild",
        phq9="minimal",
        urinary_symptoms=False,
    ),
    (MD1, "prescriber", "reviewed"),
)

# Deviations

_example(
    "2026-05-16 09:27",
    SATURDAY,
    AuthorisationOverridden(
        credential="bls", reason="ACLS prescriber in the room throughout", rule="SUP-02", staff=RN1
    ),
    (MD1, "medical-director", "authorised"),
)
_example(
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
# Corrections

_example(
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
_example(
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
_example(
    "2026-05-16 11:10",
    SAT_A,
    EntryVoided(
        reason="entered-in-error", target=reference("dose-administered/1"), note=None, note_a=None, note_b=None
    ),
    (RN1, "nurse", "corrected"),
)
_example(
    "2026-05-16 11:12",
    CORRECTIONS,
    EntryReattributed(created=reference("dose-administered/1"), voided=reference("entry-voided/1")),
    (RN1, "nurse", "corrected"),
)
_example(
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

# Governance

_example(
    "2026-05-18 02:05",
    GOVERNANCE,
    ClockCorrected(
        clock_from=instant("2026-05-19 02:05"), clock_to=instant("2026-05-18 02:05"), reason="wrong-day-set"
    ),
    (OFFICER_1, "security-officer", "performed"),
)

# Erasure

_example(
    "2026-06-20 09:00",
    BEN,
    LegalHoldPlaced(hold="H-2026-03", authority="County court, file 26-118", note=None),
    (PRIVACY, "privacy-officer", "performed"),
)
_example(
    "2026-06-21 10:00",
    BEN,
    ErasureRequested(received_on="2026-06-21", asked_by="person", note=None),
    (PRIVACY, "privacy-officer", "received"),
)
_example(
    "2026-06-22 10:00",
    BEN,
    ErasureRefused(
        request=reference("erasure-requested/1"), basis="legal-hold", not_before="2036-05-22", note="Told by letter."
    ),
    (PRIVACY, "privacy-officer", "reviewed"),
)
_example(
    "2027-01-11 10:00",
    BEN,
    LegalHoldLifted(placed=reference("legal-hold-placed/1"), note=None),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
_example(
    "2036-06-02 10:00",
    BEN,
    SubjectErased(blocks=Counted(count=2, root="5d" * 32)),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)
_example(
    "2046-06-02 10:00",
    GOVERNANCE,
    RetentionEnded(envelopes=Counted(count=2, root="e7" * 32)),
    (PRIVACY, "privacy-officer", "authorised"),
    (OFFICER_1, "security-officer", "approved"),
)

# Devices

_example(
    "2026-05-01 09:00",
    TABLET,
    DeviceEnrolled(code="T-1", kind="tablet"),
    (OFFICER_1, "security-officer", "enrolled"),
)
_example(
    "2026-06-30 17:00",
    TABLET,
    DeviceRevoked(reason="lost"),
    (OFFICER_1, "security-officer", "revoked"),
)
_example(
    "2026-05-18 09:00",
    TABLET,
    SysSyncReceived(first_seq=12, last_seq=61, offered=50, offset_ms=421_000, round_trip_ms=180),
    (SERVICE, "service", "received"),
)
