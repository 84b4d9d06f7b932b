"""Searching all records: every filter, their free combination, pages, both times, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.events import EVENT_TYPES
from ledger.follow import events_from
from projections.search import FoundEvent, search
from projections.search_filters import FILTERS, FOR_STAFF
from projections.search_marks import MARKS
from projections.search_rows import terms
from projections.session_timeline import timeline
from projections.snapshot import AsOf
from projections.tables import ViewDatabase
from tests.ledger.chart import mg
from tests.ledger.clinic import ANA, BEN, COUPLE, OWN_A, PLACE, SESSION, SLOT_A, SLOT_B, uuid
from tests.ledger.tablets import Tablet
from tests.projections.house import House, busy_day
from tests.projections.test_corrections import Desk


@pytest.fixture(scope="module")
def house() -> House:
    return busy_day()


@pytest.fixture(scope="module")
def views(house: House) -> Iterator[ViewDatabase]:
    database = house.seen()
    yield database
    database.close()


def found(views: ViewDatabase, asked: str = "", **filters: str) -> list[FoundEvent]:
    """All pages of a search; `asked` are filters as one would type them."""
    filters |= dict(part.split("=", 1) for part in asked.split() if part)
    return list(search(views, filters, limit=500).found)


def positions(views: ViewDatabase, asked: str = "", **filters: str) -> set[int]:
    return {each.position for each in found(views, asked, **filters)}


def test_each_filter_finds_the_events_it_names_and_no_others(views: ViewDatabase) -> None:
    everything = found(views)
    kind = {each.position: each.row.type for each in everything}

    assert {kind[at] for at in positions(views, type="dose-administered")} == {"dose-administered/1"}
    assert positions(views, type="dose-administered/1,dose-declined") == {
        at for at, tag in kind.items() if tag.startswith(("dose-administered", "dose-declined"))
    }
    assert {kind[at] for at in positions(views, container="own-A")} == {
        "own-medication-checked-in/1",
        "own-medication-checked-out/1",
        "dose-administered/1",
    }
    assert positions(views, container=OWN_A) == positions(views, container="own-A") < positions(views)
    assert positions(views, session=SESSION) == positions(views, session=SESSION.partition("/")[2])
    assert positions(views, couple="C-07") > positions(views, session=SESSION)
    assert positions(views, location=PLACE) > positions(views, session=SESSION)
    assert {each.row.late for each in found(views, mark="late")} == {("written 39 min after it happened",)}
    assert [each.row.slot for each in found(views, mark="abnormal")] == ["b"]
    assert {kind[at] for at in positions(views, mark="unsigned")} == {"dose-declined/1"}
    assert {kind[at] for at in positions(views, text="SUBLING")} == {"dose-administered/1"}


def test_who_is_named_and_who_signed_are_two_questions(views: ViewDatabase) -> None:
    named, signed = positions(views, staff="MD1"), positions(views, signed_by="MD1")

    assert signed < named
    (opened,) = positions(views, type="session-opened")
    assert opened in named - signed
    assert positions(views, signed_by=SLOT_B) & positions(views, type="dose-declined")
    assert not positions(views, signed_by=SLOT_A) & positions(views, type="dose-declined")


def test_a_persons_events_are_their_own_and_the_joint_ones_and_none_of_the_other(views: ViewDatabase) -> None:
    for person, own, other in ((ANA, SLOT_A, SLOT_B), (BEN, SLOT_B, SLOT_A)):
        records = {each.record for each in found(views, person=person)}
        slots = {each.row.slot for each in found(views, person=person, session=SESSION)}

        assert {person, own, SESSION, COUPLE} < records
        assert other not in records
        assert slots == {own[-1], "both"}


def test_a_device_is_found_by_what_was_written_on_it() -> None:
    house = busy_day()
    tablet = Tablet(house, f"device/{uuid(77)}")
    written = [house.recorder.record([tablet.writes()])[0].position for _ in range(2)]
    database = house.seen()

    assert positions(database, device=tablet.id) == set(written)
    with pytest.raises(LedgerError, match="no device"):
        search(database, {"device": f"device/{uuid(78)}"})


def test_times_of_happening_and_of_receiving_are_told_apart(views: ViewDatabase) -> None:
    (late,) = found(views, mark="late")

    assert late.position in positions(views, happened_to=late.row.at)
    assert late.position not in positions(views, received_to=late.row.at)
    assert late.position in positions(views, received_from=late.received, received_to=late.received)
    assert late.position not in positions(views, happened_from=late.received)
    with_offset = positions(views, happened_to="2026-05-15T08:00-04:00")
    assert with_offset == positions(views, happened_to="2026-05-15T12:00:00.000000Z") > {0}


COMBINED = (
    "type=dose-administered",
    "staff=RN1",
    "container=own-A",
    f"person={ANA}",
    f"session={SESSION}",
    "couple=C-07",
    "signed_by=RN1",
    "mark=late,unsigned,abnormal",
    "text=sublingual",
    "happened_from=2026-05-15T12:15Z",
    "received_to=2026-05-15T12:20Z",
)


def test_filters_combine_freely_each_pair_finds_what_both_find(views: ViewDatabase) -> None:
    alone = {each: positions(views, each) for each in COMBINED}

    for one, other in combinations(COMBINED, 2):
        assert positions(views, f"{one} {other}") == alone[one] & alone[other], (one, other)


@settings(max_examples=25, deadline=None)
@given(asked=st.sets(st.sampled_from(COMBINED)), limit=st.integers(1, 7))
def test_pages_in_a_row_are_the_whole_answer(views: ViewDatabase, asked: set[str], limit: int) -> None:
    filters = dict(part.split("=", 1) for part in asked)
    pages: list[FoundEvent] = []
    start = 0
    while True:
        page = search(views, filters, start=start, limit=limit)
        pages += page.found
        assert len(page.found) <= limit
        if page.next is None:
            break
        start = page.next

    assert pages == found(views, **filters)


@pytest.mark.parametrize(
    ("filters", "code", "field", "lists"),
    [
        ({"kind": "dose"}, "unknown-filter", "kind", "container"),
        ({"type": "dose"}, "unknown-filter", "type", "dose-administered"),
        ({"type": ""}, "unknown-filter", "type", "kinds of event"),
        ({"mark": "lat"}, "unknown-filter", "mark", "late"),
        ({"staff": "RN9"}, "not-found", "staff", "RN1"),
        ({"staff": "staff/%"}, "not-found", "staff", "MD1"),
        ({"signed_by": "RN9"}, "not-found", "signed_by", "RN1"),
        ({"container": "V-77"}, "not-found", "container", "own-A, own-B"),
        ({"couple": "C-99"}, "not-found", "couple", "C-07"),
        ({"location": "R-9"}, "not-found", "location", "R-1"),
        ({"session": uuid(99)}, "not-found", "session", SESSION),
        ({"person": f"person/{uuid(99)}"}, "not-found", "person", "number"),
        ({"device": "T-9"}, "not-found", "device", "none"),
        ({"happened_from": "2026-05-15 12:00"}, "instant", "happened_from", "offset"),
        ({"happened_to": "2026-05-15T12:00"}, "naive-time", "happened_to", "offset"),
        (
            {"received_from": "2026-05-15T13:00Z", "received_to": "2026-05-15T12:00Z"},
            "unknown-filter",
            "received_to",
            "Exchange",
        ),
    ],
)
def test_what_nobody_knows_is_refused_with_what_there_is(
    views: ViewDatabase, filters: dict[str, str], code: str, field: str, lists: str
) -> None:
    with pytest.raises(LedgerError) as caught:
        search(views, filters)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert lists in caught.value.remedy


def test_sealed_words_are_never_searched(house: House, views: ViewDatabase) -> None:
    for words in ("Test Pharmacy", "Rx a", "142", "withheld"):
        assert not positions(views, text=words), words
    stored = events_from(house.store, house.subject_keys, 0, 500)
    assert not [each for placed in stored for each in terms(placed) if "Ana" in each[1] or each == ("code", "142")]


def test_after_an_erasure_nobody_is_found_by_the_erased_person(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    runner.catch_up()
    assert {each.record for each in found(database, person=BEN)} > {SLOT_B, SESSION}

    house.subject_keys.destroy(BEN)
    runner.catch_up()

    assert {each.record for each in found(database, person=BEN)} == {BEN, "keys"}  # their own number only
    assert {each.record for each in found(database, person=ANA)} > {SLOT_A, SESSION}
    assert "withheld" in " ".join(each.row.phrase for each in found(database, session=SESSION) if each.row.slot == "b")


def test_a_partners_copy_holds_the_rows_of_their_timeline_and_nothing_else(views: ViewDatabase) -> None:
    for partner in ("a", "b"):
        own = search(views, {"session": SESSION}, for_partner=partner)
        shown = timeline(views, SESSION, for_partner=partner)

        assert own.viewer == f"partner {partner.upper()}"
        assert {each.position for each in own.found} == {row.position for row in shown.rows}
        assert {each.row for each in own.found} == set(shown.rows)


def test_a_partners_copy_asks_for_one_couple_and_by_no_filter_that_could_tell_of_the_other(views: ViewDatabase) -> None:
    with pytest.raises(LedgerError) as caught:
        search(views, {"type": "dose-administered"}, for_partner="a")
    assert caught.value.code == "couple-needed"

    for name in FOR_STAFF:
        with pytest.raises(LedgerError) as caught:
            search(views, {"couple": "C-07", name: "own-B"}, for_partner="a")
        assert (caught.value.code, caught.value.field) == ("unknown-filter", name)
        assert "own-B" not in caught.value.remedy


def test_what_was_said_later_marks_an_event_from_then_on_and_not_before() -> None:
    desk = Desk()
    desk.open()
    desk.opens()
    desk.hands_in("a")
    given_at = desk.gives("a", "100")
    corrected = desk.corrects(given_at, ("mass", mg("100"), mg("50")))
    pending = desk.seen()
    signed = desk.signs(corrected)
    database = desk.seen()

    assert positions(pending, mark="pending") == {given_at}
    assert positions(database, mark="corrected") == {given_at}
    (row,) = [each.row for each in found(database, mark="corrected")]
    assert row.phrase.startswith("50 mg")
    assert row.was.startswith("100 mg")
    before = search(database, {"mark": "pending"}, as_of=AsOf(known_at=signed))
    assert [each.position for each in before.found] == [given_at]
    assert not search(database, {"mark": "corrected"}, as_of=AsOf(known_at=signed)).found
    desk.voids(given_at)
    assert given_at in positions(desk.seen(), mark="voided,pending")


def test_pages_are_whole_where_entries_on_them_were_corrected() -> None:
    desk = Desk()
    desk.open()
    desk.opens()
    desk.hands_in("a")
    doses = [desk.gives("a", "100", ordinal=number) for number in (1, 2, 3, 4)]
    for dose in doses[::2]:
        desk.signs(desk.corrects(dose, ("mass", mg("100"), mg("50"))))
    database = desk.seen()

    pages, start = [], 0
    while True:
        page = search(database, {"type": "dose-administered"}, start=start, limit=1)
        pages += [(each.position, each.row.phrase.partition(" mg")[0]) for each in page.found]
        if page.next is None:
            break
        start = page.next

    assert pages == list(zip(doses, ["50", "100", "50", "100"], strict=True))


def test_every_event_that_views_read_can_be_searched(house: House, views: ViewDatabase) -> None:
    events = [row for row in house.store.rows(0, 500) if hasattr(row, "envelope")]

    assert [each.position for each in found(views)] == [row.position for row in events]


def test_the_lists_of_filters_and_marks_are_the_ones_there_are(views: ViewDatabase) -> None:
    for mark in MARKS:
        search(views, {"mark": mark})
    for tag in EVENT_TYPES:
        search(views, {"type": tag})
    assert {name for name in FILTERS if name.endswith(("_from", "_to"))} == {
        "happened_from",
        "happened_to",
        "received_from",
        "received_to",
    }
