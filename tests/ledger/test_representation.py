"""Somebody whom the law appointed signs for a participant: as what they are, on these days, and nobody else does."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ledger.audit import Pin, audit
from ledger.audit_report import AuditReport
from ledger.envelope import parse_envelope
from ledger.errors import Refused
from ledger.follow import log_rows
from ledger.record import Recorded
from ledger.represented import with_representation
from ledger.signing import SigningKey
from ledger.store.memory import MemoryStore
from tests.ledger.clinic import ANA, BEN, MD1, ORIGIN, PT1, SLOT_A, Clinic, blank, make
from tests.ledger.events.examples import EXAMPLES
from tests.ledger.test_record import append_behind

KIN = SigningKey(hashlib.sha256(b"TEST ONLY kin of Ana").digest())
TEXT = "0" * 64


class Family(Clinic):
    """Ana has a key of her own, and somebody else has one with which to sign for her."""

    def __init__(self) -> None:
        super().__init__()
        self.open()
        self.recorder.record([self.enrol(ANA)])
        own, self.keys[ANA] = self.keys[ANA], KIN
        self.recorder.record([self.enrol(ANA)])
        self.keys[ANA] = own
        self.own = own

    def appoints(self, **changes: Any) -> Recorded:
        fields = blank("representative-appointed/1") | {
            "document": TEXT,
            "effective": "2026-05-15",
            "key": KIN.kid,
            "basis": "health-care-proxy",
            "name": "Kin of Ana",
        }
        return self.record(
            make("representative-appointed/1", **(fields | changes)), ANA, (MD1, "verified", "registrar")
        )

    def ends(self, appointed: Recorded, day: str) -> Recorded:
        event = make(
            "representation-ended/1",
            appointed={"dig": appointed.dig, "id": appointed.event_id},
            ended=day,
            reason=None,
        )
        return self.record(event, ANA, (MD1, "verified", "registrar"))

    def consents(self, role: str, key: SigningKey = KIN) -> Recorded:
        """Consent for Ana on this key, in this role."""
        self.keys[ANA] = key
        try:
            return self.record(EXAMPLES["consent-signed/1"].event, ANA, (ANA, "consented", role))
        finally:
            self.keys[ANA] = self.own

    def acknowledges(self, role: str) -> Recorded:
        """In the session, on the key of her slot."""
        event = EXAMPLES["no-driving-acknowledged/1"].event
        return self.record(event, SLOT_A, (SLOT_A, "acknowledged", role))


@pytest.fixture
def family() -> Family:
    return Family()


def refused(family: Family, act: Any, *given: Any) -> Refused:
    before = family.store.head()
    with pytest.raises(Refused) as caught:
        act(*given)
    assert family.store.head() == before
    return caught.value


def test_whom_the_law_appointed_signs_as_representative_and_it_shows(family: Family) -> None:
    family.appoints()

    consent = family.consents("representative")

    row = family.store.row(consent.position)
    assert row is not None and b'"role":"representative"' in _payload(row)


def test_nobody_signs_as_representative_without_an_appointment(family: Family) -> None:
    refusal = refused(family, family.consents, "representative")

    assert (refusal.code, refusal.field) == ("not-representative", "attested[0]")
    assert refusal.remedy


def test_a_representative_never_signs_as_the_person_and_the_person_never_as_representative(family: Family) -> None:
    family.appoints()

    assert refused(family, family.consents, "participant").code == "not-representative"
    assert refused(family, family.consents, "representative", family.own).code == "not-representative"
    family.consents("participant", family.own)


@pytest.mark.parametrize(
    "days",
    [
        {"effective": "2026-05-16"},
        {"effective": "2026-05-01", "expires": "2026-05-14"},
    ],
    ids=["not yet", "no longer"],
)
def test_an_appointment_holds_on_its_days_alone(family: Family, days: dict[str, str]) -> None:
    family.appoints(**days)

    assert refused(family, family.consents, "representative").code == "not-representative"


def test_the_first_and_the_last_day_are_among_them(family: Family) -> None:
    family.appoints(effective="2026-05-15", expires="2026-05-15")

    family.consents("representative")


def test_an_appointment_that_was_ended_or_voided_holds_no_more(family: Family) -> None:
    family.ends(family.appoints(), "2026-05-15")
    assert refused(family, family.consents, "representative").code == "not-representative"

    again = family.appoints()
    family.consents("representative")
    target = {"dig": again.dig, "id": again.event_id}
    void = make("entry-voided/1", **blank("entry-voided/1") | {"reason": "other", "target": target})
    voided = family.record(void, ANA, (MD1, "corrected", "registrar"))
    confirmed = {"dig": voided.dig, "id": voided.event_id}
    fields = blank("countersignature-given/1") | {"gives": "reviewed", "target": confirmed, "verdict": "confirms"}
    family.record(make("countersignature-given/1", **fields), ANA, (PT1, "countersigned", "therapist"))
    assert refused(family, family.consents, "representative").code == "not-representative"


def test_in_a_session_a_representative_signs_with_the_key_of_the_slot(family: Family) -> None:
    assert refused(family, family.acknowledges, "representative").code == "not-representative"
    family.appoints()

    family.acknowledges("representative")
    family.acknowledges("participant")


def test_an_appointment_is_for_one_person_alone(family: Family) -> None:
    family.appoints()
    family.recorder.record([family.enrol(BEN)])
    event = EXAMPLES["consent-signed/1"].event

    with pytest.raises(Refused) as caught:
        family.record(event, BEN, (BEN, "consented", "representative"))
    assert caught.value.code == "not-representative"


def _payload(row: Any) -> bytes:

    return parse_envelope(row.envelope).payload_bytes


# -- keys that do not count, and the whole log asked again -----------------------------------------------


def stolen(family: Family, owner: str, suspect_from: int | None) -> Recorded:
    event = make("key-revoked/1", key=family.keys[owner].kid, reason="stolen", suspect_from=suspect_from)
    return family.record(event, "keys", (PT1, "revoked", "security-officer"))


def renewed(family: Family, owner: str) -> None:
    family.keys[owner] = SigningKey(hashlib.sha256(f"TEST ONLY {owner}, renewed".encode()).digest())
    family.recorder.record([family.enrol(owner)])


def test_an_appointment_by_a_stolen_key_gives_no_right_and_a_new_one_gives_it_back(family: Family) -> None:
    appointed = family.appoints()
    family.consents("representative")
    stolen(family, MD1, appointed.position)

    assert refused(family, family.consents, "representative").code == "not-representative"
    renewed(family, MD1)
    family.appoints()
    family.consents("representative")


def test_an_appointment_from_before_the_suspicion_holds(family: Family) -> None:
    appointed = family.appoints()
    stolen(family, MD1, appointed.position + 1)

    family.consents("representative")


def test_an_ending_is_heeded_even_if_a_stolen_key_signed_it(family: Family) -> None:
    ended = family.ends(family.appoints(), "2026-05-15")
    stolen(family, MD1, ended.position)

    assert refused(family, family.consents, "representative").code == "not-representative"


def test_an_appointment_that_is_ended_in_the_same_request_holds_no_more(family: Family) -> None:
    appointed = family.appoints()
    event = make(
        "representation-ended/1",
        appointed={"dig": appointed.dig, "id": appointed.event_id},
        ended="2026-05-15",
        reason=None,
    )
    family.keys[ANA] = KIN
    consent = EXAMPLES["consent-signed/1"].event
    both = [
        family.submission(event, ANA, [(MD1, "verified", "registrar")]),
        family.submission(consent, ANA, [(ANA, "consented", "representative")]),
    ]

    with pytest.raises(Refused) as caught:
        family.recorder.record(both)
    assert caught.value.code == "not-representative"


def whole(family: Family) -> AuditReport:
    """The audit, and then what the records say about representatives."""
    row = family.store.row(0)
    assert row is not None
    pin = Pin(ORIGIN, str(family.signer.vkey), row.leaf)
    audited = audit(log_rows(family.store, family.subject_keys), family.store.checkpoints(), pin)
    return with_representation(family.store, audited)


def test_a_log_in_which_everybody_had_been_appointed_by_then_holds(family: Family) -> None:
    appointed = family.appoints()
    at = [family.consents("representative").position, family.acknowledges("representative").position]
    family.ends(appointed, "2026-05-15")
    stolen(family, MD1, appointed.position)

    report = whole(family)

    assert set(at) <= set(report.for_persons)
    assert (report.problems, report.unplaced) == ((), ())


@pytest.mark.parametrize("appointed", [True, False])
def test_what_another_hand_wrote_into_the_log_for_somebody_is_named_by_its_position(
    family: Family, appointed: bool
) -> None:
    if appointed:
        family.ends(family.appoints(), "2026-05-15")
    family.keys[ANA] = KIN
    position = append_behind(
        family,
        family.submission(EXAMPLES["consent-signed/1"].event, ANA, [(ANA, "consented", "representative")]),
    )

    found = [(each.position, each.question, each.code) for each in whole(family).problems]

    assert (position, "keys", "not-representative") in found


def test_who_was_in_a_slot_that_nobody_can_tell_is_said_and_not_guessed(family: Family) -> None:
    family.appoints()
    position = family.acknowledges("representative").position
    report = whole(family)

    class Untied(MemoryStore):
        """The same store, whose index says of no slot who was in it."""

        def subject_of(self, stream: str, block_name: str) -> str | None:
            return None

    family.store.__class__ = Untied
    assert with_representation(family.store, report).unplaced == (position,)
