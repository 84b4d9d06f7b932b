"""However many processes examine the rows of a log, and whatever was done to them, the report is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.audit import LogRow, Pin, audit
from ledger.crew import Crew
from ledger.envelope import parse_envelope
from ledger.events.fields import ERASED, WITHHELD
from ledger.evidence import BlockFault
from ledger.examination import Untried, examine
from ledger.follow import log_rows
from ledger.signing import SigningKey
from ledger.tlog.tree import leaf_hash
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SLOT_A, SLOT_B, Clinic

Log: TypeAlias = tuple[list[LogRow], list[tuple[int, bytes]], Pin]


@pytest.fixture(scope="module")
def crews() -> Iterator[list[Crew]]:
    """Two at work on few rows at a time, so that keys, records and checkpoints are spread over many hands."""
    with Crew(workers=2, chunk=3) as small, Crew(workers=2, chunk=17) as large:
        yield [small, large]


@pytest.fixture(scope="module")
def log() -> Log:
    """A day over midnight, with a heads entry, two signers at once, a key revoked and one enrolled late."""
    clinic = Clinic().open()
    clinic.dose(SLOT_A)
    for systolic in range(120, 126):
        clinic.check(SLOT_A, systolic)
    clinic.keys[RN1] = SigningKey(bytes(31) + b"\x01")
    clinic.recorder.record([clinic.enrol(RN1)])
    clinic.clock.forward(hours=20)
    for systolic in range(120, 126):
        clinic.check(SLOT_B, systolic)
    first = clinic.store.row(0)
    assert first is not None
    rows = list(log_rows(clinic.store, clinic.subject_keys))
    return rows, list(clinic.store.checkpoints()), Pin(ORIGIN, str(clinic.signer.vkey), first.leaf)


def flipped(data: bytes, draw: st.DataObject) -> bytes:
    at = draw.draw(st.integers(0, len(data) - 1))
    return data[:at] + bytes([data[at] ^ 1 << draw.draw(st.integers(0, 6))]) + data[at + 1 :]


def tampered(rows: list[LogRow], draw: st.DataObject) -> list[LogRow]:
    """Some of what whoever owns the database can do to its rows."""
    changed = list(rows)
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(changed) - 2))
        row = changed[at]
        match draw.draw(
            st.sampled_from(["entry", "quiet", "envelope", "moved", "gone", "block", "drop", "double", "swap"])
        ):
            case "entry":
                changed[at] = replace(row, entry=flipped(row.entry, draw))
            case "quiet":
                entry = flipped(row.entry, draw)
                changed[at] = replace(row, entry=entry, leaf=leaf_hash(entry))
            case "envelope" if row.envelope:
                changed[at] = replace(row, envelope=flipped(row.envelope, draw))
            case "moved":
                changed[at] = replace(row, envelope=changed[at + 1].envelope, blocks=changed[at + 1].blocks)
            case "gone":
                changed[at] = replace(row, envelope=None)
            case "block" if row.blocks:
                state = draw.draw(st.sampled_from([WITHHELD, ERASED, BlockFault("block-moved", "moved"), "AAAA", None]))
                blocks = {digest: state for digest in row.blocks if state is not None}
                changed[at] = replace(row, blocks=blocks | draw.draw(st.sampled_from([{}, {"0" * 64: "AAAA"}])))
            case "drop":
                del changed[at]
            case "double":
                changed.insert(at, row)
            case _:
                changed[at], changed[at + 1] = changed[at + 1], row
    renumber = draw.draw(st.booleans())
    return [replace(row, position=at) for at, row in enumerate(changed)] if renumber else changed


def test_an_honest_log_gives_one_report(log: Log, crews: list[Crew]) -> None:
    rows, checkpoints, pin = log
    alone = audit(rows, checkpoints, pin)

    assert alone.holds
    assert [audit(rows, checkpoints, pin, crew=crew) for crew in crews] == [alone, alone]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_whatever_was_tampered_with_all_find_the_same_in_the_same_order(
    log: Log, crews: list[Crew], draw: st.DataObject
) -> None:
    rows, checkpoints, pin = tampered(log[0], draw), log[1], log[2]
    alone = audit(rows, checkpoints, pin)

    assert [audit(rows, checkpoints, pin, crew=crew) for crew in crews] == [alone, alone]


def test_a_signature_whose_key_is_met_later_is_tried_later(log: Log) -> None:
    """An examiner who has not seen the enrolment hands on what is needed; nobody takes that for a yes."""
    rows = log[0]
    unknown = examine(rows, ORIGIN, {})

    signatures = [s for row in unknown if row.envelope for s in row.envelope.signatures]  # type: ignore[union-attr]
    assert signatures
    assert all(isinstance(signature, Untried) for signature in signatures)
    first = parse_envelope(rows[0].envelope or b"")
    tried = unknown[0].envelope.signatures  # type: ignore[union-attr]
    keys = [Clinic().keys[owner].public for owner in (MD1, PT1)]
    assert [each.fits(key) for each, key in zip(tried, keys, strict=True)] == [True] * len(first.signatures)
    assert not any(each.fits(Clinic().keys[RN1].public) for each in tried)


def test_an_event_signed_before_its_key_was_enrolled_is_named_by_all(crews: list[Crew]) -> None:
    """The nurse's enrolment is moved behind her first check, by somebody who rebuilds everything around it."""
    clinic = Clinic().open()
    clinic.check(SLOT_A, 120)
    rows = list(log_rows(clinic.store, clinic.subject_keys))
    enrolled = next(at for at, row in enumerate(rows) if at and row.envelope and b"key-enrolled" in _payload(row))
    rows.append(rows.pop(enrolled))
    rows = [replace(row, position=at) for at, row in enumerate(rows)]
    pin = Pin(ORIGIN, str(clinic.signer.vkey), rows[0].leaf or b"")

    alone = audit(rows, [], pin)

    assert "key-not-enrolled" in {problem.code for problem in alone.problems}
    assert [audit(rows, [], pin, crew=crew) for crew in crews] == [alone, alone]


def test_rows_are_asked_for_no_faster_than_they_are_examined(log: Log) -> None:
    """So a log of a million entries needs no more memory than one of a thousand."""
    asked = 0

    def endless() -> Iterator[LogRow]:
        nonlocal asked
        while True:
            asked += 1
            yield log[0][0]

    with Crew(workers=2, chunk=5) as crew:
        for _, _ in zip(range(3), crew.examined(endless(), ORIGIN), strict=False):
            pass

    assert asked <= 5 * (2 * 4 + 1)


def test_a_crew_of_one_starts_no_process(log: Log) -> None:
    with Crew(1) as crew:
        assert audit(*log, crew=crew).holds
        assert crew._pool is None


def _payload(row: LogRow) -> bytes:
    return parse_envelope(row.envelope or b"").payload_bytes
