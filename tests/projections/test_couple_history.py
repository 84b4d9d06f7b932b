"""A couple's course, and what one partner may read of the other."""

from __future__ import annotations

import pytest

from ledger.errors import Refused
from ledger.store.subject_keys import MemorySubjectKeys
from projections.couple_history import CoupleHistory, CoupleSession, couple_history
from projections.couple_parts import SharedPart
from projections.snapshot import AsOf
from tests.ledger.clinic import ANA, BEN
from tests.projections.house import OWN_B, House, busy_day


def course(house: House, for_partner: str | None = None, as_of: AsOf | None = None) -> CoupleHistory:
    return couple_history(house.seen(), "C-07", for_partner=for_partner, as_of=as_of or AsOf())


def only(history: CoupleHistory) -> CoupleSession:
    (session,) = history.sessions
    return session


def day(**known: bool) -> House:
    """Both arrive; B has two doses and a pressure of 171/99 once, and lets A know these things."""
    house = House()
    house.open()
    house.opens()
    house.arrives("a")
    house.arrives("b")
    house.gives("a", "100")
    house.gives("b", "75", container=OWN_B)
    house.gives("b", "12.5", container=OWN_B, ordinal=2)
    house.looks_at("b", 171, 99)
    house.declines("b")
    if known:
        house.lets_know("b", **known)
    return house


def of_b(house: House, as_of: AsOf | None = None) -> SharedPart:
    (part,) = only(course(house, "a", as_of)).shared
    return part


def test_each_partner_has_their_own_doses_and_total_and_the_two_are_never_added() -> None:
    history = course(busy_day())
    a, b = only(history).parts

    assert [(dose.mg, dose.local) for dose in a.doses] == [("100", "2026-05-15 08:15"), ("50", "2026-05-15 08:19")]
    assert (a.total_mg, b.total_mg) == ("150", "75")
    assert history.total_mg == (("a", "150"), ("b", "75"))
    assert "225" not in repr(history)


def test_totals_are_exact() -> None:
    house = House()
    house.open()
    for _ in range(3):
        house.gives("a", "33.333")
    house.gives("a", "10.1")

    assert course(house).total_mg == (("a", "110.099"), ("b", "0"))


def test_the_highest_pressure_is_the_one_with_the_highest_systolic_value() -> None:
    house = House()
    house.open()
    for systolic, diastolic in ((99, 60), (142, 90), (138, 101), (142, 88)):
        house.looks_at("a", systolic, diastolic)

    a, b = only(course(house)).parts

    assert (a.highest_pressure, b.highest_pressure) == ("142/90", "none taken")


def test_values_that_cannot_be_read_are_counted_with_their_word() -> None:
    house = House()
    house.open()
    house.looks_at("a", 120)
    keys = MemorySubjectKeys()
    database = house.seen(subject_keys=keys)

    a, _ = only(couple_history(database, "C-07")).parts

    assert a.highest_pressure == "1 withheld"


def test_that_somebody_declined_stands_there_for_staff_only_and_never_why() -> None:
    house = day(attendance=True, dosed=True, dose=True, vitals=True)

    staff, for_a, for_b = (course(house, viewer) for viewer in (None, "a", "b"))

    assert [part.declined for part in only(staff).parts] == [False, True]
    assert [part.declined for history in (for_a, for_b) for part in only(history).parts] == [None, None]
    for history in (staff, for_a, for_b):
        assert "redose" not in repr(history)
        assert "pressure_concern" not in repr(history)
    rows = house.store.rows(0, house.store.head().size)
    (declined,) = (row.position for row in rows if getattr(row, "type", "") == "dose-declined/1")
    assert declined in only(staff).parts[1].evidence
    assert declined not in only(for_a).shared[0].evidence
    assert declined not in only(for_b).parts[0].evidence


def test_a_partner_reads_nothing_of_the_other_but_that_they_attended_when_nothing_was_said() -> None:
    house = day()

    part = of_b(house)
    assert (part.attended, part.dosed, part.dose, part.highest_pressure) == (
        "yes",
        "not shared",
        "not shared",
        "not shared",
    )
    assert len(part.evidence) == 1
    text = repr(course(house, "a"))
    assert not [value for value in ("75", "12.5", "87.5", "171", "own-B", "declined=True") if value in text]


@pytest.mark.parametrize(
    ("known", "words", "evidence"),
    [
        ({"attendance": True}, ("yes", "not shared", "not shared", "not shared"), 1),
        ({"dosed": True}, ("not shared", "yes", "not shared", "not shared"), 1),
        ({"dose": True}, ("not shared", "not shared", "75 mg, 12.5 mg", "not shared"), 2),
        ({"vitals": True}, ("not shared", "not shared", "not shared", "171/99"), 1),
        ({"emergency": True}, ("not shared",) * 4, 0),
    ],
)
def test_a_partner_reads_exactly_what_the_other_lets_them_know(
    known: dict[str, bool], words: tuple[str, ...], evidence: int
) -> None:
    part = of_b(day(**known))

    assert (part.attended, part.dosed, part.dose, part.highest_pressure) == words
    assert len(part.evidence) == evidence


def test_the_last_word_counts_also_for_the_past() -> None:
    house = day(dose=True)
    shared, then = of_b(house), house.store.head().size
    house.lets_know("b", attendance=True)

    withdrawn = of_b(house)
    asked_about_then = of_b(house, AsOf(known_at=then))

    assert shared.dose == "75 mg, 12.5 mg"
    assert withdrawn.dose == asked_about_then.dose == "not shared"
    assert withdrawn.attended == "yes"


def test_a_preference_that_cannot_be_read_any_more_shares_nothing() -> None:
    house = day(attendance=True, dosed=True)
    house.subject_keys.destroy(BEN)

    part = of_b(house)

    assert (part.attended, part.dosed, part.evidence) == ("not shared", "not shared", ())


def test_a_new_preference_that_was_never_readable_ends_what_was_shared_before() -> None:
    house = day(dosed=True)
    database, runner = house.views()
    runner.catch_up()
    house.lets_know("b", attendance=True)
    house.subject_keys.destroy(BEN)
    runner.catch_up()

    (part,) = only(couple_history(database, "C-07", for_partner="a")).shared

    assert (part.attended, part.dosed, part.evidence) == ("not shared", "not shared", ())


def test_nothing_one_partner_says_widens_what_they_see_themselves() -> None:
    house = day()
    house.lets_know("a", attendance=True, dosed=True, dose=True, vitals=True)

    assert of_b(house).dose == "not shared"
    assert only(course(house, "b")).shared[0].dose == "100 mg"
    assert ANA != BEN


def test_a_partner_sees_their_own_part_whole() -> None:
    house = day()

    (own,) = only(course(house, "b")).parts

    assert [dose.mg for dose in own.doses] == ["75", "12.5"]
    assert own.highest_pressure == "171/99"
    assert course(house, "b").total_mg == (("b", "87.5"),)


def test_a_couple_is_found_by_code_or_identifier_and_no_other_is() -> None:
    database = busy_day().seen()
    by_code = couple_history(database, "C-07")

    assert couple_history(database, by_code.couple) == by_code
    for unknown in ("C-08", "R-1", "", "%"):
        with pytest.raises(Refused) as caught:
            couple_history(database, unknown)
        assert (caught.value.code, bool(caught.value.remedy)) == ("not-found", True)
    with pytest.raises(Refused):
        couple_history(database, "C-07", for_partner="both")


def test_the_course_as_known_then_is_the_course_that_was_answered_then() -> None:
    house = busy_day()
    then = course(house)
    house.gives("a", "150")

    assert course(house, as_of=AsOf(known_at=then.position)) == then
    assert course(house) != then
