"""What is there before the first patient arrives: keys, people, places, protocols."""

from __future__ import annotations

from ledger.events.authority import (
    ConsentFormPublished,
    CredentialGranted,
    EmergencyReadinessChecked,
    LocationRegistered,
    ProtocolPublished,
)
from ledger.events.choices import Choices, GroupRatio, Parameters2, ProtocolPublished2
from ledger.events.keys import KeyEnrolled, KeyRevoked, LedgerOpened, LogKeyAdded, LogKeyRetired
from ledger.events.parameters import Parameters
from ledger.events.people import (
    CoupleDissolved,
    CoupleReformed,
    CoupleRegistered,
    ParticipantRegistered,
    SharingPreferenceRecorded,
    StaffRegistered,
)
from tests.ledger.events.example_making import (
    ANA,
    BEN,
    COMPLIANCE,
    COUPLE,
    CREDENTIALS,
    DIRECTOR,
    FORM,
    LOG_KEY,
    OFFICER_1,
    OFFICER_2,
    PROTOCOL,
    REGISTRAR,
    RETREAT,
    RN1,
    TEXT,
    ZONE,
    example,
    key_of,
    listed,
    reference,
)

# Keys

example(
    "2024-06-01 08:00",
    "keys",
    LedgerOpened(
        continues=None,
        keys=(listed(OFFICER_1), listed(OFFICER_2)),
        log_keys=(LOG_KEY,),
        organisation="Example Clinic (test only)",
    ),
    (OFFICER_1, "security-officer", "opened"),
    (OFFICER_2, "security-officer", "opened"),
)
example(
    "2024-06-01 08:30",
    "keys",
    KeyEnrolled(alg="ed25519", custody="device", officer=False, owner=RN1, pub=key_of(RN1).public.hex()),
    (RN1, "nurse", "possession"),
    (OFFICER_1, "security-officer", "enrolled"),
)
example(
    "2027-06-01 08:30",
    "keys",
    KeyRevoked(key=key_of(RN1).kid, reason="left-the-clinic", suspect_from=None),
    (OFFICER_1, "security-officer", "revoked"),
)
example("2026-12-01 09:00", "keys", LogKeyAdded(vkey=LOG_KEY), (OFFICER_1, "security-officer", "enrolled"))
example("2026-12-02 09:00", "keys", LogKeyRetired(vkey=LOG_KEY), (OFFICER_1, "security-officer", "revoked"))

# People

example(
    "2024-06-01 09:00",
    RN1,
    StaffRegistered(agreement=TEXT, code="RN1", name="Rosa Núñez"),
    (REGISTRAR, "registrar", "performed"),
)
example(
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
example(
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
example(
    "2026-05-15 17:10",
    ANA,
    SharingPreferenceRecorded(attendance=True, dose=False, dosed=True, emergency=True, vitals=False, couple=COUPLE),
    (ANA, "participant", "consented"),
)
example(
    "2028-03-01 10:00",
    COUPLE,
    CoupleDissolved(ended="2028-03-01", sharing="ends"),
    (REGISTRAR, "registrar", "performed"),
)
example(
    "2028-09-04 10:00",
    COUPLE,
    CoupleReformed(dissolved=reference("couple-dissolved/1"), sharing_policy="v2", started="2028-09-04"),
    (REGISTRAR, "registrar", "performed"),
)

# Authority

example(
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
example(
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
example(
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
example(
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
example(
    "2024-06-01 09:00",
    FORM,
    ConsentFormPublished(form="consent-kap", in_force_from="2024-06-01", text=TEXT, version="v3"),
    (DIRECTOR, "medical-director", "approved"),
)
example(
    "2026-11-01 09:00",
    PROTOCOL,
    ProtocolPublished2(
        effective="2026-11-01",
        name="KAP-COUPLE-SL",
        parameters=Parameters2(
            choices=Choices(
                group_ratios=(GroupRatio(persons=3, up_to_mg="100"),),
                pdmp_states=("NY", "UT"),
                serious_regime="rems",
            )
        ),
        rule_set="rules-1",
        version="v2",
    ),
    (DIRECTOR, "medical-director", "approved"),
)
