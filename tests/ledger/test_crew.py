"""However many processes examine the rows of a log, and whatever was done to them, the report is the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit import LogRow, Pin, audit
from ledger.audit_report import AuditReport
from ledger.crew import Crew
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.events.fields import ERASED, WITHHELD
from ledger.evidence import AtHand, BlockFault
from ledger.examination import ExaminedEnvelope, Untried, examine
from ledger.follow import log_rows
from ledger.signing import SigningKey
from ledger.store.port import EventRow, NewEvent, Store
from ledger.store.sqlite import open_for_audit, open_sqlite
from ledger.store.subject_keys import FolderSubjectKeys
from ledger.stored_log import StoredLog, covered_moment
from ledger.tlog.tree import leaf_hash
from tests.ledger.clinic import ANA, MD1, ORIGIN, PT1, RN1, SLOT_A, SLOT_B, Clinic


class Log(NamedTuple):
    """What an auditor is given."""

    rows: list[LogRow]
    checkpoints: list[tuple[int, bytes]]
    pin: Pin

    def __repr__(self) -> str:
        return f"{len(self.rows)} rows"


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
    return Log(rows, list(clinic.store.checkpoints()), Pin(ORIGIN, str(clinic.signer.vkey), first.leaf))


Edit: TypeAlias = tuple[str, int, int]
"""What is done, to which row, and where in it; numbers beyond the end begin again."""

edits = st.lists(
    st.tuples(
        st.sampled_from(["entry", "quiet", "envelope", "moved", "gone", "block", "foreign", "drop", "double", "swap"]),
        st.integers(0, 999),
        st.integers(0, 99_999),
    ),
    min_size=1,
    max_size=3,
)
STATES: list[AtHand] = [WITHHELD, ERASED, BlockFault("block-moved", "moved"), "AAAA"]


def flipped(data: bytes, bit: int) -> bytes:
    at = bit // 7 % len(data)
    return data[:at] + bytes([data[at] ^ 1 << bit % 7]) + data[at + 1 :]


def tampered(rows: list[LogRow], done: list[Edit], *, renumber: bool) -> list[LogRow]:
    """Some of what whoever owns the database can do to its rows."""
    changed = list(rows)
    for what, where, bit in done:
        at = where % (len(changed) - 1)
        row = changed[at]
        match what:
            case "entry":
                changed[at] = row._replace(entry=flipped(row.entry, bit))
            case "quiet":
                entry = flipped(row.entry, bit)
                changed[at] = row._replace(entry=entry, leaf=leaf_hash(entry))
            case "envelope" if row.envelope:
                changed[at] = row._replace(envelope=flipped(row.envelope, bit))
            case "moved":
                changed[at] = row._replace(envelope=changed[at + 1].envelope, blocks=changed[at + 1].blocks)
            case "gone":
                changed[at] = row._replace(envelope=None)
            case "block":
                changed[at] = row._replace(blocks=dict.fromkeys(row.blocks, STATES[bit % 4]) if bit % 5 else {})
            case "foreign":
                changed[at] = row._replace(blocks={**row.blocks, "0" * 64: "AAAA"})
            case "drop":
                del changed[at]
            case "double":
                changed.insert(at, row)
            case _:
                changed[at], changed[at + 1] = changed[at + 1], row
    return [row._replace(position=at) for at, row in enumerate(changed)] if renumber else changed


def test_an_honest_log_gives_one_report(log: Log, crews: list[Crew]) -> None:
    rows, checkpoints, pin = log
    alone = audit(rows, checkpoints, pin)

    assert alone.holds
    assert [audit(rows, checkpoints, pin, crew=crew) for crew in crews] == [alone, alone]


@settings(deadline=None, max_examples=60)
@given(done=edits, renumber=st.booleans())
def test_whatever_was_tampered_with_all_find_the_same_in_the_same_order(
    log: Log, crews: list[Crew], done: list[Edit], renumber: bool
) -> None:
    rows, checkpoints, pin = tampered(log[0], done, renumber=renumber), log[1], log[2]
    alone = audit(rows, checkpoints, pin)

    assert [audit(rows, checkpoints, pin, crew=crew) for crew in crews] == [alone, alone]


def test_a_signature_whose_key_is_met_later_is_tried_later(log: Log) -> None:
    """An examiner who has not seen the enrolment hands on what is needed; nobody takes that for a yes."""
    opening = examine(log.rows[:1], ORIGIN, {})[0].envelope

    assert isinstance(opening, ExaminedEnvelope)
    tried = [each for each in opening.signatures if isinstance(each, Untried)]
    keys = Clinic().keys
    assert len(tried) == len(opening.attested) == 2
    assert [each.fits(keys[owner].public) for each, owner in zip(tried, (MD1, PT1), strict=True)] == [True, True]
    assert not any(each.fits(keys[RN1].public) for each in tried)


def test_an_event_signed_before_its_key_was_enrolled_is_named_by_all(crews: list[Crew]) -> None:
    """The nurse's enrolment is moved behind her first check, by somebody who rebuilds everything around it."""
    clinic = Clinic().open()
    clinic.check(SLOT_A, 120)
    rows = list(log_rows(clinic.store, clinic.subject_keys))
    enrolled = next(at for at, row in enumerate(rows) if at and row.envelope and b"key-enrolled" in _payload(row))
    rows.append(rows.pop(enrolled))
    rows = [row._replace(position=at) for at, row in enumerate(rows)]
    pin = Pin(ORIGIN, str(clinic.signer.vkey), rows[0].leaf or b"")

    alone = audit(rows, [], pin)

    assert "key-not-enrolled" in {problem.code for problem in alone.problems}
    assert [audit(rows, [], pin, crew=crew) for crew in crews] == [alone, alone]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger in files: the database, and the folders of the subject keys."""
    store = open_sqlite(tmp_path / "ledger.db", ORIGIN, create=True)
    clinic = Clinic(store, subject_keys=FolderSubjectKeys(tmp_path / "subjects")).open()
    for systolic in range(100, 160):
        clinic.check(SLOT_A, systolic)
    store.close()
    return tmp_path


def reports(folder: Path, *, with_keys: bool = True) -> tuple[AuditReport, AuditReport]:
    """The report of one who reads the files, and that of two who each read a part."""
    store, keys = open_for_audit(folder / "ledger.db", ORIGIN), FolderSubjectKeys(folder / "subjects")
    log = StoredLog(folder / "ledger.db", ORIGIN, folder / "subjects" if with_keys else None, folder / "epoch")
    pin = Pin(ORIGIN, str(Clinic().signer.vkey), leaf_hash(store.rows(0, 1)[0].entry))
    with Crew(workers=2, chunk=7) as crew:
        alone = audit(log_rows(store, keys if with_keys else None), store.checkpoints(), pin)
        together = audit(log, store.checkpoints(), pin, crew=crew)
    store.close()
    return alone, together


@pytest.mark.parametrize("with_keys", [True, False])
def test_those_who_read_the_files_themselves_find_the_same(folder: Path, with_keys: bool) -> None:
    alone, together = reports(folder, with_keys=with_keys)

    assert together == alone
    assert alone.holds
    assert (alone.withheld > 0) is not with_keys


def test_a_lost_subject_key_is_named_by_all(folder: Path) -> None:
    FolderSubjectKeys(folder / "subjects").destroy(ANA)

    alone, together = reports(folder)

    assert together == alone
    assert "subject-key-missing" in {problem.code for problem in alone.problems}


def test_a_file_that_is_damaged_in_the_middle_is_read_up_to_there_by_all(folder: Path) -> None:
    store = open_sqlite(folder / "ledger.db", ORIGIN)
    with store.writing() as writing:
        size = writing.head().size
    envelope = next(row.envelope for row in store.rows(size - 20, 1) if isinstance(row, EventRow))
    store.close()
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = (folder / "ledger.db").read_bytes()
    page = data.index(envelope) // 4096
    (folder / "ledger.db").write_bytes(data[: page * 4096] + b"\xff" * 4096 + data[(page + 1) * 4096 :])

    alone, together = reports(folder)

    assert together == alone
    assert "store-damaged" in {problem.code for problem in alone.problems}
    assert 0 < alone.size < size


@pytest.mark.parametrize("workers", [1, 2])
def test_a_ledger_that_grows_while_it_is_read_is_audited_as_it_stood_at_the_beginning(
    folder: Path, workers: int
) -> None:
    store, keys = open_sqlite(folder / "ledger.db", ORIGIN), FolderSubjectKeys(folder / "subjects")
    pin = Pin(ORIGIN, str(Clinic().signer.vkey), leaf_hash(store.rows(0, 1)[0].entry))
    moment = covered_moment(store, lambda: None)
    last, covered = store.rows(moment.end - 1, 1)[0], moment.checkpoints[-1][0]  # type: ignore[operator]  # ends
    assert isinstance(last, EventRow)

    with store.writing() as writing:  # rows nobody has covered
        for number in range(20):
            writing.append(grown(last, number))
    log = StoredLog(folder / "ledger.db", ORIGIN, folder / "subjects", folder / "epoch", moment.end)
    with Crew(workers, chunk=7) as crew:
        bounded = audit(log, moment.checkpoints, pin, crew=crew)
    whole = audit(log_rows(store, keys), moment.checkpoints, pin)
    same = audit(log_rows(store, keys, moment.end), moment.checkpoints, pin)
    store.close()

    assert bounded.holds and bounded.size == moment.end == covered
    assert same == bounded
    assert "not-covered" in {problem.code for problem in whole.problems}


def test_a_moment_is_waited_for_at_which_every_entry_is_covered(folder: Path) -> None:
    store = open_sqlite(folder / "ledger.db", ORIGIN)
    size, (last,) = store.head().size, store.rows(store.head().size - 1, 1)
    with store.writing() as writing:
        assert isinstance(last, EventRow)
        writing.append(grown(last, 0))

    waited: list[int] = []

    def sign() -> None:
        waited.append(len(waited))
        if len(waited) == 3:
            store.save_checkpoint(size + 1, b"a note")

    moment = covered_moment(store, sign)
    never = covered_moment(Uncovered(store), lambda: None)  # type: ignore[arg-type]  # what is asked of a store here
    store.close()

    assert len(waited) == 3
    assert (moment.end, moment.checkpoints[-1]) == (size + 1, (size + 1, b"a note"))
    assert (never.end, never.checkpoints) == (size + 1, [])


def test_of_a_ledger_that_is_written_to_without_a_pause_the_moment_is_that_of_its_newest_checkpoint(
    folder: Path,
) -> None:
    store = open_sqlite(folder / "ledger.db", ORIGIN)
    size, (last,) = store.head().size, store.rows(store.head().size - 1, 1)
    assert isinstance(last, EventRow)
    number = 0

    def one_more() -> None:
        """The checkpoint of the entry before comes with the next entry, as a writer without a pause leaves it."""
        nonlocal number
        with store.writing() as writing:
            writing.append(grown(last, number))
        number += 1
        if number > 1:
            store.save_checkpoint(size + number - 1, b"a note")

    one_more()
    moment = covered_moment(store, one_more)
    head = store.head().size
    store.close()

    assert (head, moment.end, moment.checkpoints[-1]) == (size + 2, size + 1, (size + 1, b"a note"))


class Uncovered:
    """A store of which no checkpoint was ever kept."""

    def __init__(self, store: Store) -> None:
        self.head, self.row = store.head, store.row

    def checkpoints(self, _: int = 0) -> list[tuple[int, bytes]]:
        return []


def grown(last: EventRow, number: int) -> NewEvent:
    """A row behind the last one of its record; it says nothing that could be read."""
    entry = parse_event_entry(last.entry)
    version = last.version + 1 + number
    name = f"{number:064x}"
    data = entry._replace(version=version, prev=name, env=name).bytes()
    return NewEvent(
        data, entry.stream, version, entry.received_at, last.stream, last.type, f"id-{number}", name, b"{}", ()
    )


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
