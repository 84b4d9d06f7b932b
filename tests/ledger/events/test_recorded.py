"""Every type of the catalogue is recorded, read back and audited without one line of its own in the store."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ledger.audit import Pin, audit
from ledger.crew import KnownKeys
from ledger.events import EVENT_TYPES
from ledger.events.corrections import EntryCorrected
from ledger.examination import WEIGHED_LATER, Examined, ExaminedEntry, examine
from ledger.follow import events_from, log_rows
from ledger.quick_examination import examine_quickly
from ledger.stretch import Found, Stretch
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


def test_every_type_is_examined_quickly_as_by_the_letter(house: House) -> None:
    """Only key events, corrections and what removes something are looked at one by one."""
    rows = list(log_rows(house.store, house.subject_keys))
    known = KnownKeys(ORIGIN)
    known.learn(rows)

    found = examine_quickly(rows, ORIGIN, known.keys)

    by_the_letter = [_without_env(row) for row in examine(rows, ORIGIN, known.keys)]
    assert [_without_env(row) for each in found for row in _rows(each)] == by_the_letter
    quickly = {kind.type for each in found if isinstance(each, Stretch) for kind in each.kinds}
    weighed = {kind.type_tag() for kind in (*WEIGHED_LATER, EntryCorrected)}
    assert quickly == set(EVENT_TYPES) - OF_THEIR_OWN - weighed


def _rows(found: Found) -> Iterable[Examined]:
    return found.rows() if isinstance(found, Stretch) else (found,)


def _without_env(row: Examined) -> Examined:
    return row._replace(entry=row.entry._replace(env="")) if isinstance(row.entry, ExaminedEntry) else row
