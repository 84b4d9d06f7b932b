"""The log over HTTP: entries, receipts, checkpoints, proofs and tiles hold against the pinned key; reads wait."""

from __future__ import annotations

import threading

import pytest

from ledger.encoding import from_base64, from_hex
from ledger.events import EVENT_TYPES
from ledger.events.sealing import block_names
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.proofs import check_consistency, check_inclusion
from ledger.tlog.receipt import check_receipt, parse_receipt
from ledger.tlog.tiles import decode_bundle, split_hashes
from ledger.tlog.tree import leaf_hash, root_hash
from tests.api.web.practice import FOUNDED, NURSE, Practice, handed
from tests.ledger.clinic import ORIGIN, RN1, SESSION, SLOT_A, check, dose


def test_every_proof_holds_under_the_signed_checkpoint(quiet: Practice) -> None:
    nurse = quiet.at()

    note = nurse.get("/v1/checkpoint")
    checkpoint = open_checkpoint(note.content, quiet.vkeys, ORIGIN)
    assert nurse.get("/checkpoint").content == note.content
    assert checkpoint.size == FOUNDED
    for position in range(FOUNDED):
        said = nurse.get(f"/v1/proofs/inclusion?position={position}").json()
        entry = nurse.get(f"/v1/entries/{position}").json()
        hashes = [from_base64(each) for each in said["hashes"]]
        assert said["leaf"] == entry["leaf"] == leaf_hash(entry["entry"].encode()).hex()
        check_inclusion(from_hex(said["leaf"], 32), position, said["size"], hashes, checkpoint.root)
        receipt = parse_receipt(nurse.get(f"/v1/receipts/{position}").content)
        assert check_receipt(receipt, quiet.vkeys, ORIGIN).root == checkpoint.root


def test_the_log_only_ever_grew(quiet: Practice) -> None:
    nurse = quiet.at()
    leaves = [from_hex(each["leaf"], 32) for each in nurse.get("/v1/entries").json()["entries"]]
    root = open_checkpoint(nurse.get("/v1/checkpoint").content, quiet.vkeys, ORIGIN).root

    for old in range(FOUNDED + 1):
        said = nurse.get(f"/v1/proofs/consistency?old={old}&new={FOUNDED}").json()
        check_consistency(old, root_hash(leaves[:old]), FOUNDED, root, [from_base64(each) for each in said["hashes"]])


def test_tiles_and_bundles_are_the_log_under_the_checkpoint(quiet: Practice) -> None:
    nurse = quiet.at()
    checkpoint = open_checkpoint(nurse.get("/checkpoint").content, quiet.vkeys, ORIGIN)

    tile = nurse.get(f"/tile/0/000.p/{FOUNDED}")
    bundle = nurse.get(f"/tile/entries/000.p/{FOUNDED}")

    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    leaves = split_hashes(tile.content)
    assert root_hash(leaves) == checkpoint.root
    assert [leaf_hash(entry) for entry in decode_bundle(bundle.content)] == leaves
    assert nurse.get("/tile/0/000.p/3").content == tile.content[:96]
    for missing in ("0/000", f"0/000.p/{FOUNDED + 1}", "1/000.p/1", "0/001.p/1", "0/000.p/0", "x/000"):
        assert nurse.get(f"/tile/{missing}").status_code == 404, missing


def test_entries_come_in_pages_that_say_where_the_next_begins(quiet: Practice) -> None:
    nurse = quiet.at()

    first = nurse.get("/v1/entries?limit=5").json()
    rest = nurse.get(f"/v1/entries?start={first['next']}").json()
    none = nurse.get("/v1/entries?start=500").json()

    assert [each["position"] for each in first["entries"] + rest["entries"]] == list(range(FOUNDED))
    assert (first["next"], rest["next"], rest["size"]) == (5, None, FOUNDED)
    assert (none["entries"], none["next"]) == ([], None)
    assert first["entries"][0]["type"] == "ledger-opened/1"


def test_a_read_waits_for_one_s_own_write_and_says_where_it_was_computed(practice: Practice) -> None:
    nurse = practice.at()

    for count in range(1, 4):
        done = nurse.post("/v1/events", handed(practice.clinic.submission(check(), SLOT_A, [NURSE])))
        size = done.json()["position"] + 1
        rows = nurse.get(f"/v1/sessions/{SESSION[8:]}/timeline?at_least={size}")
        assert rows.headers["ledger-position"] == str(size)
        assert rows.json()["position"] == size
        assert [each["type"] for each in rows.json()["rows"]].count("supervision-checked/1") == count


def test_a_read_wakes_up_when_somebody_else_writes_what_it_waits_for(practice: Practice) -> None:
    nurse = practice.at()
    submission = practice.clinic.submission(dose(), SLOT_A, [NURSE])
    object.__setattr__(practice.service.settings, "wait_seconds", 20.0)
    try:
        writer = threading.Timer(0.0, lambda: practice.service.recorder.record([submission]))
        writer.start()
        answer = nurse.get(f"/v1/sessions?at_least={FOUNDED + 1}")
        writer.join()
    finally:
        object.__setattr__(practice.service.settings, "wait_seconds", 0.4)

    assert answer.status_code == 200
    assert answer.json()["position"] == FOUNDED + 1


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/entries", "/v1/floor", "/v1/keys", "/v1/checkpoint"])
def test_a_read_that_asks_for_more_than_there_is_is_told_to_ask_again(quiet: Practice, path: str) -> None:
    answer = quiet.at().get(f"{path}?at_least=999")

    assert (answer.status_code, answer.json()["code"]) == (503, "view-behind")
    assert answer.headers["retry-after"]


def test_timeline_and_history_know_both_times_and_partners(practice: Practice) -> None:
    nurse = practice.at()
    position = nurse.post("/v1/events", handed(practice.clinic.submission(dose(), SLOT_A, [NURSE]))).json()["position"]
    path = f"/v1/sessions/{SESSION[8:]}/timeline"

    both = nurse.get(f"{path}?at_least={position + 1}").json()
    before = nurse.get(f"{path}?known_at={position}").json()
    for_b = nurse.get(f"{path}?partner=b").json()
    early = nurse.get(f"{path}?up_to=2026-05-15T00:00:00.000000Z")
    course = nurse.get("/v1/couples/C-07/history").json()

    assert [each["position"] for each in both["rows"]][-1] == position
    assert position not in [each["position"] for each in before["rows"]]
    assert position not in [each["position"] for each in for_b["rows"]]
    assert early.status_code == 404
    assert course["total_mg"] == [["a", "100"], ["b", "0"]]
    assert [each["couple_code"] for each in nurse.get("/v1/sessions?status=scheduled").json()["sessions"]] == ["C-07"]


def test_the_shapes_say_for_every_type_what_the_browser_needs(quiet: Practice) -> None:
    shapes = quiet.at(RN1, "nurse").get("/v1/shapes").json()

    assert list(shapes) == list(EVENT_TYPES)
    for tag, kind in EVENT_TYPES.items():
        shape = shapes[tag]
        assert shape["stream"] == kind.STREAM
        assert {each["field"] for each in shape["fields"]} == set(kind.model_fields) - {"type"}
        stream = {"partner": SLOT_A, "any": SLOT_A, "session": SESSION}.get(kind.STREAM, "keys")
        own = "a" if stream == SLOT_A else "subject"
        here = [each for each in shape["fields"] if kind.STREAM != "any" or each["slot"] is None]
        names = {f"{each['slot'] or own}/{each['privacy']}" for each in here if each["privacy"] != "open"}
        assert tuple(sorted(names)) == block_names(kind, stream), tag
    dosing = {each["field"]: each for each in shapes["session-scheduled/1"]["fields"]}
    assert dosing["person_a"] == {"field": "person_a", "privacy": "identity", "slot": "a", "name": "person"}
