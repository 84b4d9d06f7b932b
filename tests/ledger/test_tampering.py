"""
One test for each attack on a stored ledger: whoever owns the database file changes it, and the audit names the
first position that cannot be believed.

The attackers are good: they drop the triggers, keep leaves, tiles and head in step, and may hold staff keys.
What they do not hold is the log key, and what they cannot reach is the head beside it.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.audit import LogRow, Pin, audit
from ledger.audit_report import AuditReport, Problem
from ledger.crew import Crew
from ledger.entry import EventEntry, parse_event_entry, stream_tag
from ledger.envelope import parse_envelope
from ledger.errors import TamperDetected
from ledger.events.fields import WITHHELD
from ledger.follow import log_rows
from ledger.record import Recorder
from ledger.signing import SigningKey
from ledger.store.head_store import FileHeadStore, MemoryHeadStore
from ledger.store.sqlite import open_for_audit, open_sqlite
from ledger.store.subject_keys import MemorySubjectKeys
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner
from ledger.tlog.tiles import RightEdge, edge_root, grow
from ledger.tlog.tree import leaf_hash
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SLOT_A, SLOT_B, Clinic, check, dose, make

NURSE = (RN1, "performed", "nurse")
TWO = Crew(workers=2, chunk=5)


@pytest.fixture(scope="module", autouse=True)
def _send_home() -> Iterator[None]:
    with TWO:
        yield


@dataclass
class Ledger:
    """A ledger on disk, and what an auditor holds of it from before the attack."""

    path: Path
    keys: MemorySubjectKeys
    pin: Pin
    held: Checkpoint
    doses: list[int]
    clinic: Clinic

    def report(self, *, held: bool = True) -> AuditReport:
        """The audit of what is on disk now, which is the same when two processes examine the rows."""
        store, kept = open_for_audit(self.path, ORIGIN), [self.held] if held else []
        try:
            report = audit(log_rows(store, self.keys), store.checkpoints(), self.pin, held=kept)
            assert report == audit(log_rows(store, self.keys), store.checkpoints(), self.pin, held=kept, crew=TWO)
            return report
        finally:
            store.close()

    def first(self, *, held: bool = True) -> Problem:
        """The first thing that the audit finds."""
        problem = self.report(held=held).first
        assert problem is not None, "the attack was not noticed"
        return problem


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A day with doses and checks of both partners, audited once as it should be."""
    folder = tmp_path_factory.mktemp("original")
    keys = MemorySubjectKeys()
    store = open_sqlite(folder / "ledger.db", ORIGIN, create=True)
    clinic = Clinic(store, FileHeadStore(folder / "head"), keys).open()
    doses = [clinic.dose(SLOT_A).position, clinic.dose(SLOT_B).position]
    for systolic in range(120, 126):
        clinic.check(SLOT_A, systolic)
        clinic.check(SLOT_B, systolic)
    first, head = store.row(0), store.head()
    assert first is not None
    store.close()
    pin = Pin(ORIGIN, str(clinic.signer.vkey), first.leaf)
    ledger = Ledger(folder / "ledger.db", keys, pin, Checkpoint(ORIGIN, head.size, head.root), doses, clinic)
    assert ledger.report().problems == ()
    return ledger


@pytest.fixture
def ledger(original: Ledger, tmp_path: Path) -> Ledger:
    """A copy to attack."""
    for file in original.path.parent.iterdir():
        shutil.copy(file, tmp_path / file.name)
    return replace(original, path=tmp_path / "ledger.db")


def attack(ledger: Ledger, script: Callable[[sqlite3.Connection], object]) -> None:
    """Run an attacker's script on the database, without triggers or foreign keys in the way."""
    with closing(sqlite3.connect(ledger.path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        script(connection)


def rebuild_tree(connection: sqlite3.Connection) -> None:
    """Make leaves, tiles and head fit the entries again, as a careful attacker would."""
    rows = connection.execute(
        "SELECT position, entry FROM events UNION ALL SELECT position, entry FROM heads_entries ORDER BY 1"
    ).fetchall()
    growth = grow(RightEdge.empty(), [leaf_hash(entry) for _, entry in rows])
    connection.execute("DELETE FROM tiles")
    for (level, index), data in growth.tiles.items():
        connection.execute("INSERT INTO tiles VALUES (?, ?, ?)", (level, index, data))
    for position, entry in rows:
        connection.execute("UPDATE events SET leaf = ? WHERE position = ?", (leaf_hash(entry), position))
    connection.execute("UPDATE ledger_head SET size = ?, root = ?", (len(rows), edge_root(growth.edge)))


def entry_of(connection: sqlite3.Connection, position: int) -> EventEntry:
    (entry,) = connection.execute("SELECT entry FROM events WHERE position = ?", (position,)).fetchone()
    return parse_event_entry(entry)


def put_event(
    connection: sqlite3.Connection, position: int, entry: EventEntry, envelope: bytes, **columns: object
) -> None:
    """Insert or replace one event row, with every index column in step."""
    payload = parse_envelope(envelope).payload
    data = entry.bytes()
    connection.execute("DELETE FROM events WHERE position = ?", (position,))
    connection.execute(
        "INSERT INTO events (position, stream, version, type, tag, event_id, dig, leaf, entry, envelope)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            position,
            payload.stream,
            entry.version,
            payload.type,
            entry.stream,
            payload.id,
            parse_envelope(envelope).dig,
            leaf_hash(data),
            data,
            envelope,
        ),
    )


def test_an_edited_event_is_named(ledger: Ledger) -> None:
    """100 mg becomes 050 mg in the stored envelope; nothing else is touched."""
    target = ledger.doses[0]

    def edit(connection: sqlite3.Connection) -> None:
        (raw,) = connection.execute("SELECT envelope FROM events WHERE position = ?", (target,)).fetchone()
        flipped = bytearray(raw)
        flipped[300] ^= 1
        connection.execute("UPDATE events SET envelope = ? WHERE position = ?", (bytes(flipped), target))

    attack(ledger, edit)

    problem = ledger.first()
    assert (problem.position, problem.code) == (target, "envelope-edited")


def test_an_event_edited_together_with_its_entry_leaf_and_tree_is_named(ledger: Ledger) -> None:
    """The nurse, with her own valid key, signs another dose and puts it in the place of the first."""
    target = ledger.doses[0]
    forged = ledger.clinic.submission(dose("50"), SLOT_A, [NURSE])

    def edit(connection: sqlite3.Connection) -> None:
        entry = entry_of(connection, target)
        envelope = parse_envelope(forged.envelope)
        put_event(connection, target, entry._replace(env=envelope.env), forged.envelope)
        connection.execute("UPDATE blocks SET digest = ? WHERE position = ?", (envelope.payload.blocks[0], target))
        rebuild_tree(connection)

    attack(ledger, edit)

    assert ledger.first().position == target
    assert "tree-root" in {problem.code for problem in ledger.report().problems}


def test_two_swapped_events_are_named_by_the_first(ledger: Ledger) -> None:
    first, second = ledger.doses[0] + 2, ledger.doses[0] + 4

    def swap(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE events SET position = -1 WHERE position = ?", (first,))
        connection.execute("UPDATE events SET position = ? WHERE position = ?", (first, second))
        connection.execute("UPDATE events SET position = ? WHERE position = -1", (second,))
        connection.execute("UPDATE blocks SET position = ? WHERE position = ?", (-1, first))
        connection.execute("UPDATE blocks SET position = ? WHERE position = ?", (first, second))
        connection.execute("UPDATE blocks SET position = ? WHERE position = -1", (second,))
        rebuild_tree(connection)

    attack(ledger, swap)

    problem = ledger.first()
    assert (problem.position, problem.code) == (first, "stream-order")


def test_an_event_moved_to_the_other_partners_record_is_named(ledger: Ledger) -> None:
    """Ana's dose becomes Ben's: the entry is made anew for his record."""
    target = ledger.doses[0]

    def move(connection: sqlite3.Connection) -> None:
        entry = entry_of(connection, target)
        (envelope,) = connection.execute("SELECT envelope FROM events WHERE position = ?", (target,)).fetchone()
        moved = entry._replace(stream=stream_tag(ORIGIN, SLOT_B), version=1, prev=None)
        connection.execute("UPDATE events SET version = version + 100 WHERE stream = ?", (SLOT_B,))
        put_event(connection, target, moved, envelope)
        rebuild_tree(connection)

    attack(ledger, move)

    problem = ledger.first()
    assert (problem.position, problem.code) == (target, "other-stream")


def cut(connection: sqlite3.Connection, size: int) -> None:
    for table in ("events", "heads_entries", "blocks"):
        connection.execute(f"DELETE FROM {table} WHERE position >= ?", (size,))
    connection.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
    rebuild_tree(connection)


def test_a_cut_tail_is_named_by_the_head_beside_the_log_key(ledger: Ledger) -> None:
    size = ledger.held.size - 3

    attack(ledger, lambda connection: cut(connection, size))

    assert ledger.report(held=False).problems == (), "inside the database there is nothing left to see"
    problem = ledger.first()
    assert (problem.position, problem.code) == (size, "tail-cut")


def test_a_tail_cut_and_grown_again_is_named_from_the_cut(ledger: Ledger) -> None:
    """As many events as before, validly signed by the nurse, but not the same."""
    size = ledger.held.size - 3
    forged = [ledger.clinic.submission(check(119), SLOT_A, [NURSE]) for _ in range(3)]

    def regrow(connection: sqlite3.Connection) -> None:
        cut(connection, size)
        for offset, submission in enumerate(forged):
            (version, leaf) = connection.execute(
                "SELECT version, leaf FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1", (SLOT_A,)
            ).fetchone()
            entry = EventEntry(
                env=parse_envelope(submission.envelope).env,
                prev=leaf.hex(),
                received_at="2026-05-15T23:00:00.000000Z",
                stream=stream_tag(ORIGIN, SLOT_A),
                version=version + 1,
            )
            put_event(connection, size + offset, entry, submission.envelope)
        rebuild_tree(connection)

    attack(ledger, regrow)

    complete = [p for p in ledger.report().problems if p.question == "complete"]
    assert [(p.position, p.code) for p in complete] == [(size, "tree-root")]
    assert ledger.first().position == size


def test_an_inserted_event_is_named(ledger: Ledger) -> None:
    """A validly signed check is put between two others, and everything behind it moves on by one."""
    target = ledger.doses[1] + 3
    forged = ledger.clinic.submission(check(110), SLOT_A, [NURSE])

    def insert(connection: sqlite3.Connection) -> None:
        for table in ("events", "heads_entries", "blocks"):
            connection.execute(f"UPDATE {table} SET position = -1 - position WHERE position >= ?", (target,))
            connection.execute(f"UPDATE {table} SET position = -position WHERE position < 0")
        entry = EventEntry(
            env=parse_envelope(forged.envelope).env,
            prev="0" * 64,
            received_at="2026-05-15T12:40:00.000000Z",
            stream=stream_tag(ORIGIN, SLOT_A),
            version=900,
        )
        put_event(connection, target, entry, forged.envelope)
        rebuild_tree(connection)

    attack(ledger, insert)

    assert ledger.first().position == target


def test_a_deleted_event_is_named(ledger: Ledger) -> None:
    target = ledger.doses[1] + 2

    attack(ledger, lambda connection: connection.execute("DELETE FROM events WHERE position = ?", (target,)))

    problem = ledger.first()
    assert (problem.position, problem.code) == (target, "entry-missing")


def test_an_event_signed_with_a_foreign_key_is_named(ledger: Ledger) -> None:
    """Everything is rebuilt around an event of a key that nobody enrolled, in the nurse's name."""
    target = ledger.held.size - 1
    stranger = Clinic.__new__(Clinic)
    stranger.__dict__.update(ledger.clinic.__dict__)
    stranger.keys = ledger.clinic.keys | {RN1: SigningKey(bytes(32))}
    forged = stranger.submission(check(111), SLOT_B, [NURSE])

    def replace_last(connection: sqlite3.Connection) -> None:
        entry = entry_of(connection, target)
        put_event(connection, target, entry._replace(env=parse_envelope(forged.envelope).env), forged.envelope)
        rebuild_tree(connection)

    attack(ledger, replace_last)

    assert (target, "keys", "key-not-enrolled") in {
        (p.position, p.question, p.code) for p in ledger.report(held=False).problems
    }
    assert ledger.first().position == target


def test_a_block_moved_to_another_event_is_named(ledger: Ledger) -> None:
    """The sealed values of two checks of the same person change places at rest."""
    first, second = ledger.doses[1] + 1, ledger.doses[1] + 3

    def exchange(connection: sqlite3.Connection) -> None:
        stored = {
            position: connection.execute(
                "SELECT name, stored FROM blocks WHERE position = ? ORDER BY name", (position,)
            ).fetchall()
            for position in (first, second)
        }
        for here, there in ((first, second), (second, first)):
            for name, data in stored[there]:
                connection.execute("UPDATE blocks SET stored = ? WHERE position = ? AND name = ?", (data, here, name))

    attack(ledger, exchange)

    problem = ledger.first()
    assert (problem.position, problem.code) == (first, "block-moved")


def test_a_block_filed_under_another_event_is_named(ledger: Ledger) -> None:
    first, second = ledger.doses[1] + 1, ledger.doses[1] + 3

    attack(
        ledger,
        lambda connection: connection.execute(
            "UPDATE blocks SET position = ? WHERE position = ? AND name LIKE '%clinical'", (second, first)
        ),
    )

    problem = ledger.first()
    assert (problem.position, problem.code) == (first, "block-missing")


def test_a_restored_backup_is_refused_at_the_next_start_and_named_by_the_audit(
    original: Ledger, tmp_path: Path
) -> None:
    """The database of this morning comes back; the head beside the log key has moved on since."""
    for file in original.path.parent.iterdir():
        shutil.copy(file, tmp_path / file.name)
    backup = (tmp_path / "ledger.db").read_bytes()
    store = open_sqlite(tmp_path / "ledger.db", ORIGIN)
    clinic = Clinic(store, FileHeadStore(tmp_path / "head"), original.keys, seed="after the backup")
    clinic.clock.forward(days=1)
    clinic.check(SLOT_A, 130)
    head = store.head()
    store.close()
    for file in tmp_path.glob("ledger.db*"):
        file.unlink()
    (tmp_path / "ledger.db").write_bytes(backup)

    restored = open_sqlite(tmp_path / "ledger.db", ORIGIN)
    with pytest.raises(TamperDetected) as refusal:
        Clinic(restored, FileHeadStore(tmp_path / "head"), original.keys)
    restored.close()

    assert (refusal.value.code, refusal.value.position) == ("restored-backup", original.held.size)
    later = replace(original, path=tmp_path / "ledger.db", held=Checkpoint(ORIGIN, head.size, head.root))
    problem = later.first()
    assert (problem.position, problem.code) == (original.held.size, "tail-cut")


def test_another_ledger_in_the_place_of_this_one_is_named_from_the_start(ledger: Ledger) -> None:
    other = Clinic(seed="another ledger").open()
    report = audit(log_rows(other.store, other.subject_keys), other.store.checkpoints(), ledger.pin, held=[ledger.held])

    assert report.first is not None
    assert (report.first.position, report.first.code) == (0, "other-genesis")


def test_a_checkpoint_signed_by_another_log_key_covers_nothing(ledger: Ledger) -> None:
    stranger = LogSigner(ORIGIN, bytes(32))
    note = sign_checkpoint(ledger.held, [stranger])

    attack(ledger, lambda connection: connection.execute("DELETE FROM checkpoints"))
    attack(ledger, lambda c: c.execute("INSERT INTO checkpoints VALUES (?, ?)", (ledger.held.size, note)))

    problem = ledger.first(held=False)
    assert (problem.position, problem.code) == (0, "note-unsigned")


def test_a_shortened_database_under_a_new_head_store_is_not_signed_again(original: Ledger, tmp_path: Path) -> None:
    """Throwing the head store away does not help: the database itself says that it was signed before."""
    shutil.copy(original.path, tmp_path / "ledger.db")
    store = open_sqlite(tmp_path / "ledger.db", ORIGIN)

    with pytest.raises(Exception, match="head-store-missing"):
        Recorder(store, MemoryHeadStore(), (original.clinic.signer,), original.keys, original.clinic.clock, bytes)
    store.close()


def test_what_was_appended_without_the_log_key_is_named(ledger: Ledger) -> None:
    forged = ledger.clinic.submission(check(112), SLOT_A, [NURSE])
    target = ledger.held.size

    def append(connection: sqlite3.Connection) -> None:
        version, leaf = connection.execute(
            "SELECT version, leaf FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1", (SLOT_A,)
        ).fetchone()
        entry = EventEntry(
            env=parse_envelope(forged.envelope).env,
            prev=leaf.hex(),
            received_at="2026-05-15T23:00:00.000000Z",
            stream=stream_tag(ORIGIN, SLOT_A),
            version=version + 1,
        )
        put_event(connection, target, entry, forged.envelope)
        rebuild_tree(connection)

    attack(ledger, append)

    complete = [p for p in ledger.report().problems if p.question == "complete"]
    assert [(p.position, p.code) for p in complete] == [(target, "not-covered")]


def test_quarantined_and_disputed_events_are_shown_not_hidden() -> None:
    clinic = Clinic().open()
    suspect = clinic.dose().position
    clinic.check()
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="stolen", suspect_from=suspect)
    clinic.record(revoked, "keys", (PT1, "revoked", "security-officer"))
    clinic.record(dose(), SLOT_A, (MD1, "performed", "prescriber"))
    first = clinic.store.row(0)
    assert first is not None

    report = audit(
        log_rows(clinic.store, clinic.subject_keys),
        clinic.store.checkpoints(),
        Pin(ORIGIN, str(clinic.signer.vkey), first.leaf),
    )

    assert report.holds
    assert report.disputed == (suspect, suspect + 1)
    assert report.quarantined == ()


@pytest.fixture(scope="module")
def rows(original: Ledger) -> tuple[list[LogRow], list[tuple[int, bytes]]]:
    store = open_for_audit(original.path, ORIGIN)
    try:
        return list(log_rows(store, original.keys)), list(store.checkpoints())
    finally:
        store.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_of_any_row_is_named_at_or_before_its_position(
    original: Ledger, rows: tuple[list[LogRow], list[tuple[int, bytes]]], data: st.DataObject
) -> None:
    """Of an entry, an envelope or a block's text: nothing can change without being named."""
    changed = list(rows[0])
    position = data.draw(st.integers(0, len(changed) - 1))
    row = changed[position]
    parts = ["entry"] + ["envelope"] * (row.envelope is not None) + ["block"] * bool(row.blocks)
    match data.draw(st.sampled_from(parts)):
        case "entry":
            changed[position] = row._replace(entry=flip(row.entry, data))
        case "envelope":
            assert row.envelope is not None
            changed[position] = row._replace(envelope=flip(row.envelope, data))
        case _:
            digest = data.draw(st.sampled_from(sorted(row.blocks)))
            text = row.blocks[digest]
            assert isinstance(text, str)
            bad = flip(text.encode(), data).decode("latin-1")
            changed[position] = row._replace(blocks=dict(row.blocks) | {digest: bad})

    report = audit(changed, rows[1], original.pin, held=[original.held])

    assert report.first is not None
    assert report.first.position == position


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_dropped_doubled_or_exchanged_are_named_where_it_begins(
    original: Ledger, rows: tuple[list[LogRow], list[tuple[int, bytes]]], data: st.DataObject
) -> None:
    changed = list(rows[0])
    position = data.draw(st.integers(0, len(changed) - 2))
    match data.draw(st.sampled_from(["drop", "double", "exchange"])):
        case "drop":
            del changed[position]
        case "double":
            changed.insert(position, changed[position])
            position += 1
        case _:
            changed[position], changed[position + 1] = changed[position + 1], changed[position]
    renumbered = [row._replace(position=at) for at, row in enumerate(changed)]

    report = audit(renumbered, rows[1], original.pin, held=[original.held])

    signed_before = max(size for size, _ in [(0, b""), *rows[1]] if size <= position)
    assert report.first is not None
    assert signed_before <= report.first.position <= position, "named inside the group that was signed as one"


def test_withheld_blocks_are_counted_and_do_not_hide_an_edit(
    original: Ledger, rows: tuple[list[LogRow], list[tuple[int, bytes]]]
) -> None:
    """An auditor without subject keys checks the same signatures and the same tree."""
    withheld = [row._replace(blocks=dict.fromkeys(row.blocks, WITHHELD)) for row in rows[0]]
    report = audit(withheld, rows[1], original.pin, held=[original.held])
    assert report.holds
    assert report.withheld == sum(len(row.blocks) for row in rows[0])

    target = original.doses[0]
    envelope = withheld[target].envelope
    assert envelope is not None
    withheld[target] = withheld[target]._replace(envelope=envelope[:-60] + bytes([envelope[-60] ^ 1]) + envelope[-59:])
    report = audit(withheld, rows[1], original.pin, held=[original.held])
    assert report.first is not None
    assert report.first.position == target


def flip(raw: bytes, data: st.DataObject) -> bytes:
    at = data.draw(st.integers(0, len(raw) - 1))
    return raw[:at] + bytes([raw[at] ^ 1 << data.draw(st.integers(0, 6))]) + raw[at + 1 :]
