"""After an erasure: no view and no reader holds a value of that person, and nothing else has changed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api.play_story import StoryLedger
from api.web.session_facts import FactsOfSessions
from ledger.follow import events_from
from ledger.store.subject_keys import MemorySubjectKeys
from projections import VIEWS
from projections.compliance.reader import Compliance
from projections.couple_history import couple_history
from projections.position import positions
from projections.rebuild import begin_beside
from projections.session_timeline import timeline
from projections.tables import ViewDatabase
from projections.view import View
from tests.ledger.clinic import ANA, BEN, COUPLE, SESSION
from tests.projections.house import busy_day, digests

HIS = "146/92"
HERS = "128/80"


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("views.db*")))


def test_each_row_of_a_view_comes_from_the_event_at_its_position_alone(weekend: StoryLedger) -> None:
    """What `projections.letting_go` rests on: a row can be made again from its one event."""
    events = list(events_from(weekend.ledger.store, weekend.ledger.subject_keys, 0, 2000))
    assert len(events) > 80
    for view in VIEWS:
        for table in view.tables:
            assert table.columns.startswith("position INTEGER"), f"{view.name}: {table.name}"
        for placed in events:
            for statement in view.statements(placed):
                words = statement.sql.split()
                assert words[:2] == ["INSERT", "INTO"], f"{view.name}: a fold only adds rows"
                columns = statement.sql[statement.sql.index("(") + 1 : statement.sql.index(")")].split(", ")
                assert statement.parameters[columns.index("position")] == placed.position


def test_rows_of_an_erased_person_are_made_again_and_are_those_of_a_build_from_zero(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", batch=7)
    runner.catch_up()
    before = timeline(database, SESSION)
    assert HIS.encode() in bytes_of(tmp_path)

    house.subject_keys.destroy(BEN)
    runner.catch_up()

    assert HIS.encode() not in bytes_of(tmp_path)
    assert HERS.encode() in bytes_of(tmp_path)
    assert digests(database) == digests(house.seen())
    after = timeline(database, SESSION)
    assert [row for row in after.rows if row.slot == "a"] == [row for row in before.rows if row.slot == "a"]
    assert [row.position for row in after.rows] == [row.position for row in before.rows]
    database.close()


@pytest.mark.parametrize("reached", [0, 5, 20])
def test_a_view_that_had_read_only_a_part_lets_go_of_that_part(tmp_path: Path, reached: int) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    runner.catch_up(reached)
    house.subject_keys.destroy(ANA)

    runner.catch_up()

    assert digests(database) == digests(house.seen())
    assert HERS.encode() not in bytes_of(tmp_path)
    database.close()


def test_a_rebuild_that_was_interrupted_before_the_erasure_lets_go_as_well(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", batch=4)
    runner.catch_up()
    with database.writing() as connection:
        begin_beside(connection, VIEWS[0], positions(connection), anyway=True)
    runner.catch_up(30)
    house.subject_keys.destroy(BEN)

    runner.catch_up()

    assert HIS.encode() not in bytes_of(tmp_path)
    database.close()


def test_rows_of_a_definition_that_nobody_knows_any_more_are_removed(tmp_path: Path) -> None:
    house = busy_day()
    known = VIEWS[0]
    old = View(known.name, known.version + 100, known.tables, known.reads, known.fold)
    database, runner = house.views(tmp_path / "views.db", [old, *VIEWS[1:]])
    runner.catch_up()
    house.subject_keys.destroy(BEN)
    database.close()

    database, runner = house.views(tmp_path / "views.db", batch=1000)
    runner.catch_up(1)

    assert HIS.encode() not in bytes_of(tmp_path)
    database.close()


class DestroyedMeanwhile(MemorySubjectKeys):
    """Keys of which Ben's is destroyed by another process, while a batch is being decoded."""

    def __init__(self, keys: MemorySubjectKeys, after: int) -> None:
        super().__init__()
        self._keys = dict(keys._keys)
        self._left = after

    def key_of(self, subject: str) -> bytes | None:
        self._left -= 1
        if self._left == 0:
            self.destroy(BEN)
        return super().key_of(subject)


@pytest.mark.parametrize("after", [1, 2, 3, 4, 5, 6])
def test_what_was_opened_before_an_erasure_is_not_written_after_it(tmp_path: Path, after: int) -> None:
    house = busy_day()
    assert isinstance(house.subject_keys, MemorySubjectKeys)
    keys = DestroyedMeanwhile(house.subject_keys, after)
    database, runner = house.views(tmp_path / "views.db", subject_keys=keys)

    runner.catch_up()

    assert keys.epoch == 1
    assert HIS.encode() not in bytes_of(tmp_path)
    assert digests(database) == digests(house.seen(subject_keys=keys))
    database.close()


def test_a_follower_lets_go_without_a_new_entry(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    stopped = threading.Event()
    follower = threading.Thread(target=runner.follow, args=(stopped, 0.05))
    follower.start()
    runner.wait_for(house.store.head().size, 20)
    house.subject_keys.destroy(BEN)

    runner.wake()
    for _ in range(400):
        if HIS not in repr(timeline(database, SESSION)):
            break
        stopped.wait(0.05)
    stopped.set()
    follower.join()

    assert HIS not in repr(timeline(database, SESSION))
    assert HIS not in repr(couple_history(database, COUPLE))
    database.close()


# -- in memory


def test_the_rules_forget_what_they_read_of_an_erased_person() -> None:
    house = busy_day()
    compliance = Compliance(house.store, house.subject_keys)
    now = "2026-05-20T12:00:00.000000Z"
    before = compliance.findings(SESSION, as_of=now)
    held = repr(compliance._known.records[SESSION])
    assert "systolic=146" in held

    house.subject_keys.destroy(BEN)
    after = compliance.findings(SESSION, as_of=now)

    held = repr(compliance._known.records[SESSION])
    assert "systolic=146" not in held
    assert "systolic=128" in held
    assert [f for f in after if f.slot == "a" and f.rule == "SUP-05"] == [
        f for f in before if f.slot == "a" and f.rule == "SUP-05"
    ]


def test_the_room_forgets_as_well() -> None:
    house = busy_day()
    rooms = FactsOfSessions(house.store, house.subject_keys)
    assert rooms.of(SESSION).person == {"a": ANA, "b": BEN}
    vitals = rooms.of(SESSION).vitals["a"]

    house.subject_keys.destroy(BEN)

    facts = rooms.of(SESSION)
    assert facts.person == {"a": ANA}
    assert facts.vitals["a"] == vitals
    assert facts.vitals["b"]["values"]["blood_pressure"] == {"gone": "withheld"}


def test_views_in_memory_have_nothing_to_overwrite() -> None:
    assert ViewDatabase().forget_deleted()
