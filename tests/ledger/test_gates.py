"""Gates: what is asked before an authorisation, under the lock; facts never pass one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from ledger.encoding import from_instant, to_instant
from ledger.errors import Refused
from ledger.events.base import Event
from ledger.follow import events_from
from ledger.gate import Gate, Objection
from ledger.payload import Occurred, Payload
from ledger.reading import PlacedEvent
from ledger.record import Recorder
from projections.compliance.gates import gates
from projections.compliance.reader import Compliance
from projections.compliance.rules.release.rel_01 import rel_01
from projections.compliance.rules.release.rel_07 import rel_07
from tests.ledger.clinic import (
    ANA,
    BEN,
    MD1,
    PLACE,
    RN1,
    SESSION,
    SLOT_A,
    SLOT_B,
    Clinic,
    blank,
    dose,
    make,
    uuid,
)

NURSE, DOCTOR = (RN1, "performed", "nurse"), (MD1, "authorised-release", "prescriber")
PARTNER = {"name": "Ben", "person": None, "phone": None, "relationship": "partner", "staff": None}
SISTER = {**PARTNER, "name": "Kim", "relationship": "family"}


class Guarded(Clinic):
    """A clinic whose recorder asks REL-01 and REL-07, and no other rule; or the gates a test gives it."""

    gates: Sequence[Gate] | None = None

    def restart(self) -> Recorder:
        self.compliance = Compliance(self.store, self.subject_keys, (rel_01, rel_07))
        asked = gates(self.compliance) if self.gates is None else self.gates
        self.recorder = Recorder(
            self.store, self.head_store, (self.signer,), self.subject_keys, self.clock, self.entropy, asked
        )
        return self.recorder

    def opens(self, **figures: Any) -> Guarded:
        """A protocol is published, and the session opened under it."""
        self.open()
        published = make(
            "protocol-published/1",
            effective="2026-05-01",
            name="KAP-COUPLE-SL",
            parameters=figures,
            rule_set="rules-1",
            version="v1",
        )
        recorded = self.record(published, f"protocol/{uuid(51)}", (MD1, "approved", "medical-director"))
        opened = make(
            "session-opened/1",
            location=PLACE,
            mode="simultaneous",
            prescriber=MD1,
            presence="on-site",
            protocol={"dig": recorded.dig, "id": recorded.event_id},
            role_a="dosing",
            role_b="dosing",
            room=None,
            staff=[],
        )
        self.record(opened, SESSION, (RN1, "authorised", "nurse"))
        return self

    def wait(self, **step: float) -> None:
        self.clock.forward(**step)

    def verifies(self, escort: dict[str, Any], slot: str = SLOT_A, **changes: Any) -> int:
        fields = {"adult": True, "identified": True, "instructed": True, "sober": True, "signature": None}
        event = make("escort-verified/1", **(fields | {"escort": escort, "vehicle": None} | changes))
        return self.record(event, slot, NURSE).position

    def releases(self, slot: str = SLOT_A, disposition: str = "home-with-escort", **changes: Any) -> int:
        return self.record(release(disposition), slot, DOCTOR, **changes).position

    def leaves(self, escort: dict[str, Any] | None, slot: str = SLOT_A) -> int:
        event = make("participant-departed/1", release=None, destination="home", mode="escort-car", escort=escort)
        return self.record(event, slot, (RN1, "observed", "nurse")).position

    def verdict(self, rule: str, slot: str = "a") -> str:
        (found,) = [
            finding
            for finding in self.compliance.findings(SESSION, as_of=to_instant(self.clock.now))
            if (finding.rule, finding.slot) == (rule, slot)
        ]
        return found.verdict


def release(disposition: str = "home-with-escort") -> Event:
    until = {"at": "2026-05-16T16:00:00.000000Z", "local": "2026-05-16 12:00 EDT"}
    return make(
        "release-authorised/1",
        assessment=None,
        contact="+15550190",
        instructions="v1",
        no_drive_until=until,
        disposition=disposition,
        conditions=[],
    )


@pytest.fixture
def house() -> Guarded:
    return Guarded().opens()


# -- the hook


class Says:
    """A gate that says these things, and remembers what it was asked."""

    def __init__(self, *objections: Objection) -> None:
        self.said = objections
        self.asked: list[tuple[Event, Payload, str, tuple[PlacedEvent, ...]]] = []

    def objections(
        self, event: Event, payload: Payload, received_at: str, beside: Sequence[PlacedEvent] = ()
    ) -> Sequence[Objection]:
        self.asked.append((event, payload, received_at, tuple(beside)))
        return self.said if event.type.startswith("release") else ()


def with_gates(*asked: Gate) -> Guarded:
    house = Guarded()
    house.gates = asked
    house.restart()
    return house.opens()


NO = Objection("X-01", "1", "This is not done here.", (3,), "prescriber")
NEVER = Objection("X-02", "1", "Never.", (4,), None)


def test_every_gate_is_asked_and_the_refusal_carries_all_objections() -> None:
    house = with_gates(Says(NO), Says(), Says(NEVER, NO))
    size = house.store.head().size

    with pytest.raises(Refused, match=r"X-01: This is not done here\. X-02: Never\.") as refused:
        house.releases()

    assert refused.value.code == "gate-closed"
    assert refused.value.objections == (NO, NEVER, NO)
    assert house.store.head().size == size


def test_only_authorisations_are_asked_about() -> None:
    gate = Says(NO)
    house = with_gates(gate)
    house.dose()
    house.leaves(None)

    assert {event.type for event, *_ in gate.asked} == {"session-opened/1"}
    assert all(type(event).AUTHORISES for event, *_ in gate.asked)


def test_a_gate_is_told_when_it_would_be_recorded_and_what_is_recorded_beside_it() -> None:
    gate = Says()
    house = with_gates(gate)
    together = [house.submission(dose(), SLOT_A, [NURSE]), house.submission(release(), SLOT_A, [DOCTOR])]
    results = house.recorder.record(together)

    event, payload, received_at, beside = gate.asked[-1]
    assert (event.type, payload.id, received_at) == (
        "release-authorised/1",
        results[1].event_id,
        to_instant(house.clock.now),
    )
    assert [(placed.position, placed.event.type) for placed in beside] == [(results[0].position, "dose-administered/1")]


def test_a_refused_authorisation_takes_its_whole_group_back() -> None:
    house = with_gates(Says(NO))
    size = house.store.head().size
    together = [house.submission(dose(), SLOT_A, [NURSE]), house.submission(release(), SLOT_A, [DOCTOR])]

    with pytest.raises(Refused, match="X-01"):
        house.recorder.record(together)

    assert house.store.head().size == size
    house.dose()


def test_handed_in_again_a_recorded_release_passes_no_gate_anew(house: Guarded) -> None:
    house.dose()
    house.wait(hours=2)
    house.verifies(SISTER)
    submission = house.submission(release(), SLOT_A, [DOCTOR])
    first = house.recorder.record([submission])[0]
    house.dose(SLOT_A, ordinal=2)

    again = house.recorder.record([submission])[0]

    assert (again.repeated, again.position) == (True, first.position)


def test_other_refusals_carry_no_objections(house: Guarded) -> None:
    house.dose()
    house.leaves(SISTER)

    with pytest.raises(Refused) as refused:
        house.releases()

    assert (refused.value.code, refused.value.objections) == ("session-state", ())


# -- REL-01 at the gate


def test_a_release_at_the_end_of_the_minimum_passes_and_a_second_earlier_does_not(house: Guarded) -> None:
    dosed = house.dose().position
    house.verifies(SISTER)
    house.clock.now = at_the_dose(house, dosed) + timedelta(minutes=120, seconds=-1)

    with pytest.raises(Refused) as refused:
        house.releases(occurred=exactly(house.clock.now))
    (objection,) = refused.value.objections
    assert (objection.rule, objection.version, objection.override) == ("REL-01", "1", "prescriber")
    assert "119 min 59 s after the last dose" in objection.message
    assert objection.evidence == (dosed,)

    house.wait(seconds=1)
    house.releases(occurred=exactly(house.clock.now))
    assert house.verdict("REL-01") == "met"


def at_the_dose(house: Guarded, position: int) -> datetime:
    (placed,) = events_from(house.store, None, position, 1)
    return from_instant(placed.payload.occurred.at)


def exactly(moment: datetime) -> Occurred:
    return Occurred(at=to_instant(moment), offset=-240, precision="s", zone="America/New_York")


def test_a_release_dated_ahead_is_asked_as_of_its_receipt(house: Guarded) -> None:
    house.dose()
    house.verifies(SISTER)
    house.wait(minutes=60)

    with pytest.raises(Refused, match="REL-01"):
        house.releases(occurred=exactly(house.clock.now + timedelta(hours=2)))


def test_a_dose_handed_in_together_with_the_release_is_seen_by_the_gate(house: Guarded) -> None:
    house.dose()
    house.wait(hours=2)
    house.verifies(SISTER)
    together = [house.submission(dose(ordinal=2), SLOT_A, [NURSE]), house.submission(release(), SLOT_A, [DOCTOR])]

    with pytest.raises(Refused) as refused:
        house.recorder.record(together)

    assert [objection.rule for objection in refused.value.objections] == ["REL-01"]
    assert refused.value.objections[0].evidence[-1] == house.store.head().size


def test_the_partners_last_dose_closes_nobody_elses_gate(house: Guarded) -> None:
    house.dose(SLOT_A)
    house.wait(hours=2)
    house.dose(SLOT_B)
    house.verifies(SISTER)

    house.releases(SLOT_A)


def test_an_early_release_that_was_recorded_does_not_close_the_gate_to_a_later_one() -> None:
    house = Guarded().opens()
    house.gates = ()
    house.restart()
    house.dose()
    house.verifies(SISTER)
    house.releases()
    house.gates = None
    house.restart()
    house.wait(hours=2)

    house.releases()

    assert house.verdict("REL-01") == "breached"


def test_somebody_who_was_not_dosed_is_released_at_once(house: Guarded) -> None:
    house.releases(SLOT_B, "not-dosed")


def test_to_a_hospital_there_is_no_minimum_and_no_escort(house: Guarded) -> None:
    house.dose()

    house.releases(disposition="hospital")


def test_without_a_published_protocol_the_gate_stays_closed() -> None:
    house = Guarded()
    house.open()
    opened = make(
        "session-opened/1",
        **(
            blank("session-opened/1")
            | {
                "location": PLACE,
                "mode": "simultaneous",
                "presence": "on-site",
                "protocol": {"dig": "0" * 64, "id": house.event_id()},
            }
        ),
    )
    house.record(opened, SESSION, (RN1, "authorised", "nurse"))
    house.dose()
    house.wait(hours=3)

    with pytest.raises(Refused, match="no published protocol") as refused:
        house.releases()

    assert [o.rule for o in refused.value.objections] == ["REL-01", "REL-07"]
    house.releases(SLOT_B, "not-dosed")


# -- REL-07 at the gate


def test_without_a_verified_escort_nobody_is_released_home_and_a_prescriber_may_override(house: Guarded) -> None:
    house.dose()
    house.wait(hours=3)

    with pytest.raises(Refused) as refused:
        house.releases()

    (objection,) = refused.value.objections
    assert (objection.rule, objection.override) == ("REL-07", "prescriber")
    assert "no escort was verified" in objection.message


def test_the_dosed_partner_is_no_escort_and_nobody_may_override(house: Guarded) -> None:
    ana = house.dose(SLOT_A).position
    ben = house.dose(SLOT_B).position
    house.wait(hours=3)
    escort = house.verifies(PARTNER)

    with pytest.raises(Refused) as refused:
        house.releases()

    (objection,) = refused.value.objections
    assert (objection.rule, objection.override) == ("REL-07", None)
    assert "the escort is B, dosed at" in objection.message
    assert objection.evidence == (ana, ben, escort)


def test_what_happens_all_the_same_is_recorded_and_is_a_finding(house: Guarded) -> None:
    house.dose(SLOT_A)
    house.dose(SLOT_B)
    house.wait(hours=3)
    house.verifies(PARTNER)
    with pytest.raises(Refused):
        house.releases()
    assert house.verdict("REL-07") == "not-applicable"

    house.leaves(PARTNER)

    assert house.verdict("REL-07") == "breached"
    assert house.verdict("REL-01") == "met"


def test_the_sober_partner_may_take_them_home(house: Guarded) -> None:
    house.dose(SLOT_A)
    house.wait(hours=3)
    house.verifies({**PARTNER, "person": BEN})

    house.releases(disposition="sober-partner")
    house.leaves({**PARTNER, "person": BEN})

    assert house.verdict("REL-07") == "met"


def test_every_closed_gate_is_named_not_only_the_first(house: Guarded) -> None:
    house.dose()
    house.wait(minutes=30)
    house.verifies(SISTER, sober=False)

    with pytest.raises(Refused) as refused:
        house.releases()

    assert [objection.rule for objection in refused.value.objections] == ["REL-01", "REL-07"]


def test_an_escort_whose_record_was_erased_is_not_taken_for_sober(house: Guarded) -> None:
    house.dose()
    house.wait(hours=3)
    house.verifies(SISTER)
    for owner in (ANA, BEN):
        house.subject_keys.destroy(owner)
    house.compliance.forget()

    with pytest.raises(Refused, match="cannot be read") as refused:
        house.releases(disposition="home-with-escort")

    assert [o.rule for o in refused.value.objections] == ["REL-07"]


def test_a_page_can_ask_beforehand_what_would_be_objected(house: Guarded) -> None:
    house.dose()
    house.wait(minutes=30)

    def asked(**how: Any) -> list[str]:
        now = to_instant(house.clock.now)
        return [o.rule for o in house.compliance.release_objections(SESSION, "a", as_of=now, **how)]

    assert asked() == ["REL-01", "REL-07"]
    assert asked(disposition="onsite-lodging") == ["REL-01"]
    house.verifies(SISTER)
    house.wait(hours=2)
    assert asked() == []


def test_a_reader_that_asks_all_the_time_never_stands_in_the_writers_way(house: Guarded) -> None:
    stop = threading.Event()
    failed: list[BaseException] = []

    def asking() -> None:
        try:
            while not stop.is_set():
                house.compliance.findings(SESSION, as_of="2026-05-16T12:00:00.000000Z")
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    readers = [threading.Thread(target=asking) for _ in range(3)]
    for reader in readers:
        reader.start()
    house.dose()
    house.verifies(SISTER)
    for _ in range(10):
        house.check()
        with pytest.raises(Refused):
            house.releases()
    house.wait(hours=2)
    house.releases()
    stop.set()
    for reader in readers:
        reader.join(10)

    assert not failed
    assert house.verdict("REL-01") == "met"


# -- overrides


def overridden(
    house: Guarded, rule: str, slot: str = SLOT_A, permits: str = "release", role: str = "prescriber"
) -> int:
    event = make(
        "rule-overridden-for-partner/1", evidence=[], permits=permits, reason="Her sister is a nurse.", rule=rule
    )
    return house.record(event, slot, (MD1, "authorised", role)).position


def test_an_override_for_one_partner_opens_the_gate_of_that_rule_and_the_finding_is_declared(house: Guarded) -> None:
    house.record(dose(), SLOT_A, NURSE)
    house.wait(minutes=30)
    house.verifies(SISTER)
    with pytest.raises(Refused) as refused:
        house.releases()
    assert [objection.rule for objection in refused.value.objections] == ["REL-01"]

    given = overridden(house, "REL-01")
    house.releases()

    (found,) = [
        f
        for f in house.compliance.findings(SESSION, as_of=to_instant(house.clock.now))
        if f.rule == "REL-01" and f.slot == "a"
    ]
    assert (found.verdict, found.declared_by) == ("breached", given)


@pytest.mark.parametrize(
    "other",
    [{"slot": SLOT_B}, {"rule": "REL-07"}, {"permits": "dose"}, {"role": "medical-director"}],
    ids=lambda each: next(iter(each)),
)
def test_an_override_for_the_other_partner_another_rule_or_a_dose_or_in_another_role_opens_nothing(
    house: Guarded, other: dict[str, str]
) -> None:
    house.record(dose(), SLOT_A, NURSE)
    house.wait(minutes=30)
    house.verifies(SISTER)
    overridden(house, **({"rule": "REL-01"} | other))

    with pytest.raises(Refused, match="REL-01"):
        house.releases()


def test_nobody_overrides_a_dosed_partner_as_escort(house: Guarded) -> None:
    house.record(dose(), SLOT_A, NURSE)
    house.record(dose(), SLOT_B, NURSE)
    house.wait(hours=3)
    house.verifies(PARTNER)
    overridden(house, "REL-07")

    with pytest.raises(Refused) as refused:
        house.releases()
    assert [(o.rule, o.override) for o in refused.value.objections] == [("REL-07", None)]
