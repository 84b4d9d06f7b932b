"""Which files are opened as a ledger, which are not, and what a ledger must agree on with itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import Invalid, LedgerError, Refused, TamperDetected
from ledger.store.sqlite import open_sqlite
from ledger.tlog.heads import heads_entry
from tests.ledger.store_contract import ORIGIN, OTHER, check_log, record

LAST_ZEROED = "UPDATE tiles SET data = CAST(substr(data, 1, length(data) - 32) || zeroblob(32) AS BLOB) WHERE level = 1"
OTHER_ROOT = "UPDATE ledger_head SET root = zeroblob(32)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a closed ledger with 600 entries; position 599 is a heads entry."""
    path = tmp_path / "clinic.ledger"
    with closing(open_sqlite(path, ORIGIN, create=True)) as store:
        record(store, *(f"event {n}" for n in range(599)))
        with store.writing() as writing:
            writing.append_heads(heads_entry(1, bytes(32), 599))
    return path


def tampered(path: Path, *statements: str) -> None:
    """Do what an administrator can: drop the triggers, then change the file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def refusal(path: Path, origin: str | None = None, *, create: bool = False) -> LedgerError:
    """The error with which the file is not opened."""
    with pytest.raises(LedgerError) as caught:
        open_sqlite(path, origin, create=create)
    assert caught.value.remedy or isinstance(caught.value, Invalid)
    return caught.value


def test_a_ledger_opens_with_its_origin_and_without(path: Path) -> None:
    for origin in (ORIGIN, None):
        with closing(open_sqlite(path, origin)) as store:
            assert store.origin == ORIGIN
            check_log(store)


def test_a_new_file_is_for_its_owner_only(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_may_be_called_what_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "file:strange?mode=memory&x=:memory:%41.ledger"

    with closing(open_sqlite(path, ORIGIN, create=True)) as store:
        record(store, "one")

    with closing(open_sqlite(path)) as store:
        assert store.head().size == 1
    assert path.exists()


def test_a_missing_file_is_not_made_by_opening_it(tmp_path: Path) -> None:
    error = refusal(tmp_path / "none.ledger")

    assert (type(error), error.code) == (Refused, "store-missing")
    assert list(tmp_path.iterdir()) == []


def test_another_ledgers_file_is_refused(path: Path) -> None:
    error = refusal(path, OTHER)

    assert (type(error), error.code) == (Refused, "store-origin")


def test_a_ledger_is_not_created_over_another(path: Path) -> None:
    before = path.read_bytes()

    error = refusal(path, ORIGIN, create=True)

    assert (type(error), error.code) == (Refused, "store-exists")
    assert path.read_bytes() == before


def test_a_ledger_is_not_created_without_an_origin(tmp_path: Path) -> None:
    assert refusal(tmp_path / "new.ledger", create=True).code == "origin-missing"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_left_by_a_crash_can_still_become_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "new.ledger"
    path.touch()

    assert refusal(path).code == "store-format"
    with closing(open_sqlite(path, ORIGIN, create=True)) as store:
        record(store, "one")
        check_log(store)


def test_a_newer_schema_is_left_to_the_newer_release(path: Path) -> None:
    tampered(path, "UPDATE ledger_head SET schema_version = 2")

    error = refusal(path)

    assert (type(error), error.code) == (Refused, "store-version")


@pytest.mark.parametrize("create", [False, True])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, *, create: bool) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Anna, " * 1000)

    error = refusal(path, ORIGIN, create=create)

    assert (type(error), error.code) == (Invalid, "store-format")
    assert path.read_text() == "Dear Anna, " * 1000


@pytest.mark.parametrize(("create", "code"), [(False, "store-format"), (True, "store-exists")])
def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path, code: str, *, create: bool) -> None:
    path = tmp_path / "cookies.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE cookies (name TEXT)")
    before = path.read_bytes()

    assert refusal(path, ORIGIN, create=create).code == code
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("create", [False, True])
def test_a_folder_is_not_a_ledger(tmp_path: Path, *, create: bool) -> None:
    assert refusal(tmp_path, ORIGIN, create=create).code == "store-path"


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none" / "new.ledger", ORIGIN, create=True).code == "store-path"


@pytest.mark.parametrize(
    ("statements", "code", "position"),
    [
        (["DELETE FROM heads_entries"], "store-rows", 599),
        (["DELETE FROM heads_entries", "DELETE FROM events WHERE position > 590"], "store-rows", 591),
        (["DELETE FROM events WHERE position IN (17, 400)"], "store-rows", 17),
        (["DELETE FROM events WHERE position = 0"], "store-rows", 0),
        (["DELETE FROM events", "DELETE FROM heads_entries"], "store-rows", 0),
        (["INSERT INTO heads_entries VALUES (600, zeroblob(32), x'00')"], "store-rows", 600),
        (["INSERT INTO heads_entries VALUES (601, zeroblob(32), x'00')"], "store-rows", 600),
        (
            ["DELETE FROM events WHERE position = 5", "INSERT INTO heads_entries VALUES (600, x'00', x'00')"],
            "store-rows",
            5,
        ),
        (["UPDATE ledger_head SET size = 590"], "store-rows", 590),
        (["DELETE FROM heads_entries", "UPDATE ledger_head SET size = 599"], "store-tree", 599),
        (["UPDATE tiles SET data = substr(data, 1, 320) WHERE level = 0 AND tile = 2"], "store-tree", 522),
        (["DELETE FROM tiles WHERE level = 0 AND tile = 2"], "store-tree", 512),
        (["DELETE FROM tiles WHERE level = 1"], "store-tree", 0),
        (["DELETE FROM tiles"], "store-tree", 512),
        (["INSERT INTO tiles VALUES (2, 0, zeroblob(32))"], "store-tree", 0),
        (["UPDATE tiles SET data = zeroblob(length(data)) WHERE level = 0 AND tile = 2"], "store-tree", 512),
        ([LAST_ZEROED], "store-tree", 256),
        (["UPDATE events SET entry = x'00' WHERE position = 520", OTHER_ROOT], "store-tree", 520),
        ([OTHER_ROOT], "store-tree", None),
        (["DELETE FROM ledger_head"], "store-head", 0),
    ],
)  # fmt: skip
def test_head_rows_and_tiles_that_disagree_are_noticed_at_the_first_position(
    path: Path, statements: list[str], code: str, position: int | None
) -> None:
    tampered(path, *statements)

    error = refusal(path)

    assert isinstance(error, TamperDetected)
    assert (error.code, error.position) == (code, position)


def test_a_tail_cut_from_rows_tiles_and_head_alike_is_beyond_what_the_store_can_see(path: Path) -> None:
    """Why there is a head store, and why witnesses keep checkpoints: the file alone cannot tell."""
    with closing(open_sqlite(path)) as store:
        shorter = [row.leaf for row in store.rows(0, 598)]
    other = path.with_name("rewound.ledger")
    with closing(open_sqlite(other, ORIGIN, create=True)) as store:
        record(store, *(f"event {n}" for n in range(598)))
        assert [row.leaf for row in store.rows(0, 600)] == shorter

    open_sqlite(other, ORIGIN).close()
