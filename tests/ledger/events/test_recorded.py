"""Every type of the catalogue is recorded, read back and audited without one line of its own in the store."""

from __future__ import annotations

import pytest

from ledger.audit import Pin, audit
from ledger.events import EVENT_TYPES
from ledger.follow import events_from, log_rows
from tests.ledger.events.example_making import ORIGIN, sealed
from tests.ledger.events.examples import EXAMPLES
from tests.ledger.events.founded import House

OF_THEIR_OWN = {
    "subject-erased/1",  # erases; `tests/ledger/test_erasure.py`
    "retention-ended/1",
    "legal-hold-lifted/1",
    "entry-reattributed/1",  # joins two other entries; `tests/ledger/test_effective.py`
    "entry-voided/1",
    "doses-confirmed-distinct/1",  # names two doses; `tests/projections/test_distinct_doses.py`
    "paper-line-transcribed/1",  # stands before the entry it is about; `tests/stories/test_paper_day.py`
    "clock-corrected/1",  # taken only while the clock is in doubt; `tests/ledger/test_record.py`
}
"""Types that are taken only in a history of their own."""


@pytest.fixture(scope="module")
def house() -> House:
    house = House().founded()
    waiting = [tag for tag, each in EXAMPLES.items() if each.stream != "keys" and tag not in OF_THEIR_OWN]
    for tag in sorted(waiting, key=lambda tag: EXAMPLES[tag].when):
        house.take(house.example(EXAMPLES[tag]))
    return house


def test_every_type_is_recorded_as_any_other(house: House) -> None:
    types = {placed.payload.type for placed in events_from(house.store, house.subject_keys, 0, 10_000)}

    on_keys = {tag for tag, example in EXAMPLES.items() if example.stream == "keys"}
    assert set(EVENT_TYPES) - types - on_keys == OF_THEIR_OWN


def test_every_example_is_read_back_as_it_was_signed(house: House) -> None:
    read = {placed.payload.id: placed.event for placed in events_from(house.store, house.subject_keys, 0, 10_000)}
    signed = {sealed(example).payload.id: example.event for example in EXAMPLES.values()}

    for event_id, event in signed.items():
        if event_id in read:
            assert read[event_id] == event


def test_the_whole_log_is_audited(house: House) -> None:
    first = house.store.row(0)
    assert first is not None

    report = audit(
        log_rows(house.store, house.subject_keys),
        house.store.checkpoints(),
        Pin(ORIGIN, str(house.signer.vkey), first.leaf),
    )

    assert report.problems == ()
