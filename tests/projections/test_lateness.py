"""How late an entry was: in the same words on every read that shows it, by the clock of its device and by ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.encoding import to_instant
from ledger.payload import Occurred, Seen
from ledger.signing import SigningKey
from projections import VIEWS
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.reader import Compliance
from projections.couple_history import couple_history
from projections.lateness import LATE, lateness
from projections.own_medication import container
from projections.pending import pending
from projections.search import search
from projections.session_timeline import TimelineRow, timeline
from projections.stock_balances import balances
from projections.times import told_at
from tests.ledger.chart import correction
from tests.ledger.clinic import COUPLE, OWN_A, PT1, RN1, SESSION, SLOT_A, check, dose, make, uuid
from tests.ledger.tablets import Tablet
from tests.projections.house import House, occurred
from tests.projections.test_corrections import Desk

NOON = datetime(2026, 5, 16, 16, 0, tzinfo=UTC)
TABLET, SERVICE = f"device/{uuid(81)}", f"service/{uuid(82)}"
MINUTE = timedelta(minutes=1)


def words(written: timedelta, received: timedelta, ahead: timedelta | None = None) -> tuple[str, ...]:
    """Happened at noon, written and received so much later."""
    occurred = Occurred(at=to_instant(NOON), offset=-240, precision="min", zone="America/New_York")
    return lateness(occurred, to_instant(NOON + written), to_instant(NOON + received), ahead)


@pytest.mark.parametrize(
    ("written", "received", "ahead", "said"),
    [
        (2, 4, None, ()),
        (40, 40, None, ("written 40 min after it happened",)),
        (0, 3 * 1440, None, ("received 3 days later",)),
        (40, 3 * 1440 + 40, None, ("written 40 min after it happened", "received 3 days later")),
        (605, 605, 0, ("written 10 h 05 min after it happened",)),
        (-10, -10, None, ("written 10 min before it happened",)),
        (0, -7, None, ("received 7 min before it was written",)),
        (0, -7, 7, ("its device's clock was 7 min ahead: 11:53 by the ledger's clock",)),
        (0, 90, -90, ("its device's clock was 90 min behind: 13:30 by the ledger's clock",)),
    ],
)
def test_words(written: int, received: int, ahead: int | None, said: tuple[str, ...]) -> None:
    assert words(written * MINUTE, received * MINUTE, None if ahead is None else ahead * MINUTE) == said


@given(st.timedeltas(timedelta(), LATE), st.timedeltas(timedelta(), LATE))
def test_up_to_two_minutes_nothing_is_said(written: timedelta, received: timedelta) -> None:
    assert words(written, written + received) == words(written, written + received, timedelta()) == ()


@given(st.timedeltas(LATE + MINUTE, timedelta(days=400)), st.timedeltas(-timedelta(days=400), timedelta(days=400)))
def test_a_clock_that_is_known_to_be_wrong_never_makes_anything_late(late: timedelta, ahead: timedelta) -> None:
    """Written at once and received after this time: said, whatever the device's clock showed."""
    said = words(timedelta(), late - ahead, ahead)

    assert said[0].startswith("received ") and said[0].endswith(" later")
    assert words(timedelta(), -ahead, ahead)[:1] != said[:1]


# -- in the views ------------------------------------------------------------------------------------


class Offline(House):
    """A house with a tablet that is days away, 7 min ahead, and hands in what it wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.open()
        self.opens()
        self.hands_in("a")
        self.keys[SERVICE] = SigningKey(bytes([82]) * 32)
        possession = [(SERVICE, "possession", "service"), (PT1, "enrolled", "security-officer")]
        self.recorder.record([self.submission(self.enrolment(SERVICE, custody="service"), "keys", possession)])
        self.tablet = Tablet(self, TABLET, timedelta(minutes=7))
        head = self.store.head()
        self.saw = Seen(root=head.root.hex(), size=head.size)
        self.brought: list[Any] = []

    def hears_it(self, days: int = 3) -> list[int]:
        """What was written is handed in; where it stands."""
        self.clock.forward(days=days)
        last = self.tablet.seq
        said = {"first_seq": 1, "last_seq": last, "offered": last, "offset_ms": 420_000, "round_trip_ms": 180}
        self.record(make("sys-sync-received/1", **said), TABLET, (SERVICE, "received", "service"))
        return [each.position for each in self.recorder.record(self.brought)]


@pytest.fixture(scope="module")
def offline() -> tuple[Offline, int, int]:
    house = Offline()
    house.brought.append(house.tablet.writes(dose(self_administered=True), seen=house.saw))
    house.brought.append(house.tablet.writes(check(), seen=Seen(root="ab" * 32, size=house.saw.size)))
    given, looked = house.hears_it()
    return house, given, looked


def row_of(house: House, position: int) -> TimelineRow:
    return next(row for row in timeline(house.seen(), SESSION).rows if row.position == position)


def test_every_read_says_the_same_of_one_entry(offline: tuple[Offline, int, int]) -> None:
    house, given, _ = offline
    seen = house.seen()
    said = row_of(house, given).late

    assert said[0] == "received 3 days later" and said[1].startswith("its device's clock was 7 min ahead: ")
    (session,) = couple_history(seen, COUPLE).sessions
    assert [dose.late for part in session.parts for dose in part.doses] == [said]
    assert [move.late for move in container(seen, OWN_A).movements if move.kind == "dose"] == [said]
    assert [m.late for c in balances(seen).containers for m in c.movements if given in m.evidence] == [said]
    assert [each.late for each in pending(seen).entries if each.position == given] == [said]
    assert [each.row.late for each in search(seen, {"mark": "late"}).found if each.position == given] == [said]
    assert told_at(seen, [given])[given].words == said


def test_a_row_has_both_times_and_the_bracket_as_the_rules_judge_them(offline: tuple[Offline, int, int]) -> None:
    house, given, looked = offline
    compliance = Compliance(house.store, house.subject_keys)
    for position in (given, looked):
        times = row_of(house, position).times
        found = compliance.written(SLOT_A, position)
        assert times is not None and found is not None
        written, bracket, contradiction = found
        assert (times.counts_at, times.occurred_at) == (to_instant(written.at), to_instant(written.claimed))
        assert times.clock_ahead_ms == 420_000
        assert times.contradiction == contradiction
        assert (times.not_before is None) == (bracket.lower is None)
        assert times.not_before is None or times.not_before[:19] == str(bracket.lower)[:19]
    first, second = row_of(house, given).times, row_of(house, looked).times
    assert first is not None and second is not None
    assert first.contradiction is None and first.not_before is not None and first.not_before <= first.counts_at
    assert (second.contradiction, second.not_before) == ("other-root", None)


def test_what_was_known_before_the_sync_is_not_known_to_be_late(offline: tuple[Offline, int, int]) -> None:
    house, given, looked = offline

    assert told_at(house.seen(), [given, looked], given).keys() == set()
    assert told_at(house.seen(), [given, looked], looked).keys() == {given}


def test_the_mark_late_finds_what_only_the_devices_clock_hides() -> None:
    house = Offline()
    house.tablet.ahead = timedelta(days=3, minutes=7)
    house.brought.append(house.tablet.writes(check(), seen=house.saw))
    house.clock.forward(days=3, minutes=7)
    said = {"first_seq": 1, "last_seq": 1, "offered": 1, "round_trip_ms": 180}
    ahead = (3 * 1440 + 7) * 60_000
    house.record(make("sys-sync-received/1", **said, offset_ms=ahead), TABLET, (SERVICE, "received", "service"))
    at = house.recorder.record(house.brought)[0].position

    (found,) = [each for each in search(house.seen(), {"mark": "late"}).found if each.position == at]
    assert found.row.late[0] == "received 3 days later"


def test_a_timeline_is_told_without_lateness_while_the_search_view_is_not_there() -> None:
    house = House()
    house.open()
    house.looks_at("a", 121, late=39)
    seen = house.seen(views=[view for view in VIEWS if view.name != "search"])

    (row,) = [row for row in timeline(seen, SESSION).rows if row.phrase.startswith("BP")]
    assert (row.late, row.times) == ((), None)


def test_a_correction_says_how_late_it_was_written_itself() -> None:
    desk = Desk()
    desk.open()
    looked = desk.at(desk.looks_at("a"))
    desk.clock.forward(hours=2)
    event = correction(looked, clinical=[("heart_rate", 70, 71)])
    when = occurred(desk.clock.now - timedelta(minutes=45))
    desk.record(event, looked.stream, (RN1, "corrected", "nurse"), occurred=when)

    (mark, *_) = desk.rows()[looked.position].standing
    assert ", written 45 min after it happened, transcription" in mark.words


def test_the_rules_and_the_rows_agree_when_it_counts(offline: tuple[Offline, int, int]) -> None:
    house, given, _ = offline
    compliance = Compliance(house.store, house.subject_keys)
    compliance.catch_up()
    ledger = LedgerAt(compliance._known, size=house.store.head().size, as_of=house.clock.now)
    (one,) = History(ledger, SESSION).doses("a")
    times = row_of(house, given).times

    assert times is not None and to_instant(one.at) == times.counts_at
