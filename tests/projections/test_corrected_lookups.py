"""What was corrected is looked up as corrected: who is in a slot, which couple, a place, a protocol's figures."""

from __future__ import annotations

import pytest

from projections.couple_history import couple_history
from projections.names import Names
from projections.search import search
from projections.session_list import sessions
from projections.session_rows import SESSIONS
from projections.snapshot import AsOf, snapshot
from projections.stock_balances import balances
from tests.ledger.clinic import ANA, BEN, COUPLE, OWN_A, PLACE, SESSION, uuid
from tests.projections.rules.day import CARLA, OTHER, Day
from tests.projections.test_corrections import Desk

OTHER_COUPLE = f"couple/{uuid(29)}"


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.open()
    desk.another_couple_comes()
    desk.opens()
    desk.hands_in("a")
    return desk


def planned(desk: Desk) -> int:
    return next(row.position for row in desk.store.stream_rows(SESSION) if row.type == "session-scheduled/1")


def moves_to_the_other_couple(desk: Desk) -> int:
    """The scheduler had the wrong couple: A of this session is the other couple's A. How many entries there were."""
    size, at = desk.store.head().size, planned(desk)
    correction = desk.corrects(
        at,
        ("couple", COUPLE, OTHER_COUPLE),
        identity_a=[("person_a", ANA, BEN)],
        identity_b=[("person_b", BEN, ANA)],
        reason="wrong-person",
    )
    desk.signs(correction)
    return size


def test_a_corrected_slot_person_moves_the_history_to_the_right_couple(desk: Desk) -> None:
    desk.gives("a", "100")
    size = moves_to_the_other_couple(desk)
    seen = desk.seen()

    def there(couple: str, when: AsOf) -> list[str]:
        return [each.session for each in couple_history(seen, couple, as_of=when).sessions]

    now, then = AsOf(), AsOf(size)
    assert (SESSION in there("C-08", now), there("C-07", now)) == (True, [])
    assert (SESSION in there("C-08", then), there("C-07", then)) == (False, [SESSION])
    assert SESSION in [each.session for each in sessions(seen, couple="C-08").sessions]
    assert dict(couple_history(seen, "C-08").total_mg)["a"] == "100"


def test_search_and_stock_follow_the_corrected_couple_and_person(desk: Desk) -> None:
    given = desk.gives("a", "100")
    size = moves_to_the_other_couple(desk)
    seen = desk.seen()

    def finds(when: AsOf, **filters: str) -> bool:
        return given in [each.position for each in search(seen, filters, as_of=when, limit=500).found]

    now, then = AsOf(), AsOf(size)
    assert (finds(now, person=ANA), finds(now, person=BEN)) == (False, True)
    assert (finds(then, person=ANA), finds(then, person=BEN)) == (True, False)
    assert (finds(now, couple="C-07"), finds(now, couple="C-08")) == (False, True)
    assert (finds(then, couple="C-07"), finds(then, couple="C-08")) == (True, False)

    def held(couple: str, when: AsOf) -> list[str]:
        return [each.container for each in balances(seen, couple=couple, as_of=when).containers]

    assert (held("C-08", now), held("C-07", now)) == ([OWN_A], [])
    assert (held("C-08", then), held("C-07", then)) == ([], [OWN_A])


def test_a_correction_nobody_confirmed_moves_nothing(desk: Desk) -> None:
    desk.gives("a", "100")
    desk.corrects(planned(desk), identity_a=[("person_a", ANA, BEN)])

    found = search(desk.seen(), {"person": BEN}, limit=500).found
    assert not [each for each in found if each.record == f"{SESSION}/a"]


def test_a_corrected_zone_and_code_of_a_place_are_used_from_then_on(desk: Desk) -> None:
    place = next(row.position for row in desk.store.stream_rows(PLACE))
    code = desk.at(place).event.code
    size = desk.store.head().size
    desk.corrects(place, ("time_zone", "America/New_York", "America/Chicago"), ("code", code, "R-9"))
    database = desk.seen()

    def told(when: AsOf) -> tuple[str, str]:
        with snapshot(database, SESSIONS, when) as seen:
            names = Names(seen)
            return names.code(PLACE), names.zone(PLACE)

    assert told(AsOf()) == ("R-9", "America/Chicago")
    assert told(AsOf(size)) == (code, "America/New_York")
    assert [each.session for each in sessions(database, location="R-9").sessions] != []
    assert search(database, {"location": "R-9"}).found


# -- rules -------------------------------------------------------------------------------------------


def test_a_corrected_figure_of_a_protocol_is_judged_by_now_and_the_old_one_then() -> None:
    day = Day().opens().gives("a", "10:00").gives("a", "10:12")
    protocol = next(at for at, placed in enumerate(day.placed) if placed.event.type.startswith("protocol-published/"))
    size = len(day.placed)
    day.corrects("11:00", ("parameters.dose.duplicate_min", 15, 10), of=protocol)

    assert [each.verdict for each in day.findings("REC-09", slot="a", known_at=size)] == ["breached"]
    assert [each.verdict for each in day.findings("REC-09", slot="a")] == ["met"]


def test_the_doses_of_a_person_are_found_in_a_slot_that_was_corrected_to_be_theirs() -> None:
    day = Day().plans(OTHER, a=CARLA, at="1 11:00").opens().gives("a", "10:00").gives("a", "10:03", session=OTHER)
    plan = next(at for at, placed in enumerate(day.placed) if placed.stream == OTHER)
    size = len(day.placed)
    day.corrects("11:00", of=plan, identity_a=[("person_a", CARLA, ANA)]).signs("11:10")

    assert [each.verdict for each in day.findings("REC-09", slot="a", known_at=size)] == ["not-applicable"]
    assert [each.verdict for each in day.findings("REC-09", slot="a", known_at=size + 1)] == ["not-applicable"]
    assert [each.verdict for each in day.findings("REC-09", slot="a")] == ["breached"]


def test_what_a_couple_shares_is_not_told_by_a_person_who_was_not_theirs(desk: Desk) -> None:
    desk.gives("b", "75")
    desk.lets_know("b", attendance=True, dosed=True)
    size = desk.store.head().size
    couple = next(row.position for row in desk.store.stream_rows(COUPLE))

    def dosed(when: AsOf) -> list[str]:
        found = couple_history(desk.seen(), "C-07", for_partner="a", as_of=when).sessions
        return [part.dosed for session in found for part in session.shared]

    assert dosed(AsOf()) == ["yes"]
    desk.signs(desk.corrects(couple, identity_b=[("person_b", BEN, ANA)]))
    assert dosed(AsOf()) == ["not shared"]
    assert dosed(AsOf(size)) == ["not shared"], "nobody's word can be told from before it was corrected"


def test_what_is_sealed_after_a_corrected_slot_is_the_right_persons_and_an_erasure_takes_theirs_alone(
    desk: Desk,
) -> None:
    def owners(position: int) -> set[str]:
        return {block.subject for block in desk.store.blocks_of(position)}

    before = desk.gives("a", "100")
    correction = desk.corrects(planned(desk), identity_a=[("person_a", ANA, BEN)], identity_b=[("person_b", BEN, ANA)])
    waiting = desk.gives("a", "100")
    desk.signs(correction)
    after = desk.gives("a", "100")

    assert (owners(before), owners(waiting), owners(after)) == ({ANA}, {ANA}, {BEN})
    assert [digest for digest, position in desk.store.blocks_about(ANA) if position == after] == []
