"""Batches of offline days: a result for each item, the clock of the device, and its checkpoint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.bracket import root_of_first
from ledger.encoding import to_base64, to_instant
from ledger.envelope import parse_envelope, sign
from ledger.events.devices import SysSyncReceived
from ledger.follow import events_from
from ledger.payload import Seen
from ledger.reading import PlacedEvent
from ledger.record import Submission
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from tests.api.web.practice import Practice, Screen, handed, item
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SESSION, check, make, uuid
from tests.ledger.tablets import Tablet

TABLET = f"device/{uuid(81)}"


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return Tablet(practice.clinic, TABLET)


@pytest.fixture
def with_own_key(practice: Practice) -> Practice:
    """The service has a key of its own, approved by PT1."""
    officer = practice.at(PT1, "prescriber")
    asked = officer.post("/v1/service-key")
    assert asked.status_code == 201, asked.json()
    done = officer.post(f"/v1/enrolments/{asked.json()['id']}/approval", practice.approvals(asked.json()["items"]))
    assert done.json()["state"] == "recorded"
    return practice


def sends(screen: Screen, submissions: list[Submission], tablet: Tablet | None = None, **also: Any) -> dict[str, Any]:
    """The answer to a batch; with a tablet, its clock's reading goes with it."""
    body: dict[str, Any] = {"items": [handed(each) for each in submissions], **also}
    if tablet is not None:
        body["sync"] = {"device": tablet.id, "clock": to_instant(tablet.now), "round_trip_ms": 40}
    answer = screen.post("/v1/batches", body)
    assert answer.status_code == 200, answer.json()
    said: dict[str, Any] = answer.json()
    return said


def syncs(practice: Practice) -> list[PlacedEvent]:
    placed = events_from(practice.opened.store, None, 0, practice.size)
    return [each for each in placed if isinstance(each.event, SysSyncReceived)]


def test_each_item_has_its_own_result_in_its_place(practice: Practice, tablet: Tablet) -> None:
    nurse = practice.at()
    first = tablet.writes()
    number = parse_envelope(first.envelope).payload.id
    other = tablet.writes(check(200, 100), id=number)
    unknown = tablet.writes(stream=f"session/{uuid(99)}/a")
    sends(nurse, [first])

    answer = sends(nurse, [first, other, unknown, tablet.writes()])

    assert [(each["status"], each["result"]) for each in answer["items"]] == [
        (200, "repeated"),
        (409, "kept-for-alarm"),
        (409, "refused"),
        (201, "recorded"),
    ]
    assert answer["items"][1]["problem"]["code"] == "id-used"
    assert answer["items"][0]["receipt"].startswith("c2sp.org/tlog-proof@v1")


def test_a_batch_sent_again_gives_the_first_receipts_places_and_times(practice: Practice, tablet: Tablet) -> None:
    nurse = practice.at()
    batch = [tablet.writes() for _ in range(5)]
    once = sends(nurse, batch)["items"]
    practice.clinic.clock.forward(minutes=1)
    again = sends(nurse, batch)["items"]

    for one, other in zip(once, again, strict=True):
        assert {k: one[k] for k in ("position", "received_at", "dig")} == {
            k: other[k] for k in ("position", "received_at", "dig")
        }


def test_500_items_at_once(practice: Practice, tablet: Tablet) -> None:
    answer = sends(practice.at(), [tablet.writes() for _ in range(500)])

    assert {each["result"] for each in answer["items"]} == {"recorded"}
    positions = [each["position"] for each in answer["items"]]
    assert positions == sorted(set(positions))


def test_the_two_enrolments_of_a_sessions_slots_may_stand_apart_in_a_batch(practice: Practice, tablet: Tablet) -> None:
    clinic = practice.clinic
    session = f"session/{uuid(77)}"
    planned = make(
        "session-scheduled/1",
        couple=f"couple/{uuid(21)}",
        course=None,
        location=f"location/{uuid(22)}",
        mode="simultaneous",
        ordinal=2,
        planned_start=to_instant(clinic.clock.now),
        staff=[],
        person_a=f"person/{uuid(11)}",
        person_b=f"person/{uuid(12)}",
    )
    enrolments = []
    for slot in "ab":
        payload, key = practice.possession(f"{session}/{slot}")
        enrolments.append(Submission(sign(payload, [key, clinic.keys[PT1]]).raw))
    schedule = clinic.submission(planned, session, [(MD1, "performed", "scheduler")])

    answer = sends(practice.at(), [schedule, enrolments[0], tablet.writes(), enrolments[1]])

    assert [each["result"] for each in answer["items"]] == ["recorded"] * 4


def test_what_the_clock_showed_is_recorded_before_what_the_device_brought(
    with_own_key: Practice, tablet: Tablet
) -> None:
    tablet.ahead = timedelta(minutes=7)
    nurse = with_own_key.at()
    batch = [tablet.writes(), tablet.writes()]
    with_own_key.clinic.clock.forward(minutes=1)

    answer = sends(nurse, batch, tablet)

    (sync,) = syncs(with_own_key)
    assert isinstance(sync.event, SysSyncReceived)
    assert answer["sync"] == {"position": sync.position, "offset_ms": 420_000}
    assert [each["position"] for each in answer["items"]] == [sync.position + 1, sync.position + 2]
    assert sync.stream == TABLET
    assert (sync.event.first_seq, sync.event.last_seq, sync.event.offered) == (1, 2, 2)
    assert sync.event.round_trip_ms == 40
    assert sync.payload.attested[0].by.startswith("service/")


def test_a_batch_sent_again_is_not_heard_again(with_own_key: Practice, tablet: Tablet) -> None:
    nurse = with_own_key.at()
    batch = [tablet.writes()]
    sends(nurse, batch, tablet)

    assert sends(nurse, batch, tablet)["sync"] is None
    assert len(syncs(with_own_key)) == 1


def test_without_a_key_of_its_own_the_service_records_everything_and_says_nothing_of_clocks(
    practice: Practice, tablet: Tablet
) -> None:
    answer = sends(practice.at(), [tablet.writes()], tablet)

    assert answer["sync"] is None
    assert answer["items"][0]["result"] == "recorded"


@pytest.mark.parametrize("clock", ["yesterday", "2026-02-30T00:00:00.000000Z", None])
def test_a_clock_that_cannot_be_read_is_unknown_and_refuses_nothing(
    with_own_key: Practice, tablet: Tablet, clock: str | None
) -> None:
    sync = {"device": tablet.id, "clock": clock}
    answer = sends(with_own_key.at(), [tablet.writes()], sync=sync)

    assert answer["sync"]["offset_ms"] is None
    assert answer["items"][0]["result"] == "recorded"


def test_a_checkpoint_of_this_log_agrees(practice: Practice, tablet: Tablet) -> None:
    note = practice.opened.store.latest_checkpoint()
    assert note is not None

    answer = sends(practice.at(), [tablet.writes()], checkpoint=note.decode())

    assert answer["checkpoint"] == {"agrees": True}


def test_a_checkpoint_that_nobody_here_signed_says_nothing(practice: Practice, tablet: Tablet) -> None:
    answer = sends(practice.at(), [tablet.writes()], checkpoint="nonsense\n")

    assert answer["checkpoint"]["agrees"] is False
    assert answer["items"][0]["result"] == "recorded"


def test_a_checkpoint_of_another_history_under_our_key_stops_the_signing_and_the_batch_stays_with_the_tablet(
    practice: Practice, tablet: Tablet
) -> None:
    nurse = practice.at()
    note = sign_checkpoint(Checkpoint(ORIGIN, 5, b"\1" * 32), (practice.clinic.signer,)).decode()
    items = [handed(tablet.writes())]
    size = practice.size

    answer = nurse.post("/v1/batches", {"items": items, "checkpoint": note})

    assert (answer.status_code, answer.json()["code"]) == (500, "two-histories")
    again = nurse.post("/v1/batches", {"items": items})
    assert again.status_code == 500 and again.json()["code"] == "two-histories"
    assert practice.size == size


def test_findings_name_the_device_the_clock_and_a_contradiction(with_own_key: Practice, tablet: Tablet) -> None:
    tablet.ahead = timedelta(minutes=7)
    nurse = with_own_key.at()
    store = with_own_key.opened.store
    good = Seen(root=root_of_first(5, store.read_tile).hex(), size=5)
    sends(nurse, [tablet.writes(seen=good), tablet.writes(seen=Seen(root="0" * 64, size=5))], tablet)

    known, size = with_own_key.service.compliance.devices()
    history = _history(with_own_key)
    said = [history.contradiction(each) for each in history.written("a") if each.device == TABLET]
    assert said == [None, "other-root"]
    assert known.chain(TABLET).count(size) == 2


def test_an_entry_says_how_it_was_written_when_it_counts_and_between_which_instants(
    with_own_key: Practice, tablet: Tablet
) -> None:
    tablet.ahead = timedelta(minutes=7)
    known = with_own_key.opened.store.head()
    seen = Seen(root=known.root.hex(), size=known.size)
    happened = to_instant(with_own_key.clinic.clock.now)
    batch = [tablet.writes(seen=seen)]
    with_own_key.clinic.clock.forward(hours=3)
    reader = with_own_key.at(RN1, "nurse")
    position = sends(reader, batch, tablet)["items"][0]["position"]

    written = reader.get(f"/v1/entries/{position}").json()["written"]
    assert (written["device"], written["device_code"], written["seq"]) == (TABLET, None, 1)
    assert (written["clock_ahead_ms"], written["counts_at"]) == (420_000, happened)
    assert written["not_before"][:19] == str(known.received_at)[:19]
    assert written["not_after"] == to_instant(with_own_key.clinic.clock.now)
    assert written["contradiction"] is None
    assert reader.get("/v1/entries/0").json()["written"] is None


def test_every_device_is_listed_with_its_chain_and_its_clock(with_own_key: Practice, tablet: Tablet) -> None:
    nurse = with_own_key.at()
    first, lost, third = tablet.writes(), tablet.writes(), tablet.writes()
    sends(nurse, [first, third], tablet)

    (device,) = nurse.get("/v1/devices").json()["devices"]
    assert (device["id"], device["enrolled"], device["entries"], device["last_seq"]) == (TABLET, False, 2, 3)
    assert [(each["fault"], each["first"], each["last"]) for each in device["faults"]] == [("hole", 2, 2)]
    assert device["last_sync"]["offset_ms"] == 0
    assert nurse.get(f"/v1/devices/{uuid(81)}").json()["last_dig"] == parse_envelope(third.envelope).dig
    assert nurse.get(f"/v1/devices/{uuid(80)}").json()["last_seq"] == 0
    sends(nurse, [lost], tablet)
    (device,) = nurse.get("/v1/devices").json()["devices"]
    assert (device["faults"], device["came_late"]) == ([], 1)


def test_what_was_kept_for_the_alarm_is_listed_for_officers_only(practice: Practice, tablet: Tablet) -> None:
    nurse, officer = practice.at(), practice.at(PT1, "prescriber")
    first = tablet.writes()
    number = parse_envelope(first.envelope).payload.id
    sends(nurse, [first, tablet.writes(check(200, 100), id=number)])

    (kept,) = officer.get("/v1/refused").json()["refused"]
    assert (kept["code"], kept["event_id"], kept["type"]) == ("id-used", number, "supervision-checked/1")
    assert kept["first_position"] == practice.size - 1
    assert nurse.get("/v1/refused").status_code == 403


def test_a_device_is_enrolled_together_with_a_key_by_the_same_officer(practice: Practice) -> None:
    nurse, officer = practice.at(), practice.at(PT1, "prescriber")
    payload, key = practice.possession(RN1)
    device = make("device-enrolled/1", code="T-1", kind="tablet")
    enrolled = practice.clinic.payload(device, TABLET, [(PT1, "enrolled", "security-officer")])[0]
    items = [item(payload, key), {"payload": to_base64(enrolled.bytes())}]

    asked = nurse.post("/v1/enrolments", {"items": items}).json()
    assert [each["owner_code"] for each in asked["items"]] == ["RN1", "T-1"]
    done = officer.post(f"/v1/enrolments/{asked['id']}/approval", practice.approvals(asked["items"])).json()

    assert done["state"] == "recorded"
    assert [each["code"] for each in nurse.get("/v1/devices").json()["devices"]] == ["T-1"]


def test_a_service_has_one_key_that_counts(with_own_key: Practice) -> None:
    other = with_own_key.at(MD1, "prescriber")

    assert other.post("/v1/service-key").json()["code"] == "service-key"


def _history(practice: Practice) -> History:
    compliance = practice.service.compliance
    compliance.catch_up()
    known = compliance._known
    return LedgerAt(known, size=known.size, as_of=practice.clinic.clock.now + timedelta(days=1)).session(SESSION)
