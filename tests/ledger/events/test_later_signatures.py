"""Which second signatures an event asks for, and whose they are."""

from __future__ import annotations

import pytest

from ledger.events.base import Event, Signer
from tests.ledger.events.example_making import MD1, RN1
from tests.ledger.events.walk import example_with


def asked(event: Event) -> list[str]:
    return [signer.meaning for signer in event.SIGNERS if signer.when == "later" and event.asks(signer)]


def later(event: Event, meaning: str) -> Signer:
    return next(signer for signer in event.SIGNERS if signer.when == "later" and signer.meaning == meaning)


@pytest.mark.parametrize(
    ("tag", "meanings"),
    [
        ("wastage-recorded/1", ["witnessed"]),
        ("inventory-destroyed/1", ["witnessed"]),
        ("returned-to-reverse-distributor/1", ["witnessed"]),
        ("stock-received/1", ["witnessed"]),
        ("inventory-counted/1", ["verified"]),
        ("discrepancy-resolved/1", ["verified"]),
        ("stock-dispensed-to-session/1", ["received"]),
        ("stock-returned-from-session/1", ["received"]),
        ("custody-transferred/1", ["received"]),
        ("left-against-advice/1", ["acknowledged"]),
    ],
)
def test_what_two_people_answer_for_waits_for_the_second(tag: str, meanings: list[str]) -> None:
    assert asked(example_with(tag)) == meanings


@pytest.mark.parametrize(
    "tag",
    [
        "consent-withdrawn/1",
        "consent-narrowed/1",
        "own-medication-counted/1",
        "signature-agreement-signed/1",
        "late-entry-declared/1",
    ],
)
def test_a_second_signature_that_is_only_welcome_is_not_waited_for(tag: str) -> None:
    assert asked(example_with(tag)) == []


def test_a_prescriber_signs_that_they_were_told_only_where_one_was() -> None:
    told, nobody = example_with("left-against-advice/1"), example_with("left-against-advice/1", prescriber=None)

    assert told.whose(later(told, "acknowledged")) == MD1
    assert asked(nobody) == []


@pytest.mark.parametrize(
    ("tag", "whose"), [("stock-dispensed-to-session/1", MD1), ("stock-returned-from-session/1", RN1)]
)
def test_who_got_a_container_signs_for_it_and_nobody_else(tag: str, whose: str) -> None:
    event = example_with(tag)

    assert event.whose(later(event, "received")) == whose
