"""A tablet that pinned a log key follows an honest change by its proof, and believes no other key."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from api.log_key_proofs import ProvenLogKey, proven_log_keys
from ledger.encoding import from_base64
from ledger.follow import key_history
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner
from ledger.tlog.receipt import format_receipt, parse_receipt
from tests.ledger.clinic import ORIGIN
from tests.ledger.test_log_keys import SECOND, THIEF, changed

STATUS = """
  localStorage.clear();
  if (given.kept) localStorage.setItem("session-ledger-pin", JSON.stringify(given.kept));
  const { status, pin } = await import("/static/pages/pinned.js");
  const { isSame } = await status();
  return { isSame, pin: pin() };
"""


@pytest.fixture(scope="module")
def change() -> tuple[LogSigner, ProvenLogKey]:
    """The log's first key, and the proof of the second."""
    clinic, _, _ = changed()
    (proven,) = proven_log_keys(clinic.store, key_history(clinic.store).log_keys())
    return clinic.signer, proven


def asked(page: Any, kept: list[LogSigner], vkeys: list[LogSigner], changes: list[ProvenLogKey], **said: str) -> Any:
    """What a tablet with this pin makes of what a service says."""
    trust = {"origin": ORIGIN, "vkeys": [str(key.vkey) for key in vkeys], "changes": [asdict(each) for each in changes]}
    answers = {"/v1/status": {"now": "2026-05-16T14:05:00.000000Z"}, "/v1/trust": trust | said}

    def answer(route: Any) -> None:
        path = "/v1/" + route.request.url.partition("/v1/")[2]
        route.fulfill(status=200, content_type="application/json", body=json.dumps(answers[path]))

    page.route("**/v1/*", answer)
    pin = {"origin": ORIGIN, "vkeys": [str(key.vkey) for key in kept]} if kept else None
    return page.evaluate(f"async (given) => {{{STATUS}}}", {"kept": pin})


def words(*signers: LogSigner) -> dict[str, Any]:
    return {"origin": ORIGIN, "vkeys": [str(signer.vkey) for signer in signers]}


def test_the_new_log_key_is_learnt_by_its_proof_and_kept_beside_the_old(page: Any, change: Any) -> None:
    old, proven = change

    assert asked(page, [old], [SECOND], [proven]) == {"isSame": True, "pin": words(old, SECOND)}


def test_without_a_proof_another_log_key_is_not_believed(page: Any, change: Any) -> None:
    old, _ = change

    assert asked(page, [old], [SECOND], []) == {"isSame": False, "pin": words(old)}


def test_a_known_key_beside_an_unknown_one_does_not_make_that_one_known(page: Any, change: Any) -> None:
    old, _ = change

    assert asked(page, [old], [old, THIEF], []) == {"isSame": False, "pin": words(old)}


def test_a_proof_proves_the_key_it_names_and_no_other(page: Any, change: Any) -> None:
    old, proven = change

    assert not asked(page, [old], [THIEF], [replace(proven, vkey=str(THIEF.vkey))])["isSame"]


def test_a_proof_under_a_checkpoint_that_only_the_thief_signed_proves_nothing(page: Any, change: Any) -> None:
    old, proven = change
    receipt = parse_receipt(proven.receipt.encode())
    text = receipt.checkpoint.partition(b"\n\n")[0].decode().split("\n")
    root = from_base64(text[2])
    note = sign_checkpoint(Checkpoint(ORIGIN, int(text[1]), root), [THIEF])
    forged = replace(proven, receipt=format_receipt(replace(receipt, checkpoint=note)).decode())

    assert asked(page, [old], [SECOND], [forged]) == {"isSame": False, "pin": words(old)}


def test_a_tablet_that_is_set_up_now_pins_what_it_sees(page: Any, change: Any) -> None:
    _, proven = change

    assert asked(page, [], [SECOND], [proven]) == {"isSame": True, "pin": words(SECOND)}


def test_another_log_is_not_believed_whatever_it_proves(page: Any, change: Any) -> None:
    old, proven = change

    answer = asked(page, [old], [SECOND], [proven], origin="other.example/00c0ffee00c0ffee")

    assert answer == {"isSame": False, "pin": words(old)}
