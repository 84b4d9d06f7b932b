"""Plans that change, and how somebody left, as the views show them."""

from __future__ import annotations

from ledger.encoding import to_instant
from projections.couple_history import couple_history
from projections.session_list import sessions
from projections.session_timeline import timeline
from tests.ledger.clinic import MD1, RN1, SESSION, SLOT_B, START, blank, make
from tests.ledger.clinic import dose as dose_of_a_lozenge
from tests.projections.house import House


def replanned(house: House) -> None:
    plan = make(
        "session-rescheduled/1",
        location="location/00000000-0000-4000-8000-000000000022",
        mode="staggered",
        planned_start=to_instant(START.replace(month=8, day=9)),
        staff=[],
        reason_a="own-wish",
        reason_b=None,
    )
    house.record(plan, SESSION, (MD1, "performed", "scheduler"))


def test_a_session_planned_anew_stands_on_its_new_day_and_each_partner_reads_only_their_own_reason() -> None:
    house = House()
    house.open()
    replanned(house)
    seen = house.seen()

    planned = sessions(seen).sessions[0]
    assert (planned.date, planned.mode, planned.status) == ("2026-08-09", "staggered", "scheduled")
    assert couple_history(seen, "C-07").sessions[0].date == "2026-08-09"
    told = {who: timeline(seen, SESSION, for_partner=who).rows[-1].phrase for who in ("a", "b")}
    assert "own-wish" in told["a"]
    assert "own-wish" not in told["b"]


def test_a_cancelled_session_says_so_until_it_is_planned_anew_and_an_open_one_never() -> None:
    house = House()
    house.open()
    cancelled = make("session-cancelled/1", reason_a=None, reason_b=None)
    house.record(cancelled, SESSION, (MD1, "performed", "scheduler"))
    seen = house.seen()
    assert [each.status for each in sessions(seen, status="cancelled").sessions] == ["cancelled"]
    assert couple_history(seen, "C-07").sessions[0].status == "cancelled"

    replanned(house)
    assert sessions(house.seen()).sessions[0].status == "scheduled"
    house.opens()
    house.record(cancelled, SESSION, (MD1, "performed", "scheduler"))
    seen = house.seen()
    assert sessions(seen).sessions[0].status == "open"
    assert couple_history(seen, "C-07").sessions[0].status == "open"


def test_that_an_entry_was_written_late_stands_beside_it_in_the_timeline() -> None:
    house = House()
    house.open()
    house.opens()
    dose = house.record(dose_of_a_lozenge(), SLOT_B, (RN1, "performed", "nurse"))
    late = blank("late-entry-declared/1") | {
        "source": "paper-sheet",
        "target": {"dig": dose.dig, "id": dose.event_id},
        "note": "The tablet was flat.",
    }
    house.record(make("late-entry-declared/1", **late), SLOT_B, (RN1, "performed", "nurse"))
    seen = house.seen()

    row = timeline(seen, SESSION).rows[-1]

    assert (row.slot, row.phrase) == (
        "b",
        "an entry was written late, taken from a sheet of paper; “The tablet was flat.”",
    )
    assert "late-entry-declared/1" not in [each.type for each in timeline(seen, SESSION, for_partner="a").rows]


def test_a_course_says_how_somebody_left() -> None:
    house = House()
    house.open()
    house.opens()
    fields = blank("participant-transferred/1") | {"condition": "stable"}
    house.record(make("participant-transferred/1", **fields), SLOT_B, (RN1, "relinquished", "nurse"))

    parts = couple_history(house.seen(), "C-07").sessions[0].parts

    assert [part.departed.endswith("transferred") for part in parts] == [False, True]
