"""The compliance reader: questions about one log, on both axes, whenever and however often they are asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ledger.encoding import to_instant
from ledger.errors import Invalid, Refused
from projections.compliance.reader import Compliance
from tests.ledger.clinic import ANA, BEN, RN1, SESSION, SLOT_A, check, uuid
from tests.ledger.test_gates import Guarded
from tests.projections.house import occurred

FOREVER = "2026-12-01T00:00:00.000000Z"


@pytest.fixture
def house() -> Guarded:
    house = Guarded().opens()
    house.dose()
    return house


def verdicts(reader: Compliance, as_of: str, known_at: int | None = None) -> list[str]:
    found = reader.findings(SESSION, as_of=as_of, known_at=known_at)
    return [f.verdict for f in found if (f.rule, f.slot) == ("SUP-05", "a")]


def test_it_follows_the_log_as_it_is_asked(house: Guarded) -> None:
    reader = Compliance(house.store, house.subject_keys)

    assert verdicts(reader, to_instant(house.clock.now)) == ["pending"]
    house.check()
    assert verdicts(reader, to_instant(house.clock.now)) == ["met", "pending"]
    assert reader.catch_up() == house.store.head().size


def test_a_reader_that_followed_and_one_that_begins_now_agree(house: Guarded) -> None:
    following = Compliance(house.store, house.subject_keys)
    for _ in range(5):
        house.wait(minutes=13)
        house.check()
        house.recorder.commit_heads()
        following.catch_up()

    assert following.findings(as_of=FOREVER) == Compliance(house.store, house.subject_keys).findings(as_of=FOREVER)


def test_a_late_entry_changes_now_and_leaves_then(house: Guarded) -> None:
    reader = Compliance(house.store, house.subject_keys)
    happened = house.clock.now + timedelta(minutes=10)
    house.wait(minutes=40)
    then, at = house.store.head().size, to_instant(house.clock.now)
    house.wait(minutes=20)
    house.record(check(), SLOT_A, (RN1, "performed", "nurse"), occurred=occurred(happened))

    assert verdicts(reader, at, known_at=then) == ["breached"]
    assert verdicts(reader, at)[0] == "met"


def test_more_entries_than_there_are_cannot_be_known(house: Guarded) -> None:
    reader = Compliance(house.store, house.subject_keys)

    with pytest.raises(Refused) as refused:
        reader.findings(SESSION, as_of=FOREVER, known_at=house.store.head().size + 1)
    assert refused.value.code == "not-known-yet"


def test_a_session_nobody_planned_by_then_is_not_found(house: Guarded) -> None:
    reader = Compliance(house.store, house.subject_keys)

    for session, known_at in ((f"session/{uuid(99)}", None), (SESSION, 1)):
        with pytest.raises(Refused) as refused:
            reader.findings(session, as_of=FOREVER, known_at=known_at)
        assert refused.value.code == "not-found"
    assert reader.findings(as_of=FOREVER, known_at=1) == []


def test_a_time_that_is_none_is_malformed(house: Guarded) -> None:
    with pytest.raises(Invalid):
        Compliance(house.store, house.subject_keys).findings(SESSION, as_of="now")


def test_after_an_erasure_nothing_is_met_by_what_nobody_can_read(house: Guarded) -> None:
    house.check()
    reader = Compliance(house.store, house.subject_keys)
    assert verdicts(reader, to_instant(house.clock.now)) == ["met", "pending"]

    for person in (ANA, BEN):
        house.subject_keys.destroy(person)
    reader.forget()

    assert verdicts(reader, FOREVER) == ["cannot-judge", "cannot-judge"]


def test_the_next_change_is_when_the_first_pending_limit_has_passed(house: Guarded) -> None:
    reader = Compliance(house.store, house.subject_keys)
    change = reader.next_change(SESSION, as_of=to_instant(house.clock.now))

    def pending(as_of: str) -> set[str]:
        return {each.identity for each in reader.findings(SESSION, as_of=as_of) if each.verdict == "pending"}

    assert change is not None
    just_before = to_instant(datetime.fromisoformat(change) - timedelta(seconds=1))
    assert pending(just_before) == pending(to_instant(house.clock.now))
    assert pending(change) < pending(just_before)
    for _ in range(len(pending(just_before))):
        change = reader.next_change(SESSION, as_of=change) or change
    assert reader.next_change(SESSION, as_of=change) is None
    assert pending(change) == set()
    assert reader.sessions() == [SESSION]


@pytest.mark.parametrize("named", [(), ("SUP-05",), ("SUP-05", "REL-01", "REC-01"), ("REC-13", "NO-99")])
def test_of_some_rules_it_says_what_it_says_of_all(house: Guarded, named: tuple[str, ...]) -> None:
    reader = Compliance(house.store, house.subject_keys)
    house.wait(minutes=90)
    ledger = reader.at(as_of=to_instant(house.clock.now))

    for session in (SESSION, None):
        everything = reader.judged(ledger, session)
        assert reader.judged(ledger, session, named) == [each for each in everything if each.rule in named]
