"""Following the log: one pass for all views, batches, crashes and faults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger.errors import TamperDetected
from ledger.events.supervision import SupervisionChecked
from ledger.reading import PlacedEvent
from ledger.store.port import EventRow, SealedBlock
from projections import VIEWS
from projections.position import Fault
from projections.runner import Runner
from projections.tables import ViewDatabase
from projections.view import Statement, insert
from tests.projections.counting import Counting
from tests.projections.house import House, busy_day, digests
from tests.projections.small_views import a_view, dose_row, rows_of


def test_all_views_are_fed_by_one_pass_that_decodes_each_event_once() -> None:
    house = busy_day()
    store = Counting(house)

    Runner(ViewDatabase(), store, house.subject_keys, VIEWS, batch=4).catch_up()  # type: ignore[arg-type]

    events = [p for p in range(house.store.head().size) if isinstance(house.store.row(p), EventRow)]
    assert store.blocks_read == events


def test_a_view_that_joins_later_catches_up_and_then_goes_along(tmp_path: Path) -> None:
    house = busy_day()
    house.views(tmp_path / "views.db", VIEWS[:1])[1].catch_up(until=9)
    store = Counting(house)

    database = ViewDatabase(tmp_path / "views.db")
    runner = Runner(database, store, house.subject_keys, VIEWS, batch=4)  # type: ignore[arg-type]
    runner.catch_up()

    assert len(store.blocks_read) == len(set(store.blocks_read))
    assert {at.reached for at in runner.positions()} == {house.store.head().size}
    assert digests(database) == digests(house.seen())


def test_rows_and_position_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    class Power(BaseException):
        """The power fails."""

    def fails_at_the_second_dose(placed: PlacedEvent) -> list[Statement]:
        if placed.event.mass.value == "50":  # type: ignore[attr-defined]
            raise Power
        return dose_row(placed)

    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", [a_view(fails_at_the_second_dose)], batch=5)
    with pytest.raises(Power):
        runner.catch_up()
    reached = runner.positions()[0].reached
    before = rows_of(database, runner)
    database.close()

    database, runner = house.views(tmp_path / "views.db", [a_view(dose_row)], batch=5)

    assert reached % 5 == 0
    assert runner.positions()[0].reached == reached
    assert rows_of(database, runner) == before
    runner.catch_up()
    assert [mg for _, mg in rows_of(database, runner)] == ["100", "75", "50"]


def test_a_crash_between_two_batches_costs_nothing(tmp_path: Path) -> None:
    class Crash(Exception):
        """The process dies."""

    def die(taken: int, _size: int) -> None:
        if taken >= 12:
            raise Crash

    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", batch=4)
    with pytest.raises(Crash):
        runner.catch_up(progress=die)
    database.close()

    database, runner = house.views(tmp_path / "views.db", batch=4)
    reached = {at.reached for at in runner.positions()}
    runner.catch_up()

    assert reached == {12}
    assert digests(database) == digests(house.seen())


def test_progress_tells_how_far_the_slowest_view_is() -> None:
    house = busy_day()
    size = house.store.head().size
    told: list[tuple[int, int]] = []

    _, runner = house.views(batch=10)
    runner.catch_up(progress=lambda taken, of: told.append((taken, of)))

    assert told == [(min(n, size), size) for n in range(10, size + 10, 10)]


def test_a_failing_fold_parks_only_its_own_view_and_says_where() -> None:
    def cannot_read_fifty(placed: PlacedEvent) -> list[Statement]:
        if placed.event.mass.value == "50":  # type: ignore[attr-defined]
            raise ValueError("Ben Test-Person, born 1980")
        return dose_row(placed)

    house = busy_day()
    second = house.gives("a", "50")
    first = next(p for p in range(second) if _is_dose(house, p, "50"))
    database, runner = house.views(views=[a_view(cannot_read_fifty), *VIEWS])

    runner.catch_up()

    parked, *others = sorted(runner.positions(), key=lambda at: at.view != "doses")
    assert parked.state == "parked"
    assert parked.reached == first
    assert parked.fault == Fault(first, "fold-failed", "ValueError at an event dose-administered/1.")
    assert {at.reached for at in others} == {house.store.head().size}
    assert [mg for _, mg in rows_of(database, runner)] == ["100", "75"]
    assert "Ben" not in repr(runner.positions())


def test_a_row_the_tables_refuse_parks_the_view_with_the_rows_before_it() -> None:
    def twice(placed: PlacedEvent) -> list[Statement]:
        rows = dose_row(placed)
        return rows * 2 if rows[0].parameters[1] == "75" else rows

    house = busy_day()
    database, runner = house.views(views=[a_view(twice)])

    runner.catch_up()

    (parked,) = runner.positions()
    assert parked.fault is not None
    assert parked.fault.code == "row-refused"
    assert _is_dose(house, parked.fault.position, "75")
    assert [mg for _, mg in rows_of(database, runner)] == ["100"]


def test_a_parked_view_goes_on_only_when_somebody_says_so() -> None:
    broken = [True]

    def fold(placed: PlacedEvent) -> list[Statement]:
        if broken[0]:
            raise ValueError
        return dose_row(placed)

    house = busy_day()
    database, runner = house.views(views=[a_view(fold)])
    runner.catch_up()
    broken[0] = False
    runner.catch_up()
    still = runner.positions()[0].state

    runner.retry("doses")
    runner.catch_up()

    assert still == "parked"
    assert runner.positions()[0].state == "running"
    assert [mg for _, mg in rows_of(database, runner)] == ["100", "75", "50"]


def test_a_missing_position_is_never_skipped() -> None:
    for missing in (9, 12, 16, 29):
        house = busy_day()
        store = Counting(house)
        store.hidden = {missing}
        runner = Runner(ViewDatabase(), store, house.subject_keys, VIEWS, batch=4)  # type: ignore[arg-type]

        runner.catch_up()

        for at in runner.positions():
            assert at.fault == Fault(missing, "entry-missing", "A position is missing.")
            assert at.reached == missing


def test_an_altered_block_stops_every_view_before_it() -> None:
    house = busy_day()
    store = Counting(house)
    at_fault = house.looks_at("b", 150, 95)
    whole = store.blocks_of

    def damaged(position: int) -> Sequence[SealedBlock]:
        blocks = whole(position)
        if position != at_fault:
            return blocks
        return [SealedBlock(b.digest, b.name, b.subject, b.stored[:-1] + bytes([b.stored[-1] ^ 1])) for b in blocks]

    store.blocks_of = damaged  # type: ignore[method-assign]
    runner = Runner(ViewDatabase(), store, house.subject_keys, VIEWS)  # type: ignore[arg-type]
    runner.catch_up()

    assert {(at.reached, at.fault.code if at.fault else "") for at in runner.positions()} == {(at_fault, "block-moved")}


def test_views_notice_that_they_belong_to_another_log(tmp_path: Path) -> None:
    one = busy_day()
    one.views(tmp_path / "views.db")[1].catch_up()
    other = House(seed="another clinic")
    other.open()
    for _ in range(30):
        other.looks_at("a")

    with pytest.raises(TamperDetected) as caught:
        other.views(tmp_path / "views.db")[1].catch_up()

    assert caught.value.code == "other-log"
    assert caught.value.position == one.store.head().size - 1


def test_a_view_reads_only_the_types_it_names() -> None:
    house = busy_day()
    database, runner = house.views(
        views=[
            a_view(
                lambda placed: [insert("dose", position=placed.position, mg=placed.payload.type)],
                reads=(SupervisionChecked,),
            )
        ]
    )
    runner.catch_up()

    assert {mg for _, mg in rows_of(database, runner)} == {"supervision-checked/1"}


def _is_dose(house: House, position: int, mg: str) -> bool:
    row = house.store.row(position)
    return (
        isinstance(row, EventRow) and row.type == "dose-administered/1" and f'"value":"{mg}"'.encode() in _payload(row)
    )


def _payload(row: EventRow) -> bytes:
    from ledger.envelope import parse_envelope

    return parse_envelope(row.envelope).payload.bytes()
