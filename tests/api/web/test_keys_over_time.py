"""Keys over HTTP: what was signed with a doubted key is taken, shown with its reason; tablets learn a new log key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.folder import open_ledger, open_recorder
from api.key_file import write_key
from api.log_key_change import ChangeOfLogKey
from api.officer_acts import KeyHolder
from ledger.encoding import from_base64
from ledger.payload import parse_payload
from ledger.tlog.note import parse_vkey
from ledger.tlog.receipt import check_receipt, parse_receipt
from tests.api.web.practice import NURSE, Practice, handed
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SLOT_A, Entropy, check, make


def revoke(practice: Practice, owner: str, by: str = PT1, suspect_from: int | None = None) -> dict[str, object]:
    kid = practice.clinic.keys[owner].kid
    event = make("key-revoked/1", key=kid, reason="tablet-stolen", suspect_from=suspect_from)
    return handed(practice.clinic.submission(event, "keys", [(by, "revoked", "security-officer")]))


def test_what_a_lost_tablet_signed_is_recorded_when_somebody_with_a_valid_key_hands_it_in(practice: Practice) -> None:
    nurse, physician = practice.at(RN1, "nurse"), practice.at(MD1, "prescriber")
    offline = [handed(practice.clinic.submission(check(120 + n), SLOT_A, [NURSE])) for n in (0, 1)]
    assert physician.post("/v1/events", revoke(practice, RN1)).status_code == 201

    by_nurse = nurse.post("/v1/events", offline[0])
    one = physician.post("/v1/events", offline[0])
    batch = physician.post("/v1/batches", {"items": offline}).json()["items"]

    assert (by_nurse.status_code, by_nurse.json()["code"]) == (409, "key-revoked")
    assert "valid" in by_nurse.json()["remedy"]
    assert (one.status_code, one.json()["quarantined"]) == (201, True)
    assert [(each["status"], each["quarantined"]) for each in batch] == [(200, True), (201, True)]


def test_an_entry_says_of_each_signature_what_it_counts_for_and_who_can_stand_in_for_it(practice: Practice) -> None:
    physician = practice.at(MD1, "prescriber")
    first = physician.post("/v1/events", handed(practice.clinic.submission(check(), SLOT_A, [NURSE]))).json()
    offline = handed(practice.clinic.submission(check(121), SLOT_A, [NURSE]))
    revoked = physician.post("/v1/events", revoke(practice, RN1, suspect_from=first["position"])).json()
    late = physician.post("/v1/events", offline).json()

    said = [physician.get(f"/v1/entries/{each['position']}").json() for each in (first, revoked, late)]

    assert [each["standing"] for each in said] == ["disputed", "valid", "quarantined"]
    signer = said[0]["signers"][0]
    assert (signer["by"], signer["custody"], signer["officer"], signer["state"]) == (RN1, "device", False, "disputed")
    assert signer["why"] == (
        f"key suspect from position {first['position']} on (tablet-stolen, revoked at position {revoked['position']})"
    )
    assert "somebody else who was there" in signer["curable_by"]
    assert said[1]["signers"][0]["officer"]
    genesis = physician.get("/v1/entries/0").json()
    assert [each["state"] for each in genesis["signers"]] == ["valid", "valid"]


def test_the_keys_are_listed_with_their_revocation_suspicion_and_custody(practice: Practice) -> None:
    physician = practice.at(MD1, "prescriber")
    position = physician.post("/v1/events", revoke(practice, RN1, suspect_from=3)).json()["position"]

    said = physician.get(f"/v1/keys?at_least={position + 1}").json()

    nurse = next(each for each in said["keys"] if each["owner"] == RN1)
    assert (nurse["state"], nurse["revoked_at"], nurse["suspect_from"], nurse["reason"]) == (
        "quarantined",
        position,
        3,
        "tablet-stolen",
    )
    assert said["log_keys"] == [{"vkey": practice.pin.vkey, "added_at": 0, "retired_at": None}]


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[Practice]:
    """A clinic whose log key was changed before it was served."""
    served = Practice(tmp_path / "ledger")
    folder = served.opened.folder
    seed = hashlib.sha256(b"TEST ONLY log key").digest()
    write_key(folder.log_key, seed, "log", None, Entropy("log key"))
    officers = [KeyHolder(owner, served.clinic.keys[owner]) for owner in (MD1, PT1)]
    change = ChangeOfLogKey(served.opened, served.clinic.clock, Entropy("change"), lambda: "", None)
    change.run(lambda: officers)
    served.opened.store.close()
    opened = open_ledger(folder.root)
    recorder = open_recorder(opened, served.clinic.clock, lambda: "")
    served.opened, served.clinic.store, served.clinic.recorder = opened, opened.store, recorder
    served.serve(recorder)
    with served.client:
        yield served
    opened.store.close()


def test_a_tablet_that_pinned_the_old_log_key_is_given_what_proves_the_new_one(changed: Practice) -> None:
    nurse = changed.at(RN1, "nurse")

    trust = changed.screen().get("/v1/trust").json()
    done = nurse.post("/v1/events", handed(changed.clinic.submission(check(), SLOT_A, [NURSE]))).json()

    (change,) = trust["changes"]
    assert trust["vkeys"] == [change["vkey"]]
    assert change["vkey"] != changed.pin.vkey
    proof = parse_receipt(change["receipt"].encode())
    check_receipt(proof, changed.vkeys, ORIGIN)  # under the old key alone
    envelope = json.loads(change["envelope"])
    assert hashlib.sha256(change["envelope"].encode()).hexdigest() in proof.entry.decode()
    assert parse_payload(from_base64(envelope["payload"])).body == {"vkey": change["vkey"]}
    check_receipt(parse_receipt(done["receipt"].encode()), [parse_vkey(change["vkey"])], ORIGIN)
    assert nurse.get("/v1/proofs/inclusion?position=0").status_code == 200
