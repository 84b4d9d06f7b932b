"""One session as it went, for staff and for each partner, then and now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.encoding import to_instant
from ledger.errors import Invalid, Refused
from ledger.store.subject_keys import MemorySubjectKeys
from projections.readings import abnormal_marks
from projections.session_list import PartnerNow, sessions
from projections.session_timeline import Signed, TimelineRow, timeline
from projections.snapshot import AsOf
from tests.ledger.clinic import ANA, BEN, MD1, RN1, SESSION, SLOT_A, START, blank, check, make
from tests.projections.house import OWN_B, House, busy_day


def rows_of(house: House, for_partner: str | None = None, as_of: AsOf | None = None) -> tuple[TimelineRow, ...]:
    return timeline(house.seen(), SESSION, for_partner=for_partner, as_of=as_of or AsOf()).rows


def test_a_dose_says_how_much_how_and_from_what() -> None:
    house = busy_day()

    phrases = [row.phrase for row in rows_of(house) if row.type == "dose-administered/1"]

    assert phrases == [
        "100 mg sublingual from own-A, first dose, without an order, held 12 min, swallowed",
        "75 mg sublingual from own-B, first dose, without an order, held 12 min, swallowed",
        "50 mg sublingual from own-A, redose, without an order, held 12 min, swallowed",
    ]


def test_rows_stand_in_the_order_they_happened_and_at_one_time_in_the_order_of_the_log() -> None:
    house = busy_day()
    late = house.looks_at("a", 133, late=500)
    now = house.clock.now
    same = [house.looks_at(slot) for slot in ("b", "a")]
    house.clock.now = now

    rows = rows_of(house)

    assert rows[0].position == late
    assert [(row.at, row.position) for row in rows] == sorted((row.at, row.position) for row in rows)
    assert [row.position for row in rows[-2:]] == same


def test_a_late_entry_says_so_in_words_and_one_made_at_once_does_not() -> None:
    house = House()
    house.open()
    house.looks_at("a", 120)
    house.looks_at("a", 121, late=2)
    house.looks_at("a", 122, late=39)
    house.looks_at("a", 123, late=605)
    house.looks_at("a", 124, late=3 * 1440 + 61)
    house.looks_at("a", 125, late=-10)

    late = {row.phrase[3:6]: row.late for row in rows_of(house) if row.phrase.startswith("BP")}

    assert late == {
        "120": (),
        "121": (),
        "122": ("written 39 min after it happened",),
        "123": ("written 10 h 05 min after it happened",),
        "124": ("written 3 days 1 h after it happened",),
        "125": ("written 10 min before it happened",),
    }


def test_what_was_written_at_once_and_synced_later_says_both() -> None:
    house = House()
    house.open()
    submission = house.submission(check(121, 80), SLOT_A, [(RN1, "performed", "nurse")])
    house.clock.forward(hours=3)
    house.recorder.record([submission])

    assert rows_of(house)[-1].late == ("received 3 h later",)


def test_abnormal_values_are_marked_with_a_word_exactly_outside_their_ranges() -> None:
    marks = {
        (140, 90): (),
        (141, 90): ("BP 141/90 high",),
        (140, 91): ("BP 140/91 high",),
        (90, 50): (),
        (89, 50): ("BP 89/50 low",),
        (90, 49): ("BP 90/49 low",),
        (142, 48): ("BP 142/48 high", "BP 142/48 low"),
    }
    others: dict[str, dict[int | str, str]] = {
        "heart_rate": {49: "low", 50: "", 120: "", 121: "high"},
        "spo2": {93: "low", 94: ""},
        "respiratory_rate": {9: "low", 10: "", 24: "", 25: "high"},
        "temperature": {"38": "", "38.1": "high"},
    }

    assert {pressure: abnormal_marks(check(*pressure)) for pressure in marks} == marks
    for field, values in others.items():
        for value, word in values.items():
            found = abnormal_marks(make("supervision-checked/1", **(blank("supervision-checked/1") | {field: value})))
            assert [mark.rpartition(" ")[2] for mark in found] == ([word] if word else []), (field, value)


def test_who_signed_is_a_code_with_role_and_meaning_or_the_letter_of_a_partner() -> None:
    rows = {row.type: row for row in rows_of(busy_day())}

    assert rows["dose-declined/1"].signed == (Signed("B", "participant", "declined"),)
    assert rows["monitor-handover/1"].signed == (
        Signed("RN1", "nurse", "relinquished"),
        Signed("MD1", "prescriber", "received"),
    )


def test_a_code_is_the_one_that_was_known_then() -> None:
    house = busy_day()
    before = house.store.head().size
    again = make("staff-registered/1", agreement=None, code="RN9", name="RN1 of the clinic")
    house.record(again, RN1, (MD1, "performed", "registrar"))

    now, then = rows_of(house)[0], rows_of(house, as_of=AsOf(known_at=before))[0]

    assert (now.signed[0].by, then.signed[0].by) == ("RN9", "RN1")


def test_a_handover_says_who_to_whom_and_each_partner_reads_only_what_was_said_of_them() -> None:
    house = House()
    house.open()
    house.hands_over(concerns_a=["dizzy"], concerns_b=["tearful"], on_board_a={"unit": "mg", "value": "150"})

    said = {viewer: rows_of(house, viewer)[-1].phrase for viewer in (None, "a", "b")}

    assert said == {
        None: (
            "RN1 handed A and B over to MD1; A: still acting 150 mg, concerns: dizzy;"
            " B: still acting not recorded, concerns: tearful"
        ),
        "a": "RN1 handed A and B over to MD1; A: still acting 150 mg, concerns: dizzy",
        "b": "RN1 handed A and B over to MD1; B: still acting not recorded, concerns: tearful",
    }


def test_a_partner_sees_their_own_rows_and_the_joint_ones_and_nothing_of_the_other() -> None:
    house = busy_day()
    house.hands_over(["b"], concerns_b=["tearful"])
    house.comes_to("dialogue", ["b"])

    for own, other in (("a", "b"), ("b", "a")):
        seen = timeline(house.seen(), SESSION, for_partner=own)

        assert {row.slot for row in seen.rows} == {own, "both"}
        assert {row.type for row in seen.rows if row.slot == "both"} >= {"session-opened/1", "monitor-handover/1"}
        assert [partner.slot for partner in seen.summary.partners] == [own]
        assert other.upper() not in {signed.by for row in seen.rows for signed in row.signed}
        theirs = {row.position for row in rows_of(house) if row.slot == other}
        assert not theirs & {position for row in seen.rows for position in row.evidence}
        assert not theirs & set(seen.summary.evidence)
    assert not {"tearful", "75", "146/92", "declined", "own-B"} & words(rows_of(house, "a"))
    assert not {"128/80", "50", "own-A"} & words(rows_of(house, "b"))


def words(rows: tuple[TimelineRow, ...]) -> set[str]:
    return set(repr(rows).replace(",", " ").replace("'", " ").replace(":", " ").split())


def test_one_partners_copy_does_not_depend_on_what_happened_to_the_other() -> None:
    def day(mg: str, systolic: int, role: str) -> House:
        house = House()
        house.open()
        house.opens(role_b=role)
        house.gives("a", "100")
        house.gives("b", mg, container=OWN_B)
        house.looks_at("b", systolic, spo2=91)
        house.looks_at("a", 120)
        return house

    quiet, wild = day("50", 110, "dosing"), day("200", 190, "sober-support")

    assert timeline(quiet.seen(), SESSION, for_partner="a") == timeline(wild.seen(), SESSION, for_partner="a")
    assert timeline(quiet.seen(), SESSION) != timeline(wild.seen(), SESSION)


def test_sealed_values_that_are_gone_are_words_in_every_sentence() -> None:
    house = busy_day()
    house.recorder.commit_heads()

    rows = timeline(house.seen(subject_keys=MemorySubjectKeys()), SESSION).rows

    phrases = {row.type: row.phrase for row in rows if row.slot in ("b", "both")}
    assert phrases["supervision-checked/1"] == "values withheld, what was not obtained withheld, came late: withheld"
    assert phrases["dose-administered/1"] == (
        "75 mg sublingual from own-B, first dose, without an order, how it was taken withheld"
    )
    assert phrases["dose-declined/1"].count("withheld") == 6
    assert "A: here for withheld; B: here for withheld" in phrases["session-opened/1"]
    assert all(not row.marks for row in rows)


def test_the_question_as_known_then_gives_what_the_log_said_then() -> None:
    house = busy_day()
    before = timeline(house.seen(), SESSION)
    house.looks_at("a", 155, late=30)
    database = house.seen()

    then = timeline(database, SESSION, as_of=AsOf(known_at=before.position))

    assert then == before
    assert len(timeline(database, SESSION).rows) == len(before.rows) + 1


def test_the_question_as_happened_up_to_includes_its_last_moment() -> None:
    house = busy_day()
    rows = rows_of(house)
    middle = rows[7]

    seen = rows_of(house, as_of=AsOf(happened_up_to=middle.at))

    assert seen == tuple(row for row in rows if row.at <= middle.at)
    assert middle in seen


def test_questions_beyond_what_was_read_or_about_nobody_are_refused() -> None:
    house = busy_day()
    database = house.seen()
    size = house.store.head().size

    asked: dict[str, Callable[[], object]] = {
        "not-known-yet": lambda: timeline(database, SESSION, as_of=AsOf(known_at=size + 1)),
        "not-found": lambda: timeline(database, SESSION.replace("31", "99")),
        "unknown-viewer": lambda: timeline(database, SESSION, for_partner="c"),
        "unknown-filter": lambda: sessions(database, status="finished"),
        "couple-needed": lambda: sessions(database, for_partner="a"),
    }
    for code, ask in asked.items():
        with pytest.raises(Refused) as caught:
            ask()
        assert (caught.value.code, bool(caught.value.remedy)) == (code, True)
    for couple, location in (("C-99", None), (None, "Mars"), ("R-1", None)):
        with pytest.raises(Refused) as caught:
            sessions(database, couple=couple, location=location)
        assert caught.value.code == "not-found"
    with pytest.raises(Refused):
        timeline(database, SESSION, as_of=AsOf(known_at=-1))
    with pytest.raises(Refused, match="session"):
        timeline(database, SESSION, as_of=AsOf(known_at=3))
    with pytest.raises(Invalid):
        timeline(database, SESSION, as_of=AsOf(happened_up_to="yesterday"))


def test_the_list_shows_code_place_day_status_phase_and_who_was_dosed() -> None:
    house = busy_day()

    (session,) = sessions(house.seen()).sessions

    assert (session.couple_code, session.location_code, session.ordinal) == ("C-07", "R-1", 1)
    assert (session.date, session.status, session.dosed) == ("2026-05-15", "open", ("a", "b"))
    assert session.partners == (PartnerNow("a", "", 2), PartnerNow("b", "recovery", 1))


def test_the_list_is_filtered_by_what_is_asked_and_says_what_was_asked() -> None:
    database = busy_day().seen()

    found = sessions(database, couple="C-07", location="R-1", status="open")
    none = sessions(database, status="closed")
    own = sessions(database, couple="C-07", for_partner="b").sessions[0]

    assert (found.couple, found.location, found.status, len(found.sessions)) == ("C-07", "R-1", "open", 1)
    assert none.sessions == ()
    assert (own.dosed, own.partners) == (("b",), (PartnerNow("b", "recovery", 1),))


def test_a_planned_session_stands_on_its_local_day_until_it_is_opened() -> None:
    house = House()
    house.open()
    house.record(
        make(
            "session-scheduled/1",
            couple="couple/00000000-0000-4000-8000-000000000021",
            course=None,
            location="location/00000000-0000-4000-8000-000000000022",
            mode="staggered",
            ordinal=1,
            planned_start=to_instant(START.replace(month=7, day=2, hour=2)),
            staff=[],
            person_a=ANA,
            person_b=BEN,
        ),
        SESSION,
        (MD1, "performed", "scheduler"),
    )
    planned = sessions(house.seen()).sessions[0]
    house.opens()
    opened = sessions(house.seen()).sessions[0]

    assert (planned.date, planned.status, planned.mode) == ("2026-07-01", "scheduled", "staggered")
    assert (opened.date, opened.status) == ("2026-05-15", "open")


def test_containers_handed_in_for_a_session_stand_on_their_owners_side() -> None:
    rows = [row for row in rows_of(busy_day()) if row.type == "own-medication-checked-in/1"]

    assert [(row.slot, row.phrase) for row in rows] == [
        ("a", "own medication own-A handed in: 10 x 100 mg ketamine lozenge"),
        ("b", "own medication own-B handed in: 10 x 100 mg ketamine lozenge"),
    ]
