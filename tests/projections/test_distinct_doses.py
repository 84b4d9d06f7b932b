"""Two doses that somebody calls two: told in words on that partner's copy alone, refused for integrity only."""

from __future__ import annotations

import pytest

from ledger.errors import Refused
from projections.session_timeline import timeline
from tests.ledger.chart import reference
from tests.ledger.clinic import SESSION, SLOT_A, make
from tests.projections.house import NURSE
from tests.projections.test_corrections import Desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.open()
    desk.opens()
    desk.hands_in("a")
    return desk


def test_it_is_told_on_that_partners_copy_alone(desk: Desk) -> None:
    doses = [reference(desk.at(desk.gives("a", "50", ordinal=each))) for each in (1, 2)]
    at = desk.says(make("doses-confirmed-distinct/1", doses=doses), SLOT_A, NURSE)

    row = next(row for row in timeline(desk.seen(), SESSION, for_partner="a").rows if row.position == at)
    assert row.phrase == "2 records that look alike are that many doses"
    assert at not in [row.position for row in timeline(desk.seen(), SESSION, for_partner="b").rows]


@pytest.mark.parametrize(
    ("which", "code", "field"),
    [
        ("unknown", "target-unknown", "doses.1"),
        ("the partner's", "target-elsewhere", "doses.1"),
        ("no dose", "target-kind", "doses.1"),
        ("the same", "target-kind", "doses"),
    ],
)
def test_only_doses_of_one_person_are_confirmed_as_distinct(desk: Desk, which: str, code: str, field: str) -> None:
    one = desk.at(desk.gives("a", "50"))
    others = {"the partner's": desk.at(desk.gives("b", "50")), "no dose": desk.at(desk.looks_at("a")), "the same": one}
    other = reference(others[which]) if which in others else {"dig": "0" * 64, "id": one.payload.id}
    with pytest.raises(Refused) as refused:
        desk.record(make("doses-confirmed-distinct/1", doses=[reference(one), other]), SLOT_A, NURSE)

    assert (refused.value.code, refused.value.field) == (code, field)
